// SPDX-License-Identifier: GPL-2.0-only
/*
 * Terminals and devices (mission I1). A pseudo-terminal is its maker's. What is
 * not in the short list of everybody's devices, nor in the definition's, is
 * compartment 0's, and whoever opens it could see or do what others do: that is
 * `trace`.
 */
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/magic.h>
#include <linux/major.h>
#include <linux/sched/signal.h>
#include <linux/tty.h>
#include <linux/devpts_fs.h>	/* needs what stands above */
#include <uapi/asm/ioctls.h>
#include "args.h"
#include "check.h"
#include "device.h"
#include "task.h"
#include "terminal.h"

static bool is_everybodys(dev_t device)
{
	return cgc_device_is_source(device) ||
	       device == MKDEV(TTYAUX_MAJOR, 0) ||	/* tty: one's own terminal */
	       device == MKDEV(TTYAUX_MAJOR, 2);	/* ptmx: makes a new one */
}

/* A node elsewhere than in a devpts opens nothing. The terminal itself may be gone
 * at any moment; of its address alone something is learned here. */
static int may_open_pts(u32 label, const struct file *file)
{
	const struct dentry *dentry = file->f_path.dentry;
	const void *end = READ_ONCE(dentry->d_fsdata);

	if (dentry->d_sb->s_magic != DEVPTS_SUPER_MAGIC || !end ||
	    end == READ_ONCE(current->signal->tty))
		return 0;
	return cgc_check_local(label, cgc_label_of_pts(end), CGC_METHOD_TRACE, 0,
			       "chrdev_open");
}

static int on_chrdev(struct inode *inode, struct file *file)
{
	u32 label = cgc_label_of_current();

	if (label == CGC_LABEL_DEFAULT && !cgc_terminal_any())
		return 0;
	if (cgc_device_is_pts(imajor(inode)))
		return may_open_pts(label, file);
	if (is_everybodys(inode->i_rdev))
		return 0;
	return cgc_check_device(label, inode->i_rdev, CGC_DEVICE_CHAR, "chrdev_open");
}

static int on_blkdev(struct inode *inode, struct file *file)
{
	return cgc_check_device(cgc_label_of_current(), inode->i_rdev, CGC_DEVICE_BLOCK,
				"blkdev_open");
}

static int on_pty_new(struct pts_fs_info *fsi, int index, void *tty)
{
	return cgc_terminal_create(tty, cgc_label_of_current());
}

static int on_pty_remove(void *driver, struct tty_struct *tty)
{
	cgc_terminal_free(tty);
	return 0;
}

/* What lets one end type for whoever sits at the other, or takes it from them. Of
 * a virtual console also its keyboard, fonts and switching. */
static bool takes_over(unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case TIOCSTI:
	case TIOCLINUX:
	case TIOCCONS:
	case TIOCSETD:
	case TIOCEXCL:
	case TIOCVHANGUP:
	case TIOCSIG:
		return true;
	case TIOCSCTTY:
		return arg == 1;
	}
	return _IOC_TYPE(cmd) == 'K' || _IOC_TYPE(cmd) == 'V';
}

/* A program that was given the terminal of who started it goes on using it. */
static int on_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	const struct tty_file_private *private = file->private_data;
	u32 label = cgc_label_of_current();

	if ((label == CGC_LABEL_DEFAULT && !cgc_terminal_any()) || !takes_over(cmd, arg))
		return 0;
	return cgc_check_local(label, cgc_label_of_terminal(private->tty), CGC_METHOD_TRACE, 0,
			       "tty_ioctl");
}

CGC_THUNK_STATIC2(chrdev_open, on_chrdev, struct inode *, struct file *)
CGC_THUNK_STATIC2(blkdev_open, on_blkdev, struct inode *, struct file *)
CGC_THUNK3(devpts_pty_new, struct dentry *, on_pty_new, struct pts_fs_info *, int, void *)
CGC_THUNK_STATIC2(pty_unix98_remove, on_pty_remove, void *, struct tty_struct *)
CGC_THUNK_STATIC3(tty_ioctl, on_ioctl, struct file *, unsigned int, unsigned long)
CGC_THUNK_STATIC3(tty_compat_ioctl, on_ioctl, struct file *, unsigned int, unsigned long)

static struct cgc_hook device_hooks[] = {
	CGC_PRECHECK(chrdev_open, CGC_REQUIRED),
	CGC_PRECHECK(blkdev_open, CGC_REQUIRED),
	CGC_PRECHECK(devpts_pty_new, CGC_REQUIRED),
	CGC_PRECHECK(pty_unix98_remove, CGC_REQUIRED),
	CGC_PRECHECK(tty_ioctl, CGC_REQUIRED),
	CGC_PRECHECK(tty_compat_ioctl, CGC_REQUIRED),
};
CGC_HOOK_GROUP(device);
