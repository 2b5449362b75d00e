// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way that packets go (mission N7): the mark on a compartment's sockets chooses its
 * routing table, and is not to be changed or seen by it; nor does a packet go to another
 * address first than the one that the rules were asked about, as a source route (IPv4)
 * or a routing header (IPv6) would have it.
 */
#include <linux/in6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/net.h>
#include <linux/socket.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/sock.h>
#include <net/transp_v6.h>
#include "args.h"
#include "check.h"
#include "task.h"
#include "way.h"

static int check_user(const char *hook)
{
	return cgc_check_way(cgc_label_of_current(), hook);
}

static int on_setsockopt(struct socket *sock, int level, int option)
{
	if (level == SOL_SOCKET && (option == SO_MARK || option == SO_RCVMARK))
		return check_user("security_socket_setsockopt");
	if (level == SOL_IPV6 && (option == IPV6_RTHDR || option == IPV6_2292RTHDR))
		return check_user("security_socket_setsockopt");
	return 0;
}

static int on_getsockopt(struct socket *sock, int level, int option)
{
	return level == SOL_SOCKET && option == SO_MARK ?
	       check_user("security_socket_getsockopt") : 0;
}

/* For one message. */
static int on_cmsg(const struct cmsghdr *cmsg)
{
	return cmsg->cmsg_type == SO_MARK ? check_user("__sock_cmsg_send") : 0;
}

/* For a socket or for one message; none takes away what there is. */
static int on_ip_options(int len)
{
	return len ? check_user("ip_options_get") : 0;
}

static int on_ip6_cmsg(struct net *net, struct sock *sk, struct msghdr *msg, struct flowi6 *fl6,
		       struct ipcm6_cookie *ipc6)
{
	struct cmsghdr *cmsg;

	for_each_cmsghdr(cmsg, msg) {
		if (!CMSG_OK(msg, cmsg))
			break;
		if (cmsg->cmsg_level == SOL_IPV6 && (cmsg->cmsg_type == IPV6_RTHDR ||
						     cmsg->cmsg_type == IPV6_2292RTHDR))
			return check_user("ip6_datagram_send_ctl");
	}
	return 0;
}

/* Not to be read as the kernel reads it, who might see none in what is malformed. */
static bool has_source_route(const struct sk_buff *skb)
{
	unsigned int at = skb_network_offset(skb) + sizeof(struct iphdr);
	unsigned int end = skb_network_offset(skb) + ip_hdr(skb)->ihl * 4;
	const u8 *option;
	u8 buffer;

	for (; at < end; at++) {
		option = skb_header_pointer(skb, at, 1, &buffer);
		if (option && (*option == IPOPT_LSRR || *option == IPOPT_SSRR))
			return true;
	}
	return false;
}

static bool has_routing_header(const struct sk_buff *skb)
{
	unsigned int offset = 0;

	return ipv6_find_hdr(skb, &offset, NEXTHDR_ROUTING, NULL, NULL) >= 0;
}

int cgc_way_of_packet(const struct cgc_sock *record, const struct sock *sk,
		      const struct sk_buff *skb)
{
	u32 subject = READ_ONCE(record->subject);

	if (likely(sk->sk_type != SOCK_RAW || subject == CGC_LABEL_DEFAULT))
		return 0;
	if (!(ip_hdr(skb)->version == 4 ? has_source_route(skb) : has_routing_header(skb)))
		return 0;
	return cgc_check_way(subject, "LOCAL_OUT");
}

/* Where the control message is among the arguments: 6.1 has the whole message before it. */
#define CMSG_ARGUMENT \
	(__same_type(__sock_cmsg_send, int (struct sock *, struct cmsghdr *, \
					    struct sockcm_cookie *)) ? 1 : 2)

CGC_THUNK3(security_socket_setsockopt, int, on_setsockopt, struct socket *, int, int)
CGC_THUNK3(security_socket_getsockopt, int, on_getsockopt, struct socket *, int, int)
CGC_THUNK_STATIC(__sock_cmsg_send, on_cmsg(CGC_ARG(CMSG_ARGUMENT, const struct cmsghdr *)))
/* A sockptr_t takes two registers. */
CGC_THUNK(ip_options_get, int, on_ip_options(CGC_ARG(4, long)), struct net *,
	  struct ip_options_rcu **, sockptr_t, int)
CGC_THUNK5(ip6_datagram_send_ctl, int, on_ip6_cmsg, struct net *, struct sock *, struct msghdr *,
	   struct flowi6 *, struct ipcm6_cookie *)

static struct cgc_hook way_hooks[] = {
	CGC_PRECHECK(security_socket_setsockopt, CGC_REQUIRED),
	CGC_PRECHECK(security_socket_getsockopt, CGC_REQUIRED),
	CGC_PRECHECK(__sock_cmsg_send, CGC_REQUIRED),
	CGC_PRECHECK(ip_options_get, CGC_REQUIRED),
	CGC_PRECHECK(ip6_datagram_send_ctl, CGC_REQUIRED),
};
CGC_HOOK_GROUP(way);
