// SPDX-License-Identifier: GPL-2.0-only
/* System V queues, segments and semaphore sets (mission I2): made, found, used,
 * controlled and listed, in every IPC namespace. */
#include <linux/ipc_namespace.h>
#include <linux/msg.h>
#include <linux/nsproxy.h>
#include <linux/sem.h>
#include <linux/seq_file.h>
#include <uapi/linux/shm.h>
#include "args.h"
#include "check.h"
#include "ipc.h"
#include "sees.h"
#include "task.h"

/* Of struct ipc_namespace's ids[]; the kernel's own name for it is in no header. */
#define MSG_IDS 1

/* Whose it is, as the rules see it. Inlined: one load where nothing is labelled. */
static __always_inline int check(unsigned int kind, const struct kern_ipc_perm *perm,
				 unsigned int method, u32 attrs, const char *hook)
{
	return cgc_check_local(cgc_label_of_current(), cgc_label_of_ipc(kind, perm), method,
			       attrs, hook);
}

/* By key. Who may do anything with it may find it. */
static int check_associate(unsigned int kind, const struct kern_ipc_perm *perm,
			   unsigned int method, u32 attrs, const char *hook)
{
	return cgc_check_some(cgc_label_of_current(), cgc_label_of_ipc(kind, perm), method,
			      attrs, hook);
}

/* Its state, by id or by index: for who may read from it, and who may see it. */
static int check_stat(unsigned int kind, const struct kern_ipc_perm *perm,
		      unsigned int method, u32 attrs, const char *hook)
{
	u32 subject = cgc_label_of_current(), object = cgc_label_of_ipc(kind, perm);

	if (likely(cgc_check_passes(subject, object)) || cgc_sees(object))
		return 0;
	return cgc_check_local(subject, object, method, attrs, hook);
}

/* IPC_INFO and the like: how many there are, and the highest index, of everybody's. */
static int check_info(unsigned int kind, unsigned int method, const char *hook)
{
	u32 label = cgc_label_of_current();

	if (label == CGC_LABEL_DEFAULT && !cgc_ipc_any(kind))
		return 0;
	return cgc_check_totals(label, method, hook);
}

static int on_alloc(unsigned int kind, struct kern_ipc_perm *perm)
{
	perm->id = -1; /* for the listing: it has none yet */
	return cgc_ipc_create(kind, perm);
}

static int on_free(unsigned int kind, struct kern_ipc_perm *perm)
{
	cgc_ipc_free(kind, perm);
	return 0;
}

static int on_msg_alloc(struct kern_ipc_perm *perm)
{
	return on_alloc(CGC_IPC_MSG, perm);
}

static int on_msg_free(struct kern_ipc_perm *perm)
{
	return on_free(CGC_IPC_MSG, perm);
}

static int on_msg_associate(struct kern_ipc_perm *perm, int flags)
{
	return check_associate(CGC_IPC_MSG, perm, CGC_METHOD_MSG,
			       CGC_ATTR_MSG_SEND | CGC_ATTR_MSG_RECV,
			       "security_msg_queue_associate");
}

static int on_msgctl(struct kern_ipc_perm *perm, int cmd)
{
	static const char hook[] = "security_msg_queue_msgctl";

	if (!perm)
		return check_info(CGC_IPC_MSG, CGC_METHOD_MSG, hook);
	switch (cmd) {
	case IPC_STAT:
	case MSG_STAT:
	case MSG_STAT_ANY:
		return check_stat(CGC_IPC_MSG, perm, CGC_METHOD_MSG, CGC_ATTR_MSG_RECV, hook);
	}
	return check(CGC_IPC_MSG, perm, CGC_METHOD_MSG, 0, hook);
}

static int on_msgsnd(struct kern_ipc_perm *perm, struct msg_msg *msg, int flags)
{
	return check(CGC_IPC_MSG, perm, CGC_METHOD_MSG, CGC_ATTR_MSG_SEND,
		     "security_msg_queue_msgsnd");
}

/* A refusal makes the kernel pass the message over, and @target, who may have waited
 * since before a rule went, go on waiting. @target may be another than who runs. */
static int on_msgrcv(struct kern_ipc_perm *perm, struct msg_msg *msg,
		     struct task_struct *target, long type, int mode)
{
	u32 label = likely(target == current) ? cgc_label_of_current() :
		    cgc_label_of_task(target);

	return cgc_check_local(label, cgc_label_of_ipc(CGC_IPC_MSG, perm), CGC_METHOD_MSG,
			       CGC_ATTR_MSG_RECV, "security_msg_queue_msgrcv");
}

/* The number of bits of an id that are the index depends on a boot parameter. */
static const struct kern_ipc_perm *find_msg_queue(int id)
{
	static const u8 shifts[] = { 15, 24 };
	struct ipc_ids *ids = &current->nsproxy->ipc_ns->ids[MSG_IDS];
	const struct kern_ipc_perm *perm;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(shifts); i++) {
		perm = idr_find(&ids->ipcs_idr, id & ((1u << shifts[i]) - 1));
		if (perm && READ_ONCE(perm->id) == id)
			return perm;
	}
	return NULL;
}

/* What the call-out refuses is passed over, and the caller waits for what will never
 * come: tell it first. */
static int on_do_msgrcv(int id)
{
	u32 label = cgc_label_of_current();
	const struct kern_ipc_perm *perm;
	int ret = 0;

	if (likely(label == CGC_LABEL_DEFAULT && !cgc_ipc_any(CGC_IPC_MSG)))
		return 0;
	rcu_read_lock();
	perm = find_msg_queue(id);
	if (perm)
		ret = cgc_check_local(label, cgc_label_of_ipc(CGC_IPC_MSG, perm), CGC_METHOD_MSG,
				      CGC_ATTR_MSG_RECV, "do_msgrcv");
	rcu_read_unlock();
	return ret;
}

static int on_shm_alloc(struct kern_ipc_perm *perm)
{
	return on_alloc(CGC_IPC_SHM, perm);
}

static int on_shm_free(struct kern_ipc_perm *perm)
{
	return on_free(CGC_IPC_SHM, perm);
}

static int on_shm_associate(struct kern_ipc_perm *perm, int flags)
{
	return check_associate(CGC_IPC_SHM, perm, CGC_METHOD_SHM, CGC_ATTR_SHM_RO,
			       "security_shm_associate");
}

static int on_shmctl(struct kern_ipc_perm *perm, int cmd)
{
	static const char hook[] = "security_shm_shmctl";

	if (!perm)
		return check_info(CGC_IPC_SHM, CGC_METHOD_SHM, hook);
	switch (cmd) {
	case IPC_STAT:
	case SHM_STAT:
	case SHM_STAT_ANY:
		return check_stat(CGC_IPC_SHM, perm, CGC_METHOD_SHM, CGC_ATTR_SHM_RO, hook);
	}
	return check(CGC_IPC_SHM, perm, CGC_METHOD_SHM, 0, hook);
}

static int on_shmat(struct kern_ipc_perm *perm, char __user *address, int flags)
{
	return check(CGC_IPC_SHM, perm, CGC_METHOD_SHM, flags & SHM_RDONLY ? CGC_ATTR_SHM_RO : 0,
		     "security_shm_shmat");
}

static int on_sem_alloc(struct kern_ipc_perm *perm)
{
	return on_alloc(CGC_IPC_SEM, perm);
}

static int on_sem_free(struct kern_ipc_perm *perm)
{
	return on_free(CGC_IPC_SEM, perm);
}

static int on_sem_associate(struct kern_ipc_perm *perm, int flags)
{
	return check_associate(CGC_IPC_SEM, perm, CGC_METHOD_SEM,
			       CGC_ATTR_SEM_READ | CGC_ATTR_SEM_ALTER, "security_sem_associate");
}

static int on_semctl(struct kern_ipc_perm *perm, int cmd)
{
	static const char hook[] = "security_sem_semctl";

	if (!perm)
		return check_info(CGC_IPC_SEM, CGC_METHOD_SEM, hook);
	switch (cmd) {
	case IPC_STAT:
	case SEM_STAT:
	case SEM_STAT_ANY:
		return check_stat(CGC_IPC_SEM, perm, CGC_METHOD_SEM, CGC_ATTR_SEM_READ, hook);
	case GETVAL:
	case GETALL:
	case GETPID:
	case GETNCNT:
	case GETZCNT:
		return check(CGC_IPC_SEM, perm, CGC_METHOD_SEM, CGC_ATTR_SEM_READ, hook);
	case SETVAL:
	case SETALL:
		return check(CGC_IPC_SEM, perm, CGC_METHOD_SEM, CGC_ATTR_SEM_ALTER, hook);
	}
	return check(CGC_IPC_SEM, perm, CGC_METHOD_SEM, 0, hook);
}

static int on_semop(struct kern_ipc_perm *perm, struct sembuf *ops, unsigned int count, int alter)
{
	return check(CGC_IPC_SEM, perm, CGC_METHOD_SEM,
		     alter ? CGC_ATTR_SEM_ALTER : CGC_ATTR_SEM_READ, "security_sem_semop");
}

/* A row of /proc/sysvipc/…, which has no call-out. */
static int on_row(unsigned int kind, const struct kern_ipc_perm *perm)
{
	return cgc_sees(cgc_label_of_ipc(kind, perm)) ? 0 : CGC_RETURN_ZERO;
}

static int on_msg_row(struct seq_file *seq, void *it)
{
	return on_row(CGC_IPC_MSG, it);
}

static int on_shm_row(struct seq_file *seq, void *it)
{
	return on_row(CGC_IPC_SHM, it);
}

static int on_sem_row(struct seq_file *seq, void *it)
{
	return on_row(CGC_IPC_SEM, it);
}

CGC_THUNK1(security_msg_queue_alloc, int, on_msg_alloc, struct kern_ipc_perm *)
CGC_THUNK1(security_msg_queue_free, void, on_msg_free, struct kern_ipc_perm *)
CGC_THUNK2(security_msg_queue_associate, int, on_msg_associate, struct kern_ipc_perm *, int)
CGC_THUNK2(security_msg_queue_msgctl, int, on_msgctl, struct kern_ipc_perm *, int)
CGC_THUNK3(security_msg_queue_msgsnd, int, on_msgsnd, struct kern_ipc_perm *, struct msg_msg *,
	   int)
CGC_THUNK5(security_msg_queue_msgrcv, int, on_msgrcv, struct kern_ipc_perm *, struct msg_msg *,
	   struct task_struct *, long, int)
CGC_THUNK_STATIC1(do_msgrcv, on_do_msgrcv, int)
CGC_THUNK1(security_shm_alloc, int, on_shm_alloc, struct kern_ipc_perm *)
CGC_THUNK1(security_shm_free, void, on_shm_free, struct kern_ipc_perm *)
CGC_THUNK2(security_shm_associate, int, on_shm_associate, struct kern_ipc_perm *, int)
CGC_THUNK2(security_shm_shmctl, int, on_shmctl, struct kern_ipc_perm *, int)
CGC_THUNK3(security_shm_shmat, int, on_shmat, struct kern_ipc_perm *, char __user *, int)
CGC_THUNK1(security_sem_alloc, int, on_sem_alloc, struct kern_ipc_perm *)
CGC_THUNK1(security_sem_free, void, on_sem_free, struct kern_ipc_perm *)
CGC_THUNK2(security_sem_associate, int, on_sem_associate, struct kern_ipc_perm *, int)
CGC_THUNK2(security_sem_semctl, int, on_semctl, struct kern_ipc_perm *, int)
CGC_THUNK4(security_sem_semop, int, on_semop, struct kern_ipc_perm *, struct sembuf *,
	   unsigned int, int)
CGC_THUNK_STATIC2(sysvipc_msg_proc_show, on_msg_row, struct seq_file *, void *)
CGC_THUNK_STATIC2(sysvipc_shm_proc_show, on_shm_row, struct seq_file *, void *)
CGC_THUNK_STATIC2(sysvipc_sem_proc_show, on_sem_row, struct seq_file *, void *)

static struct cgc_hook sysvipc_hooks[] = {
	CGC_PRECHECK(security_msg_queue_alloc, CGC_REQUIRED),
	CGC_PRECHECK(security_msg_queue_free, CGC_REQUIRED),
	CGC_PRECHECK(security_msg_queue_associate, CGC_REQUIRED),
	CGC_PRECHECK(security_msg_queue_msgctl, CGC_REQUIRED),
	CGC_PRECHECK(security_msg_queue_msgsnd, CGC_REQUIRED),
	CGC_PRECHECK(security_msg_queue_msgrcv, CGC_REQUIRED),
	CGC_PRECHECK(do_msgrcv, CGC_REQUIRED),
	CGC_PRECHECK(security_shm_alloc, CGC_REQUIRED),
	CGC_PRECHECK(security_shm_free, CGC_REQUIRED),
	CGC_PRECHECK(security_shm_associate, CGC_REQUIRED),
	CGC_PRECHECK(security_shm_shmctl, CGC_REQUIRED),
	CGC_PRECHECK(security_shm_shmat, CGC_REQUIRED),
	CGC_PRECHECK(security_sem_alloc, CGC_REQUIRED),
	CGC_PRECHECK(security_sem_free, CGC_REQUIRED),
	CGC_PRECHECK(security_sem_associate, CGC_REQUIRED),
	CGC_PRECHECK(security_sem_semctl, CGC_REQUIRED),
	CGC_PRECHECK(security_sem_semop, CGC_REQUIRED),
	CGC_PRECHECK(sysvipc_msg_proc_show, CGC_REQUIRED),
	CGC_PRECHECK(sysvipc_shm_proc_show, CGC_REQUIRED),
	CGC_PRECHECK(sysvipc_sem_proc_show, CGC_REQUIRED),
};
CGC_HOOK_GROUP(sysvipc);
