/* SPDX-License-Identifier: GPL-2.0-only */
/* What rtnetlink tells of compartments' routing tables. */
#ifndef CGC_ROUTE_LIST_H
#define CGC_ROUTE_LIST_H

#include <linux/netlink.h>
#include <linux/skbuff.h>

/* cgc_route_asks_by_mark - does a look-up (RTM_GETROUTE) name a mark that is ours? */
bool cgc_route_asks_by_mark(const struct nlmsghdr *request);

/* cgc_route_list_main - who asks for the main table gets all tables that it is shown. */
void cgc_route_list_main(struct nlmsghdr *request);

/**
 * cgc_route_list_deliver - the kernel tells of routes
 * @skb: what is to be delivered
 * @own: the receiver's own table, 0: it has none
 *
 * Its own table is called the main one. Atomic. Return: 0; -EPERM: it tells of another
 * compartment's, or of one that is not its own.
 */
int cgc_route_list_deliver(const struct sk_buff *skb, u32 own);

#endif
