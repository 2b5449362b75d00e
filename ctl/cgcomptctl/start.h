/* SPDX-License-Identifier: GPL-2.0-only */
/* What starting and stopping a compartment is made of. All say what fails. */
#ifndef CGC_CTL_START_H
#define CGC_CTL_START_H

#include "ctl.h"

/**
 * struct unit - a compartment that is being started or stopped
 * @name: its name
 * @label: its number
 * @root: its ROOT
 * @root_fd: the same, by descriptor
 * @user: as whom its programs run, as written
 * @runs_as: the same, looked up
 * @caps: capabilities, by number, that others than root begin with
 * @devices: of its definition
 * @devices_count: how many
 * @state: its file in /run/cgcompt, locked: what has been done, a line each
 * @refs: rules that were added for it
 * @refs_count: how many
 * @mounted: bit i: entry i of the table of mounts was made for it
 * @cgroup: it has a cgroup of its own, not systemd's
 */
struct unit {
	const char *name;
	u32 label;
	char root[CGC_ROOT_SIZE];
	int root_fd;
	char user[CGC_USER_SIZE];
	struct ctl_user runs_as;
	u64 caps;
	struct cgc_device devices[CGC_DEVICES_MAX];
	u32 devices_count;
	FILE *state;
	u64 *refs;
	u32 refs_count;
	u32 mounted;
	bool cgroup;
};

/* unit_open - lock its file and read it. Return: 0; 1: nothing is started; -1. */
int unit_open(struct unit *unit);
/* unit_note - put down what has been done, before it is, where it can be undone anyway. */
void unit_note(struct unit *unit, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* unit_close - @gone: nothing is left of it. */
void unit_close(struct unit *unit, bool gone);
/* unit_others - does another one need this rule? */
bool unit_others(const struct unit *unit, u64 ref);

/* mounts_make - /proc and a bare /dev. */
int mounts_make(struct unit *unit);
/* mounts_take - all of them away. */
int mounts_take(struct unit *unit);

/* devices_check - has the machine the devices of its definition, by these numbers? */
int devices_check(const struct unit *unit);
/* devices_make - nodes of them in a directory, without the caller's umask. */
int devices_make(const struct unit *unit, int dir);

/* limits_make - a cgroup of its own, unless systemd made one. */
int limits_make(struct unit *unit);
/* limits_enter - the caller is limited from now on. */
int limits_enter(const struct unit *unit);
int limits_take(struct unit *unit);

/* rules_make - those of start.d. */
int rules_make(struct unit *unit);
int rules_take(struct unit *unit);

/* processes_count - how many threads the compartment has; -1. */
int processes_count(u32 label);
/* processes_end - until there is none: told to end, killed after @seconds. */
int processes_end(u32 label, unsigned int seconds);

#endif
