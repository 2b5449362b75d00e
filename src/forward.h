/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's tracking of connections, kept on while a set has rules about what is
 * forwarded: by it an answer is known from what begins something (mission N8).
 */
#ifndef CGC_FORWARD_H
#define CGC_FORWARD_H

#include <net/net_namespace.h>

/* cgc_forward_get - from now on connections are tracked, in every network namespace.
 * All or none. May sleep; the policy's lock is held. Return: 0, -ENOMEM and what
 * netfilter said, with @why set. */
int cgc_forward_get(const char **why);

/* cgc_forward_put - one user less. As above. */
void cgc_forward_put(void);

/* cgc_forward_enter, cgc_forward_leave - a network namespace comes, goes. May sleep.
 * Return: 0, -ENOMEM and what netfilter said. */
int cgc_forward_enter(struct net *net);
void cgc_forward_leave(struct net *net);

#endif
