/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Seals (mission S1): no process of a sealed compartment gains privilege. A seal lasts
 * until the compartment is empty, whatever is loaded meanwhile; what a definition says
 * is SEALED is sealed as long as that is in force.
 *
 * Jails (mission F2): nothing leads a process out of the root of a compartment whose
 * definition has one. That lasts as a seal does.
 */
#ifndef CGC_SEAL_H
#define CGC_SEAL_H

#include <linux/bits.h>
#include <linux/types.h>

struct cgc_policy;

#define CGC_SEAL_PRIVILEGE	1
#define CGC_SEAL_JAIL		2

/* Of the numbers of compartments that were ever sealed, or jailed: the bit of each. */
extern unsigned long cgc_seal_hints;

/* cgc_seal_find - the slow half of the next. */
bool cgc_seal_find(u32 label, u8 what);

/* cgc_seal_may_be - may there be any for a compartment? A glance. Any context. */
static inline bool cgc_seal_may_be(u32 label)
{
	return unlikely(READ_ONCE(cgc_seal_hints) & BIT(label % BITS_PER_LONG));
}

/* cgc_seal_any - is any of @what (CGC_SEAL_*) true of a compartment? Any context. */
static inline bool cgc_seal_any(u32 label, u8 what)
{
	return cgc_seal_may_be(label) && cgc_seal_find(label, what);
}

/* cgc_sealed - is this compartment sealed? Any context. */
static inline bool cgc_sealed(u32 label)
{
	return cgc_seal_any(label, CGC_SEAL_PRIVILEGE);
}

/* cgc_jailed - has this compartment a root that it is not to leave? Any context. */
static inline bool cgc_jailed(u32 label)
{
	return cgc_seal_any(label, CGC_SEAL_JAIL);
}

/**
 * cgc_seal_set - seal a compartment
 * @label: neither compartment 0 nor the supervisor
 *
 * When it returns, no process of it is in the middle of a gain that was let through
 * before. Under cgc_policy_lock(). May sleep. Return: 0, -ENOMEM.
 */
int cgc_seal_set(u32 label);

/* cgc_seal_policy - seal what a set's definitions say is SEALED, jail what they say has
 * a ROOT. As above. Before the set is in force, and once more when nobody reads the one
 * before: who saw that may have found the seal to be over. */
int cgc_seal_policy(const struct cgc_policy *policy);

/* cgc_seal_enter - somebody is about to enter a compartment: for an empty one only what
 * its definition says lasts. Atomic. */
void cgc_seal_enter(u32 label);

void cgc_seal_exit(void);

#endif
