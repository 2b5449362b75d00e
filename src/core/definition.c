// SPDX-License-Identifier: GPL-2.0-only
#include "definition.h"

static bool is_user(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '.' || c == '-';
}

bool cgc_user_is_valid(const char *user, size_t len)
{
	size_t colon = len, i;

	for (i = 0; i < len; i++) {
		if (is_user(user[i]))
			continue;
		if (user[i] != ':' || colon < len)
			return false;
		colon = i;
	}
	return colon && colon + 1 != len;
}
