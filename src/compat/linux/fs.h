/* SPDX-License-Identifier: GPL-2.0-only */
/* Whom a file sends SIGIO to: a pointer since 6.12. FS_IOC_SHUTDOWN: each file system
 * had a name of its own. Delete with 6.1. */
#ifndef CGC_COMPAT_LINUX_FS_H
#define CGC_COMPAT_LINUX_FS_H

#include_next <linux/fs.h>
#include <linux/version.h>

/* cgc_file_owner - NULL: it has never had one. */
static inline struct fown_struct *cgc_file_owner(struct file *file)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
	return file_f_owner(file);
#else
	return &file->f_owner;
#endif
}

#ifndef FS_IOC_SHUTDOWN
#define FS_IOC_SHUTDOWN _IOR('X', 125, __u32)
#endif

#endif
