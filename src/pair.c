// SPDX-License-Identifier: GPL-2.0-only
/* Connected unix sockets: begun, used, decided again when the set changes. */
#include <linux/log2.h>
#include "check.h"
#include "pair.h"

#define KNOWN (CGC_SOCK_BEGAN | CGC_SOCK_REACHED)

static void decide(struct cgc_sock *record, enum cgc_direction dir, u32 generation, u32 holder)
{
	lockdep_assert_held(&record->lock);
	/* Never this generation with another holder. */
	WRITE_ONCE(record->decided[dir].generation, 0);
	smp_wmb();
	WRITE_ONCE(record->decided[dir].holder, holder);
	smp_wmb();
	WRITE_ONCE(record->decided[dir].generation, generation);
}

static void note(struct cgc_sock *record, const struct cgc_flow *flow, u32 end)
{
	spin_lock_bh(&record->lock);
	record->flow = *flow;
	record->flags = (record->flags & ~KNOWN) | end;
	record->decided[CGC_DIR_OUT].generation = 0;
	record->decided[CGC_DIR_IN].generation = 0;
	spin_unlock_bh(&record->lock);
}

/* A socket connects anew within its compartment: what it had failed. */
static void forget(struct cgc_sock *record)
{
	struct cgc_flow none = {};

	if (record && READ_ONCE(record->flags) & KNOWN)
		note(record, &none, 0);
}

int cgc_pair_within(const struct sock *sk, const struct sock *child, u32 label)
{
	forget(cgc_sock_find(sk));
	return cgc_sock_give(child, label);
}

int cgc_pair_connect(const struct cgc_pair *pair, const struct sock *child, u32 subject)
{
	struct cgc_flow flow = {
		.subject = subject, .path = CGC_PATH_LOCAL, .method = CGC_METHOD_UNIX,
		.detail = ilog2(pair->attr) + 1,
	};
	struct cgc_sock *record, *accepted;
	int ret;

	flow.object = cgc_label_of_sock(pair->peer);
	ret = cgc_check_unix(subject, flow.object, pair->attr, pair->peer_name,
			     pair->peer_name_len, pair->hook);
	if (!ret)
		ret = cgc_sock_give(child, flow.object);
	if (ret)
		return ret;
	record = cgc_sock_find_or_add(pair->sk);
	accepted = cgc_sock_find_or_add(child);
	if (!record || !accepted)
		return -ENOMEM;
	note(record, &flow, CGC_SOCK_BEGAN);
	note(accepted, &flow, CGC_SOCK_REACHED);
	cgc_pair_sent(pair->sk, flow.object);
	cgc_pair_sent(child, subject);
	return 0;
}

int cgc_pair_hold(const struct cgc_pair *pair, u32 holder)
{
	u32 other;

	if (!pair->peer)
		return cgc_check_handle(holder, cgc_label_of_sock(pair->sk), CGC_METHOD_UNIX,
					pair->hook);
	other = cgc_label_of_sock(pair->peer);
	if (pair->name_len && !pair->peer_name_len)
		return cgc_check_unix(other, holder, pair->attr, pair->name, pair->name_len,
				      pair->hook);
	return cgc_check_unix(holder, other, pair->attr, pair->peer_name, pair->peer_name_len,
			      pair->hook);
}

/* The connection itself, from who began it. */
static int check_flow(const struct cgc_sock *record, const struct cgc_pair *pair)
{
	const struct cgc_flow *flow = &record->flow;

	lockdep_assert_held(&record->lock);
	if (record->flags & CGC_SOCK_BEGAN)
		return cgc_check_unix(flow->subject, flow->object, pair->attr, pair->peer_name,
				      pair->peer_name_len, pair->hook);
	return cgc_check_unix(flow->subject, flow->object, pair->attr, pair->name,
			      pair->name_len, pair->hook);
}

int cgc_pair_use(const struct cgc_pair *pair, enum cgc_direction dir, u32 holder)
{
	struct cgc_sock *record = cgc_sock_find_or_add(pair->sk);
	u32 generation = cgc_generation();
	int ret = 0;

	if (!record)
		return -ENOMEM;
	spin_lock_bh(&record->lock);
	/* What was sent while it was allowed may be read. */
	if (record->flags & KNOWN && dir == CGC_DIR_OUT)
		ret = check_flow(record, pair);
	if (!ret && record->label != holder)
		ret = cgc_pair_hold(pair, holder);
	if (!ret)
		decide(record, dir, generation, holder);
	spin_unlock_bh(&record->lock);
	if (!ret && dir == CGC_DIR_OUT && pair->peer)
		cgc_pair_sent(pair->peer, holder);
	return ret;
}

void cgc_pair_sent(const struct sock *sk, u32 sender)
{
	struct cgc_sock *record = cgc_sock_find(sk);

	/* A socket without a record is compartment 0's, which receives all. */
	if (record && READ_ONCE(record->label) != sender)
		WRITE_ONCE(record->sender, sender);
}
