// SPDX-License-Identifier: GPL-2.0-only
/* Exchanges of datagrams, and so their reverse rules. */
#include <linux/hash.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/jiffies.h>
#include <linux/netdevice.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/udp.h>
#include <linux/workqueue.h>
#include "hold.h"
#include "mode.h"
#include "policy.h"
#include "reverse.h"

#define BITS	13
#define SWEEP	(5 * HZ)

/**
 * struct exchange - datagrams to and fro
 * @node: in a bucket; @lock
 * @of_socket: in its socket's list, oldest last; @lock
 * @owner: the socket's record, while @of_socket is linked
 * @net: the namespace of its addresses
 * @flow: from who began it; fixed but for the interface
 * @generation: of the set that allowed it
 * @used: jiffies of its last packet
 * @answered: packets went both ways
 * @ref: the rule that allowed it
 * @rcu: for freeing
 */
struct exchange {
	struct hlist_node node;
	struct list_head of_socket;
	struct cgc_sock *owner;
	const struct net *net;
	struct cgc_flow flow;
	u32 generation;
	unsigned long used;
	bool answered;
	u64 ref;
	struct rcu_head rcu;
};

static struct hlist_head buckets[1 << BITS];
static DEFINE_SPINLOCK(lock);
static atomic_t exchanges;
static u32 epoch = 1;	/* grows when an exchange is removed; @lock */
static struct kmem_cache *cache;

static void sweep(struct work_struct *work);
static DECLARE_DELAYED_WORK(sweeper, sweep);

static u64 half(const u8 *addr)
{
	u64 bits;

	memcpy(&bits, addr, sizeof(bits));
	return bits;
}

/* The same for both directions. */
static u32 bucket_of(const struct net *net, const struct cgc_flow *f)
{
	u64 a = half(f->saddr) ^ half(f->saddr + 8);
	u64 b = half(f->daddr) ^ half(f->daddr + 8);

	return hash_64((a + f->sport) ^ (b + f->dport) ^ (unsigned long)net, BITS);
}

/* Both ports as one word; swapped where @swap. */
static u32 ports(const struct cgc_flow *f, bool swap)
{
	return swap ? (u32)f->dport << 16 | f->sport : (u32)f->sport << 16 | f->dport;
}

static bool same_addr(const u8 *a, const u8 *b)
{
	return half(a) == half(b) && half(a + 8) == half(b + 8);
}

static bool same_way(const struct cgc_flow *a, const struct cgc_flow *b)
{
	return ports(a, false) == ports(b, false) &&
	       same_addr(a->saddr, b->saddr) && same_addr(a->daddr, b->daddr);
}

static bool other_way(const struct cgc_flow *a, const struct cgc_flow *b)
{
	return ports(a, false) == ports(b, true) &&
	       same_addr(a->saddr, b->daddr) && same_addr(a->daddr, b->saddr);
}

static unsigned long lifetime(const struct exchange *e)
{
	return (e->answered ? CGC_REVERSE_ANSWERED_SECONDS : CGC_REVERSE_SECONDS) * HZ;
}

static bool expired(const struct exchange *e)
{
	return time_after(jiffies, READ_ONCE(e->used) + lifetime(e));
}

/* The exchange that a packet belongs to, and whether it is an answer. */
static struct exchange *find(const struct cgc_packet *packet, bool *answer)
{
	const struct cgc_flow *f = &packet->ask.flow;
	struct exchange *e;

	hlist_for_each_entry_rcu(e, &buckets[bucket_of(packet->ask.net, f)], node) {
		if (e->net != packet->ask.net || e->flow.method != f->method ||
		    e->flow.family != f->family || expired(e))
			continue;
		*answer = false;
		if (same_way(&e->flow, f))
			return e;
		*answer = true;
		if (other_way(&e->flow, f))
			return e;
	}
	return NULL;
}

static void touch(struct exchange *e, bool answer)
{
	if (READ_ONCE(e->used) != jiffies)
		WRITE_ONCE(e->used, jiffies);
	if (answer && !e->answered)
		e->answered = true;
}

static void free_rcu(struct rcu_head *rcu)
{
	kmem_cache_free(cache, container_of(rcu, struct exchange, rcu));
}

static void remove(struct exchange *e)
{
	lockdep_assert_held(&lock);
	if (hlist_unhashed(&e->node))
		return;
	hlist_del_init_rcu(&e->node);
	list_del(&e->of_socket);
	e->owner->exchanges--;
	atomic_dec(&exchanges);
	smp_store_release(&epoch, epoch + 1);
	call_rcu(&e->rcu, free_rcu);
}

static void insert(struct cgc_sock *record, const struct cgc_ask *ask, u32 generation, u64 ref)
{
	struct exchange *e;
	unsigned long flags;

	e = kmem_cache_zalloc(cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!e)
		return;	/* no answer will pass */
	e->owner = record;
	e->net = ask->net;
	e->flow = ask->flow;
	e->generation = generation;
	e->used = jiffies;
	e->ref = ref;
	spin_lock_irqsave(&lock, flags);
	if (record->exchanges >= CGC_REVERSE_PER_SOCKET ||
	    (atomic_read(&exchanges) >= CGC_REVERSE_MAX && record->exchanges))
		remove(list_last_entry(&record->exchange_list, struct exchange, of_socket));
	if (atomic_read(&exchanges) < CGC_REVERSE_MAX) {
		hlist_add_head_rcu(&e->node, &buckets[bucket_of(e->net, &e->flow)]);
		list_add(&e->of_socket, &record->exchange_list);
		record->exchanges++;
		atomic_inc(&exchanges);
		e = NULL;
	}
	spin_unlock_irqrestore(&lock, flags);
	if (e)
		kmem_cache_free(cache, e);
}

static void drop(struct exchange *e)
{
	unsigned long flags;

	spin_lock_irqsave(&lock, flags);
	remove(e);
	spin_unlock_irqrestore(&lock, flags);
}

/* The set or the interface is another than it was allowed for. */
static noinline bool still_stands(struct exchange *e, const struct cgc_packet *packet)
{
	u32 generation = cgc_generation();
	struct cgc_ask ask = packet->ask;

	ask.flow = e->flow;
	ask.flow.ifindex = packet->ask.flow.ifindex;
	ask.quiet = true;
	if (cgc_check(&ask, NULL)) {
		drop(e);
		return false;
	}
	if (e->flow.ifindex == packet->ask.flow.ifindex)
		WRITE_ONCE(e->generation, generation);
	return true;
}

/* Does the exchange stand, under this set and by this interface? */
static bool stands(struct exchange *e, const struct cgc_packet *packet)
{
	return likely(READ_ONCE(e->generation) == cgc_generation() &&
		      e->flow.ifindex == packet->ask.flow.ifindex) ||
	       still_stands(e, packet);
}

/* Is the socket the end of the exchange that this packet would make it? */
static bool is_end(const struct exchange *e, const struct cgc_sock *record, bool began)
{
	switch (e->flow.path) {
	case CGC_PATH_LOCAL:
		return began ? e->flow.subject == record->subject : e->flow.object == record->label;
	case CGC_PATH_OUT:
		return began && e->flow.subject == record->subject;
	default:
		return !began && e->flow.object == record->label;
	}
}

static bool same_headers4(const struct cgc_flow *f, const struct iphdr *ip,
			  const struct udphdr *udp, bool answer)
{
	__be32 saddr = answer ? ip->daddr : ip->saddr, daddr = answer ? ip->saddr : ip->daddr;
	__be16 sport = answer ? udp->dest : udp->source, dport = answer ? udp->source : udp->dest;

	return f->family == 4 && !memcmp(f->saddr, &saddr, 4) && !memcmp(f->daddr, &daddr, 4) &&
	       f->sport == ntohs(sport) && f->dport == ntohs(dport);
}

static bool same_headers6(const struct cgc_flow *f, const struct ipv6hdr *ip,
			  const struct udphdr *udp, bool answer)
{
	const struct in6_addr *saddr = answer ? &ip->daddr : &ip->saddr;
	const struct in6_addr *daddr = answer ? &ip->saddr : &ip->daddr;
	__be16 sport = answer ? udp->dest : udp->source, dport = answer ? udp->source : udp->dest;

	return f->family == 6 && same_addr(f->saddr, saddr->s6_addr) &&
	       same_addr(f->daddr, daddr->s6_addr) &&
	       f->sport == ntohs(sport) && f->dport == ntohs(dport);
}

bool cgc_reverse_recent(const struct cgc_sock *record, enum cgc_direction dir,
			const struct sk_buff *skb, u32 ifindex)
{
	struct exchange *e = (struct exchange *)READ_ONCE(record->recent[dir].exchange);
	bool answer = READ_ONCE(record->recent[dir].answer), same;
	u32 then;

	/* The epoch is that of this exchange only if it still stands there
	 * afterwards; while no exchange was removed since, it lives. */
	smp_rmb();
	then = READ_ONCE(record->recent[dir].epoch);
	smp_rmb();
	if (!e || READ_ONCE(record->recent[dir].exchange) != e ||
	    then != smp_load_acquire(&epoch))
		return false;
	if (READ_ONCE(e->generation) != cgc_generation() || e->flow.ifindex != ifindex ||
	    expired(e))
		return false;
	same = ip_hdr(skb)->version == 4 ?
		same_headers4(&e->flow, ip_hdr(skb), udp_hdr(skb), answer) :
		same_headers6(&e->flow, ipv6_hdr(skb), udp_hdr(skb), answer);
	if (same)
		touch(e, answer);
	return same;
}

/* The next packet in this direction is probably of the same exchange. @now: the
 * epoch from before it was found. */
static void remember(struct cgc_sock *record, enum cgc_direction dir, const struct exchange *e,
		     bool answer, u32 now)
{
	spin_lock_bh(&record->lock);
	WRITE_ONCE(record->recent[dir].exchange, NULL);
	smp_wmb();
	WRITE_ONCE(record->recent[dir].epoch, now);
	WRITE_ONCE(record->recent[dir].answer, answer);
	smp_wmb();
	WRITE_ONCE(record->recent[dir].exchange, e);
	spin_unlock_bh(&record->lock);
}

/* The first packet out: of an exchange, or of one that has come to its end. */
static noinline int begin_out(struct cgc_sock *record, const struct cgc_packet *packet,
			      bool (*object)(const struct cgc_packet *packet, u32 *label))
{
	u32 generation = cgc_generation(), label;
	struct cgc_ask ask = packet->ask;
	struct cgc_verdict verdict;
	int ret;

	ask.flow.subject = record->subject;
	if (packet->local) {
		/* Decided at delivery; but who sends to a socket that is there
		 * learns of a refusal at once. */
		ask.flow.path = CGC_PATH_LOCAL;
		if (!object(packet, &label))
			return 0;
		ask.flow.object = label;
		return cgc_check(&ask, NULL);
	}
	ask.flow.path = CGC_PATH_OUT;
	ret = cgc_check(&ask, &verdict);
	if (ret)
		return ret;
	/* Who answers a group has another address. */
	if (!packet->group)
		insert(record, &ask, generation, verdict.ref);
	return 0;
}

int cgc_reverse_out(struct cgc_sock *record, const struct cgc_packet *packet,
		    bool (*object)(const struct cgc_packet *packet, u32 *label), bool *mark)
{
	u32 now = smp_load_acquire(&epoch);
	struct exchange *e;
	bool answer;

	e = packet->group ? NULL : find(packet, &answer);
	if (likely(e && is_end(e, record, !answer) && stands(e, packet))) {
		touch(e, answer);
		remember(record, CGC_DIR_OUT, e, answer, now);
		*mark = packet->comes_back && !answer;
		return 0;
	}
	*mark = true;
	return begin_out(record, packet, object);
}

/* The first packet in. */
static noinline int begin_in(struct cgc_sock *record, const struct cgc_packet *packet)
{
	struct cgc_ask ask = cgc_packet_ask_in(packet, record->label);
	u32 generation = cgc_generation();
	struct cgc_verdict verdict;

	if (cgc_check(&ask, &verdict))
		return -EACCES;
	if (!packet->group)
		insert(record, &ask, generation, verdict.ref);
	return 0;
}

/* Does it come from where the exchange's other end is? */
static bool is_from_peer(const struct exchange *e, const struct cgc_packet *packet, bool answer)
{
	if ((e->flow.path == CGC_PATH_LOCAL) != (packet->local || packet->marked))
		return false;
	return likely(!packet->marked) ||
	       packet->sender == (answer ? e->flow.object : e->flow.subject);
}

/* Sent for a decided exchange, so that it does not say whose it is, and now at
 * another socket: one that was bound since. The next one will say. */
static bool is_misled(struct exchange *e, const struct cgc_packet *packet)
{
	if (!packet->local || packet->marked || packet->ask.flow.method != CGC_METHOD_UDP)
		return false;
	/* LOCAL_OUT comes after the other hooks and goes before them; and what was
	 * under way when it came is compartment 0's, like everything then. */
	if (cgc_mode() != CGC_MODE_ENFORCE || !cgc_hold_any())
		return false;
	if (e)
		drop(e);
	return true;
}

int cgc_reverse_in(struct cgc_sock *record, const struct cgc_packet *packet)
{
	u32 now = smp_load_acquire(&epoch);
	struct exchange *e;
	bool answer;

	e = packet->group ? NULL : find(packet, &answer);
	if (likely(e && is_end(e, record, answer) && is_from_peer(e, packet, answer) &&
		   stands(e, packet))) {
		touch(e, answer);
		if (!packet->marked)
			remember(record, CGC_DIR_IN, e, answer, now);
		return 0;
	}
	return is_misled(e, packet) ? -EACCES : begin_in(record, packet);
}

void cgc_reverse_forget(struct cgc_sock *record)
{
	struct exchange *e, *tmp;
	unsigned long flags;

	if (!READ_ONCE(record->exchanges))
		return;
	spin_lock_irqsave(&lock, flags);
	list_for_each_entry_safe(e, tmp, &record->exchange_list, of_socket)
		remove(e);
	spin_unlock_irqrestore(&lock, flags);
}

static void sweep(struct work_struct *work)
{
	struct hlist_node *tmp;
	struct exchange *e;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(buckets); i++) {
		if (hlist_empty(&buckets[i]))
			continue;
		spin_lock_irq(&lock);
		hlist_for_each_entry_safe(e, tmp, &buckets[i], node)
			if (expired(e))
				remove(e);
		spin_unlock_irq(&lock);
		cond_resched();
	}
	schedule_delayed_work(&sweeper, SWEEP);
}

unsigned int cgc_reverse_count(void)
{
	return atomic_read(&exchanges);
}

void cgc_reverse_describe(struct cgc_reverse *out, const struct cgc_flow *flow, u64 ref,
			  struct net *net, u32 seconds)
{
	const struct net_device *dev;

	memset(out, 0, sizeof(*out));
	out->flow = *flow;
	out->ref = ref;
	out->seconds = seconds;
	rcu_read_lock();
	dev = flow->path == CGC_PATH_LOCAL ? NULL : dev_get_by_index_rcu(net, flow->ifindex);
	if (dev)
		strscpy(out->netdev, dev->name, sizeof(out->netdev));
	rcu_read_unlock();
}

int cgc_reverse_walk(unsigned int *bucket,
		     int (*visit)(void *ctx, const struct cgc_reverse *reverse), void *ctx)
{
	struct cgc_reverse reverse;
	struct exchange *e;
	long left;
	int ret = 0;

	for (; *bucket < ARRAY_SIZE(buckets); ++*bucket) {
		spin_lock_irq(&lock);
		hlist_for_each_entry(e, &buckets[*bucket], node) {
			left = (long)(e->used + lifetime(e) - jiffies);
			if (left < 0)
				continue;
			cgc_reverse_describe(&reverse, &e->flow, e->ref, (struct net *)e->net,
					     left / HZ + 1);
			ret = visit(ctx, &reverse);
			if (ret)
				break;
		}
		spin_unlock_irq(&lock);
		if (ret)
			return ret;
	}
	return 0;
}

int __init cgc_reverse_init(void)
{
	cache = kmem_cache_create("cgcompt_exchange", sizeof(struct exchange), 0, 0, NULL);
	if (!cache)
		return -ENOMEM;
	schedule_delayed_work(&sweeper, SWEEP);
	return 0;
}

void cgc_reverse_exit(void)
{
	unsigned int i;
	struct hlist_node *tmp;
	struct exchange *e;

	cancel_delayed_work_sync(&sweeper);
	spin_lock_irq(&lock);
	for (i = 0; i < ARRAY_SIZE(buckets); i++)
		hlist_for_each_entry_safe(e, tmp, &buckets[i], node)
			remove(e);
	spin_unlock_irq(&lock);
	rcu_barrier();
	kmem_cache_destroy(cache);
}
