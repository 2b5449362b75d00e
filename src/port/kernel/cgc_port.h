/* SPDX-License-Identifier: GPL-2.0-only */
/* What the pure core needs from where it runs: here, the kernel. */
#ifndef CGC_PORT_H
#define CGC_PORT_H

#include <linux/build_bug.h>
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/string.h>
#include <linux/types.h>

#endif
