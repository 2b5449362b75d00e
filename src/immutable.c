// SPDX-License-Identifier: GPL-2.0-only
/* Marked inodes: immutable ones, and those of the directories above them. */
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/hashtable.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include "immutable.h"
#include "policy.h"

/**
 * struct mark - on an inode
 * @node: in the table
 * @inode: which; its path holds it
 * @path: one that it was found by
 * @files: how often it was made immutable
 * @uses: this, and how often it is on the way to one that was
 * @before: it was immutable of its own (chattr)
 * @rcu: for freeing
 */
struct mark {
	struct hlist_node node;
	const struct inode *inode;
	struct path path;
	unsigned int files;
	unsigned int uses;
	bool before;
	struct rcu_head rcu;
};

/**
 * struct cgc_immutable - an immutable file
 * @count: of @marks
 * @marks: its own first, then those of the directories, the nearest first
 */
struct cgc_immutable {
	unsigned int count;
	struct mark *marks[];
};

static DEFINE_HASHTABLE(marks, 8);
atomic_t cgc_immutables;

static struct mark *find(const struct inode *inode)
{
	struct mark *mark;

	hash_for_each_possible_rcu(marks, mark, node, (unsigned long)inode)
		if (mark->inode == inode)
			return mark;
	return NULL;
}

bool cgc_immutable_find(const struct inode *inode, bool itself)
{
	const struct mark *mark;
	bool found;

	rcu_read_lock();
	mark = find(inode);
	found = mark && (!itself || READ_ONCE(mark->files));
	rcu_read_unlock();
	return found;
}

static struct mark *mark_get(const struct path *path)
{
	const struct inode *inode = d_inode(path->dentry);
	struct mark *mark = find(inode);

	if (!mark) {
		mark = kzalloc(sizeof(*mark), GFP_KERNEL_ACCOUNT);
		if (!mark)
			return NULL;
		mark->inode = inode;
		mark->path = *path;
		path_get(&mark->path);
		hash_add_rcu(marks, &mark->node, (unsigned long)inode);
		atomic_inc(&cgc_immutables);
	}
	mark->uses++;
	return mark;
}

static void mark_put(struct mark *mark)
{
	if (--mark->uses)
		return;
	hash_del_rcu(&mark->node);
	atomic_dec(&cgc_immutables);
	path_put(&mark->path);
	kfree_rcu(mark, rcu);
}

/* What the program loader does for what is being run: no one opens it for writing, and
 * no one has; a shared mapping would have it open. */
static int freeze(struct mark *mark)
{
	struct inode *inode = d_inode(mark->path.dentry);

	if (mark->files)
		goto out;
	if (inode_is_open_for_write(d_real_inode(mark->path.dentry)) ||
	    !atomic_dec_unless_positive(&inode->i_writecount))
		return -EBUSY;
	inode_lock(inode);
	mark->before = IS_IMMUTABLE(inode);
	inode_set_flags(inode, S_IMMUTABLE, S_IMMUTABLE);
	inode_unlock(inode);
out:
	WRITE_ONCE(mark->files, mark->files + 1);
	return 0;
}

static void thaw(struct mark *mark)
{
	struct inode *inode = d_inode(mark->path.dentry);

	WRITE_ONCE(mark->files, mark->files - 1);
	if (mark->files)
		return;
	inode_lock(inode);
	if (!mark->before)
		inode_set_flags(inode, 0, S_IMMUTABLE);
	inode_unlock(inode);
	atomic_inc(&inode->i_writecount);
}

/* To the directory above, or from a mount to what it is mounted on. false: it was at the
 * top. */
static bool go_up(struct path *path)
{
	struct dentry *parent;

	if (path->dentry == path->mnt->mnt_root)
		return follow_up(path);
	if (IS_ROOT(path->dentry))
		return false;
	parent = dget_parent(path->dentry);
	dput(path->dentry);
	path->dentry = parent;
	return true;
}

static unsigned int depth_of(const struct path *from)
{
	struct path path = *from;
	unsigned int depth = 1;

	path_get(&path);
	while (go_up(&path))
		depth++;
	path_put(&path);
	return depth;
}

/* Who renames has both directories locked from before it is asked about until it is
 * done: who began before the mark was there is over now. */
static bool is_settled(const struct path *child, const struct path *parent)
{
	struct inode *inode = d_inode(parent->dentry);
	bool settled;

	if (child->mnt != parent->mnt)
		return true;	/* what is mounted, and where */
	inode_lock(inode);
	settled = child->dentry->d_parent == parent->dentry && !d_unlinked(child->dentry);
	inode_unlock(inode);
	return settled;
}

/* From the file to the top. */
static int mark_way(struct cgc_immutable *immutable, const struct path *from, unsigned int room,
		    const char **why)
{
	struct path path = *from, below;
	int err = 0;

	path_get(&path);
	while (!err) {
		*why = "there is no memory for it";
		immutable->marks[immutable->count] = mark_get(&path);
		if (!immutable->marks[immutable->count]) {
			err = -ENOMEM;
			break;
		}
		immutable->count++;
		below = path;
		path_get(&below);
		*why = "it or a directory above it is just being moved or removed";
		if (!go_up(&path)) {
			path_put(&below);
			break;
		}
		if (immutable->count == room || !is_settled(&below, &path))
			err = -EAGAIN;
		path_put(&below);
	}
	path_put(&path);
	return err;
}

static void unmark(struct cgc_immutable *immutable)
{
	while (immutable->count)
		mark_put(immutable->marks[--immutable->count]);
	kfree(immutable);
}

/* What /proc and the like show is no file, and may be another inode next time. */
static bool can_be_kept(const struct inode *inode)
{
	return (S_ISREG(inode->i_mode) || S_ISDIR(inode->i_mode)) &&
	       !(inode->i_sb->s_iflags & SB_I_NOEXEC);
}

struct cgc_immutable *cgc_immutable_set(const struct path *path, const char **why)
{
	struct cgc_immutable *immutable;
	unsigned int room;
	int err;

	cgc_policy_assert_locked();
	*why = "it is neither a file nor a directory, or in no file system that keeps them";
	if (!can_be_kept(d_inode(path->dentry)))
		return ERR_PTR(-EINVAL);
	room = depth_of(path);
	*why = "there is no memory for it";
	immutable = kzalloc(struct_size(immutable, marks, room), GFP_KERNEL_ACCOUNT);
	if (!immutable)
		return ERR_PTR(-ENOMEM);
	err = mark_way(immutable, path, room, why);
	if (!err) {
		*why = "it is open for writing";
		err = freeze(immutable->marks[0]);
	}
	if (err) {
		unmark(immutable);
		return ERR_PTR(err);
	}
	*why = NULL;
	return immutable;
}

void cgc_immutable_lift(struct cgc_immutable *immutable)
{
	cgc_policy_assert_locked();
	thaw(immutable->marks[0]);
	unmark(immutable);
}
