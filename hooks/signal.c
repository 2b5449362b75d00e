// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signals (mission I3), in whatever way a process has one sent.
 *
 * What the kernel sends of its own accord passes: a child's exit, which an exec has
 * made SIGCHLD again if it was another, a timer's to its own process, a terminal's.
 */
#include <linux/cgroup.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/preempt.h>
#include <linux/sched/signal.h>
#include <linux/tty.h>
#include "args.h"
#include "check.h"
#include "fowner.h"
#include "task.h"

/* Not ESRCH: kill_pid_info() takes that for a race and begins again, for ever. */
static int check(u32 subject, const struct task_struct *to, int sig, const char *hook)
{
	u32 object = cgc_label_of_task(to);

	if (cgc_check_passes(subject, object))
		return 0;
	return cgc_check_signal(subject, object, sig, hook) ? -EPERM : 0;
}

/* With @cred it is the completion of a process's own USB request, in an interrupt. */
static int on_kill(struct task_struct *to, struct kernel_siginfo *info, int sig,
		   const struct cred *cred)
{
	if (unlikely(cred || !in_task()))
		return 0;
	return check(cgc_label_of_current(), to, sig, "security_task_kill");
}

/* What asks nobody: cgroup.kill. */
static int on_send_sig(int sig, struct task_struct *to, int privileged)
{
	if (likely(privileged || to == current || !in_task()))
		return 0;
	return check(cgc_label_of_current(), to, sig, "send_sig");
}

/* cgroup.freeze stops processes without a signal. */
static int on_freeze(struct task_struct *task, bool freeze)
{
	return check(cgc_label_of_current(), task, freeze ? SIGSTOP : SIGCONT,
		     "cgroup_freeze_task");
}

/* A file is told whom to signal; a signal that cannot be accounted for is not sent. */
static int on_setown(struct file *file, struct pid *pid, enum pid_type type, int force)
{
	struct fown_struct *fown = cgc_file_owner(file);

	if (!fown || (!force && READ_ONCE(fown->pid)))
		return 0;
	return cgc_fowner_set(fown, cgc_label_of_current());
}

/* Which signal it is to be is for who chose the receiver. */
static int on_fcntl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct fown_struct *fown;

	if (likely(cmd != F_SETSIG))
		return 0;
	fown = cgc_file_owner(file);
	if (!fown || !READ_ONCE(fown->pid) || arg > _NSIG)
		return 0;
	return cgc_check_signal(cgc_label_of_current(), cgc_label_of_fowner(fown), arg,
				"security_file_fcntl") ? -EPERM : 0;
}

static int on_sigio(struct task_struct *to, struct fown_struct *fown, int sig)
{
	return check(cgc_label_of_fowner(fown), to, sig ? sig : SIGIO,
		     "security_file_send_sigiotask");
}

static int check_session(struct pid *session, int sig, const char *hook)
{
	const struct task_struct *leader = pid_task(session, PIDTYPE_PID);

	return leader ? check(cgc_label_of_current(), leader, sig, hook) : 0;
}

/* A terminal's size reaches its foreground. Asked is whose session it is: the size is
 * set by who shows the terminal, whatever runs there. */
static int on_kill_pgrp(struct pid *group, int sig, int privileged)
{
	struct task_struct *member;
	int ret = 0;

	if (sig != SIGWINCH || !in_task())
		return 0;
	rcu_read_lock();
	member = pid_task(group, PIDTYPE_PGID);
	if (member)
		ret = check_session(task_session(member), sig, "kill_pgrp");
	rcu_read_unlock();
	return ret;
}

/* The caller's terminal, which may be another compartment's session's. */
static int on_vhangup(void)
{
	int ret;

	rcu_read_lock();
	ret = check_session(task_session(current), SIGHUP, "tty_vhangup_self");
	rcu_read_unlock();
	return ret;
}

CGC_THUNK4(security_task_kill, int, on_kill, struct task_struct *, struct kernel_siginfo *, int,
	   const struct cred *)
CGC_THUNK3(send_sig, int, on_send_sig, int, struct task_struct *, int)
CGC_THUNK_STATIC2(cgroup_freeze_task, on_freeze, struct task_struct *, bool)
CGC_THUNK4(__f_setown, void, on_setown, struct file *, struct pid *, enum pid_type, int)
CGC_THUNK3(security_file_fcntl, int, on_fcntl, struct file *, unsigned int, unsigned long)
CGC_THUNK3(security_file_send_sigiotask, int, on_sigio, struct task_struct *,
	   struct fown_struct *, int)
CGC_THUNK3(kill_pgrp, int, on_kill_pgrp, struct pid *, int, int)
CGC_THUNK(tty_vhangup_self, void, on_vhangup(), void)

static struct cgc_hook signal_hooks[] = {
	CGC_PRECHECK(security_task_kill, CGC_REQUIRED),
	CGC_PRECHECK(send_sig, CGC_REQUIRED),
	CGC_PRECHECK(cgroup_freeze_task, CGC_REQUIRED),
	CGC_PRECHECK(__f_setown, CGC_REQUIRED),
	CGC_PRECHECK(security_file_fcntl, CGC_REQUIRED),
	CGC_PRECHECK(security_file_send_sigiotask, CGC_REQUIRED),
	CGC_PRECHECK(kill_pgrp, CGC_REQUIRED),
	CGC_PRECHECK(tty_vhangup_self, CGC_REQUIRED),
};
CGC_HOOK_GROUP(signal);
