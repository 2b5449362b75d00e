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
#include "object.h"
#include "task.h"
#include "terminal.h"

struct name {
	u32 number;
	char text[CGC_NAME_SIZE];
};

static struct name *names;
static u32 count, room;

static struct name *by_text(const char *text)
{
	u32 i;

	for (i = 0; i < count; i++)
		if (!strcmp(names[i].text, text))
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
	return cgc_task_carry(number) || cgc_sock_carry(number) || cgc_ipc_carry(number) ||
	       cgc_fifo_carry(number) || cgc_terminal_carry(number) || cgc_key_carry(number);
}

static const char *refusal(const struct cgc_compartment *def)
{
	const struct name *name = by_text(def->name);

	if (name && name->number != def->number)
		return "a compartment would get another number than it has had since the module was loaded";
	name = by_number(def->number);
	if (name && strcmp(name->text, def->name) && carried(def->number))
		return "the number of a compartment with processes or sockets would get another name";
	return NULL;
}

/* Too many: those that are neither in force nor carried are forgotten. */
static void prune(const struct cgc_policy *in_force)
{
	u32 i, left = 0;

	for (i = 0; i < count; i++)
		if (cgc_compartment_find(in_force, names[i].number) || carried(names[i].number))
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

int cgc_names_verify(const struct cgc_policy *policy, const char **why)
{
	u32 i;

	cgc_policy_assert_locked();
	if (count + policy->definitions_count > CGC_NAMES_MAX)
		prune(cgc_policy());
	for (i = 0; i < policy->definitions_count; i++) {
		*why = refusal(&policy->definitions[i]);
		if (*why)
			return -EBUSY;
	}
	return make_room(count + policy->definitions_count);
}

void cgc_names_learn(const struct cgc_policy *policy)
{
	struct name *name;
	u32 i;

	cgc_policy_assert_locked();
	for (i = 0; i < policy->definitions_count; i++) {
		name = by_number(policy->definitions[i].number);
		if (!name)
			name = &names[count++];
		name->number = policy->definitions[i].number;
		strscpy(name->text, policy->definitions[i].name, sizeof(name->text));
	}
}

bool cgc_names_get(u32 index, struct cgc_compartment *name)
{
	cgc_policy_assert_locked();
	if (index >= count)
		return false;
	memset(name, 0, sizeof(*name));
	name->number = names[index].number;
	name->caps = CGC_CAPS_DEFAULT;
	memcpy(name->name, names[index].text, sizeof(name->name));
	return true;
}

void cgc_names_exit(void)
{
	kvfree(names);
}
