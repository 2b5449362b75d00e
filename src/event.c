// SPDX-License-Identifier: GPL-2.0-only
/* Denials and acts of administration, on record. */
#include <linux/cred.h>
#include <linux/hash.h>
#include <linux/netdevice.h>
#include <linux/preempt.h>
#include <linux/ratelimit.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include "compartment.h"
#include "control.h"
#include "event.h"
#include "log.h"
#include "task.h"

#define TALLY_BITS	10
#define LINE_SIZE	320

static atomic64_t total, left_out_total;
static atomic_t left_out;	/* since the last line logged */
static DEFINE_RATELIMIT_STATE(limit, 5 * HZ, 50);

static DEFINE_SPINLOCK(kept_lock);
static struct cgc_event kept[CGC_EVENTS_KEPT];
static u64 kept_count;

/* Denials per compartment: a slot belongs to the first label that takes it. */
static struct {
	atomic64_t owner;	/* label + 1, 0: free */
	atomic64_t denials;
} tally[1 << TALLY_BITS];

static atomic64_t *tally_of(u32 label, bool take)
{
	unsigned int i = hash_32(label, TALLY_BITS), n;
	s64 owner;

	for (n = 0; n < ARRAY_SIZE(tally); n++, i = (i + 1) % ARRAY_SIZE(tally)) {
		owner = atomic64_read(&tally[i].owner);
		if (!owner && take)
			owner = atomic64_cmpxchg(&tally[i].owner, 0, label + 1ll) ?: label + 1ll;
		if (owner == label + 1ll)
			return &tally[i].denials;
		if (!owner)
			return NULL;
	}
	return NULL;
}

static void count(u32 label)
{
	atomic64_t *denials = tally_of(label, true);

	atomic64_inc(&total);
	if (denials)
		atomic64_inc(denials);
}

u64 cgc_event_count(u32 label)
{
	atomic64_t *denials = tally_of(label, false);

	return denials ? atomic64_read(denials) : 0;
}

void cgc_event_totals(u64 *denials, u64 *unlogged)
{
	*denials = atomic64_read(&total);
	*unlogged = atomic64_read(&left_out_total);
}

/* What the language cannot say becomes its `?', which matches any one byte. */
static void copy_path(char *to, const char *name, u8 len)
{
	unsigned int i;

	for (i = 0; i < len && i < CGC_PATH_SIZE - 1; i++)
		to[i] = name[i] >= ' ' && name[i] <= '~' && name[i] != '"' ? name[i] : '?';
}

static void describe(struct cgc_event *event, const struct cgc_ask *ask, u32 kind)
{
	const struct net_device *dev;

	memset(event, 0, sizeof(*event));
	event->flow = ask->flow;
	event->time_ns = ktime_get_real_ns();
	event->kind = kind;
	event->generation = cgc_generation();
	strscpy(event->hook, ask->hook, sizeof(event->hook));
	copy_path(event->path, ask->name, ask->name_len);
	if (ask->net && ask->flow.ifindex) {
		dev = dev_get_by_index_rcu(ask->net, ask->flow.ifindex);
		if (dev)
			strscpy(event->netdev, dev->name, sizeof(event->netdev));
	}
	if (in_task() && !in_serving_softirq()) {
		event->pid = current->tgid;
		event->uid = from_kuid_munged(&init_user_ns, current_uid());
		strscpy(event->comm, current->comm, sizeof(event->comm));
	}
}

static void print(const struct cgc_event *event, const struct cgc_policy *policy)
{
	struct cgc_names names = cgc_compartment_names(policy);
	char line[LINE_SIZE];
	struct cgc_text text;

	cgc_text_init(&text, line, sizeof(line));
	cgc_format_event(&text, event, &names);
	if (event->flow.path == CGC_PATH_FORWARD) {
		cgc_text_str(&text, ", ");
		cgc_format_hosts(&text, &event->flow);
	}
	cgc_notice("%s: %s; %s; %s pid %u uid %u comm %*pE generation %u, %llu left out\n",
		   event->kind == CGC_EVENT_DENIED ? "denied" : "would deny", line,
		   cgc_format_reason(&event->flow), event->hook, event->pid, event->uid,
		   (int)strlen(event->comm), event->comm, event->generation, event->suppressed);
}

static void keep(const struct cgc_event *event)
{
	unsigned long flags;

	spin_lock_irqsave(&kept_lock, flags);
	kept[kept_count++ % CGC_EVENTS_KEPT] = *event;
	spin_unlock_irqrestore(&kept_lock, flags);
}

bool cgc_event_get(u32 index, struct cgc_event *event)
{
	unsigned long flags;
	u64 first;
	bool found;

	spin_lock_irqsave(&kept_lock, flags);
	first = kept_count > CGC_EVENTS_KEPT ? kept_count - CGC_EVENTS_KEPT : 0;
	found = first + index < kept_count;
	if (found)
		*event = kept[(first + index) % CGC_EVENTS_KEPT];
	spin_unlock_irqrestore(&kept_lock, flags);
	return found;
}

void cgc_event_denied(const struct cgc_ask *ask, u32 kind, const struct cgc_policy *policy)
{
	struct cgc_event event;

	count(ask->flow.path == CGC_PATH_IN ? ask->flow.object : ask->flow.subject);
	describe(&event, ask, kind);
	if (__ratelimit(&limit)) {
		event.suppressed = atomic_xchg(&left_out, 0);
		print(&event, policy);
	} else {
		atomic_inc(&left_out);
		atomic64_inc(&left_out_total);
	}
	keep(&event);
	cgc_control_notify(&event);
}

void cgc_event_admin(const char *fmt, ...)
{
	struct va_format vaf;
	va_list args;

	va_start(args, fmt);
	vaf.fmt = fmt;
	vaf.va = &args;
	cgc_notice("%pV; by pid %d uid %u comm %*pE, compartment 0x%x\n", &vaf, current->tgid,
		   from_kuid_munged(&init_user_ns, current_uid()), (int)strlen(current->comm),
		   current->comm, cgc_label_of_current());
	va_end(args);
}

void cgc_event_changed(void)
{
	cgc_control_changed();
}
