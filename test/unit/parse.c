// SPDX-License-Identifier: GPL-2.0-only
/* The language: what each text means, and where and why it is wrong. */
#include "tap.h"
#include "text.h"

static struct text_rules t;

static int parse(const char *text, size_t len)
{
	return text_parse_copy(&t, text, len);
}

struct good {
	const char *name;
	const char *text;
	const char *canonical;
};

static const struct good seed[] = {
	{ "p8 HOST* without a blank", "HOST* -> COMPARTMENT web METHOD tcp PORT 80",
	  "HOST * -> COMPARTMENT web METHOD tcp PORT 80" },
	{ "p8 with NETDEV", "HOST* -> COMPARTMENT web METHOD tcp PORT 80 NETDEV eth0",
	  "HOST * -> COMPARTMENT web METHOD tcp PORT 80 NETDEV eth0" },
	{ "f7 with a semicolon", "HOST * -> COMPARTMENT x METHOD TCP PORT 80;",
	  "HOST * -> COMPARTMENT x METHOD tcp PORT 80" },
	{ "p27 between compartments", "COMPARTMENT X -> COMPARTMENT Y METHOD tcp",
	  "COMPARTMENT X -> COMPARTMENT Y METHOD tcp" },
	{ "p28 without METHOD", "COMPARTMENT X -> COMPARTMENT Y tcp",
	  "COMPARTMENT X -> COMPARTMENT Y METHOD tcp" },
	{ "p29 a netmask after a slash", "COMPARTMENT 2 -> NET 10.1.1.0/255.255.255.0 METHOD tcp",
	  "COMPARTMENT 2 -> NET 10.1.1.0/24 METHOD tcp" },
	{ "p39 a colon after COMPARTMENT", "COMPARTMENT:WEB -> COMPARTMENT:CGI METHOD shm",
	  "COMPARTMENT WEB -> COMPARTMENT CGI METHOD shm" },
	{ "p40 TCP in upper case", "HOST* -> COMPARTMENT X METHOD TCP PORT 80",
	  "HOST * -> COMPARTMENT X METHOD tcp PORT 80" },
	{ "p47 broken before METHOD", "HOST* -> COMPARTMENT WEB\n      METHOD TCP PORT 80 NETDEV eth0\n",
	  "HOST * -> COMPARTMENT WEB METHOD tcp PORT 80 NETDEV eth0" },
	{ "p48 a colon and a blank",
	  "COMPARTMENT: WEB -> COMPARTMENT: TOMCAT1\n      METHOD TCP PORT 8007",
	  "COMPARTMENT WEB -> COMPARTMENT TOMCAT1 METHOD tcp PORT 8007" },
	{ "p48 a colon at one end", "COMPARTMENT:WEB -> COMPARTMENT TOMCAT2\nMETHOD TCP PORT 8008",
	  "COMPARTMENT WEB -> COMPARTMENT TOMCAT2 METHOD tcp PORT 8008" },
	{ "p48 HOST: and a name", "COMPARTMENT:TOMCAT1 -> HOST:SERVER1\n      METHOD TCP", NULL },
	{ "jp no blanks round the arrow", "HOST*->COMPARTMENT web METHOD tcp PORT 80",
	  "HOST * -> COMPARTMENT web METHOD tcp PORT 80" },
	{ "p28 to a host", "COMPARTMENT X -> HOST 10.1.1.1 METHOD tcp",
	  "COMPARTMENT X -> HOST 10.1.1.1 METHOD tcp" },
	{ "p28 from a host", "HOST 10.1.1.1 -> COMPARTMENT Y METHOD tcp",
	  "HOST 10.1.1.1 -> COMPARTMENT Y METHOD tcp" },
	{ "p29 a reverse rule as listed",
	  "HOST 10.1.1.1 PORT 1234 -> COMPARTMENT 2 PORT 80 METHOD tcp",
	  "HOST 10.1.1.1 PORT 1234 -> COMPARTMENT 2 METHOD tcp PORT 80" },
	{ "p29 port names", "HOST 10.1.1.1 PORT abc -> COMPARTMENT 2 PORT xyz METHOD tcp", NULL },
};

static const struct good forms[] = {
	{ "PORT after METHOD", "HOST * -> COMPARTMENT a METHOD tcp PORT 80", "=" },
	{ "PORT before METHOD", "HOST * -> COMPARTMENT a PORT 80 METHOD tcp",
	  "HOST * -> COMPARTMENT a METHOD tcp PORT 80" },
	{ "PORT in both places, equal", "HOST * -> COMPARTMENT a PORT 80 METHOD tcp PORT 80",
	  "HOST * -> COMPARTMENT a METHOD tcp PORT 80" },
	{ "PORT of the source", "HOST * PORT 20 -> COMPARTMENT a METHOD tcp", "=" },
	{ "PORT at both ends", "HOST * PORT 20 -> COMPARTMENT a METHOD tcp PORT 1-1023", "=" },
	{ "a range of one port", "HOST * -> COMPARTMENT a METHOD tcp PORT 80-80",
	  "HOST * -> COMPARTMENT a METHOD tcp PORT 80" },
	{ "the widest range", "HOST * -> COMPARTMENT a METHOD udp PORT 1-65535", "=" },
	{ "NETDEV before PORT", "HOST * -> COMPARTMENT a METHOD tcp NETDEV eth0 PORT 80",
	  "HOST * -> COMPARTMENT a METHOD tcp PORT 80 NETDEV eth0" },
	{ "/0", "COMPARTMENT a -> NET 0.0.0.0/0 METHOD tcp", "=" },
	{ "/31", "COMPARTMENT a -> NET 10.1.1.2/31 METHOD tcp", "=" },
	{ "/32 is a host", "COMPARTMENT a -> NET 10.1.1.1/32 METHOD tcp",
	  "COMPARTMENT a -> HOST 10.1.1.1 METHOD tcp" },
	{ "blanks round the slash", "COMPARTMENT a -> NET 10.1.1.0 / 24 METHOD tcp",
	  "COMPARTMENT a -> NET 10.1.1.0/24 METHOD tcp" },
	{ "blanks round the slash, a netmask",
	  "COMPARTMENT a -> NET 10.1.1.0 / 255.255.255.128 METHOD tcp",
	  "COMPARTMENT a -> NET 10.1.1.0/25 METHOD tcp" },
	{ "a netmask after a blank", "NET 10.0.0.0 255.0.0.0 -> COMPARTMENT a METHOD tcp",
	  "NET 10.0.0.0/8 -> COMPARTMENT a METHOD tcp" },
	{ "NETWORK", "NETWORK 10.0.0.0/8 -> COMPARTMENT a METHOD tcp",
	  "NET 10.0.0.0/8 -> COMPARTMENT a METHOD tcp" },
	{ "NET and a colon", "NET:10.0.0.0/8 -> COMPARTMENT a METHOD tcp",
	  "NET 10.0.0.0/8 -> COMPARTMENT a METHOD tcp" },
	{ "HOST:fd99::1", "COMPARTMENT a -> HOST:fd99::1 METHOD tcp",
	  "COMPARTMENT a -> HOST fd99::1 METHOD tcp" },
	{ "HOST ::1", "COMPARTMENT a -> HOST ::1 METHOD tcp", "=" },
	{ "HOST:::1", "COMPARTMENT a -> HOST:::1 METHOD tcp", "COMPARTMENT a -> HOST ::1 METHOD tcp" },
	{ "HOST: ::1", "COMPARTMENT a -> HOST: ::1 METHOD tcp", "COMPARTMENT a -> HOST ::1 METHOD tcp" },
	{ "HOST ::", "COMPARTMENT a -> HOST :: METHOD tcp", "=" },
	{ "NET ::/0", "NET ::/0 -> COMPARTMENT a METHOD tcp", "=" },
	{ "an IPv6 network", "NET fd99::/64 -> COMPARTMENT a METHOD tcp", "=" },
	{ "an IPv6 network with blanks", "NET FD99:0:: / 48 -> COMPARTMENT a METHOD tcp",
	  "NET fd99::/48 -> COMPARTMENT a METHOD tcp" },
	{ "an IPv6 address in full", "COMPARTMENT a -> HOST 2001:DB8:0:0:1:0:0:1 METHOD tcp",
	  "COMPARTMENT a -> HOST 2001:db8::1:0:0:1 METHOD tcp" },
	{ "an IPv6 address with an IPv4 tail", "COMPARTMENT a -> HOST 64:ff9b::10.1.2.3 METHOD tcp",
	  "COMPARTMENT a -> HOST 64:ff9b::a01:203 METHOD tcp" },
	{ "HOST:*", "HOST:* -> COMPARTMENT a METHOD tcp", "HOST * -> COMPARTMENT a METHOD tcp" },
	{ "COMPARTMENT *", "COMPARTMENT * -> COMPARTMENT a METHOD tcp", "=" },
	{ "COMPARTMENT*", "COMPARTMENT a->COMPARTMENT* METHOD tcp",
	  "COMPARTMENT a -> COMPARTMENT * METHOD tcp" },
	{ "METHOD TCP, UDP", "HOST * -> COMPARTMENT a METHOD TCP, UDP",
	  "HOST * -> COMPARTMENT a METHOD tcp,udp" },
	{ "methods in any order", "HOST * -> COMPARTMENT a METHOD udp,tcp",
	  "HOST * -> COMPARTMENT a METHOD tcp,udp" },
	{ "a list without METHOD", "COMPARTMENT a -> COMPARTMENT b MSG , shm [ro]",
	  "COMPARTMENT a -> COMPARTMENT b METHOD msg,shm[ro]" },
	{ "shm [ro]", "COMPARTMENT a -> COMPARTMENT b METHOD shm [ro]",
	  "COMPARTMENT a -> COMPARTMENT b METHOD shm[ro]" },
	{ "blanks in [ ]", "COMPARTMENT a -> COMPARTMENT b METHOD unix[ STREAM , dgram ]",
	  "COMPARTMENT a -> COMPARTMENT b METHOD unix[stream,dgram]" },
	{ "every attribute",
	  "COMPARTMENT a -> COMPARTMENT b METHOD unix[stream,dgram,seqpacket],msg[send,recv],shm[ro],sem[read,alter]",
	  "=" },
	{ "METHOD all between compartments", "COMPARTMENT a -> COMPARTMENT b METHOD all", "=" },
	{ "METHOD all with a host", "HOST * -> COMPARTMENT b METHOD ALL",
	  "HOST * -> COMPARTMENT b METHOD all" },
	{ "the network's methods by name are all of them",
	  "HOST * -> COMPARTMENT b METHOD tcp,udp,raw,icmp,sctp", "HOST * -> COMPARTMENT b METHOD all" },
	{ "between compartments they are not", "COMPARTMENT a -> COMPARTMENT b METHOD tcp,udp,raw,icmp,sctp",
	  "=" },
	{ "a decimal number", "COMPARTMENT 2 -> COMPARTMENT 3 METHOD tcp", "=" },
	{ "a hexadecimal number", "COMPARTMENT 0x2 -> COMPARTMENT 0XfffeFFFF METHOD tcp",
	  "COMPARTMENT 2 -> COMPARTMENT 4294901759 METHOD tcp" },
	{ "-1", "COMPARTMENT -1 -> COMPARTMENT 0 METHOD tcp",
	  "COMPARTMENT supervisor -> COMPARTMENT default METHOD tcp" },
	{ "-1 without blanks", "COMPARTMENT:-1->COMPARTMENT:0 METHOD tcp",
	  "COMPARTMENT supervisor -> COMPARTMENT default METHOD tcp" },
	{ "-1 as 0xFFFFFFFF", "COMPARTMENT 0xFFFFFFFF -> COMPARTMENT a METHOD tcp",
	  "COMPARTMENT supervisor -> COMPARTMENT a METHOD tcp" },
	{ "a name with a minus before the arrow", "COMPARTMENT a-->COMPARTMENT b METHOD tcp",
	  "COMPARTMENT a- -> COMPARTMENT b METHOD tcp" },
	{ "names keep their case", "COMPARTMENT Web -> COMPARTMENT web METHOD tcp", "=" },
	{ "a keyword as a name", "COMPARTMENT method -> COMPARTMENT PORT METHOD tcp", "=" },
	{ "keywords in any case",
	  "Compartment a -> nEt 10.0.0.0/8 method TcP port 80 netdev eth0",
	  "COMPARTMENT a -> NET 10.0.0.0/8 METHOD tcp PORT 80 NETDEV eth0" },
	{ "a list of interfaces", "HOST * -> COMPARTMENT a METHOD tcp NETDEV eth0,eth1", "=" },
	{ "a list with blanks", "HOST * -> COMPARTMENT a METHOD tcp NETDEV eth0 , br-lan.100",
	  "HOST * -> COMPARTMENT a METHOD tcp NETDEV eth0,br-lan.100" },
	{ "a label by number", "HOST * -> COMPARTMENT a METHOD tcp NETDEV @0xffff0000", "=" },
	{ "labels at both ends", "COMPARTMENT @0xffff0001 -> COMPARTMENT @0xffff0002 METHOD tcp,icmp", "=" },
	{ "labels with ports", "COMPARTMENT @0xffff0001 PORT 20 -> COMPARTMENT @0xfffffffc METHOD tcp PORT 25", "=" },
	{ "labels with METHOD all", "COMPARTMENT @0xffff0001 -> COMPARTMENT @0xffff0001 METHOD all", "=" },
	{ "a colon and labels", "COMPARTMENT:@0xFFFF0001->COMPARTMENT:@0xFFFF0002 tcp;",
	  "COMPARTMENT @0xffff0001 -> COMPARTMENT @0xffff0002 METHOD tcp" },
	{ "a label by name", "HOST * -> COMPARTMENT a METHOD tcp NETDEV @ext,eth0", NULL },
	{ "a comment", "HOST * -> COMPARTMENT a METHOD tcp# \xC3\xA9t\xC3\xA9",
	  "HOST * -> COMPARTMENT a METHOD tcp" },
	{ "tabs and CR LF", "HOST\t*\t->\tCOMPARTMENT a\r\n\tMETHOD tcp\r\n",
	  "HOST * -> COMPARTMENT a METHOD tcp" },
	{ "METHOD at the beginning of a line", "HOST *\n\t->\n  COMPARTMENT a\nmethod tcp",
	  "HOST * -> COMPARTMENT a METHOD tcp" },
	{ "a comment within a rule", "HOST * -> COMPARTMENT a # to a\n# by tcp\n  METHOD tcp",
	  "HOST * -> COMPARTMENT a METHOD tcp" },
	{ "signals", "COMPARTMENT a -> COMPARTMENT b METHOD signal[TERM,SIGHUP,rtmin+1,9,cld]",
	  "COMPARTMENT a -> COMPARTMENT b METHOD signal[HUP,KILL,TERM,CHLD,RTMIN+1]" },
	{ "signals at the ends", "COMPARTMENT a -> COMPARTMENT b METHOD signal[1,31,32,33,34,RTMAX-1,64]",
	  "COMPARTMENT a -> COMPARTMENT b METHOD signal[HUP,SYS,32,33,RTMIN,RTMIN+29,RTMAX]" },
	{ "signals beside other methods", "COMPARTMENT a -> COMPARTMENT b METHOD msg[send],signal[TERM],trace", "=" },
	{ "PATH", "COMPARTMENT a -> COMPARTMENT b METHOD unix PATH \"/run/a b\"", "=" },
	{ "PATH that needs no quotes", "COMPARTMENT a -> COMPARTMENT b METHOD unix PATH \"/run/a#b\"",
	  "COMPARTMENT a -> COMPARTMENT b METHOD unix PATH /run/a#b" },
	{ "PATH with a semicolon", "COMPARTMENT a -> COMPARTMENT b METHOD unix PATH \"/a;b\"", "=" },
	{ "PATH with patterns",
	  "COMPARTMENT a -> COMPARTMENT b METHOD unix[stream,dgram] PATH /run/*/sock?t", "=" },
	{ "PATH of an abstract name", "COMPARTMENT a -> COMPARTMENT b METHOD unix PATH @/tmp/.X11-unix/X0", "=" },
	{ "PATH on a line of its own", "COMPARTMENT a -> COMPARTMENT b\n METHOD unix\n PATH # which\n /run/x",
	  "COMPARTMENT a -> COMPARTMENT b METHOD unix PATH /run/x" },
};

static void accepts(const struct good *g)
{
	struct cgc_ruleset *set;
	char line[CGC_RULE_TEXT_SIZE], again[CGC_RULE_TEXT_SIZE];
	const char *canonical = g->canonical, *why = "";
	struct cgc_rule_words words;
	struct cgc_rule first;
	u64 ref;

	if (canonical && !strcmp(canonical, "="))
		canonical = g->text;
	if (parse(g->text, strlen(g->text)) || strcmp(t.types, "r")) {
		ok(false, "R1 %s", g->name);
		diag("%u:%u: %s (%s)", t.error.place.line, t.error.place.column, t.error.what, t.types);
		return;
	}
	if (!canonical) {
		ok(t.named, "R1 %s: a name to be looked up", g->name);
		return;
	}
	first = t.rule;
	text_format(&t, line, sizeof(line));
	words = text_words(&t);
	set = cgc_ruleset_init(malloc(cgc_ruleset_size(1)), 1);
	if (!ok(!strcmp(line, canonical) && !t.named &&
		!cgc_ruleset_add(set, &t.rule, &words, &ref, &why),
		"R1 %s", g->name))
		diag("%s (%s)", line, why);
	free(set);
	if (parse(line, strlen(line)))
		diag("%u:%u: %s", t.error.place.line, t.error.place.column, t.error.what);
	text_format(&t, again, sizeof(again));
	if (strcmp(line, again) || memcmp(&first, &t.rule, sizeof(first)))
		ok(false, "R6 %s: what is listed loads again as it is", g->name);
}

static const struct text_bad wrong[] = {
	{ "COMPARTMENT a -> COMPARTMENT b METHOD tpc", 1, 39,
	  "unknown method \"tpc\": expected tcp, udp, raw, icmp, sctp, unix, msg, shm, sem, mq, signal, trace, list or all" },
	{ "HOST * -> COMPARTMENT a METHOD tcp PORT 65536", 1, 41,
	  "PORT 65536: expected 1 to 65535, a range lo-hi or a service name" },
	{ "HOST * -> COMPARTMENT a METHOD tcp PORT 0", 1, 41, "PORT 0: expected 1 to 65535" },
	{ "HOST * -> COMPARTMENT a METHOD tcp PORT 0-80", 1, 41, "expected 1 to 65535" },
	{ "HOST * -> COMPARTMENT a METHOD tcp PORT 80-", 1, 41, "expected 1 to 65535" },
	{ "HOST * -> COMPARTMENT a METHOD tcp PORT -80", 1, 41, "expected 1 to 65535" },
	{ "HOST * -> COMPARTMENT a METHOD tcp PORT 8x", 1, 41, "expected 1 to 65535" },
	{ "HOST * -> COMPARTMENT a METHOD tcp PORT 99999999999999999999", 1, 41, "expected 1 to 65535" },
	{ "HOST * -> COMPARTMENT a METHOD tcp PORT 81-80", 1, 41, "expected the lower port first" },
	{ "HOST * -> COMPARTMENT a METHOD tcp PORT 80,443", 1, 43, "a second port is a second rule" },
	{ "HOST * -> COMPARTMENT a METHOD tcp PORT *", 1, 42, "expected no PORT" },
	{ "HOST * -> COMPARTMENT a METHOD tcp PORT", 1, 40, "the statement ends here: expected a port" },
	{ "HOST * -> COMPARTMENT a METHOD tcp PORT h@x", 1, 41, "service name" },
	{ "HOST * -> COMPARTMENT a METHOD tcp PORT aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 1, 41,
	  "at most 31 bytes" },
	{ "HOST * -> COMPARTMENT a PORT 80 METHOD tcp PORT 81", 1, 49, "not the same" },
	{ "HOST * -> COMPARTMENT a METHOD tcp PORT 80 PORT 80", 1, 44, "expected PORT once" },
	{ "HOST * -> COMPARTMENT a METHOD all PORT 80", 1, 41, "METHOD tcp,udp,sctp" },
	{ "HOST * -> COMPARTMENT a METHOD tcp,icmp PORT 80", 1, 46, "method icmp has no ports" },
	{ "HOST * PORT 80 -> COMPARTMENT a METHOD raw", 1, 13, "method raw has no ports" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD unix PORT 80", 1, 49, "method unix has no ports" },
	{ "HOST * -> COMPARTMENT a METHOD shm", 1, 32, "method shm is between compartments only" },
	{ "COMPARTMENT a -> NET 10.0.0.0/8 METHOD tcp, signal", 1, 45, "between compartments only" },
	{ "HOST * -> HOST * METHOD tcp", 1, 16, "expected COMPARTMENT at one of them" },
	{ "HOST 10.1.1.1 -> NET 10.0.0.0/8 METHOD tcp", 1, 22, "expected COMPARTMENT" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD tcp NETDEV eth0", 1, 50, "expected HOST or NET" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD tcp PATH /x", 1, 43, "PATH without METHOD unix" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD unix,msg PATH /x", 1, 48, "unix alone" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD unix PATH", 1, 48, "expected a path" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD unix PATH run/x", 1, 49, "expected an absolute one, or @" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD unix PATH *", 1, 49, "expected an absolute one, or @" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD unix PATH \"\"", 1, 50, "expected a path" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD unix PATH \"x y\"", 1, 49, "expected an absolute one" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD unix PATH /a\x01", 1, 49, "no control bytes" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD unix PATH /a\"b", 1, 49, "no quotes" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD all PATH /a", 1, 43, "unix alone" },
	{ "HOST * -> COMPARTMENT b METHOD unix PATH /a", 1, 32, "between compartments only" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD msg[TERM]", 1, 43, "unknown attribute \"TERM\" of msg: expected send, recv" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD trace[TERM]", 1, 39, "method \"trace\" takes no attributes" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD signal[]", 1, 46, "expected an attribute" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD unix PATH /a PATH /b", 1, 52, "expected PATH once" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD unix PATH \"/a", 1, 50, "expected a closing \"" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD shm[rw]", 1, 43,
	  "unknown attribute \"rw\" of shm: expected ro" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD unix[ro]", 1, 44, "expected stream, dgram, seqpacket" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD tcp[ro]", 1, 39, "method \"tcp\" takes no attributes" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD all[ro]", 1, 39, "takes no attributes" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD list[x]", 1, 39, "takes no attributes" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD shm[ro,ro]", 1, 46, "twice" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD shm[ro", 1, 45, "expected ] or ," },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD shm[]", 1, 43, "unexpected \"]\": expected an attribute" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD signal[TERM,TERM]", 1, 51, "twice" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD signal[SIGFOO]", 1, 46, "unknown signal \"SIGFOO\"" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD signal[65]", 1, 46, "1 to 64" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD shm[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]",
	  1, 43, "unknown attribute \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...\"" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD tcp,tcp", 1, 43, "twice" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD all,tcp", 1, 43, "all alone" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD tcp,all", 1, 43, "all alone" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD", 1, 38, "expected a method" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD tcp,", 1, 43, "expected a method" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD tcp udp", 1, 43, "unexpected \"udp\": expected a comma" },
	{ "COMPARTMENT a -> COMPARTMENT b", 1, 31, "expected PORT or METHOD" },
	{ "COMPARTMENT a -> COMPARTMENT b NETDEV eth0", 1, 32, "expected PORT or METHOD" },
	{ "COMPARTMENT a -> COMPARTMENT", 1, 29, "expected a compartment's name or number, or *" },
	{ "COMPARTMENT a ->", 1, 17, "expected COMPARTMENT, HOST or NET" },
	{ "COMPARTMENT -> COMPARTMENT b METHOD tcp", 1, 13, "unexpected \"->\": expected a compartment's name" },
	{ "COMPARTMENT a COMPARTMENT b METHOD tcp", 1, 15, "expected ->" },
	{ "COMPARTMENT a - > COMPARTMENT b METHOD tcp", 1, 15, "expected ->" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD tcp -> COMPARTMENT c", 1, 43, "unexpected \"->\"" },
	{ "COMPARTMENT @ext -> COMPARTMENT b METHOD tcp", 1, 13, "at one end only: expected one at both" },
	{ "COMPARTMENT b -> COMPARTMENT @0xFFFF0000 METHOD tcp", 1, 30, "at one end only: expected one at both" },
	{ "COMPARTMENT @ext -> HOST * METHOD tcp", 1, 13, "at one end only: expected one at both" },
	{ "COMPARTMENT @ext -> COMPARTMENT * METHOD tcp", 1, 13, "at one end only: expected one at both" },
	{ "COMPARTMENT @ -> COMPARTMENT @b METHOD tcp", 1, 14, "expected an interface's label" },
	{ "COMPARTMENT @5 -> COMPARTMENT @b METHOD tcp", 1, 14, "expected 0xFFFF0000 to 0xFFFFFFFC" },
	{ "COMPARTMENT @a -> COMPARTMENT @b METHOD shm", 1, 41, "method shm is between compartments only" },
	{ "COMPARTMENT @a -> COMPARTMENT @b METHOD tcp NETDEV eth0", 1, 52, "NETDEV with labels at both ends" },
	{ "COMPARTMENT @a -> COMPARTMENT @b METHOD all PORT 25", 1, 50, "PORT with METHOD all" },
	{ "COMPARTMENT @a NUMBER 3", 1, 16, "expected ->" },
	{ "COMPARTMENT 0xFFFF0000 -> COMPARTMENT b METHOD tcp", 1, 13, "labels of interfaces" },
	{ "COMPARTMENT 4294967296 -> COMPARTMENT b METHOD tcp", 1, 13, "expected 0 to 0xFFFEFFFF, or -1" },
	{ "COMPARTMENT 18446744073709551617 -> COMPARTMENT b METHOD tcp", 1, 13, "expected 0 to" },
	{ "COMPARTMENT 0x10000000000000001 -> COMPARTMENT b METHOD tcp", 1, 13, "expected 0 to" },
	{ "COMPARTMENT -2 -> COMPARTMENT b METHOD tcp", 1, 13, "or -1" },
	{ "COMPARTMENT 2x -> COMPARTMENT b METHOD tcp", 1, 13, "number 2x" },
	{ "COMPARTMENT 0x -> COMPARTMENT b METHOD tcp", 1, 13, "number 0x" },
	{ "COMPARTMENT .a -> COMPARTMENT b METHOD tcp", 1, 13, "begins with a letter or _" },
	{ "COMPARTMENT a/b -> COMPARTMENT b METHOD tcp", 1, 13, "in a name" },
	{ "COMPARTMENT aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa -> COMPARTMENT b tcp",
	  1, 13, "at most 63 bytes" },
	{ "COMPARTMENT caf\xC3\xA9 -> COMPARTMENT b METHOD tcp", 1, 16, "byte 0xc3" },
	{ "COMPARTMENT a\x01 -> COMPARTMENT b METHOD tcp", 1, 14, "byte 0x01" },
	{ "COMPARTMENT \x7F -> COMPARTMENT b METHOD tcp", 1, 13, "byte 0x7f" },
	{ "COMPARTMENT a -> NET 10.0.0.0/33 METHOD tcp", 1, 31, "/33: expected 0 to 32" },
	{ "COMPARTMENT a -> NET fd99::/129 METHOD tcp", 1, 29, "/129: expected 0 to 128" },
	{ "COMPARTMENT a -> NET 10.0.0.0/ METHOD tcp", 1, 32, "expected the prefix's length" },
	{ "COMPARTMENT a -> NET 10.0.0.0 METHOD tcp", 1, 31, "expected / and the prefix's length" },
	{ "COMPARTMENT a -> NET 10.0.0.0", 1, 30, "the statement ends here: expected / and" },
	{ "COMPARTMENT a -> NET 10.0.0.0/x METHOD tcp", 1, 31, "expected 0 to 32" },
	{ "COMPARTMENT a -> NET 10.1.1.1/24 METHOD tcp", 1, 22, "expected the network 10.1.1.0/24" },
	{ "COMPARTMENT a -> NET fd99::1/64 METHOD tcp", 1, 22, "expected the network fd99::/64" },
	{ "COMPARTMENT a -> NET 10.0.0.0/255.0.255.0 METHOD tcp", 1, 31, "one-bits first" },
	{ "COMPARTMENT a -> NET 10.0.0.0 255.0.0 METHOD tcp", 1, 31, "four numbers" },
	{ "COMPARTMENT a -> NET fd99:: ffff:: METHOD tcp", 1, 29, "expected / and 0 to 128" },
	{ "COMPARTMENT a -> NET 10.0.0/8 METHOD tcp", 1, 22, "expected an address" },
	{ "COMPARTMENT a -> NET web METHOD tcp", 1, 22, "expected an address" },
	{ "COMPARTMENT a -> NET * METHOD tcp", 1, 22, "HOST * is every host" },
	{ "COMPARTMENT a -> NET ::ffff:0:0/96 METHOD tcp", 1, 22, "expected the IPv4 address" },
	{ "COMPARTMENT a -> HOST 10.1.1 METHOD tcp", 1, 23, "expected an IPv4 address" },
	{ "COMPARTMENT a -> HOST 10.1.1.256 METHOD tcp", 1, 23, "expected an IPv4 address" },
	{ "COMPARTMENT a -> HOST 10.1.1.01 METHOD tcp", 1, 23, "expected an IPv4 address" },
	{ "COMPARTMENT a -> HOST 10.1.1.1. METHOD tcp", 1, 23, "expected an IPv4 address" },
	{ "COMPARTMENT a -> HOST 4294967297.1.1.1 METHOD tcp", 1, 23, "expected an IPv4 address" },
	{ "COMPARTMENT a -> HOST 1.2.3.4.5 METHOD tcp", 1, 23, "expected an IPv4 address" },
	{ "COMPARTMENT a -> HOST 10.1.1.0/24 METHOD tcp", 1, 23, "NET is for networks" },
	{ "COMPARTMENT a -> HOST fd99::1::2 METHOD tcp", 1, 23, "expected an IPv6 address" },
	{ "COMPARTMENT a -> HOST fd99:1 METHOD tcp", 1, 23, "expected an IPv6 address" },
	{ "COMPARTMENT a -> HOST 1:2:3:4:5:6:7:8:9 METHOD tcp", 1, 23, "expected an IPv6 address" },
	{ "COMPARTMENT a -> HOST 1:2:3:4:5:6:7:: METHOD tcp", 1, 23, NULL },
	{ "COMPARTMENT a -> HOST 1:2:3:4:5:6:7:8:: METHOD tcp", 1, 23, "expected an IPv6 address" },
	{ "COMPARTMENT a -> HOST 12345::1 METHOD tcp", 1, 23, "expected an IPv6 address" },
	{ "COMPARTMENT a -> HOST fd99::1: METHOD tcp", 1, 23, "expected an IPv6 address" },
	{ "COMPARTMENT a -> HOST fe80::1%eth0 METHOD tcp", 1, 23, "NETDEV names the interface" },
	{ "COMPARTMENT a -> HOST ::ffff:10.1.1.1 METHOD tcp", 1, 23, "expected the IPv4 address" },
	{ "COMPARTMENT a -> HOST a..b METHOD tcp", 1, 23, "no empty part" },
	{ "COMPARTMENT a -> HOST -x METHOD tcp", 1, 23, "expected an address, a host's name or *" },
	{ "COMPARTMENT a -> HOST METHOD", 1, 29, "expected PORT or METHOD" },
	{ "COMPARTMENT a -> HOST", 1, 22, "expected a host's address or name, or *" },
	{ "HOST * -> COMPARTMENT a METHOD tcp NETDEV", 1, 42, "expected an interface's name or @label" },
	{ "HOST * -> COMPARTMENT a METHOD tcp NETDEV eth0,", 1, 48, "expected an interface's name" },
	{ "HOST * -> COMPARTMENT a METHOD tcp NETDEV eth0,eth0", 1, 48, "twice" },
	{ "HOST * -> COMPARTMENT a METHOD tcp NETDEV eth0 NETDEV eth1", 1, 48, "expected NETDEV once" },
	{ "HOST * -> COMPARTMENT a METHOD tcp NETDEV eth*", 1, 46, "unexpected \"*\"" },
	{ "HOST * -> COMPARTMENT a METHOD tcp NETDEV eth/0", 1, 43, "expected an interface's name" },
	{ "HOST * -> COMPARTMENT a METHOD tcp NETDEV aaaaaaaaaaaaaaaa", 1, 43, "at most 15 bytes" },
	{ "HOST * -> COMPARTMENT a METHOD tcp NETDEV @", 1, 44, "expected an interface's label" },
	{ "HOST * -> COMPARTMENT a METHOD tcp NETDEV @5", 1, 44, "expected 0xFFFF0000 to 0xFFFFFFFC" },
	{ "HOST * -> COMPARTMENT a METHOD tcp NETDEV e0,e1,e2,e3,e4,e5,e6,e7,e8,e9,e10,e11,e12,e13,e14,e15,e16",
	  1, 97, "at most 16 interfaces" },
	{ "METHOD tcp", 1, 1, "METHOD without a rule before it" },
	{ "FOO bar", 1, 1, "unexpected \"FOO\": expected COMPARTMENT, HOST, NET" },
	{ "-> COMPARTMENT a METHOD tcp", 1, 1, "unexpected \"->\"" },
	{ "\n\n  # x\n  * -> COMPARTMENT a METHOD tcp", 4, 3, "unexpected \"*\"" },
	{ "HOST * -> COMPARTMENT a METHOD tcp\n\n  METHOD udp", 3, 3, "METHOD without a rule" },
	{ "HOST * -> COMPARTMENT a METHOD tcp;\nMETHOD udp", 2, 1, "METHOD without a rule" },
	{ "HOST * -> COMPARTMENT a\nHOST * -> COMPARTMENT b METHOD tcp", 1, 24, "the statement ends here" },
	{ "HOST * -> COMPARTMENT a METHOD tcp\n HOST * -> COMPARTMENT b METHOD tcp", 2, 2, "unexpected \"HOST\"" },
	{ "COMPARTMENT a -> COMPARTMENT b METHOD tcp \xE2\x86\x92", 1, 43, "byte 0xe2" },
	{ "\xEF\xBB\xBFHOST * -> COMPARTMENT a METHOD tcp", 1, 1, "byte 0xef" },
};

static void refuses(const struct text_bad *b)
{
	if (!ok(text_refused(&t, b), "R7 %s: %.60s", b->what ? "refused" : "accepted",
		strchr(b->text, '\n') ? b->what : b->text))
		diag("%u:%u: %s", t.error.place.line, t.error.place.column, t.error.what);
}

static void test_rule_fields(void)
{
	static const char text[] =
		"COMPARTMENT web PORT 1-9 -> HOST a.b\n METHOD tcp,udp PORT http NETDEV @ext,eth0";
	const struct cgc_ast_rule *r = &t.scratch.rule;

	parse(text, strlen(text));
	ok(r->src.place.column == 13 && r->src.port.place.column == 22 && r->src.port.hi == 9 &&
	   r->dst.place.column == 34 && r->methods_place.line == 2 && r->methods_place.column == 9,
	   "R7 the parts of a rule have their places");
	ok(r->method_place[CGC_METHOD_UDP].column == 13 && !r->method_place[CGC_METHOD_RAW].line,
	   "R7 each method has its place");
	ok(r->dst.kind == CGC_AST_HOST_NAME && !strcmp(r->dst.name, "a.b") &&
	   !strcmp(r->dst.port.service, "http") && !r->dst.port.lo, "R1 names stay names");
	ok(r->netdevs_count == 2 && !strcmp(r->netdev_labels[0], "ext") && !r->netdev_labels[1][0] &&
	   !strcmp(r->netdevs[1].name, "eth0") && r->netdevs_place[1].column == 39,
	   "N5 labels by name and interfaces");
	parse("COMPARTMENT a -> COMPARTMENT b signal[TERM,1]", 45);
	ok(r->signals == (1ull << 14 | 1), "R2 signal[TERM,HUP]");
	parse("COMPARTMENT a -> COMPARTMENT b METHOD unix[dgram] PATH /run/x/*     # or", 72);
	ok(!strcmp(r->path, "/run/x/*") && r->attrs == CGC_ATTR_UNIX_DGRAM &&
	   r->path_place.column == 56, "R2 unix[dgram] PATH");
	parse("COMPARTMENT a -> COMPARTMENT b METHOD unix PATH @abstract*;", 59);
	ok(!strcmp(r->path, "@abstract*"), "R2 PATH @abstract*");
	parse("COMPARTMENT a -> COMPARTMENT b METHOD all", 41);
	ok(!r->method_place[CGC_METHOD_TCP].line && r->methods == CGC_METHODS_ALL,
	   "R2 METHOD all names no method");
}

static void test_statements(void)
{
	static const char text[] =
		"# a file\n"
		"INCLUDE <abstractions/journal>\n"
		"include \"more.rules\";\n"
		"COMPARTMENT a NUMBER 1; COMPARTMENT b NUMBER 2\n"
		"EXEC /usr/sbin/apache2 -> COMPARTMENT web     # from compartment default\n"
		"exec \"/a#b; c\" FROM COMPARTMENT s,7\n"
		"   -> COMPARTMENT web\n"
		"NETDEV kind ppp peer 10.64.0.0/16 -> LABEL isp1\n"
		"ROUTE COMPARTMENT mail 10.1.0.0/16 VIA 10.1.1.1 DEV eth1\n"
		"IMMUTABLE COMPARTMENT web /etc/passwd\n"
		"\n;;\n"
		"COMPARTMENT a -> COMPARTMENT b tcp\n";

	parse(text, strlen(text));
	ok(!strcmp(t.types, "iiddxxnofr"), "R1 a file of every kind of statement (%s)", t.types);
	if (t.error.what[0])
		diag("%u:%u: %s", t.error.place.line, t.error.place.column, t.error.what);
	parse("INCLUDE <abstractions/journal>", 30);
	ok(t.scratch.include_system && !strcmp(t.scratch.include, "abstractions/journal"),
	   "R1 INCLUDE <name>");
	parse("INCLUDE \"a b\"", 13);
	ok(!t.scratch.include_system && !strcmp(t.scratch.include, "a b"), "R1 INCLUDE \"path\"");
	ok(!parse("", 0) && !parse("\n", 1) && !parse("# x", 3) && !parse(" ", 1) && !t.count,
	   "R1 nothing is nothing");
}

static void test_bounds(void)
{
	size_t len = CGC_LINE_MAX + 2;
	char *text = malloc(len);

	memset(text, 'x', len);
	text[0] = '#';
	ok(!parse(text, CGC_LINE_MAX), "R7 a line may be 4096 bytes long");
	ok(parse(text, CGC_LINE_MAX + 1) == -EINVAL && strstr(t.error.what, "4096") &&
	   t.error.place.line == 1, "R7 a longer one is refused");
	text[1] = '\n';
	ok(parse(text, len) == -EINVAL && t.error.place.line == 2, "R7 with its place");
	ok(parse("HOST * \0", 8) == -EINVAL && strstr(t.error.what, "NUL"), "R7 NUL is refused");
	ok(parse("# \0\n", 4) == -EINVAL && strstr(t.error.what, "NUL"), "R7 in comments too");
	ok(parse("HOST * ->\n \0", 12) == -EINVAL && t.error.place.line == 2,
	   "R7 and in the middle of a statement");
	ok(cgc_parse("x", CGC_TEXT_MAX + 1, &t.scratch, text_statement, &t, &t.error) == -EINVAL &&
	   strstr(t.error.what, "64 MiB"), "R7 a text is at most 64 MiB long");
	free(text);
}

static void test_long_path(void)
{
	static const char head[] = "COMPARTMENT a -> COMPARTMENT b METHOD unix PATH /";
	char text[400];
	size_t len = strlen(head) - 1;

	memset(text, 'x', sizeof(text));
	memcpy(text, head, strlen(head));
	ok(!parse(text, len + CGC_PATH_SIZE - 1) &&
	   strlen(t.scratch.rule.path) == CGC_PATH_SIZE - 1, "R2 a PATH may be 111 bytes long");
	ok(parse(text, len + CGC_PATH_SIZE) == -EINVAL && strstr(t.error.what, "at most 111 bytes") &&
	   t.error.place.column == len + 1, "R2 a longer one is refused");
	memcpy(text, "INCLUDE \"", 9);
	text[9 + CGC_ROOT_SIZE - 1] = '"';
	ok(!parse(text, 9 + CGC_ROOT_SIZE), "R1 the path of a file may be 255 bytes long");
}

static int stop(void *ctx, const struct cgc_statement *st)
{
	(void)st;
	return ++*(int *)ctx == 2 ? -42 : 0;
}

static void test_callback(void)
{
	static const char text[] = "INCLUDE <a>\nINCLUDE <b>\nINCLUDE <c>\nfoo";
	int count = 0;

	ok(cgc_parse(text, strlen(text), &t.scratch, stop, &count, &t.error) == -42 && count == 2,
	   "R7 the caller may end the parsing");
}

/* Every text above with each of its bytes cut off, and with each turned over. */
static void test_mangled(void)
{
	unsigned int runs = 0;
	size_t i, k, len;
	char buf[256];

	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		len = strlen(forms[i].text);
		for (k = 0; k < len; k++, runs += 3) {
			memcpy(buf, forms[i].text, len);
			parse(buf, k);
			buf[k] ^= 0x80;
			if (!parse(buf, len) && !strchr(forms[i].text, '#') &&
			    !strstr(forms[i].text, "PATH"))
				break;
			buf[k] = '\n';
			parse(buf, len);
		}
		if (k < len)
			break;
	}
	ok(i == sizeof(forms) / sizeof(forms[0]), "R7 no byte past 127 passes outside comments and paths");
	ok(runs > 5000, "R7 %u mangled texts are read without harm", runs);
}

static void test_words(void)
{
	ok(cgc_signal_number("TERM", 4) == 15 && cgc_signal_number("sigterm", 7) == 15 &&
	   cgc_signal_number("RTMIN", 5) == 34 && cgc_signal_number("SIGRTMIN+1", 10) == 35 &&
	   cgc_signal_number("RTMAX-2", 7) == 62 && cgc_signal_number("64", 2) == 64,
	   "R2 signals by name and number");
	ok(!cgc_signal_number("0", 1) && !cgc_signal_number("65", 2) && !cgc_signal_number("", 0) &&
	   !cgc_signal_number("SIG", 3) && !cgc_signal_number("RTMIN+31", 8) &&
	   !cgc_signal_number("RTMIN+", 6) && !cgc_signal_number("TERMX", 5), "R2 and no others");
	ok(cgc_cap_number("cap_chown", 9) == 0 && cgc_cap_number("CAP_MKNOD", 9) == 27 &&
	   cgc_cap_number("mknod", 5) == 27 && cgc_cap_number("cap_checkpoint_restore", 22) == 40 &&
	   cgc_cap_number("41", 2) == 41, "S2 capabilities by name and number");
	ok(cgc_cap_number("", 0) == -1 && cgc_cap_number("cap_", 4) == -1 &&
	   cgc_cap_number("mkno", 4) == -1 && cgc_cap_number("mknodx", 6) == -1 &&
	   cgc_cap_number("sys\x7F" "admin", 9) == -1, "S2 and no others");
}

#define EACH(table, function) do { \
	size_t i_; \
	for (i_ = 0; i_ < sizeof(table) / sizeof((table)[0]); i_++) \
		function(&(table)[i_]); \
} while (0)

int main(void)
{
	EACH(seed, accepts);
	EACH(forms, accepts);
	EACH(wrong, refuses);
	test_rule_fields();
	test_statements();
	test_bounds();
	test_long_path();
	test_callback();
	test_mangled();
	test_words();
	return done();
}
