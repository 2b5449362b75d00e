// SPDX-License-Identifier: GPL-2.0-only
/* Seals and jails: one record for each compartment that ever had one; they are few. */
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
 * @lasts: CGC_SEAL_*: it is sealed, it has a root of its own
 */
struct seal {
	struct hlist_node node;
	u32 label;
	u8 lasts;
};

static DEFINE_HASHTABLE(seals, 6);
static DEFINE_SPINLOCK(lasting);	/* a seal is set, or found to be over */
unsigned long cgc_seal_hints;

static struct seal *find(u32 label)
{
	struct seal *seal;

	hash_for_each_possible_rcu(seals, seal, node, label)
		if (seal->label == label)
			return seal;
	return NULL;
}

bool cgc_seal_find(u32 label, u8 what)
{
	const struct seal *seal;
	bool lasts;

	rcu_read_lock();
	seal = find(label);
	lasts = seal && READ_ONCE(seal->lasts) & what;
	rcu_read_unlock();
	return lasts;
}

/* *fresh: it was not sealed before, and is now. */
static int set(u32 label, u8 what, bool *fresh)
{
	struct seal *seal;

	cgc_policy_assert_locked();
	seal = find(label);
	*fresh = what & CGC_SEAL_PRIVILEGE && !(seal && seal->lasts & CGC_SEAL_PRIVILEGE);
	if (!seal) {
		seal = kzalloc(sizeof(*seal), GFP_KERNEL_ACCOUNT);
		if (!seal)
			return -ENOMEM;
		seal->label = label;
		hash_add_rcu(seals, &seal->node, label);
		WRITE_ONCE(cgc_seal_hints, cgc_seal_hints | BIT(label % BITS_PER_LONG));
	}
	spin_lock(&lasting);
	WRITE_ONCE(seal->lasts, seal->lasts | what);
	spin_unlock(&lasting);
	return 0;
}

/* What commit_creds() was let through for before is in force: it does not sleep. */
static void settle(void)
{
	synchronize_rcu_tasks();
}

int cgc_seal_set(u32 label)
{
	bool fresh;
	int err = set(label, CGC_SEAL_PRIVILEGE, &fresh);

	if (!err && fresh)
		settle();
	return err;
}

static u8 defined(const struct cgc_compartment *def)
{
	return (def->flags & CGC_COMPARTMENT_SEALED ? CGC_SEAL_PRIVILEGE : 0) |
	       (cgc_compartment_jailed(def) ? CGC_SEAL_JAIL : 0);
}

int cgc_seal_policy(const struct cgc_policy *policy)
{
	bool fresh, any = false;
	int err;
	u32 i;

	for (i = 0; i < policy->definitions_count; i++) {
		if (!defined(&policy->definitions[i]))
			continue;
		err = set(policy->definitions[i].number, defined(&policy->definitions[i]), &fresh);
		if (err)
			return err;
		any |= fresh;
	}
	if (any)
		settle();
	return 0;
}

void cgc_seal_enter(u32 label)
{
	const struct cgc_compartment *def;
	struct seal *seal;

	if (!cgc_seal_any(label, CGC_SEAL_PRIVILEGE | CGC_SEAL_JAIL))
		return;
	rcu_read_lock();
	spin_lock(&lasting);
	def = cgc_compartment_find(cgc_policy(), label);
	seal = find(label);
	if (seal && !cgc_task_carry(label))
		WRITE_ONCE(seal->lasts, def ? defined(def) : 0);
	spin_unlock(&lasting);
	rcu_read_unlock();
}

void cgc_seal_exit(void)
{
	struct hlist_node *next;
	struct seal *seal;
	int bucket;

	hash_for_each_safe(seals, bucket, next, seal, node)
		kfree(seal);
}
