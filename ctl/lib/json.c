// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>

#include "json.h"

static void string(FILE *out, const char *value)
{
	const unsigned char *c = (const unsigned char *)value;

	putc('"', out);
	for (; *c; c++) {
		if (*c == '"' || *c == '\\')
			fprintf(out, "\\%c", *c);
		else if (*c < ' ' || *c == 127)
			fprintf(out, "\\u%04x", *c);
		else
			putc(*c, out);
	}
	putc('"', out);
}

static void begin(struct cgc_json *json, const char *key)
{
	if (json->more[json->depth])
		putc(',', json->out);
	json->more[json->depth] = true;
	if (json->depth && !json->one_line)
		fprintf(json->out, "\n%*s", (int)(2 * json->depth), "");
	if (!key)
		return;
	string(json->out, key);
	fputs(": ", json->out);
}

static void push(struct cgc_json *json, const char *key, char opening, char closing)
{
	begin(json, key);
	putc(opening, json->out);
	json->depth++;
	json->more[json->depth] = false;
	json->closing[json->depth] = closing;
}

void cgc_json_object(struct cgc_json *json, const char *key)
{
	push(json, key, '{', '}');
}

void cgc_json_array(struct cgc_json *json, const char *key)
{
	push(json, key, '[', ']');
}

void cgc_json_end(struct cgc_json *json)
{
	char closing = json->closing[json->depth];
	bool more = json->more[json->depth];

	json->depth--;
	if (more && !json->one_line)
		fprintf(json->out, "\n%*s", (int)(2 * json->depth), "");
	putc(closing, json->out);
	if (!json->depth)
		putc('\n', json->out);
}

void cgc_json_str(struct cgc_json *json, const char *key, const char *value)
{
	begin(json, key);
	string(json->out, value);
}

void cgc_json_u64(struct cgc_json *json, const char *key, u64 value)
{
	begin(json, key);
	fprintf(json->out, "%" PRIu64, value);
}

void cgc_json_bool(struct cgc_json *json, const char *key, bool value)
{
	begin(json, key);
	fputs(value ? "true" : "false", json->out);
}

void cgc_json_ref(struct cgc_json *json, const char *key, u64 ref)
{
	begin(json, key);
	fprintf(json->out, "\"0x%016" PRIx64 "\"", ref);
}

void cgc_json_label(struct cgc_json *json, const char *key, u32 label)
{
	begin(json, key);
	if (label == CGC_LABEL_SUPERVISOR)
		fputs("-1", json->out);
	else
		fprintf(json->out, "%" PRIu32, label);
}
