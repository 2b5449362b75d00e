// SPDX-License-Identifier: GPL-2.0-only
/* What would get in the module's way, or round it. */
#include <linux/socket.h>
#include "args.h"
#include "check.h"
#include "task.h"

/* SECMARK rules write where a packet carries its sender's label. */
static int on_secmark(u32 secid)
{
	return -EBUSY;
}

/* What a tunnel of its own sends in looks as if it came from outside. */
static int on_tun(void)
{
	u32 label = cgc_label_of_current();

	if (label == CGC_LABEL_DEFAULT || label == CGC_LABEL_SUPERVISOR)
		return 0;
	return cgc_check_family(label, PF_PACKET, 0, 0, "security_tun_dev_create");
}

static int on_tun_open(void *security)
{
	return on_tun();
}

CGC_THUNK1(security_secmark_relabel_packet, int, on_secmark, u32)
CGC_THUNK(security_tun_dev_create, int, on_tun(), void)
CGC_THUNK1(security_tun_dev_open, int, on_tun_open, void *)

static struct cgc_hook kernel_hooks[] = {
	CGC_PRECHECK(security_secmark_relabel_packet, CGC_REQUIRED),
	CGC_PRECHECK(security_tun_dev_create, CGC_REQUIRED),
	CGC_PRECHECK(security_tun_dev_open, CGC_REQUIRED),
};
CGC_HOOK_GROUP(kernel);
