// SPDX-License-Identifier: GPL-2.0-only
/* Labels of interfaces: of the initial namespace, gone with the interface. */
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/xarray.h>
#include "netdev.h"
#include "policy.h"

static DEFINE_XARRAY(labels);	/* ifindex -> label */

u32 cgc_netdev_label(u32 ifindex)
{
	void *entry = xa_load(&labels, ifindex);

	return entry ? xa_to_value(entry) : CGC_LABEL_NETDEV_NONE;
}

static bool satisfies(const struct cgc_netdev_selector *word, const struct net_device *dev,
		      struct net *net)
{
	if (!net_eq(net, &init_net))
		return false;
	if (word->label)
		return cgc_netdev_label(dev->ifindex) == word->label;
	return !strncmp(word->name, dev->name, sizeof(word->name));
}

u64 cgc_netdev_selectors(const struct cgc_ruleset *set, struct net *net, u32 ifindex)
{
	const struct net_device *dev;
	u64 bits = 0;
	u32 i;

	if (!set->netdevs_count || !ifindex)
		return 0;
	dev = dev_get_by_index_rcu(net, ifindex);
	if (!dev)
		return 0;
	for (i = 0; i < set->netdevs_count; i++)
		if (satisfies(&set->netdevs[i], dev, net))
			bits |= 1ull << i;
	return bits;
}

int cgc_netdev_set(u32 ifindex, u32 label)
{
	struct net_device *dev;
	int err = 0;

	if (label < CGC_LABEL_NETDEV_FIRST || label > CGC_LABEL_NETDEV_LAST)
		return -EINVAL;
	rtnl_lock();
	dev = __dev_get_by_index(&init_net, ifindex);
	if (!dev)
		err = -ENODEV;
	else if (label == CGC_LABEL_NETDEV_NONE)
		xa_erase(&labels, ifindex);
	else
		err = xa_err(xa_store(&labels, ifindex, xa_mk_value(label), GFP_KERNEL));
	rtnl_unlock();
	if (!err)
		cgc_policy_touch();
	return err;
}

static int on_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	const struct net_device *dev = netdev_notifier_info_to_dev(ptr);

	if (!net_eq(dev_net(dev), &init_net))
		return NOTIFY_DONE;
	if (event == NETDEV_UNREGISTER)
		xa_erase(&labels, dev->ifindex);
	if (event == NETDEV_UNREGISTER || event == NETDEV_CHANGENAME)
		cgc_policy_touch();
	return NOTIFY_DONE;
}

static struct notifier_block notifier = { .notifier_call = on_event };

int __init cgc_netdev_init(void)
{
	return register_netdevice_notifier(&notifier);
}

void cgc_netdev_exit(void)
{
	unregister_netdevice_notifier(&notifier);
	xa_destroy(&labels);
}
