// SPDX-License-Identifier: GPL-2.0-only
/*
 * Message queues of POSIX (mission I2): opened by name, used by descriptor, removed
 * and listed. They are files of a file system of their own in every IPC namespace,
 * and get their label where its inodes are made (shm.c).
 *
 * The file system can be mounted, and what is opened there is opened as any file is,
 * without a hook; every use of the descriptor is checked.
 */
#include <linux/dcache.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mqueue.h>
#include <linux/path.h>
#include <linux/poll.h>
#include "args.h"
#include "check.h"
#include "ipc.h"
#include "task.h"

/* Nothing here is anybody else's. */
static __always_inline bool idle(u32 label)
{
	return label == CGC_LABEL_SUPERVISOR ||
	       (label == CGC_LABEL_DEFAULT && !cgc_ipc_any(CGC_IPC_MQ));
}

static int check(u32 label, const struct inode *inode, const char *hook)
{
	if (!inode || !cgc_ipc_is_mq(inode->i_sb))
		return 0;
	return cgc_check_local(label, cgc_label_of_ipc(CGC_IPC_MQ, inode), CGC_METHOD_MQ, 0, hook);
}

/* mq_open() of a queue that is there, or has just been made by the caller. */
static int on_open(const struct path *path, int flags, const struct cred *cred)
{
	u32 label = cgc_label_of_current();

	return idle(label) ? 0 : check(label, d_backing_inode(path->dentry), "dentry_open");
}

static int on_descriptor(int fd, const char *hook)
{
	u32 label = cgc_label_of_current();
	struct file *file;
	int ret;

	if (likely(idle(label)))
		return 0;
	file = fget(fd);
	if (!file)
		return 0;
	ret = check(label, file_inode(file), hook);
	fput(file);
	return ret;
}

static int on_send(int fd)
{
	return on_descriptor(fd, "do_mq_timedsend");
}

static int on_receive(int fd)
{
	return on_descriptor(fd, "do_mq_timedreceive");
}

static int on_notify(int fd)
{
	return on_descriptor(fd, "do_mq_notify");
}

static int on_getsetattr(int fd)
{
	return on_descriptor(fd, "do_mq_getsetattr");
}

/* Its state as text: how full, who waits for a signal. */
static int on_read(struct file *file)
{
	u32 label = cgc_label_of_current();

	return idle(label) ? 0 : check(label, file_inode(file), "mqueue_read_file");
}

static int on_poll(struct file *file)
{
	u32 label = cgc_label_of_current();

	if (likely(idle(label)) || !check(label, file_inode(file), "mqueue_poll_file"))
		return 0;
	return (__force int)EPOLLERR;
}

static int on_unlink(struct inode *dir, struct dentry *dentry)
{
	u32 label = cgc_label_of_current();

	return idle(label) ? 0 : check(label, d_backing_inode(dentry), "mqueue_unlink");
}

/* The names of all of them: a directory cannot be shown in part. */
static int on_readdir(struct file *file)
{
	u32 label = cgc_label_of_current();

	if (likely(idle(label)) || !cgc_ipc_is_mq(file_inode(file)->i_sb))
		return 0;
	return cgc_check_totals(label, CGC_METHOD_MQ, "dcache_readdir");
}

/* Nobody uses it any more. Before its names go, which the listing reads. */
static int on_evict(struct inode *inode)
{
	cgc_ipc_free(CGC_IPC_MQ, inode);
	return 0;
}

CGC_THUNK3(dentry_open, struct file *, on_open, const struct path *, int, const struct cred *)
CGC_THUNK_STATIC1(do_mq_timedsend, on_send, int)
CGC_THUNK_STATIC1(do_mq_timedreceive, on_receive, int)
CGC_THUNK_STATIC1(do_mq_notify, on_notify, int)
CGC_THUNK_STATIC1(do_mq_getsetattr, on_getsetattr, int)
CGC_THUNK_STATIC1(mqueue_read_file, on_read, struct file *)
CGC_THUNK_STATIC1(mqueue_poll_file, on_poll, struct file *)
CGC_THUNK_STATIC2(mqueue_unlink, on_unlink, struct inode *, struct dentry *)
CGC_THUNK_STATIC1(dcache_readdir, on_readdir, struct file *)
CGC_THUNK_STATIC1(mqueue_evict_inode, on_evict, struct inode *)
CGC_THUNK_STATIC1(mqueue_free_inode, on_evict, struct inode *)

static struct cgc_hook mqueue_hooks[] = {
	CGC_PRECHECK(dentry_open, CGC_REQUIRED),
	CGC_PRECHECK(do_mq_timedsend, CGC_REQUIRED),
	CGC_PRECHECK(do_mq_timedreceive, CGC_REQUIRED),
	CGC_PRECHECK(do_mq_notify, CGC_REQUIRED),
	CGC_PRECHECK(do_mq_getsetattr, CGC_REQUIRED),
	CGC_PRECHECK(mqueue_read_file, CGC_REQUIRED),
	CGC_PRECHECK(mqueue_poll_file, CGC_REQUIRED),
	CGC_PRECHECK(mqueue_unlink, CGC_REQUIRED),
	CGC_PRECHECK(dcache_readdir, CGC_REQUIRED),
	CGC_PRECHECK(mqueue_evict_inode, CGC_REQUIRED),
	CGC_PRECHECK(mqueue_free_inode, CGC_REQUIRED),
};
CGC_HOOK_GROUP(mqueue);
