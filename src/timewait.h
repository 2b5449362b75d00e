/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Labels of connections in TIME_WAIT: the socket is gone, a listing still shows
 * the connection. Nothing but listings asks, and the module may be unloaded while
 * there are some.
 */
#ifndef CGC_TIMEWAIT_H
#define CGC_TIMEWAIT_H

#include <net/inet_timewait_sock.h>
#include "uapi/cgcompt.h"

/* cgc_timewait_init - may sleep. Return: 0, -ENOMEM. */
int cgc_timewait_init(void);
void cgc_timewait_exit(void);

/* cgc_timewait_begin - the connection is @label's, whosever had this memory before.
 * Once there was no memory for a record, what has none is shown to those only who see
 * all. Atomic. */
void cgc_timewait_begin(const struct inet_timewait_sock *tw, u32 label);

/* cgc_timewait_end - its memory goes. Atomic. */
void cgc_timewait_end(const struct inet_timewait_sock *tw);

/* cgc_label_of_timewait - while @tw lives. Any context. */
u32 cgc_label_of_timewait(const struct inet_timewait_sock *tw);

#endif
