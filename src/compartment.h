/* SPDX-License-Identifier: GPL-2.0-only */
/* Compartments: their definitions, who administers, what was refused to each. */
#ifndef CGC_COMPARTMENT_H
#define CGC_COMPARTMENT_H

#include "core/format.h"
#include "policy.h"

/* cgc_compartment_by_number - to sort definitions and to find one, by bsearch() with its
 * number: each begins with it. */
int cgc_compartment_by_number(const void *number, const void *definition);

/* cgc_compartment_find - a definition in a set, or NULL. The set's protection. */
const struct cgc_compartment *cgc_compartment_find(const struct cgc_policy *policy, u32 number);

/* cgc_compartment_names - how a set calls numbers; valid as long as it is. */
struct cgc_names cgc_compartment_names(const struct cgc_policy *policy);

/**
 * cgc_compartment_verify - may these definitions replace the ones in force?
 * @policy: filled, not yet published; sorted here
 * @why: where not: a sentence without full stop, static
 *
 * Numbers and names in their range and each once. Return: 0, -EINVAL.
 */
int cgc_compartment_verify(struct cgc_policy *policy, const char **why);

/* cgc_compartment_administers - may processes with this label control the
 * module under that set? Until one is named, compartment 0 (mission S3). */
bool cgc_compartment_administers(const struct cgc_policy *policy, u32 label);

/* cgc_compartment_is_admin - is it defined ADMIN? */
bool cgc_compartment_is_admin(const struct cgc_policy *policy, u32 label);

/* cgc_compartment_caps - the capabilities that it may use, by number (missions S2, S3);
 * @label: neither 0 nor the supervisor. */
u64 cgc_compartment_caps(const struct cgc_policy *policy, u32 label);

/* Of the numbers of compartments that ever lacked some of CGC_CAPS_DEFAULT: the bit of each. */
extern unsigned long cgc_compartment_lacks;

/* cgc_compartment_may_lack - may the set in force take some of CGC_CAPS_DEFAULT from it?
 * A glance, for which nothing is to be held. Any context. */
static inline bool cgc_compartment_may_lack(u32 number)
{
	return READ_ONCE(cgc_compartment_lacks) & BIT(number % BITS_PER_LONG);
}

/* cgc_compartment_jailed - has it a ROOT that its processes are not to leave? Who
 * controls the module is not held by it. */
bool cgc_compartment_jailed(const struct cgc_compartment *def);

/* cgc_compartment_adds - does its definition add this device? @kind: enum
 * cgc_device_kind. */
bool cgc_compartment_adds(const struct cgc_policy *policy, u32 label, dev_t device, u32 kind);

/* cgc_compartment_permissive - are its refusals only logged? Any context. */
bool cgc_compartment_permissive(const struct cgc_policy *policy, u32 label);

#endif
