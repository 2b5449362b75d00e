// SPDX-License-Identifier: GPL-2.0-only
/*
 * Namespaces (mission S3): a compartment stays in those that it was started in. One of
 * mounts leads out of a root, one of the network past what others were told to listen
 * on; in each the kernel gives away what it keeps for root otherwise. User namespaces
 * alone are privilege.c's: they give nothing without the others.
 */
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include "kernel.h"

/* Not a namespace, but a cgroup that only its owner may put processes into. */
#define MAKES	(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET | \
		 CLONE_NEWCGROUP | CLONE_NEWTIME | CLONE_INTO_CGROUP)

/* What unshare() takes that is no namespace, or is privilege.c's. */
#define UNSHARES (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | \
		  CLONE_SYSVSEM | CLONE_NEWUSER)

static int on_fork(u64 flags)
{
	return unlikely(flags & MAKES) ? cgc_kernel_act("copy_namespaces") : 0;
}

static int on_unshare(unsigned long flags)
{
	return flags & ~(unsigned long)UNSHARES ? cgc_kernel_act("unshare_nsproxy_namespaces") : 0;
}

CGC_THUNK(copy_namespaces, int, on_fork(CGC_ARG(0, unsigned long)), cgc_clone_flags_t,
	  struct task_struct *)
CGC_THUNK(unshare_nsproxy_namespaces, int, on_unshare(CGC_ARG(0, unsigned long)), unsigned long,
	  struct nsproxy **, struct cred *, struct fs_struct *)
/* By setns(), of each kind. */
CGC_THUNK_KERNEL_STATIC(mntns_install)
CGC_THUNK_KERNEL_STATIC(netns_install)
CGC_THUNK_KERNEL_STATIC(pidns_install)
CGC_THUNK_KERNEL_STATIC(utsns_install)
CGC_THUNK_KERNEL_STATIC(ipcns_install)
CGC_THUNK_KERNEL_STATIC(cgroupns_install)
CGC_THUNK_KERNEL_STATIC(timens_install)

static struct cgc_hook namespace_hooks[] = {
	CGC_PRECHECK(copy_namespaces, CGC_REQUIRED),
	CGC_PRECHECK(unshare_nsproxy_namespaces, CGC_REQUIRED),
	CGC_PRECHECK(mntns_install, CGC_REQUIRED),
	CGC_PRECHECK(netns_install, CGC_REQUIRED),
	CGC_PRECHECK(pidns_install, CGC_REQUIRED),
	CGC_PRECHECK(utsns_install, CGC_REQUIRED),
	CGC_PRECHECK(ipcns_install, CGC_REQUIRED),
	CGC_PRECHECK(cgroupns_install, CGC_REQUIRED),
	CGC_PRECHECK(timens_install, CGC_REQUIRED),
};
CGC_HOOK_GROUP(namespace);
