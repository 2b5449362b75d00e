// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processes in /proc (mission I5): one that may not be seen is not in the listing, and
 * its directory is as if it were not there. The entries are cached for all, so each use
 * of a cached one is asked about, at any depth: a directory may have been opened before
 * its process entered another compartment.
 */
#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/namei.h>
#include <linux/pid.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include "args.h"
#include "sees.h"

/* The PID that an entry of /proc itself is of, or 0. */
static int number_in(const struct qstr *name)
{
	unsigned int i;
	u64 number = 0;

	if (!name->len || name->len > 10 || name->name[0] == '0')
		return 0;
	for (i = 0; i < name->len; i++) {
		if (!isdigit(name->name[i]))
			return 0;
		number = number * 10 + name->name[i] - '0';
	}
	return number <= INT_MAX ? number : 0;
}

/* Whose directory in /proc @entry is, or is somewhere below; NULL: nobody's. By the
 * number that is the directory's name: nothing is ever renamed there. Under
 * rcu_read_lock(), which makes the task last. */
static const struct task_struct *owner_of(const struct dentry *entry)
{
	int number;

	while (!IS_ROOT(entry->d_parent))
		entry = entry->d_parent;
	number = number_in(&entry->d_name);
	if (!number)
		return NULL;
	return pid_task(find_pid_ns(number, proc_pid_ns(entry->d_sb)), PIDTYPE_PID);
}

static bool hidden(const struct dentry *entry)
{
	const struct task_struct *task;
	bool sees;
	u32 subject;

	if (cgc_sees_all(&subject))
		return false;
	rcu_read_lock();
	task = owner_of(entry);
	sees = !task || cgc_check_sees(subject, cgc_label_of_task(task));
	rcu_read_unlock();
	return !sees;
}

static int on_look_up(const struct dentry *entry)
{
	return hidden(entry) ? -ENOENT : 0;
}

/* Not 0: that would throw the entry out of the cache, with what is mounted there. The
 * mount's namespace may go under a walk that holds nothing, so that is sent back. */
static int on_revalidate(const struct dentry *entry, unsigned int flags)
{
	u32 subject;

	if (cgc_sees_all(&subject))
		return 0;
	if (flags & LOOKUP_RCU)
		return -ECHILD;
	return hidden(entry) ? -ENOENT : 0;
}

/* A name for a listing, of /proc or of a directory of @task's. true: it goes on. */
static int on_fill(const struct task_struct *task)
{
	return cgc_sees_task(task) ? 0 : true;
}

/* A file that may have been open for long: /proc/PID/status and its like. */
static int on_show(const struct seq_file *m)
{
	return hidden(m->file->f_path.dentry) ? -ESRCH : 0;
}

CGC_THUNK_STATIC(proc_pid_lookup, on_look_up(CGC_ARG(0, const struct dentry *)))
CGC_THUNK_STATIC(proc_tgid_base_lookup, on_look_up(CGC_ARG(1, const struct dentry *)))
CGC_THUNK_STATIC(proc_tid_base_lookup, on_look_up(CGC_ARG(1, const struct dentry *)))
CGC_THUNK_STATIC(proc_attr_dir_lookup, on_look_up(CGC_ARG(1, const struct dentry *)))
CGC_THUNK_STATIC(proc_task_lookup, on_look_up(CGC_ARG(1, const struct dentry *)))
CGC_THUNK_STATIC(pid_revalidate,
		 on_revalidate(CGC_ARG(CGC_REVALIDATE_ENTRY, const struct dentry *),
			       CGC_ARG(CGC_REVALIDATE_ENTRY + 1, unsigned long)))
CGC_THUNK_STATIC(proc_fill_cache, on_fill(CGC_ARG(5, const struct task_struct *)))
CGC_THUNK_STATIC(proc_single_show, on_show(CGC_ARG(0, const struct seq_file *)))

static struct cgc_hook procfs_hooks[] = {
	CGC_PRECHECK(proc_pid_lookup, CGC_REQUIRED),
	CGC_PRECHECK(proc_tgid_base_lookup, CGC_REQUIRED),
	CGC_PRECHECK(proc_tid_base_lookup, CGC_REQUIRED),
	/* Only with security modules is the directory there. */
	CGC_PRECHECK(proc_attr_dir_lookup, CGC_OPTIONAL),
	CGC_PRECHECK(proc_task_lookup, CGC_REQUIRED),
	CGC_PRECHECK(pid_revalidate, CGC_REQUIRED),
	CGC_PRECHECK(proc_fill_cache, CGC_REQUIRED),
	CGC_PRECHECK(proc_single_show, CGC_REQUIRED),
};
CGC_HOOK_GROUP(procfs);
