/* SPDX-License-Identifier: GPL-2.0-only */
/* What the running process is shown (mission I5). */
#ifndef CGC_HOOKS_SEES_H
#define CGC_HOOKS_SEES_H

#include "check.h"
#include "hold.h"
#include "task.h"

/**
 * cgc_sees_all - may everything be shown to the running process?
 * @subject: receives its label, where not
 *
 * The way out for most: nothing is labelled, or it is the administrators'. In the
 * context of a process. Atomic.
 */
static inline bool cgc_sees_all(u32 *subject)
{
	if (!cgc_hold_any())
		return true;
	*subject = cgc_label_of_current();
	return cgc_check_sees_all(*subject);
}

/* cgc_sees - may what is @object's be shown to it? As above. */
static inline bool cgc_sees(u32 object)
{
	u32 subject;

	return cgc_sees_all(&subject) || cgc_check_sees(subject, object);
}

/* cgc_sees_task - may @task be shown to it? NULL is nobody. As above. */
static inline bool cgc_sees_task(const struct task_struct *task)
{
	u32 subject;

	return cgc_sees_all(&subject) || !task ||
	       cgc_check_sees(subject, cgc_label_of_task(task));
}

#endif
