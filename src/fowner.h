/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who decides where a file sends SIGIO (F_SETOWN and the like): the signal is sent
 * later, from an interrupt, in that process's name.
 *
 * No hook tells when a file goes: that would be paid for at every close. A record
 * stays until the address has another owner's file, means nothing until then, and
 * does not keep the module in.
 */
#ifndef CGC_FOWNER_H
#define CGC_FOWNER_H

#include <linux/types.h>

int cgc_fowner_init(void);
void cgc_fowner_exit(void);

/**
 * cgc_fowner_set - a file gets a receiver
 * @fown: its struct fown_struct
 * @label: of who sets it
 *
 * Any context. Return: 0; -ENOMEM, also where there are too many of them: the
 * receiver must not be set.
 */
int cgc_fowner_set(const void *fown, u32 label);

/* cgc_label_of_fowner - of who set the receiver that it has. Any context. */
u32 cgc_label_of_fowner(const void *fown);

#endif
