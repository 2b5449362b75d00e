// SPDX-License-Identifier: GPL-2.0-only
/* Nodes of the devices that a definition adds, as those of the machine are. */
#include <fcntl.h>
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

static int make(int dir, const char *path, const struct stat *st)
{
	if (make_above(dir, path) ||
	    mknodat(dir, path, st->st_mode & (S_IFMT | 0777), st->st_rdev))
		return -1;
	return fchownat(dir, path, st->st_uid, st->st_gid, AT_SYMLINK_NOFOLLOW);
}

int devices_make(const struct unit *unit, int dir)
{
	struct stat st;
	u32 i;

	for (i = 0; i < unit->devices_count; i++) {
		const struct cgc_device *device = &unit->devices[i];

		if (look(unit, device, &st))
			return -1;
		if (!make(dir, below_dev(device), &st))
			continue;
		cgc_msg("%s: %s%s: %s", unit->name, unit->root, device->path, strerror(errno));
		return -1;
	}
	return 0;
}
