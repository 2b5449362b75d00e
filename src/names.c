// SPDX-License-Identifier: GPL-2.0-only
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "compartment.h"
#include "fifo.h"
#include "ipc.h"
#include "keyring.h"
#include "limits.h"
#include "names.h"
#include "netdev.h"
#include "object.h"
#include "route.h"
#include "task.h"
#include "terminal.h"

struct name {
	u32 number;
	u32 table;	/* of routes, 0: it never had one */
	char text[CGC_NAME_SIZE];
};

static struct name *names;
static u32 count, room;

/* Interfaces' labels have names of their own: isp1 may be a compartment too. */
static struct name *by_text(const char *text, bool label)
{
	u32 i;

	for (i = 0; i < count; i++)
		if (cgc_label_is_netdev(names[i].number) == label && !strcmp(names[i].text, text))
			return &names[i];
	return NULL;
}

static struct name *by_number(u32 number)
{
	u32 i;

	for (i = 0; i < count; i++)
		if (names[i].number == number)
			return &names[i];
	return NULL;
}

static bool carried(u32 number)
{
	if (cgc_label_is_netdev(number))
		return cgc_netdev_carry(number);
	return cgc_task_carry(number) || cgc_sock_carry(number) || cgc_ipc_carry(number) ||
	       cgc_fifo_carry(number) || cgc_terminal_carry(number) || cgc_key_carry(number);
}

static const char *refusal(const struct cgc_compartment *def)
{
	const struct name *name = by_text(def->name, false);

	if (name && name->number != def->number)
		return "a compartment would get another number than it has had since the module was loaded";
	name = by_number(def->number);
	if (name && strcmp(name->text, def->name) && carried(def->number))
		return "the number of a compartment with processes or sockets would get another name";
	return NULL;
}

static const char *label_refusal(const struct cgc_array *maps, u32 i)
{
	const struct cgc_netdev_map *at = maps->at, *map = &at[i];
	const struct name *name = by_text(map->label_name, true);
	u32 j;

	for (j = 0; j < i; j++)
		if (at[j].label_name[0] &&
		    !strcmp(at[j].label_name, map->label_name) != (at[j].label == map->label))
			return "a label has two numbers, or two labels have one";
	if (name && name->number != map->label)
		return "a label would get another number than it has had since the module was loaded";
	name = by_number(map->label);
	if (name && strcmp(name->text, map->label_name) && carried(map->label))
		return "the number of a label that interfaces have would get another name";
	return NULL;
}

/* Too many: those that are neither in force nor carried are forgotten. */
static void prune(const struct cgc_policy *in_force)
{
	u32 i, left = 0;

	for (i = 0; i < count; i++)
		if (cgc_compartment_find(in_force, names[i].number) ||
		    cgc_netdev_label_name(in_force, names[i].number) || carried(names[i].number))
			names[left++] = names[i];
	count = left;
}

static int make_room(u32 wanted)
{
	struct name *bigger;

	if (wanted <= room)
		return 0;
	bigger = kvmalloc_array(wanted, sizeof(*bigger), GFP_KERNEL_ACCOUNT);
	if (!bigger)
		return -ENOMEM;
	if (count)
		memcpy(bigger, names, count * sizeof(*bigger));
	kvfree(names);
	names = bigger;
	room = wanted;
	return 0;
}

static bool table_taken(const struct cgc_policy *policy, u32 table)
{
	u32 i;

	for (i = 0; i < count; i++)
		if (names[i].table == table)
			return true;
	for (i = 0; i < policy->definitions_count; i++)
		if (policy->definitions[i].table == table)
			return true;
	return false;
}

static u32 free_table(const struct cgc_policy *policy)
{
	u32 i;

	for (i = 1; i <= cgc_route_tables_max(); i++)
		if (!table_taken(policy, CGC_TABLE_FIRST + i))
			return CGC_TABLE_FIRST + i;
	return 0;
}

int cgc_names_tables(struct cgc_policy *policy, const char **why)
{
	const struct name *name;
	u32 i;

	cgc_policy_assert_locked();
	for (i = 0; i < policy->definitions_count; i++)
		policy->definitions[i].table = 0;
	policy->routed = false;
	for (i = 0; i < policy->definitions_count; i++) {
		struct cgc_compartment *def = &policy->definitions[i];

		if (!(def->flags & CGC_COMPARTMENT_ROUTED))
			continue;
		name = by_number(def->number);
		def->table = name && name->table ? name->table : free_table(policy);
		if (!def->table) {
			*why = "more ROUTED compartments than the bits of mark_mask can tell apart";
			return -ENOSPC;
		}
		policy->routed = true;
	}
	return 0;
}

int cgc_names_verify(const struct cgc_policy *policy, const char **why)
{
	const struct cgc_array *maps = &policy->statements.of[CGC_STATEMENT_NETDEV];
	const u32 added = policy->definitions_count + maps->count;
	u32 i;

	cgc_policy_assert_locked();
	if (count + added > CGC_NAMES_MAX)
		prune(cgc_policy());
	for (i = 0; i < policy->definitions_count; i++) {
		*why = refusal(&policy->definitions[i]);
		if (*why)
			return -EBUSY;
	}
	for (i = 0; i < maps->count; i++) {
		const struct cgc_netdev_map *map = maps->at;

		*why = map[i].label_name[0] ? label_refusal(maps, i) : NULL;
		if (*why)
			return -EBUSY;
	}
	return make_room(count + added);
}

static void learn(u32 number, u32 table, const char *text)
{
	struct name *name = by_number(number);

	if (!name) {
		name = &names[count++];
		name->table = 0;
	}
	name->number = number;
	name->table = table ?: name->table;
	strscpy(name->text, text, sizeof(name->text));
}

void cgc_names_learn(const struct cgc_policy *policy)
{
	const struct cgc_array *maps = &policy->statements.of[CGC_STATEMENT_NETDEV];
	const struct cgc_netdev_map *map = maps->at;
	u32 i;

	cgc_policy_assert_locked();
	for (i = 0; i < policy->definitions_count; i++)
		learn(policy->definitions[i].number, policy->definitions[i].table,
		      policy->definitions[i].name);
	for (i = 0; i < maps->count; i++)
		if (map[i].label_name[0])
			learn(map[i].label, 0, map[i].label_name);
}

bool cgc_names_get(u32 index, struct cgc_compartment *name)
{
	cgc_policy_assert_locked();
	if (index >= count)
		return false;
	memset(name, 0, sizeof(*name));
	if (cgc_label_is_netdev(names[index].number))
		return true;
	name->number = names[index].number;
	name->caps = CGC_CAPS_DEFAULT;
	memcpy(name->name, names[index].text, sizeof(name->name));
	return true;
}

bool cgc_names_get_label(u32 index, struct cgc_label_name *name)
{
	cgc_policy_assert_locked();
	if (index >= count)
		return false;
	memset(name, 0, sizeof(*name));
	if (!cgc_label_is_netdev(names[index].number))
		return true;
	name->label = names[index].number;
	memcpy(name->name, names[index].text, sizeof(name->name));
	return true;
}

void cgc_names_exit(void)
{
	kvfree(names);
}
