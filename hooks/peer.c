// SPDX-License-Identifier: GPL-2.0-only
/* Looking the receiving socket up. */
#include <linux/in6.h>
#include <linux/string.h>
#include <net/addrconf.h>
#include <net/inet_hashtables.h>
#include <net/route.h>
#include <net/udp.h>
#include "object.h"
#include "peer.h"

bool cgc_peer_is_local(struct net *net, u8 family, const u8 *addr)
{
	struct in6_addr addr6;
	__be32 addr4;

	if (family == 4) {
		memcpy(&addr4, addr, sizeof(addr4));
		return ipv4_is_loopback(addr4) || !addr4 ||
		       inet_addr_type(net, addr4) == RTN_LOCAL;
	}
	memcpy(&addr6, addr, sizeof(addr6));
	return ipv6_addr_loopback(&addr6) || ipv6_addr_any(&addr6) ||
	       ipv6_chk_addr(net, &addr6, NULL, 0);
}

static struct sock *find4(const struct cgc_packet *packet)
{
	const struct cgc_flow *flow = &packet->ask.flow;
	struct net *net = packet->ask.net;
	__be32 saddr, daddr;

	memcpy(&saddr, flow->saddr, sizeof(saddr));
	memcpy(&daddr, flow->daddr, sizeof(daddr));
	if (flow->method == CGC_METHOD_TCP)
		return cgc_inet_lookup_listener(net, saddr, htons(flow->sport), daddr,
						flow->dport, flow->ifindex);
	return udp4_lib_lookup(net, saddr, htons(flow->sport), daddr, htons(flow->dport),
			       flow->ifindex);
}

static struct sock *find6(const struct cgc_packet *packet)
{
	const struct cgc_flow *flow = &packet->ask.flow;
	struct net *net = packet->ask.net;
	struct in6_addr saddr, daddr;

	memcpy(&saddr, flow->saddr, sizeof(saddr));
	memcpy(&daddr, flow->daddr, sizeof(daddr));
	if (flow->method == CGC_METHOD_TCP)
		return cgc_inet6_lookup_listener(net, &saddr, htons(flow->sport), &daddr,
						 flow->dport, flow->ifindex);
	return udp6_lib_lookup(net, &saddr, htons(flow->sport), &daddr, htons(flow->dport),
			       flow->ifindex);
}

bool cgc_peer_of_packet(const struct cgc_packet *packet, u32 *label)
{
	const struct cgc_flow *flow = &packet->ask.flow;
	struct sock *sk;

	if (flow->method != CGC_METHOD_TCP && flow->method != CGC_METHOD_UDP)
		return false;
	sk = flow->family == 4 ? find4(packet) : find6(packet);
	if (!sk)
		return false;
	*label = cgc_label_of_sock(sk);
	/* A listener is found under RCU; a UDP socket comes with a reference. */
	if (flow->method == CGC_METHOD_UDP)
		sock_put(sk);
	return true;
}
