// SPDX-License-Identifier: GPL-2.0-only
/* Ending what is in a compartment: by its label, which nothing in it can change. */
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "start.h"

#define LOOK_EVERY	50000	/* microseconds */
#define LOOKS_A_SECOND	(1000000 / LOOK_EVERY)
#define KILLED_SECONDS	10

static struct cgc_nl nl;

static int ask(struct cgc_records *processes)
{
	int err = ctl_open(&nl);

	if (err)
		return -1;
	err = cgc_wire_list(&nl, CGC_LIST_PROCESSES, processes);
	if (err)
		cgc_msg("list processes: %s", nl.why);
	cgc_nl_close(&nl);
	return err ? -1 : 0;
}

static bool is_in(const struct cgc_records *processes, u32 pid, u32 label)
{
	const struct cgc_process *at = processes->at;
	u32 i;

	for (i = 0; i < processes->count; i++)
		if (at[i].pid == pid && at[i].label == label)
			return true;
	return false;
}

/* By descriptor, and only if its owner is still there after that has been opened: the
 * number may be somebody else's by now. */
static void signal_all(const struct cgc_records *processes, u32 label, int number)
{
	const struct cgc_process *at = processes->at;
	int *fds = cgc_alloc((processes->count + 1ul) * sizeof(*fds));
	struct cgc_records now = { 0 };
	u32 i;

	for (i = 0; i < processes->count; i++)
		fds[i] = at[i].label == label && at[i].pid == at[i].tgid ?
			 (int)syscall(SYS_pidfd_open, at[i].tgid, 0) : -1;
	if (!ask(&now))
		for (i = 0; i < processes->count; i++)
			if (fds[i] >= 0 && is_in(&now, at[i].pid, label))
				syscall(SYS_pidfd_send_signal, fds[i], number, NULL, 0);
	for (i = 0; i < processes->count; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	free(now.at);
	free(fds);
}

static int count(const struct cgc_records *processes, u32 label)
{
	const struct cgc_process *at = processes->at;
	int found = 0;
	u32 i;

	for (i = 0; i < processes->count; i++)
		found += at[i].label == label;
	return found;
}

/* Return: how many there were, -1. @number 0: none is sent. */
static int visit(u32 label, int number)
{
	struct cgc_records processes = { 0 };
	int found = ask(&processes) ? -1 : count(&processes, label);

	if (found > 0 && number)
		signal_all(&processes, label, number);
	free(processes.at);
	return found;
}

int processes_count(u32 label)
{
	return visit(label, 0);
}

int processes_end(u32 label, unsigned int seconds)
{
	unsigned int looks = 0, patience = seconds * LOOKS_A_SECOND;
	int found = visit(label, seconds ? SIGTERM : SIGKILL);

	while (found > 0 && looks++ < patience + KILLED_SECONDS * LOOKS_A_SECOND) {
		usleep(LOOK_EVERY);
		found = visit(label, looks > patience ? SIGKILL : 0);
	}
	if (found > 0)
		cgc_msg("%d threads of compartment 0x%x cannot be killed", found, label);
	return found ? -1 : 0;
}
