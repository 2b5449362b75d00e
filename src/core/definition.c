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

bool cgc_path_is_plain(const char *path)
{
	size_t at, len;

	for (at = 1; path[at - 1] == '/'; at += len + 1) {
		for (len = 0; path[at + len] && path[at + len] != '/'; len++)
			;
		if (!len || (path[at] == '.' && (len == 1 || (len == 2 && path[at + 1] == '.'))))
			return false;
		if (!path[at + len])
			return true;
	}
	return false;
}

/* What one word of the language can hold. */
static bool is_device(char c)
{
	return is_user(c) || strchr("/:+@%", c);
}

bool cgc_device_path_is_valid(const char *path)
{
	size_t i;

	if (strncmp(path, "/dev/", 5) || !cgc_path_is_plain(path))
		return false;
	for (i = 0; path[i]; i++)
		if (!is_device(path[i]))
			return false;
	return true;
}
