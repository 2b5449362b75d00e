/* SPDX-License-Identifier: GPL-2.0-only */
/* The one yes or no (the seed's cnet_chk_attr()). */
#ifndef CGC_CHECK_H
#define CGC_CHECK_H

#include <net/net_namespace.h>
#include "core/request.h"

/**
 * struct cgc_ask - a question in the kernel's terms
 * @flow: what is to pass; @flow.ifindex is the interface, 0 while unknown
 * @net: where the interface is
 * @hook: the function where it was caught; for the log
 * @netdev_unknown: the interface is not chosen yet
 * @sport_unknown: nor is the source port
 * @quiet: do not count or log a refusal: a look ahead
 */
struct cgc_ask {
	struct cgc_flow flow;
	struct net *net;
	const char *hook;
	bool netdev_unknown;
	bool sport_unknown;
	bool quiet;
};

/**
 * cgc_check - may it pass? Decided, counted and logged here and nowhere else
 * @ask: the question
 * @verdict: receives why, may be NULL
 *
 * Any context. Return: 0, or -EACCES. What the mode lets through in spite of
 * the rules is 0 with @verdict->allow false.
 */
int cgc_check(const struct cgc_ask *ask, struct cgc_verdict *verdict);

/* cgc_check_port - may @label bind a local port? Return: 0, -EACCES (design 4:
 * a port that a rule gives to others and not to the caller). Any context. */
int cgc_check_port(u32 label, unsigned int method, u16 port, const char *hook);

/* cgc_check_user - may @label connect, bind or listen with a socket of @owner's?
 * One that got elsewhere, inherited or passed on, is of no use there, whatever
 * the rules say. Return: 0, -EACCES. Any context. */
int cgc_check_user(u32 label, u32 owner, const char *hook);

/**
 * cgc_check_family - may @label have a socket of this kind?
 * @label: neither 0 nor the supervisor
 * @family: AF_*
 * @type: SOCK_*
 * @protocol: as given to socket()
 * @hook: for the log
 *
 * Any context. Return: 0, -EACCES.
 */
int cgc_check_family(u32 label, int family, int type, int protocol, const char *hook);

#endif
