// SPDX-License-Identifier: GPL-2.0-only
/* Reading packets: addresses, ports, interface, the sender's label. */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/string.h>
#include <linux/tcp.h>
#include <net/ip.h>
#include <net/ip6_fib.h>
#include <net/ipv6.h>
#include <net/ndisc.h>
#include <net/route.h>
#include "netdev.h"
#include "read.h"

u8 cgc_packet_method(const struct sock *sk)
{
	if (sk->sk_protocol == IPPROTO_ICMP || sk->sk_protocol == IPPROTO_ICMPV6)
		return CGC_METHOD_ICMP;
	if (sk->sk_type == SOCK_RAW)
		return CGC_METHOD_RAW;
	switch (sk->sk_protocol) {
	case IPPROTO_TCP:
	case IPPROTO_MPTCP:	/* what its subflows are */
		return CGC_METHOD_TCP;
	case IPPROTO_UDP:
		return CGC_METHOD_UDP;
	case IPPROTO_SCTP:
		return CGC_METHOD_SCTP;
	}
	return CGC_METHOD_RAW;
}

/* An echo's identifier stands for both ports, so that the answer is the same
 * exchange; everything else of ICMP has none. */
static void read_icmp(struct cgc_ask *ask, const struct sk_buff *skb)
{
	struct cgc_flow *flow = &ask->flow;
	const struct icmphdr *icmp;
	struct icmphdr buffer;
	bool echo;

	icmp = skb_header_pointer(skb, skb_transport_offset(skb), sizeof(buffer), &buffer);
	if (!icmp)
		return;
	if (flow->family == 4)
		echo = icmp->type == ICMP_ECHO || icmp->type == ICMP_ECHOREPLY;
	else
		echo = icmp->type == ICMPV6_ECHO_REQUEST || icmp->type == ICMPV6_ECHO_REPLY;
	if (echo)
		flow->sport = flow->dport = ntohs(icmp->un.echo.id);
	ask->neighbour = flow->family == 6 && icmp->type >= NDISC_ROUTER_SOLICITATION &&
			 icmp->type <= NDISC_REDIRECT;
}

/* TCP, UDP and SCTP begin with the two ports. */
static bool read_ports(struct cgc_flow *flow, const struct sk_buff *skb, int offset)
{
	const __be16 *ports;
	__be16 buffer[2];

	ports = skb_header_pointer(skb, offset, sizeof(buffer), buffer);
	if (!ports)
		return false;
	flow->sport = ntohs(ports[0]);
	flow->dport = ntohs(ports[1]);
	return true;
}

void cgc_packet_addresses(struct cgc_flow *flow, const struct sk_buff *skb)
{
	const struct iphdr *ip = ip_hdr(skb);

	if (ip->version == 4) {
		flow->family = 4;
		memcpy(flow->saddr, &ip->saddr, 4);
		memcpy(flow->daddr, &ip->daddr, 4);
	} else {
		flow->family = 6;
		memcpy(flow->saddr, &ipv6_hdr(skb)->saddr, 16);
		memcpy(flow->daddr, &ipv6_hdr(skb)->daddr, 16);
	}
}

static void read_headers(struct cgc_ask *ask, const struct sk_buff *skb)
{
	struct cgc_flow *flow = &ask->flow;

	cgc_packet_addresses(flow, skb);
	if (CGC_METHOD_BIT(flow->method) & CGC_METHODS_PORTS)
		read_ports(flow, skb, skb_transport_offset(skb));
	else if (flow->method == CGC_METHOD_ICMP)
		read_icmp(ask, skb);
}

static bool is_local_route(const struct sk_buff *skb, u8 pf)
{
	if (!skb_dst(skb))
		return false;
	if (pf == NFPROTO_IPV4)
		return skb_rtable(skb)->rt_type == RTN_LOCAL;
	return container_of(skb_dst(skb), struct rt6_info, dst)->rt6i_flags & RTF_LOCAL;
}

static bool is_group(const struct sk_buff *skb)
{
	const struct rtable *rt = skb_rtable(skb);

	if (ip_hdr(skb)->version != 4)
		return ipv6_addr_is_multicast(&ipv6_hdr(skb)->daddr);
	return rt && (rt->rt_type == RTN_BROADCAST || rt->rt_type == RTN_MULTICAST);
}

static void read_out(struct cgc_packet *packet, const struct sk_buff *skb, u8 method,
		     const struct nf_hook_state *state)
{
	memset(packet, 0, sizeof(*packet));
	packet->ask.flow.method = method;
	packet->ask.flow.ifindex = state->out->ifindex;
	packet->ask.net = state->net;
	packet->ask.hook = "LOCAL_OUT";
	packet->local = is_local_route(skb, state->pf);
	packet->group = is_group(skb);
	packet->comes_back = cgc_may_come_back(state->out);
	read_headers(&packet->ask, skb);
}

static void read_in(struct cgc_packet *packet, const struct sk_buff *skb, u8 method,
		    struct net *net, const char *hook)
{
	memset(packet, 0, sizeof(*packet));
	packet->ask.flow.method = method;
	packet->ask.flow.ifindex = skb->skb_iif;
	packet->ask.net = net;
	packet->ask.hook = hook;
	packet->local = skb->dev && skb->dev->flags & IFF_LOOPBACK;
	packet->group = is_group(skb);
	packet->marked = skb->secmark;
	packet->sender = cgc_mark_decode(skb->secmark);
	read_headers(&packet->ask, skb);
}

void cgc_packet_out(struct cgc_packet *packet, const struct sk_buff *skb,
		    const struct sock *sk, const struct nf_hook_state *state)
{
	read_out(packet, skb, cgc_packet_method(sk), state);
}

void cgc_packet_in(struct cgc_packet *packet, const struct sk_buff *skb,
		   const struct sock *sk, const char *hook)
{
	read_in(packet, skb, cgc_packet_method(sk), sock_net(sk), hook);
}

u8 cgc_packet_protocol(const struct sk_buff *skb)
{
	__be16 fragment;
	u8 protocol;

	if (ip_hdr(skb)->version == 4)
		return ip_hdr(skb)->protocol;
	protocol = ipv6_hdr(skb)->nexthdr;
	ipv6_skip_exthdr(skb, skb_network_offset(skb) + sizeof(struct ipv6hdr), &protocol,
			 &fragment);
	return protocol;
}

u8 cgc_packet_protocol_method(u8 protocol)
{
	switch (protocol) {
	case IPPROTO_TCP:
		return CGC_METHOD_TCP;
	case IPPROTO_UDP:
		return CGC_METHOD_UDP;
	case IPPROTO_SCTP:
		return CGC_METHOD_SCTP;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return CGC_METHOD_ICMP;
	}
	return CGC_METHOD_RAW;
}

/* Where the transport's header is; negative: there is none to be read. */
static int find_transport(const struct sk_buff *skb, u8 *protocol)
{
	int offset = skb_network_offset(skb);
	__be16 fragment;

	if (ip_hdr(skb)->version == 4) {
		*protocol = ip_hdr(skb)->protocol;
		return ip_is_fragment(ip_hdr(skb)) ? -1 : offset + ip_hdrlen(skb);
	}
	*protocol = ipv6_hdr(skb)->nexthdr;
	offset = ipv6_skip_exthdr(skb, offset + sizeof(struct ipv6hdr), protocol, &fragment);
	return fragment & htons(IP6_OFFSET | IP6_MF) ? -1 : offset;
}

bool cgc_packet_is_piece(const struct sk_buff *skb)
{
	__be16 fragment;
	u8 protocol;

	if (ip_hdr(skb)->version == 4)
		return ip_is_fragment(ip_hdr(skb));
	protocol = ipv6_hdr(skb)->nexthdr;
	if (ipv6_skip_exthdr(skb, skb_network_offset(skb) + sizeof(struct ipv6hdr), &protocol,
			     &fragment) < 0)
		return true;
	return fragment & htons(IP6_OFFSET | IP6_MF);
}

bool cgc_packet_forwarded(struct cgc_ask *ask, const struct sk_buff *skb,
			  const struct nf_hook_state *state)
{
	struct cgc_flow *flow = &ask->flow;
	int offset;
	u8 protocol;

	memset(ask, 0, sizeof(*ask));
	ask->net = state->net;
	ask->hook = "FORWARD";
	flow->path = CGC_PATH_FORWARD;
	flow->ifindex = state->in ? state->in->ifindex : 0;
	flow->family = ip_hdr(skb)->version == 4 ? 4 : 6;
	offset = find_transport(skb, &protocol);
	flow->method = cgc_packet_protocol_method(protocol);
	if (offset < 0)
		return false;
	return !(CGC_METHOD_BIT(flow->method) & CGC_METHODS_PORTS) ||
	       read_ports(flow, skb, offset);
}

void cgc_packet_out_of_tunnel(struct cgc_packet *packet, const struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	u8 protocol = cgc_packet_protocol(skb);

	read_out(packet, skb, protocol == IPPROTO_UDP ? CGC_METHOD_UDP : CGC_METHOD_RAW, state);
	packet->ask.flow.subject = CGC_LABEL_DEFAULT;
	packet->ask.flow.path = CGC_PATH_OUT;
}

void cgc_packet_into_tunnel(struct cgc_packet *packet, const struct sk_buff *skb,
			    const char *hook)
{
	read_in(packet, skb, CGC_METHOD_RAW, dev_net(skb->dev), hook);
	/* Some come before the stack has noted where. */
	if (!packet->ask.flow.ifindex)
		packet->ask.flow.ifindex = skb->dev->ifindex;
	packet->ask = cgc_packet_ask_in(packet, CGC_LABEL_DEFAULT);
}

const struct tcphdr *cgc_packet_tcp(const struct sk_buff *skb, struct tcphdr *buffer)
{
	return skb_header_pointer(skb, skb_transport_offset(skb), sizeof(*buffer), buffer);
}
