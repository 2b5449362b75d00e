/* SPDX-License-Identifier: GPL-2.0-only */
/* Which way packets go is not for a compartment to say. */
#ifndef CGC_HOOKS_WAY_H
#define CGC_HOOKS_WAY_H

#include <net/sock.h>
#include "object.h"

/**
 * cgc_way_of_packet - does a packet that a program has built itself say more of its way
 * than its destination?
 * @record: of its socket
 * @sk: the socket
 * @skb: at LOCAL_OUT
 *
 * Atomic. Return: 0, -EACCES: it has a source route or a routing header.
 */
int cgc_way_of_packet(const struct cgc_sock *record, const struct sock *sk,
		      const struct sk_buff *skb);

#endif
