/* SPDX-License-Identifier: GPL-2.0-only */
/* Labels of keys and keyrings: what has none is compartment 0's. */
#ifndef CGC_KEYRING_H
#define CGC_KEYRING_H

#include <linux/key.h>
#include "labelmap.h"

int cgc_key_init(void);
void cgc_key_exit(void);

/* cgc_key_create - a key is made, as @label's. Any context. Return: 0; -ENOMEM: it
 * must not come to be. */
int cgc_key_create(const struct key *key, u32 label);

/* cgc_key_free - it goes. Any context. */
void cgc_key_free(const struct key *key);

/* cgc_label_of_key - whose it is. Any context. */
u32 cgc_label_of_key(const struct key *key);

/* cgc_key_carry - how many keys carry a label other than 0. */
unsigned int cgc_key_carry(u32 label);

#endif
