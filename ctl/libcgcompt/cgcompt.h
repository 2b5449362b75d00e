/* SPDX-License-Identifier: GPL-2.0-only */
/* Starting a program in a compartment, see cgcompt_exec(3). Link with -lcgcompt. */
#ifndef CGCOMPT_H
#define CGCOMPT_H

#ifdef __cplusplus
extern "C" {
#endif

/**
 * cgcompt_exec_prepare - let the calling thread's next execve() enter a compartment
 * @compartment: its name, or its number in decimal or 0x…
 *
 * Async-signal-safe: it may be called between fork() and execve(). Neither descriptors
 * nor credentials change. Return: 0, or -1 with errno.
 */
int cgcompt_exec_prepare(const char *compartment);

#ifdef __cplusplus
}
#endif

#endif
