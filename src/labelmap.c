// SPDX-License-Identifier: GPL-2.0-only
/* Labels of objects that need nothing but a label. */
#include <linux/slab.h>
#include "hold.h"
#include "labelmap.h"

struct record {
	struct cgc_ptrnode map;
	u32 label;
};

static struct record *find(const struct cgc_labelmap *labels, const void *object)
{
	struct cgc_ptrnode *n = cgc_ptrmap_find(&labels->map, object);

	return n ? container_of(n, struct record, map) : NULL;
}

u32 cgc_labelmap_find(const struct cgc_labelmap *labels, const void *object)
{
	const struct record *r;
	u32 label = CGC_LABEL_DEFAULT;

	rcu_read_lock();
	r = find(labels, object);
	if (r)
		label = READ_ONCE(r->label);
	rcu_read_unlock();
	return label;
}

static void set_label(struct record *r, u32 label)
{
	cgc_hold_relabel(r->label, label);
	WRITE_ONCE(r->label, label);
}

int cgc_labelmap_set(struct cgc_labelmap *labels, const void *object, u32 label)
{
	struct record *r;

	if (label == CGC_LABEL_SUPERVISOR)
		label = CGC_LABEL_DEFAULT;
	if (label == CGC_LABEL_DEFAULT) {
		cgc_labelmap_del(labels, object);
		return 0;
	}
	rcu_read_lock();
	r = find(labels, object);
	if (r)
		set_label(r, label);
	rcu_read_unlock();
	if (r)
		return 0;
	r = kmem_cache_alloc(labels->cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!r)
		return -ENOMEM;
	/* Not @map: a reader may still be on its way through it. */
	r->label = CGC_LABEL_DEFAULT;
	r->map.key = object;
	set_label(r, label);
	cgc_ptrmap_add(&labels->map, &r->map);
	return 0;
}

void cgc_labelmap_del(struct cgc_labelmap *labels, const void *object)
{
	struct cgc_ptrnode *n;
	struct record *r;

	if (likely(!atomic_read(&labels->map.count)))
		return;
	n = cgc_ptrmap_del(&labels->map, object);
	if (!n)
		return;
	r = container_of(n, struct record, map);
	set_label(r, CGC_LABEL_DEFAULT);
	kmem_cache_free(labels->cache, r);
}

int cgc_labelmap_walk(struct cgc_labelmap *labels, unsigned int *bucket,
		      int (*visit)(void *ctx, const void *object, u32 label), void *ctx)
{
	struct hlist_nulls_node *pos;
	struct cgc_ptrnode *n;
	unsigned long flags;
	spinlock_t *lock;
	int ret = 0;

	for (; *bucket < 1u << labels->map.bits && !ret; *bucket += !ret) {
		lock = cgc_ptrmap_lock(&labels->map, *bucket);
		spin_lock_irqsave(lock, flags);
		hlist_nulls_for_each_entry(n, pos, &labels->map.buckets[*bucket], node) {
			ret = visit(ctx, n->key,
				    READ_ONCE(container_of(n, struct record, map)->label));
			if (ret)
				break;
		}
		spin_unlock_irqrestore(lock, flags);
	}
	return ret;
}

struct tally {
	u32 label;
	unsigned int count;
};

static int count_one(void *ctx, const void *object, u32 label)
{
	struct tally *tally = ctx;

	tally->count += label == tally->label;
	return 0;
}

unsigned int cgc_labelmap_carry(struct cgc_labelmap *labels, u32 label)
{
	struct tally tally = { .label = label };
	unsigned int bucket = 0;

	cgc_labelmap_walk(labels, &bucket, count_one, &tally);
	return tally.count;
}

int cgc_labelmap_init(struct cgc_labelmap *labels, const char *name, unsigned int bits)
{
	int err;

	labels->cache = kmem_cache_create(name, sizeof(struct record), 0,
					  SLAB_TYPESAFE_BY_RCU, NULL);
	if (!labels->cache)
		return -ENOMEM;
	err = cgc_ptrmap_init(&labels->map, bits);
	if (err)
		kmem_cache_destroy(labels->cache);
	return err;
}

void cgc_labelmap_exit(struct cgc_labelmap *labels)
{
	struct cgc_ptrnode *n;

	while ((n = cgc_ptrmap_drain(&labels->map)))
		kmem_cache_free(labels->cache, container_of(n, struct record, map));
	cgc_ptrmap_exit(&labels->map);
	kmem_cache_destroy(labels->cache);
}
