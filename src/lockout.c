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
static void fill_from_socket(struct cgc_request *req, const struct cgc_policy *policy,
			     struct net *net, const struct sock *sk, struct cgc_ask *ask)
{
	struct cgc_sock *record;
	u32 ifindex, label;

	rcu_read_lock();
	record = cgc_sock_find(sk);
	if (record) {
		spin_lock_bh(&record->lock);
		req->object = record->label;
		ifindex = record->decided[CGC_DIR_IN].ifindex ?: record->flow.ifindex;
		if (record->flags & CGC_SOCK_REACHED && record->flow.path == CGC_PATH_LOCAL) {
			req->path = CGC_PATH_LOCAL;
			req->subject = record->flow.subject;
		}
		spin_unlock_bh(&record->lock);
		label = cgc_netdev_label_under(policy, net, ifindex);
		if (ifindex)
			req->netdevs = cgc_netdev_selectors_of(policy->rules, net, ifindex, label);
		ask->flow.path = req->path;
		ask->flow.object = req->object;
		ask->flow.ifindex = ifindex;
	}
	rcu_read_unlock();
}

/* Would the interface be shut to it? */
static bool is_bound(const struct cgc_policy *policy, const struct cgc_ask *ask)
{
	u32 label = cgc_netdev_label_under(policy, ask->net, ask->flow.ifindex);
	bool bound;

	rcu_read_lock();
	bound = ask->flow.ifindex && cgc_bound_would(policy, ask, label);
	rcu_read_unlock();
	return bound;
}

bool cgc_lockout(const struct cgc_policy *policy, struct net *net, const struct cgc_flow *keep)
{
	struct cgc_request req = {
		.path = CGC_PATH_IN, .method = CGC_METHOD_TCP, .family = keep->family,
		.sport = keep->sport, .dport = keep->dport, .netdevs = CGC_NETDEVS_UNKNOWN,
	};
	struct cgc_ask ask = { .net = net };
	struct sock *sk;

	memcpy(req.peer, keep->saddr, sizeof(req.peer));
	sk = find(net, keep);
	if (sk) {
		fill_from_socket(&req, policy, net, sk, &ask);
		sock_gen_put(sk);
	}
	return !cgc_ruleset_decide(policy->rules, &req).allow || is_bound(policy, &ask);
}
