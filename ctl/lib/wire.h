/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The model to netlink's attributes and back. All return 0 or -errno, with the
 * reason in nl->why.
 */
#ifndef CGC_CTL_WIRE_H
#define CGC_CTL_WIRE_H

#include "nlsock.h"

/**
 * struct cgc_records - a list as the kernel gives it
 * @at: the records, one behind the other, to be freed
 * @count: how many there are
 */
struct cgc_records {
	void *at;
	u32 count;
};

/**
 * struct cgc_commit - how a transaction is to end
 * @try_seconds: put the old set back after that; 0: no
 * @keep: a connection that must not be cut, or NULL
 */
struct cgc_commit {
	u32 try_seconds;
	const struct cgc_flow *keep;
};

int cgc_wire_status(struct cgc_nl *nl, struct cgc_status *status);

/* cgc_wire_change - one transaction: begin, all that @set has, which
 * become @owner's, commit. @set->fault says which file was at fault. */
int cgc_wire_change(struct cgc_nl *nl, enum cgc_op op, struct cgc_set *set, u32 owner,
		    const struct cgc_commit *commit);
/* cgc_wire_delete - one transaction: delete rules by reference, and the statements that
 * @set has (NULL: none). */
int cgc_wire_delete(struct cgc_nl *nl, const u64 *refs, u32 count, struct cgc_set *set,
		    const struct cgc_commit *commit);

/* cgc_wire_list - any list but that of the rules. */
int cgc_wire_list(struct cgc_nl *nl, enum cgc_list list, struct cgc_records *records);
/* cgc_wire_set - all statements in force, definitions sorted by number; to be freed
 * with cgc_set_free(). */
int cgc_wire_set(struct cgc_nl *nl, struct cgc_set *set);

/* cgc_wire_exec - the next execve() enters @label. */
int cgc_wire_exec(struct cgc_nl *nl, u32 label);
/* cgc_wire_seal - @label gains no privilege any more. */
int cgc_wire_seal(struct cgc_nl *nl, u32 label);
/* cgc_wire_mode - @label: NULL for everything; @seconds, @keep: as in the uapi. */
int cgc_wire_mode(struct cgc_nl *nl, enum cgc_mode mode, const u32 *label, u32 seconds,
		  const struct cgc_flow *keep);
int cgc_wire_confirm(struct cgc_nl *nl);
int cgc_wire_revert(struct cgc_nl *nl, const struct cgc_flow *keep);
/* cgc_wire_netdev - label an interface by hand; @keep: as in the uapi. */
int cgc_wire_netdev(struct cgc_nl *nl, u32 ifindex, u32 label, const struct cgc_flow *keep);

/* cgc_wire_events - call @each with every event that comes, until it is not 0. */
int cgc_wire_events(struct cgc_nl *nl, int (*each)(void *ctx, const struct cgc_event *event),
		    void *ctx);

#endif
