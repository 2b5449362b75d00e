/* SPDX-License-Identifier: GPL-2.0-only */
/* What becomes of a refusal: the switch (mission O4). */
#ifndef CGC_MODE_H
#define CGC_MODE_H

#include <linux/compiler.h>
#include <linux/types.h>
#include "uapi/cgcompt.h"

extern u32 cgc_mode_now;

/* cgc_mode - enum cgc_mode. Any context. */
static inline u32 cgc_mode(void)
{
	return READ_ONCE(cgc_mode_now);
}

/**
 * cgc_mode_set - change it
 * @mode: ENFORCE, PERMISSIVE, DISABLED; LOADING while the hooks go
 * @seconds: with DISABLED: enforce again after so long; 0: never by itself
 *
 * Every connection is decided again. May sleep; the policy's lock is held.
 */
void cgc_mode_set(u32 mode, u32 seconds);

/* cgc_mode_rearm_seconds - until it enforces again, 0: not by itself. */
u32 cgc_mode_rearm_seconds(void);

/* cgc_mode_exit - stop the timer. May sleep. */
void cgc_mode_exit(void);

#endif
