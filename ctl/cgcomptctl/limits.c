// SPDX-License-Identifier: GPL-2.0-only
/*
 * How much of the machine a started compartment can take. With systemd that is its unit's
 * (cgcompt@.service, to be changed by a drop-in); without, a cgroup with the same limits.
 */
#include <fcntl.h>
#include <linux/limits.h>
#include <linux/magic.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "start.h"

#define CGROUPS	"/sys/fs/cgroup"
#define OURS	CGROUPS "/cgcompt"
#define REMOVE_TRIES 100

/* As in cgcompt@.service. */
#define TASKS_MAX	"512"
#define CPU_WEIGHT	"50"
#define FILES_MAX	4096

static int failed(const struct unit *unit, const char *path)
{
	cgc_msg("%s: %s: %s", unit->name, path, strerror(errno));
	return -1;
}

static int put(const char *dir, const char *file, const char *value)
{
	char path[PATH_MAX];
	ssize_t done;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	done = write(fd, value, strlen(value));
	close(fd);
	return done < 0 ? -1 : 0;
}

static void dir_of(const struct unit *unit, char *dir, size_t size)
{
	snprintf(dir, size, OURS "/%s", unit->name);
}

/* systemd has put the caller where it put what it calls. */
static bool in_unit(const struct unit *unit)
{
	char line[PATH_MAX], wanted[CGC_NAME_SIZE + 32];
	FILE *file = fopen("/proc/self/cgroup", "re");
	bool found = false;

	snprintf(wanted, sizeof(wanted), "/cgcompt@%s.service", unit->name);
	while (file && !found && fgets(line, sizeof(line), file))
		found = strstr(line, wanted) != NULL;
	if (file)
		fclose(file);
	return found;
}

static int set(const struct unit *unit, const char *dir)
{
	char half[32];

	snprintf(half, sizeof(half), "%llu", (unsigned long long)sysconf(_SC_PHYS_PAGES) *
		 (unsigned long long)sysconf(_SC_PAGESIZE) / 2);
	if (put(CGROUPS, "cgroup.subtree_control", "+pids +memory +cpu") ||
	    put(OURS, "cgroup.subtree_control", "+pids +memory +cpu"))
		return failed(unit, OURS "/cgroup.subtree_control");
	if (put(dir, "pids.max", TASKS_MAX) || put(dir, "memory.max", half) ||
	    put(dir, "cpu.weight", CPU_WEIGHT))
		return failed(unit, dir);
	return 0;
}

int limits_make(struct unit *unit)
{
	char dir[PATH_MAX];
	struct statfs st;

	if (in_unit(unit))
		return 0;
	if (statfs(CGROUPS, &st) || st.f_type != CGROUP2_SUPER_MAGIC) {
		cgc_msg("%s: its processes cannot be limited: expected cgroup2 at " CGROUPS,
			unit->name);
		return -1;
	}
	dir_of(unit, dir, sizeof(dir));
	if ((mkdir(OURS, 0755) && errno != EEXIST) || (mkdir(dir, 0755) && errno != EEXIST))
		return failed(unit, dir);
	unit->cgroup = true;
	unit_note(unit, "cgroup\n");
	return set(unit, dir);
}

int limits_enter(const struct unit *unit)
{
	const struct rlimit files = { FILES_MAX, FILES_MAX }, core = { 0, 0 };
	char dir[PATH_MAX];

	if (!unit->cgroup)
		return 0;
	dir_of(unit, dir, sizeof(dir));
	if (put(dir, "cgroup.procs", "0") || setrlimit(RLIMIT_NOFILE, &files) ||
	    setrlimit(RLIMIT_CORE, &core))
		return failed(unit, dir);
	return 0;
}

/* Who has been killed leaves it a little later. */
int limits_take(struct unit *unit)
{
	char dir[PATH_MAX];
	int tries = 0;

	if (!unit->cgroup)
		return 0;
	dir_of(unit, dir, sizeof(dir));
	put(dir, "cgroup.kill", "1");
	while (rmdir(dir) && errno == EBUSY && ++tries < REMOVE_TRIES)
		usleep(50000);
	if (!access(dir, F_OK))
		return failed(unit, dir);
	rmdir(OURS);
	return 0;
}
