// SPDX-License-Identifier: GPL-2.0-only
#include <linux/atomic.h>
#include <linux/hash.h>
#include "flowcache.h"

#define BITS	10

/**
 * struct entry - one place; never read half written
 * @seq: odd while it is written, another number afterwards
 * @key: what was allowed; a generation of 0 never is
 */
struct entry {
	u32 seq;
	struct cgc_flow_key key;
};

static struct entry entries[1 << BITS];

static struct entry *entry_of(const struct cgc_flow_key *key)
{
	return &entries[hash_64(key->flow ^ key->netdevs * GOLDEN_RATIO_64, BITS)];
}

bool cgc_flowcache_has(const struct cgc_flow_key *key)
{
	const struct entry *entry = entry_of(key);
	const u32 seq = smp_load_acquire(&entry->seq);

	if ((seq & 1) || READ_ONCE(entry->key.flow) != key->flow ||
	    READ_ONCE(entry->key.netdevs) != key->netdevs ||
	    READ_ONCE(entry->key.place) != key->place)
		return false;
	smp_rmb();
	return READ_ONCE(entry->seq) == seq;
}

/* Two at a time: the second goes without. */
void cgc_flowcache_add(const struct cgc_flow_key *key)
{
	struct entry *entry = entry_of(key);
	const u32 seq = READ_ONCE(entry->seq);

	if ((seq & 1) || cmpxchg(&entry->seq, seq, seq + 1) != seq)
		return;
	WRITE_ONCE(entry->key.flow, key->flow);
	WRITE_ONCE(entry->key.netdevs, key->netdevs);
	WRITE_ONCE(entry->key.place, key->place);
	smp_store_release(&entry->seq, seq + 2);
}
