// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets that go from one interface to another (mission N8), by the interfaces'
 * labels. An answer is decided as what began its connection, which the kernel's
 * tracking tells, so a rule that goes ends what it let begin.
 *
 * Here an address that is translated is the real one, both ways: the destination is
 * before, the source will be.
 */
#include <linux/netfilter_bridge.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_flow_table.h>
#include "args.h"
#include "read.h"

/* A frame that goes from port to port of a bridge, shown to FORWARD by br_netfilter:
 * the bridge's business. */
static bool is_bridged(const struct sk_buff *skb, const struct net_device *out)
{
	return cgc_bridge_passes(skb) && netif_is_bridge_master(out);
}

/* The connection that a packet is of, and how; NULL: it is tracked as none. */
static const struct nf_conn *connection_of(const struct sk_buff *skb,
					   enum ip_conntrack_info *info)
{
	const struct nf_conn *ct = nf_ct_get(skb, info);

	return ct && !nf_ct_is_template(ct) ? ct : NULL;
}

/* It is an error about another packet, or begins a connection that was expected. */
static bool is_related(enum ip_conntrack_info info)
{
	return info % IP_CT_IS_REPLY == IP_CT_RELATED;
}

/* An error about a packet is of that packet's connection. */
static void read_connection(struct cgc_flow *flow, const struct nf_conn *ct)
{
	flow->method = cgc_packet_protocol_method(nf_ct_protonum(ct));
	if (!(CGC_METHOD_BIT(flow->method) & CGC_METHODS_PORTS))
		return;
	flow->sport = ntohs(ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple.src.u.all);
	flow->dport = ntohs(ct->tuplehash[IP_CT_DIR_REPLY].tuple.src.u.all);
}

/* From the packet as it stands to what began the exchange that it is of. Return: the
 * interface that this leaves by. */
static u32 find_beginning(struct cgc_flow *flow, const struct sk_buff *skb,
			  const struct nf_hook_state *state)
{
	enum ip_conntrack_info info;
	const struct nf_conn *ct = connection_of(skb, &info);
	u32 in = flow->ifindex;
	bool reply;

	if (!ct)
		return state->out->ifindex;
	reply = CTINFO2DIR(info) == IP_CT_DIR_REPLY;
	if (reply) {
		swap(flow->sport, flow->dport);
		flow->ifindex = state->out->ifindex;
	}
	if (unlikely(flow->method == CGC_METHOD_ICMP && is_related(info)))
		read_connection(flow, ct);
	return reply ? in : state->out->ifindex;
}

/* Of what began it; a connection that was expected, or an error: its own. Only the log
 * wants to know. */
static void find_addresses(struct cgc_flow *flow, const struct sk_buff *skb)
{
	enum ip_conntrack_info info;
	const struct nf_conn *ct = connection_of(skb, &info);
	u8 addr[sizeof(flow->saddr)];

	cgc_packet_addresses(flow, skb);
	if (ct && is_related(info)) {
		memcpy(flow->saddr, &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple.src.u3, sizeof(addr));
		memcpy(flow->daddr, &ct->tuplehash[IP_CT_DIR_REPLY].tuple.src.u3, sizeof(addr));
	} else if (ct && CTINFO2DIR(info) == IP_CT_DIR_REPLY) {
		memcpy(addr, flow->saddr, sizeof(addr));
		memcpy(flow->saddr, flow->daddr, sizeof(addr));
		memcpy(flow->daddr, addr, sizeof(addr));
	}
}

static unsigned int on_forward(void *priv, struct sk_buff *skb,
			       const struct nf_hook_state *state)
{
	struct cgc_ask ask;
	bool readable;
	u32 to;

	if (!cgc_check_forwards() || is_bridged(skb, state->out))
		return NF_ACCEPT;
	readable = cgc_packet_forwarded(&ask, skb, state);
	to = find_beginning(&ask.flow, skb, state);
	if (likely(readable && cgc_check_forward_again(&ask, to)))
		return NF_ACCEPT;
	find_addresses(&ask.flow, skb);
	return cgc_check_forward(&ask, to, readable) ? NF_DROP : NF_ACCEPT;
}

const struct nf_hook_ops cgc_forward_ops[2] = {
	{
		.hook = on_forward,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_FORWARD,
		.priority = NF_IP_PRI_FIRST,
	},
	{
		.hook = on_forward,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_FORWARD,
		.priority = NF_IP6_PRI_FIRST,
	},
};

/* flow_offload_add() - a flow that would pass by FORWARD from now on. The packet that
 * asks for it goes on without. */
static int on_offload(struct nf_flowtable *table, struct flow_offload *flow)
{
	return cgc_check_forwards() ? -EBUSY : 0;
}

/* flow_offload_lookup() - one that did so already. */
static int on_offloaded(struct nf_flowtable *table, struct flow_offload_tuple *tuple)
{
	return cgc_check_forwards() ? CGC_RETURN_ZERO : 0;
}

CGC_THUNK2(flow_offload_add, int, on_offload, struct nf_flowtable *, struct flow_offload *)
CGC_THUNK2(flow_offload_lookup, struct flow_offload_tuple_rhash *, on_offloaded,
	   struct nf_flowtable *, struct flow_offload_tuple *)

static struct cgc_hook forward_hooks[] = {
	CGC_PRECHECK_MODULE(nf_flow_table, flow_offload_add, CGC_REQUIRED),
	CGC_PRECHECK_MODULE(nf_flow_table, flow_offload_lookup, CGC_REQUIRED),
};
CGC_HOOK_GROUP(forward);
