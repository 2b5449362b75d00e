// SPDX-License-Identifier: GPL-2.0-only
#include "glob.h"

/* The last star takes one byte more whenever what is behind it does not match:
 * an earlier one need not be tried again. With @patterns a star in the name is any run
 * of bytes, which nothing but a star matches. */
static bool matches(const char *pattern, const char *name, size_t len, bool patterns)
{
	const char *star = NULL;
	size_t at = 0, from = 0;

	while (at < len) {
		if (*pattern == '*') {
			star = ++pattern;
			from = at;
		} else if (*pattern && !(patterns && name[at] == '*') &&
			   (*pattern == '?' || *pattern == name[at])) {
			pattern++;
			at++;
		} else if (star) {
			pattern = star;
			at = ++from;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}

bool cgc_glob_matches(const char *pattern, const char *name, size_t len)
{
	return matches(pattern, name, len, false);
}

bool cgc_glob_covers(const char *wide, const char *narrow)
{
	return matches(wide, narrow, strlen(narrow), true);
}
