// SPDX-License-Identifier: GPL-2.0-only
/*
 * Routing tables (missions I5, N7): a compartment with a table of its own is shown that
 * one alone, the others all but those, and neither the rules that choose them. What else
 * shows every table is in listing.c.
 */
#include <linux/netlink.h>
#include <linux/seq_file.h>
#include <net/ip6_fib.h>
#include <net/ip6_route.h>
#include <net/ip_fib.h>
#include "args.h"
#include "route.h"
#include "route_list.h"
#include "sees.h"

static bool sees_table(u32 table)
{
	u32 subject, own;

	if (cgc_sees_all(&subject))
		return true;
	own = cgc_route_table(subject);
	return own ? table == own : !cgc_route_is_table(table);
}

/* A list is asked for. */
static int on_dump(const struct netlink_callback *cb)
{
	u32 subject;

	if (!cgc_sees_all(&subject) && cgc_route_table(subject))
		cgc_route_list_main((struct nlmsghdr *)cb->nlh);
	return 0;
}

static int on_table(struct fib_table *table, struct sk_buff *skb, struct netlink_callback *cb,
		    struct fib_dump_filter *filter)
{
	return sees_table(table->tb_id) ? 0 : CGC_RETURN_ZERO;
}

/* -1: all of it is written. */
static int on_route6(struct fib6_info *rt, void *arg, unsigned int skip)
{
	return !rt->fib6_table || sees_table(rt->fib6_table->tb6_id) ? 0 : -1;
}

/* The main table's. */
static int on_proc_row(const void *row)
{
	return row == SEQ_START_TOKEN || sees_table(RT_TABLE_MAIN) ? 0 : CGC_RETURN_ZERO;
}

static int on_rules(void)
{
	u32 subject;

	return cgc_sees_all(&subject) || !cgc_route_any() ? 0 : CGC_RETURN_ZERO;
}

/* A look-up is by the mark that it names: never another's, and one's own is not known. */
static int on_look_up(const struct nlmsghdr *request)
{
	u32 subject;

	if (cgc_sees_all(&subject))
		return 0;
	return cgc_route_table(subject) || cgc_route_asks_by_mark(request) ? -ENETUNREACH : 0;
}

CGC_THUNK_STATIC(inet_dump_fib, on_dump(CGC_ARG(1, const struct netlink_callback *)))
CGC_THUNK_STATIC(inet6_dump_fib, on_dump(CGC_ARG(1, const struct netlink_callback *)))
CGC_THUNK4(fib_table_dump, int, on_table, struct fib_table *, struct sk_buff *,
	   struct netlink_callback *, struct fib_dump_filter *)
CGC_THUNK3(rt6_dump_route, int, on_route6, struct fib6_info *, void *, unsigned int)
CGC_THUNK_STATIC(fib_route_seq_show, on_proc_row(CGC_ARG(1, const void *)))
CGC_THUNK_NONE(fib_nl_dumprule, on_rules)
CGC_THUNK_STATIC(inet_rtm_getroute, on_look_up(CGC_ARG(1, const struct nlmsghdr *)))
CGC_THUNK_STATIC(inet6_rtm_getroute, on_look_up(CGC_ARG(1, const struct nlmsghdr *)))

static struct cgc_hook fib_hooks[] = {
	CGC_PRECHECK(inet_dump_fib, CGC_REQUIRED),
	CGC_PRECHECK(inet6_dump_fib, CGC_REQUIRED),
	CGC_PRECHECK(fib_table_dump, CGC_REQUIRED),
	CGC_PRECHECK(rt6_dump_route, CGC_REQUIRED),
	CGC_PRECHECK(fib_route_seq_show, CGC_REQUIRED),
	CGC_PRECHECK(fib_nl_dumprule, CGC_REQUIRED),
	CGC_PRECHECK(inet_rtm_getroute, CGC_REQUIRED),
	CGC_PRECHECK(inet6_rtm_getroute, CGC_REQUIRED),
};
CGC_HOOK_GROUP(fib);
