// SPDX-License-Identifier: GPL-2.0-only
#include "bound.h"
#include "compartment.h"
#include "netdev.h"

/* Both ports of a configuration protocol, whichever way. */
static bool is_pair(const struct cgc_flow *flow, u16 one, u16 two)
{
	return (flow->dport == one || flow->dport == two) &&
	       (flow->sport == one || flow->sport == two);
}

/* How compartment 0 gets the interface its addresses; ARP is none of ours. */
static bool configures(const struct cgc_ask *ask, u32 label)
{
	const struct cgc_flow *flow = &ask->flow;

	if (label != CGC_LABEL_DEFAULT)
		return false;
	return ask->neighbour || (flow->method == CGC_METHOD_UDP &&
				  (is_pair(flow, 67, 68) || is_pair(flow, 546, 547)));
}

static u32 whose(const struct cgc_flow *flow)
{
	return flow->path == CGC_PATH_OUT ? flow->subject : flow->object;
}

u8 cgc_bound_would(const struct cgc_policy *policy, const struct cgc_ask *ask, u32 label)
{
	const struct cgc_flow *flow = &ask->flow;
	const struct cgc_compartment *def;

	if (cgc_netdev_quarantine(policy, flow->ifindex, label) &&
	    !configures(ask, whose(flow)))
		return CGC_DETAIL_QUARANTINE;
	if (flow->path == CGC_PATH_LOCAL)
		return 0;
	def = cgc_compartment_find(policy, whose(flow));
	if (def && def->netdevs_count &&
	    !cgc_netdev_satisfies(def->netdevs, def->netdevs_count, ask->net, flow->ifindex, label))
		return CGC_DETAIL_NETDEVS;
	return 0;
}

u8 cgc_bound_refuses(const struct cgc_policy *policy, const struct cgc_ask *ask)
{
	const struct cgc_flow *flow = &ask->flow;

	if (likely(!ask->net || !flow->ifindex || ask->netdev_unknown))
		return 0;
	if (flow->path != CGC_PATH_IN && flow->subject == CGC_LABEL_SUPERVISOR)
		return 0;
	return cgc_bound_would(policy, ask, cgc_netdev_label(ask->net, flow->ifindex));
}

bool cgc_bound_any(const struct cgc_policy *policy, u32 subject)
{
	const struct cgc_compartment *def = cgc_compartment_find(policy, subject);

	return policy->statements.of[CGC_STATEMENT_NETDEV].count || (def && def->netdevs_count);
}
