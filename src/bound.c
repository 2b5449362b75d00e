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

/* Is it by one of the interfaces that the compartment is bound to? */
static bool within(const struct cgc_policy *policy, const struct cgc_ask *ask, u32 label)
{
	const struct cgc_compartment *def = cgc_compartment_find(policy, whose(&ask->flow));

	return !def || !def->netdevs_count ||
	       cgc_netdev_satisfies(def->netdevs, def->netdevs_count, ask->net,
				    ask->flow.ifindex, label);
}

u8 cgc_bound_would(const struct cgc_policy *policy, const struct cgc_ask *ask, u32 label)
{
	const struct cgc_flow *flow = &ask->flow;

	if (cgc_netdev_quarantine(policy, flow->ifindex, label) &&
	    !configures(ask, whose(flow)))
		return CGC_DETAIL_QUARANTINE;
	if (!policy->bounded || flow->path == CGC_PATH_LOCAL)
		return 0;
	return within(policy, ask, label) ? 0 : CGC_DETAIL_NETDEVS;
}

u8 cgc_bound_refuses(const struct cgc_policy *policy, const struct cgc_ask *ask)
{
	const struct cgc_flow *flow = &ask->flow;

	if (likely(!cgc_bound_any(policy)) || !ask->net || !flow->ifindex || ask->netdev_unknown)
		return 0;
	if (flow->path != CGC_PATH_IN && flow->subject == CGC_LABEL_SUPERVISOR)
		return 0;
	return cgc_bound_would(policy, ask, cgc_netdev_label(ask->net, flow->ifindex));
}
