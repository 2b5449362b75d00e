// SPDX-License-Identifier: GPL-2.0-only
/*
 * When the set changes, connections that it no longer allows end with a reset.
 * Until this work gets to one, the generation in its record already refuses its
 * packets; datagrams need nothing more than that.
 */
#include <linux/workqueue.h>
#include <net/sock.h>
#include <net/tcp.h>
#include "connection.h"
#include "object.h"
#include "revoke.h"

#define BATCH 64

struct batch {
	struct sock *sk[BATCH];
	unsigned int count;
};

static int collect(void *ctx, struct sock *sk, struct cgc_sock *record)
{
	struct batch *batch = ctx;

	/* A record with a flow is of a socket that has sent or got a packet. Unix
	 * sockets fail at their next send. */
	if (!(record->flags & (CGC_SOCK_BEGAN | CGC_SOCK_REACHED)) || sk->sk_family == AF_UNIX)
		return 0;
	if (batch->count == BATCH)
		return -E2BIG;
	if (refcount_inc_not_zero(&sk->sk_refcnt))
		batch->sk[batch->count++] = sk;
	return 0;
}

static bool is_refused(const struct sock *sk)
{
	struct cgc_sock *record;
	bool refused;

	rcu_read_lock();
	record = cgc_sock_find(sk);
	refused = record && cgc_connection_refused(record, sock_net(sk));
	rcu_read_unlock();
	return refused;
}

static void settle(struct batch *batch)
{
	unsigned int i;

	for (i = 0; i < batch->count; i++) {
		if (is_refused(batch->sk[i]))
			tcp_abort(batch->sk[i], ECONNABORTED);
		sock_put(batch->sk[i]);
	}
	batch->count = 0;
}

static void revoke(struct work_struct *work)
{
	static struct batch batch;	/* the work never runs twice at once */
	unsigned int bucket = 0, last;
	int left;

	do {
		last = bucket;
		left = cgc_sock_walk(&bucket, collect, &batch);
		/* A bucket with more than a batch: what is cut leaves it. */
		if (left && bucket == last && batch.count < BATCH)
			bucket++;
		settle(&batch);
		cond_resched();
	} while (left);
}

static DECLARE_WORK(revocation, revoke);

void cgc_revoke(void)
{
	schedule_work(&revocation);
}

void cgc_revoke_exit(void)
{
	cancel_work_sync(&revocation);
}
