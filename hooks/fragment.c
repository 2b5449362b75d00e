// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pieces of packets (mission N6): those that came by interfaces with different labels, or
 * from different compartments of this machine, are never joined.
 *
 * The kernel keeps pieces in queues, each found by a key. Here the label of a piece
 * becomes part of the key: pieces with another one are of another queue, which is bounded
 * and ends in time as all are, and a forged piece spoils no queue but its own.
 *
 * A piece without a label, of an interface that has none, is where it was.
 */
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <net/inet_frag.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/netfilter/ipv6/nf_defrag_ipv6.h>
#include "args.h"
#include "netdev.h"
#include "object.h"
#include "packet.h"

/*
 * The label of the piece whose queue is looked for next on this CPU: between the functions
 * that take a piece and inet_frag_find() nothing else runs here where softirqs are off; and
 * where they are not, another task may.
 */
static DEFINE_PER_CPU(struct {
	u32 mark;
	const struct task_struct *task;
}, looking[2]);

static bool softirqs_on(void)
{
	return !softirq_count();
}

/* Small numbers are far apart from each other once multiplied by one of these. */
#define SCATTER_SENDER	0x9E3779B1u
#define SCATTER_DEVICE	0x85EBCA6Bu

/* The interface's label, and the sender's where it is of this machine; 0: neither. */
static u32 mark_of(const struct sk_buff *skb)
{
	u32 label = CGC_LABEL_NETDEV_NONE;

	if (skb->dev)
		label = cgc_netdev_label(dev_net(skb->dev), skb->dev->ifindex);
	return skb->secmark * SCATTER_SENDER + CGC_LABEL_NETDEV_NONE - label;
}

static int on_piece(struct sk_buff *skb)
{
	u32 mark = mark_of(skb);
	bool on = softirqs_on();

	preempt_disable();
	this_cpu_write(looking[on].mark, mark);
	this_cpu_write(looking[on].task, current);
	preempt_enable();
	return 0;
}

/* A bit that is never set says that there is more in it than an interface's number. */
static void mark_key4(struct frag_v4_compare_key *key, u32 mark)
{
	key->protocol |= 1u << 15;
	key->vif = key->vif * SCATTER_DEVICE + mark;
}

static void mark_key6(struct frag_v6_compare_key *key, u32 mark)
{
	key->user |= 1u << 31;
	key->iif = key->iif * SCATTER_DEVICE + mark;
}

/* inet_frag_find() - the key is the caller's own, and it looks at it no more. Those of
 * other protocols are left alone. */
static int on_find(struct fqdir *fqdir, void *key)
{
	bool four = fqdir == fqdir->net->ipv4.fqdir, on = softirqs_on(), known;
	u32 mark;

	if (!four && fqdir != fqdir->net->ipv6.fqdir &&
	    strcmp(fqdir->f->frags_cache_name, "nf-frags"))
		return 0;
	preempt_disable();
	mark = this_cpu_read(looking[on].mark);
	known = !on || this_cpu_read(looking[on].task) == current;
	preempt_enable();
	if (unlikely(!known))
		return CGC_RETURN_ZERO;	/* no memory: the piece is lost */
	if (mark && four)
		mark_key4(key, mark);
	else if (mark)
		mark_key6(key, mark);
	return 0;
}

typedef int (*output_t)(struct net *net, struct sock *sk, struct sk_buff *skb);

/* ip_do_fragment(), ip6_fragment() - what a socket sends to another here is to go in pieces:
 * each is to say whose it is, also where the packet did not have to. What leaves by a link
 * that comes back does not: an answer from outside says nothing. */
static int on_divide(struct net *net, struct sock *sk, struct sk_buff *skb, output_t output)
{
	if (sk && sk_fullsock(sk) && !sk->sk_kern_sock && !skb->secmark &&
	    skb_dst(skb)->dev->flags & IFF_LOOPBACK)
		skb->secmark = cgc_mark_encode(cgc_label_of_sock(sk));
	return 0;
}

static int on_defrag(struct net *net, struct sk_buff *skb, u32 user)
{
	return on_piece(skb);
}

CGC_THUNK3(ip_defrag, int, on_defrag, struct net *, struct sk_buff *, u32)
CGC_THUNK_STATIC1(ipv6_frag_rcv, on_piece, struct sk_buff *)
CGC_THUNK3(nf_ct_frag6_gather, int, on_defrag, struct net *, struct sk_buff *, u32)
CGC_THUNK2(inet_frag_find, struct inet_frag_queue *, on_find, struct fqdir *, void *)
CGC_THUNK4(ip_do_fragment, int, on_divide, struct net *, struct sock *, struct sk_buff *, output_t)
CGC_THUNK4(ip6_fragment, int, on_divide, struct net *, struct sock *, struct sk_buff *, output_t)

static struct cgc_hook fragment_hooks[] = {
	CGC_PRECHECK(ip_defrag, CGC_REQUIRED),
	CGC_PRECHECK(ipv6_frag_rcv, CGC_REQUIRED),
	CGC_PRECHECK_MODULE(nf_defrag_ipv6, nf_ct_frag6_gather, CGC_REQUIRED),
	CGC_PRECHECK(inet_frag_find, CGC_REQUIRED),
	CGC_PRECHECK(ip_do_fragment, CGC_REQUIRED),
	CGC_PRECHECK(ip6_fragment, CGC_REQUIRED),
};
CGC_HOOK_GROUP(fragment);
