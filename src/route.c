// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bitops.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <net/fib_notifier.h>
#include <net/fib_rules.h>
#include <net/ip6_fib.h>
#include <net/ip6_route.h>
#include <net/ip_fib.h>
#include <net/net_namespace.h>
#include <net/sock.h>
#include "compartment.h"
#include "core/route.h"
#include "limits.h"
#include "log.h"
#include "object.h"
#include "route.h"

#define BATCH 64

static unsigned int mark_mask = 0xff000000;
module_param(mark_mask, uint, 0444);
MODULE_PARM_DESC(mark_mask, "Bits of sockets' marks that choose a ROUTED compartment's table, in one run");

u32 cgc_route_mask(void)
{
	return mark_mask;
}

u32 cgc_route_tables_max(void)
{
	return min_t(u32, mark_mask >> __ffs(mark_mask), CGC_COMPARTMENTS_MAX);
}

static u32 mark_of(u32 table)
{
	return table ? (table - CGC_TABLE_FIRST) << __ffs(mark_mask) : 0;
}

u32 cgc_route_table(u32 label)
{
	const struct cgc_compartment *def;
	u32 table;

	if (label == CGC_LABEL_DEFAULT)
		return 0;
	rcu_read_lock();
	def = cgc_compartment_find(cgc_policy(), label);
	table = def ? def->table : 0;
	rcu_read_unlock();
	return table;
}

bool cgc_route_any(void)
{
	bool any;

	rcu_read_lock();
	any = cgc_policy()->routed;
	rcu_read_unlock();
	return any;
}

/* What a socket's mark is to be. */
static u32 marked(const struct sock *sk, u32 label)
{
	return (READ_ONCE(sk->sk_mark) & ~mark_mask) | mark_of(cgc_route_table(label));
}

void cgc_route_mark_new(const struct sock *sk, u32 label)
{
	rcu_read_lock();	/* who marks anew waits for who reads the old set */
	WRITE_ONCE(((struct sock *)sk)->sk_mark, marked(sk, label));
	rcu_read_unlock();
}

void cgc_route_mark(const struct sock *sk, u32 label)
{
	cgc_route_mark_new(sk, label);
	sk_dst_reset((struct sock *)sk);
}

/* Asked as the kernel asks, so that it is its answer: other rules, other tables and the
 * interface that a socket insists on count as they do there. */
static bool routes4(struct net *net, const struct cgc_flow *flow, u32 table)
{
	struct flowi4 fl4 = {
		.flowi4_oif = flow->ifindex,
		.flowi4_iif = LOOPBACK_IFINDEX,
		.flowi4_mark = mark_of(table),
	};
	struct fib_result res;

	memcpy(&fl4.daddr, flow->daddr, sizeof(fl4.daddr));
	memcpy(&fl4.saddr, flow->saddr, sizeof(fl4.saddr));
	return !fib_lookup(net, &fl4, &res, 0) && res.table && res.table->tb_id == table;
}

static bool is_of_table(const struct dst_entry *dst, u32 table)
{
	const struct rt6_info *rt = container_of(dst, struct rt6_info, dst);
	const struct fib6_info *from = rcu_dereference(rt->from);

	return from && from->fib6_table && from->fib6_table->tb6_id == table;
}

static bool routes6(struct net *net, const struct cgc_flow *flow, u32 table)
{
	struct flowi6 fl6 = { .flowi6_oif = flow->ifindex, .flowi6_mark = mark_of(table) };
	struct dst_entry *dst;
	bool routes;

	memcpy(&fl6.daddr, flow->daddr, sizeof(fl6.daddr));
	memcpy(&fl6.saddr, flow->saddr, sizeof(fl6.saddr));
	dst = ip6_route_output(net, NULL, &fl6);
	routes = !dst->error && is_of_table(dst, table) &&
		 (!flow->ifindex || dst->dev->ifindex == flow->ifindex);
	dst_release(dst);
	return routes;
}

/* One that was left in the table by a set that is not in force any more does not count. */
static bool is_stated(const struct cgc_policy *policy, const struct cgc_ask *ask)
{
	const struct cgc_array *stated = &policy->statements.of[CGC_STATEMENT_ROUTE];
	const struct cgc_flow *flow = &ask->flow;
	const struct cgc_route *route = stated->at;
	const struct net_device *dev;
	u32 i;

	dev = flow->ifindex ? dev_get_by_index_rcu(ask->net, flow->ifindex) : NULL;
	for (i = 0; i < stated->count; i++)
		if (route[i].compartment == flow->subject &&
		    cgc_route_covers(&route[i], flow->family, flow->daddr) &&
		    (!dev || !route[i].netdev[0] || !strcmp(dev->name, route[i].netdev)))
			return true;
	return false;
}

u8 cgc_route_ask(const struct cgc_policy *policy, const struct cgc_ask *ask)
{
	const struct cgc_flow *flow = &ask->flow;
	const struct cgc_compartment *def;

	if (likely(!policy->routed || flow->subject == CGC_LABEL_DEFAULT))
		return CGC_ROUTES_NOT_ASKED;
	def = cgc_compartment_find(policy, flow->subject);
	/* Without an address it is no packet: may there be such a socket? */
	if (!def || !def->table || !flow->family)
		return CGC_ROUTES_NOT_ASKED;
	if (!ask->net || !is_stated(policy, ask) ||
	    !(flow->family == 4 ? routes4 : routes6)(ask->net, flow, def->table))
		return CGC_ROUTES_NONE;
	return def->flags & CGC_COMPARTMENT_ROUTED_ONLY ? CGC_ROUTES_ONLY : CGC_ROUTES_TOO;
}

struct batch {
	struct {
		struct sock *sk;
		u32 label;
	} of[BATCH];
	unsigned int count;
};

static int collect(void *ctx, struct sock *sk, struct cgc_sock *record)
{
	struct batch *batch = ctx;
	u32 label = READ_ONCE(record->label);

	if (label == CGC_LABEL_DEFAULT || marked(sk, label) == READ_ONCE(sk->sk_mark))
		return 0;
	if (batch->count == BATCH)
		return -E2BIG;
	if (refcount_inc_not_zero(&sk->sk_refcnt)) {
		batch->of[batch->count].sk = sk;
		batch->of[batch->count++].label = label;
	}
	return 0;
}

static void settle(struct batch *batch)
{
	unsigned int i;

	for (i = 0; i < batch->count; i++) {
		cgc_route_mark(batch->of[i].sk, batch->of[i].label);
		sock_put(batch->of[i].sk);
	}
	batch->count = 0;
}

void cgc_route_remark(void)
{
	static struct batch batch;	/* the policy's lock */
	unsigned int bucket = 0;
	int left;

	cgc_policy_assert_locked();
	do {
		left = cgc_sock_walk(&bucket, collect, &batch);
		settle(&batch);
		cond_resched();
	} while (left);
}

bool cgc_route_is_table(u32 table)
{
	return table > CGC_TABLE_FIRST && table - CGC_TABLE_FIRST <= cgc_route_tables_max();
}

static bool is_our_route(const struct fib_notifier_info *info)
{
	const struct fib_entry_notifier_info *info4 = (const void *)info;
	const struct fib6_entry_notifier_info *info6 = (const void *)info;

	if (info->family == AF_INET)
		return cgc_route_is_table(info4->tb_id);
	return info->family == AF_INET6 && info6->rt && info6->rt->fib6_table &&
	       cgc_route_is_table(info6->rt->fib6_table->tb6_id);
}

/* What was decided by a route or by a rule may be otherwise now. In other network
 * namespaces nobody plants them, and so nothing is allowed that could be. */
static int on_fib(struct notifier_block *block, unsigned long event, void *ptr)
{
	switch (event) {
	case FIB_EVENT_RULE_ADD:
	case FIB_EVENT_RULE_DEL:
		if (cgc_route_any())
			cgc_policy_touch();
		break;
	case FIB_EVENT_ENTRY_REPLACE:
	case FIB_EVENT_ENTRY_APPEND:
	case FIB_EVENT_ENTRY_ADD:
	case FIB_EVENT_ENTRY_DEL:
		if (is_our_route(ptr))
			cgc_policy_touch();
	}
	return NOTIFY_DONE;
}

static struct notifier_block watch = { .notifier_call = on_fib };

int __init cgc_route_init(void)
{
	u32 run = mark_mask ? mark_mask >> __ffs(mark_mask) : 0;

	if (!run || run & (run + 1)) {
		cgc_err("mark_mask=0x%x: expected one run of bits, such as 0xff000000: not loading\n",
			mark_mask);
		return -EINVAL;
	}
	return register_fib_notifier(&init_net, &watch, NULL, NULL);
}

void cgc_route_exit(void)
{
	unregister_fib_notifier(&init_net, &watch);
}
