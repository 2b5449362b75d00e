/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hooks: a table per domain, planted by hook.c.
 *
 * A handler gets the hooked function's arguments before it runs; what it
 * returns other than 0 becomes that function's result, and the function itself
 * is skipped (CGC_RETURN_ZERO: with the result 0, false or NULL). It is atomic: it
 * never sleeps, and prints nothing.
 */
#ifndef CGC_HOOKS_HOOK_H
#define CGC_HOOKS_HOOK_H

#include <linux/kernel.h>
#include <linux/ftrace.h>
#include <linux/netfilter.h>
#include <linux/security.h>
#include "uapi/cgcompt.h"

#define CGC_RETURN_ZERO	INT_MIN

/* enum cgc_hook_need - what becomes of a kernel without the function */
enum cgc_hook_need {
	CGC_OPTIONAL,	/* a line in `status`; the caller copes */
	CGC_REQUIRED,	/* loading is refused */
};

/* struct cgc_hook_counts - see struct cgc_hook_info */
struct cgc_hook_counts {
	u64 hits;
	u64 denials;
};

/**
 * struct cgc_hook - one hooked function
 * @name: the kernel's function
 * @handler: called at its entry; see above
 * @need: enum cgc_hook_need
 * @module: the module that has it, unless it is built in: hooked as long as that is
 *	loaded. NULL: the kernel
 * @clones: the compiler may have changed its name (.isra.0, .constprop.0), and with
 *	it which arguments it gets: the handler uses only those that are there anyway
 * @ip: where its fentry call is, 0 while it is not found
 * @counts: how often it was called, and refused
 */
struct cgc_hook {
	const char *name;
	int (*handler)(struct ftrace_regs *fregs);
	const char *module;
	u8 need;
	bool clones;
	unsigned long ip;
	struct cgc_hook_counts __percpu *counts;
};

/**
 * struct cgc_hook_group - the hooks of one file
 * @name: of the file, without its ending
 * @hooks: its table
 * @count: how many
 */
struct cgc_hook_group {
	const char *name;
	struct cgc_hook *hooks;
	unsigned int count;
};

#define CGC_PRECHECK(function, hook_need) \
	{ .name = #function, .handler = cgc_at_##function, .need = (hook_need) }

#define CGC_PRECHECK_CLONE(function, hook_need) \
	{ .name = #function, .handler = cgc_at_##function, .need = (hook_need), .clones = true }

/* Where it is required, the module is refused to load without it. */
#define CGC_PRECHECK_MODULE(of, function, hook_need) \
	{ .name = #function, .handler = cgc_at_##function, .need = (hook_need), .module = #of }

#define CGC_HOOK_GROUP(group) \
	const struct cgc_hook_group cgc_##group##_hooks = { \
		.name = #group, .hooks = group##_hooks, .count = ARRAY_SIZE(group##_hooks) }

extern const struct cgc_hook_group cgc_task_hooks, cgc_exec_hooks, cgc_privilege_hooks,
	cgc_signal_hooks, cgc_trace_hooks, cgc_keyring_hooks, cgc_socket_hooks, cgc_inet_hooks,
	cgc_tunnel_hooks, cgc_unix_hooks, cgc_netlink_hooks, cgc_file_hooks, cgc_sysvipc_hooks,
	cgc_mqueue_hooks, cgc_shm_hooks, cgc_fifo_hooks, cgc_device_hooks,
	cgc_immutable_hooks, cgc_procfs_hooks, cgc_procnet_hooks, cgc_listing_hooks,
	cgc_mount_hooks, cgc_namespace_hooks, cgc_knob_hooks, cgc_lockdown_hooks,
	cgc_kernel_hooks, cgc_jail_hooks, cgc_way_hooks, cgc_fib_hooks, cgc_forward_hooks,
	cgc_fragment_hooks;
extern const struct nf_hook_ops cgc_netfilter_ops[2], cgc_forward_ops[2];

/**
 * cgc_hook_init - find all functions, hook them
 *
 * May sleep. Return: 0; -ENOENT where a required one is missing (the log says
 * which); what ftrace said: -EBUSY where another module holds one.
 */
int cgc_hook_init(void);

/* cgc_hook_exit - unhook; when it returns no handler runs. May sleep. */
void cgc_hook_exit(void);

/* cgc_hook_count - functions hooked, and (*missing) optional ones that are not. */
unsigned int cgc_hook_count(unsigned int *missing);

/* cgc_hook_info - describe hook @index; false past the last. */
bool cgc_hook_info(unsigned int index, struct cgc_hook_info *info);

#endif
