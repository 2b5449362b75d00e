// SPDX-License-Identifier: GPL-2.0-only
/* Labels of keys. */
#include "keyring.h"

#define MAP_BITS	8

static struct cgc_labelmap keys;

int cgc_key_create(const struct key *key, u32 label)
{
	return cgc_labelmap_set(&keys, key, label);
}

void cgc_key_free(const struct key *key)
{
	cgc_labelmap_del(&keys, key);
}

u32 cgc_label_of_key(const struct key *key)
{
	return cgc_labelmap_get(&keys, key);
}

unsigned int cgc_key_carry(u32 label)
{
	return cgc_labelmap_carry(&keys, label);
}

int __init cgc_key_init(void)
{
	return cgc_labelmap_init(&keys, "cgcompt_key", MAP_BITS);
}

void cgc_key_exit(void)
{
	cgc_labelmap_exit(&keys);
}
