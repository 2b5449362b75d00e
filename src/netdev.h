/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Labels of interfaces (mission N5), and what NETDEV in a rule means for one. They are
 * given by the NETDEV statements of the set in force, or by hand, to an interface in its
 * network namespace, before its first packet; they go when it goes down.
 */
#ifndef CGC_NETDEV_H
#define CGC_NETDEV_H

#include <net/net_namespace.h>
#include "core/ruleset.h"

struct cgc_policy;

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

/* cgc_netdev_selectors_of - likewise, if it had that label. */
u64 cgc_netdev_selectors_of(const struct cgc_ruleset *set, struct net *net, u32 ifindex,
			    u32 label);

/* cgc_netdev_satisfies - does it satisfy one of these words, with that label? As above. */
bool cgc_netdev_satisfies(const struct cgc_netdev_selector *words, u32 count, struct net *net,
			  u32 ifindex, u32 label);

/* cgc_netdev_label - of an interface, CGC_LABEL_NETDEV_NONE: it has none. Any context. */
u32 cgc_netdev_label(const struct net *net, u32 ifindex);

/**
 * struct cgc_netdev_hand - what is about to be done by hand
 * @ifindex: to which interface of the initial namespace; 0: nothing is
 * @label: as for cgc_netdev_set()
 */
struct cgc_netdev_hand {
	u32 ifindex;
	u32 label;
};

/* cgc_netdev_label_under - the label that it would have under another set, and after
 * @hand. Any context, under rcu_read_lock(). */
u32 cgc_netdev_label_under(const struct cgc_policy *policy, struct net *net, u32 ifindex,
			   struct cgc_netdev_hand hand);

/* cgc_netdev_quarantine - is an interface with that label shut, whatever the rules say?
 * Once a set has a NETDEV statement, what none is for is, and lo never. Any context. */
bool cgc_netdev_quarantine(const struct cgc_policy *policy, u32 ifindex, u32 label);

/* cgc_netdev_label_name - how a set calls a label, or NULL. The set's protection. */
const char *cgc_netdev_label_name(const struct cgc_policy *policy, u32 label);

/**
 * cgc_netdev_set - give an interface of the initial namespace a label by hand
 * @hand: which, and CGC_LABEL_NETDEV_FIRST..CGC_LABEL_QUARANTINE - 1, until it is cleared or the
 *	interface goes; CGC_LABEL_NETDEV_NONE: back to what the set says
 *
 * May sleep. Return: 0, -ENODEV, -EINVAL.
 */
int cgc_netdev_set(struct cgc_netdev_hand hand);

/* cgc_netdev_relabel - the set in force is another: label all of them anew. Locked. */
void cgc_netdev_relabel(void);

/* cgc_netdev_carry - has an interface that label? */
bool cgc_netdev_carry(u32 label);

/* cgc_netdev_quarantined - how many interfaces are in quarantine. */
u32 cgc_netdev_quarantined(void);

/* cgc_netdev_get - the interface with number @index among all, of all namespaces; false:
 * there are no more. Under rcu_read_lock(). */
bool cgc_netdev_get(u32 index, struct cgc_netdev *out);

#endif
