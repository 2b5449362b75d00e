/* SPDX-License-Identifier: GPL-2.0-only */
/* An array that grows. */
#ifndef CGC_ARRAY_H
#define CGC_ARRAY_H

#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

/**
 * struct cgc_array - all 0 is an empty one
 * @at: its elements
 * @count: in use
 * @room: allocated
 */
struct cgc_array {
	void *at;
	u32 count;
	u32 room;
};

/**
 * cgc_array_append - elements behind those that are there
 * @array: where to
 * @from: the elements
 * @count: how many
 * @size: of one; the same each time
 * @max: how many there may be in all
 *
 * May sleep. Return: the first of them in the array, NULL: no memory, or too many.
 */
static inline void *cgc_array_append(struct cgc_array *array, const void *from, u32 count,
				     size_t size, u32 max)
{
	u32 room = max(array->room, 64u);
	void *bigger;

	if (count > max || array->count > max - count)
		return NULL;
	while (room < array->count + count)
		room *= 2;
	if (room != array->room) {
		bigger = kvmalloc_array(room, size, GFP_KERNEL_ACCOUNT);
		if (!bigger)
			return NULL;
		if (array->count)
			memcpy(bigger, array->at, array->count * size);
		kvfree(array->at);
		array->at = bigger;
		array->room = room;
	}
	memcpy(array->at + array->count * size, from, count * size);
	array->count += count;
	return array->at + (array->count - count) * size;
}

#endif
