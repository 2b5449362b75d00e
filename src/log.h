/* SPDX-License-Identifier: GPL-2.0-only */
/* What goes to the kernel log, each line with our name before it. */
#ifndef CGC_LOG_H
#define CGC_LOG_H

#include <linux/printk.h>

#define cgc_err(fmt, ...) pr_err("cgcompt: " fmt, ##__VA_ARGS__)
#define cgc_warn(fmt, ...) pr_warn("cgcompt: " fmt, ##__VA_ARGS__)
#define cgc_notice(fmt, ...) pr_notice("cgcompt: " fmt, ##__VA_ARGS__)

#endif
