// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a kernel that is locked down refuses to all (mission S3): raw memory, ports and
 * registers, kexec, kernel_lockdown(7) has the list; programs in the kernel and its
 * counters; modules, those too that the kernel would load by itself because somebody
 * asks for what they have; and what else is the machine's and asks for cap_sys_admin
 * alone. The rest is behind capabilities that a compartment does not have
 * (CGC_CAPS_KERNEL).
 */
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

CGC_THUNK_KERNEL(security_locked_down, int, enum lockdown_reason)
CGC_THUNK_KERNEL_STATIC(security_bpf)
CGC_THUNK_KERNEL_STATIC(security_perf_event_open)
CGC_THUNK_KERNEL(security_kernel_module_request, int, char *)
CGC_THUNK_STATIC1(security_quotactl, on_quota, unsigned long)
CGC_THUNK_KERNEL_STATIC(freeze_super)
CGC_THUNK_KERNEL_STATIC(thaw_super)
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
	CGC_PRECHECK_CALL(swapon, CGC_REQUIRED),
	CGC_PRECHECK_CALL(swapoff, CGC_REQUIRED),
	CGC_PRECHECK_CALL(sethostname, CGC_REQUIRED),
	CGC_PRECHECK_CALL(setdomainname, CGC_REQUIRED),
};
CGC_HOOK_GROUP(lockdown);
