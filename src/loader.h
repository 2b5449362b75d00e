/* SPDX-License-Identifier: GPL-2.0-only */
/* The rules that are in force from the first moment: rules=PATH (mission O1). */
#ifndef CGC_LOADER_H
#define CGC_LOADER_H

/**
 * cgc_loader_run - have the rules loaded by the control program
 * @path: of a rules file or directory, absolute
 *
 * Waits for it, 60 s at most. May sleep. Return: 0, -EINVAL with the reason in
 * the log.
 */
int cgc_loader_run(const char *path);

#endif
