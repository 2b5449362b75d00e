/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connections (TCP): the flow that a socket's record holds, from who began it,
 * is decided once per direction, interface and set. It is also the connection's
 * reverse rule (mission R4): answers pass because it stands in the record, and
 * are refused once it is gone.
 */
#ifndef CGC_CONNECTION_H
#define CGC_CONNECTION_H

#include "object.h"
#include "packet.h"
#include "policy.h"

/* cgc_connection_decided - was its flow allowed by the set in force? The
 * established path: two loads and two compares. Any context. */
static inline bool cgc_connection_decided(const struct cgc_sock *record,
					  enum cgc_direction dir, u32 ifindex)
{
	return READ_ONCE(record->decided[dir].generation) == cgc_generation() &&
	       READ_ONCE(record->decided[dir].ifindex) == ifindex;
}

/* cgc_connection_reset - a socket is to connect anew: what it had is void. */
void cgc_connection_reset(struct cgc_sock *record);

/* cgc_connection_ask - connect() cannot tell yet: the SYN, which has a source port,
 * is to ask again. */
void cgc_connection_ask(struct cgc_sock *record);

/**
 * cgc_connection_begin - a socket sends its first packet: it begins the flow
 * @record: of the socket
 * @packet: the SYN
 * @object: the label of who would get it here, or NULL
 *
 * Atomic, under rcu_read_lock(). Return: 0; -EACCES: drop it. A local one is
 * decided where it is delivered; with @object its sender learns of it at once.
 */
int cgc_connection_begin(struct cgc_sock *record, const struct cgc_packet *packet,
			 bool (*object)(const struct cgc_packet *packet, u32 *label));

/**
 * cgc_connection_reach - somebody's packet reaches a listening socket, or one
 * that is opening itself
 * @record: of the socket
 * @packet: the SYN, or what completes the handshake
 * @verdict: why
 *
 * Atomic. Return: 0, -EACCES. On 0 @packet's ask holds the flow decided.
 */
int cgc_connection_reach(struct cgc_sock *record, struct cgc_packet *packet,
			 struct cgc_verdict *verdict);

/* cgc_connection_accept - @child was made for the flow that reached its listener,
 * or is itself what was reached while it was opening. */
void cgc_connection_accept(struct cgc_sock *child, const struct cgc_packet *packet, u64 ref,
			   u32 generation);

/**
 * cgc_connection_pass - a packet of a connection whose verdict is stale
 * @record: of the socket
 * @dir: of the packet
 * @packet: it
 *
 * Atomic. Return: 0, -EACCES.
 */
int cgc_connection_pass(struct cgc_sock *record, enum cgc_direction dir,
			const struct cgc_packet *packet);

/* cgc_connection_refused - would the set in force refuse it now? For cutting
 * what it allowed before; quiet. Under rcu_read_lock(). */
bool cgc_connection_refused(struct cgc_sock *record, struct net *net);

#endif
