// SPDX-License-Identifier: GPL-2.0-only
/* Listings: each kind fills a buffer of records, message by message. */
#include <linux/bsearch.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <net/af_unix.h>
#include <net/genetlink.h>
#include <net/inet_sock.h>
#include <net/ipv6.h>
#include "compartment.h"
#include "control.h"
#include "event.h"
#include "hooks/hook.h"
#include "ipc.h"
#include "names.h"
#include "netdev.h"
#include "object.h"
#include "pin.h"
#include "policy.h"
#include "reverse.h"
#include "seal.h"
#include "task.h"

#define BUFFER_SIZE 8192
#define SOCKETS_MAX (BUFFER_SIZE / sizeof(struct cgc_socket))

/**
 * struct cursor - where a listing is, from message to message
 * @kind: enum cgc_list
 * @at: index, or bucket, of what comes next
 * @skip: records of that bucket that went before
 * @stage: which of a kind's sources
 * @count: records in @buffer
 * @attr: that they go as
 * @size: of one record
 * @seen: records of the bucket seen in this pass
 * @bucket: the bucket that @seen is of
 * @named: unix sockets whose names are still to be filled in, held; by record
 * @buffer: records of this message
 */
struct cursor {
	u32 kind;
	u32 at;
	u32 skip;
	u32 stage;
	u32 count;
	u16 attr;
	size_t size;
	u32 seen;
	u32 bucket;
	struct sock *named[SOCKETS_MAX];
	u8 buffer[BUFFER_SIZE] __aligned(8);
};

static int put(struct cursor *c, const void *record)
{
	if ((c->count + 1) * c->size > sizeof(c->buffer))
		return -ENOSPC;
	memcpy(c->buffer + c->count++ * c->size, record, c->size);
	return 0;
}

/* For sources that are walked by bucket: a bucket that was left in the middle
 * is begun again, less what went before. */
static int put_in_bucket(struct cursor *c, const void *record)
{
	int err;

	if (c->bucket != c->at) {
		c->bucket = c->at;
		c->seen = 0;
		c->skip = 0;
	}
	if (c->seen++ < c->skip)
		return 0;
	err = put(c, record);
	if (!err)
		c->skip++;
	return err;
}

static void begin_pass(struct cursor *c)
{
	c->bucket = c->at;
	c->seen = 0;
}

/* What the rules' indices mean, in messages before theirs. */
static void fill_paths(struct cursor *c, const struct cgc_ruleset *rules)
{
	c->attr = CGC_A_PATHS;
	c->size = sizeof(rules->paths[0]);
	while (c->at < rules->paths_count && !put(c, &rules->paths[c->at]))
		c->at++;
	if (c->count)
		return;
	c->attr = CGC_A_RULES;
	c->size = sizeof(struct cgc_rule);
	c->stage = 1;
	c->at = 0;
}

static void fill_rules(struct cursor *c, const struct cgc_policy *policy)
{
	if (c->stage == 0)
		fill_paths(c, policy->rules);
	if (c->stage == 0)
		return;
	while (c->at < policy->rules->count) {
		struct cgc_rule rule = policy->rules->rules[c->at];

		memset(rule.next, 0, sizeof(rule.next));
		if (put(c, &rule))
			return;
		c->at++;
	}
}

/* Definitions in force, then names that only the past knows. */
static bool next_compartment(struct cursor *c, const struct cgc_policy *policy,
			     struct cgc_compartment *def)
{
	if (c->at < policy->definitions_count) {
		*def = policy->definitions[c->at];
		return true;
	}
	while (cgc_names_get(c->at - policy->definitions_count, def)) {
		if (def->name[0] && !cgc_compartment_find(policy, def->number))
			return true;
		c->at++;
	}
	return false;
}

static struct cgc_compartment *listed(struct cursor *c, u32 number)
{
	return bsearch(&number, c->buffer, c->count, c->size,
		       cgc_compartment_by_number);
}

static int count_process(void *ctx, const struct cgc_process *process)
{
	struct cgc_compartment *def = listed(ctx, process->label);

	if (def)
		def->processes++;
	return 0;
}

static int count_socket(void *ctx, struct sock *sk, struct cgc_sock *record)
{
	struct cgc_compartment *def = listed(ctx, READ_ONCE(record->label));

	if (def)
		def->sockets++;
	return 0;
}

static void fill_compartments(struct cursor *c, const struct cgc_policy *policy)
{
	struct cgc_compartment def;
	unsigned int bucket = 0;

	while (next_compartment(c, policy, &def)) {
		def.denials = cgc_event_count(def.number);
		def.flags |= cgc_sealed(def.number) ? CGC_COMPARTMENT_SEALED_NOW : 0;
		if (put(c, &def))
			break;
		c->at++;
	}
	sort(c->buffer, c->count, c->size, cgc_compartment_by_number, NULL);
	cgc_task_list(&bucket, count_process, c);
	bucket = 0;
	cgc_sock_walk(&bucket, count_socket, c);
}

static int put_process(void *ctx, const struct cgc_process *process)
{
	return put_in_bucket(ctx, process);
}

static void fill_processes(struct cursor *c)
{
	begin_pass(c);
	cgc_task_list(&c->at, put_process, c);
}

static void copy_address(u8 *to, const struct sock *sk, __be32 v4, const struct in6_addr *v6)
{
	if (sk->sk_family == AF_INET6 && v6)
		memcpy(to, v6, 16);
	else if (sk->sk_family == AF_INET)
		memcpy(to, &v4, 4);
}

/* A socket that is going has lost its name before it loses its record. */
static int put_socket(void *ctx, struct sock *sk, struct cgc_sock *record)
{
	struct cursor *c = ctx;
	struct cgc_socket out = { .label = record->label, .family = sk->sk_family,
				  .protocol = sk->sk_protocol };
	u32 at = c->count;
	int err;

	if (sk->sk_family == AF_INET || sk->sk_family == AF_INET6) {
		out.sport = inet_sk(sk)->inet_num;
		out.dport = ntohs(sk->sk_dport);
		copy_address(out.saddr, sk, sk->sk_rcv_saddr, &sk->sk_v6_rcv_saddr);
		copy_address(out.daddr, sk, sk->sk_daddr, &sk->sk_v6_daddr);
	}
	err = put_in_bucket(c, &out);
	if (c->count > at && sk->sk_family == AF_UNIX && refcount_inc_not_zero(&sk->sk_refcnt))
		c->named[at] = sk;
	return err;
}

/* `@' for the NUL that an abstract name begins with, `?' for any other in it; others
 * may have none at their end. */
static void copy_name(char *to, const struct sock *sk)
{
	const struct unix_address *addr = smp_load_acquire(&unix_sk(sk)->addr);
	int len = addr ? addr->len - (int)offsetof(struct sockaddr_un, sun_path) : 0;
	const char *from = addr ? addr->name->sun_path : NULL;
	int i;

	if (len <= 0)
		return;
	len = min(len, CGC_PATH_SIZE - 1);
	memcpy(to, from, from[0] ? strnlen(from, len) : len);
	if (from[0])
		return;
	to[0] = '@';
	for (i = 1; i < len; i++)
		if (!to[i])
			to[i] = '?';
}

/* The last reference must not go under a bucket's lock. */
static void fill_names(struct cursor *c)
{
	struct cgc_socket *out = (struct cgc_socket *)c->buffer;
	u32 i;

	for (i = 0; i < c->count; i++) {
		if (!c->named[i])
			continue;
		copy_name(out[i].name, c->named[i]);
		sock_put(c->named[i]);
		c->named[i] = NULL;
	}
}

static void fill_sockets(struct cursor *c)
{
	begin_pass(c);
	cgc_sock_walk(&c->at, put_socket, c);
	fill_names(c);
}

static void fill_netdevs(struct cursor *c)
{
	struct cgc_netdev out;

	rcu_read_lock();
	while (cgc_netdev_get(c->at, &out) && !put(c, &out))
		c->at++;
	rcu_read_unlock();
}

static int put_reverse(void *ctx, const struct cgc_reverse *reverse)
{
	return put_in_bucket(ctx, reverse);
}

static int put_connection(void *ctx, struct sock *sk, struct cgc_sock *record)
{
	struct cgc_reverse out;
	u32 flags = READ_ONCE(record->flags);

	/* A local connection is shown once, by the end that decides. */
	if (!(flags & CGC_SOCK_REACHED) &&
	    !(flags & CGC_SOCK_BEGAN && record->flow.path == CGC_PATH_OUT))
		return 0;
	cgc_reverse_describe(&out, &record->flow, record->ref, sock_net(sk), 0);
	return put_in_bucket(ctx, &out);
}

static void fill_reverse(struct cursor *c)
{
	begin_pass(c);
	if (c->stage == 0) {
		if (cgc_sock_walk(&c->at, put_connection, c))
			return;
		c->stage = 1;
		c->at = 0;
		c->skip = 0;
		begin_pass(c);
	}
	cgc_reverse_walk(&c->at, put_reverse, c);
}

static void fill_hooks(struct cursor *c)
{
	struct cgc_hook_info info;

	while (cgc_hook_info(c->at, &info) && !put(c, &info))
		c->at++;
}

static void fill_events(struct cursor *c)
{
	struct cgc_event event;

	while (cgc_event_get(c->at, &event) && !put(c, &event))
		c->at++;
}

static int put_ipc(void *ctx, const struct cgc_ipc *ipc)
{
	return put_in_bucket(ctx, ipc);
}

static void fill_ipc(struct cursor *c)
{
	begin_pass(c);
	cgc_ipc_list(&c->at, put_ipc, c);
}

static void fill_files(struct cursor *c, const struct cgc_policy *policy)
{
	while (c->at < policy->pins_count && !put(c, &policy->pins[c->at]->file))
		c->at++;
}

static void fill_statements(struct cursor *c, const struct cgc_policy *policy)
{
	const struct cgc_array *from = &policy->statements.of[c->kind - CGC_LIST_STATEMENTS];

	while (c->at < from->count && !put(c, from->at + c->at * c->size))
		c->at++;
}

static void fill_labels(struct cursor *c, const struct cgc_policy *policy)
{
	struct cgc_label_name label;

	for (; cgc_names_get_label(c->at, &label); c->at++) {
		label.defined = cgc_netdev_label_name(policy, label.label) != NULL;
		if (label.label && put(c, &label))
			return;
	}
}

static const struct {
	u16 attr;
	size_t size;
	void (*fill)(struct cursor *c);
	void (*fill_policy)(struct cursor *c, const struct cgc_policy *policy);
} kinds[CGC_LIST_COUNT] = {
	[CGC_LIST_RULES] = { CGC_A_RULES, sizeof(struct cgc_rule), .fill_policy = fill_rules },
	[CGC_LIST_COMPARTMENTS] = { CGC_A_COMPARTMENTS, sizeof(struct cgc_compartment),
				    .fill_policy = fill_compartments },
	[CGC_LIST_PROCESSES] = { CGC_A_PROCESSES, sizeof(struct cgc_process), fill_processes },
	[CGC_LIST_SOCKETS] = { CGC_A_SOCKETS, sizeof(struct cgc_socket), fill_sockets },
	[CGC_LIST_NETDEVS] = { CGC_A_DEVICES, sizeof(struct cgc_netdev), fill_netdevs },
	[CGC_LIST_REVERSE] = { CGC_A_REVERSE, sizeof(struct cgc_reverse), fill_reverse },
	[CGC_LIST_HOOKS] = { CGC_A_HOOKS, sizeof(struct cgc_hook_info), fill_hooks },
	[CGC_LIST_EVENTS] = { CGC_A_EVENTS, sizeof(struct cgc_event), fill_events },
	[CGC_LIST_IPC] = { CGC_A_IPC, sizeof(struct cgc_ipc), fill_ipc },
	[CGC_LIST_FILES] = { CGC_A_FILES, sizeof(struct cgc_file), .fill_policy = fill_files },
	[CGC_LIST_LABELS] = { CGC_A_LABELS, sizeof(struct cgc_label_name),
			      .fill_policy = fill_labels },
	[CGC_LIST_NETDEV_MAPS] = { CGC_A_NETDEV_MAPS, sizeof(struct cgc_netdev_map),
				   .fill_policy = fill_statements },
	[CGC_LIST_ROUTES] = { CGC_A_ROUTES, sizeof(struct cgc_route),
			      .fill_policy = fill_statements },
};

int cgc_list_start(struct netlink_callback *cb)
{
	const struct nlattr *kind = cgc_dump_attrs(cb)[CGC_A_LIST];
	struct cursor *c;

	if (!kind)
		return 0;
	c = kzalloc(sizeof(*c), GFP_KERNEL);
	if (!c)
		return -ENOMEM;
	c->kind = nla_get_u32(kind);
	c->attr = kinds[c->kind].attr;
	c->size = kinds[c->kind].size;
	cb->args[0] = (long)c;
	return 0;
}

int cgc_list_done(struct netlink_callback *cb)
{
	kfree((void *)cb->args[0]);
	return 0;
}

static void fill(struct cursor *c, const struct cgc_policy *policy)
{
	c->count = 0;
	if (kinds[c->kind].fill_policy)
		kinds[c->kind].fill_policy(c, policy);
	else
		kinds[c->kind].fill(c);
}

static int put_words(struct sk_buff *skb, const struct cgc_ruleset *rules)
{
	return nla_put(skb, CGC_A_NETDEVS, rules->netdevs_count * sizeof(rules->netdevs[0]),
		       rules->netdevs);
}

int cgc_list_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct cursor *c = (struct cursor *)cb->args[0];
	const struct cgc_policy *policy;
	void *header;
	int err;

	/* Here and not at the start: this is where a reason can be given. */
	err = cgc_control_permitted(cb->skb, cb->extack);
	if (err)
		return err;
	if (!c) {
		NL_SET_ERR_MSG(cb->extack, "the kind of the list is missing");
		return -EINVAL;
	}
	/* The lock, not RCU: some kinds sleep, and a set stays one set. */
	cgc_policy_lock();
	policy = cgc_policy();
	cb->seq = cgc_generation();
	fill(c, policy);
	if (!c->count)
		goto out;
	header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			     &cgc_family, NLM_F_MULTI, CGC_CMD_LIST);
	err = header ? 0 : -EMSGSIZE;
	if (!err && (c->kind <= CGC_LIST_COMPARTMENTS || c->kind >= CGC_LIST_FILES))
		genl_dump_check_consistent(cb, header);
	if (!err && c->attr == CGC_A_RULES)
		err = put_words(skb, policy->rules);
	if (!err)
		err = nla_put(skb, c->attr, c->count * c->size, c->buffer);
	if (!err)
		genlmsg_end(skb, header);
out:
	cgc_policy_unlock();
	return err ?: skb->len;
}
