/* SPDX-License-Identifier: GPL-2.0-only */
/* A change of the set: collected message by message, made whole or not at all
 * (mission R7). One is open at a time; it belongs to a netlink socket. */
#ifndef CGC_TRANSACTION_H
#define CGC_TRANSACTION_H

#include <net/net_namespace.h>
#include "policy.h"

/* All: may sleep, under cgc_policy_lock(). @why receives a sentence without
 * full stop, static, where the answer is an error. */

/* cgc_transaction_begin - @owner: the socket's port; -EBUSY: another has one. */
int cgc_transaction_begin(u32 owner, u32 op, const char **why);

/* cgc_transaction_abort - @owner's, if it has one. */
void cgc_transaction_abort(u32 owner);

/* cgc_transaction_abort_any - whoever's. */
void cgc_transaction_abort_any(void);

/* cgc_transaction_permissive - put a set in force in which a compartment's
 * refusals are only logged, or are enforced again. -ENOENT: not defined. */
int cgc_transaction_permissive(u32 label, bool permissive, const char **why);

int cgc_transaction_rules(u32 owner, const struct cgc_rule *rules, u32 count,
			  const struct cgc_rule_words *words, const char **why);
int cgc_transaction_refs(u32 owner, const u64 *refs, u32 count, const char **why);
int cgc_transaction_definitions(u32 owner, const struct cgc_compartment *definitions,
				u32 count, const char **why);

/* cgc_transaction_files - their descriptors are the caller's. What is added is in force
 * from now on, for as long as the transaction is open. */
int cgc_transaction_files(u32 owner, const struct cgc_file *files, u32 count, const char **why);

/* cgc_transaction_statements - plain records of one kind. */
int cgc_transaction_statements(u32 owner, enum cgc_statement_kind kind, const void *records,
			       u32 count, const char **why);

/**
 * cgc_transaction_commit - make it so
 * @owner: the socket's port
 * @net: of the caller
 * @keep: a connection that must not be cut, or NULL
 * @try_seconds: put the old set back after so long unless confirmed; 0: no
 * @why: see above
 *
 * The transaction ends, whatever comes of it.
 */
int cgc_transaction_commit(u32 owner, struct net *net, const struct cgc_flow *keep,
			   u32 try_seconds, const char **why);

#endif
