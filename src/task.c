// SPDX-License-Identifier: GPL-2.0-only
/*
 * Labels of tasks.
 *
 * Truth is a record per task whose label is not 0, made before the child is
 * visible (so that a fork can still fail) and found by the task's address.
 * For speed a table indexed by PID holds {task, label}; a slot counts only
 * while its pointer is the task asked about, so a later owner of the PID never
 * reads it. A record without a slot (not yet published, PID swapped at exec,
 * PID gone before the task, no memory for the slot's page) is found by address;
 * a count of these spares everybody else that look-up.
 */
#include <linux/mempool.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/seccomp.h>
#include <linux/slab.h>
#include <linux/threads.h>
#include "hold.h"
#include "log.h"
#include "ptrmap.h"
#include "task.h"

#define MAP_BITS	12
#define RESERVE		32	/* records kept for kernel threads that adopt */

/**
 * struct record - a labelled task
 * @map: by address
 * @label: its compartment
 * @pid: whose slot it has, 0: none
 * @overseer: with @overseen: the compartment that it had seccomp filters from
 * @reads: the unix socket that it reads, see cgc_task_read()
 * @next_label: what its next execve() enters, if @entering
 * @entering: an exec was prepared
 * @mapped: by an EXEC statement, for this execve() alone
 * @owned: @reads is of its own compartment
 * @overseen: see @overseer
 * @rcu: for freeing: who then still looks reads @map and @label alone
 */
struct record {
	struct cgc_ptrnode map;
	u32 label;
	pid_t pid;
	u32 overseer;
	union {
		struct {
			const struct sock *reads;
			u32 next_label;
			bool entering;
			bool mapped;
			bool owned;
			bool overseen;
		};
		struct rcu_head rcu;
	};
};

static_assert(sizeof(struct record) + sizeof(struct cgc_task_slot) <= 72, "what a process costs");

static struct cgc_ptrmap map;
struct cgc_task_slot *cgc_task_pages[PID_MAX_LIMIT / CGC_TASK_SLOTS];
static DEFINE_SPINLOCK(slots_lock);	/* writers of slots; inside a bucket's lock */
atomic_t cgc_task_homeless;
static struct kmem_cache *cache;
static mempool_t *reserve;

static struct cgc_task_slot *slot_of(pid_t pid)
{
	struct cgc_task_slot *page = READ_ONCE(cgc_task_pages[pid / CGC_TASK_SLOTS]);

	return page ? &page[pid % CGC_TASK_SLOTS] : NULL;
}

static struct record *find(const struct task_struct *task)
{
	struct cgc_ptrnode *n = cgc_ptrmap_find(&map, task);

	return n ? container_of(n, struct record, map) : NULL;
}

u32 cgc_label_of_homeless(const struct task_struct *task)
{
	const struct record *r;
	u32 label = CGC_LABEL_DEFAULT;

	rcu_read_lock();
	r = find(task);
	if (r)
		label = READ_ONCE(r->label);
	rcu_read_unlock();
	return label;
}

static void set_label(struct record *r, u32 label)
{
	cgc_hold_relabel(r->label, label);
	WRITE_ONCE(r->label, label);
}

/* What an exec was prepared for holds the module like what carries it: it must
 * not begin without its label. */
static void prepare(struct record *r, bool entering, u32 label)
{
	cgc_hold_relabel(r->entering ? r->next_label : CGC_LABEL_DEFAULT,
			 entering ? label : CGC_LABEL_DEFAULT);
	r->next_label = label;
	r->entering = entering;
	r->mapped = false;
}

/* The page of a PID's slot, made where it is missing; NULL: no memory. */
static struct cgc_task_slot *slot_make(pid_t pid)
{
	struct cgc_task_slot **page = &cgc_task_pages[pid / CGC_TASK_SLOTS];
	struct cgc_task_slot *fresh;

	lockdep_assert_held(&slots_lock);
	if (!*page) {
		fresh = (struct cgc_task_slot *)get_zeroed_page(GFP_ATOMIC | __GFP_NOWARN);
		if (!fresh)
			return NULL;
		smp_store_release(page, fresh);
	}
	return &(*page)[pid % CGC_TASK_SLOTS];
}

static void slot_leave(struct record *r)
{
	struct cgc_task_slot *slot;

	lockdep_assert_held(&slots_lock);
	if (!r->pid)
		return;
	slot = slot_of(r->pid);
	if (slot->task == r->map.key)
		WRITE_ONCE(slot->task, NULL);
	r->pid = 0;
	atomic_inc(&cgc_task_homeless);
}

/* Another record's slot is about to be taken: its PID was given anew. */
static void slot_evict(struct cgc_task_slot *slot, const struct task_struct *task)
{
	struct record *other;

	lockdep_assert_held(&slots_lock);
	if (!slot->task || slot->task == task)
		return;
	other = find(slot->task);
	if (other)
		slot_leave(other);
}

/* Put the record's label where its task's PID says. */
static void slot_enter(struct record *r, const struct task_struct *task)
{
	unsigned long flags;
	struct cgc_task_slot *slot;

	rcu_read_lock();
	spin_lock_irqsave(&slots_lock, flags);
	if (r->pid && r->pid != task->pid)
		slot_leave(r);
	slot = slot_make(task->pid);
	if (slot) {
		slot_evict(slot, task);
		WRITE_ONCE(slot->task, NULL);
		smp_wmb();	/* never the new label with the old owner */
		WRITE_ONCE(slot->label, r->label);
		smp_store_release(&slot->task, task);
		if (!r->pid)
			atomic_dec(&cgc_task_homeless);
		r->pid = task->pid;
	}
	spin_unlock_irqrestore(&slots_lock, flags);
	rcu_read_unlock();
}

static void record_add(struct record *r, struct task_struct *task, u32 label)
{
	memset(r, 0, sizeof(*r));
	r->map.key = task;
	set_label(r, label);
	atomic_inc(&cgc_task_homeless);
	cgc_ptrmap_add(&map, &r->map);
}

static u32 label_for_child(bool thread)
{
	u32 label = cgc_label_of_current();

	/* What the init process starts is in the default compartment (L4). */
	if (label == CGC_LABEL_SUPERVISOR && !thread && is_global_init(current))
		return CGC_LABEL_DEFAULT;
	return label;
}

static void copy_overseer(struct record *child, const struct record *parent)
{
	if (!parent)
		return;
	child->overseer = parent->overseer;
	child->overseen = parent->overseen;
}

/* A child has its parent's seccomp filters. */
static void oversee_child(struct record *child)
{
	rcu_read_lock();
	copy_overseer(child, find(current));
	rcu_read_unlock();
}

int cgc_task_fork(struct task_struct *child, bool thread)
{
	u32 label = label_for_child(thread);
	struct record *r;

	if (likely(label == CGC_LABEL_DEFAULT))
		return 0;
	r = kmem_cache_alloc(cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!r)
		return -ENOMEM;
	record_add(r, child, label);
	oversee_child(r);
	return 0;
}

void cgc_task_publish(struct task_struct *child)
{
	struct record *r;

	if (likely(!atomic_read(&cgc_task_homeless)))
		return;
	rcu_read_lock();
	r = find(child);
	if (r)
		slot_enter(r, child);
	rcu_read_unlock();
}

static void record_free_rcu(struct rcu_head *rcu)
{
	mempool_free(container_of(rcu, struct record, rcu), reserve);
}

void cgc_task_free(struct task_struct *task)
{
	struct cgc_ptrnode *n;
	struct record *r;
	unsigned long flags;

	if (!atomic_read(&map.count))
		return;
	n = cgc_ptrmap_del(&map, task);
	if (!n)
		return;
	r = container_of(n, struct record, map);
	spin_lock_irqsave(&slots_lock, flags);
	slot_leave(r);
	spin_unlock_irqrestore(&slots_lock, flags);
	atomic_dec(&cgc_task_homeless);
	set_label(r, CGC_LABEL_DEFAULT);
	prepare(r, false, CGC_LABEL_DEFAULT);
	call_rcu(&r->rcu, record_free_rcu);
}

static int prepare_exec(u32 label, bool mapped, gfp_t gfp)
{
	struct record *r, *fresh;

	fresh = kmem_cache_alloc(cache, gfp);
	if (!fresh)
		return -ENOMEM;
	rcu_read_lock();
	r = find(current);
	if (!r) {
		r = fresh;
		fresh = NULL;
		record_add(r, current, CGC_LABEL_DEFAULT);
		slot_enter(r, current);
	}
	prepare(r, true, label);
	r->mapped = mapped;
	rcu_read_unlock();
	if (fresh)
		kmem_cache_free(cache, fresh);
	return 0;
}

int cgc_task_prepare_exec(u32 label)
{
	return prepare_exec(label, false, GFP_KERNEL);
}

int cgc_task_map_exec(u32 label)
{
	return prepare_exec(label, true, GFP_ATOMIC | __GFP_NOWARN);
}

void cgc_task_forget_mapped(void)
{
	struct record *r;

	if (likely(!atomic_read(&map.count)))
		return;
	rcu_read_lock();
	r = find(current);
	if (r && r->mapped)
		prepare(r, false, CGC_LABEL_DEFAULT);
	rcu_read_unlock();
}

bool cgc_task_entering(u32 *label)
{
	const struct record *r;
	bool entering = false;

	if (likely(!atomic_read(&map.count)))
		return false;
	rcu_read_lock();
	r = find(current);
	if (r) {
		entering = r->entering;
		*label = r->next_label;
	}
	rcu_read_unlock();
	return entering;
}

bool cgc_task_overseer(u32 *label)
{
	const struct record *r;
	bool overseen = false;

	if (likely(!atomic_read(&map.count)))
		return false;
	rcu_read_lock();
	r = find(current);
	if (r) {
		overseen = r->overseen;
		*label = r->overseer;
	}
	rcu_read_unlock();
	return overseen;
}

/* What the old compartment had asked for does not happen in the new one. */
static void enter(struct record *r)
{
	if (r->label == r->next_label)
		return;
	current->pdeath_signal = 0;
	if (seccomp_mode(&current->seccomp) == SECCOMP_MODE_FILTER && !r->overseen) {
		r->overseer = r->label;
		r->overseen = true;
	}
	set_label(r, r->next_label);
}

void cgc_task_exec(void)
{
	struct record *r;

	if (likely(!atomic_read(&map.count)))
		return;
	rcu_read_lock();
	r = find(current);
	if (r) {
		if (r->entering)
			enter(r);
		prepare(r, false, CGC_LABEL_DEFAULT);
		slot_enter(r, current);
	}
	rcu_read_unlock();
}

void cgc_task_adopt(struct task_struct *owner)
{
	u32 label = owner ? cgc_label_of_task(owner) : CGC_LABEL_DEFAULT;
	struct record *r;

	rcu_read_lock();
	r = find(current);
	if (!r && label != CGC_LABEL_DEFAULT) {
		r = mempool_alloc(reserve, GFP_ATOMIC | __GFP_NOWARN);
		if (r)
			record_add(r, current, label);
		else
			cgc_err("no memory to label kernel thread %s\n", current->comm);
	}
	if (r) {
		set_label(r, label);
		slot_enter(r, current);
	}
	rcu_read_unlock();
}

void cgc_task_read(const struct sock *sk, bool owned)
{
	struct record *r;

	rcu_read_lock();
	r = find(current);
	if (r) {
		r->reads = sk;
		r->owned = owned;
	}
	rcu_read_unlock();
}

const struct sock *cgc_task_reads(bool *owned)
{
	const struct sock *sk = NULL;
	const struct record *r;

	rcu_read_lock();
	r = find(current);
	if (r) {
		sk = r->reads;
		*owned = r->owned;
	}
	rcu_read_unlock();
	return sk;
}

unsigned int cgc_task_count(void)
{
	return atomic_read(&map.count);
}

static void describe(const struct record *r, struct cgc_process *out)
{
	const struct task_struct *task = r->map.key;

	/* The bucket's lock is held: cgc_task_free() has not run for it. */
	memset(out, 0, sizeof(*out));
	out->pid = task->pid;
	out->tgid = task->tgid;
	out->label = r->label;
	strscpy(out->comm, task->comm, sizeof(out->comm));
}

int cgc_task_list(unsigned int *bucket, int (*emit)(void *ctx, const struct cgc_process *process),
		  void *ctx)
{
	struct hlist_nulls_node *pos;
	struct cgc_process process;
	struct cgc_ptrnode *n;
	unsigned long flags;
	spinlock_t *lock;
	int ret = 0;

	for (; *bucket < 1u << map.bits && !ret; ++*bucket) {
		lock = cgc_ptrmap_lock(&map, *bucket);
		spin_lock_irqsave(lock, flags);
		hlist_nulls_for_each_entry(n, pos, &map.buckets[*bucket], node) {
			struct record *r = container_of(n, struct record, map);

			if (r->label == CGC_LABEL_DEFAULT)
				continue;
			describe(r, &process);
			ret = emit(ctx, &process);
			if (ret)
				break;
		}
		spin_unlock_irqrestore(lock, flags);
		if (ret)
			break;
	}
	return ret;
}

struct tally {
	u32 label;
	unsigned int count;
};

static int count_one(void *ctx, const struct cgc_process *process)
{
	struct tally *tally = ctx;

	tally->count += process->label == tally->label;
	return 0;
}

unsigned int cgc_task_carry(u32 label)
{
	struct tally tally = { .label = label };
	unsigned int bucket = 0;

	cgc_task_list(&bucket, count_one, &tally);
	return tally.count;
}

/* The init process, all its threads: the supervisor (L4, design 4). */
static int label_init_process(void)
{
	struct task_struct *init, *t;
	struct record *r;
	int err = 0;

	rcu_read_lock();
	init = pid_task(find_pid_ns(1, &init_pid_ns), PIDTYPE_PID);
	if (!init) {
		rcu_read_unlock();
		return -ESRCH;
	}
	for_each_thread(init, t) {
		r = kmem_cache_alloc(cache, GFP_ATOMIC);
		if (!r) {
			err = -ENOMEM;
			break;
		}
		record_add(r, t, CGC_LABEL_SUPERVISOR);
		slot_enter(r, t);
	}
	rcu_read_unlock();
	return err;
}

static void drop_all(void)
{
	struct cgc_ptrnode *n;
	unsigned int i;

	while ((n = cgc_ptrmap_drain(&map)))
		mempool_free(container_of(n, struct record, map), reserve);
	for (i = 0; i < ARRAY_SIZE(cgc_task_pages); i++)
		free_page((unsigned long)cgc_task_pages[i]);
}

int __init cgc_task_init(void)
{
	int err = -ENOMEM;

	cache = kmem_cache_create("cgcompt_task", sizeof(struct record), 0, 0, NULL);
	if (!cache)
		return -ENOMEM;
	reserve = mempool_create_slab_pool(RESERVE, cache);
	if (!reserve)
		goto free_cache;
	err = cgc_ptrmap_init(&map, MAP_BITS);
	if (err)
		goto free_reserve;
	err = label_init_process();
	if (err)
		goto free_map;
	return 0;

free_map:
	drop_all();
	cgc_ptrmap_exit(&map);
free_reserve:
	mempool_destroy(reserve);
free_cache:
	kmem_cache_destroy(cache);
	return err;
}

void cgc_task_exit(void)
{
	rcu_barrier();
	drop_all();
	cgc_ptrmap_exit(&map);
	mempool_destroy(reserve);
	kmem_cache_destroy(cache);
}
