// SPDX-License-Identifier: GPL-2.0-only
/* Labels of terminals, by the address of the end that programs run on. */
#include <linux/tty.h>
#include <linux/tty_driver.h>
#include "labelmap.h"
#include "terminal.h"

#define BITS 8

static struct cgc_labelmap labels;

static const struct tty_struct *inner_end(const struct tty_struct *tty)
{
	return tty->driver->type == TTY_DRIVER_TYPE_PTY &&
	       tty->driver->subtype == PTY_TYPE_MASTER ? tty->link : tty;
}

u32 cgc_label_of_terminal(const struct tty_struct *tty)
{
	return cgc_labelmap_get(&labels, inner_end(tty));
}

u32 cgc_label_of_pts(const void *end)
{
	return cgc_labelmap_get(&labels, end);
}

int cgc_terminal_create(const struct tty_struct *tty, u32 label)
{
	return cgc_labelmap_set(&labels, inner_end(tty), label);
}

void cgc_terminal_free(const struct tty_struct *tty)
{
	cgc_labelmap_del(&labels, inner_end(tty));
}

bool cgc_terminal_any(void)
{
	return atomic_read(&labels.map.count);
}

unsigned int cgc_terminal_carry(u32 label)
{
	return cgc_labelmap_carry(&labels, label);
}

int __init cgc_terminal_init(void)
{
	return cgc_labelmap_init(&labels, "cgcompt_terminal", BITS);
}

void cgc_terminal_exit(void)
{
	cgc_labelmap_exit(&labels);
}
