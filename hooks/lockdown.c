// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a kernel that is locked down refuses to all (mission S3): raw memory, ports and
 * registers, kexec, kernel_lockdown(7) has the list; programs in the kernel and its
 * counters; modules, those too that the kernel would load by itself because somebody
 * asks for what they have; and what else is the machine's and asks for cap_sys_admin
 * alone. The rest is behind capabilities that a compartment does not have
 * (CGC_CAPS_KERNEL).
 */
#include <linux/fs.h>
#include <uapi/linux/quota.h>
#include <linux/security.h>
#include <uapi/linux/dqblk_xfs.h>
#include "kernel.h"

/* To look up what one uses is no act. */
static int on_quota(int command)
{
	switch (command) {
	case Q_SYNC:
	case Q_GETFMT:
	case Q_GETINFO:
	case Q_GETQUOTA:
	case Q_GETNEXTQUOTA:
	case Q_XGETQUOTA:
	case Q_XGETNEXTQUOTA:
	case Q_XGETQSTAT:
	case Q_XGETQSTATV:
	case Q_XQUOTASYNC:
		return 0;
	}
	return cgc_kernel_act("security_quotactl");
}

/* A file system that is shut down is so for all who have files there. */
static int on_file_system(unsigned int command, const char *hook)
{
	return command == FS_IOC_SHUTDOWN ? cgc_kernel_act(hook) : 0;
}

#define CGC_THUNK_FILE_SYSTEM(function) \
	CGC_THUNK_STATIC(function, on_file_system(CGC_ARG(1, unsigned int), #function))

CGC_THUNK_KERNEL(security_locked_down, int, enum lockdown_reason)
CGC_THUNK_KERNEL_STATIC(security_bpf)
CGC_THUNK_KERNEL_STATIC(security_perf_event_open)
CGC_THUNK_KERNEL(security_kernel_module_request, int, char *)
CGC_THUNK_STATIC1(security_quotactl, on_quota, unsigned long)
CGC_THUNK_KERNEL_STATIC(freeze_super)
CGC_THUNK_KERNEL_STATIC(thaw_super)
CGC_THUNK_FILE_SYSTEM(ext4_ioctl)
CGC_THUNK_FILE_SYSTEM(ext4_compat_ioctl)
CGC_THUNK_FILE_SYSTEM(btrfs_ioctl)
CGC_THUNK_FILE_SYSTEM(btrfs_compat_ioctl)
CGC_THUNK_FILE_SYSTEM(f2fs_ioctl)
CGC_THUNK_FILE_SYSTEM(f2fs_compat_ioctl)
CGC_THUNK_KERNEL_STATIC(xfs_fs_goingdown)
CGC_THUNK_KERNEL_CALL(swapon)
CGC_THUNK_KERNEL_CALL(swapoff)
CGC_THUNK_KERNEL_CALL(sethostname)
CGC_THUNK_KERNEL_CALL(setdomainname)

static struct cgc_hook lockdown_hooks[] = {
	CGC_PRECHECK(security_locked_down, CGC_REQUIRED),
	CGC_PRECHECK(security_bpf, CGC_REQUIRED),
	CGC_PRECHECK(security_perf_event_open, CGC_REQUIRED),
	CGC_PRECHECK(security_kernel_module_request, CGC_REQUIRED),
	CGC_PRECHECK(security_quotactl, CGC_REQUIRED),
	CGC_PRECHECK(freeze_super, CGC_REQUIRED),
	CGC_PRECHECK(thaw_super, CGC_REQUIRED),
	CGC_PRECHECK_MODULE(ext4, ext4_ioctl, CGC_REQUIRED),
	CGC_PRECHECK_MODULE(ext4, ext4_compat_ioctl, CGC_OPTIONAL),
	CGC_PRECHECK_MODULE(btrfs, btrfs_ioctl, CGC_REQUIRED),
	CGC_PRECHECK_MODULE(btrfs, btrfs_compat_ioctl, CGC_OPTIONAL),
	CGC_PRECHECK_MODULE(f2fs, f2fs_ioctl, CGC_REQUIRED),
	CGC_PRECHECK_MODULE(f2fs, f2fs_compat_ioctl, CGC_OPTIONAL),
	CGC_PRECHECK_MODULE(xfs, xfs_fs_goingdown, CGC_REQUIRED),
	CGC_PRECHECK_CALL(swapon, CGC_REQUIRED),
	CGC_PRECHECK_CALL(swapoff, CGC_REQUIRED),
	CGC_PRECHECK_CALL(sethostname, CGC_REQUIRED),
	CGC_PRECHECK_CALL(setdomainname, CGC_REQUIRED),
};
CGC_HOOK_GROUP(lockdown);
