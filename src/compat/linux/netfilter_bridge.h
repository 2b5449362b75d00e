/* SPDX-License-Identifier: GPL-2.0-only */
/* Frames of a bridge that br_netfilter shows: a kernel may be made without it. */
#ifndef CGC_COMPAT_LINUX_NETFILTER_BRIDGE_H
#define CGC_COMPAT_LINUX_NETFILTER_BRIDGE_H

#include_next <linux/netfilter_bridge.h>

/* cgc_bridge_passes - does a frame go from port to port of a bridge? Any context. */
static inline bool cgc_bridge_passes(const struct sk_buff *skb)
{
#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
	const struct nf_bridge_info *bridge = nf_bridge_info_get(skb);

	return unlikely(bridge) && bridge->physoutdev;
#else
	return false;
#endif
}

#endif
