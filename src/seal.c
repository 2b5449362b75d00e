// SPDX-License-Identifier: GPL-2.0-only
/* Seals: one record for each compartment that ever had one; they are few. */
#include <linux/hashtable.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include "compartment.h"
#include "seal.h"
#include "task.h"

/**
 * struct seal - a compartment's
 * @node: in the table
 * @label: its number
 * @lasts: it is sealed
 */
struct seal {
	struct hlist_node node;
	u32 label;
	bool lasts;
};

static DEFINE_HASHTABLE(seals, 6);
atomic_t cgc_seals;

static struct seal *find(u32 label)
{
	struct seal *seal;

	hash_for_each_possible_rcu(seals, seal, node, label)
		if (seal->label == label)
			return seal;
	return NULL;
}

bool cgc_seal_find(u32 label)
{
	const struct seal *seal;
	bool lasts;

	rcu_read_lock();
	seal = find(label);
	lasts = seal && READ_ONCE(seal->lasts);
	rcu_read_unlock();
	return lasts;
}

/* true: it was not sealed before. */
static int set(u32 label, bool *fresh)
{
	struct seal *seal;

	cgc_policy_assert_locked();
	seal = find(label);
	*fresh = !seal || !seal->lasts;
	if (!seal) {
		seal = kzalloc(sizeof(*seal), GFP_KERNEL_ACCOUNT);
		if (!seal)
			return -ENOMEM;
		seal->label = label;
		hash_add_rcu(seals, &seal->node, label);
		atomic_inc(&cgc_seals);
	}
	WRITE_ONCE(seal->lasts, true);
	return 0;
}

/* A gain that was asked about before the seal is in force, or was refused: commit_creds()
 * does not sleep, and is asked about itself. */
static void settle(void)
{
	synchronize_rcu_tasks();
}

int cgc_seal_set(u32 label)
{
	bool fresh;
	int err = set(label, &fresh);

	if (!err && fresh)
		settle();
	return err;
}

int cgc_seal_policy(const struct cgc_policy *policy)
{
	bool fresh, any = false;
	int err;
	u32 i;

	for (i = 0; i < policy->definitions_count; i++) {
		if (!(policy->definitions[i].flags & CGC_COMPARTMENT_SEALED))
			continue;
		err = set(policy->definitions[i].number, &fresh);
		if (err)
			return err;
		any |= fresh;
	}
	if (any)
		settle();
	return 0;
}

static bool defined_sealed(u32 label)
{
	const struct cgc_compartment *def = cgc_compartment_find(cgc_policy(), label);

	return def && def->flags & CGC_COMPARTMENT_SEALED;
}

void cgc_seal_enter(u32 label)
{
	struct seal *seal;

	if (!cgc_sealed(label))
		return;
	cgc_policy_lock();
	seal = find(label);
	if (seal && !defined_sealed(label) && !cgc_task_carry(label))
		WRITE_ONCE(seal->lasts, false);
	cgc_policy_unlock();
}

void cgc_seal_exit(void)
{
	struct hlist_node *next;
	struct seal *seal;
	int bucket;

	hash_for_each_safe(seals, bucket, next, seal, node)
		kfree(seal);
}
