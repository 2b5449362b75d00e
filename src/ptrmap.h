/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From a kernel object to our record of it, where the object has no room for a
 * pointer: a hash table over addresses. Readers hold rcu_read_lock() and what
 * keeps the object alive. Records are freed after a grace period, or at once
 * where they come from a SLAB_TYPESAFE_BY_RCU cache and are not cleared anew:
 * a reader that such a record leads into another bucket begins again.
 *
 * The number of buckets is chosen at load, from the memory of the machine, as
 * the kernel does for its own socket tables.
 */
#ifndef CGC_PTRMAP_H
#define CGC_PTRMAP_H

#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/rculist_nulls.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>

#define CGC_PTRMAP_LOCKS 256

/**
 * struct cgc_ptrnode - embedded in a record
 * @node: in a bucket
 * @key: the object's address; never dereferenced through here
 */
struct cgc_ptrnode {
	struct hlist_nulls_node node;
	const void *key;
};

/**
 * struct cgc_ptrmap - a table
 * @buckets: array of 1 << @bits
 * @bits: log2 of its length
 * @count: records in it
 * @locks: of the buckets, by their low bits; taken with BH off
 */
struct cgc_ptrmap {
	struct hlist_nulls_head *buckets;
	unsigned int bits;
	atomic_t count;
	spinlock_t locks[CGC_PTRMAP_LOCKS];
};

static inline int cgc_ptrmap_init(struct cgc_ptrmap *map, unsigned int bits)
{
	unsigned int i;

	map->buckets = kvmalloc_array(1u << bits, sizeof(*map->buckets), GFP_KERNEL);
	if (!map->buckets)
		return -ENOMEM;
	for (i = 0; i < 1u << bits; i++)
		INIT_HLIST_NULLS_HEAD(&map->buckets[i], i);
	map->bits = bits;
	atomic_set(&map->count, 0);
	for (i = 0; i < CGC_PTRMAP_LOCKS; i++)
		spin_lock_init(&map->locks[i]);
	return 0;
}

static inline void cgc_ptrmap_exit(struct cgc_ptrmap *map)
{
	kvfree(map->buckets);
}

static inline u32 cgc_ptrmap_bucket(const struct cgc_ptrmap *map, const void *key)
{
	return hash_ptr(key, map->bits);
}

static inline spinlock_t *cgc_ptrmap_lock(struct cgc_ptrmap *map, u32 bucket)
{
	return &map->locks[bucket % CGC_PTRMAP_LOCKS];
}

/* cgc_ptrmap_find - borrowed under rcu_read_lock(), or NULL. */
static inline struct cgc_ptrnode *cgc_ptrmap_find(const struct cgc_ptrmap *map, const void *key)
{
	u32 bucket = cgc_ptrmap_bucket(map, key);
	struct hlist_nulls_node *pos;
	struct cgc_ptrnode *n;

	do {
		hlist_nulls_for_each_entry_rcu(n, pos, &map->buckets[bucket], node)
			if (likely(n->key == key))
				return n;
	} while (unlikely(get_nulls_value(pos) != bucket));
	return NULL;
}

/* cgc_ptrmap_add - @node->key is set and not in the table yet. */
static inline void cgc_ptrmap_add(struct cgc_ptrmap *map, struct cgc_ptrnode *node)
{
	u32 bucket = cgc_ptrmap_bucket(map, node->key);
	spinlock_t *lock = cgc_ptrmap_lock(map, bucket);
	unsigned long flags;

	spin_lock_irqsave(lock, flags);
	hlist_nulls_add_head_rcu(&node->node, &map->buckets[bucket]);
	spin_unlock_irqrestore(lock, flags);
	atomic_inc(&map->count);
}

/* cgc_ptrmap_del - take the record of @key out; NULL where there is none. */
static inline struct cgc_ptrnode *cgc_ptrmap_del(struct cgc_ptrmap *map, const void *key)
{
	u32 bucket = cgc_ptrmap_bucket(map, key);
	spinlock_t *lock = cgc_ptrmap_lock(map, bucket);
	struct hlist_nulls_node *pos;
	struct cgc_ptrnode *n;
	unsigned long flags;

	spin_lock_irqsave(lock, flags);
	hlist_nulls_for_each_entry(n, pos, &map->buckets[bucket], node) {
		if (n->key != key)
			continue;
		hlist_nulls_del_rcu(&n->node);
		spin_unlock_irqrestore(lock, flags);
		atomic_dec(&map->count);
		return n;
	}
	spin_unlock_irqrestore(lock, flags);
	return NULL;
}

/* cgc_ptrmap_drain - take out the record of any object; NULL: none is left.
 * When there are no readers any more. */
static inline struct cgc_ptrnode *cgc_ptrmap_drain(struct cgc_ptrmap *map)
{
	struct hlist_nulls_node *pos;
	struct cgc_ptrnode *n;
	u32 bucket;

	for (bucket = 0; bucket < 1u << map->bits; bucket++) {
		hlist_nulls_for_each_entry(n, pos, &map->buckets[bucket], node) {
			hlist_nulls_del_rcu(&n->node);
			return n;
		}
	}
	return NULL;
}

#endif
