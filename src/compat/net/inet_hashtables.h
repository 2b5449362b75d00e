/* SPDX-License-Identifier: GPL-2.0-only */
/* Looking listeners up: the table is an argument before 6.18. */
#ifndef CGC_COMPAT_NET_INET_HASHTABLES_H
#define CGC_COMPAT_NET_INET_HASHTABLES_H

#include_next <net/inet_hashtables.h>
#include <net/inet6_hashtables.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 18, 0)
#define CGC_HASHINFO(net)
#else
#define CGC_HASHINFO(net) (net)->ipv4.tcp_death_row.hashinfo,
#endif

static inline struct sock *
cgc_inet_lookup_listener(struct net *net, __be32 saddr, __be16 sport,
			 __be32 daddr, u16 dport, int dif)
{
	return __inet_lookup_listener(net, CGC_HASHINFO(net) NULL, 0, saddr, sport,
				      daddr, dport, dif, 0);
}

static inline struct sock *
cgc_inet6_lookup_listener(struct net *net, const struct in6_addr *saddr, __be16 sport,
			  const struct in6_addr *daddr, u16 dport, int dif)
{
	return inet6_lookup_listener(net, CGC_HASHINFO(net) NULL, 0, saddr, sport,
				     daddr, dport, dif, 0);
}

static inline struct sock *
cgc_inet_lookup_established(struct net *net, __be32 saddr, __be16 sport, __be32 daddr, u16 dport)
{
	return __inet_lookup_established(net, CGC_HASHINFO(net) saddr, sport, daddr, dport, 0, 0);
}

static inline struct sock *
cgc_inet6_lookup_established(struct net *net, const struct in6_addr *saddr, __be16 sport,
			     const struct in6_addr *daddr, u16 dport)
{
	return __inet6_lookup_established(net, CGC_HASHINFO(net) saddr, sport, daddr, dport, 0, 0);
}

#endif
