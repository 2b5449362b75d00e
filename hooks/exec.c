// SPDX-License-Identifier: GPL-2.0-only
/* A program replaces another: the place where a label changes (mission L2). */
#include <linux/binfmts.h>
#include <linux/fdtable.h>
#include <linux/fs.h>
#include <linux/major.h>
#include <linux/net.h>
#include <linux/ptrace.h>
#include <linux/user_namespace.h>
#include <net/af_unix.h>
#include <net/tcp_states.h>
#include "args.h"
#include "check.h"
#include "device.h"
#include "mapping.h"
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

static bool is_terminal(unsigned int major)
{
	switch (major) {
	case TTY_MAJOR:
	case TTYAUX_MAJOR:
	case USB_ACM_MAJOR:
	case 188:	/* ttyUSB */
	case 204:	/* ttyAMA and other serial lines */
	case 229:	/* hvc */
		return true;
	}
	return cgc_device_is_pts(major);
}

/* By a unix socket each message is checked; others act for whose they are. */
static bool socket_may_stay(const struct sock *sk, u32 label)
{
	return sk->sk_family == AF_UNIX || cgc_label_of_sock(sk) == label ||
	       (cgc_sock_by_init(sk) && is_place(sk));
}

/*
 * May a program that enters a compartment go on using what was opened for another one
 * (design 4, Files)? Memory and other files without a name, directories, and what /proc
 * and /sys show, only as one of the @standard three; rings, pidfds, events never.
 */
static bool may_stay(const struct file *file, u32 label, bool standard)
{
	const struct inode *inode = file_inode(file);
	struct socket *sock = sock_from_file((struct file *)file);

	if (sock)
		return sock->sk && socket_may_stay(sock->sk, label);
	if (file->f_mode & FMODE_PATH)
		return false;
	if (S_ISCHR(inode->i_mode))
		return cgc_device_is_source(inode->i_rdev) || is_terminal(imajor(inode));
	if (S_ISFIFO(inode->i_mode))
		return true;
	return S_ISREG(inode->i_mode) &&
	       (standard || (!(inode->i_sb->s_flags & SB_KERNMOUNT) &&
			     !(inode->i_sb->s_iflags & SB_I_NOEXEC)));
}

struct standard {
	u32 label;
	bool unfit;
};

static int look_at_standard(const void *ctx, struct file *file, unsigned int fd)
{
	struct standard *standard = (struct standard *)ctx;

	standard->unfit |= fd < 3 && !may_stay(file, standard->label, true);
	return fd >= 2;
}

/* What would be closed, and another file opened in its place, is an error. */
static int check_standard(u32 from, u32 to)
{
	struct standard standard = { .label = to };

	iterate_fd(current->files, 0, look_at_standard, &standard);
	return standard.unfit ? cgc_check_handle(to, from, CGC_METHOD_UNIX,
						 "security_bprm_creds_for_exec") : 0;
}

/*
 * Past the point of no return, before the label changes: the descriptors are this
 * process's alone. Those that may not stay are closed with those that were to be.
 */
static int on_close(struct files_struct *files)
{
	struct fdtable *fdt;
	unsigned int fd;
	u32 label;

	if (likely(!cgc_task_entering(&label)) || label == cgc_label_of_current())
		return 0;
	spin_lock(&files->file_lock);
	fdt = files_fdtable(files);
	for (fd = 0; fd < fdt->max_fds; fd++) {
		const struct file *file = rcu_dereference_protected(fdt->fd[fd], true);

		if (file && !may_stay(file, label, fd < 3))
			__set_bit(fd, fdt->close_on_exec);
	}
	spin_unlock(&files->file_lock);
	return 0;
}

/* Whose user namespace it is has made itself root there. */
static int check_namespace(u32 from, u32 to, bool trusted)
{
	static const char hook[] = "security_bprm_creds_for_exec";

	if (likely(current_user_ns() == &init_user_ns))
		return 0;
	return trusted ? cgc_check_handle(from, to, CGC_METHOD_TRACE, hook) :
	       cgc_check_gain(to, hook);
}

/*
 * Before the point of no return: a process that enters a compartment is in nobody
 * else's hands, nor is its root directory (CLONE_FS). Of a script this is the script,
 * not what interprets it.
 */
static int on_creds(struct linux_binprm *bprm)
{
	u32 from = cgc_label_of_current(), to;
	bool trusted;
	int err;

	err = cgc_mapping_enter(bprm->file, &trusted);
	if (unlikely(err))
		return err;
	if (likely(!cgc_task_entering(&to)) || from == to)
		return 0;
	if (trusted)
		bprm->secureexec = 1;
	if (check_tracer(to) || check_namespace(from, to, trusted) || check_standard(from, to))
		return -EPERM;
	if (!(bprm->unsafe & LSM_UNSAFE_SHARE))
		return 0;
	return cgc_check_handle(from, to, CGC_METHOD_TRACE, "security_bprm_creds_for_exec") ?
	       -EPERM : 0;
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
CGC_THUNK1(do_close_on_exec, void, on_close, struct files_struct *)
CGC_THUNK1(security_bprm_committing_creds, void, on_committing, cgc_binprm_t *)

static struct cgc_hook exec_hooks[] = {
	CGC_PRECHECK(security_bprm_creds_for_exec, CGC_REQUIRED),
	CGC_PRECHECK(do_close_on_exec, CGC_REQUIRED),
	CGC_PRECHECK(security_bprm_committing_creds, CGC_REQUIRED),
};
CGC_HOOK_GROUP(exec);
