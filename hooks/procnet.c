// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sockets in /proc/net (mission I5): each file's rows of its own compartment's sockets
 * and no others; and sock_diag, which shows or ends any socket, for those only who see
 * all. To the others it is as if it were not built: `ss` then reads /proc/net.
 */
#include <linux/netlink.h>
#include <linux/seq_file.h>
#include <linux/sock_diag.h>
#include <net/inet_timewait_sock.h>
#include <net/request_sock.h>
#include <net/tcp.h>
#include "args.h"
#include "object.h"
#include "sees.h"
#include "timewait.h"

/* What is left out has printed nothing and succeeded. */
static int show_of(u32 subject, u32 label)
{
	return cgc_check_sees(subject, label) ? 0 : CGC_RETURN_ZERO;
}

static int on_row(const void *row)
{
	u32 subject;

	if (row == SEQ_START_TOKEN || cgc_sees_all(&subject))
		return 0;
	return show_of(subject, cgc_label_of_sock(row));
}

/* The list of packet sockets hands out their nodes. */
static int on_node(const void *row)
{
	return on_row(row == SEQ_START_TOKEN ? row : sk_entry(row));
}

/* An embryonic connection is its listener's. */
static u32 label_of_tcp(const struct sock *sk)
{
	if (sk->sk_state == TCP_TIME_WAIT)
		return cgc_label_of_timewait(inet_twsk(sk));
	if (sk->sk_state == TCP_NEW_SYN_RECV)
		return cgc_label_of_sock(inet_reqsk(sk)->rsk_listener);
	return cgc_label_of_sock(sk);
}

/* Rows are numbered; the number that the next one gets does not tell of this one. */
static int on_tcp(struct seq_file *seq, const void *row)
{
	struct tcp_iter_state *state = seq->private;
	u32 subject;
	int ret;

	if (row == SEQ_START_TOKEN || cgc_sees_all(&subject))
		return 0;
	ret = show_of(subject, label_of_tcp(row));
	if (ret)
		state->num--;
	return ret;
}

static int on_diag(const struct nlmsghdr *request)
{
	u32 subject;

	if (cgc_sees_all(&subject))
		return 0;
	if (request->nlmsg_type != SOCK_DESTROY)
		return -ENOENT;
	return cgc_check_handle(subject, CGC_LABEL_SUPERVISOR, CGC_METHOD_LIST,
				"sock_diag_rcv_msg") ? -EPERM : 0;
}

/* Being told of each socket that goes. */
static int on_diag_bind(void)
{
	u32 subject;

	return cgc_sees_all(&subject) ? 0 : -EPERM;
}

static int on_timewait(const struct inet_timewait_sock *tw, const struct sock *sk)
{
	if (cgc_hold_any())
		cgc_timewait_begin(tw, cgc_label_of_sock(sk));
	return 0;
}

static int on_timewait_free(struct inet_timewait_sock *tw)
{
	cgc_timewait_end(tw);
	return 0;
}

CGC_THUNK_STATIC(tcp4_seq_show, on_tcp(CGC_ARG(0, struct seq_file *), CGC_ARG(1, const void *)))
CGC_THUNK_STATIC(tcp6_seq_show, on_tcp(CGC_ARG(0, struct seq_file *), CGC_ARG(1, const void *)))
CGC_THUNK_STATIC(udp4_seq_show, on_row(CGC_ARG(1, const void *)))
CGC_THUNK_STATIC(udp6_seq_show, on_row(CGC_ARG(1, const void *)))
CGC_THUNK_STATIC(raw_seq_show, on_row(CGC_ARG(1, const void *)))
CGC_THUNK_STATIC(raw6_seq_show, on_row(CGC_ARG(1, const void *)))
CGC_THUNK_STATIC(ping_v4_seq_show, on_row(CGC_ARG(1, const void *)))
CGC_THUNK_STATIC(ping_v6_seq_show, on_row(CGC_ARG(1, const void *)))
CGC_THUNK_STATIC(unix_seq_show, on_row(CGC_ARG(1, const void *)))
CGC_THUNK_STATIC(netlink_seq_show, on_row(CGC_ARG(1, const void *)))
CGC_THUNK_STATIC(packet_seq_show, on_node(CGC_ARG(1, const void *)))
CGC_THUNK_STATIC(sock_diag_rcv_msg, on_diag(CGC_ARG(1, const struct nlmsghdr *)))
CGC_THUNK_NONE(sock_diag_bind, on_diag_bind)
CGC_THUNK_STATIC2(inet_twsk_hashdance, on_timewait, const struct inet_timewait_sock *,
		  const struct sock *)
CGC_THUNK_STATIC2(inet_twsk_hashdance_schedule, on_timewait, const struct inet_timewait_sock *,
		  const struct sock *)
CGC_THUNK1(inet_twsk_free, void, on_timewait_free, struct inet_timewait_sock *)

static struct cgc_hook procnet_hooks[] = {
	CGC_PRECHECK(tcp4_seq_show, CGC_REQUIRED),
	CGC_PRECHECK(tcp6_seq_show, CGC_REQUIRED),
	CGC_PRECHECK(udp4_seq_show, CGC_REQUIRED),
	CGC_PRECHECK(udp6_seq_show, CGC_REQUIRED),
	CGC_PRECHECK(raw_seq_show, CGC_REQUIRED),
	CGC_PRECHECK(raw6_seq_show, CGC_REQUIRED),
	CGC_PRECHECK(ping_v4_seq_show, CGC_REQUIRED),
	CGC_PRECHECK(ping_v6_seq_show, CGC_REQUIRED),
	CGC_PRECHECK(unix_seq_show, CGC_REQUIRED),
	CGC_PRECHECK(netlink_seq_show, CGC_REQUIRED),
	CGC_PRECHECK(packet_seq_show, CGC_REQUIRED),
	CGC_PRECHECK(sock_diag_rcv_msg, CGC_REQUIRED),
	CGC_PRECHECK(sock_diag_bind, CGC_REQUIRED),
	/* One of the two: the second since 6.11. */
	CGC_PRECHECK(inet_twsk_hashdance, CGC_OPTIONAL),
	CGC_PRECHECK(inet_twsk_hashdance_schedule, CGC_OPTIONAL),
	CGC_PRECHECK(inet_twsk_free, CGC_REQUIRED),
};
CGC_HOOK_GROUP(procnet);
