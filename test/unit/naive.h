/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What decides by looking at every rule, and rules and requests at random: the
 * yardstick for the core. Shares no code with it.
 */
#ifndef CGC_TEST_NAIVE_H
#define CGC_TEST_NAIVE_H

#include "core/ruleset.h"

/**
 * struct bytes - where choices come from: a generator, or a fuzzer's input
 * @at: the next, NULL for the generator
 * @left: how many; used up, all further choices are 0
 * @state: the generator's
 */
struct bytes {
	const u8 *at;
	size_t left;
	u64 state;
};

static inline u32 choose(struct bytes *b, u32 below)
{
	u32 value;

	if (b->at) {
		value = b->left ? *b->at : 0;
		if (b->left) {
			b->at++;
			b->left--;
		}
		return value % below;
	}
	b->state = b->state * 6364136223846793005ull + 1442695040888963407ull;
	value = b->state >> 33;
	return value % below;
}

/* Few values, so that rules and requests meet. */
static inline u32 naive_label(struct bytes *b)
{
	static const u32 labels[] = { 0, 1, 2, 3, 4, 0xFFFEFFFF, CGC_LABEL_SUPERVISOR, 5 };

	return labels[choose(b, 8)];
}

static inline u32 naive_netdev(struct bytes *b)
{
	static const u32 labels[] = { CGC_LABEL_NETDEV_FIRST, 0xFFFF0001, 0xFFFF0002,
				      0xFFFFFFFC };

	return labels[choose(b, 4)];
}

static inline u16 naive_port(struct bytes *b)
{
	static const u16 ports[] = { 1, 22, 53, 80, 443, 8080, 32768, 65535 };

	return ports[choose(b, 8)];
}

static inline void naive_addr(struct bytes *b, u8 kind, u8 *addr)
{
	static const u8 bytes[] = { 0, 1, 0x80 };
	bool six = kind == CGC_END_NET6;

	memset(addr, 0, 16);
	addr[0] = six ? 0xfd : 10;
	addr[1] = bytes[choose(b, 3)];
	addr[six ? 8 : 2] = bytes[choose(b, 3)];
	addr[six ? 15 : 3] = bytes[choose(b, 3)];
}

static inline void naive_end(struct bytes *b, struct cgc_end *end, bool compartment)
{
	static const u8 prefixes4[] = { 0, 8, 9, 15, 16, 24, 31, 32 };
	static const u8 prefixes6[] = { 0, 7, 8, 16, 64, 65, 127, 128 };
	unsigned int bit;

	memset(end, 0, sizeof(*end));
	end->kind = compartment ? (choose(b, 4) ? CGC_END_COMPARTMENT : CGC_END_COMPARTMENT_ANY) :
				  CGC_END_HOST_ANY + choose(b, 3);
	end->port_hi = 65535;
	if (end->kind == CGC_END_COMPARTMENT) {
		end->compartment = naive_label(b);
	} else if (end->kind == CGC_END_NET4 || end->kind == CGC_END_NET6) {
		end->prefix = end->kind == CGC_END_NET4 ? prefixes4[choose(b, 8)] :
							  prefixes6[choose(b, 8)];
		naive_addr(b, end->kind, end->addr);
		for (bit = end->prefix; bit < 128; bit++)
			end->addr[bit / 8] &= ~(0x80 >> bit % 8);
	}
}

static inline void naive_ports(struct bytes *b, struct cgc_end *end)
{
	u16 one = naive_port(b), other = naive_port(b);

	if (choose(b, 3) == 0)
		return;
	end->port_lo = one < other ? one : other;
	end->port_hi = one < other ? other : one;
	if (choose(b, 2))
		end->port_hi = end->port_lo;
}

static const struct cgc_netdev_selector naive_selectors[4] = {
	{ .name = "eth0" }, { .name = "eth1" }, { .label = 0xFFFF0000 }, { .name = "ppp0" },
};

static const struct cgc_path_word naive_paths[6] = {
	{ "/run/*" }, { "@a?c" }, { "/run/a/log" }, { "/*" }, { "/*a*" }, { "@*" },
};

static const struct cgc_rule_words naive_words = { naive_selectors, 4, 6, naive_paths };

/* A rule that cgc_rule_verify() takes. */
static inline void naive_rule(struct bytes *b, struct cgc_rule *rule)
{
	static const u32 attrs[] = { CGC_ATTR_SHM_RO, CGC_ATTR_MSG_SEND, CGC_ATTR_SEM_READ,
				     CGC_ATTR_UNIX_STREAM | CGC_ATTR_UNIX_DGRAM };
	static const u32 of[] = { CGC_METHOD_SHM, CGC_METHOD_MSG, CGC_METHOD_SEM, CGC_METHOD_UNIX };
	u32 path = choose(b, 4), i;
	bool local = path == CGC_PATH_LOCAL;

	memset(rule, 0, sizeof(*rule));
	rule->owner = CGC_OWNER_FILES;
	naive_end(b, &rule->src, path != CGC_PATH_IN);
	naive_end(b, &rule->dst, path != CGC_PATH_OUT);
	if (path == 3) {
		rule->src = rule->dst = (struct cgc_end){ .kind = CGC_END_COMPARTMENT,
							  .port_hi = 65535 };
		rule->src.compartment = naive_netdev(b);
		rule->dst.compartment = naive_netdev(b);
	}
	rule->methods = 1 + choose(b, 255) + (choose(b, 32) << 8);
	rule->methods &= local ? CGC_METHODS_ALL : CGC_METHODS_NET;
	if (!rule->methods)
		rule->methods = CGC_METHOD_BIT(CGC_METHOD_TCP);
	if (choose(b, 2)) {
		rule->methods &= CGC_METHODS_PORTS;
		if (!rule->methods)
			rule->methods = CGC_METHOD_BIT(CGC_METHOD_UDP);
		naive_ports(b, &rule->src);
		naive_ports(b, &rule->dst);
	}
	if (!local && path != 3 && choose(b, 3) == 0)
		rule->netdevs = 1 + choose(b, 15);
	i = choose(b, 8);
	if (local && i < 4 && rule->methods & CGC_METHOD_BIT(of[i]))
		rule->attrs = attrs[i];
	if (rule->methods & CGC_METHOD_BIT(CGC_METHOD_SIGNAL) && choose(b, 2))
		rule->signals = 1ull << choose(b, 64) | 1ull << choose(b, 4);
	if (local && choose(b, 8) == 0) {
		rule->methods = CGC_METHOD_BIT(CGC_METHOD_UNIX);
		rule->attrs &= attrs[3];
		rule->signals = 0;
		rule->src.port_lo = rule->dst.port_lo = 0;
		rule->src.port_hi = rule->dst.port_hi = 65535;
		rule->path = 1 + choose(b, 6);
	}
}

static inline void naive_request(struct bytes *b, struct cgc_request *req)
{
	static const char *const names[] = { NULL, "/run/a/log", "/run/", "/run", "@abc", "@abcd",
					     "@", "/var/run/", "a", "/a" };
	static const u64 netdevs[] = { 0, 1, 2, 4, 8, 5, 10, CGC_NETDEVS_UNKNOWN };

	memset(req, 0, sizeof(*req));
	req->path = choose(b, 4);
	if (req->path == 3)
		req->path = CGC_PATH_FORWARD;
	req->method = choose(b, CGC_METHOD_COUNT);
	req->subject = req->path == CGC_PATH_IN ? 0 : naive_label(b);
	req->object = req->path == CGC_PATH_OUT ? 0 : naive_label(b);
	if (req->path == CGC_PATH_FORWARD && choose(b, 8)) {
		req->subject = naive_netdev(b);
		req->object = naive_netdev(b);
	}
	if (CGC_METHODS_PORTS & CGC_METHOD_BIT(req->method)) {
		req->sport_unknown = naive_port(b) & 1;
		req->sport = naive_port(b);
		req->dport = naive_port(b);
	}
	if (req->path != CGC_PATH_LOCAL) {
		req->family = choose(b, 2) ? 4 : 6;
		naive_addr(b, req->family == 4 ? CGC_END_NET4 : CGC_END_NET6, req->peer);
		req->netdevs = netdevs[choose(b, 8)];
	} else {
		req->attrs = choose(b, 2) ? choose(b, 256) : 0;
		if (req->method == CGC_METHOD_SIGNAL)
			req->signal = choose(b, 66);
		req->name = names[choose(b, 10)];
		req->name_len = req->name ? strlen(req->name) : 0;
	}
}

static inline bool naive_end_is(const struct cgc_end *end, u32 label, bool object)
{
	if (end->kind == CGC_END_COMPARTMENT)
		return end->compartment == label;
	return end->kind == CGC_END_COMPARTMENT_ANY &&
	       !(object && label == CGC_LABEL_SUPERVISOR);
}

static inline bool naive_peer_is(const struct cgc_end *end, const struct cgc_request *req)
{
	unsigned int bit;

	if (end->kind == CGC_END_HOST_ANY)
		return true;
	if (end->kind != (req->family == 4 ? CGC_END_NET4 : CGC_END_NET6))
		return false;
	for (bit = 0; bit < end->prefix; bit++)
		if ((end->addr[bit / 8] ^ req->peer[bit / 8]) & 0x80 >> bit % 8)
			return false;
	return true;
}

static inline bool naive_attrs_allow(const struct cgc_rule *rule, const struct cgc_request *req)
{
	static const u32 group[CGC_METHOD_COUNT] = {
		[CGC_METHOD_SHM] = 0x01, [CGC_METHOD_MSG] = 0x06,
		[CGC_METHOD_SEM] = 0x18, [CGC_METHOD_UNIX] = 0xE0,
	};
	u32 narrowed = rule->attrs & group[req->method];

	return !narrowed || (req->attrs && (req->attrs & narrowed) == req->attrs);
}

static inline bool naive_signals_allow(const struct cgc_rule *rule,
				       const struct cgc_request *req)
{
	u32 n = req->signal;

	if (req->method != CGC_METHOD_SIGNAL || rule->signals == 0 || n == 0)
		return true;
	return n <= 64 && (rule->signals & (1ull << 63 >> (64 - n))) != 0;
}

/* By the definition: the first of the pattern, then the rest of it. */
static inline bool naive_glob(const char *pattern, const char *name, size_t len)
{
	if (!*pattern)
		return len == 0;
	if (*pattern == '*')
		return naive_glob(pattern + 1, name, len) ||
		       (len && naive_glob(pattern, name + 1, len - 1));
	return len && (*pattern == '?' || *pattern == *name) &&
	       naive_glob(pattern + 1, name + 1, len - 1);
}

static inline bool naive_path_allows(const struct cgc_rule *rule,
				     const struct cgc_path_word *paths,
				     const struct cgc_request *req)
{
	if (!rule->path)
		return true;
	return req->name_len && naive_glob(paths[rule->path - 1].name, req->name, req->name_len);
}

static inline bool naive_matches(const struct cgc_rule *rule,
				 const struct cgc_path_word *paths,
				 const struct cgc_request *req)
{
	bool ends = false;

	if (req->path == CGC_PATH_LOCAL)
		ends = naive_end_is(&rule->src, req->subject, false) &&
		       naive_end_is(&rule->dst, req->object, true);
	else if (req->path == CGC_PATH_FORWARD)
		ends = rule->src.compartment >= CGC_LABEL_NETDEV_FIRST &&
		       rule->src.compartment <= CGC_LABEL_NETDEV_LAST &&
		       rule->src.compartment == req->subject &&
		       rule->dst.compartment == req->object;
	else if (req->path == CGC_PATH_OUT)
		ends = naive_end_is(&rule->src, req->subject, false) &&
		       rule->dst.kind >= CGC_END_HOST_ANY && naive_peer_is(&rule->dst, req);
	else
		ends = rule->src.kind >= CGC_END_HOST_ANY && naive_peer_is(&rule->src, req) &&
		       naive_end_is(&rule->dst, req->object, true);
	return ends && rule->methods & CGC_METHOD_BIT(req->method) &&
	       (req->sport_unknown ||
		(rule->src.port_lo <= req->sport && req->sport <= rule->src.port_hi)) &&
	       rule->dst.port_lo <= req->dport && req->dport <= rule->dst.port_hi &&
	       (!rule->netdevs || rule->netdevs & req->netdevs) &&
	       naive_attrs_allow(rule, req) && naive_signals_allow(rule, req) &&
	       naive_path_allows(rule, paths, req);
}

/* By the rules of @set, one after the other. @free: one without NETDEV is there. */
static inline enum cgc_why naive_decide(const struct cgc_ruleset *set,
					const struct cgc_request *req, bool *free)
{
	enum cgc_why why = CGC_WHY_DEFAULT;
	u32 i;

	*free = false;
	if (req->path != CGC_PATH_IN && req->subject == CGC_LABEL_SUPERVISOR)
		return CGC_WHY_SUPERVISOR;
	if (req->path == CGC_PATH_LOCAL && req->subject == req->object)
		return CGC_WHY_SAME;
	if (req->path == CGC_PATH_FORWARD) {
		for (i = 0; i < set->count; i++)
			if (set->rules[i].src.compartment >= CGC_LABEL_NETDEV_FIRST &&
			    set->rules[i].src.compartment <= CGC_LABEL_NETDEV_LAST)
				break;
		if (i == set->count)
			return CGC_WHY_NOT_ASKED;
	}
	for (i = 0; i < set->count; i++) {
		if (!naive_matches(&set->rules[i], set->paths, req))
			continue;
		why = CGC_WHY_RULE;
		if (!set->rules[i].netdevs)
			*free = true;
	}
	return why;
}

/* Is a verdict what it should be? NULL, or what is wrong with it. */
static inline const char *naive_judge(const struct cgc_ruleset *set,
				      const struct cgc_request *req, struct cgc_verdict v)
{
	bool free;
	enum cgc_why why = naive_decide(set, req, &free);
	const struct cgc_rule *rule;

	if (v.why != why)
		return "why";
	if (v.allow != (why != CGC_WHY_DEFAULT))
		return "allow";
	if (why != CGC_WHY_RULE)
		return v.ref || v.netdevs ? "a reference without a rule" : NULL;
	rule = cgc_ruleset_find(set, v.ref);
	if (!rule || !naive_matches(rule, set->paths, req) ||
	    !cgc_rule_matches(rule, set->paths, req))
		return "the rule that it names does not match";
	if (v.netdevs != rule->netdevs || free != !v.netdevs)
		return "a rule without NETDEV is to be preferred";
	return NULL;
}

#endif
