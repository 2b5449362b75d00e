/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Statements that are plain records: no rules, no definitions, no files. A set has an
 * array of each kind, in the order that they were written in. Who adds a kind gives it a
 * record that begins with its owner, an attribute, a list, and a line of the table.
 */
#ifndef CGC_STATEMENT_H
#define CGC_STATEMENT_H

#include "array.h"
#include "core/format.h"

/**
 * struct cgc_statement_type - what is to be known of a kind
 * @attr: that its records travel as
 * @max: how many of them a set can have
 * @size: of a record; its first word is the owner
 * @verify: is a record what it should be by itself? Return: 0, or -errno with a
 *	sentence in @why
 * @format: as it is written, on one line
 */
struct cgc_statement_type {
	u16 attr;
	u32 max;
	size_t size;
	int (*verify)(const void *record, const char **why);
	void (*format)(struct cgc_text *text, const void *record, const struct cgc_names *names);
};

extern const struct cgc_statement_type cgc_statement_types[CGC_STATEMENT_KINDS];

/* struct cgc_statements - those of a set, or of a change; all 0: none */
struct cgc_statements {
	struct cgc_array of[CGC_STATEMENT_KINDS];
};

/* All may sleep. @why receives a sentence where the answer is an error. */

/* cgc_statements_take - verify what a message brings, and put it behind what is there. */
int cgc_statements_take(struct cgc_statements *to, enum cgc_statement_kind kind,
			const void *records, u32 count, const char **why);

/**
 * cgc_statements_change - what a set will have
 * @to: receives them; empty
 * @from: what the set in force has
 * @change: what the transaction brings
 * @op: enum cgc_op
 * @why: see above
 *
 * Return: 0, -EEXIST, -ENOENT, -ENOMEM.
 */
int cgc_statements_change(struct cgc_statements *to, const struct cgc_statements *from,
			  const struct cgc_statements *change, u32 op, const char **why);

void cgc_statements_free(struct cgc_statements *statements);

/* cgc_statements_bytes - memory that they take. */
size_t cgc_statements_bytes(const struct cgc_statements *statements);

#endif
