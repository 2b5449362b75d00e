// SPDX-License-Identifier: GPL-2.0-only
/*
 * Immutable files (mission F3). The file system layer refuses to change an inode that
 * has S_IMMUTABLE; left over are the flag itself, which chattr(1) and its kin would set
 * anew from what is on the disk, and the directories above, which would take the file
 * with them.
 */
#include <linux/dcache.h>
#include <linux/fs.h>
#include "args.h"
#include "check.h"
#include "task.h"

static int refuse(const struct dentry *dentry, bool place, const char *hook)
{
	return cgc_check_immutable(cgc_label_of_current(), d_inode(dentry), place, hook) ?
	       -EPERM : 0;
}

static int on_attributes(const struct dentry *dentry)
{
	return refuse(dentry, false, "vfs_fileattr_set");
}

/* Either may be what the other takes the place of. */
static int on_rename(const struct dentry *old, const struct dentry *new)
{
	static const char hook[] = "security_inode_rename";

	return refuse(old, true, hook) ?: refuse(new, true, hook);
}

/* It is empty here, and a mount point somewhere else. */
static int on_rmdir(const struct dentry *dentry)
{
	return refuse(dentry, true, "security_inode_rmdir");
}

/* rmdir(), of one that is empty, and ioctl(BTRFS_IOC_SNAP_DESTROY), of one that is not */
static int on_subvolume(const struct dentry *dentry)
{
	return refuse(dentry, true, "btrfs_delete_subvolume");
}

/* ioctl(FS_IOC_SETFLAGS, FS_IOC_FSSETXATTR), file_setattr() */
CGC_THUNK_STATIC(vfs_fileattr_set, on_attributes(CGC_ARG(1, struct dentry *)))
CGC_THUNK(security_inode_rename, int,
	  on_rename(CGC_ARG(1, struct dentry *), CGC_ARG(3, struct dentry *)), struct inode *,
	  struct dentry *, struct inode *, struct dentry *, unsigned int)
CGC_THUNK(security_inode_rmdir, int, on_rmdir(CGC_ARG(1, struct dentry *)), struct inode *,
	  struct dentry *)

CGC_THUNK_STATIC(btrfs_delete_subvolume, on_subvolume(CGC_ARG(1, struct dentry *)))

static struct cgc_hook immutable_hooks[] = {
	CGC_PRECHECK(vfs_fileattr_set, CGC_REQUIRED),
	CGC_PRECHECK(security_inode_rename, CGC_REQUIRED),
	CGC_PRECHECK(security_inode_rmdir, CGC_REQUIRED),
	CGC_PRECHECK_MODULE(btrfs, btrfs_delete_subvolume, CGC_REQUIRED),
};
CGC_HOOK_GROUP(immutable);
