// SPDX-License-Identifier: GPL-2.0-only
/*
 * What one process can do to another but signal it (mission I4): trace it, read its
 * memory and what /proc has of it, change how it is scheduled and limited.
 *
 * getpriority() asks nobody: the nice value of any process can be learned.
 */
#include <linux/kstrtox.h>
#include <linux/pid_namespace.h>
#include <linux/proc_fs.h>
#include <linux/ptrace.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include "args.h"
#include "check.h"
#include "jail.h"
#include "privilege.h"
#include "task.h"

static int check(u32 subject, u32 object, const char *hook)
{
	return cgc_check_local(subject, object, CGC_METHOD_TRACE, 0, hook) ? -EPERM : 0;
}

/* By the caller to @task. */
static int on_task(const struct task_struct *task, const char *hook)
{
	return task == current ? 0 :
	       check(cgc_label_of_current(), cgc_label_of_task(task), hook);
}

/* For looks that nobody asked for (/proc shows zeros then): not counted. */
static int on_access(const struct task_struct *task, unsigned int mode)
{
	struct cgc_ask ask = {
		.flow = { .path = CGC_PATH_LOCAL, .method = CGC_METHOD_TRACE },
		.hook = "security_ptrace_access_check",
		.quiet = mode & PTRACE_MODE_NOAUDIT,
	};

	if (mode & PTRACE_MODE_ATTACH && cgc_privilege_control(task, ask.hook))
		return -EPERM;
	if (cgc_jail_control(task, ask.quiet, ask.hook))
		return -EPERM;
	ask.flow.subject = cgc_label_of_current();
	ask.flow.object = cgc_label_of_task(task);
	if (cgc_check_passes(ask.flow.subject, ask.flow.object))
		return 0;
	return cgc_check(&ask, NULL) ? -EPERM : 0;
}

/* The kernel asks nobody where memory is shared, nor, later, with CAP_PERFMON. */
static int on_mm(struct task_struct *task, unsigned int mode)
{
	return on_task(task, "mm_access") ? -EACCES : 0;
}

/* Who asks to be traced lets its parent have it. */
static int on_traceme(struct task_struct *parent)
{
	return check(cgc_label_of_task(parent), cgc_label_of_current(),
		     "security_ptrace_traceme");
}

/* Who shares the session leader's compartment arranges the session's groups (a shell
 * with a pipeline); others join only groups that they may trace. */
static int on_setpgid(struct task_struct *task, pid_t pgid)
{
	u32 subject = cgc_label_of_current();
	const struct task_struct *leader = pid_task(task_session(current), PIDTYPE_PID);
	struct pid *group = find_vpid(pgid);
	struct task_struct *member;
	int ret = on_task(task, "security_task_setpgid");

	if (ret || (leader && cgc_label_of_task(leader) == subject))
		return ret;
	/* The caller holds tasklist_lock. */
	do_each_pid_task(group, PIDTYPE_PGID, member) {
		if (!ret)
			ret = on_task(member, "security_task_setpgid");
	} while_each_pid_task(group, PIDTYPE_PGID, member);
	return ret;
}

static int on_perf_alloc(void *attr, int cpu, const struct task_struct *task)
{
	return task ? on_task(task, "perf_event_alloc") : 0;
}

static int on_cgroup(void *cgroup, const struct task_struct *task)
{
	return on_task(task, "cgroup_attach_task");
}

/* The process that a file of /proc/PID, or /proc/PID/task/TID, is of; NULL: gone. */
static const struct task_struct *task_of_proc(const struct file *file)
{
	const struct dentry *dentry = file->f_path.dentry;
	pid_t nr;

	if (kstrtoint(READ_ONCE(dentry->d_parent)->d_name.name, 10, &nr))
		return NULL;
	return pid_task(find_pid_ns(nr, proc_pid_ns(dentry->d_sb)), PIDTYPE_PID);
}

/* Checked where it is used: a file may have been opened for another purpose. */
static int on_proc(const struct file *file, const char *hook)
{
	const struct task_struct *task;
	int ret = 0;

	rcu_read_lock();
	task = task_of_proc(file);
	if (task)
		ret = on_task(task, hook);
	rcu_read_unlock();
	return ret;
}

/* A seccomp supervisor that the process had before it changed compartments is gone
 * for it: the system call fails as if nobody listened. */
static int on_user_notification(void)
{
	u32 overseer;

	if (!cgc_task_overseer(&overseer))
		return 0;
	return check(overseer, cgc_label_of_current(), "seccomp_do_user_notification");
}

#define TASK_THUNK(function, ...) \
	CGC_THUNK(function, int, on_task(CGC_ARG(0, struct task_struct *), #function), \
		  __VA_ARGS__)
#define PROC_THUNK(function) \
	CGC_THUNK_STATIC(function, on_proc(CGC_ARG(0, struct file *), #function))

CGC_THUNK2(security_ptrace_access_check, int, on_access, struct task_struct *, unsigned int)
CGC_THUNK2(mm_access, struct mm_struct *, on_mm, struct task_struct *, unsigned int)
CGC_THUNK1(security_ptrace_traceme, int, on_traceme, struct task_struct *)
TASK_THUNK(security_task_setnice, struct task_struct *, int)
TASK_THUNK(security_task_setioprio, struct task_struct *, int)
TASK_THUNK(security_task_getioprio, struct task_struct *)
TASK_THUNK(security_task_setscheduler, struct task_struct *)
TASK_THUNK(security_task_getscheduler, struct task_struct *)
TASK_THUNK(security_task_movememory, struct task_struct *)
TASK_THUNK(security_task_getpgid, struct task_struct *)
TASK_THUNK(security_task_getsid, struct task_struct *)
CGC_THUNK2(security_task_setpgid, int, on_setpgid, struct task_struct *, pid_t)
CGC_THUNK_STATIC(do_prlimit, on_task(CGC_ARG(0, struct task_struct *), "do_prlimit"))
CGC_THUNK_STATIC3(perf_event_alloc, on_perf_alloc, void *, int, struct task_struct *)
CGC_THUNK_STATIC2(cgroup_attach_task, on_cgroup, void *, struct task_struct *)
CGC_THUNK_NONE(seccomp_do_user_notification, on_user_notification)
PROC_THUNK(proc_readfd_common)
PROC_THUNK(oom_adj_write)
PROC_THUNK(oom_score_adj_write)
PROC_THUNK(proc_coredump_filter_write)
PROC_THUNK(clear_refs_write)
PROC_THUNK(sched_write)
PROC_THUNK(sched_autogroup_write)
PROC_THUNK(proc_uid_map_write)
PROC_THUNK(proc_gid_map_write)
PROC_THUNK(proc_projid_map_write)
PROC_THUNK(proc_setgroups_write)
PROC_THUNK(timens_offsets_write)

/* Without an optional one the file that it writes is not there either. */
static struct cgc_hook trace_hooks[] = {
	CGC_PRECHECK(security_ptrace_access_check, CGC_REQUIRED),
	CGC_PRECHECK(mm_access, CGC_REQUIRED),
	CGC_PRECHECK(security_ptrace_traceme, CGC_REQUIRED),
	CGC_PRECHECK(security_task_setnice, CGC_REQUIRED),
	CGC_PRECHECK(security_task_setioprio, CGC_REQUIRED),
	CGC_PRECHECK(security_task_getioprio, CGC_REQUIRED),
	CGC_PRECHECK(security_task_setscheduler, CGC_REQUIRED),
	CGC_PRECHECK(security_task_getscheduler, CGC_REQUIRED),
	CGC_PRECHECK(security_task_movememory, CGC_REQUIRED),
	CGC_PRECHECK(security_task_getpgid, CGC_REQUIRED),
	CGC_PRECHECK(security_task_getsid, CGC_REQUIRED),
	CGC_PRECHECK(security_task_setpgid, CGC_REQUIRED),
	CGC_PRECHECK(do_prlimit, CGC_REQUIRED),
	CGC_PRECHECK(perf_event_alloc, CGC_REQUIRED),
	CGC_PRECHECK(cgroup_attach_task, CGC_REQUIRED),
	CGC_PRECHECK_CLONE(seccomp_do_user_notification, CGC_REQUIRED),
	CGC_PRECHECK(proc_readfd_common, CGC_REQUIRED),
	CGC_PRECHECK(oom_adj_write, CGC_REQUIRED),
	CGC_PRECHECK(oom_score_adj_write, CGC_REQUIRED),
	CGC_PRECHECK(proc_coredump_filter_write, CGC_OPTIONAL),
	CGC_PRECHECK(clear_refs_write, CGC_OPTIONAL),
	CGC_PRECHECK(sched_write, CGC_OPTIONAL),
	CGC_PRECHECK(sched_autogroup_write, CGC_OPTIONAL),
	CGC_PRECHECK(proc_uid_map_write, CGC_REQUIRED),
	CGC_PRECHECK(proc_gid_map_write, CGC_REQUIRED),
	CGC_PRECHECK(proc_projid_map_write, CGC_REQUIRED),
	CGC_PRECHECK(proc_setgroups_write, CGC_REQUIRED),
	CGC_PRECHECK(timens_offsets_write, CGC_OPTIONAL),
};
CGC_HOOK_GROUP(trace);
