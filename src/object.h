/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Labels of objects (mission L5): sockets. Every Internet socket has a record,
 * and so has every other socket of a compartment other than 0; what has none is
 * compartment 0's.
 */
#ifndef CGC_OBJECT_H
#define CGC_OBJECT_H

#include <net/sock.h>
#include "ptrmap.h"
#include "uapi/cgcompt.h"

/* Flags of a socket's record. */
#define CGC_SOCK_BEGAN		(1u << 0) /* @flow was begun by this socket */
#define CGC_SOCK_REACHED	(1u << 1) /* @flow was begun by its peer */
#define CGC_SOCK_OPENING	(1u << 2) /* its packets still tell the peer their label */
#define CGC_SOCK_ASKS		(1u << 3) /* its SYN asks who would get it here */
#define CGC_SOCK_INIT		(1u << 4) /* made by the init process, to be handed over */

/* enum cgc_direction - of a packet of a connection */
enum cgc_direction {
	CGC_DIR_OUT,
	CGC_DIR_IN,
	CGC_DIRS
};

/**
 * struct cgc_sock - a socket's record
 * @map: by address
 * @label: whose it is, as an object
 * @subject: as whom it acts: @label, or the supervisor
 * @sender: of a unix socket, the compartment that last sent to it from elsewhere;
 *	@label as long as none has
 * @flags: CGC_SOCK_*; @lock
 * @lock: of what follows, with BH off
 * @decided: per direction: @generation and @ifindex that @flow was allowed for;
 *	generation 0: not decided. Read without the lock. Of a unix socket, @holder
 *	is whose process used it.
 * @flow: the connection that it has (TCP, unix), from who began it; valid with
 *	CGC_SOCK_BEGAN or CGC_SOCK_REACHED
 * @ref: the rule that allowed @flow
 * @exchange_list: its exchanges without a connection, newest first; reverse.c's
 * @exchanges: how many
 * @recent: per direction, the exchange that the last packet was of, as long as
 *	none was removed since; reverse.c's
 */
struct cgc_sock {
	struct cgc_ptrnode map;
	u32 label;
	u32 subject;
	u32 sender;
	u32 flags;
	spinlock_t lock;
	struct {
		u32 generation;
		union {
			u32 ifindex;
			u32 holder;
		};
	} decided[CGC_DIRS];
	struct cgc_flow flow;
	u64 ref;
	struct list_head exchange_list;
	u32 exchanges;
	struct {
		const void *exchange;
		u32 epoch;
		bool answer;
	} recent[CGC_DIRS];
};

int cgc_object_init(void);
void cgc_object_exit(void);

extern struct cgc_ptrmap cgc_sock_map;

/**
 * cgc_sock_find - a socket's record, or NULL
 *
 * Borrowed: under rcu_read_lock(), while the socket lives. Any context. On
 * every packet's path, so inline.
 */
static inline struct cgc_sock *cgc_sock_find(const struct sock *sk)
{
	struct cgc_ptrnode *n = cgc_ptrmap_find(&cgc_sock_map, sk);

	return n ? container_of(n, struct cgc_sock, map) : NULL;
}

/* cgc_sock_add_default - the slow half of what follows. */
struct cgc_sock *cgc_sock_add_default(const struct sock *sk);

/* cgc_sock_find_or_add - as above; a socket from before the load gets a record
 * of compartment 0. NULL: no memory. Atomic, under rcu_read_lock(). */
static inline struct cgc_sock *cgc_sock_find_or_add(const struct sock *sk)
{
	struct cgc_sock *record = cgc_sock_find(sk);

	return likely(record) ? record : cgc_sock_add_default(sk);
}

/* cgc_label_of_sock - the compartment that a socket belongs to. Any context. */
u32 cgc_label_of_sock(const struct sock *sk);

/**
 * cgc_sock_create - a socket is made by the running process, or by the kernel
 * @sk: new
 * @family: its address family
 *
 * Atomic. Return: 0, -ENOMEM: the socket is to fail.
 */
int cgc_sock_create(const struct sock *sk, int family);

/* cgc_sock_set_kernel - it is the kernel's own, and counts as compartment 0's. */
void cgc_sock_set_kernel(const struct sock *sk);

/* cgc_sock_inherit - @child is made from, or works for, @parent: same label. Under
 * rcu_read_lock(). Return: the child's record, or NULL. */
struct cgc_sock *cgc_sock_inherit(const struct sock *child, const struct sock *parent);

/**
 * cgc_sock_give - a unix socket that is being connected is @label's
 * @sk: not yet to be found by anybody else
 * @label: its listener's
 *
 * Atomic, under rcu_read_lock(). Return: 0, -ENOMEM.
 */
int cgc_sock_give(const struct sock *sk, u32 label);

/* cgc_sock_by_init - did the init process make @sk in order to hand it over? Atomic. */
bool cgc_sock_by_init(const struct sock *sk);

/* cgc_sock_hand_over - if the init process made @sk in order to hand it over, it is
 * @label's now (design 4: socket activation). Atomic. */
void cgc_sock_hand_over(const struct sock *sk, u32 label);

/* cgc_sock_free - the socket's memory goes. Any context. */
void cgc_sock_free(const struct sock *sk);

/* cgc_sock_count - records. */
unsigned int cgc_sock_count(void);

/* cgc_sock_carry - how many sockets carry a label. */
unsigned int cgc_sock_carry(u32 label);

/**
 * cgc_sock_walk - visit records
 * @bucket: where to begin, 0 at first; advanced
 * @visit: called under the bucket's lock, so that @sk lives; not 0 ends it and
 *	the same bucket is begun again next time
 */
int cgc_sock_walk(unsigned int *bucket,
		  int (*visit)(void *ctx, struct sock *sk, struct cgc_sock *record), void *ctx);

#endif
