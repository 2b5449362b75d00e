/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Labels of IPC objects (mission L5, I2): System V queues, segments and semaphore
 * sets, message queues of POSIX, and the files of /dev/shm and memfd_create().
 * They keep their maker's for as long as they exist.
 */
#ifndef CGC_IPC_H
#define CGC_IPC_H

#include <linux/fs.h>
#include <linux/ipc.h>
#include <linux/magic.h>
#include "labelmap.h"

/* The kernel's own name for it is in no header. */
#define CGC_MQUEUE_MAGIC 0x19800202

/* Files that are shared memory: a kind that is not listed. */
#define CGC_IPC_FILE CGC_IPC_KINDS

extern struct cgc_labelmap cgc_ipc_labels[CGC_IPC_KINDS + 1];
extern const struct super_block *cgc_ipc_dev_shm;

/* cgc_ipc_init - find /dev/shm. May sleep. Return: 0, -ENOMEM. */
int cgc_ipc_init(void);
void cgc_ipc_exit(void);

/* cgc_label_of_ipc - the maker's compartment of an object that lives: a struct
 * kern_ipc_perm, or an inode. Any context. */
static inline u32 cgc_label_of_ipc(unsigned int kind, const void *object)
{
	return cgc_labelmap_get(&cgc_ipc_labels[kind], object);
}

/* cgc_ipc_any - is any object of this kind labelled other than 0? */
static inline bool cgc_ipc_any(unsigned int kind)
{
	return unlikely(atomic_read(&cgc_ipc_labels[kind].map.count));
}

/* cgc_ipc_is_mq - is it on a file system of message queues? */
static inline bool cgc_ipc_is_mq(const struct super_block *sb)
{
	return sb->s_magic == CGC_MQUEUE_MAGIC;
}

/* cgc_ipc_is_file - is it in /dev/shm, or where memfds are? Other file systems of
 * that kind (/tmp, /run) are files like others. */
static inline bool cgc_ipc_is_file(const struct super_block *sb)
{
	return sb->s_magic == TMPFS_MAGIC &&
	       (sb == cgc_ipc_dev_shm || sb->s_flags & SB_KERNMOUNT);
}

/**
 * cgc_ipc_create - the running process makes an object
 * @kind: enum cgc_ipc_kind, or CGC_IPC_FILE
 * @object: its struct kern_ipc_perm, or inode
 *
 * Atomic. Return: 0; -ENOMEM: the object must not come to be.
 */
int cgc_ipc_create(unsigned int kind, const void *object);

/* cgc_ipc_free - the object goes. Any context. */
static inline void cgc_ipc_free(unsigned int kind, const void *object)
{
	if (cgc_ipc_any(kind))
		cgc_labelmap_del(&cgc_ipc_labels[kind], object);
}

/* cgc_ipc_carry - how many objects carry a label other than 0. */
unsigned int cgc_ipc_carry(u32 label);

/**
 * cgc_ipc_list - describe labelled objects
 * @bucket: where to begin, 0 at first; advanced
 * @emit: called under a spinlock for each; not 0 ends it, and the same bucket
 *	is begun again next time
 * @ctx: handed to @emit
 */
int cgc_ipc_list(unsigned int *bucket, int (*emit)(void *ctx, const struct cgc_ipc *ipc),
		 void *ctx);

#endif
