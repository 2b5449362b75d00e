// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets that leave a socket (mission N1): checked against its label, before
 * any DNAT. What opens something carries the label on, in skb->secmark, to
 * where it is delivered on this machine.
 */
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/tcp.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/inet_hashtables.h>
#include <net/request_sock.h>
#include <net/tcp_states.h>
#include "connection.h"
#include "hook.h"
#include "read.h"
#include "peer.h"
#include "reverse.h"
#include "way.h"

/* Whose packet is it? NULL: nobody's, the kernel's own. */
static struct sock *owner_of(struct sock *sk)
{
	if (!sk)
		return NULL;
	if (sk->sk_state == TCP_NEW_SYN_RECV)
		return inet_reqsk(sk)->rsk_listener;
	return sk->sk_state == TCP_TIME_WAIT ? NULL : sk;
}

/* The sockets by which the kernel answers: RST, ICMP, neighbour discovery,
 * IGMP, SCTP's out of the blue. */
static bool is_kernels_answer(const struct sock *sk)
{
	return sk->sk_kern_sock &&
	       (sk->sk_type == SOCK_RAW || sk->sk_protocol == IPPROTO_SCTP);
}

static void mark(struct sk_buff *skb, const struct cgc_sock *record)
{
	skb->secmark = cgc_mark_encode(READ_ONCE(record->subject));
}

/* Fast Open asks nobody before, and a rule with a source port leaves it open: they
 * are to learn of a refusal at once, and of all errors of a SYN tcp_connect()
 * passes this one on. */
static unsigned int syn_out(const struct sock *sk, struct cgc_sock *record,
			    const struct cgc_packet *packet)
{
	bool asks = tcp_sk(sk)->fastopen_req || READ_ONCE(record->flags) & CGC_SOCK_ASKS;

	return cgc_connection_begin(record, packet, asks ? cgc_peer_of_packet : NULL) ?
		NF_DROP_ERR(-ECONNREFUSED) : NF_ACCEPT;
}

/* Anything but a packet of a connection that is decided. */
static noinline unsigned int tcp_out_slow(struct sk_buff *skb, const struct sock *sk,
					  struct cgc_sock *record,
					  const struct nf_hook_state *state, u8 tcp_state)
{
	struct cgc_packet packet;
	const struct tcphdr *tcp;
	struct tcphdr buffer;

	if (tcp_state == TCP_LISTEN)
		return NF_ACCEPT;	/* a SYN-ACK: its SYN was allowed */
	if (READ_ONCE(record->flags) & CGC_SOCK_OPENING || tcp_state == TCP_SYN_SENT)
		mark(skb, record);
	if (tcp_state != TCP_SYN_SENT &&
	    cgc_connection_decided(record, CGC_DIR_OUT, state->out->ifindex))
		return NF_ACCEPT;
	cgc_packet_out(&packet, skb, sk, state);
	if (tcp_state == TCP_SYN_SENT)
		return syn_out(sk, record, &packet);
	/* A reset carries nothing, and is how a connection that was cut ends. */
	tcp = cgc_packet_tcp(skb, &buffer);
	if (tcp && tcp->rst)
		return NF_ACCEPT;
	if (cgc_connection_pass(record, CGC_DIR_OUT, &packet))
		return NF_DROP_ERR(-EACCES);
	return NF_ACCEPT;
}

static unsigned int tcp_out(struct sk_buff *skb, const struct sock *sk,
			    struct cgc_sock *record, const struct nf_hook_state *state)
{
	u8 tcp_state = READ_ONCE(sk->sk_state);

	if (likely(cgc_connection_decided(record, CGC_DIR_OUT, state->out->ifindex) &&
		   !(READ_ONCE(record->flags) & CGC_SOCK_OPENING) &&
		   tcp_state != TCP_SYN_SENT))
		return NF_ACCEPT;
	return tcp_out_slow(skb, sk, record, state, tcp_state);
}

static noinline unsigned int datagram_out(struct sk_buff *skb, const struct sock *sk,
				 struct cgc_sock *record, const struct nf_hook_state *state)
{
	struct cgc_packet packet;
	bool tells;
	int ret;

	ret = cgc_way_of_packet(record, sk, skb);
	if (ret)
		return NF_DROP_ERR(ret);
	cgc_packet_out(&packet, skb, sk, state);
	ret = cgc_reverse_out(record, &packet, cgc_peer_of_packet, &tells);
	if (ret)
		return NF_DROP_ERR(ret);
	if (tells || cgc_packet_is_piece(skb))
		mark(skb, record);
	return NF_ACCEPT;
}

/* IPsec has been at it: the socket is that of what is inside, which was checked. */
static bool is_transformed(const struct sk_buff *skb, u8 pf)
{
	return pf == NFPROTO_IPV4 ? IPCB(skb)->flags & IPSKB_XFRM_TRANSFORMED :
				    IP6CB(skb)->flags & IP6SKB_XFRM_TRANSFORMED;
}

/* What the kernel says without a socket. */
static bool is_answer(const struct sk_buff *skb)
{
	switch (cgc_packet_protocol(skb)) {
	case IPPROTO_TCP:
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
	case IPPROTO_IGMP:
		return true;
	}
	return false;
}

/* The kernel's own: an answer, or a tunnel's. What stays here is checked where it
 * arrives. */
static noinline unsigned int kernel_out(struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct cgc_packet packet;

	if (!is_transformed(skb, state->pf) && is_answer(skb))
		return NF_ACCEPT;
	cgc_packet_out_of_tunnel(&packet, skb, state);
	if (!packet.local && cgc_check(&packet.ask, NULL))
		return NF_DROP_ERR(-EACCES);
	return NF_ACCEPT;
}

static unsigned int on_local_out(void *priv, struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	struct sock *sk = owner_of(state->sk);
	struct cgc_sock *record;

	if (!sk || unlikely(is_transformed(skb, state->pf)))
		return kernel_out(skb, state);
	if (unlikely(is_kernels_answer(sk)))
		return NF_ACCEPT;
	record = cgc_sock_find_or_add(sk);
	if (unlikely(!record))
		return NF_DROP_ERR(-ENOMEM);
	if (likely(sk_is_tcp(sk)))
		return tcp_out(skb, sk, record, state);
	if (likely(cgc_is_udp(sk) && !cgc_may_come_back(state->out) &&
		   cgc_reverse_recent(record, CGC_DIR_OUT, skb, state->out->ifindex)))
		return NF_ACCEPT;
	return datagram_out(skb, sk, record, state);
}

/* Before everything that rewrites addresses or reads secmark. */
const struct nf_hook_ops cgc_netfilter_ops[2] = {
	{
		.hook = on_local_out,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_LOCAL_OUT,
		.priority = NF_IP_PRI_FIRST,
	},
	{
		.hook = on_local_out,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_LOCAL_OUT,
		.priority = NF_IP6_PRI_FIRST,
	},
};
