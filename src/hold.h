/* SPDX-License-Identifier: GPL-2.0-only */
/* Labels cannot be rebuilt, so the module stays while anything is labelled
 * other than 0 or the supervisor: rmmod says that it is in use. */
#ifndef CGC_HOLD_H
#define CGC_HOLD_H

#include <linux/types.h>

/* cgc_hold_relabel - a task or socket changes from one label to another. Any
 * context. */
void cgc_hold_relabel(u32 from, u32 to);

/* cgc_hold_any - has anything been labelled other than 0 or the supervisor since
 * the module was loaded? Any context. */
bool cgc_hold_any(void);

#endif
