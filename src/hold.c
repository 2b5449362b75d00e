// SPDX-License-Identifier: GPL-2.0-only
/* One reference on the module for all that is labelled. */
#include <linux/atomic.h>
#include <linux/module.h>
#include "hold.h"
#include "uapi/cgcompt.h"

static atomic_t carriers;
static bool any;

static bool holds(u32 label)
{
	return label != CGC_LABEL_DEFAULT && label != CGC_LABEL_SUPERVISOR;
}

void cgc_hold_relabel(u32 from, u32 to)
{
	if (holds(to) && !READ_ONCE(any))
		WRITE_ONCE(any, true);
	if (holds(to) && !holds(from) && atomic_inc_return(&carriers) == 1)
		__module_get(THIS_MODULE);
	else if (holds(from) && !holds(to) && atomic_dec_and_test(&carriers))
		module_put(THIS_MODULE);
}

bool cgc_hold_any(void)
{
	return READ_ONCE(any);
}
