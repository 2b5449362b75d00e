/* SPDX-License-Identifier: GPL-2.0-only */
/* Patterns for names of unix sockets and interfaces. */
#ifndef CGC_CORE_GLOB_H
#define CGC_CORE_GLOB_H

#include "cgc_port.h"

/**
 * cgc_glob_matches - does a whole name match?
 * @pattern: ends with NUL; `*' is any run of bytes, also an empty one and also
 *	with slashes in it, `?' is any one byte
 * @name: any bytes, not terminated
 * @len: of @name
 *
 * At most as many steps as there are bytes in both, multiplied.
 */
bool cgc_glob_matches(const char *pattern, const char *name, size_t len);

/* cgc_glob_covers - does @wide match whatever @narrow, a pattern too, matches? False in
 * a few cases where it does. */
bool cgc_glob_covers(const char *wide, const char *narrow);

#endif
