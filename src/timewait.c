// SPDX-License-Identifier: GPL-2.0-only
/* Labels of connections in TIME_WAIT. */
#include <linux/slab.h>
#include "ptrmap.h"
#include "timewait.h"

#define BITS 12

struct record {
	struct cgc_ptrnode map;
	u32 label;
};

static struct cgc_ptrmap map;
static struct kmem_cache *cache;
/* A record could not be had once: what has none may be anybody's. */
static bool lost;

void cgc_timewait_begin(const struct inet_timewait_sock *tw, u32 label)
{
	struct record *r;

	cgc_timewait_end(tw);
	if (likely(label == CGC_LABEL_DEFAULT))
		return;
	r = kmem_cache_alloc(cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!r) {
		WRITE_ONCE(lost, true);
		return;
	}
	/* Not @map: a reader may still be on its way through it. */
	WRITE_ONCE(r->label, label);
	r->map.key = tw;
	cgc_ptrmap_add(&map, &r->map);
}

void cgc_timewait_end(const struct inet_timewait_sock *tw)
{
	struct cgc_ptrnode *n;

	if (likely(!atomic_read(&map.count)))
		return;
	n = cgc_ptrmap_del(&map, tw);
	if (n)
		kmem_cache_free(cache, container_of(n, struct record, map));
}

u32 cgc_label_of_timewait(const struct inet_timewait_sock *tw)
{
	u32 label = READ_ONCE(lost) ? CGC_LABEL_SUPERVISOR : CGC_LABEL_DEFAULT;
	struct cgc_ptrnode *n;

	rcu_read_lock();
	n = cgc_ptrmap_find(&map, tw);
	if (n)
		label = READ_ONCE(container_of(n, struct record, map)->label);
	rcu_read_unlock();
	return label;
}

int cgc_timewait_init(void)
{
	int err;

	cache = kmem_cache_create("cgcompt_timewait", sizeof(struct record), 0,
				  SLAB_TYPESAFE_BY_RCU, NULL);
	if (!cache)
		return -ENOMEM;
	err = cgc_ptrmap_init(&map, BITS);
	if (err)
		kmem_cache_destroy(cache);
	return err;
}

void cgc_timewait_exit(void)
{
	struct cgc_ptrnode *n;

	while ((n = cgc_ptrmap_drain(&map)))
		kmem_cache_free(cache, container_of(n, struct record, map));
	cgc_ptrmap_exit(&map);
	kmem_cache_destroy(cache);
}
