// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptors that reach a compartment (mission I1, L2), and watches over files.
 *
 * A socket is taken in if it is the receiver's compartment's own, or if the receiver
 * may talk with what it is connected with. Anything else that comes in a message
 * from another compartment must be a file of a file system that programs can be
 * kept on: pipes, terminals, directories (a way out of a root), memory, rings,
 * pidfds, events and whatever else has no rule to take it away again are refused. Only
 * messages that a rule let through get so far. Compartment 0 takes what it gets.
 *
 * The file does not tell who sent it, and labels on all files would cost every
 * open(): the receiving process has noted which socket it reads (on_receive() in
 * unix.c), and that socket's record whether anybody from elsewhere ever sent to it.
 */
#include <linux/fs.h>
#include <linux/fsnotify_backend.h>
#include <linux/net.h>
#include "args.h"
#include "check.h"
#include "jail.h"
#include "pair.h"
#include "task.h"
#include "unix.h"

static int receive_socket(struct sock *sk, u32 label, const char *hook)
{
	u32 owner = cgc_label_of_sock(sk);

	if (owner == label)
		return 0;
	if (sk->sk_family == AF_UNIX)
		return cgc_unix_hold(sk, label, hook);
	return cgc_check_handle(label, owner, CGC_METHOD_RAW, hook);
}

/* Memory and other files without a name live on file systems of the kernel's own;
 * what is in /proc and /sys is no file but a control. */
static bool is_plain(const struct inode *inode)
{
	return S_ISREG(inode->i_mode) && !(inode->i_sb->s_flags & SB_KERNMOUNT) &&
	       !(inode->i_sb->s_iflags & SB_I_NOEXEC);
}

/* Whose message may the file have come in? @label's own, or somebody else's. */
static u32 sender_of(u32 label)
{
	const struct cgc_sock *record;
	bool owned;
	const struct sock *sk = cgc_task_reads(&owned);
	u32 sender = label;

	if (!sk)
		return label;
	rcu_read_lock();
	record = cgc_sock_find(sk);
	if (!owned)
		sender = record ? READ_ONCE(record->label) : CGC_LABEL_DEFAULT;
	else if (record && cgc_pair_mixed(record))
		sender = READ_ONCE(record->sender);
	rcu_read_unlock();
	return sender;
}

static int on_receive(struct file *file)
{
	static const char hook[] = "security_file_receive";
	u32 label = cgc_label_of_current();
	struct socket *sock;

	if (likely(label == CGC_LABEL_DEFAULT || label == CGC_LABEL_SUPERVISOR))
		return 0;
	sock = sock_from_file(file);
	if (sock)
		return sock->sk ? receive_socket(sock->sk, label, hook) : 0;
	if (is_plain(file_inode(file)))
		return 0;
	if (cgc_jail_receive(file, hook))
		return -EACCES;
	return cgc_check_handle(label, sender_of(label), CGC_METHOD_UNIX, hook);
}

/* A compartment watches single files; a whole mount or file system shows what others
 * do there, and who is asked for permission can stop them. */
static int on_notify(const struct path *path, u64 mask, unsigned int type)
{
	u32 label = cgc_label_of_current();

	if (likely(label == CGC_LABEL_DEFAULT) || (type == FSNOTIFY_OBJ_TYPE_INODE &&
						   !(mask & ALL_FSNOTIFY_PERM_EVENTS)))
		return 0;
	return cgc_check_handle(label, CGC_LABEL_DEFAULT, CGC_METHOD_TRACE,
				"security_path_notify");
}

CGC_THUNK1(security_file_receive, int, on_receive, struct file *)
CGC_THUNK3(security_path_notify, int, on_notify, const struct path *, u64, unsigned int)

static struct cgc_hook file_hooks[] = {
	CGC_PRECHECK(security_file_receive, CGC_REQUIRED),
	CGC_PRECHECK(security_path_notify, CGC_REQUIRED),
};
CGC_HOOK_GROUP(file);
