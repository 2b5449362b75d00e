/* SPDX-License-Identifier: GPL-2.0-only */
/* The set in force: rules and definitions, published together (mission R7). */
#ifndef CGC_POLICY_H
#define CGC_POLICY_H

#include <asm/barrier.h>
#include "core/ruleset.h"
#include "statement.h"

struct cgc_pin;

/**
 * struct cgc_policy - a set; read-only once published
 * @rules: its rules
 * @definitions: sorted by number
 * @pins: its statements about files
 * @statements: those that are plain records
 * @definitions_count: how many
 * @pins_count: how many
 * @bounded: a definition has NETDEVS
 * @routed: a compartment of it has a routing table of its own
 * @raised: its statements about files are in force, connections are tracked for it
 * @bytes: memory that it takes, but for @statements
 */
struct cgc_policy {
	struct cgc_ruleset *rules;
	struct cgc_compartment *definitions;
	struct cgc_pin **pins;
	struct cgc_statements statements;
	u32 definitions_count;
	u32 pins_count;
	bool bounded;
	bool routed;
	bool raised;
	size_t bytes;
};

extern u32 cgc_policy_generation;

/* cgc_generation - of the set in force, never 0. Read it before the set: what
 * was decided then is never taken for newer than it is. Any context. */
static inline u32 cgc_generation(void)
{
	return smp_load_acquire(&cgc_policy_generation);
}

int cgc_policy_init(void);
/* cgc_policy_stop - no trial ends any more; then nothing touches the set. */
void cgc_policy_stop(void);
void cgc_policy_exit(void);

/* cgc_policy - the set in force, under rcu_read_lock() or cgc_policy_lock(). */
const struct cgc_policy *cgc_policy(void);

/* Writers. May sleep. */
void cgc_policy_lock(void);
void cgc_policy_unlock(void);
void cgc_policy_assert_locked(void);

/**
 * cgc_policy_create - an empty set, to be filled
 * @rules: that are to fit
 * @definitions: that are to fit
 * @pins: that are to fit
 *
 * May sleep. Return: NULL: no memory.
 */
struct cgc_policy *cgc_policy_create(u32 rules, u32 definitions, u32 pins);

/* cgc_policy_pin - one more statement about a file, which the set holds too. Locked. */
void cgc_policy_pin(struct cgc_policy *policy, struct cgc_pin *pin);

/* cgc_policy_raise - what the set needs beside itself is there from now on, until it is
 * freed: its files, the tracking of forwarded connections. Locked. All or none. */
int cgc_policy_raise(struct cgc_policy *policy, const char **why);

/* cgc_policy_free - of a set that was never published; NULL is fine. */
void cgc_policy_free(struct cgc_policy *policy);

/**
 * cgc_policy_publish - put a set in force; the one before is kept
 * @policy: filled; ours from now on; its pins are raised by somebody
 * @try_seconds: put the one before back after so long, unless confirmed; 0: no
 *
 * Locked. Then every connection is decided again. Files that only the one before has
 * immutable stay so until the trial is over: it must be possible to put it back.
 */
void cgc_policy_publish(struct cgc_policy *policy, u32 try_seconds);

/* cgc_policy_previous - the kept one, or NULL. Locked. */
const struct cgc_policy *cgc_policy_previous(void);

/* cgc_policy_revert - exchange it with the kept one. Locked. Return: 0, -ENOENT: none
 * is kept, or what cgc_pin_raise() says (never while the set is on trial). */
int cgc_policy_revert(const char **why);

/* cgc_policy_confirm - keep the set on trial. Locked. -ENOENT: none is. */
int cgc_policy_confirm(void);

/* cgc_policy_try_seconds - until the trial ends, 0: none. Any context. */
u32 cgc_policy_try_seconds(void);

/* cgc_policy_touch - something else that decides has changed: every cached
 * verdict is stale, every connection is decided again. Any context. */
void cgc_policy_touch(void);

/* cgc_policy_bytes - memory of the sets in force and kept. Locked. */
size_t cgc_policy_bytes(void);

#endif
