/* SPDX-License-Identifier: GPL-2.0-only */
/* The attributes of a dump's request: inside a struct genl_info since 6.7.
 * Delete with the support of 6.1. */
#ifndef CGC_COMPAT_NET_GENETLINK_H
#define CGC_COMPAT_NET_GENETLINK_H

#include_next <net/genetlink.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
#define cgc_dump_attrs(cb) (genl_dumpit_info(cb)->info.attrs)
#else
#define cgc_dump_attrs(cb) (genl_dumpit_info(cb)->attrs)
#endif

#endif
