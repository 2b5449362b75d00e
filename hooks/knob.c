// SPDX-License-Identifier: GPL-2.0-only
/*
 * Knobs (mission S3): the kernel's settings are files, many of which ask for the user
 * that owns them and for no capability. A compartment reads them, and writes none: those
 * of /proc/sys, of /proc (what is below /proc/PID is trace.c's), of /sys, and all of
 * cgroups. Asked where they are written, so that who opened them does not matter; and
 * where one is cut to nothing, as a shell does that opens it for `>'.
 *
 * File systems of modules: what registers interpreters for everybody's programs, cuts
 * FUSE file systems off, configures the kernel's targets and gadgets, and is the
 * firmware's.
 *
 * debugfs cannot be opened (listing.c); what else asks for the kernel's lockdown, tracefs
 * for example, is lockdown.c's.
 */
#include "kernel.h"

CGC_THUNK_KERNEL_STATIC(proc_sys_write)
CGC_THUNK_KERNEL_STATIC(proc_reg_write)
CGC_THUNK_KERNEL_STATIC(mtrr_ioctl)
CGC_THUNK_KERNEL_STATIC(kernfs_fop_write_iter)
CGC_THUNK_KERNEL_STATIC(kernfs_fop_mmap)
CGC_THUNK_KERNEL_STATIC(kernfs_iop_setattr)
CGC_THUNK_KERNEL_STATIC(kernfs_iop_mkdir)
CGC_THUNK_KERNEL_STATIC(kernfs_iop_rmdir)
CGC_THUNK_KERNEL_STATIC(kernfs_iop_rename)
CGC_THUNK_KERNEL_STATIC(tracefs_syscall_mkdir)
CGC_THUNK_KERNEL_STATIC(tracefs_syscall_rmdir)
CGC_THUNK_KERNEL_STATIC(ima_write_policy)
CGC_THUNK_KERNEL_STATIC(pstore_unlink)
CGC_THUNK_KERNEL_STATIC(bm_register_write)
CGC_THUNK_KERNEL_STATIC(bm_entry_write)
CGC_THUNK_KERNEL_STATIC(bm_status_write)
CGC_THUNK_KERNEL_STATIC(fuse_conn_abort_write)
CGC_THUNK_KERNEL_STATIC(fuse_conn_max_background_write)
CGC_THUNK_KERNEL_STATIC(fuse_conn_congestion_threshold_write)
CGC_THUNK_KERNEL_STATIC(configfs_write_iter)
CGC_THUNK_KERNEL_STATIC(configfs_bin_write_iter)
CGC_THUNK_KERNEL_STATIC(configfs_mkdir)
CGC_THUNK_KERNEL_STATIC(configfs_rmdir)
CGC_THUNK_KERNEL_STATIC(configfs_symlink)
CGC_THUNK_KERNEL_STATIC(configfs_unlink)
CGC_THUNK_KERNEL_STATIC(efivarfs_file_write)
CGC_THUNK_KERNEL_STATIC(efivarfs_create)
CGC_THUNK_KERNEL_STATIC(efivarfs_unlink)

/* Without an optional one the kernel was built without what it writes. */
static struct cgc_hook knob_hooks[] = {
	CGC_PRECHECK(proc_sys_write, CGC_REQUIRED),
	CGC_PRECHECK(proc_reg_write, CGC_REQUIRED),
	CGC_PRECHECK(mtrr_ioctl, CGC_OPTIONAL),
	CGC_PRECHECK(kernfs_fop_write_iter, CGC_REQUIRED),
	CGC_PRECHECK(kernfs_fop_mmap, CGC_REQUIRED),
	CGC_PRECHECK(kernfs_iop_setattr, CGC_REQUIRED),
	CGC_PRECHECK(kernfs_iop_mkdir, CGC_REQUIRED),
	CGC_PRECHECK(kernfs_iop_rmdir, CGC_REQUIRED),
	CGC_PRECHECK(kernfs_iop_rename, CGC_REQUIRED),
	CGC_PRECHECK(tracefs_syscall_mkdir, CGC_OPTIONAL),
	CGC_PRECHECK(tracefs_syscall_rmdir, CGC_OPTIONAL),
	CGC_PRECHECK(ima_write_policy, CGC_OPTIONAL),
	CGC_PRECHECK(pstore_unlink, CGC_OPTIONAL),
	CGC_PRECHECK_MODULE(binfmt_misc, bm_register_write, CGC_REQUIRED),
	CGC_PRECHECK_MODULE(binfmt_misc, bm_entry_write, CGC_REQUIRED),
	CGC_PRECHECK_MODULE(binfmt_misc, bm_status_write, CGC_REQUIRED),
	CGC_PRECHECK_MODULE(fuse, fuse_conn_abort_write, CGC_REQUIRED),
	CGC_PRECHECK_MODULE(fuse, fuse_conn_max_background_write, CGC_REQUIRED),
	CGC_PRECHECK_MODULE(fuse, fuse_conn_congestion_threshold_write, CGC_REQUIRED),
	CGC_PRECHECK_MODULE(configfs, configfs_write_iter, CGC_REQUIRED),
	CGC_PRECHECK_MODULE(configfs, configfs_bin_write_iter, CGC_REQUIRED),
	CGC_PRECHECK_MODULE(configfs, configfs_mkdir, CGC_REQUIRED),
	CGC_PRECHECK_MODULE(configfs, configfs_rmdir, CGC_REQUIRED),
	CGC_PRECHECK_MODULE(configfs, configfs_symlink, CGC_REQUIRED),
	CGC_PRECHECK_MODULE(configfs, configfs_unlink, CGC_REQUIRED),
	CGC_PRECHECK_MODULE(efivarfs, efivarfs_file_write, CGC_REQUIRED),
	CGC_PRECHECK_MODULE(efivarfs, efivarfs_create, CGC_REQUIRED),
	CGC_PRECHECK_MODULE(efivarfs, efivarfs_unlink, CGC_REQUIRED),
};
CGC_HOOK_GROUP(knob);
