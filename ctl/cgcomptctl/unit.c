// SPDX-License-Identifier: GPL-2.0-only
/* What is started, in /run/cgcompt: a file for each compartment, that says what to undo. */
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "start.h"

#define STATE_DIR "/run/cgcompt"

static void path_of(const char *name, char *path, size_t size)
{
	snprintf(path, size, STATE_DIR "/%s", name);
}

static void read_line(struct unit *unit, char *line)
{
	uint64_t ref;

	line[strcspn(line, "\n")] = '\0';
	if (sscanf(line, "rule %" SCNx64, &ref) == 1) {
		unit->refs = cgc_grow(unit->refs, unit->refs_count, sizeof(*unit->refs));
		unit->refs[unit->refs_count++] = ref;
	} else if (!strncmp(line, "root ", 5)) {
		snprintf(unit->root, sizeof(unit->root), "%.*s", CGC_ROOT_SIZE - 1, line + 5);
	} else if (!strncmp(line, "user ", 5)) {
		snprintf(unit->user, sizeof(unit->user), "%.*s", CGC_USER_SIZE - 1, line + 5);
	} else if (!strncmp(line, "label ", 6)) {
		unit->label = (u32)strtoul(line + 6, NULL, 10);
	} else if (!strncmp(line, "mount ", 6)) {
		unit->mounted |= 1u << strtoul(line + 6, NULL, 10);
	} else if (!strcmp(line, "cgroup")) {
		unit->cgroup = true;
	}
}

static int lock(const char *path, const char *name)
{
	struct stat st, named;
	int fd;

	for (;;) {
		fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (fd < 0) {
			cgc_msg("%s: %s", path, strerror(errno));
			return -1;
		}
		if (flock(fd, LOCK_EX | LOCK_NB)) {
			cgc_msg("%s is being started or stopped by somebody else right now", name);
			close(fd);
			return -1;
		}
		/* Whoever had it may have removed it. */
		if (!fstat(fd, &st) && !stat(path, &named) && st.st_ino == named.st_ino)
			return fd;
		close(fd);
	}
}

int unit_open(struct unit *unit)
{
	char path[PATH_MAX], line[CGC_ROOT_SIZE + 16];
	bool any = false;
	int fd;

	mkdir(STATE_DIR, 0755);
	path_of(unit->name, path, sizeof(path));
	fd = lock(path, unit->name);
	if (fd < 0)
		return -1;
	unit->state = fdopen(fd, "r+");
	if (!unit->state)
		return -1;
	while (fgets(line, sizeof(line), unit->state)) {
		any = true;
		read_line(unit, line);
	}
	return !any;
}

void unit_note(struct unit *unit, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fseek(unit->state, 0, SEEK_END);
	vfprintf(unit->state, format, args);
	va_end(args);
	if (fflush(unit->state))
		cgc_msg(STATE_DIR "/%s: %s", unit->name, strerror(errno));
}

void unit_close(struct unit *unit, bool gone)
{
	char path[PATH_MAX];

	path_of(unit->name, path, sizeof(path));
	if (gone && unit->state)
		unlink(path);
	if (unit->state)
		fclose(unit->state);
	if (unit->root_fd >= 0)
		close(unit->root_fd);
	free(unit->refs);
}

static bool needs(const char *name, u64 ref)
{
	char path[PATH_MAX], line[CGC_ROOT_SIZE + 16];
	bool found = false;
	uint64_t other;
	FILE *file;

	path_of(name, path, sizeof(path));
	file = fopen(path, "re");
	while (file && !found && fgets(line, sizeof(line), file))
		found = sscanf(line, "rule %" SCNx64, &other) == 1 && other == ref;
	if (file)
		fclose(file);
	return found;
}

bool unit_others(const struct unit *unit, u64 ref)
{
	const struct dirent *entry;
	DIR *dir = opendir(STATE_DIR);
	bool found = false;

	while (dir && !found && (entry = readdir(dir)))
		found = entry->d_name[0] != '.' && strcmp(entry->d_name, unit->name) &&
			needs(entry->d_name, ref);
	if (dir)
		closedir(dir);
	return found;
}
