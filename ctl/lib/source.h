/* SPDX-License-Identifier: GPL-2.0-only */
/* Files as such: reading them whole, and who can write them. */
#ifndef CGC_CTL_SOURCE_H
#define CGC_CTL_SOURCE_H

#include "model.h"

/**
 * struct cgc_source - a file's content
 * @text: of @len bytes, to be freed
 * @len: its length
 * @dev: which file it is
 * @ino: likewise
 * @untrusted: a sentence: who else could have written it; NULL: only root
 */
struct cgc_source {
	char *text;
	size_t len;
	u64 dev;
	u64 ino;
	const char *untrusted;
};

/**
 * cgc_source_read - read a file whole
 * @path: of it; "-" is standard input, which is always trusted
 * @source: filled in
 * @why: on error, a sentence: what is wrong, what was expected
 *
 * Return: 0, or -1 with @why set.
 */
int cgc_source_read(const char *path, struct cgc_source *source, const char **why);

/* cgc_source_dir_untrusted - who but root could put files there, or NULL. */
const char *cgc_source_dir_untrusted(const char *path);

#endif
