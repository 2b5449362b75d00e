/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Seals (mission S1): no process of a sealed compartment gains privilege. A seal lasts
 * until the compartment is empty, whatever is loaded meanwhile; what a definition says
 * is SEALED is sealed as long as that is in force.
 */
#ifndef CGC_SEAL_H
#define CGC_SEAL_H

#include <linux/atomic.h>
#include <linux/types.h>

struct cgc_policy;

extern atomic_t cgc_seals;	/* compartments that were ever sealed */

/* cgc_seal_find - the slow half of the next. */
bool cgc_seal_find(u32 label);

/* cgc_sealed - is this compartment sealed? Any context. */
static inline bool cgc_sealed(u32 label)
{
	return unlikely(atomic_read(&cgc_seals)) && cgc_seal_find(label);
}

/**
 * cgc_seal_set - seal a compartment
 * @label: neither compartment 0 nor the supervisor
 *
 * When it returns, no process of it is in the middle of a gain that was let through
 * before. Under cgc_policy_lock(). May sleep. Return: 0, -ENOMEM.
 */
int cgc_seal_set(u32 label);

/* cgc_seal_policy - seal what a set's definitions say is SEALED. As above. */
int cgc_seal_policy(const struct cgc_policy *policy);

/* cgc_seal_enter - somebody is about to enter a compartment: the seal of an empty one
 * is over, unless its definition says SEALED. May sleep. */
void cgc_seal_enter(u32 label);

void cgc_seal_exit(void);

#endif
