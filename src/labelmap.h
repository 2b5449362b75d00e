/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Labels of objects that need nothing but a label (mission L5): an object of
 * compartment 0 has no record, and what has none is compartment 0's.
 */
#ifndef CGC_LABELMAP_H
#define CGC_LABELMAP_H

#include "ptrmap.h"
#include "uapi/cgcompt.h"

/**
 * struct cgc_labelmap - labels of one kind of object
 * @map: by the object's address
 * @cache: of the records, type-safe
 */
struct cgc_labelmap {
	struct cgc_ptrmap map;
	struct kmem_cache *cache;
};

/* cgc_labelmap_init - @name is the cache's, with static lifetime; 1 << @bits
 * buckets. May sleep. Return: 0, -ENOMEM. */
int cgc_labelmap_init(struct cgc_labelmap *labels, const char *name, unsigned int bits);
void cgc_labelmap_exit(struct cgc_labelmap *labels);

/* cgc_labelmap_find - the slow half of the next. */
u32 cgc_labelmap_find(const struct cgc_labelmap *labels, const void *object);

/* cgc_labelmap_get - the label of an object that lives. One load where nothing of
 * its kind is labelled. Any context. */
static inline u32 cgc_labelmap_get(const struct cgc_labelmap *labels, const void *object)
{
	return likely(!atomic_read(&labels->map.count)) ? CGC_LABEL_DEFAULT :
	       cgc_labelmap_find(labels, object);
}

/**
 * cgc_labelmap_set - an object is @label's
 * @labels: of its kind
 * @object: without a record, or with one, which is then changed; who sets and
 *	deletes the same object's does so one after the other
 * @label: the supervisor's objects are compartment 0's (design 4)
 *
 * Any context. Return: 0; -ENOMEM: the object must not come to be.
 */
int cgc_labelmap_set(struct cgc_labelmap *labels, const void *object, u32 label);

/* cgc_labelmap_del - the object goes. Any context. */
void cgc_labelmap_del(struct cgc_labelmap *labels, const void *object);

/**
 * cgc_labelmap_walk - visit records
 * @labels: which
 * @bucket: where to begin, 0 at first; advanced
 * @visit: called under the bucket's lock, so that @object lives; not 0 ends it,
 *	and the same bucket is begun again next time
 * @ctx: handed to @visit
 */
int cgc_labelmap_walk(struct cgc_labelmap *labels, unsigned int *bucket,
		      int (*visit)(void *ctx, const void *object, u32 label), void *ctx);

/* cgc_labelmap_carry - how many objects carry a label other than 0. */
unsigned int cgc_labelmap_carry(struct cgc_labelmap *labels, u32 label);

#endif
