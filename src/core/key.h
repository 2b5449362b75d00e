/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a rule and a request are turned into the same key. Private to the core:
 * ruleset.c puts rules in by it, decide.c looks requests up by it.
 */
#ifndef CGC_CORE_KEY_H
#define CGC_CORE_KEY_H

#include "glob.h"
#include "ruleset.h"
#include "words.h"

/**
 * struct cgc_key - what a table is hashed on, before a shape's masks
 * @addr: address of the keyed end as two numbers; of a compartment its label
 *	in the first of them
 * @word: label of the other end (upper half), destination's port (lower half)
 */
struct cgc_key {
	u64 addr[2];
	u64 word;
};

/* The first byte of an address is the highest of the number: what differs
 * between addresses is low, where a multiplication spreads it. */
static inline u64 cgc_key_addr(const u8 *at)
{
	return (u64)at[0] << 56 | (u64)at[1] << 48 | (u64)at[2] << 40 | (u64)at[3] << 32 |
	       (u64)at[4] << 24 | (u64)at[5] << 16 | (u64)at[6] << 8 | at[7];
}

static inline u64 cgc_key_word(u32 other, u16 port)
{
	return (u64)other << 32 | port;
}

/*
 * Multiplicative, over what the shape's masks leave. Rules come from root, so
 * nobody else chooses the keys, and collisions cost time only.
 */
static inline u32 cgc_key_hash(const struct cgc_shape *shape, const struct cgc_key *key)
{
	u64 h = shape->seed;

	h += (key->addr[0] & shape->addr_mask[0]) * 0x9E3779B97F4A7C15ull;
	h += (key->addr[1] & shape->addr_mask[1]) * 0xC2B2AE3D27D4EB4Full;
	h += (key->word & shape->word_mask) * 0xD6E8FEB86659FD93ull;
	h = (h ^ h >> 32) * 0xFF51AFD7ED558CCDull;
	return h >> 32;
}

static inline const struct cgc_end *cgc_rule_keyed_end(const struct cgc_rule *rule,
						       unsigned int table)
{
	return table == CGC_TABLE_SOURCE ? &rule->src : &rule->dst;
}

static inline const struct cgc_end *cgc_rule_other_end(const struct cgc_rule *rule,
						       unsigned int table)
{
	return table == CGC_TABLE_SOURCE ? &rule->dst : &rule->src;
}

static inline bool cgc_end_is_compartment(const struct cgc_end *end)
{
	return end->kind <= CGC_END_COMPARTMENT_ANY;
}

/* An interface's label: an end of a rule about what is forwarded. */
static inline bool cgc_end_is_netdev(const struct cgc_end *end)
{
	return end->kind == CGC_END_COMPARTMENT && cgc_label_is_netdev(end->compartment);
}

/* A rule without attributes allows all of a method, one with them only an
 * operation that says what it needs and needs no more. */
static inline bool cgc_rule_attrs_match(const struct cgc_rule *rule,
					const struct cgc_request *req)
{
	u32 group = rule->attrs & cgc_attrs_of_method(req->method);

	return !group || (req->attrs && !(req->attrs & ~group));
}

/* Whether there is somebody may be asked by who may send any signal. */
static inline bool cgc_rule_signals_match(const struct cgc_rule *rule,
					  const struct cgc_request *req)
{
	return !rule->signals || !req->signal ||
	       (req->signal <= 64 && rule->signals >> (req->signal - 1) & 1);
}

static_assert(CGC_METHODS_NET == CGC_METHOD_BIT(CGC_METHOD_UNIX) - 1,
	      "methods below unix have neither attributes nor signals nor PATH");

/* cgc_rule_local_matches - what only methods between compartments have; @paths: the
 * set's. PATH is with METHOD unix alone. */
static inline bool cgc_rule_local_matches(const struct cgc_rule *rule,
					  const struct cgc_path_word *paths,
					  const struct cgc_request *req)
{
	if (req->method < CGC_METHOD_UNIX)
		return true;
	if (rule->attrs && !cgc_rule_attrs_match(rule, req))
		return false;
	if (req->method == CGC_METHOD_SIGNAL)
		return cgc_rule_signals_match(rule, req);
	return !rule->path ||
	       (req->name_len &&
		cgc_glob_matches(paths[rule->path - 1].name, req->name, req->name_len));
}

/* cgc_rule_rest_matches - what else the key of a rule does not settle. */
static inline bool cgc_rule_rest_matches(const struct cgc_rule *rule,
					 const struct cgc_request *req)
{
	return rule->methods >> req->method & 1 &&
	       req->dport >= rule->dst.port_lo && req->dport <= rule->dst.port_hi &&
	       ((req->sport >= rule->src.port_lo && req->sport <= rule->src.port_hi) ||
		req->sport_unknown) &&
	       (!rule->netdevs || rule->netdevs & req->netdevs);
}

#endif
