// SPDX-License-Identifier: GPL-2.0-only
/* Labels of sockets. */
#include <linux/in.h>
#include <linux/slab.h>
#include "hold.h"
#include "object.h"
#include "reverse.h"
#include "route.h"
#include "task.h"

#define BITS_MIN 12
#define BITS_MAX 18

struct cgc_ptrmap cgc_sock_map;
static struct kmem_cache *cache;

u32 cgc_label_of_sock(const struct sock *sk)
{
	const struct cgc_sock *record;
	u32 label;

	rcu_read_lock();
	record = cgc_sock_find(sk);
	label = record ? READ_ONCE(record->label) : CGC_LABEL_DEFAULT;
	rcu_read_unlock();
	return label;
}

static bool is_inet(int family)
{
	return family == PF_INET || family == PF_INET6;
}

static void set_label(struct cgc_sock *record, u32 label, u32 subject)
{
	cgc_hold_relabel(record->label, label);
	WRITE_ONCE(record->label, label);
	WRITE_ONCE(record->subject, subject);
	WRITE_ONCE(record->sender, label);
}

static struct cgc_sock *add(const struct sock *sk, u32 label, u32 subject)
{
	struct cgc_sock *record;

	record = kmem_cache_alloc(cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!record)
		return NULL;
	/* Not @map: a reader may still be on its way through it. */
	memset_after(record, 0, map);
	record->map.key = sk;
	spin_lock_init(&record->lock);
	INIT_LIST_HEAD(&record->exchange_list);
	set_label(record, label, subject);
	cgc_ptrmap_add(&cgc_sock_map, &record->map);
	return record;
}

struct cgc_sock *cgc_sock_add_default(const struct sock *sk)
{
	return add(sk, CGC_LABEL_DEFAULT, CGC_LABEL_DEFAULT);
}

int cgc_sock_create(const struct sock *sk, int family)
{
	u32 label = CGC_LABEL_DEFAULT, subject;
	struct cgc_sock *record;
	bool by_init = false;

	/* In an interrupt it is a child of a listener: cgc_sock_inherit() comes. */
	if (in_task() && !in_serving_softirq())
		label = cgc_label_of_current();
	if (label == CGC_LABEL_DEFAULT && !is_inet(family))
		return 0;
	subject = label;
	/* No object carries the wildcard, and the init process's sockets, which
	 * it hands to services, do not act with it either (design 4). */
	if (label == CGC_LABEL_SUPERVISOR) {
		label = CGC_LABEL_DEFAULT;
		by_init = is_global_init(current);
		if (by_init)
			subject = CGC_LABEL_DEFAULT;
	}
	record = add(sk, label, subject);
	if (!record)
		return -ENOMEM;
	if (by_init)
		record->flags = CGC_SOCK_INIT;
	if (label != CGC_LABEL_DEFAULT)
		cgc_route_mark_new(sk, label);
	return 0;
}

void cgc_sock_set_kernel(const struct sock *sk)
{
	struct cgc_sock *record;

	rcu_read_lock();
	record = cgc_sock_find(sk);
	if (record && record->label != CGC_LABEL_DEFAULT)
		cgc_route_mark_new(sk, CGC_LABEL_DEFAULT);
	if (record)
		set_label(record, CGC_LABEL_DEFAULT, CGC_LABEL_DEFAULT);
	rcu_read_unlock();
}

struct cgc_sock *cgc_sock_inherit(const struct sock *child, const struct sock *parent)
{
	struct cgc_sock *to = cgc_sock_find(child), *from = cgc_sock_find(parent);

	if (!to)
		return NULL;
	set_label(to, from ? from->label : CGC_LABEL_DEFAULT,
		  from ? from->subject : CGC_LABEL_DEFAULT);
	if (to->label != CGC_LABEL_DEFAULT)
		cgc_route_mark_new(child, to->label);
	return to;
}

int cgc_sock_give(const struct sock *sk, u32 label)
{
	struct cgc_sock *record = cgc_sock_find(sk);

	if (record)
		set_label(record, label, label);
	else if (label != CGC_LABEL_DEFAULT && !add(sk, label, label))
		return -ENOMEM;
	return 0;
}

bool cgc_sock_by_init(const struct sock *sk)
{
	const struct cgc_sock *record;
	bool by_init;

	rcu_read_lock();
	record = cgc_sock_find(sk);
	by_init = record && READ_ONCE(record->flags) & CGC_SOCK_INIT;
	rcu_read_unlock();
	return by_init;
}

void cgc_sock_hand_over(const struct sock *sk, u32 label)
{
	struct cgc_sock *record;

	rcu_read_lock();
	record = cgc_sock_find(sk);
	if (record) {
		spin_lock_bh(&record->lock);
		if (record->flags & CGC_SOCK_INIT) {
			record->flags &= ~CGC_SOCK_INIT;
			set_label(record, label, label);
			cgc_route_mark(sk, label);
		}
		spin_unlock_bh(&record->lock);
	}
	rcu_read_unlock();
}

static bool has_record(const struct sock *sk)
{
	bool has;

	rcu_read_lock();
	has = cgc_sock_find(sk);
	rcu_read_unlock();
	return has;
}

void cgc_sock_free(const struct sock *sk)
{
	struct cgc_sock *record;
	struct cgc_ptrnode *n;

	/* Most of the others have none: no lock for them. */
	if (!is_inet(sk->sk_family) && !has_record(sk))
		return;
	n = cgc_ptrmap_del(&cgc_sock_map, sk);
	if (!n)
		return;
	record = container_of(n, struct cgc_sock, map);
	set_label(record, CGC_LABEL_DEFAULT, CGC_LABEL_DEFAULT);
	cgc_reverse_forget(record);
	kmem_cache_free(cache, record);
}

unsigned int cgc_sock_count(void)
{
	return atomic_read(&cgc_sock_map.count);
}

int cgc_sock_walk(unsigned int *bucket,
		  int (*visit)(void *ctx, struct sock *sk, struct cgc_sock *record), void *ctx)
{
	struct hlist_nulls_node *pos;
	struct cgc_ptrnode *n;
	unsigned long flags;
	spinlock_t *lock;
	int ret = 0;

	for (; *bucket < 1u << cgc_sock_map.bits; ++*bucket) {
		lock = cgc_ptrmap_lock(&cgc_sock_map, *bucket);
		spin_lock_irqsave(lock, flags);
		hlist_nulls_for_each_entry(n, pos, &cgc_sock_map.buckets[*bucket], node) {
			ret = visit(ctx, (struct sock *)n->key,
				    container_of(n, struct cgc_sock, map));
			if (ret)
				break;
		}
		spin_unlock_irqrestore(lock, flags);
		if (ret)
			return ret;
	}
	return 0;
}

struct tally {
	u32 label;
	unsigned int count;
};

static int count_one(void *ctx, struct sock *sk, struct cgc_sock *record)
{
	struct tally *tally = ctx;

	tally->count += READ_ONCE(record->label) == tally->label;
	return 0;
}

unsigned int cgc_sock_carry(u32 label)
{
	struct tally tally = { .label = label };
	unsigned int bucket = 0;

	cgc_sock_walk(&bucket, count_one, &tally);
	return tally.count;
}

/* One bucket to 32 KiB of memory: 8192 on a gateway of 256 MiB. */
static unsigned int buckets_bits(void)
{
	return clamp(ilog2(totalram_pages() >> 3), BITS_MIN, BITS_MAX);
}

int __init cgc_object_init(void)
{
	int err;

	cache = kmem_cache_create("cgcompt_sock", sizeof(struct cgc_sock), 0,
				  SLAB_HWCACHE_ALIGN | SLAB_TYPESAFE_BY_RCU, NULL);
	if (!cache)
		return -ENOMEM;
	err = cgc_ptrmap_init(&cgc_sock_map, buckets_bits());
	if (err)
		kmem_cache_destroy(cache);
	return err;
}

void cgc_object_exit(void)
{
	struct cgc_ptrnode *n;

	while ((n = cgc_ptrmap_drain(&cgc_sock_map)))
		kmem_cache_free(cache, container_of(n, struct cgc_sock, map));
	cgc_ptrmap_exit(&cgc_sock_map);
	kmem_cache_destroy(cache);
}
