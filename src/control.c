// SPDX-License-Identifier: GPL-2.0-only
/* The commands. Attributes are checked here; records where they are used. */
#include <linux/capability.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <net/genetlink.h>
#include "compartment.h"
#include "control.h"
#include "event.h"
#include "hooks/hook.h"
#include "lockout.h"
#include "mode.h"
#include "netdev.h"
#include "object.h"
#include "reverse.h"
#include "route.h"
#include "seal.h"
#include "task.h"
#include "transaction.h"

static const struct nla_policy attributes[CGC_A_MAX + 1] = {
	[CGC_A_OP] = NLA_POLICY_MAX(NLA_U32, CGC_OP_DEL),
	[CGC_A_RULES] = { .type = NLA_BINARY },
	[CGC_A_NETDEVS] = { .type = NLA_BINARY,
			    .len = CGC_NETDEV_SELECTORS * sizeof(struct cgc_netdev_selector) },
	[CGC_A_COMPARTMENTS] = { .type = NLA_BINARY },
	[CGC_A_PATHS] = { .type = NLA_BINARY,
			  .len = CGC_PATHS_MAX * sizeof(struct cgc_path_word) },
	[CGC_A_FILES] = { .type = NLA_BINARY },
	[CGC_A_NETDEV_MAPS] = { .type = NLA_BINARY },
	[CGC_A_ROUTES] = { .type = NLA_BINARY },
	[CGC_A_REFS] = { .type = NLA_BINARY },
	[CGC_A_TRY_SECONDS] = { .type = NLA_U32 },
	[CGC_A_KEEP] = NLA_POLICY_EXACT_LEN(sizeof(struct cgc_flow)),
	[CGC_A_LIST] = NLA_POLICY_MAX(NLA_U32, CGC_LIST_COUNT - 1),
	[CGC_A_LABEL] = { .type = NLA_U32 },
	[CGC_A_MODE] = NLA_POLICY_RANGE(NLA_U32, CGC_MODE_ENFORCE, CGC_MODE_DISABLED),
	[CGC_A_SECONDS] = { .type = NLA_U32 },
	[CGC_A_IFINDEX] = { .type = NLA_U32 },
};

static int refuse(struct genl_info *info, int err, const char *why)
{
	if (info->extack && why)
		info->extack->_msg = why;
	return err;
}

int cgc_control_permitted(const struct sk_buff *skb, struct netlink_ext_ack *extack)
{
	bool administers;

	rcu_read_lock();
	administers = cgc_compartment_administers(cgc_policy(), cgc_label_of_current());
	rcu_read_unlock();
	if (administers && netlink_capable(skb, CAP_SYS_ADMIN))
		return 0;
	NL_SET_ERR_MSG(extack, "only root with CAP_SYS_ADMIN in an administrators' compartment controls cgcompt");
	return -EPERM;
}

static int permitted(struct sk_buff *skb, struct genl_info *info)
{
	return cgc_control_permitted(skb, info->extack);
}

/* An attribute that is an array of records: how many; -1: not whole ones. */
static int records(const struct nlattr *attr, size_t size)
{
	return nla_len(attr) % size ? -1 : nla_len(attr) / size;
}

static void fill_status(struct cgc_status *status)
{
	const struct cgc_policy *policy = cgc_policy();

	memset(status, 0, sizeof(*status));
	status->mode = cgc_mode();
	status->methods = CGC_METHODS_ENFORCED;
	status->generation = cgc_generation();
	status->rules = policy->rules->count;
	status->compartments = policy->definitions_count;
	status->hooks = cgc_hook_count(&status->hooks_missing);
	status->processes = cgc_task_count();
	status->sockets = cgc_sock_count();
	status->reverse = cgc_reverse_count();
	status->rearm_seconds = cgc_mode_rearm_seconds();
	status->try_seconds = cgc_policy_try_seconds();
	cgc_event_totals(&status->denials, &status->denials_unlogged);
	status->rule_bytes = cgc_policy_bytes();
	status->netdev_maps = policy->statements.of[CGC_STATEMENT_NETDEV].count;
	status->netdevs_quarantined = cgc_netdev_quarantined();
	status->mark_mask = cgc_route_mask();
	status->forwards = policy->rules->forwards;
}

static int on_status(struct sk_buff *skb, struct genl_info *info)
{
	struct cgc_status status;
	struct sk_buff *reply;
	void *header;
	int err = permitted(skb, info);

	if (err)
		return err;
	reply = genlmsg_new(nla_total_size(sizeof(status)), GFP_KERNEL);
	if (!reply)
		return -ENOMEM;
	cgc_policy_lock();
	fill_status(&status);
	cgc_policy_unlock();
	header = genlmsg_put_reply(reply, info, &cgc_family, 0, CGC_CMD_STATUS);
	if (!header || nla_put(reply, CGC_A_STATUS, sizeof(status), &status)) {
		nlmsg_free(reply);
		return -EMSGSIZE;
	}
	genlmsg_end(reply, header);
	return genlmsg_reply(reply, info);
}

static int on_begin(struct sk_buff *skb, struct genl_info *info)
{
	const char *why = NULL;
	int err = permitted(skb, info);

	if (err)
		return err;
	if (!info->attrs[CGC_A_OP])
		return refuse(info, -EINVAL, "the kind of the transaction is missing");
	cgc_policy_lock();
	err = cgc_transaction_begin(info->snd_portid, nla_get_u32(info->attrs[CGC_A_OP]), &why);
	cgc_policy_unlock();
	return refuse(info, err, why);
}

static int add_rules(struct genl_info *info, const char **why)
{
	const struct nlattr *rules = info->attrs[CGC_A_RULES];
	const struct nlattr *netdevs = info->attrs[CGC_A_NETDEVS];
	const struct nlattr *paths = info->attrs[CGC_A_PATHS];
	int count = records(rules, sizeof(struct cgc_rule));
	int nnetdevs = netdevs ? records(netdevs, sizeof(struct cgc_netdev_selector)) : 0;
	int npaths = paths ? records(paths, sizeof(struct cgc_path_word)) : 0;
	const struct cgc_rule_words words = {
		.netdevs = netdevs ? nla_data(netdevs) : NULL, .netdevs_count = nnetdevs,
		.paths = paths ? nla_data(paths) : NULL, .paths_count = npaths,
	};

	*why = "a record is not whole";
	if (count < 0 || nnetdevs < 0 || npaths < 0)
		return -EINVAL;
	*why = NULL;
	return cgc_transaction_rules(info->snd_portid, nla_data(rules), count, &words, why);
}

static int add_refs(struct genl_info *info, const char **why)
{
	int count = records(info->attrs[CGC_A_REFS], sizeof(u64));

	*why = "a record is not whole";
	if (count < 0)
		return -EINVAL;
	*why = NULL;
	return cgc_transaction_refs(info->snd_portid, nla_data(info->attrs[CGC_A_REFS]), count,
				    why);
}

static int on_rules(struct sk_buff *skb, struct genl_info *info)
{
	const char *why = NULL;
	int err = permitted(skb, info);

	if (err)
		return err;
	if (!info->attrs[CGC_A_RULES] && !info->attrs[CGC_A_REFS])
		return refuse(info, -EINVAL, "the rules are missing");
	cgc_policy_lock();
	if (info->attrs[CGC_A_RULES])
		err = add_rules(info, &why);
	if (!err && info->attrs[CGC_A_REFS])
		err = add_refs(info, &why);
	if (err)
		cgc_transaction_abort(info->snd_portid);
	cgc_policy_unlock();
	return refuse(info, err, why);
}

static int on_compartments(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[CGC_A_COMPARTMENTS];
	const char *why = NULL;
	int err = permitted(skb, info), count;

	if (err)
		return err;
	count = attr ? records(attr, sizeof(struct cgc_compartment)) : -1;
	if (count < 0)
		return refuse(info, -EINVAL, "the definitions are missing or not whole");
	cgc_policy_lock();
	err = cgc_transaction_definitions(info->snd_portid, nla_data(attr), count, &why);
	if (err)
		cgc_transaction_abort(info->snd_portid);
	cgc_policy_unlock();
	return refuse(info, err, why);
}

/* In the context of who sent it: descriptors are its own. */
static int on_files(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[CGC_A_FILES];
	const char *why = NULL;
	int err = permitted(skb, info), count;

	if (err)
		return err;
	count = attr ? records(attr, sizeof(struct cgc_file)) : -1;
	if (count < 0)
		return refuse(info, -EINVAL, "the statements about files are missing or not whole");
	cgc_policy_lock();
	err = cgc_transaction_files(info->snd_portid, nla_data(attr), count, &why);
	if (err)
		cgc_transaction_abort(info->snd_portid);
	cgc_policy_unlock();
	return refuse(info, err, why);
}

static int add_statements(struct genl_info *info, enum cgc_statement_kind kind, const char **why)
{
	const struct nlattr *attr = info->attrs[cgc_statement_types[kind].attr];
	int count = attr ? records(attr, cgc_statement_types[kind].size) : 0;

	*why = "a record is not whole";
	if (count < 0)
		return -EINVAL;
	*why = NULL;
	return count ? cgc_transaction_statements(info->snd_portid, kind, nla_data(attr), count,
						  why) : 0;
}

static int on_statements(struct sk_buff *skb, struct genl_info *info)
{
	const char *why = NULL;
	int err = permitted(skb, info);
	u32 kind;

	if (err)
		return err;
	cgc_policy_lock();
	for (kind = 0; kind < CGC_STATEMENT_KINDS && !err; kind++)
		err = add_statements(info, kind, &why);
	if (err)
		cgc_transaction_abort(info->snd_portid);
	cgc_policy_unlock();
	return refuse(info, err, why);
}

static const struct cgc_flow *keep_of(struct genl_info *info)
{
	return info->attrs[CGC_A_KEEP] ? nla_data(info->attrs[CGC_A_KEEP]) : NULL;
}

/* A time that an attribute gives, 0 where it is absent. */
static int seconds_of(struct genl_info *info, enum cgc_attr attr, u32 *seconds)
{
	*seconds = info->attrs[attr] ? nla_get_u32(info->attrs[attr]) : 0;
	if (info->attrs[attr] && (!*seconds || *seconds > 86400))
		return refuse(info, -ERANGE, "the time is out of range, expected 1 second to 1 day");
	return 0;
}

static int on_commit(struct sk_buff *skb, struct genl_info *info)
{
	const char *why = NULL;
	int err = permitted(skb, info);
	u32 seconds;

	if (!err)
		err = seconds_of(info, CGC_A_TRY_SECONDS, &seconds);
	if (err)
		return err;
	cgc_policy_lock();
	err = cgc_transaction_commit(info->snd_portid, genl_info_net(info), keep_of(info),
				     seconds, &why);
	cgc_policy_unlock();
	return refuse(info, err, why);
}

/* Who may, and the compartment that it is about. */
static int permitted_with_label(struct sk_buff *skb, struct genl_info *info, u32 *label)
{
	int err = permitted(skb, info);

	if (err)
		return err;
	if (!info->attrs[CGC_A_LABEL])
		return refuse(info, -EINVAL, "the compartment is missing");
	*label = nla_get_u32(info->attrs[CGC_A_LABEL]);
	return 0;
}

static int on_exec(struct sk_buff *skb, struct genl_info *info)
{
	u32 label;
	int err = permitted_with_label(skb, info, &label);

	if (err)
		return err;
	if (label >= CGC_LABEL_NETDEV_FIRST && label != CGC_LABEL_SUPERVISOR)
		return refuse(info, -EINVAL, "the number is an interface's, expected a compartment's");
	cgc_seal_enter(label);
	err = cgc_task_prepare_exec(label);
	if (!err)
		cgc_event_admin("exec into compartment 0x%x", label);
	return err;
}

static int on_seal(struct sk_buff *skb, struct genl_info *info)
{
	u32 label;
	int err = permitted_with_label(skb, info, &label);

	if (err)
		return err;
	if (label == CGC_LABEL_DEFAULT || label == CGC_LABEL_SUPERVISOR)
		return refuse(info, -EINVAL, "compartment 0 and the supervisor cannot be sealed");
	if (!cgc_task_carry(label))
		return refuse(info, -ENOENT, "there is no process in it, and a seal lasts until a compartment is empty; expected one with processes, or SEALED in its definition");
	cgc_policy_lock();
	err = cgc_seal_set(label);
	cgc_policy_unlock();
	if (err)
		return refuse(info, err, "no memory for the seal");
	cgc_event_admin("seal compartment 0x%x", label);
	return 0;
}

static int verify_mode(struct genl_info *info, u32 mode)
{
	const struct cgc_flow *keep = keep_of(info);

	if (cgc_mode() == CGC_MODE_LOADING)
		return refuse(info, -EBUSY, "the module is being loaded");
	if (mode == CGC_MODE_ENFORCE && keep &&
	    cgc_lockout(cgc_policy(), genl_info_net(info), keep, CGC_NO_HAND))
		return refuse(info, -EPERM, "this would cut the connection that you are on");
	return 0;
}

static int set_compartment_mode(struct genl_info *info, u32 mode, u32 label)
{
	const char *why = NULL;
	int err;

	if (mode == CGC_MODE_DISABLED)
		return refuse(info, -EINVAL, "one compartment can be enforcing or permissive");
	err = cgc_transaction_permissive(label, mode == CGC_MODE_PERMISSIVE, &why);
	return refuse(info, err, why);
}

static int on_mode(struct sk_buff *skb, struct genl_info *info)
{
	static const char *const names[] = { "", "enforce", "permissive", "disable" };
	int err = permitted(skb, info);
	u32 mode, seconds;

	if (!err)
		err = seconds_of(info, CGC_A_SECONDS, &seconds);
	if (err)
		return err;
	if (!info->attrs[CGC_A_MODE])
		return refuse(info, -EINVAL, "the mode is missing");
	mode = nla_get_u32(info->attrs[CGC_A_MODE]);
	cgc_policy_lock();
	err = verify_mode(info, mode);
	if (!err && info->attrs[CGC_A_LABEL]) {
		err = set_compartment_mode(info, mode, nla_get_u32(info->attrs[CGC_A_LABEL]));
	} else if (!err) {
		cgc_mode_set(mode, seconds);
		cgc_event_admin("%s, for %u seconds (0: until told otherwise)", names[mode], seconds);
	}
	cgc_policy_unlock();
	return err;
}

static int on_confirm(struct sk_buff *skb, struct genl_info *info)
{
	int err = permitted(skb, info);

	if (err)
		return err;
	cgc_policy_lock();
	err = cgc_policy_confirm();
	cgc_policy_unlock();
	if (err)
		return refuse(info, err, "no set is on trial");
	cgc_event_admin("confirm");
	return 0;
}

static int on_revert(struct sk_buff *skb, struct genl_info *info)
{
	const struct cgc_flow *keep = keep_of(info);
	const struct cgc_policy *previous;
	int err = permitted(skb, info);
	const char *why = NULL;

	if (err)
		return err;
	cgc_policy_lock();
	previous = cgc_policy_previous();
	if (previous && keep && cgc_lockout(previous, genl_info_net(info), keep, CGC_NO_HAND))
		err = refuse(info, -EPERM, "this would cut the connection that you are on");
	else
		err = cgc_policy_revert(&why);
	cgc_policy_unlock();
	refuse(info, err, err ? why : NULL);
	if (!err)
		cgc_event_admin("revert");
	return err;
}

static int set_netdev(struct genl_info *info, struct cgc_netdev_hand hand)
{
	const struct cgc_flow *keep = keep_of(info);
	int err = 0;

	cgc_policy_lock();
	if (keep && cgc_mode() == CGC_MODE_ENFORCE &&
	    cgc_lockout(cgc_policy(), genl_info_net(info), keep, hand))
		err = refuse(info, -EPERM, "this would cut the connection that you are on");
	cgc_policy_unlock();
	return err ?: cgc_netdev_set(hand);
}

static int on_netdev(struct sk_buff *skb, struct genl_info *info)
{
	struct cgc_netdev_hand hand;
	int err = permitted(skb, info);

	if (err)
		return err;
	if (!info->attrs[CGC_A_IFINDEX] || !info->attrs[CGC_A_LABEL])
		return refuse(info, -EINVAL, "the interface or its label is missing");
	hand.ifindex = nla_get_u32(info->attrs[CGC_A_IFINDEX]);
	hand.label = nla_get_u32(info->attrs[CGC_A_LABEL]);
	err = set_netdev(info, hand);
	if (err == -EINVAL)
		return refuse(info, err, "the label is out of range, expected 0xFFFF0000 to 0xFFFFFFFC");
	if (err == -ENODEV)
		return refuse(info, err, "there is no such interface");
	if (!err)
		cgc_event_admin("netdev %u labelled 0x%x", hand.ifindex, hand.label);
	return err;
}

static const struct genl_ops operations[] = {
	{ .cmd = CGC_CMD_STATUS, .doit = on_status },
	{ .cmd = CGC_CMD_BEGIN, .doit = on_begin },
	{ .cmd = CGC_CMD_RULES, .doit = on_rules },
	{ .cmd = CGC_CMD_COMPARTMENTS, .doit = on_compartments },
	{ .cmd = CGC_CMD_COMMIT, .doit = on_commit },
	{ .cmd = CGC_CMD_LIST, .start = cgc_list_start, .dumpit = cgc_list_dump,
	  .done = cgc_list_done },
	{ .cmd = CGC_CMD_EXEC, .doit = on_exec },
	{ .cmd = CGC_CMD_MODE, .doit = on_mode },
	{ .cmd = CGC_CMD_CONFIRM, .doit = on_confirm },
	{ .cmd = CGC_CMD_REVERT, .doit = on_revert },
	{ .cmd = CGC_CMD_NETDEV, .doit = on_netdev },
	{ .cmd = CGC_CMD_SEAL, .doit = on_seal },
	{ .cmd = CGC_CMD_FILES, .doit = on_files },
	{ .cmd = CGC_CMD_STATEMENTS, .doit = on_statements },
};

static const struct genl_multicast_group groups[] = {
	{ .name = CGC_GENL_MCGRP_EVENTS, .flags = GENL_MCAST_CAP_SYS_ADMIN },
	{ .name = CGC_GENL_MCGRP_CHANGES, .flags = GENL_MCAST_CAP_SYS_ADMIN },
};

struct genl_family cgc_family __ro_after_init = {
	.name = CGC_GENL_NAME,
	.version = CGC_GENL_VERSION,
	.maxattr = CGC_A_MAX,
	.policy = attributes,
	.ops = operations,
	.n_ops = ARRAY_SIZE(operations),
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
	.resv_start_op = __CGC_CMD_MAX,
	.module = THIS_MODULE,
};

void cgc_control_notify(const struct cgc_event *event)
{
	struct sk_buff *skb;
	void *header;

	if (!genl_has_listeners(&cgc_family, &init_net, 0))
		return;
	skb = genlmsg_new(nla_total_size(sizeof(*event)), GFP_ATOMIC);
	if (!skb)
		return;
	header = genlmsg_put(skb, 0, 0, &cgc_family, 0, CGC_CMD_EVENT);
	if (!header || nla_put(skb, CGC_A_EVENTS, sizeof(*event), event)) {
		nlmsg_free(skb);
		return;
	}
	genlmsg_end(skb, header);
	genlmsg_multicast(&cgc_family, skb, 0, 0, GFP_ATOMIC);
}

void cgc_control_changed(void)
{
	struct sk_buff *skb = genlmsg_new(0, GFP_KERNEL);
	void *header = skb ? genlmsg_put(skb, 0, 0, &cgc_family, 0, CGC_CMD_CHANGED) : NULL;

	if (!header) {
		nlmsg_free(skb);
		return;
	}
	genlmsg_end(skb, header);
	genlmsg_multicast(&cgc_family, skb, 0, 1, GFP_KERNEL);
}

/* A program that ends in the middle of a transaction has not made it. */
static int on_release(struct notifier_block *nb, unsigned long event, void *ptr)
{
	const struct netlink_notify *notify = ptr;

	if (event == NETLINK_URELEASE && notify->protocol == NETLINK_GENERIC &&
	    net_eq(notify->net, &init_net)) {
		cgc_policy_lock();
		cgc_transaction_abort(notify->portid);
		cgc_policy_unlock();
	}
	return NOTIFY_DONE;
}

static struct notifier_block release = { .notifier_call = on_release };

int __init cgc_control_init(void)
{
	int err = genl_register_family(&cgc_family);

	if (err)
		return err;
	err = netlink_register_notifier(&release);
	if (err)
		genl_unregister_family(&cgc_family);
	return err;
}

void cgc_control_exit(void)
{
	netlink_unregister_notifier(&release);
	genl_unregister_family(&cgc_family);
	cgc_policy_lock();
	cgc_transaction_abort_any();
	cgc_policy_unlock();
}
