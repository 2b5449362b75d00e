// SPDX-License-Identifier: GPL-2.0-only
/* A set: duplicates, bounds, selectors, ports, and how even its hash is. */
#include "core/ruleset.h"

#include <stdlib.h>

#include "tap.h"

static const char *why;
static u64 ref;

static struct cgc_ruleset *set_new(u32 capacity)
{
	return cgc_ruleset_init(malloc(cgc_ruleset_size(capacity)), capacity);
}

static struct cgc_rule web(u16 port)
{
	return (struct cgc_rule){
		.src = { .kind = CGC_END_HOST_ANY, .port_hi = 65535 },
		.dst = { .kind = CGC_END_COMPARTMENT, .compartment = 2,
			 .port_lo = port, .port_hi = port ? port : 65535 },
		.methods = CGC_METHOD_BIT(CGC_METHOD_TCP),
		.owner = CGC_OWNER_FILES,
	};
}

/* add_with - with interfaces that its bits mean. */
static int add_with(struct cgc_ruleset *set, const struct cgc_rule *rule,
		    const struct cgc_netdev_selector *selectors, u32 count)
{
	const struct cgc_rule_words words = { .netdevs = selectors, .netdevs_count = count };

	return cgc_ruleset_add(set, rule, &words, &ref, &why);
}

static int add(struct cgc_ruleset *set, struct cgc_rule rule)
{
	return add_with(set, &rule, NULL, 0);
}

static void test_add(void)
{
	struct cgc_ruleset *set = set_new(2);
	struct cgc_rule rule = web(80);
	u64 first;

	ok(!add(set, rule) && ref && set->count == 1, "R6 a rule that goes in gets a reference");
	first = ref;
	rule.owner = CGC_OWNER_CLI;
	ok(add(set, rule) == -EEXIST && ref == first && why && set->count == 1,
	   "R7 adding what is there already says so and gives its reference");
	ok(cgc_ruleset_find(set, first)->ref == first && !cgc_ruleset_find(set, first + 1) &&
	   !cgc_ruleset_find(set, 0), "R6 a rule is found by its reference, and no other");
	rule.methods = 0;
	ok(add(set, rule) == -EINVAL && why && set->count == 1, "R7 a malformed rule does not go in");
	ok(!add(set, web(81)) && add(set, web(82)) == -ENOSPC && strstr(why, "full"),
	   "R7 a set takes as many rules as it was made for");
	rule = set->rules[0];
	rule.next[CGC_TABLE_SOURCE] = 2;
	rule.next[CGC_TABLE_DESTINATION] = 7;
	free(set);
	set = set_new(1);
	ok(!add(set, rule) && ref == first && !set->rules[0].next[0] && !set->rules[0].next[1],
	   "R6 a rule taken from another set keeps its reference");
	free(set);
	set = set_new(0);
	ok(add(set, web(80)) == -ENOSPC, "R7 a set for none takes none");
	free(set);
	ok(!cgc_ruleset_size(CGC_RULES_MAX + 1) && cgc_ruleset_size(CGC_RULES_MAX),
	   "R7 a million rules is the most");
}

static void test_chain(void)
{
	struct cgc_ruleset *set = set_new(200);
	struct cgc_rule rule = web(80);
	bool all = true;
	u16 i;

	for (i = 1; i <= CGC_CHAIN_MAX; i++) {
		rule.src.port_lo = rule.src.port_hi = i;
		all &= !add(set, rule);
	}
	rule.src.port_lo = rule.src.port_hi = i;
	ok(all && add(set, rule) == -ENOSPC && strstr(why, "64"),
	   "R5 the 65th rule with the same key is refused");
	ok(set->count == CGC_CHAIN_MAX && !cgc_ruleset_find(set, ref),
	   "R5 and leaves nothing behind");
	ok(!add(set, web(81)), "R5 another key is not full");
	for (i = 1, all = true; i <= 64; i++) {
		rule = web(0);
		rule.dst.port_lo = 1000 * i;
		rule.dst.port_hi = 1000 * i + 9;
		all &= !add(set, rule);
	}
	rule.dst.port_lo = 1;
	ok(all && add(set, rule) == -ENOSPC, "R5 so is the 65th port range with the same key");
	free(set);
}

static struct cgc_rule net6(unsigned int prefix)
{
	struct cgc_rule rule = web(80);

	rule.src.kind = CGC_END_NET6;
	rule.src.prefix = prefix;
	rule.src.addr[0] = prefix ? 0x80 : 0;
	return rule;
}

static void test_shapes(void)
{
	struct cgc_ruleset *set = set_new(200);
	struct cgc_rule rule;
	bool all = true;
	unsigned int i;

	for (i = 0; i < CGC_SHAPES_MAX; i++)
		all &= !add(set, net6(i));
	ok(all && add(set, net6(i)) == -ENOSPC && strstr(why, "64"), "R5 the 65th shape is refused");
	ok(set->count == CGC_SHAPES_MAX && set->shapes_count[CGC_TABLE_SOURCE] == CGC_SHAPES_MAX,
	   "R5 and leaves nothing behind");
	rule = net6(3);
	rule.dst.port_lo = rule.dst.port_hi = 81;
	ok(!add(set, rule), "R5 a shape that is there takes further rules");
	rule = net6(70);
	rule.dst = rule.src;
	rule.src = web(80).dst;
	rule.src.port_lo = 0, rule.src.port_hi = 65535;
	ok(!add(set, rule), "R5 the other table has shapes of its own");
	for (i = 0, all = true; i < set->shapes_count[0]; i++)
		all &= set->shapes[0][i].rules == (i == 3 ? 2 : 1);
	ok(all, "R5 a shape counts its rules");
	free(set);
}

static void test_selectors(void)
{
	struct cgc_netdev_selector one[64], bad = { .name = "eth 0" };
	struct cgc_ruleset *set = set_new(200);
	struct cgc_rule rule = web(80);
	bool all = true;
	u32 i, j;

	memset(one, 0, sizeof(one));
	for (i = 0; i < 4; i++) {
		for (j = 0; j < 16; j++)
			snprintf(one[j].name, sizeof(one[j].name), "eth%u", 16 * i + j);
		rule = web(80 + i);
		rule.netdevs = 0xFFFF;
		all &= !add_with(set, &rule, one, 16);
	}
	ok(all && set->netdevs_count == 64, "R5 a set takes 64 interfaces");
	rule = web(90);
	rule.netdevs = 2;
	ok(!add_with(set, &rule, one, 16) && set->netdevs_count == 64 &&
	   set->rules[set->count - 1].netdevs == 1ull << 49,
	   "R5 a rule's bits are those of the set's selectors");
	strcpy(one[0].name, "wlan0");
	rule.netdevs = 1;
	i = set->count;
	ok(add_with(set, &rule, one, 16) == -ENOSPC && strstr(why, "64") &&
	   set->count == i && set->netdevs_count == 64, "R5 the 65th interface is refused");
	ok(add_with(set, &rule, NULL, 0) == -EINVAL, "R1 refused: a bit without selectors");
	rule.netdevs = 4;
	ok(add_with(set, &rule, one, 2) == -EINVAL, "R1 refused: a bit past the selectors");
	rule.netdevs = 1;
	ok(add_with(set, &rule, &bad, 1) == -EINVAL, "R1 refused: a blank in a name");
	memset(bad.name, 'e', sizeof(bad.name));
	ok(add_with(set, &rule, &bad, 1) == -EINVAL, "R1 refused: a name without NUL");
	memset(&bad, 0, sizeof(bad));
	ok(add_with(set, &rule, &bad, 1) == -EINVAL, "R1 refused: no name and no label");
	bad.label = 5;
	ok(add_with(set, &rule, &bad, 1) == -EINVAL,
	   "R1 refused: a label that is no interface's");
	bad.label = CGC_LABEL_NETDEV_FIRST;
	strcpy(bad.name, "eth0");
	ok(add_with(set, &rule, &bad, 1) == -EINVAL, "R1 refused: a name and a label");
	free(set);
}

static struct cgc_rule to_socket(u32 from, u32 path)
{
	return (struct cgc_rule){
		.src = { .kind = CGC_END_COMPARTMENT, .compartment = from, .port_hi = 65535 },
		.dst = { .kind = CGC_END_COMPARTMENT, .compartment = 2, .port_hi = 65535 },
		.methods = CGC_METHOD_BIT(CGC_METHOD_UNIX), .path = path,
		.owner = CGC_OWNER_FILES,
	};
}

static int add_path(struct cgc_ruleset *set, u32 from, const char *path)
{
	struct cgc_path_word word = { "" };
	const struct cgc_rule_words words = { .paths = &word, .paths_count = 1 };
	struct cgc_rule rule = to_socket(from, 1);

	memcpy(word.name, path, strnlen(path, sizeof(word.name)));
	return cgc_ruleset_add(set, &rule, &words, &ref, &why);
}

static void test_paths(void)
{
	struct cgc_ruleset *set = set_new(600), *copy = set_new(600);
	struct cgc_rule_words words;
	bool all = true;
	char name[32];
	u64 first;
	u32 i;

	for (i = 0; i < CGC_PATHS_MAX; i++) {
		snprintf(name, sizeof(name), "/run/%u", i);
		all &= !add_path(set, 10 + i / 32, name);
	}
	ok(all && set->paths_count == CGC_PATHS_MAX, "R2 a set takes 256 words after PATH");
	ok(add_path(set, 99, "/run/256") == -ENOSPC && strstr(why, "256") &&
	   set->count == CGC_PATHS_MAX && set->paths_count == CGC_PATHS_MAX,
	   "R2 the 257th is refused, and leaves nothing behind");
	ok(!add_path(set, 99, "/run/7") && set->paths_count == CGC_PATHS_MAX &&
	   set->rules[set->count - 1].path == 8, "R2 one that is there takes further rules");
	first = ref;
	ok(add_path(set, 99, "/run/7") == -EEXIST && ref == first && strstr(why, "already"),
	   "R7 the same rule with its word at another place is the same");
	ok(add(set, to_socket(99, 0)) == 0 && ref != first, "R6 without PATH it is another");
	words = cgc_ruleset_words(set);
	for (i = set->count; i--;)
		all &= !cgc_ruleset_add(copy, &set->rules[i], &words, &ref, &why) &&
		       ref == set->rules[i].ref;
	ok(all && copy->paths_count == CGC_PATHS_MAX &&
	   !strcmp(copy->paths[copy->rules[1].path - 1].name, "/run/7"),
	   "R6 rules taken from another set keep words and references");
	free(set);
	free(copy);
}

static void test_path_words(void)
{
	struct cgc_ruleset *set = set_new(200);
	struct cgc_path_word word = { "/a" };
	struct cgc_rule_words words = { .paths = &word, .paths_count = 1 };
	struct cgc_rule rule = to_socket(1, 2);
	char name[CGC_PATH_SIZE + 1];

	ok(add(set, to_socket(1, 1)) == -EINVAL && why, "R1 refused: an index without words");
	ok(cgc_ruleset_add(set, &rule, &words, &ref, &why) == -EINVAL, "R1 refused: an index past them");
	rule.path = ~0u;
	ok(cgc_ruleset_add(set, &rule, &words, &ref, &why) == -EINVAL, "R1 refused: one far past them");
	ok(add_path(set, 1, "") == -EINVAL && add_path(set, 1, "run") == -EINVAL &&
	   add_path(set, 1, "*") == -EINVAL, "R1 refused: a PATH that is not absolute");
	ok(add_path(set, 1, "/a\001") == -EINVAL && add_path(set, 1, "/\177") == -EINVAL &&
	   add_path(set, 1, "/\"") == -EINVAL, "R1 refused: what the language cannot say");
	memset(name, 'x', sizeof(name));
	name[0] = '/';
	ok(add_path(set, 1, name) == -EINVAL, "R1 refused: a PATH without NUL");
	rule.path = 1;
	word.name[5] = 'x';
	ok(cgc_ruleset_add(set, &rule, &words, &ref, &why) == -EINVAL, "R1 refused: rubbish behind it");
	name[CGC_PATH_SIZE - 1] = '\0';
	ok(!add_path(set, 1, name) && !add_path(set, 1, "@") && !add_path(set, 1, "/*") &&
	   !add_path(set, 1, "/\xC3\xA9 ;") && set->paths_count == 4,
	   "R2 the longest, the shortest, patterns and other bytes");
	free(set);
}

static void test_order(void)
{
	static const struct cgc_netdev_selector there[] = { { .name = "eth0" }, { .name = "eth1" } };
	static const struct cgc_netdev_selector back[] = { { .name = "eth1" }, { .name = "eth0" } };
	struct cgc_ruleset *set = set_new(4);
	struct cgc_rule rule = web(80);
	u64 first;

	rule.netdevs = 3;
	ok(!add_with(set, &rule, there, 2) && (first = ref) &&
	   add_with(set, &rule, back, 2) == -EEXIST && ref == first &&
	   strstr(why, "already"), "R7 the same rule with its interfaces in another order is the same");
	free(set);
}

static void test_ports(void)
{
	struct cgc_ruleset *set = set_new(8);
	struct cgc_rule rule;

	add(set, web(80));
	ok(cgc_ruleset_port_taken(set, 3, CGC_METHOD_TCP, 80), "N1 a port given to one is taken from the others");
	ok(!cgc_ruleset_port_taken(set, 2, CGC_METHOD_TCP, 80), "N1 but not from its owner");
	ok(!cgc_ruleset_port_taken(set, CGC_LABEL_SUPERVISOR, CGC_METHOD_TCP, 80),
	   "N1 nor from the supervisor");
	ok(!cgc_ruleset_port_taken(set, 3, CGC_METHOD_TCP, 81) &&
	   !cgc_ruleset_port_taken(set, 3, CGC_METHOD_UDP, 80), "N1 other ports and methods are free");
	rule = web(99);
	rule.src = rule.dst = (struct cgc_end){ .port_hi = 65535, .compartment = 0xFFFF0001 };
	rule.dst.port_lo = rule.dst.port_hi = 99;
	add(set, rule);
	ok(set->forwards == 1 && !cgc_ruleset_port_taken(set, 4, CGC_METHOD_TCP, 99),
	   "N8 a port that is forwarded is nobody's here");
	rule = web(0);
	rule.dst.compartment = 3;
	add(set, rule);
	ok(!cgc_ruleset_port_taken(set, 3, CGC_METHOD_TCP, 80), "N1 a rule without PORT gives every port");
	ok(!cgc_ruleset_port_taken(set, 4, CGC_METHOD_TCP, 99), "N1 and takes none from others");
	rule = web(0);
	rule.dst.port_lo = 1000;
	rule.dst.port_hi = 2000;
	add(set, rule);
	ok(cgc_ruleset_port_taken(set, 4, CGC_METHOD_TCP, 1000) &&
	   cgc_ruleset_port_taken(set, 4, CGC_METHOD_TCP, 2000) &&
	   !cgc_ruleset_port_taken(set, 4, CGC_METHOD_TCP, 2001), "N1 a range gives all of its ports");
	rule = web(80);
	rule.dst = (struct cgc_end){ .kind = CGC_END_COMPARTMENT_ANY, .port_lo = 80, .port_hi = 80 };
	add(set, rule);
	ok(!cgc_ruleset_port_taken(set, 4, CGC_METHOD_TCP, 80), "N1 COMPARTMENT * gives a port to all");
	rule = web(0);
	rule.dst = rule.src;
	rule.src = (struct cgc_end){ .kind = CGC_END_COMPARTMENT, .compartment = 7, .port_hi = 65535 };
	rule.methods = CGC_METHOD_BIT(CGC_METHOD_RAW);
	add(set, rule);
	ok(cgc_ruleset_methods(set, 7) & CGC_METHOD_BIT(CGC_METHOD_RAW) &&
	   !(cgc_ruleset_methods(set, 2) & CGC_METHOD_BIT(CGC_METHOD_RAW)) &&
	   cgc_ruleset_methods(set, 2) & CGC_METHOD_BIT(CGC_METHOD_TCP),
	   "N4 the methods of a compartment are those of its rules");
	free(set);
}

/* How many rules there are in the fullest bucket; @mean: looked at by a hit. */
static u32 fullest(const struct cgc_ruleset *set, unsigned int table, double *mean)
{
	u64 looks = 0, rules = 0;
	u32 i, at, most = 0;

	for (i = 0; i <= set->buckets_mask; i++) {
		u32 len = 0;

		for (at = set->buckets[table][i]; at; at = set->rules[at - 1].next[table])
			looks += ++len;
		rules += len;
		most = len > most ? len : most;
	}
	*mean = rules ? (double)looks / rules : 0;
	return most;
}

static void even(struct cgc_ruleset *set, unsigned int table, const char *name)
{
	double mean;
	u32 most = fullest(set, table, &mean);

	ok(most <= 12 && mean < 1.6, "R5 evenly spread: %s (fullest %u, a hit looks at %.2f)",
	   name, most, mean);
	free(set);
}

/* Keys as administrators choose them: regular, hence the worst for a hash. */
static void test_hash(void)
{
	struct cgc_ruleset *set;
	struct cgc_rule rule;
	u32 i;

	for (i = 0, set = set_new(65536); i < 65535; i++)
		add(set, web(i + 1));
	even(set, CGC_TABLE_SOURCE, "every port");
	for (i = 0, set = set_new(65536); i < 65536; i++) {
		rule = web(80);
		rule.src = (struct cgc_end){ .kind = CGC_END_NET4, .prefix = 32, .port_hi = 65535,
					     .addr = { 10, 1, i >> 8, i } };
		add(set, rule);
	}
	even(set, CGC_TABLE_SOURCE, "every host of 10.1.0.0/16");
	for (i = 0, set = set_new(65536); i < 65536; i++) {
		rule = web(80);
		rule.src = (struct cgc_end){ .kind = CGC_END_NET4, .prefix = 24, .port_hi = 65535,
					     .addr = { 10, i >> 8, i } };
		add(set, rule);
	}
	even(set, CGC_TABLE_SOURCE, "every /24 of 10.0.0.0/8");
	for (i = 0, set = set_new(65536); i < 65536; i++) {
		rule = web(80);
		rule.src = (struct cgc_end){ .kind = CGC_END_NET6, .prefix = 128, .port_hi = 65535,
					     .addr = { 0xfd, 0x99, [14] = i >> 8, [15] = i } };
		add(set, rule);
	}
	even(set, CGC_TABLE_SOURCE, "hosts of fd99::/112");
	for (i = 0, set = set_new(65536); i < 65536; i++) {
		rule = web(80);
		rule.src = (struct cgc_end){ .kind = CGC_END_NET6, .prefix = 64, .port_hi = 65535,
					     .addr = { 0xfd, [6] = i >> 8, [7] = i } };
		add(set, rule);
	}
	even(set, CGC_TABLE_SOURCE, "every /64 of fd00::/48");
	for (i = 0, set = set_new(65536); i < 65536; i++) {
		rule = web(80);
		rule.src = (struct cgc_end){ .kind = CGC_END_COMPARTMENT, .compartment = i & 255,
					     .port_hi = 65535 };
		rule.dst.compartment = i >> 8;
		add(set, rule);
	}
	even(set, CGC_TABLE_DESTINATION, "256 compartments, each to each");
}

int main(void)
{
	test_add();
	test_chain();
	test_shapes();
	test_selectors();
	test_paths();
	test_path_words();
	test_order();
	test_ports();
	test_hash();
	return done();
}
