/* SPDX-License-Identifier: GPL-2.0-only */
/* Labels of tasks (mission L1, L4): what has no record is in compartment 0. */
#ifndef CGC_TASK_H
#define CGC_TASK_H

#include <linux/atomic.h>
#include <linux/sched.h>
#include <linux/threads.h>
#include "uapi/cgcompt.h"

/* cgc_task_init - PID 1 becomes the supervisor. May sleep. */
int cgc_task_init(void);
/* cgc_task_exit - after the hooks are gone. */
void cgc_task_exit(void);

/**
 * struct cgc_task_slot - what a PID's owner has for a label
 * @task: whose slot it is, or NULL
 * @label: its compartment
 */
struct cgc_task_slot {
	const struct task_struct *task;
	u32 label;
};

#define CGC_TASK_SLOTS	(PAGE_SIZE / sizeof(struct cgc_task_slot))	/* in a page */

extern struct cgc_task_slot *cgc_task_pages[PID_MAX_LIMIT / CGC_TASK_SLOTS];
extern atomic_t cgc_task_homeless;	/* labelled tasks without a slot */

/* cgc_label_of_homeless - of a task that may be one of them. */
u32 cgc_label_of_homeless(const struct task_struct *task);

/**
 * cgc_label_of_task - the compartment of a task
 * @task: alive at least as memory
 *
 * Any context. A few loads by PID; asked by every hook, so inline.
 */
static inline u32 cgc_label_of_task(const struct task_struct *task)
{
	u32 pid = READ_ONCE(task->pid), label;
	const struct cgc_task_slot *page = READ_ONCE(cgc_task_pages[pid / CGC_TASK_SLOTS]);
	const struct cgc_task_slot *slot;

	if (page) {
		slot = &page[pid % CGC_TASK_SLOTS];
		if (READ_ONCE(slot->task) == task) {
			label = READ_ONCE(slot->label);
			smp_rmb();	/* the label before the second look at whose it is */
			if (likely(READ_ONCE(slot->task) == task))
				return label;
		}
	}
	return likely(!atomic_read(&cgc_task_homeless)) ? CGC_LABEL_DEFAULT :
	       cgc_label_of_homeless(task);
}

/* cgc_label_of_current - as above; only in the context of a process, never in
 * an interrupt, where `current` is whoever happened to run. */
static inline u32 cgc_label_of_current(void)
{
	const struct task_struct *task = current;
	u32 pid = task->pid;
	const struct cgc_task_slot *page = READ_ONCE(cgc_task_pages[pid / CGC_TASK_SLOTS]);

	/* Nobody else has its PID meanwhile: no second look. */
	if (page && READ_ONCE(page[pid % CGC_TASK_SLOTS].task) == task)
		return READ_ONCE(page[pid % CGC_TASK_SLOTS].label);
	return likely(!atomic_read(&cgc_task_homeless)) ? CGC_LABEL_DEFAULT :
	       cgc_label_of_homeless(task);
}

/**
 * cgc_task_fork - give a child its parent's label
 * @child: not yet visible, without a PID
 * @thread: it is a thread of its parent's process (CLONE_THREAD)
 *
 * Atomic. Return: 0, -ENOMEM: the fork is to fail.
 */
int cgc_task_fork(struct task_struct *child, bool thread);

/* cgc_task_publish - the child has its PID and has run nothing yet. Atomic. */
void cgc_task_publish(struct task_struct *child);

/* cgc_task_free - the last reference is gone. Atomic. */
void cgc_task_free(struct task_struct *task);

/**
 * cgc_task_prepare_exec - let the caller's next execve() enter a compartment
 * @label: which
 *
 * The label changes together with the program: past the execve() there are no
 * other threads and the memory is new. A child does not inherit it. May sleep.
 * Return: 0, -ENOMEM.
 */
int cgc_task_prepare_exec(u32 label);

/* cgc_task_map_exec - as above, for the execve() that is under way. Atomic. */
int cgc_task_map_exec(u32 label);

/* cgc_task_forget_mapped - what the above prepared for one that failed. Atomic. */
void cgc_task_forget_mapped(void);

/* cgc_task_exec - past the point of no return of an execve(): enter what was
 * prepared; also find the PID again that de_thread() may have swapped. Atomic. */
void cgc_task_exec(void);

/* cgc_task_entering - is the caller's execve() to enter a compartment? (*label) */
bool cgc_task_entering(u32 *label);

/* cgc_task_overseer - had the caller, or who it descends from, seccomp filters when
 * it left compartment (*label)? */
bool cgc_task_overseer(u32 *label);

/**
 * cgc_task_adopt - a kernel thread begins to act with a process's memory
 * @owner: of the memory, or NULL: it ceases to
 *
 * vhost workers of 6.1 are kernel threads that adopt the memory of their
 * owner; they get its label. Atomic.
 */
void cgc_task_adopt(struct task_struct *owner);

struct sock;

/* cgc_task_read - the running task, whose label is not 0, begins to read a unix socket;
 * @owned: of its own compartment. Atomic. */
void cgc_task_read(const struct sock *sk, bool owned);

/* cgc_task_reads - the socket that the running task began to read last, an address to
 * look a record up by and nothing more; NULL: none. Atomic. */
const struct sock *cgc_task_reads(bool *owned);

/* cgc_task_count - tasks with a label other than 0. */
unsigned int cgc_task_count(void);

/* cgc_task_carry - how many tasks carry a label other than 0. Looks at all. */
unsigned int cgc_task_carry(u32 label);

/**
 * cgc_task_list - describe labelled tasks
 * @bucket: where to begin, 0 at first; advanced
 * @emit: called under a spinlock for each; not 0 ends it, and the same bucket
 *	is begun again next time
 */
int cgc_task_list(unsigned int *bucket, int (*emit)(void *ctx, const struct cgc_process *process),
		  void *ctx);

#endif
