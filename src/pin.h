/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Statements about files: what they say, and the file itself, which is held: its file
 * system cannot be unmounted meanwhile. They belong to sets; one that is raised is in
 * force. All under cgc_policy_lock(); all may sleep.
 */
#ifndef CGC_PIN_H
#define CGC_PIN_H

#include <linux/path.h>
#include "uapi/cgcompt.h"

struct cgc_immutable;

/**
 * struct cgc_pin - a statement about a file
 * @refs: sets and the transaction that have it
 * @raised: those of them that are in force
 * @file: what it says; its descriptors are -1
 * @path: the file; of EXEC without a dentry where it was not there
 * @dir: of EXEC, the directory that it is in
 * @name: of EXEC, its name there, in @file
 * @where: of IMMUTABLE, the path that the file had
 * @immutable: while it is raised, if it says so
 */
struct cgc_pin {
	unsigned int refs;
	unsigned int raised;
	struct cgc_file file;
	struct path path;
	struct path dir;
	const char *name;
	char *where;
	struct cgc_immutable *immutable;
};

/* cgc_pin_verify - is the record what it should be? Return: 0, -EINVAL. */
int cgc_pin_verify(const struct cgc_file *file, const char **why);

/* cgc_pin_create - of a record whose descriptors are the caller's. Return: NULL: no
 * memory, or -errno. */
struct cgc_pin *cgc_pin_create(const struct cgc_file *file, const char **why);
struct cgc_pin *cgc_pin_get(struct cgc_pin *pin);
void cgc_pin_put(struct cgc_pin *pin);

/* cgc_pin_raise - it is in force once more. Return: 0; the first time also what
 * cgc_immutable_set() says, and -ESTALE where it was moved or removed since. */
int cgc_pin_raise(struct cgc_pin *pin, const char **why);
void cgc_pin_lower(struct cgc_pin *pin);

/* cgc_pin_says - is that its statement, whoever's? */
bool cgc_pin_says(const struct cgc_pin *pin, const struct cgc_file *file);

#endif
