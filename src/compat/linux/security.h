/* SPDX-License-Identifier: GPL-2.0-only */
/* Prototypes of call-outs that changed. */
#ifndef CGC_COMPAT_LINUX_SECURITY_H
#define CGC_COMPAT_LINUX_SECURITY_H

#include_next <linux/security.h>
#include <linux/version.h>

/* security_task_alloc(): u64 since 6.18. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 18, 0)
typedef u64 cgc_clone_flags_t;
#else
typedef unsigned long cgc_clone_flags_t;
#endif

/* security_bprm_committing_creds(): const since 6.3. Delete with 6.1. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
typedef const struct linux_binprm cgc_binprm_t;
#else
typedef struct linux_binprm cgc_binprm_t;
#endif

/* security_mptcp_add_subflow(): since 6.5. Without it MPTCP is refused to
 * compartments. Delete with 6.1. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
#define CGC_HAVE_MPTCP_ADD_SUBFLOW 1
#else
#define CGC_HAVE_MPTCP_ADD_SUBFLOW 0
static inline int security_mptcp_add_subflow(struct sock *sk, struct sock *ssk)
{
	return 0;
}
#endif

#endif
