// SPDX-License-Identifier: GPL-2.0-only
/* The decision, against one that looks at every rule. */
#include <stdlib.h>

#include "naive.h"
#include "tap.h"

static struct cgc_ruleset *set_new(u32 capacity)
{
	return cgc_ruleset_init(malloc(cgc_ruleset_size(capacity)), capacity);
}

static u64 add(struct cgc_ruleset *set, struct cgc_rule rule)
{
	const char *why = NULL;
	u64 ref = 0;

	if (!rule.src.port_lo)
		rule.src.port_hi = 65535;
	if (!rule.dst.port_lo)
		rule.dst.port_hi = 65535;
	if (!rule.methods)
		rule.methods = CGC_METHOD_BIT(CGC_METHOD_TCP);
	if (cgc_ruleset_add(set, &rule, &naive_words, &ref, &why))
		diag("add: %s", why);
	return ref;
}

#define COMPARTMENT(n)	{ .kind = CGC_END_COMPARTMENT, .compartment = (n) }
#define ANY		{ .kind = CGC_END_COMPARTMENT_ANY }
#define HOSTS		{ .kind = CGC_END_HOST_ANY }

static struct cgc_verdict local(const struct cgc_ruleset *set, u32 subject, u32 object)
{
	struct cgc_request req = { .subject = subject, .object = object,
				   .path = CGC_PATH_LOCAL, .dport = 80 };

	return cgc_ruleset_decide(set, &req);
}

static struct cgc_verdict incoming(const struct cgc_ruleset *set, u32 object, u16 dport,
				   u64 netdevs)
{
	struct cgc_request req = { .object = object, .path = CGC_PATH_IN, .family = 4,
				   .dport = dport, .netdevs = netdevs, .peer = { 10, 1, 1, 1 } };

	return cgc_ruleset_decide(set, &req);
}

static void test_default(void)
{
	struct cgc_ruleset *set = set_new(0);

	ok(!local(set, 1, 2).allow, "R3 without rules nothing passes between compartments");
	ok(local(set, 1, 1).why == CGC_WHY_SAME, "R3 within a compartment no rule is needed");
	ok(!local(set, 0, 2).allow && !local(set, 2, 0).allow,
	   "L4 compartment 0 reaches no other, and none reaches it");
	ok(!incoming(set, 0, 80, 0).allow && !incoming(set, 2, 80, 0).allow,
	   "R3 without rules nothing comes in");
	free(set);
}

static void test_supervisor(void)
{
	struct cgc_ruleset *set = set_new(4);
	struct cgc_request out = { .subject = CGC_LABEL_SUPERVISOR, .path = CGC_PATH_OUT,
				   .family = 6 };
	struct cgc_request strange = { .subject = CGC_LABEL_SUPERVISOR, .object = 3,
				       .path = CGC_PATH_IN, .family = 4, .dport = 80 };

	ok(local(set, CGC_LABEL_SUPERVISOR, 3).why == CGC_WHY_SUPERVISOR &&
	   local(set, CGC_LABEL_SUPERVISOR, 0).allow, "L4 the supervisor reaches every compartment");
	ok(cgc_ruleset_decide(set, &out).why == CGC_WHY_SUPERVISOR,
	   "L4 the supervisor reaches every host");
	ok(!cgc_ruleset_decide(set, &strange).allow,
	   "L4 what comes in passes by no label of a subject");
	add(set, (struct cgc_rule){ .src = ANY, .dst = ANY });
	add(set, (struct cgc_rule){ .src = HOSTS, .dst = ANY });
	ok(local(set, 2, 3).allow && local(set, 2, 0).allow,
	   "R1 COMPARTMENT * is every compartment, 0 included");
	ok(!local(set, 2, CGC_LABEL_SUPERVISOR).allow &&
	   !incoming(set, CGC_LABEL_SUPERVISOR, 80, 0).allow,
	   "L4 COMPARTMENT * does not reach the supervisor");
	add(set, (struct cgc_rule){ .src = COMPARTMENT(2),
				    .dst = COMPARTMENT(CGC_LABEL_SUPERVISOR) });
	ok(local(set, 2, CGC_LABEL_SUPERVISOR).allow && !local(set, 3, CGC_LABEL_SUPERVISOR).allow,
	   "L4 a rule that names the supervisor reaches it");
	free(set);
}

static void test_direction(void)
{
	struct cgc_ruleset *set = set_new(4);
	struct cgc_request out = { .subject = 2, .path = CGC_PATH_OUT, .family = 4,
				   .dport = 80, .peer = { 10, 1, 1, 1 } };

	add(set, (struct cgc_rule){ .src = HOSTS, .dst = { .kind = CGC_END_COMPARTMENT,
			.compartment = 2, .port_lo = 80, .port_hi = 80 } });
	ok(incoming(set, 2, 80, 0).allow && !incoming(set, 2, 81, 0).allow,
	   "R4 a rule lets in what it names");
	ok(!cgc_ruleset_decide(set, &out).allow, "R4 a rule that lets in lets nothing out");
	ok(!local(set, 3, 2).allow && !local(set, 0, 2).allow,
	   "N2 HOST * does not stand in for COMPARTMENT x -> COMPARTMENT y");
	add(set, (struct cgc_rule){ .src = COMPARTMENT(4), .dst = COMPARTMENT(5) });
	ok(local(set, 4, 5).allow && !local(set, 5, 4).allow,
	   "R4 a rule between compartments has one direction");
	out.subject = 4;
	ok(!cgc_ruleset_decide(set, &out).allow && !incoming(set, 5, 80, 0).allow,
	   "N2 a rule between compartments says nothing of hosts");
	free(set);
}

static void test_family(void)
{
	struct cgc_ruleset *set = set_new(4);
	struct cgc_request req = { .object = 2, .path = CGC_PATH_IN, .family = 4 };

	add(set, (struct cgc_rule){ .src = { .kind = CGC_END_NET4 }, .dst = COMPARTMENT(2) });
	add(set, (struct cgc_rule){ .src = { .kind = CGC_END_NET6 }, .dst = COMPARTMENT(3) });
	add(set, (struct cgc_rule){ .src = HOSTS, .dst = COMPARTMENT(4) });
	ok(cgc_ruleset_decide(set, &req).allow, "N1 NET 0.0.0.0/0 is IPv4");
	req.family = 6;
	ok(!cgc_ruleset_decide(set, &req).allow, "N1 NET 0.0.0.0/0 is not IPv6");
	req.object = 3;
	ok(cgc_ruleset_decide(set, &req).allow, "N1 NET ::/0 is IPv6");
	req.family = 4;
	ok(!cgc_ruleset_decide(set, &req).allow, "N1 NET ::/0 is not IPv4");
	req.object = 4;
	ok(cgc_ruleset_decide(set, &req).allow && (req.family = 6) &&
	   cgc_ruleset_decide(set, &req).allow, "N1 HOST * is both families");
	req.family = 0;
	ok(!cgc_ruleset_decide(set, &req).allow, "N4 what has no address is no HOST");
	free(set);
}

static void test_netdev(void)
{
	struct cgc_ruleset *set = set_new(4);
	u64 bound = add(set, (struct cgc_rule){ .src = HOSTS, .dst = COMPARTMENT(2), .netdevs = 3 });
	struct cgc_verdict v;
	u64 free_ref;

	ok(incoming(set, 2, 80, 1).ref == bound && incoming(set, 2, 80, 2).allow,
	   "N5 either interface of a list will do");
	ok(!incoming(set, 2, 80, 4).allow && !incoming(set, 2, 80, 0).allow,
	   "N5 another interface will not");
	v = incoming(set, 2, 80, CGC_NETDEVS_UNKNOWN);
	ok(v.allow && v.netdevs == 3, "N5 before the route is known the verdict says what to ask again");
	free_ref = add(set, (struct cgc_rule){ .src = HOSTS, .dst = COMPARTMENT(2) });
	v = incoming(set, 2, 80, CGC_NETDEVS_UNKNOWN);
	ok(v.ref == free_ref && !v.netdevs, "N5 a rule without NETDEV is preferred");
	free(set);
}

static void test_sports(void)
{
	struct cgc_ruleset *set = set_new(2);
	struct cgc_request req = { .subject = 2, .object = 3, .path = CGC_PATH_LOCAL,
				   .dport = 80, .sport_unknown = true };
	struct cgc_verdict v;

	add(set, (struct cgc_rule){ .src = { .kind = CGC_END_COMPARTMENT, .compartment = 2,
					     .port_lo = 5000, .port_hi = 5001 },
				    .dst = COMPARTMENT(3) });
	add(set, (struct cgc_rule){ .src = COMPARTMENT(2), .dst = COMPARTMENT(4) });
	v = cgc_ruleset_decide(set, &req);
	ok(v.allow && v.sports, "N1 before a source port is chosen the verdict says to ask again");
	req.sport_unknown = false;
	req.sport = 4999;
	ok(!cgc_ruleset_decide(set, &req).allow, "N1 and then the port counts");
	req.object = 4;
	v = cgc_ruleset_decide(set, &req);
	ok(v.allow && !v.sports, "N1 a rule without source ports leaves nothing open");
	free(set);
}

static void test_attrs(void)
{
	struct cgc_ruleset *set = set_new(2);
	struct cgc_request req = { .subject = 1, .object = 2, .path = CGC_PATH_LOCAL,
				   .method = CGC_METHOD_SHM };

	add(set, (struct cgc_rule){ .src = COMPARTMENT(1), .dst = COMPARTMENT(2),
		.methods = CGC_METHOD_BIT(CGC_METHOD_SHM) | CGC_METHOD_BIT(CGC_METHOD_MSG),
		.attrs = CGC_ATTR_SHM_RO });
	ok(!cgc_ruleset_decide(set, &req).allow, "R2 shm[ro] allows nothing that needs more");
	req.attrs = CGC_ATTR_SHM_RO;
	ok(cgc_ruleset_decide(set, &req).allow, "R2 shm[ro] allows reading");
	req.method = CGC_METHOD_MSG;
	req.attrs = 0;
	ok(cgc_ruleset_decide(set, &req).allow, "R2 an attribute of one method leaves the others whole");
	free(set);
}

static void test_signals(void)
{
	struct cgc_ruleset *set = set_new(4);
	struct cgc_request req = { .subject = 1, .object = 2, .path = CGC_PATH_LOCAL,
				   .method = CGC_METHOD_SIGNAL };

	add(set, (struct cgc_rule){ .src = COMPARTMENT(1), .dst = COMPARTMENT(2),
		.methods = CGC_METHOD_BIT(CGC_METHOD_SIGNAL) | CGC_METHOD_BIT(CGC_METHOD_TRACE),
		.signals = 1ull << 14 | 1ull << 63 });
	ok(cgc_ruleset_decide(set, &req).allow, "R2 who may send a signal may ask whether there is somebody");
	req.signal = 15;
	ok(cgc_ruleset_decide(set, &req).allow, "R2 signal[TERM] allows TERM");
	req.signal = 9;
	ok(!cgc_ruleset_decide(set, &req).allow, "R2 signal[TERM] does not allow KILL");
	req.signal = 64;
	ok(cgc_ruleset_decide(set, &req).allow, "R2 the last signal");
	req.signal = 65;
	ok(!cgc_ruleset_decide(set, &req).allow, "R3 a signal that there is not is refused");
	req.method = CGC_METHOD_TRACE;
	req.signal = 0;
	ok(cgc_ruleset_decide(set, &req).allow, "R2 signals leave the other methods whole");
	req.method = CGC_METHOD_SIGNAL;
	req.object = 3;
	ok(!cgc_ruleset_decide(set, &req).allow, "R3 without a rule there is nobody");
	add(set, (struct cgc_rule){ .src = COMPARTMENT(1), .dst = COMPARTMENT(3),
		.methods = CGC_METHOD_BIT(CGC_METHOD_SIGNAL) });
	req.signal = 9;
	ok(cgc_ruleset_decide(set, &req).allow, "R2 METHOD signal allows all of them");
	free(set);
}

static bool sends(const struct cgc_ruleset *set, const char *name, u32 attrs)
{
	struct cgc_request req = { .subject = 1, .object = 2, .path = CGC_PATH_LOCAL,
				   .method = CGC_METHOD_UNIX, .attrs = attrs, .name = name,
				   .name_len = name ? strlen(name) : 0 };

	return cgc_ruleset_decide(set, &req).allow;
}

static void test_paths(void)
{
	struct cgc_ruleset *set = set_new(4);

	add(set, (struct cgc_rule){ .src = COMPARTMENT(1), .dst = COMPARTMENT(2), .path = 1,
		.methods = CGC_METHOD_BIT(CGC_METHOD_UNIX), .attrs = CGC_ATTR_UNIX_DGRAM });
	ok(sends(set, "/run/log", CGC_ATTR_UNIX_DGRAM), "R2 PATH /run/* allows /run/log");
	ok(!sends(set, "/run/log", CGC_ATTR_UNIX_STREAM), "R2 and no other type of socket");
	ok(!sends(set, "/var/log", CGC_ATTR_UNIX_DGRAM), "R2 PATH /run/* does not allow /var/log");
	ok(!sends(set, "", CGC_ATTR_UNIX_DGRAM) && !sends(set, NULL, CGC_ATTR_UNIX_DGRAM),
	   "R2 with PATH a socket without a name is not reached");
	ok(!sends(set, "@log", CGC_ATTR_UNIX_DGRAM), "R2 an abstract name is none of the file system");
	add(set, (struct cgc_rule){ .src = COMPARTMENT(1), .dst = COMPARTMENT(2),
		.methods = CGC_METHOD_BIT(CGC_METHOD_UNIX), .attrs = CGC_ATTR_UNIX_STREAM });
	ok(sends(set, NULL, CGC_ATTR_UNIX_STREAM) && sends(set, "@x", CGC_ATTR_UNIX_STREAM) &&
	   !sends(set, NULL, CGC_ATTR_UNIX_DGRAM), "R2 without PATH any socket is, also one without a name");
	free(set);
}

static struct cgc_verdict forwarded(const struct cgc_ruleset *set, u32 in, u32 out, u16 dport)
{
	struct cgc_request req = { .subject = in, .object = out, .path = CGC_PATH_FORWARD,
				   .sport = 1024, .dport = dport };

	return cgc_ruleset_decide(set, &req);
}

static void test_forward(void)
{
	const u32 ext = 0xFFFF0001, in = 0xFFFF0002, none = CGC_LABEL_NETDEV_NONE;
	struct cgc_ruleset *set = set_new(4);

	add(set, (struct cgc_rule){ .src = ANY, .dst = ANY });
	ok(forwarded(set, ext, in, 25).why == CGC_WHY_NOT_ASKED,
	   "N8 without a rule about forwarding it is not decided");
	add(set, (struct cgc_rule){ .src = COMPARTMENT(ext), .dst = COMPARTMENT(in) });
	set->rules[1].dst.port_lo = 0;
	ok(forwarded(set, ext, in, 25).why == CGC_WHY_RULE, "N8 from a label to a label by rule");
	ok(!forwarded(set, in, ext, 25).allow, "N8 in one direction");
	ok(!forwarded(set, ext, ext, 25).allow && !forwarded(set, none, none, 25).allow &&
	   !forwarded(set, none, in, 25).allow, "N8 nothing without a rule, within one label neither");
	ok(!forwarded(set, ext, 3, 25).allow && !forwarded(set, 3, in, 25).allow,
	   "N8 COMPARTMENT * is no interface");
	ok(!local(set, ext, in).allow || local(set, ext, in).ref != set->rules[1].ref,
	   "N8 what is forwarded is not local");
	free(set);
}

static void test_odd_requests(void)
{
	struct cgc_ruleset *set = set_new(2);
	struct cgc_request req = { .subject = 1, .object = 2, .path = CGC_PATH_LOCAL };

	add(set, (struct cgc_rule){ .src = ANY, .dst = ANY, .methods = CGC_METHODS_ALL });
	req.method = CGC_METHOD_COUNT;
	ok(!cgc_ruleset_decide(set, &req).allow, "R3 an unknown method is refused");
	req.method = 255;
	ok(!cgc_ruleset_decide(set, &req).allow, "R3 a method out of all bounds is refused");
	req.method = 0;
	req.path = 7;
	req.family = 4;
	ok(!cgc_ruleset_decide(set, &req).allow, "R3 an unknown path is refused");
	free(set);
}

static void test_naive(void)
{
	struct bytes b = { .state = 1 };
	unsigned int round, i, wrong = 0, by_rule = 0, refused = 0;
	struct cgc_request req;
	struct cgc_verdict v;
	struct cgc_rule rule;
	const char *why;
	u64 ref;

	for (round = 0; round < 400; round++) {
		u32 rules = choose(&b, 120);
		struct cgc_ruleset *set = set_new(rules);

		if (round & 1)
			set->buckets_mask = 0;	/* all keys in one bucket */
		for (i = 0; i < rules; i++) {
			naive_rule(&b, &rule);
			if (cgc_ruleset_add(set, &rule, &naive_words, &ref, &why) == -EINVAL)
				wrong++;
		}
		for (i = 0; i < 500; i++) {
			naive_request(&b, &req);
			v = cgc_ruleset_decide(set, &req);
			why = naive_judge(set, &req, v);
			if (why && !wrong++)
				diag("round %u, request %u: %s", round, i, why);
			by_rule += v.why == CGC_WHY_RULE;
			refused += !v.allow;
		}
		free(set);
	}
	ok(!wrong, "R5 200000 decisions on 400 random sets are what looking at every rule gives");
	ok(by_rule > 20000 && refused > 20000, "R5 (of these %u by a rule, %u refused)",
	   by_rule, refused);
}

int main(void)
{
	test_default();
	test_supervisor();
	test_direction();
	test_family();
	test_netdev();
	test_sports();
	test_attrs();
	test_signals();
	test_paths();
	test_forward();
	test_odd_requests();
	test_naive();
	return done();
}
