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
#include "hooks/hook.h"
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
#include "task.h"

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

static int __init cgcompt_init(void)
{
	int err;

	err = refuse_selinux();
	if (err)
		return err;
	err = cgc_policy_init();
	if (err)
		return err;
	err = cgc_task_init();
	if (err)
		goto exit_policy;
	err = cgc_object_init();
	if (err)
		goto exit_task;
	err = cgc_reverse_init();
	if (err)
		goto exit_object;
	err = cgc_netdev_init();
	if (err)
		goto exit_reverse;
	err = cgc_control_init();
	if (err)
		goto exit_netdev;
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
exit_netdev:
	cgc_netdev_exit();
exit_reverse:
	cgc_mode_exit();
	cgc_policy_stop();
	cgc_revoke_exit();
	cgc_reverse_exit();
exit_object:
	cgc_object_exit();
exit_task:
	cgc_task_exit();
exit_policy:
	cgc_policy_exit();
	cgc_names_exit();
	return err;
}

static void __exit cgcompt_exit(void)
{
	disarm();
	cgc_hook_exit();
	cgc_proc_exit();
	cgc_control_exit();
	cgc_netdev_exit();
	cgc_mode_exit();
	cgc_policy_stop();
	cgc_revoke_exit();
	cgc_reverse_exit();
	cgc_object_exit();
	cgc_task_exit();
	cgc_policy_exit();
	cgc_names_exit();
	cgc_notice("unloaded\n");
}

module_init(cgcompt_init);
module_exit(cgcompt_exit);
MODULE_DESCRIPTION("Compartments for a stock kernel");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
