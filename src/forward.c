// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which network namespaces there are, and that connections are tracked in each while
 * somebody needs it. Loading nf_conntrack alone tracks nothing.
 */
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack.h>
#include "forward.h"

/**
 * struct place - a network namespace
 * @node: in @places
 * @net: it
 */
struct place {
	struct list_head node;
	struct net *net;
};

static LIST_HEAD(places);
static unsigned int users;	/* > 0: connections are tracked in all places */
static DEFINE_MUTEX(lock);

int cgc_forward_get(const char **why)
{
	struct place *place;
	int err = 0;

	mutex_lock(&lock);
	if (users++)
		goto out;
	list_for_each_entry(place, &places, node) {
		err = nf_ct_netns_get(place->net, NFPROTO_INET);
		if (err)
			break;
	}
	if (!err)
		goto out;
	list_for_each_entry_continue_reverse(place, &places, node)
		nf_ct_netns_put(place->net, NFPROTO_INET);
	users--;
	*why = "the kernel does not track connections, which rules about what is forwarded need";
out:
	mutex_unlock(&lock);
	return err;
}

void cgc_forward_put(void)
{
	struct place *place;

	mutex_lock(&lock);
	if (!--users)
		list_for_each_entry(place, &places, node)
			nf_ct_netns_put(place->net, NFPROTO_INET);
	mutex_unlock(&lock);
}

int cgc_forward_enter(struct net *net)
{
	struct place *place = kmalloc(sizeof(*place), GFP_KERNEL_ACCOUNT);
	int err = 0;

	if (!place)
		return -ENOMEM;
	place->net = net;
	mutex_lock(&lock);
	if (users)
		err = nf_ct_netns_get(net, NFPROTO_INET);
	if (!err)
		list_add_tail(&place->node, &places);
	mutex_unlock(&lock);
	if (err)
		kfree(place);
	return err;
}

void cgc_forward_leave(struct net *net)
{
	struct place *place;

	mutex_lock(&lock);
	list_for_each_entry(place, &places, node) {
		if (place->net != net)
			continue;
		if (users)
			nf_ct_netns_put(net, NFPROTO_INET);
		list_del(&place->node);
		kfree(place);
		break;
	}
	mutex_unlock(&lock);
}
