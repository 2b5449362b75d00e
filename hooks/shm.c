// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shared memory that is files (mission I2): what shm_open() makes in /dev/shm, and
 * memfds. Only these of all files of memory: /tmp and /run are files like others.
 *
 * Opening is refused where the kernel has a function for it (not 6.1), every use is:
 * mapping, reading, writing, changing size or mode, removing, renaming.
 */
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include "args.h"
#include "check.h"
#include "ipc.h"
#include "task.h"

#define SHMEM_MMAP_NEED		(CGC_HAVE_SHMEM_MMAP_PREPARE ? CGC_OPTIONAL : CGC_REQUIRED)
#define SHMEM_MMAP_PREPARE_NEED	(CGC_HAVE_SHMEM_MMAP_PREPARE ? CGC_REQUIRED : CGC_OPTIONAL)

static __always_inline int check(const struct inode *inode, bool writes, const char *hook)
{
	if (likely(!cgc_ipc_is_file(inode->i_sb)))
		return 0;
	return cgc_check_local(cgc_label_of_current(), cgc_label_of_ipc(CGC_IPC_FILE, inode),
			       CGC_METHOD_SHM, writes ? 0 : CGC_ATTR_SHM_RO, hook);
}

/* Every inode of every file system comes by here; it has nothing yet but its
 * superblock. Message queues are inodes too. */
static int on_inode_alloc(struct inode *inode)
{
	unsigned int kind;
	u32 label;

	if (cgc_ipc_is_file(inode->i_sb))
		kind = CGC_IPC_FILE;
	else if (cgc_ipc_is_mq(inode->i_sb))
		kind = CGC_IPC_MQ;
	else
		return 0;
	label = cgc_label_of_current();
	return label == CGC_LABEL_DEFAULT || label == CGC_LABEL_SUPERVISOR ? 0 :
	       cgc_ipc_create(kind, inode);
}

static int on_free(struct inode *inode)
{
	cgc_ipc_free(CGC_IPC_FILE, inode);
	return 0;
}

static int on_open(struct inode *inode, struct file *file)
{
	return check(inode, file->f_mode & FMODE_WRITE, "shmem_file_open");
}

/* A mapping for reading of a file open for writing can be made writable. */
static int on_mmap(struct file *file, struct vm_area_struct *vma)
{
	return check(file_inode(file),
		     (vma->vm_flags & (VM_SHARED | VM_MAYWRITE)) == (VM_SHARED | VM_MAYWRITE),
		     "shmem_mmap");
}

static int on_mmap_prepare(struct vm_area_desc *desc)
{
	return check(file_inode(cgc_mapping_file(desc)), cgc_mapping_writes(desc),
		     "shmem_mmap_prepare");
}

static int on_read(struct kiocb *iocb)
{
	return check(file_inode(iocb->ki_filp), false, "shmem_file_read_iter");
}

static int on_splice_read(struct file *file)
{
	return check(file_inode(file), false, "shmem_file_splice_read");
}

/* Its first argument is not the same on all kernels. */
static int on_write(void *unused, struct address_space *mapping)
{
	return check(mapping->host, true, "shmem_write_begin");
}

static int on_fallocate(struct file *file)
{
	return check(file_inode(file), true, "shmem_fallocate");
}

static int check_entry(const struct dentry *dentry, const char *hook)
{
	const struct inode *inode = d_backing_inode(dentry);

	return inode ? check(inode, true, hook) : 0;
}

static int on_setattr(void *unused, struct dentry *dentry)
{
	return check_entry(dentry, "shmem_setattr");
}

static int on_unlink(struct inode *dir, struct dentry *dentry)
{
	return check_entry(dentry, "shmem_unlink");
}

static int on_link(struct dentry *dentry)
{
	return check_entry(dentry, "shmem_link");
}

static int on_rename(struct dentry *from, struct dentry *to)
{
	return check_entry(from, "shmem_rename2") ?: check_entry(to, "shmem_rename2");
}

/* Without the flags of allocation that only newer kernels have. */
CGC_THUNK_STATIC1(security_inode_alloc, on_inode_alloc, struct inode *)
CGC_THUNK_STATIC1(shmem_free_in_core_inode, on_free, struct inode *)
CGC_THUNK_STATIC2(shmem_file_open, on_open, struct inode *, struct file *)
CGC_THUNK_STATIC2(shmem_mmap, on_mmap, struct file *, struct vm_area_struct *)
CGC_THUNK_STATIC1(shmem_mmap_prepare, on_mmap_prepare, struct vm_area_desc *)
CGC_THUNK_STATIC1(shmem_file_read_iter, on_read, struct kiocb *)
CGC_THUNK_STATIC1(shmem_file_splice_read, on_splice_read, struct file *)
CGC_THUNK_STATIC2(shmem_write_begin, on_write, void *, struct address_space *)
CGC_THUNK_STATIC1(shmem_fallocate, on_fallocate, struct file *)
CGC_THUNK_STATIC2(shmem_setattr, on_setattr, void *, struct dentry *)
CGC_THUNK_STATIC2(shmem_unlink, on_unlink, struct inode *, struct dentry *)
CGC_THUNK_STATIC1(shmem_link, on_link, struct dentry *)
CGC_THUNK_STATIC(shmem_rename2, on_rename(CGC_ARG(2, struct dentry *),
					  CGC_ARG(4, struct dentry *)))

static struct cgc_hook shm_hooks[] = {
	CGC_PRECHECK(security_inode_alloc, CGC_REQUIRED),
	CGC_PRECHECK(shmem_free_in_core_inode, CGC_REQUIRED),
	CGC_PRECHECK(shmem_file_open, CGC_OPTIONAL),
	CGC_PRECHECK(shmem_mmap, SHMEM_MMAP_NEED),
	CGC_PRECHECK(shmem_mmap_prepare, SHMEM_MMAP_PREPARE_NEED),
	CGC_PRECHECK(shmem_file_read_iter, CGC_REQUIRED),
	/* 6.1 splices by reading. */
	CGC_PRECHECK(shmem_file_splice_read, CGC_OPTIONAL),
	CGC_PRECHECK(shmem_write_begin, CGC_REQUIRED),
	CGC_PRECHECK(shmem_fallocate, CGC_REQUIRED),
	CGC_PRECHECK(shmem_setattr, CGC_REQUIRED),
	CGC_PRECHECK(shmem_unlink, CGC_REQUIRED),
	CGC_PRECHECK(shmem_link, CGC_REQUIRED),
	CGC_PRECHECK(shmem_rename2, CGC_REQUIRED),
};
CGC_HOOK_GROUP(shm);
