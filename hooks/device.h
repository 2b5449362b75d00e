/* SPDX-License-Identifier: GPL-2.0-only */
/* Which devices are nobody's in particular. */
#ifndef CGC_HOOKS_DEVICE_H
#define CGC_HOOKS_DEVICE_H

#include <linux/kdev_t.h>
#include <linux/major.h>
#include <linux/types.h>

/* cgc_device_is_pts - the major number of slaves of pseudo-terminals? */
static inline bool cgc_device_is_pts(unsigned int major)
{
	return major >= UNIX98_PTY_SLAVE_MAJOR &&
	       major < UNIX98_PTY_SLAVE_MAJOR + UNIX98_PTY_MAJOR_COUNT;
}

/* cgc_device_is_source - does it only give or take bytes, the same to everybody? */
static inline bool cgc_device_is_source(dev_t device)
{
	switch (device) {
	case MKDEV(MEM_MAJOR, 3):	/* null */
	case MKDEV(MEM_MAJOR, 5):	/* zero */
	case MKDEV(MEM_MAJOR, 7):	/* full */
	case MKDEV(MEM_MAJOR, 8):	/* random */
	case MKDEV(MEM_MAJOR, 9):	/* urandom */
		return true;
	}
	return false;
}

#endif
