/* SPDX-License-Identifier: GPL-2.0-only */
/* What NETDEV statements ask of an interface, read from the kernel. */
#ifndef CGC_NETDEV_FACTS_H
#define CGC_NETDEV_FACTS_H

#include <linux/netdevice.h>
#include "core/netdev_map.h"

/* cgc_netdev_facts_first - the first of @count statements that means @dev, -1: none.
 * Under rcu_read_lock(). Any context. */
int cgc_netdev_facts_first(const struct cgc_netdev_map *maps, u32 count,
			   const struct net_device *dev);

#endif
