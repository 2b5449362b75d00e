// SPDX-License-Identifier: GPL-2.0-only
/* Where tasks are born and end: they carry their parent's label from before
 * their first instruction (mission L1). */
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/task.h>
#include <linux/mmu_context.h>
#include <linux/kthread.h>
#include "args.h"
#include "privilege.h"
#include "task.h"

static int on_alloc(struct task_struct *task, cgc_clone_flags_t flags)
{
	if (unlikely(flags & CLONE_NEWUSER))
		cgc_privilege_cut(task);
	return cgc_task_fork(task, flags & CLONE_THREAD);
}

static int on_wake_up_new(struct task_struct *task)
{
	cgc_task_publish(task);
	return 0;
}

static int on_free(struct task_struct *task)
{
	cgc_task_free(task);
	return 0;
}

/* A kernel thread acts with a process's memory: vhost workers before 6.4. */
static int on_use_mm(struct mm_struct *mm)
{
	rcu_read_lock();
	cgc_task_adopt(rcu_dereference(mm->owner));
	rcu_read_unlock();
	return 0;
}

static int on_unuse_mm(struct mm_struct *mm)
{
	cgc_task_adopt(NULL);
	return 0;
}

CGC_THUNK2(security_task_alloc, int, on_alloc, struct task_struct *, cgc_clone_flags_t)
CGC_THUNK1(wake_up_new_task, void, on_wake_up_new, struct task_struct *)
CGC_THUNK1(security_task_free, void, on_free, struct task_struct *)
CGC_THUNK1(kthread_use_mm, void, on_use_mm, struct mm_struct *)
CGC_THUNK1(kthread_unuse_mm, void, on_unuse_mm, struct mm_struct *)

static struct cgc_hook task_hooks[] = {
	CGC_PRECHECK(security_task_alloc, CGC_REQUIRED),
	CGC_PRECHECK(wake_up_new_task, CGC_REQUIRED),
	CGC_PRECHECK(security_task_free, CGC_REQUIRED),
	CGC_PRECHECK(kthread_use_mm, CGC_REQUIRED),
	CGC_PRECHECK(kthread_unuse_mm, CGC_REQUIRED),
};
CGC_HOOK_GROUP(task);
