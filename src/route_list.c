// SPDX-License-Identifier: GPL-2.0-only
/*
 * What rtnetlink tells a compartment of routing tables. To programs the main table is what
 * a machine has: to a compartment with a table of its own that one is called so.
 */
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/netlink.h>
#include "route.h"
#include "route_list.h"

static struct nlattr *table_of(struct nlmsghdr *message)
{
	struct nlattr *attr;

	if (nlmsg_len(message) < (int)sizeof(struct rtmsg))
		return NULL;
	attr = nlmsg_find_attr(message, sizeof(struct rtmsg), RTA_TABLE);
	return attr && nla_len(attr) == sizeof(u32) ? attr : NULL;
}

static void set_table(struct nlmsghdr *message, struct nlattr *attr, u32 table)
{
	struct rtmsg *header = nlmsg_data(message);

	header->rtm_table = table;
	if (attr)
		*(u32 *)nla_data(attr) = table;
}

bool cgc_route_asks_by_mark(const struct nlmsghdr *request)
{
	const struct nlattr *mark = nlmsg_find_attr(request, sizeof(struct rtmsg), RTA_MARK);

	return mark && nla_len(mark) >= (int)sizeof(u32) && nla_get_u32(mark) & cgc_route_mask();
}

void cgc_route_list_main(struct nlmsghdr *request)
{
	const struct rtmsg *header = nlmsg_data(request);
	struct nlattr *attr = table_of(request);

	if (nlmsg_len(request) < (int)sizeof(*header))
		return;
	if (attr ? nla_get_u32(attr) == RT_TABLE_MAIN : header->rtm_table == RT_TABLE_MAIN)
		set_table(request, attr, RT_TABLE_UNSPEC);
}

/* One message of the kernel's, that nobody else has. @shared: others read it too. */
static bool show(struct nlmsghdr *message, u32 own, bool shared)
{
	struct nlattr *attr;

	if (message->nlmsg_type != RTM_NEWROUTE && message->nlmsg_type != RTM_DELROUTE)
		return true;
	attr = table_of(message);
	if (!attr)
		return true;
	if (!own)
		return !cgc_route_is_table(nla_get_u32(attr));
	if (nla_get_u32(attr) != own)
		return false;
	if (!shared)
		set_table(message, attr, RT_TABLE_MAIN);
	return true;
}

int cgc_route_list_deliver(const struct sk_buff *skb, u32 own)
{
	struct nlmsghdr *message = (struct nlmsghdr *)skb->data;
	const bool shared = skb_cloned(skb);
	int left = skb_headlen(skb);

	for (; nlmsg_ok(message, left); message = nlmsg_next(message, &left))
		if (!show(message, own, shared))
			return -EPERM;
	return 0;
}
