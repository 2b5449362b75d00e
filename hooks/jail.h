/* SPDX-License-Identifier: GPL-2.0-only */
/* Where other hooks ask about ways out of a compartment's root. */
#ifndef CGC_HOOKS_JAIL_H
#define CGC_HOOKS_JAIL_H

#include <linux/fs.h>
#include <linux/sched.h>

/* cgc_jail_receive - may the caller have this descriptor? A directory that is not below
 * its root leads out. Any context. Return: 0, -EACCES. */
int cgc_jail_receive(const struct file *file, const char *hook);

/**
 * cgc_jail_control - may the caller have control over a process of its own compartment?
 * @task: under task_lock()
 * @quiet: a look ahead
 * @hook: for the log
 *
 * One that has another root, because an administrator started it so, leads out. Any
 * context. Return: 0, -EACCES.
 */
int cgc_jail_control(const struct task_struct *task, bool quiet, const char *hook);

#endif
