/* SPDX-License-Identifier: GPL-2.0-only */
/* Nobody cuts the connection that they sit on by mistake (mission O7). */
#ifndef CGC_LOCKOUT_H
#define CGC_LOCKOUT_H

#include <net/net_namespace.h>
#include "netdev.h"
#include "policy.h"

/**
 * cgc_lockout - would a set cut this connection?
 * @policy: the set to be
 * @net: the namespace of the caller
 * @keep: the connection, as its peer began it; other fields do not count
 * @hand: a change of an interface's label by hand
 *
 * May sleep.
 */
bool cgc_lockout(const struct cgc_policy *policy, struct net *net, const struct cgc_flow *keep,
		 struct cgc_netdev_hand hand);

/* CGC_NO_HAND - none. */
#define CGC_NO_HAND	((struct cgc_netdev_hand){})

#endif
