/* SPDX-License-Identifier: GPL-2.0-only */
/* What protects a process's root: a seqlock since 7.0. */
#ifndef CGC_COMPAT_LINUX_FS_STRUCT_H
#define CGC_COMPAT_LINUX_FS_STRUCT_H

#include_next <linux/fs_struct.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
#define cgc_fs_begin(fs)	read_seqbegin(&(fs)->seq)
#define cgc_fs_retry(fs, seq)	read_seqretry(&(fs)->seq, seq)
#else
#define cgc_fs_begin(fs)	read_seqcount_begin(&(fs)->seq)
#define cgc_fs_retry(fs, seq)	read_seqcount_retry(&(fs)->seq, seq)
#endif

/* cgc_fs_root - a process's root, to be compared with: no reference is taken. */
static inline struct path cgc_fs_root(const struct fs_struct *fs)
{
	struct path root;
	unsigned int seq;

	do {
		seq = cgc_fs_begin(fs);
		root = fs->root;
	} while (cgc_fs_retry(fs, seq));
	return root;
}

#endif
