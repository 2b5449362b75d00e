// SPDX-License-Identifier: GPL-2.0-only
#include "key.h"

/* One copy for each path, without its tests of the table and the kind. */
#define SPECIALIZED static inline __attribute__((always_inline))

static_assert(CGC_CLASS_LOCAL == 0 && CGC_CLASS_FORWARD == 1, "the keyed end is a label");
static_assert(CGC_END_COMPARTMENT == 0 && CGC_END_COMPARTMENT_ANY == 1,
	      "other_any is the other end's kind");

/* Rules of other keys share the bucket: look at all of the key. */
SPECIALIZED bool key_matches(const struct cgc_rule *rule, const struct cgc_shape *shape,
			     const struct cgc_key *key, unsigned int table, bool local)
{
	const struct cgc_end *end = cgc_rule_keyed_end(rule, table);
	const struct cgc_end *other = cgc_rule_other_end(rule, table);

	if (other->compartment != (key->word & shape->word_mask) >> 32 ||
	    other->kind != shape->other_any ||
	    end->kind != shape->kind || end->prefix != shape->prefix)
		return false;
	if (local)
		return end->compartment == (key->addr[0] & shape->addr_mask[0]);
	return cgc_key_addr(end->addr) == (key->addr[0] & shape->addr_mask[0]) &&
	       cgc_key_addr(end->addr + 8) == (key->addr[1] & shape->addr_mask[1]);
}

/* As an object the supervisor is no part of COMPARTMENT *. */
static inline bool object_matches(const struct cgc_rule *rule, const struct cgc_request *req)
{
	return req->object != CGC_LABEL_SUPERVISOR || rule->dst.kind != CGC_END_COMPARTMENT_ANY;
}

/* The rule that allows it, one without NETDEV if there is one; NULL: none. */
SPECIALIZED const struct cgc_rule *lookup(const struct cgc_ruleset *set,
					  const struct cgc_request *req,
					  const struct cgc_key *key, unsigned int table,
					  unsigned int class)
{
	u64 shapes = set->shapes_of_class[table][class] &
		     set->shapes_of_method[table][req->method];
	const struct cgc_rule *bound = NULL;

	for (; shapes; shapes &= shapes - 1) {
		const struct cgc_shape *shape = &set->shapes[table][__builtin_ctzll(shapes)];
		u32 at = set->buckets[table][cgc_key_hash(shape, key) & set->buckets_mask];

		for (; at; at = set->rules[at - 1].next[table]) {
			const struct cgc_rule *rule = &set->rules[at - 1];

			if (!cgc_rule_rest_matches(rule, req) ||
			    !key_matches(rule, shape, key, table, class <= CGC_CLASS_FORWARD) ||
			    !object_matches(rule, req) ||
			    (class == CGC_CLASS_LOCAL &&
			     !cgc_rule_local_matches(rule, set->paths, req)))
				continue;
			if (!rule->netdevs)
				return rule;
			bound = rule;
		}
	}
	return bound;
}

static const struct cgc_rule *lookup_local(const struct cgc_ruleset *set,
					   const struct cgc_request *req)
{
	struct cgc_key key = {
		.addr = { req->object },
		.word = cgc_key_word(req->subject, req->dport),
	};

	return lookup(set, req, &key, CGC_TABLE_DESTINATION, CGC_CLASS_LOCAL);
}

static const struct cgc_rule *lookup_forward(const struct cgc_ruleset *set,
					     const struct cgc_request *req)
{
	struct cgc_key key = {
		.addr = { req->object },
		.word = cgc_key_word(req->subject, req->dport),
	};

	if (!cgc_label_is_netdev(req->subject) || !cgc_label_is_netdev(req->object))
		return NULL;
	return lookup(set, req, &key, CGC_TABLE_DESTINATION, CGC_CLASS_FORWARD);
}

SPECIALIZED const struct cgc_rule *lookup_peer(const struct cgc_ruleset *set,
					       const struct cgc_request *req,
					       unsigned int table, u32 other)
{
	struct cgc_key key = {
		.addr = { cgc_key_addr(req->peer), cgc_key_addr(req->peer + 8) },
		.word = cgc_key_word(other, req->dport),
	};

	if (req->family != 4 && req->family != 6)
		return NULL;
	return lookup(set, req, &key, table,
		      req->family == 4 ? CGC_CLASS_FAMILY4 : CGC_CLASS_FAMILY6);
}

static const struct cgc_rule *lookup_out(const struct cgc_ruleset *set,
					 const struct cgc_request *req)
{
	return lookup_peer(set, req, CGC_TABLE_DESTINATION, req->subject);
}

static const struct cgc_rule *lookup_in(const struct cgc_ruleset *set,
					const struct cgc_request *req)
{
	return lookup_peer(set, req, CGC_TABLE_SOURCE, req->object);
}

/* Raw packets need a rule in any case. */
static bool by_route(const struct cgc_request *req)
{
	return req->routes == CGC_ROUTES_ONLY &&
	       CGC_METHOD_BIT(req->method) & CGC_METHODS_PORTS;
}

struct cgc_verdict cgc_ruleset_decide(const struct cgc_ruleset *set,
				      const struct cgc_request *req)
{
	const struct cgc_rule *rule = NULL;

	if (req->path != CGC_PATH_IN && req->subject == CGC_LABEL_SUPERVISOR)
		return (struct cgc_verdict){ .allow = true, .why = CGC_WHY_SUPERVISOR };
	if (req->path == CGC_PATH_LOCAL && req->subject == req->object)
		return (struct cgc_verdict){ .allow = true, .why = CGC_WHY_SAME };
	if (req->path == CGC_PATH_FORWARD && !set->forwards)
		return (struct cgc_verdict){ .allow = true, .why = CGC_WHY_NOT_ASKED };
	if (req->method >= CGC_METHOD_COUNT)
		return (struct cgc_verdict){ .why = CGC_WHY_DEFAULT };
	if (req->path == CGC_PATH_OUT && req->routes) {
		if (req->routes == CGC_ROUTES_NONE)
			return (struct cgc_verdict){ .why = CGC_WHY_NO_ROUTE };
		if (by_route(req))
			return (struct cgc_verdict){ .allow = true, .why = CGC_WHY_ROUTE };
	}

	if (req->path == CGC_PATH_LOCAL)
		rule = lookup_local(set, req);
	else if (req->path == CGC_PATH_OUT)
		rule = lookup_out(set, req);
	else if (req->path == CGC_PATH_IN)
		rule = lookup_in(set, req);
	else if (req->path == CGC_PATH_FORWARD)
		rule = lookup_forward(set, req);
	if (!rule)
		return (struct cgc_verdict){ .why = CGC_WHY_DEFAULT };
	return (struct cgc_verdict){
		.allow = true,
		.why = CGC_WHY_RULE,
		.sports = rule->src.port_lo != 0,
		.ref = rule->ref,
		.netdevs = rule->netdevs,
	};
}
