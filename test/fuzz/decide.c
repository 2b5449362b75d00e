// SPDX-License-Identifier: GPL-2.0-only
/* Rules and requests made of the input; decided as looking at every rule would. */
#include <stdlib.h>

#include "naive.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct bytes b = { .at = data, .left = size };
	u32 rules = choose(&b, 64), i;
	struct cgc_ruleset *set = cgc_ruleset_init(malloc(cgc_ruleset_size(rules)), rules);
	struct cgc_request req;
	struct cgc_rule rule;
	const char *why;
	u64 ref;
	int err;

	if (choose(&b, 2))
		set->buckets_mask = 0;	/* all keys in one bucket */
	for (i = 0; i < rules && b.left; i++) {
		naive_rule(&b, &rule);
		err = cgc_ruleset_add(set, &rule, &naive_words, &ref, &why);
		if (err == -EINVAL || (err && !why) || !ref)
			abort();
		if (!err && (cgc_ruleset_find(set, ref) != &set->rules[set->count - 1] ||
			     set->rules[set->count - 1].ref != ref))
			abort();
	}
	do {
		naive_request(&b, &req);
		if (naive_judge(set, &req, cgc_ruleset_decide(set, &req)))
			abort();
	} while (b.left);
	free(set);
	return 0;
}
