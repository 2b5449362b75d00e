/* SPDX-License-Identifier: GPL-2.0-only */
/* The Test Anything Protocol, as much of it as is needed. */
#ifndef CGC_TEST_TAP_H
#define CGC_TEST_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

static int tap_tests, tap_failures;

__attribute__((format(printf, 2, 3), unused))
static bool ok(bool pass, const char *format, ...)
{
	va_list args;

	printf("%sok %d - ", pass ? "" : "not ", ++tap_tests);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	tap_failures += !pass;
	return pass;
}

__attribute__((format(printf, 1, 2), unused))
static void diag(const char *format, ...)
{
	va_list args;

	printf("# ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
}

__attribute__((unused))
static int done(void)
{
	printf("1..%d\n", tap_tests);
	return tap_failures != 0;
}

#endif
