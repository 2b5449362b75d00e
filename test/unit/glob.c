// SPDX-License-Identifier: GPL-2.0-only
/* Patterns for names of sockets. */
#include "core/glob.h"

#include <stdlib.h>

#include "naive.h"
#include "tap.h"

/* From copies of their size, so that reading past an end is noticed. */
static bool matches(const char *pattern, const char *name, size_t len)
{
	char *copy = malloc(len ? len : 1), *pattern_copy = strdup(pattern);
	bool yes;

	memcpy(copy, name, len);
	yes = cgc_glob_matches(pattern_copy, copy, len);
	free(copy);
	free(pattern_copy);
	return yes;
}

static void is(const char *pattern, const char *name, bool expected)
{
	ok(matches(pattern, name, strlen(name)) == expected, "R2 PATH %s %s %s", pattern,
	   expected ? "is" : "is not", name);
}

static void test_words(void)
{
	is("/run/x", "/run/x", true);
	is("/run/x", "/run/xy", false);
	is("/run/xy", "/run/x", false);
	is("/run/x", "/RUN/x", false);
	is("/run/*", "/run/", true);
	is("/run/*", "/run/a/b", true);
	is("/run/*", "/run", false);
	is("/run/*", "/var/run/a", false);
	is("/run/?", "/run/a", true);
	is("/run/?", "/run/", false);
	is("/run/?", "/run/ab", false);
	is("/*/x", "/a/b/x", true);
	is("/*/x", "/x", false);
	is("/*/x*y", "/a/x/xzy", true);
	is("/*a*b*c", "/abcabcab", false);
	is("/*a*b*c", "/abcabcabc", true);
	is("/**", "/", true);
	is("/***x**", "/x", true);
	is("@abs*", "@abstract", true);
	is("@abs*", "/abstract", false);
	is("@", "@", true);
	is("@", "@a", false);
	is("/a", "", false);
	is("*", "", true);
	is("", "", true);
	is("", "a", false);
}

static void test_bytes(void)
{
	ok(matches("@a?b", "@a\0b", 4) && matches("@*b", "@a\0\0b", 5) && !matches("@a", "@a\0", 3),
	   "R2 a NUL in an abstract name is a byte as another");
	ok(!matches("/a", "/a\0", 3) && !matches("/a*c", "/a", 2), "R2 neither ends early");
	ok(matches("/\xC3?", "/\xC3\xA9", 3), "R2 ? is one byte");
}

/* The worst that a rule and a name can be, and what it costs is bounded. */
static void test_bound(void)
{
	char pattern[CGC_PATH_SIZE], name[255];
	unsigned int i;

	memset(name, 'a', sizeof(name));
	for (i = 0; i < sizeof(pattern) - 1; i++)
		pattern[i] = i % 2 ? '*' : 'a';
	pattern[sizeof(pattern) - 2] = 'b';
	pattern[sizeof(pattern) - 1] = '\0';
	for (i = 0; i < 1000; i++)
		if (matches(pattern, name, sizeof(name)))
			break;
	ok(i == 1000, "R5 many stars take no time that grows with their number");
}

static void test_naive(void)
{
	static const char bytes[] = "/ab*?";
	struct bytes b = { .state = 11 };
	unsigned int round, i, wrong = 0, yes = 0;
	char pattern[10], name[10];

	for (round = 0; round < 200000; round++) {
		u32 plen = choose(&b, 9), nlen = choose(&b, 10);

		for (i = 0; i < plen; i++)
			pattern[i] = bytes[choose(&b, 5)];
		pattern[plen] = '\0';
		for (i = 0; i < nlen; i++)
			name[i] = bytes[choose(&b, 3)];
		if (cgc_glob_matches(pattern, name, nlen) != naive_glob(pattern, name, nlen) && !wrong++)
			diag("%s on %.*s", pattern, (int)nlen, name);
		yes += naive_glob(pattern, name, nlen);
	}
	ok(!wrong && yes > 10000, "R2 200000 random patterns match what they say (%u did)", yes);
}

int main(void)
{
	test_words();
	test_bytes();
	test_bound();
	test_naive();
	return done();
}
