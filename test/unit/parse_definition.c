// SPDX-License-Identifier: GPL-2.0-only
/* Definitions: what each text means, and where and why it is wrong. */
#include "tap.h"
#include "text.h"

static struct text_rules t;

struct definition {
	const char *text;
	const char *canonical;	/* with NUMBER */
};

static const struct definition definitions[] = {
	{ "COMPARTMENT web NUMBER 2", "=" },
	{ "COMPARTMENT web NUMBER 0x10", "COMPARTMENT web NUMBER 16" },
	{ "COMPARTMENT web NUMBER 2 SEALED CAPS -cap_mknod,-cap_sys_admin ROOT /compt/web",
	  "COMPARTMENT web NUMBER 2 SEALED ROOT /compt/web" },
	{ "COMPARTMENT web ROOT /compt/web SEALED NUMBER 2",
	  "COMPARTMENT web NUMBER 2 SEALED ROOT /compt/web" },
	{ "COMPARTMENT web NUMBER 2\n\tSEALED\n\tCAPS -CAP_CHOWN +sys_admin",
	  "COMPARTMENT web NUMBER 2 SEALED CAPS -cap_chown,+cap_sys_admin" },
	{ "COMPARTMENT web NUMBER 2 CAPS +all", "=" },
	{ "COMPARTMENT web NUMBER 2 CAPS +all,-cap_mknod", "=" },
	{ "COMPARTMENT web NUMBER 2 CAPS -all,+cap_chown", "=" },
	{ "ADMIN COMPARTMENT web NUMBER 2 CAPS -cap_mknod", "=" },
	{ "ADMIN COMPARTMENT admin NUMBER 9", "=" },
	{ "admin compartment:admin number 9 permissive", "ADMIN COMPARTMENT admin NUMBER 9 PERMISSIVE" },
	{ "COMPARTMENT web NUMBER 2 CAPS -all", "=" },
	{ "COMPARTMENT web NUMBER 2 CAPS -all,+cap_net_bind_service,+63", "=" },
	{ "COMPARTMENT web NUMBER 2 CAPS +50", "=" },
	{ "COMPARTMENT web NUMBER 2 ROOT \"/srv/a b;c\"", "=" },
	{ "COMPARTMENT web NUMBER 2 ROOT /srv/..web/.x/...", "=" },
	{ "COMPARTMENT default", "COMPARTMENT default NUMBER 0" },
	{ "COMPARTMENT default NUMBER 0 PERMISSIVE", "=" },
	{ "COMPARTMENT supervisor NUMBER 4294967295", "COMPARTMENT supervisor NUMBER -1" },
	{ "COMPARTMENT mail NUMBER 3 ROUTED ONLY NETDEVS eth0,@int",
	  "COMPARTMENT mail NUMBER 3 ROUTED ONLY NETDEVS eth0,@0xffff0064" },
	{ "COMPARTMENT mail NUMBER 3 NETDEVS eth0 , eth1\n\tSEALED", "COMPARTMENT mail NUMBER 3 SEALED NETDEVS eth0,eth1" },
	{ "COMPARTMENT web NUMBER 2 ROOT /compt/web USER www-data", "=" },
	{ "COMPARTMENT web USER 33:33 NUMBER 2", "COMPARTMENT web NUMBER 2 USER 33:33" },
	{ "COMPARTMENT web NUMBER 2 user _Web.x-1:ssl NETDEVS eth0",
	  "COMPARTMENT web NUMBER 2 USER _Web.x-1:ssl NETDEVS eth0" },
	{ "COMPARTMENT web NUMBER 2 NETDEVS eth0 DEVICES /dev/net/tun,/dev/ttyS0", "=" },
	{ "COMPARTMENT web NUMBER 2 devices /dev/disk/by-path/pci-0000:00:1f.2@a%b+c ,\n\t/dev/..a SEALED",
	  "COMPARTMENT web NUMBER 2 SEALED DEVICES /dev/disk/by-path/pci-0000:00:1f.2@a%b+c,/dev/..a" },
	{ "COMPARTMENT web NUMBER 2 DEVICES /dev/a,/dev/b,/dev/c,/dev/d,/dev/e,/dev/f,/dev/g,/dev/h", "=" },
	{ "COMPARTMENT mail routed number 3", "COMPARTMENT mail NUMBER 3 ROUTED" },
};

static void defines(const struct definition *d)
{
	const char *canonical = !strcmp(d->canonical, "=") ? d->text : d->canonical;
	struct cgc_compartment first;
	char line[2048];
	struct cgc_text text;
	int err = text_parse_copy(&t, d->text, strlen(d->text));

	cgc_text_init(&text, line, sizeof(line));
	cgc_format_compartment(&text, &t.def, NULL);
	if (!ok(!err && !strcmp(t.types, "d") && !strcmp(line, canonical), "O2 defined: %.60s", canonical))
		diag("%u:%u: %s; %s", t.error.place.line, t.error.place.column, t.error.what, line);
	first = t.def;
	if (text_parse_copy(&t, line, strlen(line)) || memcmp(&first, &t.def, sizeof(first)))
		ok(false, "R6 what is listed loads again as it is: %s", line);
}

static const struct text_bad wrong[] = {
	{ "COMPARTMENT web NUMBER", 1, 23, "expected a number" },
	{ "COMPARTMENT web NUMBER x", 1, 24, "number \"x\"" },
	{ "COMPARTMENT web NUMBER 0xFFFF0000", 1, 24, "labels of interfaces" },
	{ "COMPARTMENT web NUMBER 1 NUMBER 2", 1, 26, "\"NUMBER\" is there twice" },
	{ "COMPARTMENT web SEALED sealed", 1, 24, "\"sealed\" is there twice" },
	{ "COMPARTMENT web NUMBER 0", 1, 24, "expected COMPARTMENT default NUMBER 0" },
	{ "COMPARTMENT web NUMBER -1", 1, 24, "supervisor" },
	{ "COMPARTMENT default NUMBER 1", 1, 28, "default and 0" },
	{ "COMPARTMENT web CAPS", 1, 21, "expected a list such as -cap_mknod" },
	{ "COMPARTMENT web CAPS cap_mknod", 1, 22, "expected - before" },
	{ "COMPARTMENT web CAPS -cap_foo", 1, 23, "unknown capability \"cap_foo\"" },
	{ "COMPARTMENT web CAPS -64", 1, 23, "unknown capability 64" },
	{ "COMPARTMENT web CAPS -cap_mknod,-mknod", 1, 33, "is there twice" },
	{ "COMPARTMENT web CAPS +cap_mknod,-all", 1, 33, "is not the first" },
	{ "COMPARTMENT web CAPS -all,+all", 1, 27, "is not the first" },
	{ "COMPARTMENT web ROOT", 1, 21, "expected a path" },
	{ "COMPARTMENT web ROOT compt", 1, 22, "expected a path that begins with /" },
	{ "COMPARTMENT web ROOT \"\"", 1, 23, "expected a path" },
	{ "COMPARTMENT web ROOT /", 1, 22, "ROOT is no plain path: expected a directory below /" },
	{ "COMPARTMENT web ROOT /compt/", 1, 22, "no plain path" },
	{ "COMPARTMENT web ROOT //compt", 1, 22, "no plain path" },
	{ "COMPARTMENT web ROOT /compt//web", 1, 22, "no plain path" },
	{ "COMPARTMENT web ROOT /compt/./web", 1, 22, "no plain path" },
	{ "COMPARTMENT web ROOT /compt/..", 1, 22, "no plain path" },
	{ "COMPARTMENT web ROOT /a\x01", 1, 22, "no control bytes" },
	{ "COMPARTMENT web USER", 1, 21, "expected a user's name or number" },
	{ "COMPARTMENT web USER root USER root", 1, 27, "\"USER\" is there twice" },
	{ "COMPARTMENT web USER a:", 1, 22, "USER \"a:\": expected a user such as www-data or 33" },
	{ "COMPARTMENT web USER :a", 1, 22, "expected a user such as" },
	{ "COMPARTMENT web USER a:b:c", 1, 22, "expected a user such as" },
	{ "COMPARTMENT web USER a/b", 1, 22, "expected a user such as" },
	{ "COMPARTMENT web USER a b", 1, 24, "unexpected \"b\"" },
	{ "COMPARTMENT web USER nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn", 1, 22,
	  "expected at most 63 bytes" },
	{ "COMPARTMENT web DEVICES", 1, 24, "expected a device's path such as /dev/net/tun" },
	{ "COMPARTMENT web DEVICES tun", 1, 25, "DEVICES \"tun\": expected a path below /dev" },
	{ "COMPARTMENT web DEVICES /dev", 1, 25, "expected a path below /dev" },
	{ "COMPARTMENT web DEVICES /dev/", 1, 25, "expected a path below /dev" },
	{ "COMPARTMENT web DEVICES /device", 1, 25, "expected a path below /dev" },
	{ "COMPARTMENT web DEVICES //dev/tun", 1, 25, "expected a path below /dev" },
	{ "COMPARTMENT web DEVICES /dev/net//tun", 1, 25, "without //" },
	{ "COMPARTMENT web DEVICES /dev/./tun", 1, 25, "without //, . and .." },
	{ "COMPARTMENT web DEVICES /dev/../etc", 1, 25, "without //, . and .." },
	{ "COMPARTMENT web DEVICES /dev/net/", 1, 25, "without / at its end" },
	{ "COMPARTMENT web DEVICES /dev/a,/dev/b,/dev/a", 1, 39, "DEVICES \"/dev/a\" is there twice" },
	{ "COMPARTMENT web DEVICES /dev/a,", 1, 32, "expected a device's path" },
	{ "COMPARTMENT web DEVICES /dev/a DEVICES /dev/b", 1, 32, "\"DEVICES\" is there twice" },
	{ "COMPARTMENT web DEVICES \"/dev/a\"", 1, 25, "expected a device's path" },
	{ "COMPARTMENT web DEVICES /dev/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn", 1, 25,
	  "expected at most 47 bytes" },
	{ "COMPARTMENT web DEVICES /dev/a,/dev/b,/dev/c,/dev/d,/dev/e,/dev/f,/dev/g,/dev/h,/dev/i", 1, 81,
	  "at most 8 devices" },
	{ "COMPARTMENT web FOO", 1, 17, "unexpected \"FOO\": expected ->, NUMBER, SEALED" },
	{ "COMPARTMENT web NUMBER 2 -> COMPARTMENT b METHOD tcp", 1, 26, "unexpected \"->\"" },
	{ "COMPARTMENT web METHOD tcp", 1, 17, "unexpected \"METHOD\"" },
	{ "COMPARTMENT 2", 1, 14, "expected ->" },
	{ "COMPARTMENT * SEALED", 1, 15, "expected ->" },
	{ "ADMIN web", 1, 7, "expected COMPARTMENT after ADMIN" },
	{ "ADMIN COMPARTMENT", 1, 18, "expected a compartment's name" },
	{ "ADMIN COMPARTMENT 2", 1, 19, "begins with a letter" },
	{ "COMPARTMENT web NETDEVS", 1, 24, "expected an interface's name" },
	{ "COMPARTMENT web NETDEVS eth0,eth0", 1, 30, "is there twice" },
	{ "COMPARTMENT web NETDEVS @quarantine", 1, 26, "expected another name" },
	{ "COMPARTMENT web NETDEVS e0,e1,e2,e3,e4,e5,e6,e7,e8,e9,e10,e11,e12,e13,e14,e15,e16", 1, 79,
	  "at most 16 interfaces" },
	{ "INCLUDE", 1, 8, "expected <name> or \"path\"" },
	{ "INCLUDE <a", 1, 10, "expected a closing >" },
	{ "INCLUDE <>", 1, 10, "expected a path" },
	{ "INCLUDE </etc/passwd>", 1, 10, "does not begin with /" },
	{ "INCLUDE <a/../b>", 1, 10, "without .." },
	{ "INCLUDE \"a", 1, 10, "expected a closing \"" },
	{ "INCLUDE <a> <b>", 1, 13, "expected the end of the statement" },
	{ "IMMUTABLE /etc/passwd", 1, 11, "expected COMPARTMENT after IMMUTABLE" },
	{ "IMMUTABLE COMPARTMENT", 1, 22, "expected a compartment's name or number" },
	{ "IMMUTABLE COMPARTMENT * /a", 1, 23, "expected one compartment's name or number" },
	{ "IMMUTABLE COMPARTMENT web", 1, 26, "expected a path" },
	{ "IMMUTABLE COMPARTMENT web etc/passwd", 1, 27, "expected one that begins with /" },
	{ "IMMUTABLE COMPARTMENT web /a /b", 1, 30, "expected the end of the statement" },
	{ "IMMUTABLE COMPARTMENT web /a\x01", 1, 27, "no control bytes" },
	{ "EXEC \"/a -> COMPARTMENT b", 1, 7, "expected a closing \"" },
	{ "EXEC /a\x01 -> COMPARTMENT b", 1, 6, "no control bytes" },
	{ "EXEC", 1, 5, "expected a path" },
	{ "EXEC a -> COMPARTMENT b", 1, 6, "expected one that begins with /" },
	{ "EXEC /a COMPARTMENT b", 1, 9, "unexpected \"COMPARTMENT\": expected FROM or ->" },
	{ "EXEC /a -> b", 1, 12, "expected COMPARTMENT after ->" },
	{ "EXEC /a -> COMPARTMENT *", 1, 24, "expected one compartment's name or number" },
	{ "EXEC /a FROM b -> COMPARTMENT b", 1, 14, "expected COMPARTMENT after FROM" },
	{ "EXEC /a FROM COMPARTMENT -> COMPARTMENT b", 1, 26, "expected a compartment's name or number" },
	{ "EXEC /a FROM COMPARTMENT *", 1, 26, "expected a compartment's name or number" },
	{ "EXEC /a FROM COMPARTMENT s, -> COMPARTMENT b", 1, 29, "expected a compartment's name or number" },
	{ "EXEC /a FROM COMPARTMENT s t -> COMPARTMENT b", 1, 28, "expected ->" },
	{ "EXEC /a FROM COMPARTMENT a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q -> COMPARTMENT b", 1, 58,
	  "at most 16 compartments after FROM" },
};

static void test_definition_fields(void)
{
	static const char text[] = "COMPARTMENT web NUMBER 2 ROUTED ONLY NETDEVS eth0\n  SEALED CAPS -mknod";
	const struct cgc_ast_definition *d = &t.scratch.definition;

	text_parse_copy(&t, text, strlen(text));
	ok(d->routed_place.line == 1 && d->routed_place.column == 26, "N7 ROUTED has its place");
	ok(d->name_place.column == 13 && d->number_place.column == 24 && d->sealed_place.line == 2 &&
	   d->sealed_place.column == 3 && d->caps_place.column == 15, "R7 every part has its place");
	ok(d->def.flags == (CGC_COMPARTMENT_SEALED | CGC_COMPARTMENT_ROUTED |
			    CGC_COMPARTMENT_ROUTED_ONLY | CGC_COMPARTMENT_DEFINED) &&
	   d->def.caps == CGC_CAPS_DEFAULT, "S2 CAPS takes away from the default, which has no mknod");
	text_parse_copy(&t, "COMPARTMENT web", 15);
	ok(!strcmp(t.types, "d") && !d->number_place.line, "O2 a definition may leave its number open");
	text_parse_copy(&t, "ADMIN COMPARTMENT a # b", 23);
	ok(d->def.flags == (CGC_COMPARTMENT_ADMIN | CGC_COMPARTMENT_DEFINED), "S3 ADMIN COMPARTMENT");
}

static u64 caps_of(const char *text)
{
	return text_parse_copy(&t, text, strlen(text)) ? 0 : t.scratch.definition.def.caps;
}

static void test_caps(void)
{
	static const char *const unsaid[] = {
		"chown", "dac_override", "fowner", "fsetid", "kill", "setgid", "setuid", "setpcap",
		"net_bind_service", "net_raw", "sys_chroot", "audit_write",
	};
	u64 caps = 0;
	size_t i;

	for (i = 0; i < sizeof(unsaid) / sizeof(unsaid[0]); i++)
		caps |= 1ull << cgc_cap_number(unsaid[i], strlen(unsaid[i]));
	ok(caps == CGC_CAPS_DEFAULT && caps_of("COMPARTMENT a") == caps, "S2 the default, by name");
	ok(caps_of("COMPARTMENT a CAPS -chown +cap_sys_admin") == ((caps & ~1ull) | 1ull << 21),
	   "S2 CAPS begins from the default");
	ok(caps_of("COMPARTMENT a CAPS -mknod") == caps, "S2 what the default lacks may be taken away");
	ok(caps_of("COMPARTMENT a CAPS +all,-mknod") == ~(1ull << 27), "S2 or from all");
	ok(caps_of("COMPARTMENT a CAPS -all,+mknod") == 1ull << 27, "S2 or from none");
	ok(caps_of("ADMIN COMPARTMENT a") == ~0ull &&
	   caps_of("ADMIN COMPARTMENT a CAPS -mknod") == ~(1ull << 27), "S2 ADMIN has all");
	ok(caps_of("COMPARTMENT default") == ~0ull && caps_of("COMPARTMENT supervisor") == ~0ull,
	   "S2 0 and -1 have all");
}

static void test_immutable(void)
{
	const struct cgc_ast_file *file = &t.scratch.file;
	const struct cgc_file listed = { .compartment = 2, .path = "/etc/a b" };
	char line[512];
	struct cgc_text text;

	text_parse_copy(&t, "immutable compartment: web \"/etc/a b\" # c", 41);
	ok(!strcmp(t.types, "f") && !strcmp(file->compartment.name, "web") &&
	   !strcmp(file->path, "/etc/a b") && file->path_place.column == 28 &&
	   file->compartment.place.column == 24, "F3 IMMUTABLE has a compartment and a path");
	cgc_text_init(&text, line, sizeof(line));
	cgc_format_file(&text, &listed, NULL);
	ok(!strcmp(line, "IMMUTABLE COMPARTMENT 2 \"/etc/a b\""), "F3 it is listed as it is written");
	text_parse_copy(&t, line, text.len);
	ok(file->compartment.number == 2 && !file->compartment.name[0] &&
	   !strcmp(file->path, listed.path), "F3 and loads again");
}

static void test_exec(void)
{
	static const char text[] = "EXEC /usr/sbin/apache2 FROM COMPARTMENT: s, 0x7,t -> COMPARTMENT web";
	const struct cgc_file listed = { .kind = CGC_FILE_EXEC, .compartment = 2, .from = 3,
					 .path = "/usr/bin/a b" };
	const struct cgc_ast_file *file = &t.scratch.file;
	struct cgc_file from_default = listed;
	char line[512];
	struct cgc_text out;

	text_parse_copy(&t, text, strlen(text));
	ok(!strcmp(t.types, "x") && file->from_count == 3 && !strcmp(file->from[0].name, "s") &&
	   file->from[1].number == 7 && !file->from[1].name[0] && !strcmp(file->from[2].name, "t") &&
	   file->from[2].place.column == 49 && !strcmp(file->compartment.name, "web"),
	   "L3 EXEC has a path, compartments that it is from, and one");
	text_parse_copy(&t, "EXEC /a -> COMPARTMENT 2", 24);
	ok(file->from_count == 1 && !file->from[0].name[0] && !file->from[0].number &&
	   file->compartment.number == 2, "L3 without FROM it is from compartment 0");
	cgc_text_init(&out, line, sizeof(line));
	cgc_format_file(&out, &listed, NULL);
	ok(!strcmp(line, "EXEC \"/usr/bin/a b\" FROM COMPARTMENT 3 -> COMPARTMENT 2"),
	   "L3 it is listed as it is written");
	text_parse_copy(&t, line, out.len);
	ok(!strcmp(t.types, "x") && file->from[0].number == 3, "L3 and loads again");
	from_default.from = 0;
	cgc_text_init(&out, line, sizeof(line));
	cgc_format_file(&out, &from_default, NULL);
	ok(!strcmp(line, "EXEC \"/usr/bin/a b\" -> COMPARTMENT 2"), "L3 from 0 it needs no FROM");
}

static void refuses(const struct text_bad *b)
{
	if (!ok(text_refused(&t, b), "R7 refused: %s", b->text))
		diag("%u:%u: %s", t.error.place.line, t.error.place.column, t.error.what);
}

#define EACH(table, function) do { \
	size_t i_; \
	for (i_ = 0; i_ < sizeof(table) / sizeof((table)[0]); i_++) \
		function(&(table)[i_]); \
} while (0)

int main(void)
{
	EACH(definitions, defines);
	EACH(wrong, refuses);
	test_definition_fields();
	test_caps();
	test_immutable();
	test_exec();
	return done();
}
