// SPDX-License-Identifier: GPL-2.0-only
/* ROUTE statements, and what routes have a say in. */
#include "core/route.h"
#include "tap.h"
#include "text.h"

static struct text_rules t;

/* As the control program makes a record of what was parsed. */
static int route_of(const char *text, struct cgc_route *route)
{
	char buffer[256];
	const struct cgc_ast_route *ast = &t.scratch.route;
	int err;

	snprintf(buffer, sizeof(buffer), "ROUTE COMPARTMENT %s", text);
	err = text_parse_copy(&t, buffer, strlen(buffer));
	if (err || strcmp(t.types, "o"))
		return -EINVAL;
	memset(route, 0, sizeof(*route));
	route->compartment = ast->compartment.number;
	route->family = (ast->via.place.line ? ast->via.kind : ast->dst.kind) == CGC_AST_NET4 ? 4 : 6;
	route->prefix = ast->dst.prefix;
	memcpy(route->dst, ast->dst.addr, sizeof(route->dst));
	if (ast->via.place.line)
		memcpy(route->via, ast->via.addr, sizeof(route->via));
	memcpy(route->netdev, ast->dev, sizeof(route->netdev));
	return 0;
}

static const struct {
	const char *text;
	const char *canonical;
} good[] = {
	{ "3 10.1.0.0/16 VIA 10.1.1.1 DEV eth1", "=" },
	{ "3 10.1.0.0/16 via 10.1.1.1", "3 10.1.0.0/16 VIA 10.1.1.1" },
	{ "3 net 10.1.0.0 255.255.0.0 dev eth1.7", "3 10.1.0.0/16 DEV eth1.7" },
	{ "3 HOST 10.1.1.9 DEV eth1", "3 10.1.1.9 DEV eth1" },
	{ "3 10.1.1.9/32 DEV eth1", "3 10.1.1.9 DEV eth1" },
	{ "3 default VIA 10.1.1.1", "=" },
	{ "3 DEFAULT via fd00::1 DEV eth1", "3 default VIA fd00::1 DEV eth1" },
	{ "3 fd00::/16 VIA fd00::1", "=" },
	{ "3 ::/0 DEV eth1", "=" },
	{ "3 0.0.0.0/0 DEV eth1", "=" },
	{ "0x10 fd00::1 DEV eth1", "16 fd00::1 DEV eth1" },
};

static void test_good(void)
{
	char line[256], wanted[256];
	struct cgc_route route;
	struct cgc_text text;
	const char *why;
	size_t i;
	int err;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		err = route_of(good[i].text, &route);
		if (!err)
			err = cgc_route_verify(&route, &why);
		cgc_text_init(&text, line, sizeof(line));
		cgc_format_route(&text, &route, NULL);
		snprintf(wanted, sizeof(wanted), "ROUTE COMPARTMENT %s",
			 *good[i].canonical == '=' ? good[i].text : good[i].canonical);
		if (!ok(!err && !strcmp(line, wanted), "N7 %s", good[i].text))
			diag("%s", t.error.what[0] ? t.error.what : line);
	}
}

static const char *const bad[] = {
	"* default DEV lo", "3", "3 10.1.0.0/16", "3 10.1.1.1/16 DEV lo", "3 nowhere DEV lo", "3 * DEV lo",
	"3 10.1.0.0/16 VIA", "3 10.1.0.0/16 VIA nowhere", "3 10.1.0.0/16 VIA fd00::1", "3 fd00::/16 VIA 10.1.1.1",
	"3 10.1.0.0/16 DEV", "3 10.1.0.0/16 DEV @int", "3 10.1.0.0/16 DEV @0xFFFF0000", "3 10.1.0.0/16 DEV a/b",
	"3 10.1.0.0/16 DEV lo VIA 10.1.1.1", "3 10.1.0.0/16 DEV lo lo", "3 ::ffff:10.1.1.1 DEV lo", "3 10.1.0.0/33 DEV lo",
	"3 default", "3 10.1.0.0/16 VIA 10.1.1.1/32",
};

static void test_bad(void)
{
	struct cgc_route route;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(route_of(bad[i], &route) && t.error.place.line == 1 && strstr(t.error.what, "expected"),
		   "R7 %s: refused with its place (%s)", bad[i], t.error.what);
}

static struct cgc_route made(const char *text)
{
	struct cgc_route route = { 0 };

	if (route_of(text, &route))
		diag("%s: %s", text, t.error.what);
	return route;
}

static void test_verify(void)
{
	const struct cgc_route right = made("3 10.1.0.0/16 VIA 10.1.1.1 DEV eth1");
	struct cgc_route r;
	const char *why;

	r = right, r.family = 5;
	ok(cgc_route_verify(&r, &why) && why, "R7 no other family");
	r = right, r.prefix = 33;
	ok(cgc_route_verify(&r, &why) && why, "R7 no longer prefix");
	r = right, r.prefix = 8;
	ok(cgc_route_verify(&r, &why) && why, "R7 no bits past the prefix");
	r = right, r.dst[4] = 1;
	ok(cgc_route_verify(&r, &why) && why, "R7 nor past the address");
	r = right, r.via[15] = 1;
	ok(cgc_route_verify(&r, &why) && why, "R7 nor in the gateway");
	r = right, r.reserved = 1;
	ok(cgc_route_verify(&r, &why) && why, "R7 nothing reserved");
	r = right, memset(r.netdev, 'x', sizeof(r.netdev));
	ok(cgc_route_verify(&r, &why) && why, "R7 a name that ends");
	r = right, r.netdev[10] = 'x';
	ok(cgc_route_verify(&r, &why) && why, "R7 nothing behind its end");
	r = right, r.netdev[0] = '/';
	ok(cgc_route_verify(&r, &why) && why, "R7 no interface is called so");
	r = right, memset(r.netdev, 0, sizeof(r.netdev)), memset(r.via, 0, sizeof(r.via));
	ok(cgc_route_verify(&r, &why) && why, "R7 a gateway or an interface");
	r = right, r.compartment = CGC_LABEL_DEFAULT;
	ok(cgc_route_verify(&r, &why) && why, "N7 compartment 0 goes by the machine's tables");
	r = right, r.compartment = CGC_LABEL_SUPERVISOR;
	ok(cgc_route_verify(&r, &why) && why, "N7 so does the supervisor");
	ok(!cgc_route_verify(&right, &why), "N7 what is right is");
}

static void test_covers(void)
{
	const struct cgc_route net = made("3 10.1.16.0/20 DEV a"), six = made("3 fd00:1::/33 DEV a"),
			       host = made("3 10.1.1.9 DEV a"), all = made("3 0.0.0.0/0 DEV a");
	const u8 in[16] = { 10, 1, 31, 255 }, out[16] = { 10, 1, 32, 0 }, is_host[16] = { 10, 1, 1, 9 },
		 in6[16] = { 0xfd, 0, 0, 1, 0x7f }, out6[16] = { 0xfd, 0, 0, 1, 0x80 };
	struct cgc_route other;

	ok(cgc_route_covers(&net, 4, in) && !cgc_route_covers(&net, 4, out), "N7 a network of IPv4");
	ok(cgc_route_covers(&six, 6, in6) && !cgc_route_covers(&six, 6, out6), "N7 a network of IPv6");
	ok(cgc_route_covers(&host, 4, is_host) && !cgc_route_covers(&host, 4, in), "N7 a host");
	ok(cgc_route_covers(&all, 4, in) && !cgc_route_covers(&all, 6, in6), "N7 all of a family");
	other = made("3 10.1.16.0/20 VIA 10.1.1.1");
	ok(cgc_route_rivals(&net, &other), "N7 two ways to the same");
	other = made("4 10.1.16.0/20 DEV a");
	ok(!cgc_route_rivals(&net, &other), "N7 in two tables");
	other = made("3 10.1.16.0/21 DEV a");
	ok(!cgc_route_rivals(&net, &other), "N7 the longer prefix counts");
}

static void test_decide(void)
{
	struct cgc_ruleset *set = cgc_ruleset_init(calloc(1, cgc_ruleset_size(0)), 0);
	struct cgc_request req = { .subject = 3, .path = CGC_PATH_OUT, .method = CGC_METHOD_TCP,
				   .family = 4, .dport = 80 };

	ok(cgc_ruleset_decide(set, &req).why == CGC_WHY_DEFAULT, "N7 not ROUTED: the rules decide");
	req.routes = CGC_ROUTES_NONE;
	ok(cgc_ruleset_decide(set, &req).why == CGC_WHY_NO_ROUTE, "N7 no route");
	req.routes = CGC_ROUTES_TOO;
	ok(cgc_ruleset_decide(set, &req).why == CGC_WHY_DEFAULT, "N7 ROUTED: a rule, too");
	req.routes = CGC_ROUTES_ONLY;
	ok(cgc_ruleset_decide(set, &req).allow && cgc_ruleset_decide(set, &req).why == CGC_WHY_ROUTE,
	   "N7 ROUTED ONLY: the route is the permission");
	req.method = CGC_METHOD_RAW;
	ok(!cgc_ruleset_decide(set, &req).allow, "N7 but of no raw packet");
	req.method = CGC_METHOD_ICMP;
	ok(!cgc_ruleset_decide(set, &req).allow, "N7 nor of an echo");
	req.method = CGC_METHOD_TCP;
	req.path = CGC_PATH_IN;
	ok(!cgc_ruleset_decide(set, &req).allow, "N7 nor of what comes in");
	free(set);
}

int main(void)
{
	test_good();
	test_bad();
	test_verify();
	test_covers();
	test_decide();
	return done();
}
