/* SPDX-License-Identifier: GPL-2.0-only */
/* A packet as the checks see it. */
#ifndef CGC_PACKET_H
#define CGC_PACKET_H

#include <linux/skbuff.h>
#include "check.h"

/**
 * struct cgc_packet - a packet between a socket of ours and its peer
 * @ask: the packet's addresses, ports and interface, from who sends it;
 *	subject, object and path are for who asks to fill in
 * @local: it stays in this machine: a local route, or the loopback interface
 * @group: to more than one: a broadcast, a multicast
 * @comes_back: it leaves by an interface that may lead back to this machine
 * @marked: it says whose it is
 * @sender: then, the label of its sender
 */
struct cgc_packet {
	struct cgc_ask ask;
	bool local;
	bool group;
	bool comes_back;
	bool marked;
	u32 sender;
};

/*
 * The sender's label crosses loopback and veth in skb->secmark: 0 is "none", so
 * labels are shifted by one; the supervisor takes the place of an interface.
 */
static inline u32 cgc_mark_encode(u32 label)
{
	return label == CGC_LABEL_SUPERVISOR ? label : label + 1;
}

static inline u32 cgc_mark_decode(u32 mark)
{
	return mark == CGC_LABEL_SUPERVISOR ? mark : mark - 1;
}

/* cgc_packet_ask_in - the question whether it may be delivered to @object. What
 * is from here and does not say whose is the kernel's, and counts as 0's. */
static inline struct cgc_ask cgc_packet_ask_in(const struct cgc_packet *packet, u32 object)
{
	struct cgc_ask ask = packet->ask;

	ask.flow.object = object;
	ask.flow.subject = packet->marked ? packet->sender : CGC_LABEL_DEFAULT;
	ask.flow.path = packet->marked || packet->local ? CGC_PATH_LOCAL : CGC_PATH_IN;
	return ask;
}

#endif
