// SPDX-License-Identifier: GPL-2.0-only
/* A program replaces another: the place where a label changes (mission L2). */
#include <linux/binfmts.h>
#include "args.h"
#include "task.h"

/* Past the point of no return, the old memory and threads are gone. */
static int on_committing(cgc_binprm_t *bprm)
{
	cgc_task_exec();
	return 0;
}

CGC_THUNK1(security_bprm_committing_creds, void, on_committing, cgc_binprm_t *)

static struct cgc_hook exec_hooks[] = {
	CGC_PRECHECK(security_bprm_committing_creds, CGC_REQUIRED),
};
CGC_HOOK_GROUP(exec);
