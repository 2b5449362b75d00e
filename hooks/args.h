/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From a hooked function's registers to a handler's typed arguments.
 *
 * CGC_THUNKn(function, result, handler, types…) defines what CGC_PRECHECK()
 * plants, and fails the build where the kernel's prototype is another.
 */
#ifndef CGC_HOOKS_ARGS_H
#define CGC_HOOKS_ARGS_H

#include "hook.h"

#define CGC_ARG(n, type) ((__force type)ftrace_regs_get_argument(fregs, n))

#define CGC_THUNK(function, result, call, ...) \
	static_assert(__same_type(function, result (__VA_ARGS__)), \
		      #function " has another prototype on this kernel"); \
	static int cgc_at_##function(struct ftrace_regs *fregs) { return call; }

/* For a static function: no header declares it, and the build has nothing to compare. */
#define CGC_THUNK_STATIC(function, call) \
	static int cgc_at_##function(struct ftrace_regs *fregs) { return call; }
#define CGC_THUNK_STATIC1(function, handler, t0) \
	CGC_THUNK_STATIC(function, handler(CGC_ARG(0, t0)))
#define CGC_THUNK_STATIC2(function, handler, t0, t1) \
	CGC_THUNK_STATIC(function, handler(CGC_ARG(0, t0), CGC_ARG(1, t1)))
#define CGC_THUNK_STATIC3(function, handler, t0, t1, t2) \
	CGC_THUNK_STATIC(function, handler(CGC_ARG(0, t0), CGC_ARG(1, t1), CGC_ARG(2, t2)))
#define CGC_THUNK_STATIC4(function, handler, t0, t1, t2, t3) \
	CGC_THUNK_STATIC(function, handler(CGC_ARG(0, t0), CGC_ARG(1, t1), CGC_ARG(2, t2), \
					   CGC_ARG(3, t3)))

/* For a handler that needs none of the arguments. */
#define CGC_THUNK_NONE(function, handler) CGC_THUNK_STATIC(function, handler())

#define CGC_THUNK1(function, result, handler, t0) \
	CGC_THUNK(function, result, handler(CGC_ARG(0, t0)), t0)
#define CGC_THUNK2(function, result, handler, t0, t1) \
	CGC_THUNK(function, result, handler(CGC_ARG(0, t0), CGC_ARG(1, t1)), t0, t1)
#define CGC_THUNK3(function, result, handler, t0, t1, t2) \
	CGC_THUNK(function, result, \
		  handler(CGC_ARG(0, t0), CGC_ARG(1, t1), CGC_ARG(2, t2)), t0, t1, t2)
#define CGC_THUNK4(function, result, handler, t0, t1, t2, t3) \
	CGC_THUNK(function, result, \
		  handler(CGC_ARG(0, t0), CGC_ARG(1, t1), CGC_ARG(2, t2), CGC_ARG(3, t3)), \
		  t0, t1, t2, t3)
#define CGC_THUNK5(function, result, handler, t0, t1, t2, t3, t4) \
	CGC_THUNK(function, result, \
		  handler(CGC_ARG(0, t0), CGC_ARG(1, t1), CGC_ARG(2, t2), CGC_ARG(3, t3), \
			  CGC_ARG(4, t4)), \
		  t0, t1, t2, t3, t4)
#define CGC_THUNK6(function, result, handler, t0, t1, t2, t3, t4, t5) \
	CGC_THUNK(function, result, \
		  handler(CGC_ARG(0, t0), CGC_ARG(1, t1), CGC_ARG(2, t2), CGC_ARG(3, t3), \
			  CGC_ARG(4, t4), CGC_ARG(5, t5)), \
		  t0, t1, t2, t3, t4, t5)

#endif
