// SPDX-License-Identifier: GPL-2.0-only
/* Rules, definitions and flows as text, and back. */
#include "core/format.h"

#include <stdlib.h>

#include "naive.h"
#include "tap.h"
#include "text.h"

static struct text_rules t;

static void is(const char *text, const char *expected, const char *name)
{
	if (!ok(!strcmp(text, expected), "%s", name))
		diag("%s, expected %s", text, expected);
}

static void test_text(void)
{
	struct cgc_text text;
	char buf[8];

	cgc_text_init(&text, buf, sizeof(buf));
	cgc_text_str(&text, "abc");
	ok(!text.cut && text.len == 3 && !strcmp(buf, "abc"), "O2 a text grows");
	cgc_text_str(&text, "defghi");
	ok(text.cut && text.len == 7 && !strcmp(buf, "abcdefg"), "O2 a full one drops what follows");
	cgc_text_str(&text, "x");
	ok(!strcmp(buf, "abcdefg"), "O2 and stays as it is");
	cgc_text_init(&text, buf, 0);
	cgc_text_str(&text, "x");
	ok(text.cut && !text.len && buf[0] == 'a', "O2 one without room is not touched");
	cgc_text_init(&text, buf, 1);
	cgc_text_u64(&text, 7);
	ok(text.cut && !buf[0], "O2 one with room for the NUL holds the NUL");
}

static void test_numbers(void)
{
	struct cgc_text text;
	char buf[64];

	cgc_text_init(&text, buf, sizeof(buf));
	cgc_text_u64(&text, 0);
	cgc_text_str(&text, " ");
	cgc_text_u64(&text, ~0ull);
	cgc_text_str(&text, " ");
	cgc_text_hex(&text, 0, 1);
	cgc_text_str(&text, " ");
	cgc_text_hex(&text, 0xABC, 8);
	cgc_text_str(&text, " ");
	cgc_text_hex(&text, ~0ull, 16);
	is(buf, "0 18446744073709551615 0x0 0x00000abc 0xffffffffffffffff", "O2 numbers");
}

static void test_addr(void)
{
	static const struct {
		u8 addr[16];
		const char *text;
	} six[] = {
		{ { 0 }, "::" },
		{ { [15] = 1 }, "::1" },
		{ { 0xfd, 0x99, [15] = 1 }, "fd99::1" },
		{ { 0xfd, 0x99 }, "fd99::" },
		{ { 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 1 }, "2001:db8:0:0:1::" },
		{ { 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1 }, "2001:db8::1:0:0:1" },
		{ { 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8 }, "1:2:3:4:5:6:7:8" },
		{ { 0, 1, 0, 0, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8 }, "1:0:3:4:5:6:7:8" },
		{ { 0, 0, 0, 0, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8 }, "::3:4:5:6:7:8" },
		{ { 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 0, 0, 0 }, "1:2:3:4:5:6::" },
		{ { [10] = 0xFF, [11] = 0xFF, [12] = 10, [15] = 1 }, "::ffff:10.0.0.1" },
	};
	static const u8 four[4] = { 10, 0, 255, 1 };
	struct cgc_text text;
	char buf[64];
	size_t i;

	for (i = 0; i < sizeof(six) / sizeof(six[0]); i++) {
		cgc_text_init(&text, buf, sizeof(buf));
		cgc_text_addr(&text, 6, six[i].addr);
		is(buf, six[i].text, "N1 IPv6 addresses as in RFC 5952");
	}
	cgc_text_init(&text, buf, sizeof(buf));
	cgc_text_addr(&text, 4, four);
	is(buf, "10.0.255.1", "N1 IPv4 addresses");
}

static const char *label(u32 number)
{
	static char buf[64];
	struct cgc_text text;

	cgc_text_init(&text, buf, sizeof(buf));
	cgc_text_label(&text, NULL, number);
	return buf;
}

static void test_label(void)
{
	is(label(0), "default", "L4 0 is called default");
	is(label(CGC_LABEL_SUPERVISOR), "supervisor", "L4 -1 is called supervisor");
	is(label(2), "2", "L4 another is a number");
	is(label(0xFFFEFFFF), "4294901759", "L4 the highest compartment");
	is(label(0xFFFF0000), "0xffff0000", "L4 the lowest interface");
}

static const char *flow_text(const struct cgc_flow *flow, bool reversed, const char *netdev)
{
	static char buf[CGC_RULE_TEXT_SIZE];
	struct cgc_text text;

	cgc_text_init(&text, buf, sizeof(buf));
	cgc_format_flow(&text, flow, reversed, netdev, NULL);
	return buf;
}

static void test_flow(void)
{
	struct cgc_flow out = { .subject = 2, .path = CGC_PATH_OUT, .family = 4, .sport = 40000,
				.dport = 80, .daddr = { 10, 1, 1, 1 } };
	struct cgc_flow in = { .object = 2, .path = CGC_PATH_IN, .family = 6, .sport = 40000,
			       .dport = 80, .saddr = { 0xfd, [15] = 1 } };
	struct cgc_flow local = { .subject = 2, .object = 3, .sport = 5, .dport = 80 };
	struct cgc_flow forward = { .subject = 0xFFFF0001, .object = 0xFFFF0002, .sport = 5,
				    .dport = 25, .path = CGC_PATH_FORWARD };
	struct cgc_flow odd = { .subject = 2, .object = 3, .method = 99, .dport = 80 };

	is(flow_text(&out, false, "eth0"),
	   "COMPARTMENT 2 -> HOST 10.1.1.1 PORT 80 METHOD tcp NETDEV eth0", "O5 a refusal on the way out");
	is(flow_text(&in, false, NULL), "HOST fd00::1 -> COMPARTMENT 2 PORT 80 METHOD tcp",
	   "O5 a refusal on the way in");
	is(flow_text(&local, false, "lo"), "COMPARTMENT 2 -> COMPARTMENT 3 PORT 80 METHOD tcp",
	   "O5 a refusal between compartments");
	is(flow_text(&forward, false, "eth0"),
	   "COMPARTMENT @0xffff0001 -> COMPARTMENT @0xffff0002 PORT 25 METHOD tcp",
	   "N8 O5 a refusal to forward");
	is(flow_text(&out, true, "eth0"),
	   "HOST 10.1.1.1 PORT 80 -> COMPARTMENT 2 PORT 40000 METHOD tcp NETDEV eth0",
	   "R4 a reverse rule has both ports");
	is(flow_text(&in, true, ""), "COMPARTMENT 2 PORT 80 -> HOST fd00::1 PORT 40000 METHOD tcp",
	   "R4 the other way round too");
	out.method = CGC_METHOD_ICMP;
	is(flow_text(&out, true, ""), "HOST 10.1.1.1 -> COMPARTMENT 2 METHOD icmp",
	   "O5 an identifier is no port");
	is(flow_text(&odd, false, NULL), "COMPARTMENT 2 -> COMPARTMENT 3 METHOD ?",
	   "O5 an unknown method does no harm");
	out.method = CGC_METHOD_RAW;
	out.family = 0;
	is(flow_text(&out, false, ""), "COMPARTMENT 2 -> HOST * METHOD raw",
	   "O5 a refusal without an address");
	out.path = CGC_PATH_CAP;
	out.detail = 27;
	is(flow_text(&out, false, ""), "COMPARTMENT 2 CAPS +cap_mknod",
	   "S2 O5 a capability that the bound is without");
	out.path = CGC_PATH_SEAL;
	is(flow_text(&out, false, ""), "COMPARTMENT 2 SEALED", "S1 O5 a gain of privilege");
	out.path = CGC_PATH_JAIL;
	is(flow_text(&out, false, ""), "COMPARTMENT 2 ROOT", "F2 O5 a way out of the root");
	out.path = CGC_PATH_KERNEL;
	is(flow_text(&out, false, ""), "COMPARTMENT 2", "S3 O5 an act on the kernel");
	out.path = CGC_PATH_FILE;
	is(flow_text(&out, false, ""), "COMPARTMENT 2 IMMUTABLE", "F3 O5 an immutable file");
	out.path = CGC_PATH_OUT;
	out.detail = 0;
	out.family = 4;
	out.method = CGC_METHOD_TCP;
	ok(!text_parse(&t, flow_text(&out, true, "eth0"), strlen(flow_text(&out, true, "eth0"))),
	   "R6 a reverse rule as listed parses");
}

static const char *event_text(u8 method, u8 detail, const char *path)
{
	static char buf[CGC_RULE_TEXT_SIZE];
	struct cgc_event event = { .flow = { .subject = 2, .object = 0, .method = method,
					     .detail = detail } };
	struct cgc_text text;

	strncpy(event.path, path, sizeof(event.path) - 1);
	cgc_text_init(&text, buf, sizeof(buf));
	cgc_format_event(&text, &event, NULL);
	if (text_parse(&t, buf, text.len))
		diag("%s: %s", buf, t.error.what);
	return buf;
}

#define LOCAL "COMPARTMENT 2 -> COMPARTMENT default METHOD "

static void test_event(void)
{
	is(event_text(CGC_METHOD_SIGNAL, 15, ""), LOCAL "signal[TERM]", "O5 a signal refused");
	ok(t.rule.signals == 1ull << 14, "O5 and the rule that would allow it");
	is(event_text(CGC_METHOD_SIGNAL, 0, ""), LOCAL "signal", "O5 a look whether there is somebody");
	is(event_text(CGC_METHOD_SIGNAL, 33, ""), LOCAL "signal[33]", "O5 a signal without a name");
	is(event_text(CGC_METHOD_SHM, 1, ""), LOCAL "shm[ro]", "O5 an attribute that was needed");
	is(event_text(CGC_METHOD_MSG, 3, ""), LOCAL "msg[recv]", "O5 another one");
	is(event_text(CGC_METHOD_MSG, 1, ""), LOCAL "msg", "O5 one of another method is not said");
	is(event_text(CGC_METHOD_MSG, 200, ""), LOCAL "msg", "O5 one of none neither");
	is(event_text(CGC_METHOD_UNIX, 7, "/run/x"), LOCAL "unix[dgram] PATH /run/x", "O5 a name refused");
	ok(t.rule.path && !strcmp(t.path.name, "/run/x") && t.rule.attrs == CGC_ATTR_UNIX_DGRAM,
	   "O5 and the rule that would allow it");
	is(event_text(CGC_METHOD_UNIX, 6, "@a b"), LOCAL "unix[stream] PATH \"@a b\"", "O5 a name with a blank");
	is(event_text(CGC_METHOD_UNIX, 8, ""), LOCAL "unix[seqpacket]", "O5 a socket without a name");
	is(event_text(CGC_METHOD_UNIX, 6, "x"), LOCAL "unix[stream]", "O5 a name that PATH cannot say");
	is(event_text(CGC_METHOD_TRACE, 3, "/x"), LOCAL "trace", "O5 other methods have neither");
}

/* Every rule that the core takes, it says so that the parser takes it. */
static void test_round_trip(void)
{
	struct bytes b = { .state = 7 };
	char line[CGC_RULE_TEXT_SIZE], again[CGC_RULE_TEXT_SIZE];
	struct cgc_rule_words words;
	struct cgc_rule rule;
	unsigned int i, wrong = 0;
	struct cgc_text text;
	u64 ref;

	for (i = 0; i < 20000; i++) {
		naive_rule(&b, &rule);
		cgc_text_init(&text, line, sizeof(line));
		cgc_format_rule(&text, &rule, &naive_words, NULL);
		ref = cgc_rule_ref(&rule, &naive_words);
		if (text_parse(&t, line, text.len) || strcmp(t.types, "r")) {
			wrong++;
			diag("%s: %u: %s", line, t.error.place.column, t.error.what);
			continue;
		}
		text_format(&t, again, sizeof(again));
		words = text_words(&t);
		if (cgc_rule_ref(&t.rule, &words) != ref || strcmp(line, again)) {
			diag("%s, again %s", line, again);
			wrong++;
		}
	}
	ok(!wrong, "R6 20000 random rules load again as they are listed, with the same reference");
}

static void test_longest(void)
{
	char line[CGC_RULE_TEXT_SIZE];
	char name[CGC_NAME_SIZE];
	static struct cgc_netdev_selector selectors[CGC_RULE_NETDEVS_MAX];
	struct cgc_rule rule = {
		.src = { .kind = CGC_END_NET6, .prefix = 127, .port_lo = 10000, .port_hi = 65535 },
		.dst = { .kind = CGC_END_COMPARTMENT, .compartment = 100, .port_lo = 10000,
			 .port_hi = 65535 },
		.methods = CGC_METHODS_PORTS, .owner = 1, .netdevs = 0xFFFF,
	};
	struct cgc_text text;
	struct cgc_rule_words words = { .netdevs = selectors, .netdevs_count = CGC_RULE_NETDEVS_MAX };
	struct cgc_names names = { text_name, &t };
	const char *why;
	u32 i;

	for (i = 0; i < 16; i++) {
		rule.src.addr[i] = 0xF0;
		memset(selectors[i].name, 'a' + i, CGC_NETDEV_SIZE - 1);
	}
	rule.src.addr[15] = 0xFE;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	memset(&t, 0, sizeof(t));
	text_number(&t, name);
	cgc_text_init(&text, line, sizeof(line));
	cgc_format_rule(&text, &rule, &words, &names);
	ok(!cgc_rule_verify(&rule, &why) && !text.cut, "O2 the longest rule has room (%zu of %u bytes)",
	   text.len, CGC_RULE_TEXT_SIZE);
	ok(!text_parse(&t, line, text.len), "R6 and parses");
}

static void test_longest_local(void)
{
	struct cgc_rule rule = {
		.src = { .kind = CGC_END_COMPARTMENT, .compartment = 100, .port_hi = 65535 },
		.dst = { .kind = CGC_END_COMPARTMENT, .compartment = 100, .port_hi = 65535 },
		.methods = CGC_METHODS_ALL, .attrs = 255, .signals = ~0ull, .owner = 1,
	};
	struct cgc_names names = { text_name, &t };
	const struct cgc_rule_words words = { 0 };
	char line[CGC_RULE_TEXT_SIZE], name[CGC_NAME_SIZE];
	struct cgc_text text;
	const char *why;

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	memset(&t, 0, sizeof(t));
	text_number(&t, name);
	cgc_text_init(&text, line, sizeof(line));
	cgc_format_rule(&text, &rule, &words, &names);
	ok(!cgc_rule_verify(&rule, &why) && !text.cut,
	   "O2 the longest between compartments has room (%zu of %u bytes)", text.len,
	   CGC_RULE_TEXT_SIZE);
	ok(!text_parse(&t, line, text.len) && t.rule.signals == ~0ull && t.rule.attrs == 255,
	   "R6 and parses");
}

static void test_definitions(void)
{
	struct bytes b = { .state = 3 };
	struct cgc_compartment def;
	unsigned int i, wrong = 0;
	struct cgc_text text;
	char line[2048];

	for (i = 0; i < 5000; i++) {
		memset(&def, 0, sizeof(def));
		strcpy(def.name, "web");
		def.number = 1 + choose(&b, 0xFFFF);
		def.flags = CGC_COMPARTMENT_DEFINED | choose(&b, 8);
		def.caps = ~0ull;
		if (choose(&b, 4))
			def.caps = (u64)choose(&b, ~0u) << 33 | choose(&b, ~0u);
		strcpy(def.root, choose(&b, 2) ? "/compt/web" : "/a b");
		strcpy(def.user, choose(&b, 2) ? "www-data:33" : "");
		def.devices_count = choose(&b, 3);
		if (def.devices_count)
			strcpy(def.devices[0].path, "/dev/net/tun");
		if (def.devices_count > 1)
			strcpy(def.devices[1].path, "/dev/loop0");
		cgc_text_init(&text, line, sizeof(line));
		cgc_format_compartment(&text, &def, NULL);
		if (text.cut || text_parse(&t, line, text.len) || memcmp(&t.def, &def, sizeof(def))) {
			diag("%s: %s", line, t.error.what);
			wrong++;
		}
	}
	ok(!wrong, "R6 5000 random definitions load again as they are listed");
}

static void test_longest_definition(void)
{
	static struct cgc_compartment def = {
		.flags = CGC_COMPARTMENT_DEFINED | CGC_COMPARTMENT_SEALED | CGC_COMPARTMENT_PERMISSIVE |
			 CGC_COMPARTMENT_ROUTED | CGC_COMPARTMENT_ROUTED_ONLY,
		.number = 0xFFFEFFFF, .caps = 0x5555555555555555ull,
		.netdevs_count = CGC_NETDEVS_MAX, .devices_count = CGC_DEVICES_MAX,
	};
	struct cgc_names names = { text_name, &t };
	char line[CGC_DEFINITION_TEXT_SIZE], name[CGC_NAME_SIZE];
	struct cgc_text text;
	unsigned int i;

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	memset(&t, 0, sizeof(t));
	memcpy(def.name, name, sizeof(def.name));
	memset(def.root, '/', 1);
	memset(def.root + 1, 'r', sizeof(def.root) - 2);
	memset(def.user, 'u', sizeof(def.user) - 1);
	for (i = 0; i < CGC_NETDEVS_MAX; i++)
		def.netdevs[i].label = text_number(&t, name);
	for (i = 0; i < CGC_DEVICES_MAX; i++) {
		strcpy(def.devices[i].path, "/dev/");
		memset(def.devices[i].path + 5, 'a' + (int)i, CGC_DEVICE_PATH_SIZE - 6);
	}
	cgc_text_init(&text, line, sizeof(line));
	cgc_format_compartment(&text, &def, &names);
	ok(!text.cut && text.len <= CGC_LINE_MAX, "O2 the longest definition has room (%zu of %u bytes)",
	   text.len, CGC_DEFINITION_TEXT_SIZE);
	/* that each interface is there once is the parser's to ask */
	def.netdevs_count = 1;
	memset(def.netdevs + 1, 0, sizeof(def.netdevs) - sizeof(def.netdevs[0]));
	def.netdevs[0].label = CGC_LABEL_NETDEV_FIRST;
	cgc_text_init(&text, line, sizeof(line));
	cgc_format_compartment(&text, &def, NULL);
	ok(!text_parse(&t, line, text.len) && !memcmp(&t.def, &def, sizeof(def)), "R6 and parses");
}

static void test_interface_reasons(void)
{
	struct cgc_flow flow = { .path = CGC_PATH_IN, .method = CGC_METHOD_TCP };

	ok(!strcmp(cgc_format_reason(&flow), "no rule allows it"), "O5 the rules refuse");
	flow.detail = CGC_DETAIL_QUARANTINE;
	ok(!strcmp(cgc_format_reason(&flow), "the interface is in quarantine"), "N5 quarantine refuses");
	flow.path = CGC_PATH_OUT;
	flow.detail = CGC_DETAIL_NETDEVS;
	ok(!strcmp(cgc_format_reason(&flow), "its NETDEVS are without the interface"), "N5 NETDEVS refuse");
	flow.path = CGC_PATH_LOCAL;
	flow.detail = CGC_DETAIL_QUARANTINE;
	ok(!strcmp(cgc_format_reason(&flow), "no rule allows it"), "O5 between compartments it is the rules");
}

int main(void)
{
	test_text();
	test_numbers();
	test_addr();
	test_label();
	test_flow();
	test_event();
	test_round_trip();
	test_longest();
	test_longest_local();
	test_definitions();
	test_longest_definition();
	test_interface_reasons();
	return done();
}
