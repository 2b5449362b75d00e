/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Immutable files (mission F3): the inode is pinned and has S_IMMUTABLE, so that the
 * file system layer itself refuses every change of it; what that leaves open, hooks ask
 * about here: the flag itself, and the directories that the file is found by.
 */
#ifndef CGC_IMMUTABLE_H
#define CGC_IMMUTABLE_H

#include <linux/atomic.h>
#include <linux/path.h>
#include <linux/types.h>

struct cgc_immutable;

/**
 * cgc_immutable_set - make a file or directory immutable, and keep it where it is
 * @path: of it
 * @why: on error: a clause, static
 *
 * What was made twice has to be lifted twice. When it returns, no change is under way
 * any more. Under cgc_policy_lock(). May sleep. Return: for cgc_immutable_lift(), or an
 * error: -EBUSY: it is open for writing, -EAGAIN: it is just being moved, -EINVAL: it is
 * of a kind that cannot be kept, -ENOMEM.
 */
struct cgc_immutable *cgc_immutable_set(const struct path *path, const char **why);

/* cgc_immutable_lift - undo it, but for what the file was before. As above. */
void cgc_immutable_lift(struct cgc_immutable *immutable);

extern atomic_t cgc_immutables;	/* inodes that are marked */

/* cgc_immutable_find - the slow half of the next two. */
bool cgc_immutable_find(const struct inode *inode, bool itself);

/* cgc_immutable_file - is that an immutable file? Any context. */
static inline bool cgc_immutable_file(const struct inode *inode)
{
	return atomic_read(&cgc_immutables) && inode && cgc_immutable_find(inode, true);
}

/* cgc_immutable_place - is it one, or a directory that one is found by? Any context. */
static inline bool cgc_immutable_place(const struct inode *inode)
{
	return atomic_read(&cgc_immutables) && inode && cgc_immutable_find(inode, false);
}

#endif
