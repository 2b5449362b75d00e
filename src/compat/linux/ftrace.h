/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading and setting the registers at a hooked function's entry: kernels
 * before 6.4 lack the helpers. Delete with the support of 6.1. */
#ifndef CGC_COMPAT_LINUX_FTRACE_H
#define CGC_COMPAT_LINUX_FTRACE_H

#include_next <linux/ftrace.h>
#include <linux/ptrace.h>

#ifndef ftrace_regs_get_argument
#define ftrace_regs_get_argument(fregs, n) regs_get_kernel_argument(&(fregs)->regs, n)
#define ftrace_regs_set_return_value(fregs, ret) regs_set_return_value(&(fregs)->regs, ret)
#define ftrace_regs_set_instruction_pointer(fregs, ip) ftrace_instruction_pointer_set(fregs, ip)
#endif

#endif
