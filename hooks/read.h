/* SPDX-License-Identifier: GPL-2.0-only */
/* From an sk_buff to what the checks ask about. */
#ifndef CGC_HOOKS_READ_H
#define CGC_HOOKS_READ_H

#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <net/sock.h>
#include "packet.h"

/* cgc_packet_out - a packet at LOCAL_OUT. Atomic. */
void cgc_packet_out(struct cgc_packet *packet, const struct sk_buff *skb,
		    const struct sock *sk, const struct nf_hook_state *state);

/* cgc_packet_in - a packet that is about to be delivered to @sk. Atomic. */
void cgc_packet_in(struct cgc_packet *packet, const struct sk_buff *skb,
		   const struct sock *sk, const char *hook);

/**
 * cgc_packet_forwarded - a packet that goes from one interface to another
 * @ask: filled in, as the packet stands, without addresses and the interfaces' labels
 * @skb: it
 * @state: at FORWARD
 *
 * Atomic. Return: false where its headers cannot be read, or it is a fragment.
 */
bool cgc_packet_forwarded(struct cgc_ask *ask, const struct sk_buff *skb,
			  const struct nf_hook_state *state);

/* cgc_packet_addresses - and the family, as the packet stands. Atomic. */
void cgc_packet_addresses(struct cgc_flow *flow, const struct sk_buff *skb);

/* cgc_packet_protocol_method - by its IPPROTO_*, enum cgc_method. */
u8 cgc_packet_protocol_method(u8 protocol);

/* cgc_packet_protocol - IPPROTO_*, past the extension headers of IPv6. */
u8 cgc_packet_protocol(const struct sk_buff *skb);

/*
 * cgc_packet_out_of_tunnel, cgc_packet_into_tunnel - the outer packet of one of the
 * kernel's own tunnels, which has no socket, or that of what is in it: it is
 * compartment 0's (design 4). @packet->ask is the question. Atomic.
 */
void cgc_packet_out_of_tunnel(struct cgc_packet *packet, const struct sk_buff *skb,
			      const struct nf_hook_state *state);
void cgc_packet_into_tunnel(struct cgc_packet *packet, const struct sk_buff *skb,
			    const char *hook);

/* cgc_packet_method - by what kind of socket it is, enum cgc_method. */
u8 cgc_packet_method(const struct sock *sk);

/* cgc_is_udp - a UDP socket, whose packets' headers are in the linear part. */
static inline bool cgc_is_udp(const struct sock *sk)
{
	return sk->sk_type == SOCK_DGRAM && sk->sk_protocol == IPPROTO_UDP;
}

/* cgc_may_come_back - by an interface made of software, a veth or a bridge, a
 * packet may come to a socket of this machine without having been local. */
static inline bool cgc_may_come_back(const struct net_device *dev)
{
	return unlikely(dev->rtnl_link_ops);
}

/* cgc_packet_is_piece - is it a fragment already, made by hand? */
bool cgc_packet_is_piece(const struct sk_buff *skb);

/* cgc_packet_tcp - the TCP header at its place, or NULL; @buffer for a copy. */
const struct tcphdr *cgc_packet_tcp(const struct sk_buff *skb, struct tcphdr *buffer);

#endif
