/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reverse rules of what has no connection (UDP, SCTP, ICMP, raw): an exchange,
 * found by the packet's own addresses and ports in either direction. It goes
 * 30 s after the last packet, 180 s once it was answered, and with its socket.
 */
#ifndef CGC_REVERSE_H
#define CGC_REVERSE_H

#include "object.h"
#include "packet.h"

#define CGC_REVERSE_MAX			65536	/* exchanges */
#define CGC_REVERSE_PER_SOCKET		4096	/* of these, of one socket */
#define CGC_REVERSE_SECONDS		30
#define CGC_REVERSE_ANSWERED_SECONDS	180

int cgc_reverse_init(void);
void cgc_reverse_exit(void);

/**
 * cgc_reverse_recent - is a UDP packet of the exchange that the last one was of?
 * @record: of its socket
 * @dir: of the packet
 * @skb: with its headers in the linear part
 * @ifindex: the interface that it goes by
 *
 * Then it passes, as the last one did. The established path of UDP. Atomic,
 * under rcu_read_lock().
 */
bool cgc_reverse_recent(const struct cgc_sock *record, enum cgc_direction dir,
			const struct sk_buff *skb, u32 ifindex);

/**
 * cgc_reverse_out - a datagram leaves a socket
 * @record: of the socket
 * @packet: it
 * @object: the label of who would get it here, or NULL
 * @mark: set where the packet is to tell its sender's label
 *
 * Atomic, under rcu_read_lock(). Return: 0, -EACCES.
 */
int cgc_reverse_out(struct cgc_sock *record, const struct cgc_packet *packet,
		    bool (*object)(const struct cgc_packet *packet, u32 *label), bool *mark);

/* cgc_reverse_in - a datagram is about to be delivered to a socket. As above. */
int cgc_reverse_in(struct cgc_sock *record, const struct cgc_packet *packet);

/* cgc_reverse_forget - a socket goes, and its exchanges. Any context. */
void cgc_reverse_forget(struct cgc_sock *record);

/* cgc_reverse_count - exchanges. */
unsigned int cgc_reverse_count(void);

/**
 * cgc_reverse_walk - visit exchanges that are in force
 * @bucket: where to begin, 0 at first; advanced
 * @visit: called under a spinlock; not 0 ends it and the same bucket is begun
 *	again next time
 */
int cgc_reverse_walk(unsigned int *bucket,
		     int (*visit)(void *ctx, const struct cgc_reverse *reverse), void *ctx);

/* cgc_reverse_describe - fill in the wire form of a flow in force. */
void cgc_reverse_describe(struct cgc_reverse *out, const struct cgc_flow *flow, u64 ref,
			  struct net *net, u32 seconds);

#endif
