// SPDX-License-Identifier: GPL-2.0-only
#include <linux/errno.h>
#include "core/netdev_map.h"
#include "core/route.h"
#include "statement.h"

static int verify_netdev(const void *record, const char **why)
{
	return cgc_netdev_map_verify(record, why);
}

static void format_netdev(struct cgc_text *text, const void *record,
			  const struct cgc_names *names)
{
	cgc_format_netdev_map(text, record, names);
}

static int verify_route(const void *record, const char **why)
{
	return cgc_route_verify(record, why);
}

static void format_route(struct cgc_text *text, const void *record,
			 const struct cgc_names *names)
{
	cgc_format_route(text, record, names);
}

const struct cgc_statement_type cgc_statement_types[CGC_STATEMENT_KINDS] = {
	[CGC_STATEMENT_NETDEV] = { CGC_A_NETDEV_MAPS, CGC_NETDEV_MAPS_MAX,
				   sizeof(struct cgc_netdev_map), verify_netdev,
				   format_netdev },
	[CGC_STATEMENT_ROUTE] = { CGC_A_ROUTES, CGC_ROUTES_MAX, sizeof(struct cgc_route),
				  verify_route, format_route },
};

static void *record_at(const struct cgc_array *array, enum cgc_statement_kind kind, u32 i)
{
	return array->at + i * cgc_statement_types[kind].size;
}

static u32 *owner_of(void *record)
{
	return record;
}

static bool has(const struct cgc_array *array, enum cgc_statement_kind kind, const void *record)
{
	const size_t size = cgc_statement_types[kind].size;
	u32 i;

	for (i = 0; i < array->count; i++)
		if (!memcmp(record_at(array, kind, i) + sizeof(u32), record + sizeof(u32),
			    size - sizeof(u32)))
			return true;
	return false;
}

static int append(struct cgc_array *array, enum cgc_statement_kind kind, const void *record,
		  const char **why)
{
	const struct cgc_statement_type *type = &cgc_statement_types[kind];

	if (cgc_array_append(array, record, 1, type->size, type->max))
		return 0;
	*why = array->count == type->max ? "more statements of one kind than a set can have" :
					   "no memory for so many statements";
	return -ENOMEM;
}

int cgc_statements_take(struct cgc_statements *to, enum cgc_statement_kind kind,
			const void *records, u32 count, const char **why)
{
	const struct cgc_statement_type *type = &cgc_statement_types[kind];
	int err = 0;
	u32 i;

	for (i = 0; i < count && !err; i++, records += type->size) {
		const u32 owner = *(const u32 *)records;

		*why = "a statement's owner is unknown";
		if (owner < CGC_OWNER_FILES || owner > CGC_OWNER_UNIT)
			return -EINVAL;
		err = type->verify(records, why) ?: append(&to->of[kind], kind, records, why);
	}
	return err;
}

/* Those of the set in force that stay. */
static int keep(struct cgc_array *to, const struct cgc_array *from,
		const struct cgc_array *change, enum cgc_statement_kind kind, u32 op,
		const char **why)
{
	int err = 0;
	u32 i;

	for (i = 0; i < from->count && !err; i++) {
		void *record = record_at(from, kind, i);

		if (op == CGC_OP_REPLACE && *owner_of(record) == CGC_OWNER_FILES)
			continue;
		/* What a file says stands for what was added with the same words. */
		if (op != CGC_OP_ADD && has(change, kind, record))
			continue;
		err = append(to, kind, record, why);
	}
	return err;
}

static int bring(struct cgc_array *to, const struct cgc_array *change,
		 enum cgc_statement_kind kind, u32 op, const char **why)
{
	int err = 0;
	u32 i;

	for (i = 0; i < change->count && !err; i++) {
		void *record = record_at(change, kind, i);

		if (op == CGC_OP_REPLACE)
			*owner_of(record) = CGC_OWNER_FILES;
		else if (*owner_of(record) != CGC_OWNER_UNIT)
			*owner_of(record) = CGC_OWNER_CLI;
		if (!has(to, kind, record)) {
			err = append(to, kind, record, why);
		} else if (op == CGC_OP_ADD) {
			*why = "the statement is there already";
			err = -EEXIST;
		}
	}
	return err;
}

static int all_there(const struct cgc_array *from, const struct cgc_array *change,
		     enum cgc_statement_kind kind, const char **why)
{
	u32 i;

	for (i = 0; i < change->count; i++) {
		if (has(from, kind, record_at(change, kind, i)))
			continue;
		*why = "a statement that is to be deleted is not there";
		return -ENOENT;
	}
	return 0;
}

static int change_kind(struct cgc_array *to, const struct cgc_array *from,
		       const struct cgc_array *change, enum cgc_statement_kind kind, u32 op,
		       const char **why)
{
	if (op == CGC_OP_DEL)
		return all_there(from, change, kind, why) ?:
		       keep(to, from, change, kind, op, why);
	if (op == CGC_OP_REPLACE)	/* the files' come first */
		return bring(to, change, kind, op, why) ?:
		       keep(to, from, change, kind, op, why);
	return keep(to, from, change, kind, op, why) ?: bring(to, change, kind, op, why);
}

int cgc_statements_change(struct cgc_statements *to, const struct cgc_statements *from,
			  const struct cgc_statements *change, u32 op, const char **why)
{
	int err = 0;
	u32 kind;

	for (kind = 0; kind < CGC_STATEMENT_KINDS && !err; kind++)
		err = change_kind(&to->of[kind], &from->of[kind], &change->of[kind], kind, op, why);
	return err;
}

void cgc_statements_free(struct cgc_statements *statements)
{
	u32 kind;

	for (kind = 0; kind < CGC_STATEMENT_KINDS; kind++)
		kvfree(statements->of[kind].at);
	memset(statements, 0, sizeof(*statements));
}

size_t cgc_statements_bytes(const struct cgc_statements *statements)
{
	size_t bytes = 0;
	u32 kind;

	for (kind = 0; kind < CGC_STATEMENT_KINDS; kind++)
		bytes += statements->of[kind].room * cgc_statement_types[kind].size;
	return bytes;
}
