// SPDX-License-Identifier: GPL-2.0-only
/*
 * Named FIFOs (mission I1). Whoever opens one for writing sends to its owner,
 * whoever opens it for reading is sent to by its owner. An anonymous pipe is opened
 * by way of /proc only, and who may go there is asked before.
 */
#include <linux/fs.h>
#include <linux/magic.h>
#include <linux/pipe_fs_i.h>
#include "args.h"
#include "check.h"
#include "fifo.h"
#include "task.h"

static bool is_fifo(const struct inode *inode)
{
	return S_ISFIFO(inode->i_mode) && inode->i_sb->s_magic != PIPEFS_MAGIC;
}

/* Does anybody have it open, or wait for the other end? */
static bool is_owned(const struct pipe_inode_info *pipe)
{
	return pipe->readers || pipe->writers;
}

static int may_open(u32 label, u32 owner, fmode_t mode, const char *hook)
{
	int ret = 0;

	if (cgc_check_passes(label, owner))
		return 0;
	if (mode & FMODE_WRITE)
		ret = cgc_check_unix(label, owner, CGC_ATTR_UNIX_STREAM, NULL, 0, hook);
	if (!ret && mode & FMODE_READ)
		ret = cgc_check_unix(owner, label, CGC_ATTR_UNIX_STREAM, NULL, 0, hook);
	return ret;
}

static int on_open(struct inode *inode, struct file *file)
{
	u32 label = cgc_label_of_current(), owner = CGC_LABEL_DEFAULT;
	const struct pipe_inode_info *pipe;
	bool owned;

	if ((label == CGC_LABEL_DEFAULT && !cgc_fifo_any()) || !is_fifo(inode))
		return 0;
	spin_lock(&inode->i_lock);
	pipe = inode->i_pipe;
	owned = pipe && is_owned(pipe);
	if (owned)
		owner = cgc_label_of_fifo(pipe);
	spin_unlock(&inode->i_lock);
	return owned ? may_open(label, owner, file->f_mode, "fifo_open") : 0;
}

/*
 * fifo_open() holds the pipe's mutex here: of two that open it for the first time
 * at once, one is the first. What stream_open() returns is not looked at; a file
 * for neither reading nor writing makes fifo_open() fail.
 */
static int on_opening(struct inode *inode, struct file *file)
{
	struct pipe_inode_info *pipe;
	u32 label;
	int err;

	/* Sockets and pipes come by here, too. */
	if (likely(!is_fifo(inode)))
		return 0;
	label = cgc_label_of_current();
	if (label == CGC_LABEL_DEFAULT && !cgc_fifo_any())
		return 0;
	pipe = file->private_data;
	err = is_owned(pipe) ? may_open(label, cgc_label_of_fifo(pipe), file->f_mode,
					"stream_open") :
			       cgc_fifo_own(pipe, label);
	if (err)
		file->f_mode &= ~(FMODE_READ | FMODE_WRITE);
	return 0;
}

static int on_free(struct pipe_inode_info *pipe)
{
	cgc_fifo_free(pipe);
	return 0;
}

CGC_THUNK_STATIC2(fifo_open, on_open, struct inode *, struct file *)
CGC_THUNK2(stream_open, int, on_opening, struct inode *, struct file *)
CGC_THUNK1(free_pipe_info, void, on_free, struct pipe_inode_info *)

static struct cgc_hook fifo_hooks[] = {
	CGC_PRECHECK(fifo_open, CGC_REQUIRED),
	CGC_PRECHECK(stream_open, CGC_REQUIRED),
	CGC_PRECHECK(free_pipe_info, CGC_REQUIRED),
};
CGC_HOOK_GROUP(fifo);
