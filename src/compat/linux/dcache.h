/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CGC_COMPAT_LINUX_DCACHE_H
#define CGC_COMPAT_LINUX_DCACHE_H

#include_next <linux/dcache.h>
#include <linux/version.h>

/* Which argument of d_revalidate() the entry is; the flags follow it. Since 6.14 it
 * gets the directory and the name first. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 14, 0)
#define CGC_REVALIDATE_ENTRY 2
#else
#define CGC_REVALIDATE_ENTRY 0
#endif

/* A dentry's place among the names of its inode: without d_u since 7.0. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
#define CGC_D_ALIAS d_alias
#else
#define CGC_D_ALIAS d_u.d_alias
#endif

#endif
