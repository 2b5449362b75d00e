// SPDX-License-Identifier: GPL-2.0-only
/* Devices of definitions: paths to numbers, as the machine has them now. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "conf.h"
#include "msg.h"

bool cgc_device_set(struct cgc_device *device, const struct stat *st)
{
	device->number = 0;
	device->kind = CGC_DEVICE_SOCKET;
	if (S_ISSOCK(st->st_mode))
		return true;
	device->kind = S_ISBLK(st->st_mode) ? CGC_DEVICE_BLOCK : CGC_DEVICE_CHAR;
	device->number = major(st->st_rdev) << 20 | minor(st->st_rdev);
	return (S_ISBLK(st->st_mode) || S_ISCHR(st->st_mode)) && device->number;
}

static bool is_below(const char *path, const char *dir)
{
	return !strncmp(path, dir, strlen(dir));
}

static bool is_pseudo_terminal(const struct cgc_device *device)
{
	const u32 major = device->number >> 20;

	return device->kind == CGC_DEVICE_CHAR && major >= 136 && major < 144;
}

/* At boot it may come later: until the rules are loaded again nothing is opened by it. */
static void missing(struct cgc_config *config, struct cgc_origin at, const char *path)
{
	const char *why = errno == ENOENT || errno == ENOTDIR ? "there is no such device" :
			  strerror(errno);

	if (config->options.check)
		cgc_warning_at(config, at, "%s: %s, expected one: load will refuse it", path, why);
	else if (config->options.boot)
		cgc_warning_at(config, at, "%s: %s: it opens nothing until rules are loaded again",
			       path, why);
	else
		cgc_refuse_at(config, at, "%s: %s, expected one", path, why);
}

static void resolve(struct cgc_config *config, struct cgc_origin at, struct cgc_device *device)
{
	struct stat st;

	if (is_below(device->path, "/dev/pts/") || is_below(device->path, "/dev/shm/"))
		cgc_refuse_at(config, at, "%s: every compartment has a %.8s of its own, expected another device",
			      device->path, device->path);
	else if (stat(device->path, &st))
		missing(config, at, device->path);
	else if (!cgc_device_set(device, &st))
		cgc_refuse_at(config, at, "%s is no device, expected a character or block device, or a unix socket",
			      device->path);
	else if (is_pseudo_terminal(device))
		cgc_refuse_at(config, at, "%s is a pseudo-terminal, which is its maker's: expected another device",
			      device->path);
}

void cgc_compile_devices(struct cgc_config *config)
{
	u32 i, j;

	for (i = 0; i < config->definitions_count && !cgc_msg_too_many(config); i++) {
		struct cgc_conf_definition *def = &config->definitions[i];

		for (j = 0; j < def->def.devices_count; j++)
			resolve(config, def->devices_at[j], &def->def.devices[j]);
	}
}
