// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets for the kernel's own tunnels (design 4): they are taken away before a
 * socket gets them, or have none. What is inside is checked when it arrives as a
 * packet of the tunnel's interface.
 */
#include <linux/ip.h>
#include <linux/udp.h>
#include <net/ip_tunnels.h>
#include <net/xfrm.h>
#include "args.h"
#include "object.h"
#include "read.h"
#include "reverse.h"

/* udp_queue_rcv_one_skb(), udpv6_queue_rcv_one_skb() - WireGuard, VXLAN, ESP in UDP
 * take their datagrams here; others come to security_sock_rcv_skb() next. Under
 * rcu_read_lock(); the packet is the function's. */
static int on_udp(struct sock *sk, struct sk_buff *skb)
{
	struct cgc_packet packet;
	struct cgc_sock *record;

	if (likely(!READ_ONCE(udp_sk(sk)->encap_type)))
		return 0;
	record = cgc_sock_find_or_add(sk);
	if (record) {
		cgc_packet_in(&packet, skb, sk, "udp_queue_rcv_one_skb");
		if (!cgc_reverse_in(record, &packet))
			return 0;
	}
	kfree_skb(skb);
	return -1;	/* more than 0 would be a protocol to go on with */
}

/* GRE, IPIP, SIT and what else takes a header off; VXLAN and its like were seen above. */
static int on_pull(struct sk_buff *skb, int hdr_len, __be16 inner_proto, bool raw_proto,
		   bool xnet)
{
	struct cgc_packet packet;

	if (cgc_packet_protocol(skb) == IPPROTO_UDP)
		return 0;
	cgc_packet_into_tunnel(&packet, skb, "__iptunnel_pull_header");
	return cgc_check(&packet.ask, NULL);
}

/* ESP, AH, IPComp. Not what goes on after it was decrypted (-1), nor what came in
 * UDP or TCP. The packet is the function's. */
static int on_xfrm(struct sk_buff *skb, int nexthdr, __be32 spi, int encap_type)
{
	struct cgc_packet packet;
	bool v4;

	if (encap_type == -1 || encap_type > 0)
		return 0;
	cgc_packet_into_tunnel(&packet, skb, "xfrm_input");
	if (!cgc_check(&packet.ask, NULL))
		return 0;
	v4 = ip_hdr(skb)->version == 4;
	kfree_skb(skb);
	/* The other sign would be a protocol to go on with. */
	return v4 ? 1 : -1;
}

CGC_THUNK_STATIC2(udp_queue_rcv_one_skb, on_udp, struct sock *, struct sk_buff *)
CGC_THUNK_STATIC2(udpv6_queue_rcv_one_skb, on_udp, struct sock *, struct sk_buff *)
CGC_THUNK5(__iptunnel_pull_header, int, on_pull, struct sk_buff *, int, __be16, bool, bool)
CGC_THUNK4(xfrm_input, int, on_xfrm, struct sk_buff *, int, __be32, int)

static struct cgc_hook tunnel_hooks[] = {
	CGC_PRECHECK(udp_queue_rcv_one_skb, CGC_REQUIRED),
	CGC_PRECHECK(udpv6_queue_rcv_one_skb, CGC_REQUIRED),
	CGC_PRECHECK(__iptunnel_pull_header, CGC_REQUIRED),
	CGC_PRECHECK(xfrm_input, CGC_REQUIRED),
};
CGC_HOOK_GROUP(tunnel);
