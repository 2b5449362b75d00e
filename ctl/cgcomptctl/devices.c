// SPDX-License-Identifier: GPL-2.0-only
/* What a definition adds to /dev: nodes, as those of the machine are, and its sockets. */
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "start.h"

static const char *below_dev(const struct cgc_device *device)
{
	return device->path + strlen("/dev/");
}

static int look(const struct unit *unit, const struct cgc_device *device, struct stat *st)
{
	struct cgc_device now;

	if (stat(device->path, st)) {
		cgc_msg("%s: %s: %s, expected the device that its definition names", unit->name,
			device->path, strerror(errno));
		return -1;
	}
	if (cgc_device_set(&now, st) && now.kind == device->kind && now.number == device->number)
		return 0;
	cgc_msg("%s: %s is not the device that it was when the rules were loaded, expected the same (cgcomptctl load)",
		unit->name, device->path);
	return -1;
}

int devices_check(const struct unit *unit)
{
	struct stat st;
	u32 i;

	for (i = 0; i < unit->devices_count; i++)
		if (look(unit, &unit->devices[i], &st))
			return -1;
	return 0;
}

/* What is above it: net of net/tun. */
static int make_above(int dir, const char *path)
{
	char above[CGC_DEVICE_PATH_SIZE];
	const char *slash;

	for (slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		snprintf(above, sizeof(above), "%.*s", (int)(slash - path), path);
		if (mkdirat(dir, above, 0755) && errno != EEXIST)
			return -1;
	}
	return 0;
}

static int make_node(int dir, const char *path, const struct stat *st)
{
	if (mknodat(dir, path, st->st_mode & (S_IFMT | 0777), st->st_rdev))
		return -1;
	return fchownat(dir, path, st->st_uid, st->st_gid, AT_SYMLINK_NOFOLLOW);
}

/* It goes with what /dev is mounted as. */
static int show_socket(int dir, const char *path, const char *of_machine)
{
	char place[64 + CGC_DEVICE_PATH_SIZE];

	if (mknodat(dir, path, S_IFREG, 0))
		return -1;
	snprintf(place, sizeof(place), "/proc/self/fd/%d/%s", dir, path);
	return mount(of_machine, place, NULL, MS_BIND, NULL);
}

static int make(int dir, const struct cgc_device *device, const struct stat *st)
{
	const char *path = below_dev(device);

	if (make_above(dir, path))
		return -1;
	return device->kind == CGC_DEVICE_SOCKET ? show_socket(dir, path, device->path) :
	       make_node(dir, path, st);
}

int devices_make(const struct unit *unit, int dir)
{
	struct stat st;
	u32 i;

	for (i = 0; i < unit->devices_count; i++) {
		const struct cgc_device *device = &unit->devices[i];

		if (look(unit, device, &st))
			return -1;
		if (!make(dir, device, &st))
			continue;
		cgc_msg("%s: %s%s: %s", unit->name, unit->root, device->path, strerror(errno));
		return -1;
	}
	return 0;
}
