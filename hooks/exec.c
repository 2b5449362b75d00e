// SPDX-License-Identifier: GPL-2.0-only
/* A program replaces another: the place where a label changes (mission L2). */
#include <linux/binfmts.h>
#include <linux/fdtable.h>
#include <linux/net.h>
#include <linux/ptrace.h>
#include <net/af_unix.h>
#include <net/tcp_states.h>
#include "args.h"
#include "check.h"
#include "object.h"
#include "privilege.h"
#include "task.h"

/* Who traces the caller would trace the new program. Nobody can begin to from here
 * on until it runs: the kernel holds cred_guard_mutex. */
static int check_tracer(u32 label)
{
	struct task_struct *tracer;
	int ret = 0;

	rcu_read_lock();
	tracer = ptrace_parent(current);
	if (tracer)
		ret = cgc_check_local(cgc_label_of_task(tracer), label, CGC_METHOD_TRACE, 0,
				      "security_bprm_creds_for_exec");
	rcu_read_unlock();
	return ret;
}

/* Before the point of no return: a process that enters a compartment is in nobody
 * else's hands, nor is its root directory (CLONE_FS). */
static int on_creds(struct linux_binprm *bprm)
{
	u32 from = cgc_label_of_current(), to;

	if (likely(!cgc_task_entering(&to)) || from == to)
		return 0;
	if (check_tracer(to))
		return -EPERM;
	if (!(bprm->unsafe & LSM_UNSAFE_SHARE))
		return 0;
	return cgc_check_handle(from, to, CGC_METHOD_TRACE, "security_bprm_creds_for_exec") ?
	       -EPERM : 0;
}

/* Where others' connections or datagrams come in; a connection of the init
 * process's own, such as one to the journal, is no such place. */
static bool is_place(const struct sock *sk)
{
	if (READ_ONCE(sk->sk_state) == TCP_LISTEN)
		return true;
	if (sk->sk_type != SOCK_DGRAM)
		return false;
	return sk->sk_family == AF_UNIX ? !READ_ONCE(unix_peer(sk)) :
	       READ_ONCE(sk->sk_state) != TCP_ESTABLISHED;
}

static int hand_over(const void *label, struct file *file, unsigned int fd)
{
	struct socket *sock = sock_from_file(file);

	if (sock && sock->sk && is_place(sock->sk))
		cgc_sock_hand_over(sock->sk, *(const u32 *)label);
	return 0;
}

/*
 * Past the point of no return, the old memory and threads are gone, and the
 * descriptors are this process's alone. Sockets that the init process made for
 * the program become its compartment's (design 4: socket activation).
 */
static int on_committing(cgc_binprm_t *bprm)
{
	u32 before = cgc_label_of_current(), label;

	cgc_task_exec();
	label = cgc_label_of_current();
	if (unlikely(label != CGC_LABEL_DEFAULT))
		cgc_privilege_exec(bprm->cred);
	if (unlikely(label != before && label != CGC_LABEL_DEFAULT &&
		     label != CGC_LABEL_SUPERVISOR))
		iterate_fd(current->files, 0, hand_over, &label);
	return 0;
}

CGC_THUNK1(security_bprm_creds_for_exec, int, on_creds, struct linux_binprm *)
CGC_THUNK1(security_bprm_committing_creds, void, on_committing, cgc_binprm_t *)

static struct cgc_hook exec_hooks[] = {
	CGC_PRECHECK(security_bprm_creds_for_exec, CGC_REQUIRED),
	CGC_PRECHECK(security_bprm_committing_creds, CGC_REQUIRED),
};
CGC_HOOK_GROUP(exec);
