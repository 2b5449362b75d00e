/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * EXEC mappings (mission L3): a program whose file a set names is entered into a
 * compartment by whoever runs it. The file is known by itself, whichever name leads to
 * it, and by its name in its directory, whichever file a package puts there.
 */
#ifndef CGC_MAPPING_H
#define CGC_MAPPING_H

#include <linux/types.h>

struct cgc_policy;
struct file;

/**
 * cgc_mapping_enter - prepare the caller's execve() for what is said of a program
 * @program: that is about to be run
 * @trusted: receives: it is an administrators' compartment that is entered by somebody
 *	who is none; what the caller brings along is not to be trusted there
 *
 * What cgc_task_prepare_exec() has prepared stands. What this prepared for an execve()
 * that failed is forgotten. Atomic. Return: 0, -ENOMEM.
 */
int cgc_mapping_enter(const struct file *program, bool *trusted);

/* cgc_mapping_verify - do the mappings of a set fit its definitions? Locked. Return: 0,
 * -EINVAL. */
int cgc_mapping_verify(const struct cgc_policy *policy, const char **why);

/* cgc_mapping_to_admin - does one lead to the administrators? Locked. */
bool cgc_mapping_to_admin(const struct cgc_policy *policy);

#endif
