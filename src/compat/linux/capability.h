/* SPDX-License-Identifier: GPL-2.0-only */
/* Sets of capabilities: one u64 since 6.3. Delete with 6.1. */
#ifndef CGC_COMPAT_LINUX_CAPABILITY_H
#define CGC_COMPAT_LINUX_CAPABILITY_H

#include_next <linux/capability.h>
#include <linux/version.h>

/* cgc_caps - a set from bits by number. */
static inline kernel_cap_t cgc_caps(u64 bits)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
	return (kernel_cap_t){ bits & CAP_VALID_MASK };
#else
	return (kernel_cap_t){ { (u32)bits, (u32)(bits >> 32) & CAP_LAST_U32_VALID_MASK } };
#endif
}

#endif
