/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connected unix sockets (stream, seqpacket). Between two compartments both ends'
 * records hold who began it, and each send asks once per set whether that still
 * may be: a rule taken away ends both directions.
 *
 * Who uses a socket that another compartment made (it was inherited over exec(),
 * or passed) needs a rule of its own for what the socket is connected with: from
 * it to the peer, by the peer's name, or, where the socket has a name and its peer
 * none, from the peer to it.
 */
#ifndef CGC_PAIR_H
#define CGC_PAIR_H

#include "object.h"
#include "policy.h"

/**
 * struct cgc_pair - a unix socket and what it is connected with, or is to be
 * @sk: the socket
 * @peer: the other one, or NULL; of a connect(), the listener
 * @attr: CGC_ATTR_UNIX_*
 * @name: of @sk, as rules have it; @name_len 0: none
 * @peer_name: of @peer, likewise
 * @hook: for the log
 */
struct cgc_pair {
	const struct sock *sk;
	const struct sock *peer;
	u32 attr;
	u8 name_len;
	u8 peer_name_len;
	char name[108];
	char peer_name[108];
	const char *hook;
};

/* cgc_pair_decided - may @holder use it without a question? The established path. */
static inline bool cgc_pair_decided(const struct cgc_sock *record, enum cgc_direction dir,
				    u32 holder)
{
	return READ_ONCE(record->decided[dir].generation) == cgc_generation() &&
	       READ_ONCE(record->decided[dir].holder) == holder;
}

/* cgc_pair_own - a socket of @holder's without a connection to anybody else, which
 * needs no question either. @record: of the socket, may be NULL. */
static inline bool cgc_pair_own(const struct cgc_sock *record, u32 holder)
{
	if (!record)
		return holder == CGC_LABEL_DEFAULT;
	return READ_ONCE(record->label) == holder &&
	       !(READ_ONCE(record->flags) & (CGC_SOCK_BEGAN | CGC_SOCK_REACHED));
}

/* cgc_pair_within - a socket connects to a listener, all of @label's compartment; as
 * below. */
int cgc_pair_within(const struct sock *sk, const struct sock *child, u32 label);

/**
 * cgc_pair_connect - a socket connects to a listener of another compartment
 * @pair: the two
 * @child: what is to be accepted: it gets the listener's label
 * @subject: the running process's label
 *
 * Atomic, under rcu_read_lock(). Return: 0, -EACCES, -ENOMEM.
 */
int cgc_pair_connect(const struct cgc_pair *pair, const struct sock *child, u32 subject);

/**
 * cgc_pair_use - a process sends or receives by a connected socket
 * @pair: the socket and its peer, which both live
 * @dir: of the data
 * @holder: the running process's label
 *
 * Atomic, under rcu_read_lock(). Return: 0, -EACCES, -ENOMEM.
 */
int cgc_pair_use(const struct cgc_pair *pair, enum cgc_direction dir, u32 holder);

/* cgc_pair_hold - may @holder have a socket that another compartment made? As above. */
int cgc_pair_hold(const struct cgc_pair *pair, u32 holder);

/* cgc_pair_sent - note that @sender is sending to @sk: what arrives there may come
 * from elsewhere from now on. Under rcu_read_lock(). */
void cgc_pair_sent(const struct sock *sk, u32 sender);

/* cgc_pair_mixed - may what is received from this socket by @holder come from another
 * compartment? @record: of the socket. */
static inline bool cgc_pair_mixed(const struct cgc_sock *record)
{
	return READ_ONCE(record->sender) != READ_ONCE(record->label);
}

#endif
