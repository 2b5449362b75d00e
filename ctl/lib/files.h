/* SPDX-License-Identifier: GPL-2.0-only */
/* The files that statements are about. */
#ifndef CGC_CTL_FILES_H
#define CGC_CTL_FILES_H

#include "model.h"

/**
 * struct cgc_opened - a file that a statement is about
 * @fd: O_PATH; -1: it is not there, and need not be
 * @dir: of EXEC the directory that it is in, likewise; else -1
 * @dev: which file it is, or with @fd -1 which directory
 * @ino: likewise
 */
struct cgc_opened {
	int fd;
	int dir;
	u64 dev;
	u64 ino;
};

/**
 * cgc_file_open - where the path leads, as a process of the compartment would see it
 * @file: the statement
 * @opened: filled in, for cgc_file_close()
 * @why: on error: a clause that says what is wrong and what was expected
 *
 * No symbolic link is followed: what it leads to would not be what it led to.
 * Return: 0, or -errno.
 */
int cgc_file_open(const struct cgc_set_file *file, struct cgc_opened *opened, const char **why);
void cgc_file_close(const struct cgc_opened *opened);

/* cgc_files_verify - say which files are not there; with options.check as a warning. */
void cgc_files_verify(struct cgc_config *config, const struct cgc_set *set);

#endif
