// SPDX-License-Identifier: GPL-2.0-only
#include "rule.h"

#include "key.h"

static const char *const method_names[CGC_METHOD_COUNT] = {
	[CGC_METHOD_TCP] = "tcp",
	[CGC_METHOD_UDP] = "udp",
	[CGC_METHOD_RAW] = "raw",
	[CGC_METHOD_ICMP] = "icmp",
	[CGC_METHOD_SCTP] = "sctp",
	[CGC_METHOD_UNIX] = "unix",
	[CGC_METHOD_MSG] = "msg",
	[CGC_METHOD_SHM] = "shm",
	[CGC_METHOD_SEM] = "sem",
	[CGC_METHOD_MQ] = "mq",
	[CGC_METHOD_SIGNAL] = "signal",
	[CGC_METHOD_TRACE] = "trace",
	[CGC_METHOD_LIST] = "list",
};

const char *cgc_method_name(unsigned int method)
{
	return method < CGC_METHOD_COUNT ? method_names[method] : NULL;
}

/* The bits of a byte that belong to the first @prefix of an address. */
static u8 prefix_byte(unsigned int prefix, unsigned int index)
{
	if (prefix >= 8 * (index + 1))
		return 0xFF;
	if (prefix <= 8 * index)
		return 0;
	return 0xFF << (8 * (index + 1) - prefix);
}

static bool addr_is_masked(const u8 *addr, unsigned int prefix)
{
	unsigned int i;

	for (i = 0; i < 16; i++)
		if (addr[i] & ~prefix_byte(prefix, i))
			return false;
	return true;
}

/* ::ffff:0:0/96 and what is in it: addresses of IPv4 in the clothes of IPv6. */
static bool addr_is_mapped(const struct cgc_end *end)
{
	static const u8 mapped[12] = { [10] = 0xFF, [11] = 0xFF };

	return end->prefix >= 96 && !memcmp(end->addr, mapped, sizeof(mapped));
}

static const char *end_verify_compartment(const struct cgc_end *end)
{
	if (end->prefix || !addr_is_masked(end->addr, 0))
		return "a compartment has no address";
	if (end->kind == CGC_END_COMPARTMENT_ANY && end->compartment)
		return "COMPARTMENT * has no number";
	return NULL;
}

static const char *end_verify_host(const struct cgc_end *end)
{
	unsigned int bits = 0;

	if (end->kind == CGC_END_NET4)
		bits = 32;
	else if (end->kind == CGC_END_NET6)
		bits = 128;
	if (end->compartment)
		return "a host has no compartment";
	if (end->prefix > bits)
		return "a prefix is longer than its address";
	if (!addr_is_masked(end->addr, end->prefix))
		return "an address has bits past its prefix";
	if (end->kind == CGC_END_NET6 && addr_is_mapped(end))
		return "an IPv4-mapped IPv6 address never comes: expected the IPv4 address";
	return NULL;
}

static const char *end_verify(const struct cgc_end *end)
{
	if (end->kind >= CGC_END_KINDS)
		return "an end is of an unknown kind";
	if (end->reserved)
		return "a reserved field is not 0";
	if (end->port_lo > end->port_hi)
		return "a port range ends before it begins";
	if (!end->port_lo && end->port_hi != 65535)
		return "port 0 is no port: expected 1 to 65535, or 0-65535 for any";
	return cgc_end_is_compartment(end) ? end_verify_compartment(end) :
					     end_verify_host(end);
}

static bool end_has_port(const struct cgc_end *end)
{
	return end->port_lo != 0;
}

static u32 attrs_of_methods(u32 methods)
{
	unsigned int method;
	u32 attrs = 0;

	for (method = 0; method < CGC_METHOD_COUNT; method++)
		if (methods & CGC_METHOD_BIT(method))
			attrs |= cgc_attrs_of_method(method);
	return attrs;
}

static unsigned int netdevs_number(u64 netdevs)
{
	unsigned int n = 0;

	for (; netdevs; netdevs &= netdevs - 1)
		n++;
	return n;
}

static const char *rule_verify(const struct cgc_rule *rule)
{
	bool forward = cgc_end_is_netdev(&rule->src) || cgc_end_is_netdev(&rule->dst);
	bool local = cgc_end_is_compartment(&rule->src) &&
		     cgc_end_is_compartment(&rule->dst);

	if (forward && !(cgc_end_is_netdev(&rule->src) && cgc_end_is_netdev(&rule->dst)))
		return "an interface's label is at one end only: expected one at both";
	if (forward && (rule->src.compartment >= CGC_LABEL_QUARANTINE ||
			rule->dst.compartment >= CGC_LABEL_QUARANTINE))
		return "an interface without a label forwards nothing";
	if (!cgc_end_is_compartment(&rule->src) && !cgc_end_is_compartment(&rule->dst))
		return "HOST to HOST is not for this machine: expected a COMPARTMENT at one end";
	if (!rule->methods || rule->methods & ~CGC_METHODS_ALL)
		return "a rule has at least one method, and none that is unknown";
	if (!local && rule->methods & ~CGC_METHODS_NET)
		return "unix, IPC and process methods are between compartments only";
	if (forward && rule->methods & ~CGC_METHODS_NET)
		return "what is forwarded is tcp, udp, raw, icmp or sctp";
	if ((end_has_port(&rule->src) || end_has_port(&rule->dst)) &&
	    rule->methods & ~CGC_METHODS_PORTS)
		return "a port needs methods that have ports: tcp, udp, sctp";
	if (rule->attrs & ~attrs_of_methods(rule->methods))
		return "an attribute is of no method of the rule";
	if (rule->signals && !(rule->methods & CGC_METHOD_BIT(CGC_METHOD_SIGNAL)))
		return "signals need METHOD signal";
	if (rule->path && rule->methods != CGC_METHOD_BIT(CGC_METHOD_UNIX))
		return "PATH needs METHOD unix alone";
	if (local && rule->netdevs)
		return "NETDEV needs a HOST or NET at one end";
	if (netdevs_number(rule->netdevs) > CGC_RULE_NETDEVS_MAX)
		return "a rule lists at most 16 interfaces";
	if (rule->owner > CGC_OWNER_UNIT)	/* 0: not said yet */
		return "the owner is unknown";
	return NULL;
}

static_assert(CGC_RULE_NETDEVS_MAX == 16, "rule_verify() says so");

int cgc_rule_verify(const struct cgc_rule *rule, const char **why)
{
	*why = end_verify(&rule->src);
	if (!*why)
		*why = end_verify(&rule->dst);
	if (!*why)
		*why = rule_verify(rule);
	return *why ? -EINVAL : 0;
}

/* Words go in as numbers, so that the digest is the same on every machine. */
static u64 digest_word(u64 digest, u64 word)
{
	digest = (digest ^ word) * 0x9E3779B97F4A7C15ull;
	return digest ^ digest >> 32;
}

static u64 digest_bytes(u64 digest, const void *bytes, size_t len)
{
	const u8 *at = bytes;
	u64 word = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		word = word << 8 | at[i];
		if (i % 8 == 7)
			digest = digest_word(digest, word);
	}
	return digest;
}

static u64 digest_end(u64 digest, const struct cgc_end *end)
{
	digest = digest_word(digest, end->kind | (u64)end->prefix << 8 |
			     (u64)end->port_lo << 16 | (u64)end->port_hi << 32);
	digest = digest_word(digest, end->compartment);
	return digest_bytes(digest, end->addr, sizeof(end->addr));
}

static u64 digest_selector(const struct cgc_netdev_selector *selector)
{
	return digest_bytes(digest_word(1, selector->label), selector->name,
			    sizeof(selector->name));
}

static bool selector_repeats(u64 netdevs, const struct cgc_netdev_selector *selectors,
			     unsigned int index)
{
	unsigned int i;

	for (i = 0; i < index; i++)
		if (netdevs >> i & 1 &&
		    !memcmp(&selectors[i], &selectors[index], sizeof(*selectors)))
			return true;
	return false;
}

u64 cgc_rule_ref(const struct cgc_rule *rule, const struct cgc_rule_words *words)
{
	const struct cgc_netdev_selector *selectors = words->netdevs;
	u64 digest = digest_word(0, (u64)rule->methods << 32 | rule->attrs);
	u64 names = 0;
	unsigned int i;

	digest = digest_end(digest, &rule->src);
	digest = digest_end(digest, &rule->dst);
	/* A sum: the order does not count. */
	for (i = 0; i < CGC_NETDEV_SELECTORS && rule->netdevs >> i; i++)
		if (rule->netdevs >> i & 1 && !selector_repeats(rule->netdevs, selectors, i))
			names += digest_selector(&selectors[i]);
	digest = digest_word(digest, names);
	digest = digest_word(digest, rule->signals);
	if (rule->path)
		digest = digest_bytes(digest, words->paths[rule->path - 1].name, CGC_PATH_SIZE);
	return digest ? digest : 1;
}

static bool end_is_label(const struct cgc_end *end, u32 label)
{
	return end->kind == CGC_END_COMPARTMENT ? end->compartment == label :
						  end->kind == CGC_END_COMPARTMENT_ANY;
}

/* As an object the supervisor is no part of COMPARTMENT *. */
static bool end_is_object(const struct cgc_end *end, u32 label)
{
	return end_is_label(end, label) &&
	       (end->kind == CGC_END_COMPARTMENT || label != CGC_LABEL_SUPERVISOR);
}

static bool end_is_peer(const struct cgc_end *end, const struct cgc_request *req)
{
	unsigned int i;

	if (end->kind == CGC_END_HOST_ANY)
		return req->family == 4 || req->family == 6;
	if (!(end->kind == CGC_END_NET4 && req->family == 4) &&
	    !(end->kind == CGC_END_NET6 && req->family == 6))
		return false;
	for (i = 0; i < 16 && prefix_byte(end->prefix, i); i++)
		if ((req->peer[i] ^ end->addr[i]) & prefix_byte(end->prefix, i))
			return false;
	return true;
}

bool cgc_rule_matches(const struct cgc_rule *rule, const struct cgc_path_word *paths,
		      const struct cgc_request *req)
{
	if (req->method >= CGC_METHOD_COUNT || !cgc_rule_rest_matches(rule, req) ||
	    !cgc_rule_local_matches(rule, paths, req))
		return false;
	switch (req->path) {
	case CGC_PATH_FORWARD:
		return cgc_end_is_netdev(&rule->src) && rule->src.compartment == req->subject &&
		       cgc_end_is_netdev(&rule->dst) && rule->dst.compartment == req->object;
	case CGC_PATH_LOCAL:
		return end_is_label(&rule->src, req->subject) &&
		       end_is_object(&rule->dst, req->object);
	case CGC_PATH_OUT:
		return end_is_label(&rule->src, req->subject) && end_is_peer(&rule->dst, req);
	case CGC_PATH_IN:
		return end_is_peer(&rule->src, req) && end_is_object(&rule->dst, req->object);
	default:
		return false;
	}
}
