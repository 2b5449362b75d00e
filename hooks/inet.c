// SPDX-License-Identifier: GPL-2.0-only
/*
 * Internet sockets: connect and bind as a courtesy, delivery for good
 * (mission N1 to N3).
 */
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/percpu.h>
#include <linux/string.h>
#include <linux/tcp.h>
#include <net/inet_sock.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/route.h>
#include <net/tcp_states.h>
#include "args.h"
#include "connection.h"
#include "netlink.h"
#include "read.h"
#include "peer.h"
#include "reverse.h"
#include "task.h"

/* What is just reaching a listener on this CPU: the child made for it, before
 * anything else is delivered here, takes it over. */
static DEFINE_PER_CPU(struct {
	const struct sock *listener;
	struct cgc_packet packet;
	u64 ref;
	u32 generation;
}, reaching);

static bool is_inet(const struct sock *sk)
{
	return sk->sk_family == AF_INET || sk->sk_family == AF_INET6;
}

/* The peer's address and port into the flow; false: there is none to check. */
static bool read_sockaddr(struct cgc_flow *flow, const struct sockaddr *address, int len)
{
	const struct sockaddr_in *in = (const struct sockaddr_in *)address;
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)address;

	if (len >= (int)sizeof(*in) && address->sa_family == AF_INET) {
		flow->family = 4;
		flow->dport = ntohs(in->sin_port);
		memcpy(flow->daddr, &in->sin_addr, 4);
		return true;
	}
	if (len < SIN6_LEN_RFC2133 || address->sa_family != AF_INET6)
		return false;
	flow->dport = ntohs(in6->sin6_port);
	if (ipv6_addr_v4mapped(&in6->sin6_addr)) {
		flow->family = 4;
		memcpy(flow->daddr, &in6->sin6_addr.s6_addr[12], 4);
	} else {
		flow->family = 6;
		memcpy(flow->daddr, &in6->sin6_addr, 16);
	}
	return true;
}

/* The interface that a route to the peer goes by; 0: no route. */
static u32 route_to(const struct sock *sk, const struct cgc_flow *flow)
{
	struct flowi6 fl6 = { .flowi6_oif = sk->sk_bound_dev_if, .flowi6_mark = sk->sk_mark,
			      .flowi6_uid = sk->sk_uid, .flowi6_proto = sk->sk_protocol };
	struct flowi4 fl4 = { .flowi4_oif = sk->sk_bound_dev_if, .flowi4_mark = sk->sk_mark,
			      .flowi4_uid = sk->sk_uid, .flowi4_proto = sk->sk_protocol };
	struct dst_entry *dst;
	struct rtable *rt;
	u32 ifindex = 0;

	if (flow->family == 4) {
		memcpy(&fl4.daddr, flow->daddr, 4);
		rt = ip_route_output_key(sock_net(sk), &fl4);
		if (IS_ERR(rt))
			return 0;
		dst = &rt->dst;
	} else {
		memcpy(&fl6.daddr, flow->daddr, 16);
		dst = ip6_route_output(sock_net(sk), sk, &fl6);
	}
	if (!dst->error)
		ifindex = dst->dev->ifindex;
	dst_release(dst);
	return ifindex;
}

static int check_remote(const struct sock *sk, struct cgc_ask *ask)
{
	struct cgc_verdict verdict;
	int ret;

	ask->flow.path = CGC_PATH_OUT;
	ask->flow.ifindex = READ_ONCE(sk->sk_bound_dev_if);
	ask->netdev_unknown = true;
	ret = cgc_check(ask, &verdict);
	if (ret)
		return ret;
	if (!verdict.allow || !verdict.netdevs)
		return 0;
	/* It hangs on the interface. Without a route connect() fails by itself. */
	ask->netdev_unknown = false;
	ask->flow.ifindex = route_to(sk, &ask->flow);
	return ask->flow.ifindex ? cgc_check(ask, NULL) : 0;
}

static int check_local(struct cgc_sock *record, struct cgc_packet *packet)
{
	struct cgc_verdict verdict;
	u32 label;
	int ret;

	packet->ask.flow.path = CGC_PATH_LOCAL;
	if (!cgc_peer_of_packet(packet, &label))
		return 0;	/* nobody there: the kernel says so */
	packet->ask.flow.object = label;
	ret = cgc_check(&packet->ask, &verdict);
	if (!ret && verdict.sports && packet->ask.sport_unknown)
		cgc_connection_ask(record);
	return ret;
}

static int check_user(const struct cgc_sock *record, const char *hook)
{
	return cgc_check_handle(cgc_label_of_current(), record->label, CGC_METHOD_RAW, hook);
}

static int on_connect(struct socket *sock, struct sockaddr *address, int len)
{
	struct cgc_packet packet = { .ask.hook = "security_socket_connect" };
	struct cgc_flow *flow = &packet.ask.flow;
	struct sock *sk = sock->sk;
	struct cgc_sock *record;
	int ret = -ENOMEM;

	if (!sk || !is_inet(sk))
		return 0;
	rcu_read_lock();
	record = cgc_sock_find_or_add(sk);
	if (!record)
		goto out;
	ret = 0;
	if (sk->sk_state == TCP_CLOSE && sk_is_tcp(sk))
		cgc_connection_reset(record);
	if (!read_sockaddr(flow, address, len) || sk->sk_kern_sock)
		goto out;
	flow->subject = record->subject;
	flow->method = cgc_packet_method(sk);
	flow->sport = inet_sk(sk)->inet_num;
	packet.ask.sport_unknown = !flow->sport;
	packet.ask.net = sock_net(sk);
	ret = check_user(record, packet.ask.hook);
	if (ret)
		goto out;
	packet.local = cgc_peer_is_local(packet.ask.net, flow->family, flow->daddr);
	ret = packet.local ? check_local(record, &packet) : check_remote(sk, &packet.ask);
out:
	rcu_read_unlock();
	return ret;
}

/* Of every family: a socket that another compartment made is of no use. */
static int check_holder(const struct sock *sk, const char *hook)
{
	return cgc_check_handle(cgc_label_of_current(), cgc_label_of_sock(sk),
				sk->sk_family == AF_UNIX ? CGC_METHOD_UNIX : CGC_METHOD_RAW, hook);
}

static int on_bind(struct socket *sock, struct sockaddr *address, int len)
{
	const struct sockaddr_in *in = (const struct sockaddr_in *)address;
	const struct sock *sk = sock->sk;
	struct cgc_flow flow = {};
	struct cgc_sock *record;
	int ret = -ENOMEM;

	if (!sk || sk->sk_kern_sock)
		return 0;
	if (!is_inet(sk))
		return check_holder(sk, "security_socket_bind");
	/* Of old, AF_UNSPEC binds to any address, and so to a port. */
	if (len >= (int)sizeof(*in) && address->sa_family == AF_UNSPEC)
		flow.dport = ntohs(in->sin_port);
	else if (!read_sockaddr(&flow, address, len))
		return 0;
	rcu_read_lock();
	record = cgc_sock_find_or_add(sk);
	if (record)
		ret = check_user(record, "security_socket_bind");
	if (!ret)
		ret = cgc_check_port(record->subject, cgc_packet_method(sk), flow.dport,
				     "security_socket_bind");
	rcu_read_unlock();
	return ret;
}

static int on_listen(struct socket *sock, int backlog)
{
	if (!sock->sk || sock->sk->sk_kern_sock)
		return 0;
	return check_holder(sock->sk, "security_socket_listen");
}

static int on_accept(struct socket *sock, struct socket *newsock)
{
	return sock->sk ? check_holder(sock->sk, "security_socket_accept") : 0;
}

/* To a listener: a SYN, the end of a handshake, a cookie. A reset carries
 * nothing and ends what was let in. */
static int reach_listener(const struct sock *sk, struct cgc_sock *record, struct sk_buff *skb)
{
	u32 generation = cgc_generation();
	const struct tcphdr *tcp;
	struct cgc_verdict verdict;
	struct cgc_packet packet;
	struct tcphdr buffer;
	int ret;

	tcp = cgc_packet_tcp(skb, &buffer);
	if (!tcp || tcp->rst)
		return 0;
	cgc_packet_in(&packet, skb, sk, "security_sock_rcv_skb");
	ret = cgc_connection_reach(record, &packet, &verdict);
	if (ret)
		return ret;
	this_cpu_write(reaching.listener, sk);
	*this_cpu_ptr(&reaching.packet) = packet;
	this_cpu_write(reaching.ref, verdict.ref);
	this_cpu_write(reaching.generation, generation);
	return 0;
}

/* To a socket that waits for its SYN-ACK: a SYN alone is the peer's own
 * beginning, needs the other rule, and is then what the connection rests on. */
static int reach_opening(const struct sock *sk, struct cgc_sock *record, struct sk_buff *skb)
{
	u32 generation = cgc_generation();
	struct cgc_verdict verdict;
	struct cgc_packet packet;
	const struct tcphdr *tcp;
	struct tcphdr buffer;
	int ret;

	tcp = cgc_packet_tcp(skb, &buffer);
	if (!tcp || tcp->rst)
		return 0;
	cgc_packet_in(&packet, skb, sk, "security_sock_rcv_skb");
	if (!tcp->syn || tcp->ack)
		return cgc_connection_pass(record, CGC_DIR_IN, &packet);
	ret = cgc_connection_reach(record, &packet, &verdict);
	if (!ret)
		cgc_connection_accept(record, &packet, verdict.ref, generation);
	return ret;
}

/* The peer has accepted, and knows the label now: not yet when it sends its SYN
 * again (TCP_DEFER_ACCEPT, a full queue). */
static void leave_opening(struct cgc_sock *record, const struct sk_buff *skb)
{
	const struct tcphdr *tcp;
	struct tcphdr buffer;

	tcp = cgc_packet_tcp(skb, &buffer);
	if (!tcp || tcp->syn)
		return;
	spin_lock_bh(&record->lock);
	record->flags &= ~CGC_SOCK_OPENING;
	spin_unlock_bh(&record->lock);
}

/* Anything but a packet of a connection that is decided. */
static noinline int tcp_in_slow(const struct sock *sk, struct cgc_sock *record,
				struct sk_buff *skb, u8 state)
{
	struct cgc_packet packet;

	if (state == TCP_LISTEN)
		return reach_listener(sk, record, skb);
	if (state == TCP_SYN_SENT)
		return reach_opening(sk, record, skb);
	if (READ_ONCE(record->flags) & CGC_SOCK_OPENING)
		leave_opening(record, skb);
	if (cgc_connection_decided(record, CGC_DIR_IN, skb->skb_iif))
		return 0;
	cgc_packet_in(&packet, skb, sk, "security_sock_rcv_skb");
	return cgc_connection_pass(record, CGC_DIR_IN, &packet);
}

static int tcp_in(const struct sock *sk, struct cgc_sock *record, struct sk_buff *skb)
{
	u8 state = READ_ONCE(sk->sk_state);

	/* A listener's record is decided for no interface. */
	if (likely(cgc_connection_decided(record, CGC_DIR_IN, skb->skb_iif) &&
		   !(READ_ONCE(record->flags) & CGC_SOCK_OPENING) && state != TCP_SYN_SENT))
		return 0;
	return tcp_in_slow(sk, record, skb, state);
}

static noinline int datagram_in(const struct sock *sk, struct cgc_sock *record,
				struct sk_buff *skb)
{
	struct cgc_packet packet;

	cgc_packet_in(&packet, skb, sk, "security_sock_rcv_skb");
	return cgc_reverse_in(record, &packet);
}

/* Internet packets are delivered under rcu_read_lock(), from the softirq. */
static int on_rcv_skb(struct sock *sk, struct sk_buff *skb)
{
	struct cgc_sock *record;

	if (!is_inet(sk))
		return sk->sk_family == AF_NETLINK ? cgc_netlink_deliver(sk, skb) : 0;
	record = cgc_sock_find_or_add(sk);
	if (unlikely(!record))
		return -ENOMEM;
	if (likely(sk_is_tcp(sk)))
		return tcp_in(sk, record, skb);
	if (likely(cgc_is_udp(sk) && !skb->secmark &&
		   cgc_reverse_recent(record, CGC_DIR_IN, skb, skb->skb_iif)))
		return 0;
	return datagram_in(sk, record, skb);
}

/* A listener's child, or one half of a peeled off association. */
static int on_clone(const struct sock *sk, struct sock *newsk)
{
	struct cgc_sock *child;

	rcu_read_lock();
	child = cgc_sock_inherit(newsk, sk);
	if (child && this_cpu_read(reaching.listener) == sk) {
		this_cpu_write(reaching.listener, NULL);
		cgc_connection_accept(child, this_cpu_ptr(&reaching.packet),
				      this_cpu_read(reaching.ref),
				      this_cpu_read(reaching.generation));
	}
	rcu_read_unlock();
	return 0;
}

/* A subflow is the kernel's own socket with a program's data (design 4). */
static __maybe_unused int on_mptcp_add_subflow(struct sock *sk, struct sock *ssk)
{
	rcu_read_lock();
	cgc_sock_inherit(ssk, sk);
	rcu_read_unlock();
	return 0;
}

CGC_THUNK3(security_socket_connect, int, on_connect, struct socket *, struct sockaddr *, int)
CGC_THUNK3(security_socket_bind, int, on_bind, struct socket *, struct sockaddr *, int)
CGC_THUNK2(security_socket_listen, int, on_listen, struct socket *, int)
CGC_THUNK2(security_socket_accept, int, on_accept, struct socket *, struct socket *)
CGC_THUNK2(security_sock_rcv_skb, int, on_rcv_skb, struct sock *, struct sk_buff *)
CGC_THUNK2(security_sk_clone, void, on_clone, const struct sock *, struct sock *)
CGC_THUNK2(security_mptcp_add_subflow, int, on_mptcp_add_subflow, struct sock *, struct sock *)

static struct cgc_hook inet_hooks[] = {
	CGC_PRECHECK(security_socket_connect, CGC_REQUIRED),
	CGC_PRECHECK(security_socket_bind, CGC_REQUIRED),
	CGC_PRECHECK(security_socket_listen, CGC_REQUIRED),
	CGC_PRECHECK(security_socket_accept, CGC_REQUIRED),
	CGC_PRECHECK(security_sock_rcv_skb, CGC_REQUIRED),
	CGC_PRECHECK(security_sk_clone, CGC_REQUIRED),
	CGC_PRECHECK(security_mptcp_add_subflow,
		     CGC_HAVE_MPTCP_ADD_SUBFLOW ? CGC_REQUIRED : CGC_OPTIONAL),
};
CGC_HOOK_GROUP(inet);
