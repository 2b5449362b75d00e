// SPDX-License-Identifier: GPL-2.0-only
/* Labels of named FIFOs. */
#include "fifo.h"

#define BITS 8

struct cgc_labelmap cgc_fifo_labels;

int __init cgc_fifo_init(void)
{
	return cgc_labelmap_init(&cgc_fifo_labels, "cgcompt_fifo", BITS);
}

void cgc_fifo_exit(void)
{
	cgc_labelmap_exit(&cgc_fifo_labels);
}
