// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mounts (mission S3): none is made, changed, moved or taken away from inside. What the
 * kernel mounts by itself where a path leads (autofs, NFS) is no such act.
 *
 * The newer system calls have no call-out, and those that make a file system or a copy
 * of a mount give a descriptor that leads into it before it is mounted anywhere.
 */
#include <linux/mount.h>
#include <linux/path.h>
#include <linux/ptrace.h>
#include <linux/security.h>
#include "kernel.h"

/* OPEN_TREE_CLONE, and what other kernels have beside it. */
#define MAKES_TREE	0xff

/* Otherwise it opens a directory, and is no more than open(O_PATH). The flags are the
 * third argument, in the same register for programs of 64 and of 32 bits. */
static int on_open_tree(const struct pt_regs *regs, const char *hook)
{
	return regs->dx & MAKES_TREE ? cgc_kernel_act(hook) : 0;
}

#define OPEN_TREE_THUNK(function) \
	CGC_THUNK_STATIC(function, on_open_tree(CGC_ARG(0, const struct pt_regs *), #function))

CGC_THUNK_KERNEL(security_sb_mount, int, const char *, const struct path *, const char *,
		 unsigned long, void *)
CGC_THUNK_KERNEL(security_sb_umount, int, struct vfsmount *, int)
CGC_THUNK_KERNEL(security_sb_remount, int, struct super_block *, void *)
CGC_THUNK_KERNEL(security_sb_pivotroot, int, const struct path *, const struct path *)
CGC_THUNK_KERNEL(security_move_mount, int, const struct path *, const struct path *)
OPEN_TREE_THUNK(__x64_sys_open_tree)
OPEN_TREE_THUNK(__ia32_sys_open_tree)
CGC_THUNK_KERNEL_CALL(open_tree_attr)
CGC_THUNK_KERNEL_CALL(mount_setattr)
CGC_THUNK_KERNEL_CALL(fsopen)
CGC_THUNK_KERNEL_CALL(fspick)
CGC_THUNK_KERNEL_CALL(fsmount)

static struct cgc_hook mount_hooks[] = {
	CGC_PRECHECK(security_sb_mount, CGC_REQUIRED),
	CGC_PRECHECK(security_sb_umount, CGC_REQUIRED),
	CGC_PRECHECK(security_sb_remount, CGC_REQUIRED),
	CGC_PRECHECK(security_sb_pivotroot, CGC_REQUIRED),
	CGC_PRECHECK(security_move_mount, CGC_REQUIRED),
	CGC_PRECHECK_CALL(open_tree, CGC_REQUIRED),
	CGC_PRECHECK_CALL(open_tree_attr, CGC_OPTIONAL), /* there is such a call since 6.15 */
	CGC_PRECHECK_CALL(mount_setattr, CGC_REQUIRED),
	CGC_PRECHECK_CALL(fsopen, CGC_REQUIRED),
	CGC_PRECHECK_CALL(fspick, CGC_REQUIRED),
	CGC_PRECHECK_CALL(fsmount, CGC_REQUIRED),
};
CGC_HOOK_GROUP(mount);
