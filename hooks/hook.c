// SPDX-License-Identifier: GPL-2.0-only
/*
 * Planting the hooks: one ftrace_ops over all functions of all tables, and the
 * netfilter hooks of every network namespace. Functions of modules are hooked when
 * their module comes, by an ftrace_ops for each module.
 *
 * FTRACE_OPS_FL_PERMANENT: `sysctl kernel.ftrace_enabled=0` cannot disarm us.
 * FTRACE_OPS_FL_RECURSION is clear: no handler calls a hooked function.
 */
#include <linux/hash.h>
#include <linux/kprobes.h>
#include <linux/linkage.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <net/net_namespace.h>
#include <asm/ibt.h>
#include "forward.h"
#include "hook.h"
#include "log.h"

#define HOOKS_MAX	384
#define SLOT_BITS	10
#define SLOTS		(1u << SLOT_BITS)
#define GUESTS_MAX	16
#define GUEST_HOOKS_MAX	8

static_assert(SLOTS >= 2 * HOOKS_MAX, "the slots stay half empty");

static const struct cgc_hook_group *const groups[] = {
	&cgc_task_hooks, &cgc_exec_hooks, &cgc_privilege_hooks, &cgc_signal_hooks,
	&cgc_trace_hooks, &cgc_keyring_hooks, &cgc_socket_hooks, &cgc_inet_hooks,
	&cgc_tunnel_hooks, &cgc_unix_hooks, &cgc_netlink_hooks, &cgc_file_hooks,
	&cgc_sysvipc_hooks, &cgc_mqueue_hooks, &cgc_shm_hooks, &cgc_fifo_hooks,
	&cgc_device_hooks, &cgc_immutable_hooks, &cgc_procfs_hooks, &cgc_procnet_hooks,
	&cgc_listing_hooks, &cgc_mount_hooks, &cgc_namespace_hooks, &cgc_knob_hooks,
	&cgc_lockdown_hooks, &cgc_kernel_hooks, &cgc_jail_hooks, &cgc_way_hooks, &cgc_fib_hooks,
	&cgc_forward_hooks, &cgc_fragment_hooks,
};

static struct {
	unsigned long ip;
	const struct cgc_hook *hook;
} slots[SLOTS] __ro_after_init;
static unsigned int attached, missing;
static struct cgc_hook_counts __percpu *counts;

/* Where a refused function goes on: it returns at once, the result is set. */
asmlinkage void cgc_hook_refuse(void);
asm(".pushsection .text\n"
    ".type cgc_hook_refuse, @function\n"
    "cgc_hook_refuse:\n"
    ASM_ENDBR
    ASM_RET
    ".size cgc_hook_refuse, . - cgc_hook_refuse\n"
    ".popsection\n");

static unsigned int slot_of(unsigned long ip)
{
	return hash_long(ip, SLOT_BITS);
}

static __always_inline void run(const struct cgc_hook *hook, struct ftrace_regs *fregs)
{
	int ret;

	this_cpu_inc(hook->counts->hits);
	ret = hook->handler(fregs);
	if (likely(!ret))
		return;
	this_cpu_inc(hook->counts->denials);
	if (ret == CGC_RETURN_ZERO)
		ret = 0;
	ftrace_regs_set_return_value(fregs, ret);
	ftrace_regs_set_instruction_pointer(fregs, (unsigned long)cgc_hook_refuse);
}

static void notrace on_entry(unsigned long ip, unsigned long parent_ip,
			     struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	unsigned int i = slot_of(ip);

	while (unlikely(slots[i].ip != ip)) {
		if (!slots[i].ip)
			return;
		i = (i + 1) & (SLOTS - 1);
	}
	run(slots[i].hook, fregs);
}

static struct ftrace_ops ops = {
	.func = on_entry,
	.flags = FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_PERMANENT,
};

/* Where the functions' fentry calls are. Disabled kprobes find them: the kernel
 * exports no look-up by name. They go all at once: each time takes a grace period. */
struct finder {
	struct kprobe probes[HOOKS_MAX];
	struct kprobe *found[HOOKS_MAX];
	char names[HOOKS_MAX][2 * CGC_HOOK_SIZE];
	unsigned int count;
	unsigned long ips[HOOKS_MAX];
};

static unsigned long find_name(struct finder *finder, const struct cgc_hook *hook,
			       const char *suffix)
{
	struct kprobe *probe = &finder->probes[finder->count];
	char *symbol = finder->names[finder->count];

	if (finder->count == HOOKS_MAX)
		return 0;
	snprintf(symbol, sizeof(finder->names[0]), "%s%s%s%s", hook->module ?: "",
		 hook->module ? ":" : "", hook->name, suffix);
	*probe = (struct kprobe){ .symbol_name = symbol, .flags = KPROBE_FLAG_DISABLED };
	if (register_kprobe(probe))
		return 0;
	finder->found[finder->count++] = probe;
	return (unsigned long)probe->addr;
}

static unsigned long find_function(struct finder *finder, const struct cgc_hook *hook)
{
	static const char *const suffixes[] = { "", ".isra.0", ".constprop.0" };
	unsigned int i, n = hook->clones ? ARRAY_SIZE(suffixes) : 1;
	unsigned long ip = 0;

	for (i = 0; i < n && !ip; i++)
		ip = find_name(finder, hook, suffixes[i]);
	return ip;
}

/* Where this kernel has built in what is a module on others; 0: it has not. */
static unsigned long find_built_in(struct finder *finder, const struct cgc_hook *hook)
{
	struct cgc_hook plain = *hook;

	plain.module = NULL;
	return find_function(finder, hook) ? 0 : find_function(finder, &plain);
}

static void fill_slot(const struct cgc_hook *hook)
{
	unsigned int i = slot_of(hook->ip);

	while (slots[i].ip)
		i = (i + 1) & (SLOTS - 1);
	slots[i].ip = hook->ip;
	slots[i].hook = hook;
}

/**
 * struct guest - a module with functions that are hooked while it is loaded
 * @module: its name
 * @hooks: these functions
 * @count: how many
 * @ops: what hooks them; its filter is freed once, at the end: that leaves it unusable
 * @planted: they are hooked
 */
struct guest {
	const char *module;
	struct cgc_hook *hooks[GUEST_HOOKS_MAX];
	unsigned int count;
	struct ftrace_ops ops;
	bool planted;
};

static struct guest guests[GUESTS_MAX];
static DEFINE_MUTEX(guests_lock);	/* all of it once there are handlers */

static void notrace on_guest_entry(unsigned long ip, unsigned long parent_ip,
				   struct ftrace_ops *guest_ops, struct ftrace_regs *fregs)
{
	const struct guest *guest = container_of(guest_ops, struct guest, ops);
	unsigned int i;

	for (i = 0; i < guest->count; i++)
		if (guest->hooks[i]->ip == ip)
			return run(guest->hooks[i], fregs);
}

static int add_to_guest(struct cgc_hook *hook)
{
	struct guest *guest = guests;

	while (guest->module && strcmp(guest->module, hook->module))
		if (++guest == guests + ARRAY_SIZE(guests))
			goto full;
	if (guest->count == ARRAY_SIZE(guest->hooks))
		goto full;
	guest->module = hook->module;
	guest->hooks[guest->count++] = hook;
	guest->ops.func = on_guest_entry;
	guest->ops.flags = FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_PERMANENT;
	return 0;
full:
	cgc_err("no room for %s() of %s: not loading\n", hook->name, hook->module);
	return -E2BIG;
}

static int find_hook(struct finder *finder, struct cgc_hook *hook)
{
	hook->ip = hook->module ? find_built_in(finder, hook) : find_function(finder, hook);
	if (hook->ip) {
		finder->ips[attached++] = hook->ip;
		fill_slot(hook);
		return 0;
	}
	if (hook->module)
		return add_to_guest(hook);
	if (hook->need == CGC_REQUIRED) {
		cgc_err("this kernel has no %s(): not loading\n", hook->name);
		return -ENOENT;
	}
	missing++;
	return 0;
}

static int find_hooks(struct finder *finder)
{
	unsigned int g, h, n = 0;
	int err = 0;

	for (g = 0; g < ARRAY_SIZE(groups); g++) {
		for (h = 0; h < groups[g]->count && !err; h++) {
			if (n == HOOKS_MAX)
				return -E2BIG;
			groups[g]->hooks[h].counts = counts + n++;
			err = find_hook(finder, &groups[g]->hooks[h]);
		}
	}
	return err;
}

/* ftrace_set_filter_ips() with none would be: all functions. */
static int set_filter(struct finder *finder)
{
	int err;

	if (WARN_ON(!attached))
		return -ENOENT;
	err = ftrace_set_filter_ips(&ops, finder->ips, attached, 0, 1);
	if (err)
		cgc_err("ftrace cannot hook what it should: %pe\n", ERR_PTR(err));
	return err;
}

static int hook_all(void)
{
	int err = register_ftrace_function(&ops);

	if (err)
		cgc_err("the hooks cannot be planted: %pe%s\n", ERR_PTR(err),
			err == -EBUSY ? " (kernel.ftrace_enabled is 0, or a live patch or another module holds one of them)" : "");
	return err;
}

static int attach(void)
{
	struct finder *finder = kvzalloc(sizeof(*finder), GFP_KERNEL);
	int err;

	if (!finder)
		return -ENOMEM;
	err = find_hooks(finder);
	unregister_kprobes(finder->found, finder->count);
	if (!err)
		err = set_filter(finder) ?: hook_all();
	if (err)
		ftrace_free_filter(&ops);
	kvfree(finder);
	return err;
}

static void detach(void)
{
	unregister_ftrace_function(&ops);
	ftrace_free_filter(&ops);
}

static void uproot(struct guest *guest)
{
	unsigned int i;

	if (!guest->planted)
		return;
	unregister_ftrace_function(&guest->ops);
	for (i = 0; i < guest->count; i++) {
		attached -= guest->hooks[i]->ip != 0;
		guest->hooks[i]->ip = 0;
	}
	guest->planted = false;
}

static int find_guest(struct guest *guest, unsigned long *ips, unsigned int *found)
{
	struct finder *finder = kvzalloc(sizeof(*finder), GFP_KERNEL);
	int err = 0;
	unsigned int i;

	if (!finder)
		return -ENOMEM;
	*found = 0;
	for (i = 0; i < guest->count; i++) {
		struct cgc_hook *hook = guest->hooks[i];

		hook->ip = find_function(finder, hook);
		if (hook->ip)
			ips[(*found)++] = hook->ip;
		else if (hook->need == CGC_REQUIRED)
			err = -ENOENT;
	}
	unregister_kprobes(finder->found, finder->count);
	kvfree(finder);
	return err;
}

/* @coming: the module is; otherwise it may not be there, which is no error. */
static int plant(struct guest *guest, bool coming)
{
	unsigned long ips[GUEST_HOOKS_MAX];
	unsigned int i, found;
	int err;

	if (guest->planted)
		return 0;
	err = find_guest(guest, ips, &found);
	if (!coming && !found && err != -ENOMEM)
		return 0;
	if (!err && found) {
		err = ftrace_set_filter_ips(&guest->ops, ips, found, 0, 1) ?:
			register_ftrace_function(&guest->ops);
		guest->planted = !err;
	}
	if (err) {
		cgc_err("%s cannot be watched: %pe\n", guest->module, ERR_PTR(err));
		found = 0;
	}
	attached += found;
	for (i = 0; i < guest->count && !found; i++)
		guest->hooks[i]->ip = 0;
	return err;
}

/* A module that cannot be watched is not loaded. */
static int on_module(struct notifier_block *block, unsigned long state, void *data)
{
	const struct module *module = data;
	struct guest *guest;
	int err = 0;

	for (guest = guests; guest < guests + ARRAY_SIZE(guests); guest++) {
		if (!guest->module || strcmp(guest->module, module->name))
			continue;
		mutex_lock(&guests_lock);
		if (state == MODULE_STATE_COMING)
			err = plant(guest, true);
		else if (state == MODULE_STATE_GOING)
			uproot(guest);
		mutex_unlock(&guests_lock);
	}
	return notifier_from_errno(err);
}

static struct notifier_block modules = { .notifier_call = on_module };

static void detach_guests(void)
{
	struct guest *guest;

	unregister_module_notifier(&modules);
	for (guest = guests; guest < guests + ARRAY_SIZE(guests); guest++) {
		uproot(guest);
		ftrace_free_filter(&guest->ops);
	}
}

static int attach_guests(void)
{
	struct guest *guest;
	int err;

	err = register_module_notifier(&modules);
	if (err)
		return err;
	mutex_lock(&guests_lock);
	for (guest = guests; guest < guests + ARRAY_SIZE(guests) && !err; guest++)
		if (guest->module)
			err = plant(guest, false);
	mutex_unlock(&guests_lock);
	if (err)
		detach_guests();
	return err;
}

static int __net_init net_enter(struct net *net)
{
	int err = cgc_forward_enter(net);

	if (err)
		return err;
	err = nf_register_net_hooks(net, cgc_netfilter_ops, ARRAY_SIZE(cgc_netfilter_ops));
	if (err)
		goto leave;
	err = nf_register_net_hooks(net, cgc_forward_ops, ARRAY_SIZE(cgc_forward_ops));
	if (!err)
		return 0;
	nf_unregister_net_hooks(net, cgc_netfilter_ops, ARRAY_SIZE(cgc_netfilter_ops));
leave:
	cgc_forward_leave(net);
	return err;
}

static void __net_exit net_leave(struct net *net)
{
	cgc_forward_leave(net);
	nf_unregister_net_hooks(net, cgc_forward_ops, ARRAY_SIZE(cgc_forward_ops));
	nf_unregister_net_hooks(net, cgc_netfilter_ops, ARRAY_SIZE(cgc_netfilter_ops));
}

static struct pernet_operations net_ops = { .init = net_enter, .exit = net_leave };

int __init cgc_hook_init(void)
{
	int err;

	counts = __alloc_percpu(HOOKS_MAX * sizeof(*counts), __alignof__(*counts));
	if (!counts)
		return -ENOMEM;
	err = attach();
	if (err)
		goto free_counts;
	err = attach_guests();
	if (err)
		goto detach;
	err = register_pernet_subsys(&net_ops);
	if (err)
		goto detach_guests;
	return 0;

detach_guests:
	detach_guests();
detach:
	detach();
free_counts:
	free_percpu(counts);
	return err;
}

void cgc_hook_exit(void)
{
	unregister_pernet_subsys(&net_ops);
	detach_guests();
	detach();
	/* unregister_ftrace_function() waited for every task to leave the
	 * trampoline and, with it, the handlers and cgc_hook_refuse(). */
	synchronize_rcu();
	free_percpu(counts);
}

unsigned int cgc_hook_count(unsigned int *absent)
{
	*absent = missing;
	return attached;
}

static const struct cgc_hook *hook_at(unsigned int index, const char **group)
{
	unsigned int g;

	for (g = 0; g < ARRAY_SIZE(groups); g++) {
		if (index < groups[g]->count) {
			*group = groups[g]->name;
			return &groups[g]->hooks[index];
		}
		index -= groups[g]->count;
	}
	return NULL;
}

bool cgc_hook_info(unsigned int index, struct cgc_hook_info *info)
{
	const struct cgc_hook *hook;
	const char *group;
	int cpu;

	hook = hook_at(index, &group);
	if (!hook)
		return false;
	memset(info, 0, sizeof(*info));
	strscpy(info->group, group, sizeof(info->group));
	strscpy(info->name, hook->name, sizeof(info->name));
	info->required = hook->module ? 2 : hook->need == CGC_REQUIRED;
	info->attached = hook->ip != 0;
	for_each_possible_cpu(cpu) {
		info->hits += per_cpu_ptr(hook->counts, cpu)->hits;
		info->denials += per_cpu_ptr(hook->counts, cpu)->denials;
	}
	return true;
}
