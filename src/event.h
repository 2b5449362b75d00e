/* SPDX-License-Identifier: GPL-2.0-only */
/* Denials: counted, kept, logged, sent to who listens (mission O5). */
#ifndef CGC_EVENT_H
#define CGC_EVENT_H

#include "check.h"
#include "policy.h"

#define CGC_EVENTS_KEPT 256

/**
 * cgc_event_denied - record one
 * @ask: what was asked
 * @kind: enum cgc_event_kind
 * @policy: that decided, under rcu_read_lock()
 *
 * Any context.
 */
void cgc_event_denied(const struct cgc_ask *ask, u32 kind, const struct cgc_policy *policy);

/* cgc_event_admin - record an act of administration: who, and what changed. */
__printf(1, 2) void cgc_event_admin(const char *fmt, ...);

/* cgc_event_totals - since load. Any context. */
void cgc_event_totals(u64 *denials, u64 *unlogged);

/* cgc_event_count - denials of one compartment: as who began, or as who was to be
 * reached from outside. Any context. */
u64 cgc_event_count(u32 label);

/* cgc_event_get - the kept one with number @index (from 0, oldest first);
 * false past the last. Any context. */
bool cgc_event_get(u32 index, struct cgc_event *event);

/* cgc_event_changed - another set is in force: tell who follows that. May sleep. */
void cgc_event_changed(void);

#endif
