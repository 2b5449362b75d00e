/* SPDX-License-Identifier: GPL-2.0-only */
/* Where other hooks ask about privileges. */
#ifndef CGC_HOOKS_PRIVILEGE_H
#define CGC_HOOKS_PRIVILEGE_H

#include <linux/cred.h>
#include <linux/sched.h>

/* cgc_privilege_exec - bound the credentials that the caller, which has its label, will run
 * a program with. Atomic. */
void cgc_privilege_exec(struct cred *cred);

/* cgc_privilege_cut - bound the credentials of a child in a user namespace of its own,
 * which no other task has yet. Atomic. */
void cgc_privilege_cut(struct task_struct *child);

/* cgc_privilege_control - would the caller gain privilege by control over @task? Any
 * context. Return: 0; -EACCES: it would, and is sealed. */
int cgc_privilege_control(const struct task_struct *task, const char *hook);

#endif
