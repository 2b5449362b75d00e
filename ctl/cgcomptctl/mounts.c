// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a started compartment has mounted in its root: /proc, and a /dev with nothing in it
 * but what every program may expect and what its definition adds. Places are looked up
 * below the root and through no link: what is in there is the compartment's to write.
 */
#include <fcntl.h>
#include <linux/limits.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "start.h"

#define TTY_GROUP "5"

static const struct {
	const char *at;
	const char *type;
	unsigned long flags;
	const char *data;
} mounts[] = {
	{ "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL },
	{ "dev", "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=755,size=64k,nr_inodes=64" },
	{ "dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
	  "newinstance,ptmxmode=666,mode=620,gid=" TTY_GROUP },
	{ "dev/shm", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=1777" },
};

#define MOUNTS (sizeof(mounts) / sizeof(mounts[0]))

enum { DEV = 1 };

static const struct {
	const char *name;
	unsigned int major, minor;
} nodes[] = {
	{ "null", 1, 3 }, { "zero", 1, 5 }, { "full", 1, 7 },
	{ "random", 1, 8 }, { "urandom", 1, 9 }, { "tty", 5, 0 },
};

static const struct {
	const char *name, *to;
} links[] = {
	{ "ptmx", "pts/ptmx" }, { "fd", "/proc/self/fd" }, { "stdin", "fd/0" },
	{ "stdout", "fd/1" }, { "stderr", "fd/2" },
};

static int failed(const struct unit *unit, const char *at, const char *why)
{
	cgc_msg("%s: %s/%s: %s", unit->name, unit->root, at, why);
	return -1;
}

static int open_below(const struct unit *unit, const char *at)
{
	struct open_how how = {
		.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};

	return (int)syscall(SYS_openat2, unit->root_fd, at, &how, sizeof(how));
}

/* Those above it are there, and none of them is the compartment's to exchange. */
static int open_place(const struct unit *unit, const char *at)
{
	int fd = open_below(unit, at);

	if (fd < 0 && errno == ENOENT && !mkdirat(unit->root_fd, at, 0755))
		fd = open_below(unit, at);
	return fd < 0 ? failed(unit, at, strerror(errno)) : fd;
}

static bool is_mount(int fd)
{
	struct statx st;

	return !statx(fd, "", AT_EMPTY_PATH, 0, &st) && st.stx_attributes & STATX_ATTR_MOUNT_ROOT;
}

static void path_of(int fd, char *path, size_t size)
{
	snprintf(path, size, "/proc/self/fd/%d", fd);
}

/* A definition may name one of them; it was made as the machine's is. */
static bool make_nodes(int dir)
{
	bool ok = true;
	size_t i;

	for (i = 0; ok && i < sizeof(nodes) / sizeof(nodes[0]); i++)
		ok = !mknodat(dir, nodes[i].name, S_IFCHR | 0666,
			      makedev(nodes[i].major, nodes[i].minor)) || errno == EEXIST;
	for (i = 0; ok && i < sizeof(links) / sizeof(links[0]); i++)
		ok = !symlinkat(links[i].to, dir, links[i].name) || errno == EEXIST;
	return ok;
}

static int fill_dev(const struct unit *unit)
{
	int dir = open_below(unit, mounts[DEV].at), err;
	mode_t mask = umask(0);

	err = dir < 0 ? failed(unit, mounts[DEV].at, strerror(errno)) : devices_make(unit, dir);
	if (!err && !make_nodes(dir))
		err = failed(unit, mounts[DEV].at, strerror(errno));
	umask(mask);
	if (dir >= 0)
		close(dir);
	return err;
}

static int make_one(struct unit *unit, size_t i)
{
	int fd = open_place(unit, mounts[i].at), err = 0;
	char path[64];

	if (fd < 0)
		return -1;
	path_of(fd, path, sizeof(path));
	if (is_mount(fd)) {
		err = failed(unit, mounts[i].at, "something is mounted there, expected nothing");
	} else if (mount(mounts[i].type, path, mounts[i].type, mounts[i].flags, mounts[i].data)) {
		err = failed(unit, mounts[i].at, strerror(errno));
	} else {
		unit->mounted |= 1u << i;
		unit_note(unit, "mount %zu\n", i);
	}
	close(fd);
	return err || i != DEV ? err : fill_dev(unit);
}

int mounts_make(struct unit *unit)
{
	size_t i;
	int err = 0;

	for (i = 0; i < MOUNTS && !err; i++)
		err = make_one(unit, i);
	return err;
}

/* Whoever outside still is in it keeps it for as long, but nobody else gets there. */
static int take_one(struct unit *unit, size_t i)
{
	char path[PATH_MAX];
	int fd = open_below(unit, mounts[i].at);
	bool there = fd >= 0 && is_mount(fd);

	if (fd >= 0)
		close(fd);
	if (!there)
		return 0;
	snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", unit->root_fd, mounts[i].at);
	if (umount2(path, UMOUNT_NOFOLLOW) && umount2(path, UMOUNT_NOFOLLOW | MNT_DETACH))
		return failed(unit, mounts[i].at, strerror(errno));
	return 0;
}

int mounts_take(struct unit *unit)
{
	size_t i = MOUNTS;
	int err = 0;

	while (unit->root_fd >= 0 && i--)
		if (unit->mounted >> i & 1)
			err |= take_one(unit, i);
	return err;
}
