/* SPDX-License-Identifier: GPL-2.0-only */
/* What is refused because of the interface, whatever the rules say: quarantine, and the
 * NETDEVS of a definition. */
#ifndef CGC_BOUND_H
#define CGC_BOUND_H

#include "check.h"
#include "policy.h"

/* cgc_bound_refuses - CGC_DETAIL_*, or 0. Under rcu_read_lock(); any context. */
u8 cgc_bound_refuses(const struct cgc_policy *policy, const struct cgc_ask *ask);

/* cgc_bound_would - likewise, for an interface that had that label. */
u8 cgc_bound_would(const struct cgc_policy *policy, const struct cgc_ask *ask, u32 label);

/* cgc_bound_any - may it hang on the interface? */
static inline bool cgc_bound_any(const struct cgc_policy *policy)
{
	return policy->bounded || policy->statements.of[CGC_STATEMENT_NETDEV].count;
}

#endif
