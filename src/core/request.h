/* SPDX-License-Identifier: GPL-2.0-only */
/* What a hook asks, and what it is told. */
#ifndef CGC_CORE_REQUEST_H
#define CGC_CORE_REQUEST_H

#include "cgc_port.h"
#include "uapi/cgcompt.h"

/* Attributes of methods: bits of struct cgc_rule's @attrs (mission R2). */
#define CGC_ATTR_SHM_RO		(1u << 0)
#define CGC_ATTR_MSG_SEND	(1u << 1)
#define CGC_ATTR_MSG_RECV	(1u << 2)
#define CGC_ATTR_SEM_READ	(1u << 3)
#define CGC_ATTR_SEM_ALTER	(1u << 4)
#define CGC_ATTR_UNIX_STREAM	(1u << 5)
#define CGC_ATTR_UNIX_DGRAM	(1u << 6)
#define CGC_ATTR_UNIX_SEQPACKET	(1u << 7)

#define CGC_NETDEVS_UNKNOWN	(~(u64)0)	/* any selector may turn out to hold */

/* enum cgc_routes - what the routes of the subject's own table say (PATH_OUT) */
enum cgc_routes {
	CGC_ROUTES_NOT_ASKED,	/* it is not ROUTED */
	CGC_ROUTES_NONE,	/* none leads there */
	CGC_ROUTES_TOO,		/* one does; a rule must allow it too */
	CGC_ROUTES_ONLY,	/* one does, and is the permission */
};

/* cgc_label_is_netdev - is a number that of interfaces, and no compartment's? */
static inline bool cgc_label_is_netdev(u32 label)
{
	return label >= CGC_LABEL_NETDEV_FIRST && label <= CGC_LABEL_NETDEV_LAST;
}

/**
 * struct cgc_request - one question: may this pass?
 * @subject: label of who begins (PATH_LOCAL, PATH_OUT), of the interface that it came
 *	in by (PATH_FORWARD)
 * @object: label of who is reached (PATH_LOCAL, PATH_IN), of the interface that it
 *	leaves by (PATH_FORWARD)
 * @path: enum cgc_path
 * @method: enum cgc_method
 * @family: 4 or 6: of @peer; 0 where there is no address (PATH_LOCAL may)
 * @sport_unknown: the source port is not chosen yet: any may turn out to be it
 * @routes: enum cgc_routes
 * @sport: source port, host order, 0 where the method has none
 * @dport: destination port, likewise
 * @netdevs: bit i: the interface satisfies selector i of the set;
 *	CGC_NETDEVS_UNKNOWN before a route is chosen
 * @attrs: what the operation needs of the method's attributes (CGC_ATTR_*); 0:
 *	more than any attribute gives, so that only a rule without them allows it
 * @peer: address of the HOST end (PATH_OUT: destination, PATH_IN: source),
 *	network order, IPv4 in the first four and the rest 0
 * @signal: which one, 1..64 (CGC_METHOD_SIGNAL); 0: none is sent, a question
 *	whether there is somebody
 * @name: the receiving unix socket's name, `@' for the NUL of an abstract one;
 *	borrowed, not terminated
 * @name_len: of @name; 0: it has none
 */
struct cgc_request {
	u32 subject;
	u32 object;
	u8 path;
	u8 method;
	u8 family;
	bool sport_unknown;
	u8 routes;
	u16 sport;
	u16 dport;
	u64 netdevs;
	u8 peer[16];
	u32 attrs;
	u8 signal;
	u8 name_len;
	const char *name;
};

/* enum cgc_why - the reason of a verdict */
enum cgc_why {
	CGC_WHY_DEFAULT,	/* refused: no rule allows it */
	CGC_WHY_RULE,		/* allowed by a rule */
	CGC_WHY_SAME,		/* allowed: one compartment */
	CGC_WHY_SUPERVISOR,	/* allowed: the subject is the supervisor */
	CGC_WHY_NO_ROUTE,	/* refused: its routing table has no way there */
	CGC_WHY_ROUTE,		/* allowed: its routing table has one (ROUTED ONLY) */
	CGC_WHY_NOT_ASKED,	/* allowed: the set is not about it (PATH_FORWARD) */
};

/**
 * struct cgc_verdict - the answer
 * @allow: yes or no
 * @why: enum cgc_why
 * @ref: the rule's reference with CGC_WHY_RULE, else 0
 * @netdevs: the rule's NETDEV selectors, 0 where it names no interface: with
 *	CGC_NETDEVS_UNKNOWN a non-zero value means "ask again, once it is known".
 *	A rule without NETDEV is preferred where both match.
 * @sports: the rule names source ports: with @sport_unknown it means "ask again"
 *	likewise
 */
struct cgc_verdict {
	bool allow;
	u8 why;
	bool sports;
	u64 ref;
	u64 netdevs;
};

#endif
