// SPDX-License-Identifier: GPL-2.0-only
/* Is a rule well formed, is it the same as another. */
#include "core/rule.h"

#include "tap.h"

static struct cgc_rule good(void)
{
	return (struct cgc_rule){
		.src = { .kind = CGC_END_NET4, .prefix = 24, .port_hi = 65535,
			 .addr = { 10, 1, 1 } },
		.dst = { .kind = CGC_END_COMPARTMENT, .compartment = 2,
			 .port_lo = 80, .port_hi = 80 },
		.methods = CGC_METHOD_BIT(CGC_METHOD_TCP),
		.owner = CGC_OWNER_FILES,
	};
}

static struct cgc_rule between(u32 methods)
{
	return (struct cgc_rule){
		.src = { .kind = CGC_END_COMPARTMENT, .compartment = 1, .port_hi = 65535 },
		.dst = { .kind = CGC_END_COMPARTMENT, .compartment = 2, .port_hi = 65535 },
		.methods = methods,
		.owner = CGC_OWNER_CLI,
	};
}

static void refused(struct cgc_rule rule, const char *part, const char *name)
{
	const char *why = NULL;
	int err = cgc_rule_verify(&rule, &why);

	ok(err == -EINVAL && why && strstr(why, part), "R1 refused: %s", name);
	if (err && (!why || !strstr(why, part)))
		diag("why: %s", why ? why : "(null)");
}

static void accepted(struct cgc_rule rule, const char *name)
{
	const char *why = NULL;

	if (!ok(!cgc_rule_verify(&rule, &why), "R1 accepted: %s", name))
		diag("why: %s", why);
}

/* REFUSED(a change to a good rule, part of the sentence, name) */
#define REFUSED(change, part, name) do { \
	struct cgc_rule r = good(); \
	change; \
	refused(r, part, name); \
} while (0)

static void test_ends(void)
{
	REFUSED(r.src.kind = CGC_END_KINDS, "unknown kind", "an unknown kind of end");
	REFUSED(r.src.prefix = 33; r.src.addr[3] = 1, "prefix", "a prefix of 33 bits");
	REFUSED(r.src.addr[3] = 1, "past its prefix", "an address with bits past its prefix");
	REFUSED(r.src.addr[15] = 1, "past its prefix", "an IPv4 address with an IPv6 tail");
	REFUSED(r.src.kind = CGC_END_HOST_ANY, "prefix", "HOST * with a prefix");
	REFUSED(r.src.compartment = 1, "no compartment", "a network with a compartment");
	REFUSED(r.dst.addr[0] = 1, "no address", "a compartment with an address");
	REFUSED(r.dst.prefix = 1, "no address", "a compartment with a prefix");
	REFUSED(r.dst.kind = CGC_END_COMPARTMENT_ANY, "no number", "COMPARTMENT * with a number");
	REFUSED(r.dst.compartment = CGC_LABEL_NETDEV_FIRST, "one end only", "an interface's label as one end");
	REFUSED(r.dst.compartment = CGC_LABEL_NETDEV_LAST, "one end only", "the last label as one end");
	REFUSED(r.src = r.dst; r.dst.compartment = CGC_LABEL_NETDEV_FIRST, "one end only",
		"a compartment and an interface's label");
	REFUSED(r.dst.compartment = CGC_LABEL_NETDEV_FIRST; r.src = r.dst;
		r.src.kind = CGC_END_COMPARTMENT_ANY; r.src.compartment = 0, "one end only",
		"COMPARTMENT * and an interface's label");
	REFUSED(r.dst.compartment = CGC_LABEL_NETDEV_FIRST; r.src = r.dst;
		r.methods |= CGC_METHOD_BIT(CGC_METHOD_SHM), "forwarded", "an interface's label and shm");
	REFUSED(r.dst.compartment = CGC_LABEL_NETDEV_FIRST; r.src = r.dst; r.netdevs = 1,
		"NETDEV", "interfaces' labels and NETDEV");
	REFUSED(r.dst.compartment = CGC_LABEL_QUARANTINE; r.src = r.dst, "forwards nothing", "quarantine as an end");
	REFUSED(r.dst.reserved = 1, "reserved", "a reserved field of an end");
	REFUSED(r.dst.port_lo = 81, "before", "a port range that is upside down");
	REFUSED(r.dst.port_lo = 0, "port 0", "port 0 to 80");
	REFUSED(r.dst = r.src, "HOST to HOST", "HOST -> HOST");
	REFUSED(r.src.kind = CGC_END_NET6; r.src.prefix = 129, "prefix", "a prefix of 129 bits");
	REFUSED(r.src = ((struct cgc_end){ .kind = CGC_END_NET6, .prefix = 128, .port_hi = 65535,
					   .addr = { [10] = 255, [11] = 255, [12] = 10 } }),
		"IPv4-mapped", "an IPv4-mapped address");
}

static void test_rest(void)
{
	struct cgc_rule r;

	REFUSED(r.methods = 0, "method", "no method");
	REFUSED(r.methods |= 1u << CGC_METHOD_COUNT, "method", "an unknown method");
	REFUSED(r.methods |= CGC_METHOD_BIT(CGC_METHOD_SHM), "between compartments",
		"shm from a network");
	REFUSED(r.methods |= CGC_METHOD_BIT(CGC_METHOD_ICMP), "port", "icmp with a port");
	REFUSED(r.attrs = CGC_ATTR_SHM_RO, "attribute", "an attribute of tcp");
	REFUSED(r.netdevs = 0x1FFFF, "16", "17 interfaces");
	REFUSED(r.owner = 4, "owner", "an unknown owner");
	r = between(CGC_METHOD_BIT(CGC_METHOD_TCP));
	r.netdevs = 1;
	refused(r, "NETDEV", "NETDEV between compartments");
	r = between(CGC_METHOD_BIT(CGC_METHOD_MSG));
	r.attrs = CGC_ATTR_SHM_RO;
	refused(r, "attribute", "an attribute of another method");
	r.attrs = 1u << 31;
	refused(r, "attribute", "an unknown attribute");

	accepted(good(), "a rule from a network");
	accepted(between(CGC_METHODS_ALL), "METHOD all between compartments");
	r = between(CGC_METHOD_BIT(CGC_METHOD_SHM));
	r.attrs = CGC_ATTR_SHM_RO;
	accepted(r, "shm[ro]");
	r = good();
	r.netdevs = 0xFFFF;
	accepted(r, "16 interfaces");
	r = between(CGC_METHODS_ALL);
	r.dst.compartment = CGC_LABEL_SUPERVISOR;
	accepted(r, "the supervisor as a destination");
	r = good();
	r.ref = 1;
	r.next[1] = 7;
	accepted(r, "a reference and a chain that the set replaces");
}

static u64 ref_of(const struct cgc_rule *rule, const struct cgc_netdev_selector *selectors)
{
	const struct cgc_rule_words words = { .netdevs = selectors, .netdevs_count = 2 };

	return cgc_rule_ref(rule, &words);
}

static void test_ref(void)
{
	static const struct cgc_netdev_selector there[] = { { .name = "eth0" }, { .name = "eth1" } };
	static const struct cgc_netdev_selector back[] = { { .name = "eth1" }, { .name = "eth0" } };
	static const struct cgc_netdev_selector other[] = { { .name = "eth0" }, { .name = "eth2" } };
	static const struct cgc_netdev_selector twice[] = { { .name = "eth0" }, { .name = "eth0" } };
	struct cgc_rule a = good(), b = good();
	u64 ref = ref_of(&a, NULL);

	b.ref = 5;
	b.owner = CGC_OWNER_UNIT;
	b.next[0] = 9;
	ok(ref && ref_of(&b, NULL) == ref, "R6 a reference says what the rule says, not whose it is");
	ok(ref == 0x5ece6a8f99ce44f5ull, "R6 a reference is the same on every machine and version");
	if (ref != 0x5ece6a8f99ce44f5ull)
		diag("it is %#llx", (unsigned long long)ref);
	b = a, b.dst.port_hi = 81;
	ok(ref_of(&b, NULL) != ref, "R6 another port, another reference");
	b = a, b.methods <<= 1;
	ok(ref_of(&b, NULL) != ref, "R6 another method, another reference");
	b = a, b.src.addr[2] = 2;
	ok(ref_of(&b, NULL) != ref, "R6 another address, another reference");
	b = a, b.src = a.dst, b.dst = a.src;
	ok(ref_of(&b, NULL) != ref, "R6 another direction, another reference");
	a.netdevs = 3;
	b = good(), b.netdevs = 1;
	ok(ref_of(&a, there) == ref_of(&a, back), "R6 the order of interfaces does not count");
	ok(ref_of(&a, there) != ref_of(&a, other), "R6 their names do");
	ok(ref_of(&a, twice) == ref_of(&b, there), "R6 one interface twice is one");
	ok(ref_of(&a, there) != ref, "R6 NETDEV changes the reference");
}

static u64 path_ref(u32 path)
{
	static const struct cgc_path_word paths[] = { { "/a" }, { "/b" }, { "/a" } };
	const struct cgc_rule_words words = { .paths = paths, .paths_count = 3 };
	struct cgc_rule rule = between(CGC_METHOD_BIT(CGC_METHOD_UNIX));

	rule.path = path;
	return cgc_rule_ref(&rule, &words);
}

static void test_ref_local(void)
{
	struct cgc_rule a = between(CGC_METHOD_BIT(CGC_METHOD_SIGNAL)), b = a, c = a;

	b.signals = 1ull << 14;
	c.signals = 1ull << 14 | 1;
	ok(ref_of(&a, NULL) != ref_of(&b, NULL) && ref_of(&b, NULL) != ref_of(&c, NULL),
	   "R6 other signals, another reference");
	c.signals = 1;
	ok(ref_of(&a, NULL) != ref_of(&c, NULL), "R6 the first alone too");
	c.signals = b.signals;
	ok(ref_of(&b, NULL) == ref_of(&c, NULL), "R6 the same signals, the same reference");
	ok(path_ref(0) != path_ref(1) && path_ref(1) != path_ref(2), "R6 another PATH, another reference");
	ok(path_ref(1) == path_ref(3), "R6 where its word stands does not count");
}

static void test_local(void)
{
	struct cgc_rule r = between(CGC_METHOD_BIT(CGC_METHOD_SIGNAL));

	r.signals = ~0ull;
	accepted(r, "every signal by name");
	r.methods |= CGC_METHOD_BIT(CGC_METHOD_MSG);
	accepted(r, "signals beside another method");
	r.methods = CGC_METHOD_BIT(CGC_METHOD_MSG);
	refused(r, "METHOD signal", "signals of another method");
	r = between(CGC_METHOD_BIT(CGC_METHOD_UNIX));
	r.path = 1;
	accepted(r, "unix with PATH");
	r.attrs = CGC_ATTR_UNIX_DGRAM;
	accepted(r, "unix[dgram] with PATH");
	r.methods |= CGC_METHOD_BIT(CGC_METHOD_TCP);
	refused(r, "unix alone", "PATH beside another method");
	r = good();
	r.path = 1;
	refused(r, "unix alone", "PATH from a network");
	r.path = 0;
	r.signals = 1;
	refused(r, "METHOD signal", "signals from a network");
}

static void test_names(void)
{
	unsigned int i;
	bool all = true;

	for (i = 0; i < CGC_METHOD_COUNT; i++)
		all &= cgc_method_name(i) && cgc_method_name(i)[0];
	ok(all && !cgc_method_name(CGC_METHOD_COUNT) && !cgc_method_name(~0u),
	   "R2 every method has a name, and no other number has");
	ok(!strcmp(cgc_method_name(CGC_METHOD_LIST), "list"), "R2 the last is list");
}

int main(void)
{
	test_ends();
	test_rest();
	test_local();
	test_ref();
	test_ref_local();
	test_names();
	return done();
}
