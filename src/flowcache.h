/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Forwarded flows that the set in force allows: all that such a decision depends on, so
 * that the packets after the first do not ask the rules. Refusals are not kept: each is
 * counted and logged. A generation that is over makes an entry void.
 */
#ifndef CGC_FLOWCACHE_H
#define CGC_FLOWCACHE_H

#include <linux/types.h>

/**
 * struct cgc_flow_key - what a decision depends on; compared as a whole
 * @netdevs: the interfaces by number: that of what began it, above the other
 * @place: the network namespace's number, above the generation of the set
 * @flow: source port, destination port, method; of what began it
 */
struct cgc_flow_key {
	u64 netdevs;
	u64 place;
	u64 flow;
};

/* cgc_flowcache_has - was it allowed? Any context. */
bool cgc_flowcache_has(const struct cgc_flow_key *key);

/* cgc_flowcache_add - it is allowed; what was in its place is forgotten. Any context. */
void cgc_flowcache_add(const struct cgc_flow_key *key);

#endif
