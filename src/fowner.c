// SPDX-License-Identifier: GPL-2.0-only
/* Who decides where a file sends SIGIO; compartment 0 has no record. */
#include <linux/slab.h>
#include "fowner.h"
#include "limits.h"
#include "ptrmap.h"
#include "uapi/cgcompt.h"

#define MAP_BITS	10

struct record {
	struct cgc_ptrnode map;
	u32 label;
};

static struct cgc_ptrmap map;
static DEFINE_SPINLOCK(writers);	/* outside of the buckets' locks */
static struct kmem_cache *cache;

static struct record *find(const void *fown)
{
	struct cgc_ptrnode *n = cgc_ptrmap_find(&map, fown);

	return n ? container_of(n, struct record, map) : NULL;
}

static void forget(const void *fown)
{
	struct cgc_ptrnode *n = cgc_ptrmap_del(&map, fown);

	if (n)
		kmem_cache_free(cache, container_of(n, struct record, map));
}

static int set(const void *fown, u32 label)
{
	struct record *r = find(fown);

	if (r) {
		WRITE_ONCE(r->label, label);
		return 0;
	}
	if (atomic_read(&map.count) >= CGC_FOWNERS_MAX)
		return -ENOMEM;
	r = kmem_cache_alloc(cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!r)
		return -ENOMEM;
	r->map.key = fown;
	r->label = label;
	cgc_ptrmap_add(&map, &r->map);
	return 0;
}

int cgc_fowner_set(const void *fown, u32 label)
{
	unsigned long flags;
	int ret = 0;

	if (label == CGC_LABEL_DEFAULT && !atomic_read(&map.count))
		return 0;
	rcu_read_lock();
	spin_lock_irqsave(&writers, flags);
	if (label == CGC_LABEL_DEFAULT)
		forget(fown);
	else
		ret = set(fown, label);
	spin_unlock_irqrestore(&writers, flags);
	rcu_read_unlock();
	return ret;
}

u32 cgc_label_of_fowner(const void *fown)
{
	u32 label = CGC_LABEL_DEFAULT;
	const struct record *r;

	if (likely(!atomic_read(&map.count)))
		return label;
	rcu_read_lock();
	r = find(fown);
	if (r)
		label = READ_ONCE(r->label);
	rcu_read_unlock();
	return label;
}

int __init cgc_fowner_init(void)
{
	int err;

	cache = kmem_cache_create("cgcompt_fowner", sizeof(struct record), 0,
				  SLAB_TYPESAFE_BY_RCU, NULL);
	if (!cache)
		return -ENOMEM;
	err = cgc_ptrmap_init(&map, MAP_BITS);
	if (err)
		kmem_cache_destroy(cache);
	return err;
}

void cgc_fowner_exit(void)
{
	struct cgc_ptrnode *n;

	while ((n = cgc_ptrmap_drain(&map)))
		kmem_cache_free(cache, container_of(n, struct record, map));
	cgc_ptrmap_exit(&map);
	kmem_cache_destroy(cache);
}
