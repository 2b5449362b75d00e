// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unix sockets (mission I1): streams and seqpackets are checked when they connect
 * and, once per set, when they send; datagrams at each send. The name that a rule
 * speaks of is the receiving socket's own, as it was bound: whatever path, link or
 * descriptor led to it.
 *
 * A process acts with its own label, and by a socket that another compartment made
 * (one that stood open when it entered its compartment) only where a rule lets
 * it talk with what the socket is connected with; see src/pair.h.
 *
 * With a unix socket's lock held a handler must not drop a reference to a socket:
 * that could free it, and call a hooked function.
 */
#include <linux/net.h>
#include <linux/string.h>
#include <net/af_unix.h>
#include <net/tcp_states.h>
#include "args.h"
#include "check.h"
#include "pair.h"
#include "task.h"
#include "unix.h"

static u32 attr_of(const struct sock *sk)
{
	switch (sk->sk_type) {
	case SOCK_STREAM:
		return CGC_ATTR_UNIX_STREAM;
	case SOCK_SEQPACKET:
		return CGC_ATTR_UNIX_SEQPACKET;
	}
	return CGC_ATTR_UNIX_DGRAM;
}

/* A socket's name as rules have it, `@' for the NUL of an abstract one. A path
 * that begins with an @ itself could be taken for one, and is no name. */
static u8 read_name(const struct sock *sk, char *name)
{
	const struct unix_address *addr = smp_load_acquire(&unix_sk(sk)->addr);
	const char *path;
	size_t len;

	if (!addr || addr->len <= (int)offsetof(struct sockaddr_un, sun_path))
		return 0;
	path = addr->name->sun_path;
	len = addr->len - offsetof(struct sockaddr_un, sun_path);
	if (len > sizeof(addr->name->sun_path))
		len = sizeof(addr->name->sun_path);
	if (path[0] == '@')
		return 0;
	if (path[0])
		len = strnlen(path, len);
	memcpy(name, path, len);
	if (!path[0])
		name[0] = '@';
	return len;
}

static void read_pair(struct cgc_pair *pair, const struct sock *sk, const struct sock *peer,
		      const char *hook)
{
	static_assert(sizeof(pair->name) == sizeof_field(struct sockaddr_un, sun_path));

	pair->sk = sk;
	pair->peer = peer;
	pair->attr = attr_of(sk);
	pair->hook = hook;
	pair->name_len = read_name(sk, pair->name);
	pair->peer_name_len = peer ? read_name(peer, pair->peer_name) : 0;
}

static noinline int connect_slow(const struct sock *sk, const struct sock *listener,
				 const struct sock *child, u32 label, const char *hook)
{
	struct cgc_pair pair;

	read_pair(&pair, sk, listener, hook);
	return cgc_pair_connect(&pair, child, label);
}

static int on_stream_connect(struct sock *sk, struct sock *listener, struct sock *child)
{
	static const char hook[] = "security_unix_stream_connect";
	u32 label = cgc_label_of_current();
	int ret;

	rcu_read_lock();
	ret = cgc_check_handle(label, cgc_label_of_sock(sk), CGC_METHOD_UNIX, hook);
	if (!ret)
		ret = likely(cgc_label_of_sock(listener) == label) ?
		      cgc_pair_within(sk, child, label) :
		      connect_slow(sk, listener, child, label, hook);
	rcu_read_unlock();
	return ret;
}

static noinline int may_send_slow(const struct sock *sk, const struct sock *peer, u32 label,
				  u32 object)
{
	char name[sizeof_field(struct cgc_pair, name)];
	u8 len = read_name(peer, name);
	int ret;

	ret = cgc_check_unix(label, object, attr_of(sk), name, len, "security_unix_may_send");
	if (!ret) {
		rcu_read_lock();
		cgc_pair_sent(peer, label);
		rcu_read_unlock();
	}
	return ret;
}

/* A datagram, or a connect() that says where they will go. */
static int on_may_send(struct socket *sock, struct socket *peer)
{
	u32 label, object;

	if (unlikely(!sock || !peer || !peer->sk))
		return 0;
	label = cgc_label_of_current();
	object = cgc_label_of_sock(peer->sk);
	return likely(label == object) ? 0 : may_send_slow(sock->sk, peer->sk, label, object);
}

/* Not decided by the set in force, or not by a process of this compartment. */
static noinline int use_slow(struct sock *sk, enum cgc_direction dir, u32 label,
			     const char *hook)
{
	struct cgc_pair pair;
	int ret;

	unix_state_lock(sk);
	rcu_read_lock();
	read_pair(&pair, sk, unix_peer(sk), hook);
	ret = cgc_pair_use(&pair, dir, label);
	rcu_read_unlock();
	unix_state_unlock(sk);
	return ret;
}

static bool is_decided(const struct cgc_sock *record, enum cgc_direction dir, u32 label)
{
	return cgc_pair_own(record, label) ||
	       (record && cgc_pair_decided(record, dir, label));
}

static int on_send(struct socket *sock, const char *hook)
{
	u32 label = cgc_label_of_current();
	bool pass;

	if (unlikely(label == CGC_LABEL_SUPERVISOR))
		return 0;
	rcu_read_lock();
	pass = is_decided(cgc_sock_find(sock->sk), CGC_DIR_OUT, label);
	rcu_read_unlock();
	return likely(pass) ? 0 : use_slow(sock->sk, CGC_DIR_OUT, label, hook);
}

/* Compartment 0 reads what it gets; others nothing by a socket that is not theirs. */
static int on_receive(struct socket *sock, const char *hook)
{
	u32 label = cgc_label_of_current();
	const struct cgc_sock *record;
	bool pass;

	if (likely(label == CGC_LABEL_DEFAULT || label == CGC_LABEL_SUPERVISOR))
		return 0;
	rcu_read_lock();
	record = cgc_sock_find(sock->sk);
	cgc_task_read(sock->sk, record && READ_ONCE(record->label) == label);
	pass = is_decided(record, CGC_DIR_IN, label);
	rcu_read_unlock();
	return likely(pass) ? 0 : use_slow(sock->sk, CGC_DIR_IN, label, hook);
}

int cgc_unix_hold(struct sock *sk, u32 holder, const char *hook)
{
	struct cgc_pair pair;
	int ret;

	unix_state_lock(sk);
	rcu_read_lock();
	read_pair(&pair, sk, unix_peer(sk), hook);
	ret = cgc_pair_hold(&pair, holder);
	rcu_read_unlock();
	unix_state_unlock(sk);
	return ret;
}

/* The operations of the three types; those of a datagram socket only as far as
 * security_unix_may_send() is not in their way. */
#define UNIX_OPERATION(function, handler) \
	static int cgc_at_##function(struct ftrace_regs *fregs) \
	{ return handler(CGC_ARG(0, struct socket *), #function); }

CGC_THUNK3(security_unix_stream_connect, int, on_stream_connect, struct sock *, struct sock *,
	   struct sock *)
CGC_THUNK2(security_unix_may_send, int, on_may_send, struct socket *, struct socket *)
UNIX_OPERATION(unix_stream_sendmsg, on_send)
UNIX_OPERATION(unix_seqpacket_sendmsg, on_send)
UNIX_OPERATION(unix_stream_sendpage, on_send)
UNIX_OPERATION(unix_stream_recvmsg, on_receive)
UNIX_OPERATION(unix_stream_splice_read, on_receive)
UNIX_OPERATION(unix_seqpacket_recvmsg, on_receive)
UNIX_OPERATION(unix_dgram_recvmsg, on_receive)

static struct cgc_hook unix_hooks[] = {
	CGC_PRECHECK(security_unix_stream_connect, CGC_REQUIRED),
	CGC_PRECHECK(security_unix_may_send, CGC_REQUIRED),
	CGC_PRECHECK(unix_stream_sendmsg, CGC_REQUIRED),
	CGC_PRECHECK(unix_seqpacket_sendmsg, CGC_REQUIRED),
	/* Gone since 6.5, where sendfile() and splice() go by sendmsg. */
	CGC_PRECHECK(unix_stream_sendpage, CGC_OPTIONAL),
	CGC_PRECHECK(unix_stream_recvmsg, CGC_REQUIRED),
	CGC_PRECHECK(unix_stream_splice_read, CGC_REQUIRED),
	CGC_PRECHECK(unix_seqpacket_recvmsg, CGC_REQUIRED),
	CGC_PRECHECK(unix_dgram_recvmsg, CGC_REQUIRED),
};
CGC_HOOK_GROUP(unix);
