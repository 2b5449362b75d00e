// SPDX-License-Identifier: GPL-2.0-only
/* A compartment's root, by descriptor: what has been looked at is what is entered. */
#include <fcntl.h>
#include <linux/limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl.h"

#define EXPECTED "expected directories of root's, which only root can write"

static int refused(const char *root, const char *at, const char *why)
{
	cgc_msg("%s: %s %s, " EXPECTED, root, at, why);
	return -1;
}

/* With the sticky bit others cannot exchange what is root's; in the root itself they
 * would be at home. */
static const char *untrusted(const struct stat *st, bool last)
{
	if (st->st_uid)
		return "belongs to another user than root";
	if (st->st_mode & (S_IWGRP | S_IWOTH) && (last || !(st->st_mode & S_ISVTX)))
		return "can be written by others than root";
	return NULL;
}

static int open_in(int dir, const char *name, const char *root, const char *at)
{
	int fd = openat(dir, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd >= 0)
		return fd;
	if (errno == ENOTDIR && !fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) &&
	    S_ISLNK(st.st_mode))
		return refused(root, at, "is a symbolic link");
	cgc_msg("%s: %s", root, strerror(errno));
	return -1;
}

int ctl_root_open(const char *root)
{
	char path[PATH_MAX], *name, *end = path;
	const char *why = NULL;
	int dir, fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat st;

	snprintf(path, sizeof(path), "%s", root);
	while (fd >= 0 && !why && *end) {
		name = end + 1;
		end = strchrnul(name, '/');
		*end = '\0';
		dir = fd;
		fd = open_in(dir, name, root, path);
		close(dir);
		if (fd >= 0 && !fstat(fd, &st))
			why = untrusted(&st, !root[end - path]);
		if (why)
			refused(root, path, why);
		*end = root[end - path];
	}
	if (!why)
		return fd;
	close(fd);
	return -1;
}
