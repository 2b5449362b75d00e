/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A routing table per compartment (mission N7): the kernel's own, chosen by a mark on the
 * sockets of those that are ROUTED. Nothing leaves that was not routed by it.
 */
#ifndef CGC_ROUTE_H
#define CGC_ROUTE_H

#include <net/sock.h>
#include "check.h"
#include "policy.h"

int cgc_route_init(void);
void cgc_route_exit(void);

/* cgc_route_mask - the bits of a socket's mark that are ours. */
u32 cgc_route_mask(void);

/* cgc_route_tables_max - how many compartments can have a table. */
u32 cgc_route_tables_max(void);

/* cgc_route_table - the number of a compartment's table, 0: it has none. Any context. */
u32 cgc_route_table(u32 label);

/* cgc_route_is_table - is a table one that compartments have? */
bool cgc_route_is_table(u32 table);

/* cgc_route_any - has any compartment a table? Any context. */
bool cgc_route_any(void);

/**
 * cgc_route_mark_new - the socket is @label's, and its packets go by that one's table
 * @sk: nobody has sent by it yet
 * @label: another than what it had may have been 0 before, but not both
 *
 * Atomic.
 */
void cgc_route_mark_new(const struct sock *sk, u32 label);

/* cgc_route_mark - likewise, of a socket that somebody may have used. */
void cgc_route_mark(const struct sock *sk, u32 label);

/**
 * cgc_route_ask - what does the subject's own table say of a flow that it begins?
 * @policy: the set
 * @ask: of CGC_PATH_OUT
 *
 * Any context, under rcu_read_lock(). Return: enum cgc_routes. Whoever has taken the
 * control program's `ip rule' away: what another table routes has no route.
 */
u8 cgc_route_ask(const struct cgc_policy *policy, const struct cgc_ask *ask);

/* cgc_route_remark - another set is in force, and nobody reads the one before: sockets
 * get the marks that it says. May sleep. */
void cgc_route_remark(void);

#endif
