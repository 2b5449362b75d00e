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
 * @neighbour: it is neighbour discovery or a router's announcement
 * @quiet: do not count or log a refusal: a look ahead
 * @attrs: what it needs of the method's attributes (CGC_ATTR_*)
 * @name: of the receiving unix socket, see struct cgc_request
 * @name_len: of @name
 */
struct cgc_ask {
	struct cgc_flow flow;
	struct net *net;
	const char *hook;
	bool netdev_unknown;
	bool sport_unknown;
	bool neighbour;
	bool quiet;
	u8 name_len;
	u32 attrs;
	const char *name;
};

/**
 * cgc_check - may it pass? Decided, counted and logged here and nowhere else
 * @ask: the question
 * @verdict: receives why, may be NULL
 *
 * Any context. Return: 0, -EACCES, or -ENETUNREACH where the subject's own routing
 * table has no way. What the mode lets through in spite of the rules is 0 with
 * @verdict->allow false.
 */
int cgc_check(const struct cgc_ask *ask, struct cgc_verdict *verdict);

/* cgc_check_forwards - is what is forwarded decided at all? Under rcu_read_lock(), as
 * netfilter's hooks are. */
bool cgc_check_forwards(void);

/* cgc_check_forward_again - has the set in force allowed the same already? As the next,
 * with what is readable; addresses are of no account. Any context. */
bool cgc_check_forward_again(const struct cgc_ask *ask, u32 to);

/**
 * cgc_check_forward - may a packet go from one interface to another (mission N8)?
 * @ask: the question, of what began the exchange that it is of, without its labels:
 *	those of the interfaces @ask->flow.ifindex and
 * @to: the one that it leaves by
 * @readable: its headers are; what cannot be read is refused
 *
 * Any context. Return: 0, -EACCES.
 */
int cgc_check_forward(struct cgc_ask *ask, u32 to, bool readable);

/* cgc_check_port - may @label bind a local port? Return: 0, -EACCES (design 4:
 * a port that a rule gives to others and not to the caller). Any context. */
int cgc_check_port(u32 label, unsigned int method, u16 port, const char *hook);

/* cgc_check_passes - may it pass without a question to the rules? */
static inline bool cgc_check_passes(u32 subject, u32 object)
{
	return likely(subject == object) || subject == CGC_LABEL_SUPERVISOR;
}

/* cgc_check_asked - the slow half of the next. */
int cgc_check_asked(u32 subject, u32 object, unsigned int method, u32 attrs, const char *hook);

/**
 * cgc_check_local - may a process do something to another, or to what is its?
 * @subject: label of who does it
 * @object: label of the process, or the maker's of the object
 * @method: enum cgc_method
 * @attrs: what it needs of the method's attributes (CGC_ATTR_*); 0: all of it
 * @hook: the function where it was caught; for the log
 *
 * Any context. Return: 0, -EACCES.
 */
static inline int cgc_check_local(u32 subject, u32 object, unsigned int method, u32 attrs,
				  const char *hook)
{
	return cgc_check_passes(subject, object) ? 0 :
	       cgc_check_asked(subject, object, method, attrs, hook);
}

/* cgc_check_some - as above, where any one of @attrs is enough: who may only send to
 * a queue may find it. */
int cgc_check_some(u32 subject, u32 object, unsigned int method, u32 attrs, const char *hook);

/**
 * cgc_check_device - may a process open a device that is not everybody's?
 * @label: whose process it is
 * @device: the device's number
 * @kind: enum cgc_device_kind
 * @hook: for the log
 *
 * By its definition, or like what is compartment 0's. Any context. Return: 0, -EACCES.
 */
int cgc_check_device(u32 label, dev_t device, u32 kind, const char *hook);

/* cgc_check_totals - may @label know figures of all objects that @method is about?
 * The supervisor and administrators may. Any context. Return: 0, -EACCES. */
int cgc_check_totals(u32 label, unsigned int method, const char *hook);

/* cgc_check_signal - may it send signal @number (0: look whether it is there)? As
 * above. */
int cgc_check_signal(u32 subject, u32 object, unsigned int number, const char *hook);

/* cgc_check_unix - may it send to a unix socket with this name (@name_len 0: without
 * one)? @attr: one of CGC_ATTR_UNIX_*. As above. */
int cgc_check_unix(u32 subject, u32 object, u32 attr, const char *name, u8 name_len,
		   const char *hook);

/* cgc_check_sees_all - do listings show @subject everything, as they do to the
 * supervisor and to administrators, and to all as long as enforcement is off? Neither
 * counted nor logged. Any context. */
bool cgc_check_sees_all(u32 subject);

/* cgc_check_sees - does a listing show @object's to @subject, who is not shown
 * everything? As above. */
bool cgc_check_sees(u32 subject, u32 object);

/**
 * cgc_check_handle - may @label use what belongs to @owner, where no rule can say so?
 * @label: who would use it: an inherited socket, a privileged interface …
 * @owner: whose it is
 * @method: enum cgc_method, for the log
 * @hook: likewise
 *
 * Any context. Return: 0, -EACCES.
 */
int cgc_check_handle(u32 label, u32 owner, unsigned int method, const char *hook);

/**
 * cgc_check_capable - may @label use a capability (mission S2)?
 * @label: whose process it is
 * @cap: its number
 * @quiet: a look ahead: do not count or log a refusal
 * @hook: for the log
 *
 * Any context. Return: 0, -EACCES.
 */
int cgc_check_capable(u32 label, unsigned int cap, bool quiet, const char *hook);

/* cgc_check_within - the same, neither counted nor logged, nor let through by a mode. Any
 * context. */
bool cgc_check_within(u32 label, unsigned int cap);

/* cgc_check_bound - the capabilities that credentials of @label's may hold, by number:
 * all of them where nothing is enforced. Any context. */
u64 cgc_check_bound(u32 label);

/* cgc_check_sealed - is @label sealed, and is that enforced? Neither counted nor logged.
 * Any context. */
bool cgc_check_sealed(u32 label);

/* cgc_check_gain - may a process of @label gain privilege (mission S1)? Any context.
 * Return: 0, -EACCES. */
int cgc_check_gain(u32 label, const char *hook);

/* cgc_check_kernel - may @label act on the kernel, where no rule can say so (mission S3)?
 * 0, the supervisor and ADMIN compartments may. Any context. Return: 0, -EACCES. */
int cgc_check_kernel(u32 label, const char *hook);

/* cgc_check_way - may @label choose the way that its packets go, by marks, source routes
 * and routing headers? As above. */
int cgc_check_way(u32 label, const char *hook);

/**
 * cgc_check_jail - may a process of @label do what could lead it out of its root
 *	(mission F2)?
 * @label: whose process it is
 * @quiet: a look ahead: do not count or log a refusal
 * @hook: for the log
 *
 * Any context. Return: 0: it has no root of its own; -EACCES.
 */
int cgc_check_jail(u32 label, bool quiet, const char *hook);

/* cgc_check_jailed - has @label a root that it is not to leave, and is that enforced?
 * Neither counted nor logged. Any context. */
bool cgc_check_jailed(u32 label);

/* cgc_check_jailed_any - may any label have one? Any context. */
bool cgc_check_jailed_any(void);

/**
 * cgc_check_immutable - may an immutable file be changed, or moved with a directory that
 * it is found by (mission F3)? Whoever asks, and whatever the mode.
 * @label: who would do it, for the log
 * @inode: the file, or with @place a directory that may be one of these; NULL is fine
 * @place: it is to go from where it is
 * @hook: for the log
 *
 * Any context. Return: 0, -EACCES.
 */
int cgc_check_immutable(u32 label, const struct inode *inode, bool place, const char *hook);

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
