// SPDX-License-Identifier: GPL-2.0-only
/*
 * The set in force. Built aside, put in force by one pointer; readers are under
 * RCU. The one before is kept for `revert` and `try`.
 */
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include "event.h"
#include "forward.h"
#include "log.h"
#include "netdev.h"
#include "pin.h"
#include "policy.h"
#include "revoke.h"
#include "route.h"
#include "seal.h"

static struct cgc_policy __rcu *in_force;
static struct cgc_policy *previous;
static DEFINE_MUTEX(lock);
static bool on_trial;		/* the set in force goes unless confirmed */
static unsigned long trial_ends;	/* jiffies */

u32 cgc_policy_generation = 1;

static void end_trial(struct work_struct *work);
static DECLARE_DELAYED_WORK(trial, end_trial);

void cgc_policy_lock(void)
{
	mutex_lock(&lock);
}

void cgc_policy_unlock(void)
{
	mutex_unlock(&lock);
}

void cgc_policy_assert_locked(void)
{
	lockdep_assert_held(&lock);
}

static struct cgc_policy *locked(void)
{
	return rcu_dereference_protected(in_force, lockdep_is_held(&lock));
}

const struct cgc_policy *cgc_policy(void)
{
	return rcu_dereference_check(in_force, lockdep_is_held(&lock));
}

const struct cgc_policy *cgc_policy_previous(void)
{
	lockdep_assert_held(&lock);
	return previous;
}

struct cgc_policy *cgc_policy_create(u32 rules, u32 definitions, u32 pins)
{
	size_t size = cgc_ruleset_size(rules);
	struct cgc_policy *policy;
	void *mem;

	policy = kzalloc(sizeof(*policy), GFP_KERNEL_ACCOUNT);
	if (!policy)
		return NULL;
	mem = kvmalloc(size, GFP_KERNEL_ACCOUNT);
	policy->definitions = kvcalloc(max(definitions, 1u), sizeof(*policy->definitions),
				       GFP_KERNEL_ACCOUNT);
	policy->pins = kvcalloc(max(pins, 1u), sizeof(*policy->pins), GFP_KERNEL_ACCOUNT);
	if (!mem || !policy->definitions || !policy->pins) {
		kvfree(mem);
		kvfree(policy->definitions);
		kvfree(policy->pins);
		kfree(policy);
		return NULL;
	}
	policy->rules = cgc_ruleset_init(mem, rules);
	policy->bytes = sizeof(*policy) + size + definitions * sizeof(*policy->definitions) +
			pins * (sizeof(*policy->pins) + sizeof(**policy->pins));
	return policy;
}

void cgc_policy_pin(struct cgc_policy *policy, struct cgc_pin *pin)
{
	policy->pins[policy->pins_count++] = cgc_pin_get(pin);
}

static void lower(struct cgc_policy *policy)
{
	u32 i;

	if (!policy->raised)
		return;
	for (i = 0; i < policy->pins_count; i++)
		cgc_pin_lower(policy->pins[i]);
	if (policy->rules->forwards)
		cgc_forward_put();
	policy->raised = false;
}

int cgc_policy_raise(struct cgc_policy *policy, const char **why)
{
	u32 i;
	int err = 0;

	lockdep_assert_held(&lock);
	if (policy->raised)
		return 0;
	if (policy->rules->forwards)
		err = cgc_forward_get(why);
	if (err)
		return err;
	for (i = 0; i < policy->pins_count; i++) {
		err = cgc_pin_raise(policy->pins[i], why);
		if (!err)
			continue;
		while (i)
			cgc_pin_lower(policy->pins[--i]);
		if (policy->rules->forwards)
			cgc_forward_put();
		return err;
	}
	policy->raised = true;
	return 0;
}

void cgc_policy_free(struct cgc_policy *policy)
{
	u32 i;

	if (!policy)
		return;
	lower(policy);
	for (i = 0; i < policy->pins_count; i++)
		cgc_pin_put(policy->pins[i]);
	kvfree(policy->rules);
	kvfree(policy->definitions);
	kvfree(policy->pins);
	cgc_statements_free(&policy->statements);
	kfree(policy);
}

void cgc_policy_touch(void)
{
	u32 old, new;

	do {
		old = READ_ONCE(cgc_policy_generation);
		new = old + 1 ?: 1;
	} while (cmpxchg_release(&cgc_policy_generation, old, new) != old);
	cgc_revoke();
}

static void put_in_force(struct cgc_policy *policy)
{
	rcu_assign_pointer(in_force, policy);
	cgc_netdev_relabel();
	cgc_policy_touch();
}

void cgc_policy_publish(struct cgc_policy *policy, u32 try_seconds)
{
	struct cgc_policy *oldest = previous;
	const char *why;

	lockdep_assert_held(&lock);
	WARN_ON_ONCE(cgc_policy_raise(policy, &why));
	previous = locked();
	put_in_force(policy);
	synchronize_rcu();	/* nobody reads the one that was put back last */
	if (policy->routed || previous->routed)
		cgc_route_remark();
	cgc_seal_policy(policy);
	cgc_event_changed();
	cgc_policy_free(oldest);
	if (try_seconds) {
		on_trial = true;
		trial_ends = jiffies + try_seconds * HZ;
		schedule_delayed_work(&trial, try_seconds * HZ);
	} else {
		lower(previous);
	}
}

static void finish_trial(void)
{
	lockdep_assert_held(&lock);
	WRITE_ONCE(on_trial, false);
	cancel_delayed_work(&trial);
}

int cgc_policy_revert(const char **why)
{
	struct cgc_policy *back = previous;
	int err;

	lockdep_assert_held(&lock);
	*why = "no previous set is kept";
	if (!back)
		return -ENOENT;
	err = cgc_policy_raise(back, why);
	if (err)
		return err;
	/* It was in force before: that there are seals for it needs no memory. */
	cgc_seal_policy(back);
	finish_trial();
	previous = locked();
	put_in_force(back);
	synchronize_rcu();
	if (back->routed || previous->routed)
		cgc_route_remark();
	cgc_seal_policy(back);
	cgc_event_changed();
	lower(previous);
	return 0;
}

int cgc_policy_confirm(void)
{
	lockdep_assert_held(&lock);
	if (!on_trial)
		return -ENOENT;
	finish_trial();
	lower(previous);
	return 0;
}

u32 cgc_policy_try_seconds(void)
{
	unsigned long now = jiffies;

	if (!READ_ONCE(on_trial))
		return 0;
	return time_before(now, trial_ends) ? (trial_ends - now) / HZ + 1 : 1;
}

static void end_trial(struct work_struct *work)
{
	const char *why;

	mutex_lock(&lock);
	/* Not one that was confirmed or put back while this waited for the lock. */
	if (on_trial && time_after_eq(jiffies, trial_ends)) {
		cgc_notice("trial not confirmed: the previous set is put back\n");
		cgc_policy_revert(&why);
	}
	mutex_unlock(&lock);
}

static size_t bytes_of(const struct cgc_policy *policy)
{
	return policy->bytes + cgc_statements_bytes(&policy->statements);
}

size_t cgc_policy_bytes(void)
{
	lockdep_assert_held(&lock);
	return bytes_of(locked()) + (previous ? bytes_of(previous) : 0);
}

int __init cgc_policy_init(void)
{
	struct cgc_policy *empty = cgc_policy_create(0, 0, 0);

	if (!empty)
		return -ENOMEM;
	rcu_assign_pointer(in_force, empty);
	return 0;
}

void cgc_policy_stop(void)
{
	cancel_delayed_work_sync(&trial);
}

void cgc_policy_exit(void)
{
	mutex_lock(&lock);
	cgc_policy_free(previous);
	cgc_policy_free(locked());
	mutex_unlock(&lock);
}
