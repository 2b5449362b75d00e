// SPDX-License-Identifier: GPL-2.0-only
/* The switch, and the timer in the kernel that turns it on again. */
#include <linux/jiffies.h>
#include <linux/workqueue.h>
#include "log.h"
#include "mode.h"
#include "policy.h"

u32 cgc_mode_now = CGC_MODE_LOADING;

static bool rearms;
static unsigned long rearm_at;	/* jiffies, if @rearms */

static void enforce_again(struct work_struct *work)
{
	cgc_policy_lock();
	/* Not what was set anew while this waited for the lock. */
	if (rearms && time_after_eq(jiffies, rearm_at)) {
		cgc_notice("enforcing again: the time given to `disable` is over\n");
		cgc_mode_set(CGC_MODE_ENFORCE, 0);
	}
	cgc_policy_unlock();
}

static DECLARE_DELAYED_WORK(rearm, enforce_again);

void cgc_mode_set(u32 mode, u32 seconds)
{
	cgc_policy_assert_locked();
	cancel_delayed_work(&rearm);
	WRITE_ONCE(cgc_mode_now, mode);
	cgc_policy_touch();
	rearms = mode == CGC_MODE_DISABLED && seconds;
	if (rearms) {
		rearm_at = jiffies + seconds * HZ;
		schedule_delayed_work(&rearm, seconds * HZ);
	}
}

u32 cgc_mode_rearm_seconds(void)
{
	unsigned long now = jiffies;

	if (!rearms)
		return 0;
	return time_before(now, rearm_at) ? (rearm_at - now) / HZ + 1 : 1;
}

void cgc_mode_exit(void)
{
	cancel_delayed_work_sync(&rearm);
}
