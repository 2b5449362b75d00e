/* SPDX-License-Identifier: GPL-2.0-only */
/* One rule: is it well formed, is it the same as another, does it match. */
#ifndef CGC_CORE_RULE_H
#define CGC_CORE_RULE_H

#include "request.h"

/**
 * cgc_rule_verify - is every field of a rule in its range and of use?
 * @rule: as it came over the wire; not changed
 * @why: where it is not: a sentence without full stop, static
 *
 * At least one end is a compartment; ports only where every method has them;
 * prefix bits beyond @prefix are 0; unused fields are 0.
 * Return: 0, or -EINVAL with @why set.
 */
int cgc_rule_verify(const struct cgc_rule *rule, const char **why);

/**
 * cgc_rule_ref - the reference of a rule: a digest of what it says
 * @rule: verified; its @ref, @owner, @next and the order of selectors do not count
 * @selectors: what the bits of @rule->netdevs mean
 *
 * Return: never 0.
 */
u64 cgc_rule_ref(const struct cgc_rule *rule,
		 const struct cgc_netdev_selector *selectors);

/**
 * cgc_rule_matches - does a rule of the right key allow a request?
 *
 * Compares all of it: also what the hash key already settled.
 */
bool cgc_rule_matches(const struct cgc_rule *rule, const struct cgc_request *req);

/* cgc_method_name - in lower case, as in rules; NULL past the last. */
const char *cgc_method_name(unsigned int method);

#endif
