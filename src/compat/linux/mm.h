/* SPDX-License-Identifier: GPL-2.0-only */
/* How a file of shared memory is mapped: by ->mmap_prepare() since 7.0, with flags
 * that are a bitmap. */
#ifndef CGC_COMPAT_LINUX_MM_H
#define CGC_COMPAT_LINUX_MM_H

#include_next <linux/mm.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
#define CGC_HAVE_SHMEM_MMAP_PREPARE 1

/* cgc_mapping_file - what is to be mapped. */
static inline struct file *cgc_mapping_file(const struct vm_area_desc *desc)
{
	return desc->file;
}

/* cgc_mapping_writes - can what is stored there reach the file? */
static inline bool cgc_mapping_writes(const struct vm_area_desc *desc)
{
	return vma_flags_test_all(&desc->vma_flags, VMA_SHARED_BIT, VMA_MAYWRITE_BIT);
}
#else
#define CGC_HAVE_SHMEM_MMAP_PREPARE 0

struct vm_area_desc;

static inline struct file *cgc_mapping_file(const struct vm_area_desc *desc)
{
	return NULL;
}

static inline bool cgc_mapping_writes(const struct vm_area_desc *desc)
{
	return true;
}
#endif

#endif
