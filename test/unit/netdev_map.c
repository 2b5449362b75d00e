// SPDX-License-Identifier: GPL-2.0-only
/* Mission N5: which interfaces a NETDEV statement means, and which comes first. */
#include "core/format.h"
#include "core/netdev_map.h"
#include "core/parse.h"
#include "tap.h"

static struct cgc_netdev_map maps[64];
static u32 maps_count;
static struct cgc_parse_error error;

static int take(void *ctx, const struct cgc_statement *st)
{
	(void)ctx;
	if (st->type != CGC_AST_NETDEV)
		return 1;
	maps[maps_count] = st->netdev.map;
	if (!maps[maps_count].label)
		maps[maps_count].label = CGC_LABEL_NETDEV_FIRST + 1;
	maps_count++;
	return 0;
}

static int read_all(const char *text)
{
	static struct cgc_statement scratch;

	memset(maps, 0, sizeof(maps));
	memset(&error, 0, sizeof(error));
	maps_count = 0;
	return cgc_parse(text, strlen(text), &scratch, take, NULL, &error);
}

/* An interface with one address and a peer, and one more name. */
struct fake {
	struct cgc_netdev_facts facts;
	u8 family;
	u8 own[16];
	u8 peer[16];
	const char *altname;
};

static bool in_net(const void *ctx, const struct cgc_map_addr *net, bool peer)
{
	const struct fake *fake = ctx;

	return fake->family && cgc_map_addr_has(net, fake->family, peer ? fake->peer : fake->own);
}

static bool called(const void *ctx, const char *name)
{
	const struct fake *fake = ctx;

	return fake->altname && !strcmp(fake->altname, name);
}

static struct fake interface(void)
{
	static struct fake fake;

	fake = (struct fake){
		.facts = { .initial = true, .is_vlan = true, .vlan = 7, .has_mac = true,
			   .mac = { 2, 0, 0x5e, 0x10, 0, 1 }, .name = "ppp0", .kind = "ppp",
			   .driver = "virtio_net", .master = "br0", .alias = "to the ISP",
			   .in_net = in_net, .called = called, .ctx = &fake },
		.family = 4, .own = { 192, 168, 1, 2 }, .peer = { 10, 64, 3, 4 },
		.altname = "uplink",
	};
	return fake;
}

static bool matches(const char *attributes, const struct fake *fake)
{
	char text[512];

	snprintf(text, sizeof(text), "NETDEV %s -> LABEL x", attributes);
	if (read_all(text)) {
		diag("%s: %s", attributes, error.what);
		return false;
	}
	return cgc_netdev_map_matches(&maps[0], &fake->facts);
}

static void test_attributes(void)
{
	static const struct {
		const char *yes;
		const char *no;
	} tests[] = {
		{ "name ppp0", "name ppp1" },
		{ "name ppp*", "name eth*" },
		{ "name p?p0", "name ?pp" },
		{ "kind ppp", "kind vlan" },
		{ "kind ppp", "kind pp" },
		{ "driver virtio_net", "driver e1000e" },
		{ "mac 02:00:5e:10:00:01", "mac 02:00:5e:10:00:02" },
		{ "mac 02:00:5E:00:00:00/24", "mac 02:00:5f:00:00:00/24" },
		{ "mac 00:00:5e:00:00:00/00:00:ff:00:00:00", "mac 00:00:5f:00:00:00/00:00:ff:00:00:00" },
		{ "address 192.168.0.0/16", "address 192.168.2.0/24" },
		{ "address 192.168.1.2", "address 192.168.1.3" },
		{ "address 192.168.1.2", "address fd99::2" },
		{ "peer 10.64.0.0/16", "peer 10.65.0.0/16" },
		{ "peer 10.64.3.4", "peer 192.168.1.2" },
		{ "vlan 7", "vlan 8" },
		{ "master br*", "master br1" },
		{ "netns initial", "netns other" },
		{ "netns any", "netns other" },
		{ "altname uplink", "altname up" },
		{ "alias \"to the *\"", "alias \"from *\"" },
		{ "name ppp* kind ppp peer 10.0.0.0/8", "name ppp* kind ppp peer 11.0.0.0/8" },
	};
	const struct fake fake = interface();
	size_t i;

	for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		ok(matches(tests[i].yes, &fake), "N5 %s means it", tests[i].yes);
		ok(!matches(tests[i].no, &fake), "N5 %s does not", tests[i].no);
	}
}

/* What an interface has not got is no reason to mean it. */
static void test_absent(void)
{
	static const char *const none[] = { "kind *", "driver *", "mac 00:00:00:00:00:00/1", "vlan 1",
		"master *", "alias *", "altname x", "address 0.0.0.0/0", "peer ::/0" };
	struct fake fake = interface();
	size_t i;

	fake.family = 0;
	fake.altname = NULL;
	fake.facts.is_vlan = fake.facts.has_mac = false;
	fake.facts.kind = fake.facts.driver = fake.facts.master = fake.facts.alias = "";
	fake.facts.ctx = &fake;
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		ok(!matches(none[i], &fake), "N5 an interface without it: %s", none[i]);
	fake.facts.initial = false;
	ok(!matches("name ppp0", &fake), "N5 without netns in the initial namespace only");
	ok(matches("name ppp0 netns other", &fake), "N5 netns other");
	ok(matches("netns any", &fake), "N5 netns any");
}

static void test_first(void)
{
	const struct fake fake = interface();

	ok(!read_all("NETDEV name eth0 -> LABEL a\nNETDEV kind ppp -> LABEL b\nNETDEV name ppp0 -> LABEL c"),
	   "N5 three statements");
	ok(cgc_netdev_map_first(maps, maps_count, &fake.facts) == 1, "N5 the first in file order counts");
	ok(cgc_netdev_map_first(maps, 1, &fake.facts) == -1, "N5 or none");
}

static void test_covers(void)
{
	static const struct {
		const char *wide, *narrow;
		bool covers;
	} tests[] = {
		{ "name eth*", "name eth0", true },
		{ "name eth*", "name eth1*", true },
		{ "name eth?", "name eth*", false },
		{ "name *0", "name eth0", true },
		{ "name *", "name ?", true },
		{ "name ?", "name *", false },
		{ "name eth0", "name eth*", false },
		{ "name eth*", "name eth0 kind vlan", true },
		{ "name eth* kind vlan", "name eth0", false },
		{ "name eth*", "kind vlan", false },
		{ "address 10.0.0.0/8", "address 10.1.0.0/16", true },
		{ "address 10.1.0.0/16", "address 10.0.0.0/8", false },
		{ "address 10.0.0.0/8", "peer 10.1.0.0/16", false },
		{ "peer ::/0", "peer fd99::/64", true },
		{ "peer 0.0.0.0/0", "peer fd99::/64", false },
		{ "mac 02:00:00:00:00:00/8", "mac 02:01:00:00:00:00/16", true },
		{ "mac 02:01:00:00:00:00/16", "mac 02:00:00:00:00:00/8", false },
		{ "vlan 7", "vlan 7 master br0", true },
		{ "vlan 7", "vlan 8", false },
		{ "kind veth", "kind veth netns other", false },
		{ "kind veth netns any", "kind veth", true },
		{ "netns any", "name eth0 netns other", true },
		{ "netns initial", "name eth0", true },
		{ "alias \"a *\"", "alias \"a b\"", true },
		{ "altname x", "altname x driver d", true },
		{ "altname x", "altname y", false },
	};
	char text[512];
	size_t i;

	for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		snprintf(text, sizeof(text), "NETDEV %s -> LABEL a; NETDEV %s -> LABEL b",
			 tests[i].wide, tests[i].narrow);
		ok(!read_all(text) && cgc_netdev_map_covers(&maps[0], &maps[1]) == tests[i].covers,
		   "N5 %s: %s %s", tests[i].wide, tests[i].covers ? "takes all of" : "leaves some of",
		   tests[i].narrow);
	}
}

static void test_text(void)
{
	static const char *const same[] = {
		"NETDEV name eth* -> LABEL ext",
		"NETDEV kind ppp peer 10.64.0.0/16 -> LABEL isp1",
		"NETDEV name eth0 kind veth driver e1000e mac 02:00:5e:10:00:01 address 10.0.0.0/8 peer fd99::1 vlan 4094 master br? altname uplink alias \"to the ISP; #1\" netns any -> LABEL isp-1.x",
		"NETDEV mac 02:00:00:00:00:00/ff:ff:00:00:00:00 -> LABEL 0xffff0005",
		"NETDEV netns other -> LABEL containers",
	};
	char at[1024];
	struct cgc_text text;
	const char *why;
	size_t i;

	for (i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		ok(!read_all(same[i]) && maps_count == 1, "N5 is read: %s", same[i]);
		maps[0].owner = CGC_OWNER_FILES;
		ok(!cgc_netdev_map_verify(&maps[0], &why), "N5 is what the module takes");
		cgc_text_init(&text, at, sizeof(at));
		cgc_format_netdev_map(&text, &maps[0], NULL);
		ok(!strcmp(at, same[i]), "N5 is written as it was read: %s", at);
	}
}

static void test_refused(void)
{
	static const struct {
		const char *text;
		u32 column;
		const char *what;
	} tests[] = {
		{ "NETDEV", 7, "expected name, kind, driver" },
		{ "NETDEV -> LABEL x", 8, "expected name, kind, driver" },
		{ "NETDEV eth0 -> LABEL x", 8, "expected name, kind, driver" },
		{ "NETDEV name", 12, "expected a name" },
		{ "NETDEV name eth0", 17, "or ->" },
		{ "NETDEV name eth0 name eth1 -> LABEL x", 18, "is there twice" },
		{ "NETDEV name eth0 ->", 20, "expected LABEL after ->" },
		{ "NETDEV name eth0 -> LABEL", 26, "expected a label's name, or a number" },
		{ "NETDEV name eth0 -> LABEL 5", 27, "expected 0xFFFF0000 to 0xFFFFFFFC" },
		{ "NETDEV name eth0 -> LABEL 0xFFFFFFFD", 27, "expected 0xFFFF0000" },
		{ "NETDEV name eth0 -> LABEL quarantine", 27, "expected another name" },
		{ "NETDEV name eth0 -> LABEL a b", 29, "expected the end of the statement" },
		{ "NETDEV name abcdefghijklmnop -> LABEL a", 13, "at most 15 bytes" },
		{ "NETDEV alias \"open -> LABEL a", 15, "closing \"" },
		{ "NETDEV mac 02:00:5e:10:00 -> LABEL a", 12, "six bytes in hexadecimal" },
		{ "NETDEV mac 02:00:5e:10:00:01/24 -> LABEL a", 12, "without bits past its mask" },
		{ "NETDEV mac 00:00:00:00:00:00/0 -> LABEL a", 12, "six bytes" },
		{ "NETDEV address 10.1.0.0/8 -> LABEL a", 16, "bits past its prefix" },
		{ "NETDEV address gw.example -> LABEL a", 16, "an address, not a name" },
		{ "NETDEV peer * -> LABEL a", 13, "expected an address, or a network" },
		{ "NETDEV vlan 0 -> LABEL a", 13, "expected 1 to 4094" },
		{ "NETDEV vlan 4095 -> LABEL a", 13, "expected 1 to 4094" },
		{ "NETDEV netns web -> LABEL a", 14, "expected initial, other" },
	};
	size_t i;

	for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		ok(read_all(tests[i].text) && error.place.line == 1 &&
		   error.place.column == tests[i].column && strstr(error.what, tests[i].what),
		   "R7 refused: %s", tests[i].text);
		if (!strstr(error.what, tests[i].what) || error.place.column != tests[i].column)
			diag("%u:%u: %s", error.place.line, error.place.column, error.what);
	}
}

static void refused(const struct cgc_netdev_map *map, const char *what)
{
	const char *why = NULL;

	ok(cgc_netdev_map_verify(map, &why) && why, "R7 the module refuses %s", what);
}

#define REFUSED(change, what) do { \
	struct cgc_netdev_map m = good; \
	change; \
	refused(&m, what); \
} while (0)

static void test_verify(void)
{
	struct cgc_netdev_map good;
	const char *why;

	read_all("NETDEV name eth0 -> LABEL x");
	good = maps[0];
	ok(!cgc_netdev_map_verify(&good, &why), "N5 a good one");
	REFUSED(m.attrs = 0, "a statement without attributes");
	REFUSED(m.attrs |= 1u << 20, "an attribute that it does not know");
	REFUSED(m.label = 5, "a label of a compartment");
	REFUSED(m.label = CGC_LABEL_QUARANTINE, "the label of quarantine");
	REFUSED(m.label = CGC_LABEL_NETDEV_NONE, "the label of none");
	REFUSED(m.reserved = 1, "a reserved field");
	REFUSED(memset(m.name, 'a', sizeof(m.name)), "a name without end");
	REFUSED(m.name[8] = 'a', "bytes behind a name");
	REFUSED(m.name[0] = '\n', "a control byte");
	REFUSED(memset(m.name, 0, sizeof(m.name)), "an empty name");
	REFUSED(m.kind[0] = 'a', "a kind that does not count");
	REFUSED(m.vlan = 5, "a VLAN id that does not count");
	REFUSED(m.attrs |= CGC_MAP_VLAN, "a VLAN id of 0");
	REFUSED((m.attrs |= CGC_MAP_VLAN, m.vlan = 4095), "VLAN id 4095");
	REFUSED(m.netns = 1, "a namespace that does not count");
	REFUSED((m.attrs |= CGC_MAP_NETNS, m.netns = 3), "an unknown namespace");
	REFUSED(m.attrs |= CGC_MAP_MAC, "a hardware address without mask");
	REFUSED(m.mac[0] = 1, "a hardware address that does not count");
	REFUSED(m.attrs |= CGC_MAP_ADDRESS, "no address");
	REFUSED((m.attrs |= CGC_MAP_PEER, m.peer.family = 4, m.peer.prefix = 33), "a long prefix");
	REFUSED((m.attrs |= CGC_MAP_PEER, m.peer.family = 4, m.peer.addr[0] = 1), "bits past a prefix");
	REFUSED(m.address.family = 4, "an address that does not count");
	REFUSED(strcpy(m.label_name, "5"), "a label's name that is a number");
	REFUSED(strcpy(m.label_name, "a b"), "a blank in a label's name");
	REFUSED(strcpy(m.label_name, "quarantine"), "quarantine as a label's name");
}

int main(void)
{
	test_attributes();
	test_absent();
	test_first();
	test_covers();
	test_text();
	test_refused();
	test_verify();
	return done();
}
