// SPDX-License-Identifier: GPL-2.0-only
/* Would the administrator's own connection be cut? */
#include <linux/in6.h>
#include <linux/string.h>
#include <net/inet_hashtables.h>
#include <net/sock.h>
#include "bound.h"
#include "lockout.h"
#include "netdev.h"
#include "object.h"

static struct sock *find(struct net *net, const struct cgc_flow *keep)
{
	struct in6_addr saddr6, daddr6;
	__be32 saddr, daddr;

	if (keep->family == 4) {
		memcpy(&saddr, keep->saddr, 4);
		memcpy(&daddr, keep->daddr, 4);
		return cgc_inet_lookup_established(net, saddr, htons(keep->sport), daddr,
						   keep->dport);
	}
	memcpy(&saddr6, keep->saddr, 16);
	memcpy(&daddr6, keep->daddr, 16);
	return cgc_inet6_lookup_established(net, &saddr6, htons(keep->sport), &daddr6,
					    keep->dport);
}

/* What the record of its socket knows: whose it is, where it came in, who
 * began it where that was here. */
static void fill_from_socket(struct cgc_ask *ask, const struct sock *sk)
{
	struct cgc_flow *flow = &ask->flow;
	struct cgc_sock *record = cgc_sock_find(sk);

	if (!record)
		return;
	spin_lock_bh(&record->lock);
	flow->object = record->label;
	flow->ifindex = record->decided[CGC_DIR_IN].ifindex ?: record->flow.ifindex;
	if (record->flags & CGC_SOCK_REACHED && record->flow.path == CGC_PATH_LOCAL) {
		flow->path = CGC_PATH_LOCAL;
		flow->subject = record->flow.subject;
	}
	spin_unlock_bh(&record->lock);
}

static bool is_cut(const struct cgc_policy *policy, const struct cgc_ask *ask,
		   struct cgc_netdev_hand hand)
{
	const struct cgc_flow *flow = &ask->flow;
	struct cgc_request req = {
		.path = flow->path, .method = flow->method, .family = flow->family,
		.sport = flow->sport, .dport = flow->dport,
		.subject = flow->subject, .object = flow->object,
		.netdevs = CGC_NETDEVS_UNKNOWN,
	};
	u32 label;

	memcpy(req.peer, flow->saddr, sizeof(req.peer));
	if (!flow->ifindex)
		return !cgc_ruleset_decide(policy->rules, &req).allow;
	label = cgc_netdev_label_under(policy, ask->net, flow->ifindex, hand);
	req.netdevs = cgc_netdev_selectors_of(policy->rules, ask->net, flow->ifindex, label);
	return !cgc_ruleset_decide(policy->rules, &req).allow ||
	       cgc_bound_would(policy, ask, label);
}

bool cgc_lockout(const struct cgc_policy *policy, struct net *net, const struct cgc_flow *keep,
		 struct cgc_netdev_hand hand)
{
	struct cgc_ask ask = { .net = net, .flow = *keep };
	struct sock *sk = find(net, keep);
	bool cut;

	ask.flow.path = CGC_PATH_IN;
	ask.flow.method = CGC_METHOD_TCP;
	ask.flow.subject = ask.flow.object = ask.flow.ifindex = 0;
	rcu_read_lock();
	if (sk)
		fill_from_socket(&ask, sk);
	cut = is_cut(policy, &ask, hand);
	rcu_read_unlock();
	if (sk)
		sock_gen_put(sk);
	return cut;
}
