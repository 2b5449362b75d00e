// SPDX-License-Identifier: GPL-2.0-only
/* Connections: begun, reached, decided again when the set changes. */
#include <linux/string.h>
#include "connection.h"

#define KNOWN (CGC_SOCK_BEGAN | CGC_SOCK_REACHED)

static void forget(struct cgc_sock *record)
{
	lockdep_assert_held(&record->lock);
	record->flags &= ~(KNOWN | CGC_SOCK_OPENING | CGC_SOCK_ASKS);
	WRITE_ONCE(record->decided[CGC_DIR_OUT].generation, 0);
	WRITE_ONCE(record->decided[CGC_DIR_IN].generation, 0);
}

static void decide(struct cgc_sock *record, enum cgc_direction dir, u32 generation, u32 ifindex)
{
	lockdep_assert_held(&record->lock);
	/* Never this generation with another interface. */
	WRITE_ONCE(record->decided[dir].generation, 0);
	smp_wmb();
	WRITE_ONCE(record->decided[dir].ifindex, ifindex);
	smp_wmb();
	WRITE_ONCE(record->decided[dir].generation, generation);
}

void cgc_connection_reset(struct cgc_sock *record)
{
	if (!(READ_ONCE(record->flags) & KNOWN))
		return;
	spin_lock_bh(&record->lock);
	forget(record);
	spin_unlock_bh(&record->lock);
}

void cgc_connection_ask(struct cgc_sock *record)
{
	spin_lock_bh(&record->lock);
	record->flags |= CGC_SOCK_ASKS;
	spin_unlock_bh(&record->lock);
}

int cgc_connection_begin(struct cgc_sock *record, const struct cgc_packet *packet,
			 bool (*object)(const struct cgc_packet *packet, u32 *label))
{
	struct cgc_ask ask = packet->ask;
	u32 generation = cgc_generation();
	struct cgc_verdict verdict = {};
	int ret = 0;

	spin_lock_bh(&record->lock);
	forget(record);
	ask.flow.subject = record->subject;
	ask.flow.object = 0;
	ask.flow.path = packet->local ? CGC_PATH_LOCAL : CGC_PATH_OUT;
	if (!packet->local || (object && object(packet, &ask.flow.object)))
		ret = cgc_check(&ask, &verdict);
	if (!ret) {
		record->flow = ask.flow;
		record->ref = verdict.ref;
		record->flags |= CGC_SOCK_BEGAN | CGC_SOCK_OPENING;
		decide(record, CGC_DIR_OUT, generation, ask.flow.ifindex);
	}
	spin_unlock_bh(&record->lock);
	return ret;
}

int cgc_connection_reach(struct cgc_sock *record, struct cgc_packet *packet,
			 struct cgc_verdict *verdict)
{
	packet->ask = cgc_packet_ask_in(packet, record->label);
	return cgc_check(&packet->ask, verdict);
}

void cgc_connection_accept(struct cgc_sock *child, const struct cgc_packet *packet, u64 ref,
			   u32 generation)
{
	u32 ifindex = packet->ask.flow.ifindex;

	spin_lock_bh(&child->lock);
	child->flow = packet->ask.flow;
	child->ref = ref;
	child->flags = (child->flags & ~CGC_SOCK_BEGAN) | CGC_SOCK_REACHED;
	/* Allowed in by this interface is allowed back by it. */
	decide(child, CGC_DIR_IN, generation, ifindex);
	decide(child, CGC_DIR_OUT, generation, ifindex);
	spin_unlock_bh(&child->lock);
}

static void turn_round(struct cgc_flow *flow)
{
	u8 addr[sizeof(flow->saddr)];

	swap(flow->sport, flow->dport);
	swap(flow->subject, flow->object);
	memcpy(addr, flow->saddr, sizeof(addr));
	memcpy(flow->saddr, flow->daddr, sizeof(addr));
	memcpy(flow->daddr, addr, sizeof(addr));
}

/* A connection from before the load: both ends are in compartment 0, and who
 * began it is not known: it is what the rules allow. */
static void adopt(struct cgc_sock *record, enum cgc_direction dir,
		  const struct cgc_packet *packet)
{
	struct cgc_ask ask = packet->ask;

	lockdep_assert_held(&record->lock);
	if (dir == CGC_DIR_OUT)
		turn_round(&ask.flow);	/* as if the peer had begun it */
	ask.flow.object = record->label;
	ask.flow.subject = packet->marked ? packet->sender : CGC_LABEL_DEFAULT;
	ask.flow.path = packet->local ? CGC_PATH_LOCAL : CGC_PATH_IN;
	ask.quiet = true;
	record->flags |= CGC_SOCK_REACHED;
	if (cgc_check(&ask, NULL)) {
		turn_round(&ask.flow);
		ask.flow.path = CGC_PATH_OUT;
		record->flags ^= KNOWN;
	}
	record->flow = ask.flow;
}

/* A local peer's packets come by the interface that its first one came by, or
 * tell their label: nobody outside can pass for it. */
static bool from_elsewhere(const struct cgc_sock *record, const struct cgc_packet *packet)
{
	if (record->flow.path != CGC_PATH_LOCAL || packet->local)
		return false;
	if (packet->marked)
		return packet->sender != record->flow.subject;
	return packet->ask.flow.ifindex != record->flow.ifindex;
}

int cgc_connection_pass(struct cgc_sock *record, enum cgc_direction dir,
			const struct cgc_packet *packet)
{
	struct cgc_ask ask = packet->ask;
	u32 generation = cgc_generation();
	struct cgc_verdict verdict = {};
	int ret = 0;

	spin_lock_bh(&record->lock);
	if (!(record->flags & KNOWN))
		adopt(record, dir, packet);
	ask.flow = record->flow;
	ask.flow.ifindex = packet->ask.flow.ifindex;
	if (dir == CGC_DIR_IN && from_elsewhere(record, packet)) {
		ret = -EACCES;
	} else if (ask.flow.path != CGC_PATH_LOCAL || record->flags & CGC_SOCK_REACHED) {
		/* What a socket of ours began locally is decided at its other end. */
		ret = cgc_check(&ask, &verdict);
		record->ref = verdict.ref;
	}
	if (!ret)
		decide(record, dir, generation, ask.flow.ifindex);
	spin_unlock_bh(&record->lock);
	return ret;
}

bool cgc_connection_refused(struct cgc_sock *record, struct net *net)
{
	struct cgc_ask ask = { .net = net, .hook = "revocation", .quiet = true };
	bool known;

	spin_lock_bh(&record->lock);
	known = record->flags & KNOWN &&
		(record->flow.path != CGC_PATH_LOCAL || record->flags & CGC_SOCK_REACHED);
	ask.flow = record->flow;
	spin_unlock_bh(&record->lock);
	return known && cgc_check(&ask, NULL);
}
