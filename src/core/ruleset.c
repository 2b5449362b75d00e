// SPDX-License-Identifier: GPL-2.0-only
#include "ruleset.h"

#include "key.h"

#define WHY_TWICE	"the rule is there already"
#define WHY_DIGEST	"another rule has the same reference by chance"
#define WHY_FULL	"the set is full"
#define WHY_CHAIN \
	"more than 64 rules differ only in source port, port range, method, attribute, PATH or NETDEV"
#define WHY_SHAPES \
	"more than 64 combinations of prefix length, named or any compartment, one port or many"
#define WHY_SELECTORS	"more than 64 different words after NETDEV in one set"
#define WHY_SELECTOR	"a NETDEV selector is neither an interface's name nor its label"
#define WHY_NO_SELECTOR	"a NETDEV bit has no selector"
#define WHY_PATHS	"more than 256 different words after PATH in one set"
#define WHY_PATH	"a PATH is neither absolute nor @ and a name, or not what the language can say"
#define WHY_NO_PATH	"the PATH of a rule has no word"

static_assert(CGC_CHAIN_MAX == 64 && CGC_SHAPES_MAX == 64 && CGC_NETDEV_SELECTORS == 64,
	      "the sentences above say so, and shapes and selectors are bits of a u64");
static_assert(CGC_PATHS_MAX == 256, "the sentence above says so");

/* About one rule to a bucket (mission R5). */
static u32 buckets_number(u32 capacity)
{
	u32 number = 16;

	while (number < capacity)
		number *= 2;
	return number;
}

size_t cgc_ruleset_size(u32 capacity)
{
	if (capacity > CGC_RULES_MAX)
		return 0;
	return sizeof(struct cgc_ruleset) + capacity * sizeof(struct cgc_rule) +
	       (capacity + (CGC_TABLES + 1) * (size_t)buckets_number(capacity)) * sizeof(u32);
}

struct cgc_ruleset *cgc_ruleset_init(void *mem, u32 capacity)
{
	u32 buckets = buckets_number(capacity);
	struct cgc_ruleset *set = mem;
	unsigned int table;
	u32 *words;

	memset(mem, 0, cgc_ruleset_size(capacity));
	set->capacity = capacity;
	set->buckets_mask = buckets - 1;
	set->rules = (struct cgc_rule *)(set + 1);
	words = (u32 *)(set->rules + capacity);
	for (table = 0; table < CGC_TABLES; table++, words += buckets)
		set->buckets[table] = words;
	set->refs = words;
	set->ref_next = words + buckets;
	return set;
}

static_assert(sizeof(struct cgc_ruleset) % 8 == 0, "rules follow it");

/* Names are those that the language can say; padding is NUL. */
bool cgc_selector_is_valid(const struct cgc_netdev_selector *selector)
{
	size_t len = 0, i;

	while (len < CGC_NETDEV_SIZE && cgc_netdev_char(selector->name[len]))
		len++;
	for (i = len; i < CGC_NETDEV_SIZE; i++)
		if (selector->name[i])
			return false;
	if (len)
		return len < CGC_NETDEV_SIZE && !selector->label;
	return selector->label >= CGC_LABEL_NETDEV_FIRST &&
	       selector->label < CGC_LABEL_QUARANTINE;
}

static u32 selector_find(const struct cgc_ruleset *set,
			 const struct cgc_netdev_selector *selector)
{
	u32 i;

	for (i = 0; i < set->netdevs_count; i++)
		if (!memcmp(&set->netdevs[i], selector, sizeof(*selector)))
			break;
	return i;
}

static int selectors_verify(u64 netdevs, const struct cgc_netdev_selector *selectors,
			    u32 nselectors, const char **why)
{
	u32 i;

	for (i = 0; i < CGC_NETDEV_SELECTORS && netdevs >> i; i++) {
		if (!(netdevs >> i & 1))
			continue;
		*why = WHY_NO_SELECTOR;
		if (!selectors || i >= nselectors)
			return -EINVAL;
		*why = WHY_SELECTOR;
		if (!cgc_selector_is_valid(&selectors[i]))
			return -EINVAL;
	}
	return 0;
}

/* The bits of the set's selectors that a rule's mean. @missing: how many of
 * them the set does not have; a word that is there twice counts twice. */
static u64 selectors_translate(const struct cgc_ruleset *set, u64 netdevs,
			       const struct cgc_netdev_selector *selectors, u32 *missing)
{
	u64 bits = 0;
	u32 i, at;

	*missing = 0;
	for (i = 0; i < CGC_NETDEV_SELECTORS && netdevs >> i; i++) {
		if (!(netdevs >> i & 1))
			continue;
		at = selector_find(set, &selectors[i]);
		if (at < set->netdevs_count)
			bits |= 1ull << at;
		else
			++*missing;
	}
	return bits;
}

static void selectors_add(struct cgc_ruleset *set, u64 netdevs,
			  const struct cgc_netdev_selector *selectors)
{
	u32 i;

	for (i = 0; i < CGC_NETDEV_SELECTORS && netdevs >> i; i++)
		if (netdevs >> i & 1 &&
		    selector_find(set, &selectors[i]) == set->netdevs_count)
			set->netdevs[set->netdevs_count++] = selectors[i];
}

/* Padding is NUL, and there is at least one. */
static bool path_is_valid(const struct cgc_path_word *word)
{
	size_t len = 0, i;

	while (len < CGC_PATH_SIZE && cgc_path_char(word->name[len]))
		len++;
	for (i = len; i < CGC_PATH_SIZE; i++)
		if (word->name[i])
			return false;
	return len < CGC_PATH_SIZE && cgc_path_begins(word->name[0]);
}

static int path_verify(u32 path, const struct cgc_rule_words *words, const char **why)
{
	if (!path)
		return 0;
	*why = WHY_NO_PATH;
	if (!words->paths || path > words->paths_count)
		return -EINVAL;
	*why = WHY_PATH;
	return path_is_valid(&words->paths[path - 1]) ? 0 : -EINVAL;
}

/* Where the set has a rule's word, or is to have it; from 1, 0: the rule has none. */
static u32 path_find(const struct cgc_ruleset *set, u32 path,
		     const struct cgc_rule_words *words)
{
	u32 i;

	if (!path)
		return 0;
	for (i = 0; i < set->paths_count; i++)
		if (!memcmp(&set->paths[i], &words->paths[path - 1], sizeof(set->paths[i])))
			break;
	return i + 1;
}

static unsigned int table_of_rule(const struct cgc_rule *rule)
{
	return cgc_end_is_compartment(&rule->src) ? CGC_TABLE_DESTINATION : CGC_TABLE_SOURCE;
}

static struct cgc_key key_of_rule(const struct cgc_rule *rule, unsigned int table)
{
	const struct cgc_end *end = cgc_rule_keyed_end(rule, table);
	struct cgc_key key;

	key.addr[0] = cgc_end_is_compartment(end) ? end->compartment : cgc_key_addr(end->addr);
	key.addr[1] = cgc_key_addr(end->addr + 8);
	key.word = cgc_key_word(cgc_rule_other_end(rule, table)->compartment,
				rule->dst.port_lo);
	return key;
}

/* The highest @bits of a number. */
static u64 high_bits(unsigned int bits)
{
	if (!bits)
		return 0;
	return bits < 64 ? ~0ull << (64 - bits) : ~0ull;
}

static struct cgc_shape shape_of_rule(const struct cgc_rule *rule, unsigned int table)
{
	const struct cgc_end *end = cgc_rule_keyed_end(rule, table);
	struct cgc_shape shape = {
		.kind = end->kind,
		.prefix = end->prefix,
		.other_any = cgc_rule_other_end(rule, table)->kind == CGC_END_COMPARTMENT_ANY,
		.port_any = rule->dst.port_lo != rule->dst.port_hi,
	};

	shape.word_mask = (shape.other_any ? 0 : 0xFFFFFFFFull << 32) |
			  (shape.port_any ? 0 : 0xFFFF);
	shape.seed = (shape.kind << 16 | shape.prefix << 8 | shape.other_any << 1 |
		      shape.port_any) * 0xA0761D6478BD642Full;
	if (shape.kind == CGC_END_COMPARTMENT) {
		shape.addr_mask[0] = ~0ull;
	} else {
		shape.addr_mask[0] = high_bits(shape.prefix);
		shape.addr_mask[1] = high_bits(shape.prefix > 64 ? shape.prefix - 64 : 0);
	}
	return shape;
}

static u32 shape_find(const struct cgc_ruleset *set, unsigned int table,
		      const struct cgc_shape *shape)
{
	u32 i;

	for (i = 0; i < set->shapes_count[table]; i++) {
		const struct cgc_shape *at = &set->shapes[table][i];

		if (at->kind == shape->kind && at->prefix == shape->prefix &&
		    at->other_any == shape->other_any && at->port_any == shape->port_any)
			break;
	}
	return i;
}

static void shape_count(struct cgc_ruleset *set, unsigned int table,
			const struct cgc_shape *shape, u32 methods)
{
	u32 i = shape_find(set, table, shape);
	u64 bit = 1ull << i, *of_class = set->shapes_of_class[table];
	unsigned int method;

	if (i == set->shapes_count[table]) {
		set->shapes[table][i] = *shape;
		set->shapes_count[table]++;
		if (shape->kind <= CGC_END_COMPARTMENT_ANY)
			of_class[CGC_CLASS_LOCAL] |= bit;
		if (shape->kind == CGC_END_COMPARTMENT && !shape->other_any)
			of_class[CGC_CLASS_FORWARD] |= bit;
		if (shape->kind == CGC_END_HOST_ANY || shape->kind == CGC_END_NET4)
			of_class[CGC_CLASS_FAMILY4] |= bit;
		if (shape->kind == CGC_END_HOST_ANY || shape->kind == CGC_END_NET6)
			of_class[CGC_CLASS_FAMILY6] |= bit;
	}
	set->shapes[table][i].rules++;
	for (method = 0; method < CGC_METHOD_COUNT; method++)
		if (methods & CGC_METHOD_BIT(method))
			set->shapes_of_method[table][method] |= bit;
}

static bool same_key(const struct cgc_rule *a, const struct cgc_rule *b, unsigned int table)
{
	const struct cgc_end *end_a = cgc_rule_keyed_end(a, table);
	const struct cgc_end *end_b = cgc_rule_keyed_end(b, table);
	const struct cgc_end *other_a = cgc_rule_other_end(a, table);
	const struct cgc_end *other_b = cgc_rule_other_end(b, table);
	bool many_a = a->dst.port_lo != a->dst.port_hi;
	bool many_b = b->dst.port_lo != b->dst.port_hi;

	return end_a->kind == end_b->kind && end_a->prefix == end_b->prefix &&
	       end_a->compartment == end_b->compartment &&
	       !memcmp(end_a->addr, end_b->addr, sizeof(end_a->addr)) &&
	       other_a->kind == other_b->kind &&
	       other_a->compartment == other_b->compartment && many_a == many_b &&
	       (many_a || a->dst.port_lo == b->dst.port_lo);
}

/* Where the rule is to be linked in: the end of its bucket; NULL if the bucket
 * holds CGC_CHAIN_MAX of its key. */
static u32 *chain_end(struct cgc_ruleset *set, unsigned int table,
		      const struct cgc_rule *rule, const struct cgc_shape *shape)
{
	struct cgc_key key = key_of_rule(rule, table);
	u32 *link = &set->buckets[table][cgc_key_hash(shape, &key) & set->buckets_mask];
	unsigned int same = 0;

	while (*link) {
		struct cgc_rule *at = &set->rules[*link - 1];

		if (same_key(at, rule, table) && ++same == CGC_CHAIN_MAX)
			return NULL;
		link = &at->next[table];
	}
	return link;
}

static bool same_rule(const struct cgc_rule *a, const struct cgc_rule *b)
{
	return a->netdevs == b->netdevs && a->methods == b->methods &&
	       a->attrs == b->attrs && a->signals == b->signals && a->path == b->path &&
	       !memcmp(&a->src, &b->src, sizeof(a->src)) &&
	       !memcmp(&a->dst, &b->dst, sizeof(a->dst));
}

/* @new has its reference and the set's selectors, @missing without those that
 * are yet to come. */
static int add_room(const struct cgc_ruleset *set, const struct cgc_rule *new, u32 missing,
		    const char **why)
{
	const struct cgc_rule *old = cgc_ruleset_find(set, new->ref);

	if (old) {
		*why = !missing && same_rule(old, new) ? WHY_TWICE : WHY_DIGEST;
		return -EEXIST;
	}
	*why = WHY_FULL;
	if (set->count == set->capacity)
		return -ENOSPC;
	*why = WHY_SELECTORS;
	if (missing > CGC_NETDEV_SELECTORS - set->netdevs_count)
		return -ENOSPC;
	*why = WHY_PATHS;
	if (new->path > CGC_PATHS_MAX)
		return -ENOSPC;
	return 0;
}

static void add_link(struct cgc_ruleset *set, const struct cgc_rule *rule, u32 *link)
{
	u32 *bucket = &set->refs[rule->ref & set->buckets_mask];

	set->ref_next[set->count] = *bucket;
	set->rules[set->count++] = *rule;
	*bucket = *link = set->count;
}

/* @rule's words, which the set has room for; @new gets its own bits and index. */
static void add_words(struct cgc_ruleset *set, const struct cgc_rule *rule,
		      const struct cgc_rule_words *words, struct cgc_rule *new)
{
	u32 missing;

	selectors_add(set, rule->netdevs, words->netdevs);
	new->netdevs = selectors_translate(set, rule->netdevs, words->netdevs, &missing);
	if (new->path > set->paths_count)
		set->paths[set->paths_count++] = words->paths[rule->path - 1];
}

int cgc_ruleset_add(struct cgc_ruleset *set, const struct cgc_rule *rule,
		    const struct cgc_rule_words *words, u64 *ref, const char **why)
{
	unsigned int table;
	struct cgc_shape shape;
	struct cgc_rule new;
	u32 missing, *link;
	int err;

	*ref = 0;
	err = cgc_rule_verify(rule, why);
	if (!err)
		err = selectors_verify(rule->netdevs, words->netdevs, words->netdevs_count, why);
	if (!err)
		err = path_verify(rule->path, words, why);
	if (err)
		return err;

	new = *rule;
	memset(new.next, 0, sizeof(new.next));
	new.ref = cgc_rule_ref(rule, words);
	new.netdevs = selectors_translate(set, rule->netdevs, words->netdevs, &missing);
	new.path = path_find(set, rule->path, words);
	*ref = new.ref;
	err = add_room(set, &new, missing, why);
	if (err)
		return err;

	table = table_of_rule(&new);
	shape = shape_of_rule(&new, table);
	*why = WHY_SHAPES;
	if (shape_find(set, table, &shape) == CGC_SHAPES_MAX)
		return -ENOSPC;
	*why = WHY_CHAIN;
	link = chain_end(set, table, &new, &shape);
	if (!link)
		return -ENOSPC;

	*why = NULL;
	add_words(set, rule, words, &new);
	shape_count(set, table, &shape, new.methods);
	add_link(set, &new, link);
	set->forwards += cgc_end_is_netdev(&new.src);
	return 0;
}

const struct cgc_rule *cgc_ruleset_find(const struct cgc_ruleset *set, u64 ref)
{
	u32 at;

	for (at = set->refs[ref & set->buckets_mask]; at; at = set->ref_next[at - 1])
		if (set->rules[at - 1].ref == ref)
			return &set->rules[at - 1];
	return NULL;
}

bool cgc_ruleset_port_taken(const struct cgc_ruleset *set, u32 label,
			    unsigned int method, u16 port)
{
	bool taken = false;
	u32 i;

	if (label == CGC_LABEL_SUPERVISOR || method >= CGC_METHOD_COUNT)
		return false;
	for (i = 0; i < set->count; i++) {
		const struct cgc_rule *rule = &set->rules[i];
		const struct cgc_end *dst = &rule->dst;

		if (!cgc_end_is_compartment(dst) || cgc_end_is_netdev(dst) ||
		    !(rule->methods & CGC_METHOD_BIT(method)) ||
		    port < dst->port_lo || port > dst->port_hi)
			continue;
		if (dst->kind == CGC_END_COMPARTMENT_ANY || dst->compartment == label)
			return false;
		if (dst->port_lo)
			taken = true;
	}
	return taken;
}

static bool end_names(const struct cgc_end *end, u32 label)
{
	return end->kind == CGC_END_COMPARTMENT_ANY ||
	       (end->kind == CGC_END_COMPARTMENT && end->compartment == label);
}

u32 cgc_ruleset_methods(const struct cgc_ruleset *set, u32 label)
{
	u32 methods = 0;
	u32 i;

	for (i = 0; i < set->count; i++)
		if (end_names(&set->rules[i].src, label) ||
		    end_names(&set->rules[i].dst, label))
			methods |= set->rules[i].methods;
	return methods;
}
