// SPDX-License-Identifier: GPL-2.0-only
/* Labels of IPC objects. */
#include <linux/dcache.h>
#include <linux/namei.h>
#include <linux/string.h>
#include "ipc.h"
#include "log.h"
#include "task.h"

#define BITS 10

struct cgc_labelmap cgc_ipc_labels[CGC_IPC_KINDS + 1];
/* Compared with, never looked into: it may go and come. */
const struct super_block *cgc_ipc_dev_shm;

int cgc_ipc_create(unsigned int kind, const void *object)
{
	u32 label = cgc_label_of_current();

	if (likely(label == CGC_LABEL_DEFAULT && !cgc_ipc_any(kind)))
		return 0;
	return cgc_labelmap_set(&cgc_ipc_labels[kind], object, label);
}

unsigned int cgc_ipc_carry(u32 label)
{
	unsigned int kind, count = 0;

	for (kind = 0; kind <= CGC_IPC_KINDS; kind++)
		count += cgc_labelmap_carry(&cgc_ipc_labels[kind], label);
	return count;
}

/* @at: within @kind; @bucket: the caller's, of all kinds */
struct listing {
	unsigned int kind;
	unsigned int at;
	unsigned int *bucket;
	int (*emit)(void *ctx, const struct cgc_ipc *ipc);
	void *ctx;
};

/* Without the locks of the dcache, which do not nest in a bucket's: a queue has one
 * name and keeps it, and names are freed after a grace period. */
static void copy_queue_name(char *to, size_t size, const struct inode *inode)
{
	const struct hlist_node *first;

	rcu_read_lock();
	first = READ_ONCE(inode->i_dentry.first);
	if (first)
		strscpy(to, container_of(first, struct dentry, CGC_D_ALIAS)->d_name.name, size);
	rcu_read_unlock();
}

static int list_one(void *ctx, const void *object, u32 label)
{
	const struct listing *listing = ctx;
	const struct kern_ipc_perm *perm = object;
	struct cgc_ipc ipc = { .label = label, .kind = listing->kind };

	*listing->bucket = (listing->kind << BITS) + listing->at;
	if (listing->kind == CGC_IPC_MQ) {
		copy_queue_name(ipc.name, sizeof(ipc.name), object);
	} else {
		ipc.id = READ_ONCE(perm->id);
		ipc.key = READ_ONCE(perm->key);
		if (ipc.id < 0 || READ_ONCE(perm->deleted))
			return 0;
	}
	return listing->emit(listing->ctx, &ipc);
}

int cgc_ipc_list(unsigned int *bucket, int (*emit)(void *ctx, const struct cgc_ipc *ipc),
		 void *ctx)
{
	struct listing listing = { .bucket = bucket, .emit = emit, .ctx = ctx };
	int ret;

	while (*bucket < CGC_IPC_KINDS << BITS) {
		listing.kind = *bucket >> BITS;
		listing.at = *bucket & ((1u << BITS) - 1);
		ret = cgc_labelmap_walk(&cgc_ipc_labels[listing.kind], &listing.at, list_one,
					&listing);
		*bucket = (listing.kind << BITS) + listing.at;
		if (ret)
			return ret;
	}
	return 0;
}

static void __init find_dev_shm(void)
{
	struct path path;

	if (kern_path("/dev/shm", LOOKUP_FOLLOW, &path)) {
		cgc_notice("there is no /dev/shm: files of POSIX shared memory stay unlabelled\n");
		return;
	}
	if (path.dentry == path.dentry->d_sb->s_root && path.dentry->d_sb->s_magic == TMPFS_MAGIC)
		cgc_ipc_dev_shm = path.dentry->d_sb;
	else
		cgc_notice("/dev/shm is no tmpfs of its own: its files stay unlabelled\n");
	path_put(&path);
}

int __init cgc_ipc_init(void)
{
	static const char *const names[CGC_IPC_KINDS + 1] = {
		"cgcompt_msg", "cgcompt_shm", "cgcompt_sem", "cgcompt_mq", "cgcompt_shmfile",
	};
	unsigned int kind;
	int err;

	for (kind = 0; kind <= CGC_IPC_KINDS; kind++) {
		err = cgc_labelmap_init(&cgc_ipc_labels[kind], names[kind], BITS);
		if (err)
			goto fail;
	}
	find_dev_shm();
	return 0;

fail:
	while (kind)
		cgc_labelmap_exit(&cgc_ipc_labels[--kind]);
	return err;
}

void cgc_ipc_exit(void)
{
	unsigned int kind = CGC_IPC_KINDS + 1;

	while (kind)
		cgc_labelmap_exit(&cgc_ipc_labels[--kind]);
}
