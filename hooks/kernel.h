/* SPDX-License-Identifier: GPL-2.0-only */
/* What acts on the kernel, and so on all compartments (mission S3): handlers that need
 * none of the arguments. */
#ifndef CGC_HOOKS_KERNEL_H
#define CGC_HOOKS_KERNEL_H

#include "args.h"
#include "check.h"
#include "task.h"

/* cgc_kernel_act - may the caller? Return: 0, -EPERM. */
static inline int cgc_kernel_act(const char *hook)
{
	return cgc_check_kernel(cgc_label_of_current(), hook) ? -EPERM : 0;
}

/* For a function that a header declares, with its result and the types of its arguments;
 * and for one that none declares. */
#define CGC_THUNK_KERNEL(function, result, ...) \
	CGC_THUNK(function, result, cgc_kernel_act(#function), __VA_ARGS__)
#define CGC_THUNK_KERNEL_STATIC(function) \
	CGC_THUNK_STATIC(function, cgc_kernel_act(#function))

/* For a system call: programs of 64 and of 32 bits enter by a function each. */
#define CGC_THUNK_KERNEL_CALL(call) \
	CGC_THUNK_KERNEL_STATIC(__x64_sys_##call) \
	CGC_THUNK_KERNEL_STATIC(__ia32_sys_##call)
#define CGC_PRECHECK_CALL(call, hook_need) \
	CGC_PRECHECK(__x64_sys_##call, hook_need), CGC_PRECHECK(__ia32_sys_##call, hook_need)

#endif
