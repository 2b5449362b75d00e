/* SPDX-License-Identifier: GPL-2.0-only */
/* What the words of a definition may hold: for who reads them, and for the kernel. */
#ifndef CGC_CORE_DEFINITION_H
#define CGC_CORE_DEFINITION_H

#include "cgc_port.h"
#include "limits.h"

/* cgc_user_is_valid - may it stand after USER: a user, or a user and a group? */
bool cgc_user_is_valid(const char *user, size_t len);

/* cgc_path_is_plain - is it the one way to write it: below /, without //, . and .. and
 * without / at its end? Paths are compared. @path begins with /. */
bool cgc_path_is_plain(const char *path);

/* cgc_device_path_is_valid - may it stand after DEVICES? */
bool cgc_device_path_is_valid(const char *path);

#endif
