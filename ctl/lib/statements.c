// SPDX-License-Identifier: GPL-2.0-only
/* Statements that are plain records. */
#include <stdlib.h>

#include "print.h"

static const char *show_netdev(const void *record, const struct cgc_names *names)
{
	return cgc_show_netdev_map(record, names);
}

static const char *show_route(const void *record, const struct cgc_names *names)
{
	return cgc_show_route(record, names);
}

const struct cgc_statement_type cgc_statement_types[CGC_STATEMENT_KINDS] = {
	[CGC_STATEMENT_NETDEV] = { "labels", sizeof(struct cgc_netdev_map), show_netdev },
	[CGC_STATEMENT_ROUTE] = { "routes", sizeof(struct cgc_route), show_route },
};

const void *cgc_set_statement_at(const struct cgc_set *set, u32 kind, u32 i)
{
	return (const char *)set->statements[kind].at + i * cgc_statement_types[kind].size;
}

void cgc_set_statement(struct cgc_set *set, u32 kind, const void *record,
		       const struct cgc_origin *origin)
{
	const size_t size = cgc_statement_types[kind].size;
	struct cgc_set_statements *to = &set->statements[kind];

	to->at = cgc_grow(to->at, to->count, size);
	memcpy((char *)to->at + to->count * size, record, size);
	to->origins = cgc_grow(to->origins, to->count, sizeof(*to->origins));
	to->origins[to->count++] = *origin;
}

u32 cgc_set_find_statement(const struct cgc_set *set, u32 kind, const void *record)
{
	const size_t size = cgc_statement_types[kind].size - sizeof(u32);
	u32 i;

	/* Whoever's: the first word is the owner. */
	for (i = 0; i < set->statements[kind].count; i++)
		if (!memcmp((const u32 *)cgc_set_statement_at(set, kind, i) + 1,
			    (const u32 *)record + 1, size))
			break;
	return i;
}

bool cgc_set_has_statement(const struct cgc_set *set, u32 kind, const void *record)
{
	return cgc_set_find_statement(set, kind, record) < set->statements[kind].count;
}

u32 cgc_set_statements_count(const struct cgc_set *set)
{
	u32 kind, count = 0;

	for (kind = 0; kind < CGC_STATEMENT_KINDS; kind++)
		count += set->statements[kind].count;
	return count;
}

void cgc_set_statements_free(struct cgc_set *set)
{
	u32 kind;

	for (kind = 0; kind < CGC_STATEMENT_KINDS; kind++) {
		free(set->statements[kind].at);
		free(set->statements[kind].origins);
	}
	memset(set->statements, 0, sizeof(set->statements));
}
