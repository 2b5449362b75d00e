/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Labels of terminals (mission I1): a pseudo-terminal is its maker's until both of
 * its ends are closed. Every other terminal is compartment 0's.
 */
#ifndef CGC_TERMINAL_H
#define CGC_TERMINAL_H

#include <linux/types.h>

struct tty_struct;

int cgc_terminal_init(void);
void cgc_terminal_exit(void);

/* cgc_label_of_terminal - whose it is, by any of its ends, which lives. Any context. */
u32 cgc_label_of_terminal(const struct tty_struct *tty);

/* cgc_label_of_pts - whose it is, by the address of the end that programs run on, which
 * may be gone. Any context. */
u32 cgc_label_of_pts(const void *end);

/* cgc_terminal_create - the running process makes one. Return: 0, -ENOMEM: it is to fail. */
int cgc_terminal_create(const struct tty_struct *tty, u32 label);

/* cgc_terminal_free - both ends are closed. */
void cgc_terminal_free(const struct tty_struct *tty);

/* cgc_terminal_any - is there one that is not compartment 0's? Any context. */
bool cgc_terminal_any(void);

/* cgc_terminal_carry - how many carry a label other than 0. */
unsigned int cgc_terminal_carry(u32 label);

#endif
