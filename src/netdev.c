// SPDX-License-Identifier: GPL-2.0-only
#include <linux/inetdevice.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/xarray.h>
#include <net/addrconf.h>
#include <net/flow.h>
#include "netdev.h"
#include "netdev_facts.h"
#include "policy.h"

/*
 * An interface's entry, there from its registration to its end so that a change never
 * needs memory: its label, whether that was given by hand, whether it is up or about to
 * be, and the number of the statement from 1 (0: none).
 */
#define LABEL_MASK	0xFFFFul
#define BY_HAND		(1ul << 16)
#define UP		(1ul << 17)
#define STATEMENT_SHIFT	18
#define NOTHING		(CGC_LABEL_NETDEV_NONE & LABEL_MASK)

/* Those of the initial namespace, by number: found in a few steps, as a tree is as deep as
 * its highest key needs. All others', by key_of(). */
static DEFINE_XARRAY_FLAGS(initial, XA_FLAGS_LOCK_BH);
static DEFINE_XARRAY_FLAGS(others, XA_FLAGS_LOCK_BH);
static DEFINE_SPINLOCK(lock);	/* from reading the set to writing the entry */
static atomic_t quarantined;

static struct xarray *entries_of(const struct net *net)
{
	return net_eq(net, &init_net) ? &initial : &others;
}

static unsigned long key_of(const struct net *net, u32 ifindex)
{
	return net_eq(net, &init_net) ? ifindex : (unsigned long)net->ns.inum << 32 | ifindex;
}

static u32 label_of(unsigned long entry)
{
	return CGC_LABEL_NETDEV_FIRST | (entry & LABEL_MASK);
}

static unsigned long load(const struct net *net, u32 ifindex)
{
	void *entry = xa_load(entries_of(net), key_of(net, ifindex));

	return entry ? xa_to_value(entry) : NOTHING;
}

u32 cgc_netdev_label(const struct net *net, u32 ifindex)
{
	return label_of(load(net, ifindex));
}

static const struct cgc_array *maps_of(const struct cgc_policy *policy)
{
	return &policy->statements.of[CGC_STATEMENT_NETDEV];
}

bool cgc_netdev_quarantine(const struct cgc_policy *policy, u32 ifindex, u32 label)
{
	return maps_of(policy)->count && ifindex != LOOPBACK_IFINDEX &&
	       label >= CGC_LABEL_QUARANTINE;
}

const char *cgc_netdev_label_name(const struct cgc_policy *policy, u32 label)
{
	const struct cgc_netdev_map *map = maps_of(policy)->at;
	u32 i;

	if (label < CGC_LABEL_NETDEV_FIRST || label > CGC_LABEL_QUARANTINE)
		return NULL;
	for (i = 0; i < maps_of(policy)->count; i++)
		if (map[i].label == label && map[i].label_name[0])
			return map[i].label_name;
	return label == CGC_LABEL_QUARANTINE ? "quarantine" : NULL;
}

static bool satisfies(const struct cgc_netdev_selector *word, const struct net_device *dev,
		      u32 label)
{
	if (word->label)
		return label == word->label;
	return net_eq(dev_net(dev), &init_net) &&
	       !strncmp(word->name, dev->name, sizeof(word->name));
}

u64 cgc_netdev_selectors_of(const struct cgc_ruleset *set, struct net *net, u32 ifindex,
			    u32 label)
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
		if (satisfies(&set->netdevs[i], dev, label))
			bits |= 1ull << i;
	return bits;
}

u64 cgc_netdev_selectors(const struct cgc_ruleset *set, struct net *net, u32 ifindex)
{
	return cgc_netdev_selectors_of(set, net, ifindex, cgc_netdev_label(net, ifindex));
}

bool cgc_netdev_satisfies(const struct cgc_netdev_selector *words, u32 count, struct net *net,
			  u32 ifindex, u32 label)
{
	const struct net_device *dev = dev_get_by_index_rcu(net, ifindex);
	u32 i;

	for (i = 0; dev && i < count; i++)
		if (satisfies(&words[i], dev, label))
			return true;
	return false;
}

/* What an entry is to become under a set. */
static unsigned long decide(const struct cgc_policy *policy, const struct net_device *dev,
			    unsigned long entry)
{
	const struct cgc_array *maps = maps_of(policy);
	const struct cgc_netdev_map *map = maps->at;
	int first;

	if (entry & BY_HAND)
		return entry;
	entry = (entry & UP) | NOTHING;
	if (!(entry & UP) || !maps->count || dev->ifindex == LOOPBACK_IFINDEX)
		return entry;
	first = cgc_netdev_facts_first(map, maps->count, dev);
	entry &= ~LABEL_MASK;
	if (first < 0)
		return entry | (CGC_LABEL_QUARANTINE & LABEL_MASK);
	return entry | (map[first].label & LABEL_MASK) |
	       (unsigned long)(first + 1) << STATEMENT_SHIFT;
}

static void count(unsigned long entry, int by)
{
	if (label_of(entry) == CGC_LABEL_QUARANTINE)
		atomic_add(by, &quarantined);
}

/* Exchange bits, and give it the label that it is to have then. */
static void relabel(const struct net_device *dev, unsigned long set, unsigned long clear)
{
	const struct net *net = dev_net(dev);
	unsigned long key = key_of(net, dev->ifindex), old, new;

	spin_lock_bh(&lock);
	rcu_read_lock();
	if (!xa_load(entries_of(net), key)) {
		rcu_read_unlock();
		spin_unlock_bh(&lock);
		return;
	}
	old = load(net, dev->ifindex);
	new = decide(cgc_policy(), dev, (old & ~clear) | set);
	if (new != old) {
		xa_store(entries_of(net), key, xa_mk_value(new), GFP_ATOMIC);
		count(old, -1);
		count(new, 1);
	}
	rcu_read_unlock();
	spin_unlock_bh(&lock);
	if (label_of(new) != label_of(old))
		cgc_policy_touch();
}

static void relabel_net(struct net *net)
{
	const struct net_device *dev;

	rcu_read_lock();
	for_each_netdev_rcu(net, dev)
		relabel(dev, 0, 0);
	rcu_read_unlock();
}

void cgc_netdev_relabel(void)
{
	struct net *net;

	cgc_policy_assert_locked();
	rcu_read_lock();
	for_each_net_rcu(net)
		relabel_net(net);
	rcu_read_unlock();
}

/* The entry's bits that a label by hand sets; the others of it go. */
static unsigned long by_hand(u32 label)
{
	return label == CGC_LABEL_NETDEV_NONE ? 0 : BY_HAND | (label & LABEL_MASK);
}

u32 cgc_netdev_label_under(const struct cgc_policy *policy, struct net *net, u32 ifindex,
			   struct cgc_netdev_hand hand)
{
	const struct net_device *dev = dev_get_by_index_rcu(net, ifindex);
	unsigned long entry = load(net, ifindex);

	if (!dev)
		return CGC_LABEL_NETDEV_NONE;
	if (hand.ifindex == ifindex && net_eq(net, &init_net))
		entry = (entry & UP) | by_hand(hand.label);
	return label_of(decide(policy, dev, entry));
}

int cgc_netdev_set(struct cgc_netdev_hand hand)
{
	const struct net_device *dev;

	if (hand.label < CGC_LABEL_NETDEV_FIRST ||
	    (hand.label >= CGC_LABEL_QUARANTINE && hand.label != CGC_LABEL_NETDEV_NONE))
		return -EINVAL;
	rtnl_lock();
	dev = __dev_get_by_index(&init_net, hand.ifindex);
	if (dev)
		relabel(dev, by_hand(hand.label), ~UP);
	rtnl_unlock();
	return dev ? 0 : -ENODEV;
}

static bool any_carries(struct xarray *entries, u32 label)
{
	unsigned long key;
	void *entry;

	xa_for_each(entries, key, entry)
		if (label_of(xa_to_value(entry)) == label)
			return true;
	return false;
}

bool cgc_netdev_carry(u32 label)
{
	return any_carries(&initial, label) || any_carries(&others, label);
}

u32 cgc_netdev_quarantined(void)
{
	return atomic_read(&quarantined);
}

static void describe(const struct net *net, const struct net_device *dev, struct cgc_netdev *out)
{
	unsigned long entry = load(net, dev->ifindex);

	memset(out, 0, sizeof(*out));
	out->ifindex = dev->ifindex;
	out->label = label_of(entry);
	out->statement = entry & BY_HAND ? 0 : entry >> STATEMENT_SHIFT;
	out->by_hand = !!(entry & BY_HAND);
	out->netns = net_eq(net, &init_net) ? 0 : net->ns.inum;
	strscpy(out->name, dev->name, sizeof(out->name));
}

bool cgc_netdev_get(u32 index, struct cgc_netdev *out)
{
	const struct net_device *dev;
	struct net *net;
	u32 i = 0;

	for_each_net_rcu(net) {
		for_each_netdev_rcu(net, dev) {
			if (i++ < index)
				continue;
			describe(net, dev, out);
			return true;
		}
	}
	return false;
}

static int begin(const struct net_device *dev)
{
	unsigned long key = key_of(dev_net(dev), dev->ifindex);
	int err = xa_insert_bh(entries_of(dev_net(dev)), key, xa_mk_value(NOTHING), GFP_KERNEL);

	return err == -EBUSY ? 0 : err;
}

static void end(const struct net_device *dev)
{
	const struct net *net = dev_net(dev);

	spin_lock_bh(&lock);
	count(load(net, dev->ifindex), -1);
	xa_erase(entries_of(net), key_of(net, dev->ifindex));
	spin_unlock_bh(&lock);
}

/* Rules name interfaces, in the initial namespace. */
static void touch_named(const struct net_device *dev)
{
	if (net_eq(dev_net(dev), &init_net))
		cgc_policy_touch();
}

static int on_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	const struct net_device *dev = netdev_notifier_info_to_dev(ptr);

	switch (event) {
	case NETDEV_REGISTER:
		return notifier_from_errno(begin(dev));
	case NETDEV_PRE_UP:
	case NETDEV_UP:	/* of those that were there before this module */
		relabel(dev, UP, 0);
		break;
	case NETDEV_DOWN:
		relabel(dev, 0, UP);
		break;
	case NETDEV_CHANGENAME:	/* it may be another one's master */
		relabel_net(dev_net(dev));
		touch_named(dev);
		break;
	case NETDEV_CHANGEADDR:
	case NETDEV_CHANGEUPPER:
	case NETDEV_CHANGE:
		relabel(dev, 0, 0);
		break;
	case NETDEV_UNREGISTER:
		end(dev);
		touch_named(dev);
	}
	return NOTIFY_DONE;
}

static int on_address(struct notifier_block *nb, unsigned long event, void *ptr)
{
	const struct in_ifaddr *address = ptr;

	relabel(address->ifa_dev->dev, 0, 0);
	return NOTIFY_DONE;
}

/* Also from the softirq, where routers announce prefixes. */
static int on_address6(struct notifier_block *nb, unsigned long event, void *ptr)
{
	const struct inet6_ifaddr *address = ptr;

	relabel(address->idev->dev, 0, 0);
	return NOTIFY_DONE;
}

static struct notifier_block notifier = { .notifier_call = on_event };
static struct notifier_block address_notifier = { .notifier_call = on_address };
static struct notifier_block address6_notifier = { .notifier_call = on_address6 };

static void forget_all(void)
{
	xa_destroy(&initial);
	xa_destroy(&others);
}

int __init cgc_netdev_init(void)
{
	int err = register_netdevice_notifier(&notifier);

	if (err)
		return err;
	err = register_inetaddr_notifier(&address_notifier);
	if (err)
		goto exit_netdevice;
	err = register_inet6addr_notifier(&address6_notifier);
	if (err)
		goto exit_inetaddr;
	return 0;

exit_inetaddr:
	unregister_inetaddr_notifier(&address_notifier);
exit_netdevice:
	unregister_netdevice_notifier(&notifier);
	forget_all();
	return err;
}

void cgc_netdev_exit(void)
{
	unregister_inet6addr_notifier(&address6_notifier);
	unregister_inetaddr_notifier(&address_notifier);
	unregister_netdevice_notifier(&notifier);
	forget_all();
}
