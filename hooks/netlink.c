// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink between processes (mission N4): what one program sends to another is a
 * datagram without a name, unix[dgram] in rules. What the kernel itself sends, and
 * what is sent to it, is no communication between compartments; which protocols
 * one may speak with it at all is decided where the socket is made. Who is
 * refused is not told: the kernel asks where it asks the receiver's filter.
 */
#include <linux/netlink.h>
#include <linux/skbuff.h>
#include "args.h"
#include "check.h"
#include "netlink.h"
#include "object.h"
#include "route.h"
#include "route_list.h"
#include "task.h"

/* The kernel's own, to one or to all who listen. */
static int from_kernel(const struct sock *sk, const struct sk_buff *skb)
{
	u32 label;

	if (likely(sk->sk_protocol != NETLINK_ROUTE || !cgc_route_any()))
		return 0;
	label = cgc_label_of_sock(sk);
	return cgc_check_sees_all(label) ? 0 :
	       cgc_route_list_deliver(skb, cgc_route_table(label));
}

int cgc_netlink_deliver(const struct sock *sk, const struct sk_buff *skb)
{
	/* Only sendmsg() fills the port in, and it delivers in its own context. */
	if (likely(!NETLINK_CB(skb).portid))
		return from_kernel(sk, skb);
	if (!in_task() || in_serving_softirq())
		return 0;
	return cgc_check_unix(cgc_label_of_current(), cgc_label_of_sock(sk), CGC_ATTR_UNIX_DGRAM,
			      NULL, 0, "security_sock_rcv_skb");
}

static int on_send(struct sock *sk, struct sk_buff *skb)
{
	return cgc_check_handle(cgc_label_of_current(), cgc_label_of_sock(sk), CGC_METHOD_UNIX,
				"security_netlink_send");
}

CGC_THUNK2(security_netlink_send, int, on_send, struct sock *, struct sk_buff *)

static struct cgc_hook netlink_hooks[] = {
	CGC_PRECHECK(security_netlink_send, CGC_REQUIRED),
};
CGC_HOOK_GROUP(netlink);
