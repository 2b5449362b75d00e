/* SPDX-License-Identifier: GPL-2.0-only */
/* /proc/cgcompt/rules: the set in force, readable without the tool (O6). */
#ifndef CGC_PROC_H
#define CGC_PROC_H

int cgc_proc_init(void);
void cgc_proc_exit(void);

#endif
