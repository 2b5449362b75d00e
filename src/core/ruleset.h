/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A set of rules in two hash tables (mission R5, patent figure 12): one keyed
 * on the source's details, for what comes from a host; one keyed on the
 * destination's, for what goes to a host or to another compartment.
 *
 * A table is looked up once for every shape that its rules have (kind and
 * prefix length of the end, named compartment or any, one port or any), so the
 * cost of a check depends on the shapes and not on the number of rules.
 *
 * A set lives in one block of memory that the caller provides, is filled by
 * one writer, and is read-only from then on.
 */
#ifndef CGC_CORE_RULESET_H
#define CGC_CORE_RULESET_H

#include "rule.h"
#include "limits.h"

/* enum cgc_table - the two tables; also the index into struct cgc_rule's next */
enum cgc_table {
	CGC_TABLE_SOURCE,
	CGC_TABLE_DESTINATION,
	CGC_TABLES
};

/**
 * struct cgc_shape - one way of looking a table up
 * @kind: enum cgc_end_kind of the keyed end
 * @prefix: its prefix length, in bits
 * @other_any: the other end is COMPARTMENT *
 * @port_any: the destination's port is a range or any
 * @rules: how many rules have it
 * @seed: what the hash begins with
 * @addr_mask: bits of the keyed end's address that count, as two numbers
 * @word_mask: bits of the other end's label and of the port that count
 */
struct cgc_shape {
	u8 kind;
	u8 prefix;
	u8 other_any;
	u8 port_any;
	u32 rules;
	u64 seed;
	u64 addr_mask[2];
	u64 word_mask;
};

/* enum cgc_shape_class - which requests a shape is for */
enum cgc_shape_class {
	CGC_CLASS_LOCAL,
	CGC_CLASS_FORWARD,
	CGC_CLASS_FAMILY4,
	CGC_CLASS_FAMILY6,
	CGC_CLASSES
};

/**
 * struct cgc_ruleset - a set
 * @capacity: rules that fit
 * @count: rules that are in
 * @buckets_mask: number of buckets of a table less one
 * @netdevs_count: selectors in use
 * @forwards: rules about what is forwarded
 * @paths_count: words after PATH in use
 * @generation: of this set; set by who publishes it
 * @reserved: 0
 * @netdevs: the selectors that the rules' bits mean
 * @shapes_count: per table
 * @shapes: per table
 * @shapes_of_class: per table and class: bit i: shape i is for it
 * @shapes_of_method: per table and method: bit i: shape i has a rule with it
 * @buckets: per table: index + 1 of the first rule, 0 is empty
 * @refs: buckets over the references, for finding duplicates
 * @ref_next: per rule: the next with the same reference's hash, index + 1
 * @rules: all of them, in the order that they were added
 * @paths: the words that the rules' indices mean
 */
struct cgc_ruleset {
	u32 capacity;
	u32 count;
	u32 buckets_mask;
	u32 netdevs_count;
	u32 paths_count;
	u32 generation;
	u32 forwards;
	u32 reserved;
	struct cgc_netdev_selector netdevs[CGC_NETDEV_SELECTORS];
	u32 shapes_count[CGC_TABLES];
	struct cgc_shape shapes[CGC_TABLES][CGC_SHAPES_MAX];
	u64 shapes_of_class[CGC_TABLES][CGC_CLASSES];
	u64 shapes_of_method[CGC_TABLES][CGC_METHOD_COUNT];
	u32 *buckets[CGC_TABLES];
	u32 *refs;
	u32 *ref_next;
	struct cgc_rule *rules;
	struct cgc_path_word paths[CGC_PATHS_MAX];
};

/* cgc_ruleset_words - what bits and indices in the rules of a set mean. */
static inline struct cgc_rule_words cgc_ruleset_words(const struct cgc_ruleset *set)
{
	return (struct cgc_rule_words){
		.netdevs = set->netdevs, .netdevs_count = set->netdevs_count,
		.paths = set->paths, .paths_count = set->paths_count,
	};
}

/* cgc_selector_is_valid - an interface's name that the language can say, or a label. */
bool cgc_selector_is_valid(const struct cgc_netdev_selector *selector);

/* cgc_ruleset_size - bytes that a set of so many rules takes; 0: too many. */
size_t cgc_ruleset_size(u32 capacity);

/**
 * cgc_ruleset_init - make an empty set
 * @mem: cgc_ruleset_size(@capacity) bytes, aligned to 8; it is cleared here
 * @capacity: rules that are to fit, 0..CGC_RULES_MAX
 */
struct cgc_ruleset *cgc_ruleset_init(void *mem, u32 capacity);

/**
 * cgc_ruleset_add - put a rule in
 * @set: being filled
 * @rule: copied; its bits and its index are those of @words and are translated
 * @words: what they mean
 * @ref: receives its reference, also with -EEXIST
 * @why: on error, a sentence without full stop, static
 *
 * Return: 0; -EINVAL (malformed), -EEXIST (the same rule is there), -ENOSPC
 * (full, a 65th shape, a 65th rule with the same key, a 65th selector, a 257th path).
 */
int cgc_ruleset_add(struct cgc_ruleset *set, const struct cgc_rule *rule,
		    const struct cgc_rule_words *words,
		    u64 *ref, const char **why);

/* cgc_ruleset_find - the rule with this reference, or NULL. */
const struct cgc_rule *cgc_ruleset_find(const struct cgc_ruleset *set, u64 ref);

/**
 * cgc_ruleset_decide - may it pass?
 *
 * Pure; no side effect. Under whatever protects @set (in the kernel, RCU).
 */
struct cgc_verdict cgc_ruleset_decide(const struct cgc_ruleset *set,
				      const struct cgc_request *req);

/**
 * cgc_ruleset_port_taken - is a local port given to others and not to @label?
 * @set: any
 * @label: who wants to bind it
 * @method: tcp, udp or sctp
 * @port: host order, not 0
 *
 * A rule gives a port to a compartment that it names as its destination
 * together with this port or a range that has it; a rule to that compartment
 * without a port gives @label every port. Linear in the rules: for bind().
 */
bool cgc_ruleset_port_taken(const struct cgc_ruleset *set, u32 label,
			    unsigned int method, u16 port);

/* cgc_ruleset_methods - methods of all rules that name @label (or COMPARTMENT *)
 * at either end. Linear in the rules: for socket(). */
u32 cgc_ruleset_methods(const struct cgc_ruleset *set, u32 label);

#endif
