/* SPDX-License-Identifier: GPL-2.0-only */
/* What one process does to another. */
#ifndef BENCH_LOCAL_H
#define BENCH_LOCAL_H

/**
 * struct operation - something that is measured
 * @name: printed before its cost
 * @run: do it @n times; returns the nanoseconds of one
 * @n: how often
 */
struct operation {
	const char *name;
	double (*run)(int n);
	int n;
};

extern const struct operation local_operations[];	/* up to one without a name */

/* now - nanoseconds; with --icount instructions. */
double now(void);

#endif
