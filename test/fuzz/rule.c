// SPDX-License-Identifier: GPL-2.0-only
/* Rules as raw bytes, as they come over the wire. */
#include <stdlib.h>

#include "core/format.h"
#include "naive.h"

struct input {
	struct cgc_netdev_selector selectors[2];
	struct cgc_request req;
	struct cgc_rule rules[4];
	struct cgc_path_word paths[2];
	char name[CGC_PATH_SIZE];
};

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static struct input in;
	const struct cgc_rule_words words = { in.selectors, 2, 2, in.paths };
	struct cgc_rule_words own;
	static u64 mem[(sizeof(struct cgc_ruleset) + 4096) / 8];
	struct cgc_ruleset *set;
	char line[CGC_RULE_TEXT_SIZE];
	struct cgc_text text;
	const char *why;
	u64 ref;
	u32 i;

	if (cgc_ruleset_size(4) > sizeof(mem))
		abort();
	memset(&in, 0, sizeof(in));
	memcpy(&in, data, size < sizeof(in) ? size : sizeof(in));
	in.req.name = in.name;
	in.req.name_len %= sizeof(in.name) + 1;
	set = cgc_ruleset_init(mem, 4);
	for (i = 0; i < 4; i++) {
		why = NULL;
		if (cgc_ruleset_add(set, &in.rules[i], &words, &ref, &why) && !why)
			abort();
	}
	own = cgc_ruleset_words(set);
	for (i = 0; i < set->count; i++) {
		cgc_text_init(&text, line, sizeof(line));
		cgc_format_rule(&text, &set->rules[i], &own, NULL);
		if (text.cut)
			abort();
	}
	cgc_ruleset_decide(set, &in.req);
	cgc_ruleset_port_taken(set, in.req.object, in.req.method, in.req.dport);
	cgc_ruleset_methods(set, in.req.subject);
	return 0;
}
