/* SPDX-License-Identifier: GPL-2.0-only */
/* Netlink, for the call-out that it shares with other families. */
#ifndef CGC_HOOKS_NETLINK_H
#define CGC_HOOKS_NETLINK_H

#include <net/sock.h>

/* cgc_netlink_deliver - a message is about to be queued on a program's socket. Atomic.
 * Return: 0; -EACCES: it is dropped, and its sender not told. */
int cgc_netlink_deliver(const struct sock *sk, const struct sk_buff *skb);

#endif
