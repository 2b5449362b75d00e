/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Routing per compartment, on the kernel's own policy routing: for every ROUTED
 * compartment an `ip rule' that its mark looks its table up, behind all of them one that
 * what is marked is unreachable, and in the tables what the ROUTE statements in force say.
 * All of it has the protocol CGC_ROUTE_PROTOCOL; what has not is somebody else's.
 */
#ifndef CGC_CTL_ROUTE_H
#define CGC_CTL_ROUTE_H

#include "wire.h"

/**
 * struct cgc_rtnl - a socket to the kernel's routing
 * @mnl: libmnl's
 * @portid: its address
 * @seq: of the last message sent
 * @why: of the last refusal
 * @in: what was received
 */
struct cgc_rtnl {
	struct mnl_socket *mnl;
	u32 portid;
	u32 seq;
	char why[256];
	char in[CGC_NL_BUFFER];
};

/* cgc_rtnl_open - @groups: RTMGRP_* to follow. Return: 0, -errno with @rtnl->why. */
int cgc_rtnl_open(struct cgc_rtnl *rtnl, u32 groups);
void cgc_rtnl_close(struct cgc_rtnl *rtnl);

/**
 * cgc_routes_apply - make the kernel's rules and tables what is in force
 * @rtnl: open
 * @set: in force, as cgc_wire_set() gives it
 * @mask: struct cgc_status' mark_mask
 * @fault: receives the index of the route that the kernel refused, or is untouched;
 *	NULL: go on with the next
 *
 * A route by an interface that is not there or down is left out: it is for another call,
 * once that has come. Return: 0, -errno with @rtnl->why.
 */
int cgc_routes_apply(struct cgc_rtnl *rtnl, const struct cgc_set *set, u32 mask, u32 *fault);

/**
 * cgc_routes_sync - the same, of what is in force now
 * @nl: the module
 * @fault: receives the route that the kernel refused, or is untouched; NULL: go on with
 *	the next
 *
 * Return: 0, -errno with @nl->why.
 */
int cgc_routes_sync(struct cgc_nl *nl, struct cgc_route *fault);

#endif
