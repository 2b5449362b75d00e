/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Labels of named FIFOs (mission I1): a FIFO is its first opener's as long as it
 * is open, whoever made its name. An anonymous pipe is a descriptor, and nobody's.
 */
#ifndef CGC_FIFO_H
#define CGC_FIFO_H

#include <linux/fs.h>
#include <linux/pipe_fs_i.h>
#include "labelmap.h"

int cgc_fifo_init(void);
void cgc_fifo_exit(void);

extern struct cgc_labelmap cgc_fifo_labels;

/* cgc_fifo_any - is there one that is not compartment 0's? Any context. */
static inline bool cgc_fifo_any(void)
{
	return atomic_read(&cgc_fifo_labels.map.count);
}

/* cgc_label_of_fifo - whose it is, of one that is open. Any context. */
static inline u32 cgc_label_of_fifo(const struct pipe_inode_info *pipe)
{
	return cgc_labelmap_get(&cgc_fifo_labels, pipe);
}

/* cgc_fifo_own - it is opened for the first time. Under its mutex. Return: 0, -ENOMEM. */
static inline int cgc_fifo_own(const struct pipe_inode_info *pipe, u32 label)
{
	return cgc_labelmap_set(&cgc_fifo_labels, pipe, label);
}

/* cgc_fifo_free - nobody has it open. Any context. */
static inline void cgc_fifo_free(const struct pipe_inode_info *pipe)
{
	cgc_labelmap_del(&cgc_fifo_labels, pipe);
}

/* cgc_fifo_carry - how many carry a label other than 0. */
static inline unsigned int cgc_fifo_carry(u32 label)
{
	return cgc_labelmap_carry(&cgc_fifo_labels, label);
}

#endif
