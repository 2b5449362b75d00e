/* SPDX-License-Identifier: GPL-2.0-only */
/* Labels of interfaces (mission N5), and what NETDEV in a rule means for one. */
#ifndef CGC_NETDEV_H
#define CGC_NETDEV_H

#include <net/net_namespace.h>
#include "core/ruleset.h"

int cgc_netdev_init(void);
void cgc_netdev_exit(void);

/**
 * cgc_netdev_selectors - which NETDEV words of a set an interface satisfies
 * @set: under rcu_read_lock()
 * @net: where the interface is; names count in the initial namespace only,
 *	for in any other one they are its own root's to choose
 * @ifindex: its number; 0: none
 *
 * Return: bits as in struct cgc_request's @netdevs. Any context.
 */
u64 cgc_netdev_selectors(const struct cgc_ruleset *set, struct net *net, u32 ifindex);

/**
 * cgc_netdev_set - give an interface of the initial namespace a label
 * @ifindex: which
 * @label: CGC_LABEL_NETDEV_FIRST..LAST; CGC_LABEL_NETDEV_NONE takes it away
 *
 * May sleep. Return: 0, -ENODEV, -EINVAL, -ENOMEM.
 */
int cgc_netdev_set(u32 ifindex, u32 label);

/* cgc_netdev_label - of an interface of the initial namespace. Any context. */
u32 cgc_netdev_label(u32 ifindex);

#endif
