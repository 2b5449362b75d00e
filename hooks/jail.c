// SPDX-License-Identifier: GPL-2.0-only
/*
 * A compartment's root (mission F2): a definition's ROOT is a jail, which root does not
 * leave either. `cgcomptctl exec` puts a process into it before it has the label; from
 * then on all ways out need one of these: another root, a directory that is not below
 * the root, a process that has such a one, a file by its number instead of its name, a
 * device. Mounts and namespaces are refused to all compartments (mount.c), and processes
 * of other compartments are out of reach anyway (trace.c).
 *
 * All processes of a jail have the same root, so what has another one is outside.
 */
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/fs_struct.h>
#include <linux/kdev_t.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include "args.h"
#include "check.h"
#include "jail.h"
#include "task.h"

static int refuse(const char *hook)
{
	return cgc_check_jail(cgc_label_of_current(), false, hook) ? -EPERM : 0;
}

/* The classic: chroot() to a directory below leaves the working directory above. */
static int on_chroot(const struct path *path)
{
	return refuse("security_path_chroot");
}

/* Nodes of devices that are others' open nothing (device.c), but whoever is outside may
 * take them for what they look like. What overlayfs makes, 0:0, is none. */
static int on_mknod(umode_t mode, dev_t device)
{
	return (S_ISCHR(mode) || S_ISBLK(mode)) && device ? refuse("security_inode_mknod") : 0;
}

static int on_handle(void)
{
	return refuse("do_handle_open");
}

/* XFS has a call of its own; overlayfs looks its own files up so, with credentials that
 * are not the caller's. */
static int on_decode(void)
{
	return current_cred() == current_real_cred() ? refuse("exportfs_decode_fh") : 0;
}

/* Is a directory below the root of a process of a jail, and @to not? */
static bool leaves(const struct task_struct *task, struct dentry *dir, struct dentry *to)
{
	const struct path root = cgc_fs_root(task->fs);

	return dir != root.dentry && is_subdir(dir, root.dentry) && !is_subdir(to, root.dentry);
}

/* The label of a jail whose process could be in a directory that is to be moved out of
 * it, or 0. For directories that change places only, so looking at all processes is no
 * cost; no record of roots would have to be kept true. */
static u32 jail_left(struct dentry *dir, struct dentry *to)
{
	struct task_struct *process, *task;
	u32 found = CGC_LABEL_DEFAULT;

	rcu_read_lock();
	for_each_process_thread(process, task) {
		u32 label = cgc_label_of_task(task);

		if (label == CGC_LABEL_DEFAULT || !cgc_check_jailed(label))
			continue;
		task_lock(task);
		if (task->fs && leaves(task, dir, to))
			found = label;
		task_unlock(task);
		if (found != CGC_LABEL_DEFAULT)
			goto out;
	}
out:
	rcu_read_unlock();
	return found;
}

static int move(struct dentry *dir, struct dentry *to)
{
	u32 label;

	if (!d_is_dir(dir))
		return 0;
	label = jail_left(dir, to);
	return label && cgc_check_jail(label, false, "security_path_rename") ? -EXDEV : 0;
}

/* Whoever is in a directory that somebody outside moves out of the root would walk up
 * from there and never meet it. As from one file system to another it can be copied. */
static int on_rename(const struct path *from, struct dentry *old, const struct path *to,
		     struct dentry *new, unsigned int flags)
{
	int ret;

	if (from->dentry == to->dentry || !cgc_check_jailed_any())
		return 0;
	ret = move(old, to->dentry);
	return !ret && flags & RENAME_EXCHANGE ? move(new, from->dentry) : ret;
}

/* Of the running task. */
static bool is_below_root(const struct path *path)
{
	const struct path root = cgc_fs_root(current->fs);

	return path_is_under(path, &root);
}

int cgc_jail_receive(const struct file *file, const char *hook)
{
	if (!S_ISDIR(file_inode(file)->i_mode) || is_below_root(&file->f_path))
		return 0;
	return cgc_check_jail(cgc_label_of_current(), false, hook);
}

int cgc_jail_control(const struct task_struct *task, bool quiet, const char *hook)
{
	u32 label = cgc_label_of_current();
	struct path mine, its;

	if (task == current || !task->fs || cgc_label_of_task(task) != label)
		return 0;
	mine = cgc_fs_root(current->fs);
	its = cgc_fs_root(task->fs);
	return path_equal(&mine, &its) ? 0 : cgc_check_jail(label, quiet, hook);
}

CGC_THUNK1(security_path_chroot, int, on_chroot, const struct path *)
CGC_THUNK(security_inode_mknod, int, on_mknod(CGC_ARG(2, umode_t), CGC_ARG(3, dev_t)),
	  struct inode *, struct dentry *, umode_t, dev_t)
CGC_THUNK5(security_path_rename, int, on_rename, const struct path *, struct dentry *,
	   const struct path *, struct dentry *, unsigned int)
CGC_THUNK_NONE(do_handle_open, on_handle)
CGC_THUNK_NONE(exportfs_decode_fh, on_decode)

static struct cgc_hook jail_hooks[] = {
	CGC_PRECHECK(security_path_chroot, CGC_REQUIRED),
	CGC_PRECHECK(security_inode_mknod, CGC_REQUIRED),
	CGC_PRECHECK(security_path_rename, CGC_REQUIRED),
	CGC_PRECHECK(do_handle_open, CGC_REQUIRED),
	CGC_PRECHECK(exportfs_decode_fh, CGC_REQUIRED),
};
CGC_HOOK_GROUP(jail);
