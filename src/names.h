/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of compartments and of interfaces' labels keep their numbers, and numbers that
 * are carried their names, for as long as the module is loaded (design 4). All under the
 * policy's lock. */
#ifndef CGC_NAMES_H
#define CGC_NAMES_H

#include "policy.h"

/**
 * cgc_names_verify - may these definitions come into force, after all that were?
 * @policy: filled and verified, not yet published
 * @why: where not: a sentence without full stop, static
 *
 * Also finds the memory for cgc_names_learn(). May sleep. Return: 0, -EBUSY,
 * -ENOMEM.
 */
int cgc_names_verify(const struct cgc_policy *policy, const char **why);

/**
 * cgc_names_tables - give those definitions that are ROUTED their tables' numbers
 * @policy: as above
 * @why: where there are none left: a sentence without full stop, static
 *
 * A compartment keeps its own as long as it has its name. Return: 0, -ENOSPC.
 */
int cgc_names_tables(struct cgc_policy *policy, const char **why);

/* cgc_names_learn - the definitions come into force; after cgc_names_verify()
 * under the same lock. */
void cgc_names_learn(const struct cgc_policy *policy);

/* cgc_names_get - the name at @index, as a definition that defines nothing; without a
 * name where it is a label's. Return: false: there are no more. */
bool cgc_names_get(u32 index, struct cgc_compartment *name);

/* cgc_names_get_label - likewise; @name->label 0 where it is a compartment's. */
bool cgc_names_get_label(u32 index, struct cgc_label_name *name);

void cgc_names_exit(void);

#endif
