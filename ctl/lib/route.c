// SPDX-License-Identifier: GPL-2.0-only
/* What is to be in the kernel's tables, compared with what is there. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/route.h"
#include "route.h"
#include "rtnl.h"

#define DUMP_TRIES	20

/* One `ip rule': what is compared. */
struct rule {
	u32 priority;
	u32 mark;
	u32 mask;
	u32 table;
	u8 action;
	bool inverted;
	bool stays;
};

/* One route of the kernel's. */
struct entry {
	u32 table;
	u32 oif;
	u8 family;
	u8 prefix;
	u8 dst[16];
	u8 via[16];
	bool stays;
};

/* struct list - what a dump has brought */
struct list {
	u8 family;
	struct rule *rules;
	struct entry *entries;
	u32 count;
};

/* What there is of a family; again where it changed meanwhile. */
static int dump(struct cgc_rtnl *rtnl, u16 type, mnl_cb_t each, struct list *list)
{
	unsigned int tries;
	int err = -EINTR;

	for (tries = 0; err == -EINTR && tries < DUMP_TRIES; tries++) {
		list->count = 0;
		err = cgc_rtnl_dump(rtnl, type, list->family, each, list);
	}
	return err;
}

static size_t bytes_of(u8 family)
{
	return family == AF_INET ? 4 : 16;
}

static bool is_table(u32 table)
{
	return table > CGC_TABLE_FIRST && table <= CGC_TABLE_FIRST + CGC_COMPARTMENTS_MAX;
}

static u32 u32_of(struct nlattr **attrs, u16 type)
{
	return attrs[type] && mnl_attr_get_payload_len(attrs[type]) >= 4 ?
	       mnl_attr_get_u32(attrs[type]) : 0;
}

static void copy_addr(u8 *to, struct nlattr *attr, u8 family)
{
	if (attr && mnl_attr_get_payload_len(attr) == bytes_of(family))
		memcpy(to, mnl_attr_get_payload(attr), bytes_of(family));
}

static int on_rule(const struct nlmsghdr *nlh, void *ctx)
{
	const struct fib_rule_hdr *header = mnl_nlmsg_get_payload(nlh);
	struct nlattr *attrs[FRA_MAX + 1] = { 0 };
	struct list *list = ctx;
	struct rule *rule;

	cgc_rtnl_attrs(nlh, sizeof(*header), attrs, FRA_MAX);
	if (header->family != list->family || !attrs[FRA_PROTOCOL] ||
	    mnl_attr_get_u8(attrs[FRA_PROTOCOL]) != CGC_ROUTE_PROTOCOL)
		return MNL_CB_OK;
	list->rules = cgc_grow(list->rules, list->count, sizeof(*rule));
	rule = &list->rules[list->count++];
	*rule = (struct rule){
		.priority = u32_of(attrs, FRA_PRIORITY),
		.mark = u32_of(attrs, FRA_FWMARK),
		.mask = u32_of(attrs, FRA_FWMASK),
		.table = u32_of(attrs, FRA_TABLE),
		.action = header->action,
		.inverted = header->flags & FIB_RULE_INVERT,
	};
	return MNL_CB_OK;
}

static int on_entry(const struct nlmsghdr *nlh, void *ctx)
{
	const struct rtmsg *header = mnl_nlmsg_get_payload(nlh);
	struct nlattr *attrs[RTA_MAX + 1] = { 0 };
	struct list *list = ctx;
	struct entry entry = { .family = header->rtm_family, .prefix = header->rtm_dst_len };

	cgc_rtnl_attrs(nlh, sizeof(*header), attrs, RTA_MAX);
	entry.table = u32_of(attrs, RTA_TABLE);
	if (header->rtm_family != list->family || !is_table(entry.table) ||
	    header->rtm_protocol != CGC_ROUTE_PROTOCOL)
		return MNL_CB_OK;
	entry.oif = u32_of(attrs, RTA_OIF);
	copy_addr(entry.dst, attrs[RTA_DST], entry.family);
	copy_addr(entry.via, attrs[RTA_GATEWAY], entry.family);
	list->entries = cgc_grow(list->entries, list->count, sizeof(entry));
	list->entries[list->count++] = entry;
	return MNL_CB_OK;
}

static int send_rule(struct cgc_rtnl *rtnl, u16 type, u8 family, const struct rule *rule)
{
	struct nlmsghdr *nlh = cgc_rtnl_request(rtnl, type);
	struct fib_rule_hdr *header = mnl_nlmsg_put_extra_header(nlh, sizeof(*header));
	int err;

	header->family = family;
	header->action = rule->action;
	header->flags = rule->inverted ? FIB_RULE_INVERT : 0;
	header->table = RT_TABLE_UNSPEC;
	mnl_attr_put_u32(nlh, FRA_PRIORITY, rule->priority);
	mnl_attr_put_u32(nlh, FRA_FWMARK, rule->mark);
	mnl_attr_put_u32(nlh, FRA_FWMASK, rule->mask);
	mnl_attr_put_u8(nlh, FRA_PROTOCOL, CGC_ROUTE_PROTOCOL);
	if (rule->table)
		mnl_attr_put_u32(nlh, FRA_TABLE, rule->table);
	err = cgc_rtnl_talk(rtnl, nlh);
	/* Somebody else was faster. */
	return err == -EEXIST || (type == RTM_DELRULE && err == -ENOENT) ? 0 : err;
}

static int send_entry(struct cgc_rtnl *rtnl, u16 type, const struct entry *entry)
{
	static const u8 none[16];
	const bool gateway = memcmp(entry->via, none, sizeof(none));
	struct nlmsghdr *nlh = cgc_rtnl_request(rtnl, type);
	struct rtmsg *header = mnl_nlmsg_put_extra_header(nlh, sizeof(*header));
	const size_t bytes = bytes_of(entry->family);
	int err;

	header->rtm_family = entry->family;
	header->rtm_dst_len = entry->prefix;
	header->rtm_table = RT_TABLE_UNSPEC;
	header->rtm_protocol = CGC_ROUTE_PROTOCOL;
	header->rtm_type = RTN_UNICAST;
	header->rtm_scope = gateway || entry->family == AF_INET6 ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
	/* Its address need not be among ours. */
	header->rtm_flags = gateway ? RTNH_F_ONLINK : 0;
	if (entry->prefix)
		mnl_attr_put(nlh, RTA_DST, bytes, entry->dst);
	if (gateway)
		mnl_attr_put(nlh, RTA_GATEWAY, bytes, entry->via);
	mnl_attr_put_u32(nlh, RTA_TABLE, entry->table);
	mnl_attr_put_u32(nlh, RTA_OIF, entry->oif);
	err = cgc_rtnl_talk(rtnl, nlh);
	return err == -EEXIST || (type == RTM_DELROUTE && err == -ESRCH) ? 0 : err;
}

static bool same_rule(const struct rule *a, const struct rule *b)
{
	return a->priority == b->priority && a->mark == b->mark && a->mask == b->mask &&
	       a->table == b->table && a->action == b->action && a->inverted == b->inverted;
}

static int want_rule(struct cgc_rtnl *rtnl, struct list *there, const struct rule *rule)
{
	u32 i;

	for (i = 0; i < there->count; i++) {
		if (there->rules[i].stays || !same_rule(&there->rules[i], rule))
			continue;
		there->rules[i].stays = true;
		return 0;
	}
	return send_rule(rtnl, RTM_NEWRULE, there->family, rule);
}

/* The one behind all the others comes first and goes last. */
static int want_rules(struct cgc_rtnl *rtnl, struct list *there, const struct cgc_set *set,
		      u32 mask)
{
	const struct rule nothing = { .priority = CGC_ROUTE_PRIORITY + 1, .mask = mask,
				      .action = FR_ACT_UNREACHABLE, .inverted = true };
	bool any = false;
	int err = 0;
	u32 i;

	for (i = 0; i < set->defs_count && !err; i++) {
		const u32 table = set->defs[i].table;
		const struct rule rule = { .priority = CGC_ROUTE_PRIORITY, .mask = mask,
					   .mark = (table - CGC_TABLE_FIRST) << __builtin_ctz(mask),
					   .table = table, .action = FR_ACT_TO_TBL };

		if (!table)
			continue;
		if (!any)
			err = want_rule(rtnl, there, &nothing);
		any = true;
		if (!err)
			err = want_rule(rtnl, there, &rule);
	}
	return err;
}

static int by_priority(const void *a, const void *b)
{
	const struct rule *x = a, *y = b;

	return x->priority < y->priority ? -1 : x->priority > y->priority;
}

/* @found: receives whether there were any. */
static int apply_rules(struct cgc_rtnl *rtnl, u8 family, const struct cgc_set *set, u32 mask,
		       bool *found)
{
	struct list there = { .family = family };
	int err = dump(rtnl, RTM_GETRULE, on_rule, &there);
	u32 i;

	*found = there.count;
	if (!err)
		err = want_rules(rtnl, &there, set, mask);
	if (there.count)
		qsort(there.rules, there.count, sizeof(*there.rules), by_priority);
	for (i = 0; i < there.count && !err; i++)
		if (!there.rules[i].stays)
			err = send_rule(rtnl, RTM_DELRULE, family, &there.rules[i]);
	free(there.rules);
	return err;
}

static u32 table_of(const struct cgc_set *set, u32 compartment)
{
	u32 i;

	for (i = 0; i < set->defs_count; i++)
		if (set->defs[i].number == compartment)
			return set->defs[i].table;
	return 0;
}

/* By which interface a gateway is reached; 0: by none. */
static int on_way(const struct nlmsghdr *nlh, void *ctx)
{
	struct nlattr *attrs[RTA_MAX + 1] = { 0 };

	cgc_rtnl_attrs(nlh, sizeof(struct rtmsg), attrs, RTA_MAX);
	if (nlh->nlmsg_type == RTM_NEWROUTE)
		*(u32 *)ctx = u32_of(attrs, RTA_OIF);
	return MNL_CB_OK;
}

static u32 way_to(struct cgc_rtnl *rtnl, const struct cgc_route *route)
{
	struct nlmsghdr *nlh = cgc_rtnl_request(rtnl, RTM_GETROUTE);
	struct rtmsg *header = mnl_nlmsg_put_extra_header(nlh, sizeof(*header));
	u32 oif = 0;

	header->rtm_family = route->family == 4 ? AF_INET : AF_INET6;
	header->rtm_dst_len = route->family == 4 ? 32 : 128;
	mnl_attr_put(nlh, RTA_DST, route->family == 4 ? 4 : 16, route->via);
	return cgc_rtnl_ask(rtnl, nlh, on_way, &oif) ? 0 : oif;
}

/* False: not now. */
static bool wanted(struct cgc_rtnl *rtnl, const struct cgc_set *set,
		   const struct cgc_route *route, struct entry *entry)
{
	memset(entry, 0, sizeof(*entry));
	entry->table = table_of(set, route->compartment);
	entry->family = route->family == 4 ? AF_INET : AF_INET6;
	entry->prefix = route->prefix;
	memcpy(entry->dst, route->dst, sizeof(entry->dst));
	memcpy(entry->via, route->via, sizeof(entry->via));
	entry->oif = route->netdev[0] ? if_nametoindex(route->netdev) : way_to(rtnl, route);
	return entry->table && entry->oif;
}

static bool same_entry(const struct entry *a, const struct entry *b)
{
	return a->table == b->table && a->oif == b->oif && a->family == b->family &&
	       a->prefix == b->prefix && !memcmp(a->dst, b->dst, sizeof(a->dst)) &&
	       !memcmp(a->via, b->via, sizeof(a->via));
}

/**
 * struct wish - a route that is to be there
 * @entry: it
 * @at: the statement's index
 * @there: it is
 */
struct wish {
	struct entry entry;
	u32 at;
	bool there;
};

static u32 wish_all(struct cgc_rtnl *rtnl, u8 family, const struct cgc_set *set,
		    struct list *there, struct wish *wishes)
{
	const struct cgc_set_statements *stated = &set->statements[CGC_STATEMENT_ROUTE];
	const struct cgc_route *routes = stated->at;
	u32 i, j, count = 0;

	for (i = 0; i < stated->count; i++) {
		struct wish *wish = &wishes[count];

		*wish = (struct wish){ .at = i };
		if (!wanted(rtnl, set, &routes[i], &wish->entry) ||
		    wish->entry.family != family)
			continue;
		for (j = 0; j < there->count && !wish->there; j++)
			wish->there = same_entry(&there->entries[j], &wish->entry);
		if (wish->there)
			there->entries[j - 1].stays = true;
		count++;
	}
	return count;
}

/* An interface that is down has no routes, nor one that goes meanwhile. */
static bool is_for_later(int err)
{
	return err == -ENETDOWN || err == -ENODEV || err == -ENETUNREACH;
}

static int apply_entries(struct cgc_rtnl *rtnl, u8 family, const struct cgc_set *set, u32 *fault)
{
	const u32 stated = set->statements[CGC_STATEMENT_ROUTE].count;
	struct wish *wishes = cgc_alloc((stated + 1ul) * sizeof(*wishes));
	struct list there = { .family = family };
	int err = dump(rtnl, RTM_GETROUTE, on_entry, &there);
	u32 i, count = err ? 0 : wish_all(rtnl, family, set, &there, wishes);

	for (i = 0; i < there.count && !err; i++)
		if (!there.entries[i].stays)
			err = send_entry(rtnl, RTM_DELROUTE, &there.entries[i]);
	for (i = 0; i < count && !err; i++) {
		if (!wishes[i].there)
			err = send_entry(rtnl, RTM_NEWROUTE, &wishes[i].entry);
		if (err && fault && !is_for_later(err))
			*fault = wishes[i].at;
		else
			err = 0;
	}
	free(there.entries);
	free(wishes);
	return err;
}

static bool any_table(const struct cgc_set *set)
{
	u32 i;

	for (i = 0; i < set->defs_count; i++)
		if (set->defs[i].table)
			return true;
	return false;
}

int cgc_routes_apply(struct cgc_rtnl *rtnl, const struct cgc_set *set, u32 mask, u32 *fault)
{
	static const u8 families[] = { AF_INET, AF_INET6 };
	bool found;
	int err = 0;
	u32 i;

	for (i = 0; i < 2 && !err; i++) {
		err = apply_rules(rtnl, families[i], set, mask, &found);
		/* A machine's own tables may be large: not without need. */
		if (!err && (found || any_table(set)))
			err = apply_entries(rtnl, families[i], set, fault);
		/* A kernel without IPv6. */
		if (err == -EAFNOSUPPORT || err == -EOPNOTSUPP)
			err = 0;
	}
	return err;
}

/* Not the rules: there may be a million. */
static int fetch(struct cgc_nl *nl, struct cgc_set *set)
{
	struct cgc_records records;
	int err;

	memset(set, 0, sizeof(*set));
	err = cgc_wire_list(nl, CGC_LIST_COMPARTMENTS, &records);
	if (err)
		return err;
	set->defs = records.at;
	set->defs_count = records.count;
	err = cgc_wire_list(nl, CGC_LIST_ROUTES, &records);
	if (err)
		return err;
	set->statements[CGC_STATEMENT_ROUTE].at = records.at;
	set->statements[CGC_STATEMENT_ROUTE].count = records.count;
	return 0;
}

int cgc_routes_sync(struct cgc_nl *nl, struct cgc_route *fault)
{
	static struct cgc_rtnl rtnl;
	struct cgc_status status;
	u32 at = CGC_ROUTES_MAX;
	struct cgc_set set;
	int err = cgc_wire_status(nl, &status);

	if (err)
		return err;
	err = fetch(nl, &set);
	if (err)
		goto out;
	err = cgc_rtnl_open(&rtnl, 0);
	if (!err)
		err = cgc_routes_apply(&rtnl, &set, status.mark_mask, fault ? &at : NULL);
	if (err)
		snprintf(nl->why, sizeof(nl->why), "%s", rtnl.why);
	if (at < CGC_ROUTES_MAX)
		*fault = ((struct cgc_route *)set.statements[CGC_STATEMENT_ROUTE].at)[at];
	cgc_rtnl_close(&rtnl);
out:
	cgc_set_free(&set);
	return err;
}
