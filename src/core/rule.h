/* SPDX-License-Identifier: GPL-2.0-only */
/* One rule: is it well formed, is it the same as another, does it match. */
#ifndef CGC_CORE_RULE_H
#define CGC_CORE_RULE_H

#include "request.h"

/**
 * struct cgc_rule_words - what bits and indices in rules mean
 * @netdevs: what the bits of @netdevs in a rule mean
 * @netdevs_count: how many there are
 * @paths_count: how many there are of the next
 * @paths: what @path in a rule, less one, is the index of
 */
struct cgc_rule_words {
	const struct cgc_netdev_selector *netdevs;
	u32 netdevs_count;
	u32 paths_count;
	const struct cgc_path_word *paths;
};

/**
 * cgc_rule_verify - is every field of a rule in its range and of use?
 * @rule: as it came over the wire; not changed
 * @why: where it is not: a sentence without full stop, static
 *
 * At least one end is a compartment, or both are labels of interfaces; ports only where every method has them;
 * prefix bits beyond @prefix are 0; unused fields are 0.
 * Return: 0, or -EINVAL with @why set.
 */
int cgc_rule_verify(const struct cgc_rule *rule, const char **why);

/**
 * cgc_rule_ref - the reference of a rule: a digest of what it says
 * @rule: verified; its @ref, @owner, @next and the order of words do not count
 * @words: that its bits and its index mean; they are there
 *
 * Return: never 0.
 */
u64 cgc_rule_ref(const struct cgc_rule *rule, const struct cgc_rule_words *words);

/**
 * cgc_rule_matches - does a rule of the right key allow a request?
 * @rule: of a set
 * @paths: the set's
 * @req: the request
 *
 * Compares all of it: also what the hash key already settled.
 */
bool cgc_rule_matches(const struct cgc_rule *rule, const struct cgc_path_word *paths,
		      const struct cgc_request *req);

/* cgc_method_name - in lower case, as in rules; NULL past the last. */
const char *cgc_method_name(unsigned int method);

#endif
