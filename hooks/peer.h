/* SPDX-License-Identifier: GPL-2.0-only */
/* Who would get it? A look ahead for a local address, so that a refusal comes
 * at once; what counts is the check at delivery. */
#ifndef CGC_HOOKS_PEER_H
#define CGC_HOOKS_PEER_H

#include "packet.h"

/* cgc_peer_is_local - is it an address of this machine? Atomic. */
bool cgc_peer_is_local(struct net *net, u8 family, const u8 *addr);

/**
 * cgc_peer_of_packet - the label of the socket that would get a packet
 * @packet: its addresses and method
 * @label: receives it
 *
 * Atomic, under rcu_read_lock(). Return: false where nobody listens.
 */
bool cgc_peer_of_packet(const struct cgc_packet *packet, u32 *label);

#endif
