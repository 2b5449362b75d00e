// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <linux/limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source.h"

static const char *writable(const struct stat *st, const char *owned, const char *open)
{
	if (st->st_uid)
		return owned;
	return st->st_mode & (S_IWGRP | S_IWOTH) ? open : NULL;
}

/*
 * Whoever can write a directory above can put another file in place of this
 * one; with the sticky bit only of what is theirs, and that is seen below.
 */
static const char *parents_untrusted(const char *path)
{
	char at[PATH_MAX];
	struct stat st;
	char *slash;

	snprintf(at, sizeof(at), "%s", path);
	while ((slash = strrchr(at, '/'))) {
		slash[slash == at] = '\0';
		if (stat(at, &st))
			return "a directory above it cannot be looked at";
		if (st.st_uid)
			return "a directory above it belongs to another user than root";
		if ((st.st_mode & (S_IWGRP | S_IWOTH)) && !(st.st_mode & S_ISVTX))
			return "a directory above it can be written by others than root";
		if (slash == at)
			break;
	}
	return NULL;
}

/* Both where it is and where it is named: a link can be exchanged as well. */
static const char *place_untrusted(const char *path)
{
	char real[PATH_MAX], named[PATH_MAX], cwd[PATH_MAX];
	const char *why;

	if (!realpath(path, real))
		return "it cannot be looked at";
	why = parents_untrusted(real);
	if (why)
		return why;
	if (path[0] == '/')
		return parents_untrusted(path);
	if (!getcwd(cwd, sizeof(cwd)) ||
	    snprintf(named, sizeof(named), "%s/%s", cwd, path) >= (int)sizeof(named))
		return "its path is too long";
	return parents_untrusted(named);
}

const char *cgc_source_dir_untrusted(const char *path)
{
	const char *why;
	struct stat st;

	if (stat(path, &st))
		return "it cannot be looked at";
	why = writable(&st, "the directory belongs to another user than root",
		       "the directory can be written by others than root");
	return why ? why : place_untrusted(path);
}

static int fail(const char **why, const char *text)
{
	*why = text;
	return -1;
}

static int read_all(int fd, size_t expected, struct cgc_source *source, const char **why)
{
	size_t size = expected < 4096 ? 4096 : expected + 1;
	ssize_t got;

	source->text = cgc_alloc(size);
	for (;;) {
		got = read(fd, source->text + source->len, size - source->len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail(why, strerror(errno));
		if (!got)
			return 0;
		source->len += (size_t)got;
		if (source->len > CGC_TEXT_MAX)
			return fail(why, "too large, expected at most 64 MiB");
		if (source->len == size) {
			char *text = realloc(source->text, size *= 2);

			if (!text)
				return fail(why, "out of memory");
			source->text = text;
		}
	}
}

static int open_regular(const char *path, struct stat *st, const char **why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return fail(why, strerror(errno));
	if (fstat(fd, st))
		*why = strerror(errno);
	else if (S_ISDIR(st->st_mode))
		*why = "is a directory, expected a file";
	else if (S_ISREG(st->st_mode) && st->st_size > (off_t)CGC_TEXT_MAX)
		*why = "too large, expected at most 64 MiB";
	else
		return fd;
	close(fd);
	return -1;
}

int cgc_source_read(const char *path, struct cgc_source *source, const char **why)
{
	struct stat st = { 0 };
	int fd, err;

	memset(source, 0, sizeof(*source));
	if (!strcmp(path, "-")) {
		err = read_all(STDIN_FILENO, 0, source, why);
	} else {
		fd = open_regular(path, &st, why);
		if (fd < 0)
			return -1;
		source->dev = st.st_dev;
		source->ino = st.st_ino;
		source->untrusted = writable(&st, "it belongs to another user than root",
					     "it can be written by others than root");
		if (!source->untrusted && S_ISREG(st.st_mode))
			source->untrusted = place_untrusted(path);
		err = read_all(fd, S_ISREG(st.st_mode) ? (size_t)st.st_size : 0, source, why);
		close(fd);
	}
	if (err) {
		free(source->text);
		source->text = NULL;
	}
	return err;
}
