// SPDX-License-Identifier: GPL-2.0-only
/*
 * cgcompt: compartments for a stock kernel.
 *
 * The map. Nouns come up before the hooks that use them; the hooks before the
 * rules are loaded; enforcement last. Whatever was there before the hooks has
 * no record and is in compartment 0; nothing is made without one afterwards.
 */
#include <linux/module.h>
#include <linux/namei.h>
#include "control.h"
#include "event.h"
#include "fifo.h"
#include "fowner.h"
#include "hooks/hook.h"
#include "ipc.h"
#include "keyring.h"
#include "loader.h"
#include "log.h"
#include "mode.h"
#include "names.h"
#include "netdev.h"
#include "object.h"
#include "policy.h"
#include "proc.h"
#include "reverse.h"
#include "revoke.h"
#include "route.h"
#include "seal.h"
#include "task.h"
#include "terminal.h"
#include "timewait.h"

static char *rules = "";
module_param(rules, charp, 0444);
MODULE_PARM_DESC(rules, "Rules file or directory to enforce from the first moment, an absolute path");

/* SELinux keeps its own labels where a packet carries ours. */
static int __init refuse_selinux(void)
{
	struct path path;

	if (kern_path("/sys/fs/selinux/enforce", LOOKUP_FOLLOW, &path))
		return 0;
	path_put(&path);
	cgc_err("SELinux is active and uses skb->secmark: not loading\n");
	return -EBUSY;
}

static int __init arm(void)
{
	int err = rules[0] ? cgc_loader_run(rules) : 0;

	if (err)
		return err;
	cgc_policy_lock();
	cgc_mode_set(CGC_MODE_ENFORCE, 0);
	cgc_event_admin("enforcing, %u rules", cgc_policy()->rules->count);
	cgc_policy_unlock();
	return 0;
}

/* The hooks do not go all at once: nothing is refused while they do. */
static void disarm(void)
{
	cgc_policy_lock();
	cgc_mode_set(CGC_MODE_LOADING, 0);
	cgc_policy_unlock();
}

/* Whatever carries a label. */
static int __init init_labels(void)
{
	int err;

	err = cgc_task_init();
	if (err)
		return err;
	err = cgc_object_init();
	if (err)
		goto exit_task;
	err = cgc_ipc_init();
	if (err)
		goto exit_object;
	err = cgc_fifo_init();
	if (err)
		goto exit_ipc;
	err = cgc_terminal_init();
	if (err)
		goto exit_fifo;
	err = cgc_key_init();
	if (err)
		goto exit_terminal;
	err = cgc_fowner_init();
	if (err)
		goto exit_key;
	err = cgc_timewait_init();
	if (err)
		goto exit_fowner;
	return 0;

exit_fowner:
	cgc_fowner_exit();
exit_key:
	cgc_key_exit();
exit_terminal:
	cgc_terminal_exit();
exit_fifo:
	cgc_fifo_exit();
exit_ipc:
	cgc_ipc_exit();
exit_object:
	cgc_object_exit();
exit_task:
	cgc_task_exit();
	return err;
}

static void exit_labels(void)
{
	cgc_timewait_exit();
	cgc_fowner_exit();
	cgc_key_exit();
	cgc_terminal_exit();
	cgc_fifo_exit();
	cgc_ipc_exit();
	cgc_object_exit();
	cgc_task_exit();
}

static int __init cgcompt_init(void)
{
	int err;

	err = refuse_selinux();
	if (err)
		return err;
	err = cgc_policy_init();
	if (err)
		return err;
	err = init_labels();
	if (err)
		goto exit_policy;
	err = cgc_reverse_init();
	if (err)
		goto exit_labels;
	err = cgc_netdev_init();
	if (err)
		goto exit_reverse;
	err = cgc_route_init();
	if (err)
		goto exit_netdev;
	err = cgc_control_init();
	if (err)
		goto exit_route;
	err = cgc_proc_init();
	if (err)
		goto exit_control;
	err = cgc_hook_init();
	if (err)
		goto exit_proc;
	err = arm();
	if (err)
		goto exit_hook;
	return 0;

exit_hook:
	cgc_hook_exit();
exit_proc:
	cgc_proc_exit();
exit_control:
	cgc_control_exit();
exit_route:
	cgc_route_exit();
exit_netdev:
	cgc_netdev_exit();
exit_reverse:
	cgc_mode_exit();
	cgc_policy_stop();
	cgc_revoke_exit();
	cgc_reverse_exit();
exit_labels:
	exit_labels();
exit_policy:
	cgc_policy_exit();
	cgc_seal_exit();
	cgc_names_exit();
	return err;
}

static void __exit cgcompt_exit(void)
{
	disarm();
	cgc_hook_exit();
	cgc_proc_exit();
	cgc_control_exit();
	cgc_route_exit();
	cgc_netdev_exit();
	cgc_mode_exit();
	cgc_policy_stop();
	cgc_revoke_exit();
	cgc_reverse_exit();
	exit_labels();
	cgc_policy_exit();
	cgc_seal_exit();
	cgc_names_exit();
	cgc_notice("unloaded\n");
}

module_init(cgcompt_init);
module_exit(cgcompt_exit);
MODULE_DESCRIPTION("Compartments for a stock kernel");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
