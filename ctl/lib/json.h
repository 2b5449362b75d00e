/* SPDX-License-Identifier: GPL-2.0-only */
/* JSON, written as it comes: no tree, no memory. */
#ifndef CGC_CTL_JSON_H
#define CGC_CTL_JSON_H

#include <stdio.h>

#include "model.h"

/**
 * struct cgc_json - a document being written
 * @out: where to
 * @one_line: no line breaks: for documents that follow each other
 * @depth: open objects and arrays
 * @more: something stands before, at each depth
 * @closing: what ends each
 */
struct cgc_json {
	FILE *out;
	bool one_line;
	unsigned int depth;
	bool more[8];
	char closing[8];
};

/* In all of these @key is NULL in an array and at the top. */
void cgc_json_object(struct cgc_json *json, const char *key);
void cgc_json_array(struct cgc_json *json, const char *key);
/* cgc_json_end - of the innermost; a newline follows the outermost. */
void cgc_json_end(struct cgc_json *json);
void cgc_json_str(struct cgc_json *json, const char *key, const char *value);
void cgc_json_u64(struct cgc_json *json, const char *key, u64 value);
void cgc_json_bool(struct cgc_json *json, const char *key, bool value);
/* cgc_json_ref - a string, 0x and 16 digits: too long for many readers' numbers. */
void cgc_json_ref(struct cgc_json *json, const char *key, u64 ref);
/* cgc_json_label - as people write it: -1, not 4294967295. */
void cgc_json_label(struct cgc_json *json, const char *key, u32 label);

#endif
