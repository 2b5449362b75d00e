// SPDX-License-Identifier: GPL-2.0-only
#include <linux/if_vlan.h>
#include <linux/inetdevice.h>
#include <net/addrconf.h>
#include <net/rtnetlink.h>
#include "netdev_facts.h"

static bool in_net4(const struct net_device *dev, const struct cgc_map_addr *net, bool peer)
{
	const struct in_device *in_dev = __in_dev_get_rcu(dev);
	const struct in_ifaddr *ifa;
	bool found = false;
	u8 addr[16] = {};

	if (!in_dev)
		return false;
	in_dev_for_each_ifa_rcu(ifa, in_dev) {
		if (peer && ifa->ifa_address == ifa->ifa_local)
			continue;
		memcpy(addr, peer ? &ifa->ifa_address : &ifa->ifa_local, 4);
		found = found || cgc_map_addr_has(net, 4, addr);
	}
	return found;
}

static bool in_net6(const struct net_device *dev, const struct cgc_map_addr *net, bool peer)
{
	const struct inet6_dev *idev = __in6_dev_get(dev);
	const struct inet6_ifaddr *ifa;

	if (!idev)
		return false;
	list_for_each_entry_rcu(ifa, &idev->addr_list, if_list) {
		if (READ_ONCE(ifa->state) == INET6_IFADDR_STATE_DEAD)
			continue;
		if (peer && ipv6_addr_any(&ifa->peer_addr))
			continue;
		if (cgc_map_addr_has(net, 6, peer ? &ifa->peer_addr : &ifa->addr))
			return true;
	}
	return false;
}

static bool in_net(const void *ctx, const struct cgc_map_addr *net, bool peer)
{
	return net->family == 4 ? in_net4(ctx, net, peer) : in_net6(ctx, net, peer);
}

static bool called(const void *ctx, const char *name)
{
	const struct net_device *dev = ctx;

	return dev_get_by_name_rcu(dev_net(dev), name) == dev;
}

static const char *driver_of(const struct net_device *dev)
{
	return dev->dev.parent ? dev_driver_string(dev->dev.parent) : "";
}

static const char *alias_of(const struct net_device *dev)
{
	const struct dev_ifalias *alias = rcu_dereference(dev->ifalias);

	return alias ? alias->ifalias : "";
}

int cgc_netdev_facts_first(const struct cgc_netdev_map *maps, u32 count,
			   const struct net_device *dev)
{
	const struct net_device *master =
		netdev_master_upper_dev_get_rcu((struct net_device *)dev);
	struct cgc_netdev_facts facts = {
		.initial = net_eq(dev_net(dev), &init_net),
		.is_vlan = is_vlan_dev(dev),
		.has_mac = dev->addr_len == ETH_ALEN,
		.name = dev->name,
		.kind = dev->rtnl_link_ops ? dev->rtnl_link_ops->kind : "",
		.driver = driver_of(dev),
		.master = master ? master->name : "",
		.alias = alias_of(dev),
		.in_net = in_net,
		.called = called,
		.ctx = dev,
	};

	if (facts.is_vlan)
		facts.vlan = vlan_dev_vlan_id(dev);
	if (facts.has_mac)
		memcpy(facts.mac, dev->dev_addr, ETH_ALEN);
	return cgc_netdev_map_first(maps, count, &facts);
}
