/* SPDX-License-Identifier: GPL-2.0-only */
/* Labels of tasks (mission L1, L4): what has no record is in compartment 0. */
#ifndef CGC_TASK_H
#define CGC_TASK_H

#include <linux/sched.h>
#include "uapi/cgcompt.h"

/* cgc_task_init - PID 1 becomes the supervisor. May sleep. */
int cgc_task_init(void);
/* cgc_task_exit - after the hooks are gone. */
void cgc_task_exit(void);

/**
 * cgc_label_of_task - the compartment of a task
 * @task: alive at least as memory
 *
 * Any context. One or two loads by PID where the label is not 0.
 */
u32 cgc_label_of_task(const struct task_struct *task);

/* cgc_label_of_current - as above; only in the context of a process, never in
 * an interrupt, where `current` is whoever happened to run. */
u32 cgc_label_of_current(void);

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

/* cgc_task_exec - past the point of no return of an execve(): enter what was
 * prepared; also find the PID again that de_thread() may have swapped. Atomic. */
void cgc_task_exec(void);

/**
 * cgc_task_adopt - a kernel thread begins to act with a process's memory
 * @owner: of the memory, or NULL: it ceases to
 *
 * vhost workers of 6.1 are kernel threads that adopt the memory of their
 * owner; they get its label. Atomic.
 */
void cgc_task_adopt(struct task_struct *owner);

/* cgc_task_count - tasks with a label other than 0. */
unsigned int cgc_task_count(void);

/* cgc_task_carry - how many tasks carry a label other than 0. May sleep. */
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
