// SPDX-License-Identifier: GPL-2.0-only
/* The parser on any bytes; what it takes, it formats and takes again. */
#include <stdlib.h>

#include "core/netdev_map.h"
#include "text.h"

static struct text_rules first, second;

static void check_rule(void)
{
	char line[CGC_RULE_TEXT_SIZE], again[CGC_RULE_TEXT_SIZE];
	struct cgc_rule_words one = text_words(&first), two = text_words(&second);
	const char *why;

	if (cgc_rule_verify(&first.rule, &why))
		abort();
	if (first.names_count == 8)
		return;
	text_format(&first, line, sizeof(line));
	if (text_parse(&second, line, strlen(line)) || strcmp(second.types, "r"))
		abort();
	text_format(&second, again, sizeof(again));
	if (strcmp(line, again) ||
	    cgc_rule_ref(&first.rule, &one) != cgc_rule_ref(&second.rule, &two))
		abort();
}

static void check_definition(void)
{
	char line[CGC_DEFINITION_TEXT_SIZE];
	struct cgc_text text;

	if (!first.def.number)	/* left open: it gets one before it is listed */
		first.def.number = strcmp(first.def.name, "default") ? 1 : 0;
	cgc_text_init(&text, line, sizeof(line));
	cgc_format_compartment(&text, &first.def, NULL);
	if (text.cut || text_parse(&second, line, text.len) || strcmp(second.types, "d") ||
	    memcmp(&first.def, &second.def, sizeof(first.def)))
		abort();
}

static void check_file(const struct cgc_ast_file *ast, const char *type)
{
	struct cgc_file file = { .compartment = ast->compartment.number,
				 .kind = *type == 'x' ? CGC_FILE_EXEC : CGC_FILE_IMMUTABLE,
				 .from = ast->from[0].number };
	const struct cgc_names names = { 0 };
	char line[1024];
	struct cgc_text text;

	if (ast->compartment.name[0])
		return;
	memcpy(file.path, ast->path, sizeof(file.path));
	cgc_text_init(&text, line, sizeof(line));
	cgc_format_file(&text, &file, &names);
	if (text.cut || text_parse(&second, line, text.len) || strcmp(second.types, type))
		abort();
}

static struct cgc_netdev_map reread;

static int take_map(void *ctx, const struct cgc_statement *st)
{
	(void)ctx;
	reread = st->netdev.map;
	return st->type != CGC_AST_NETDEV;
}

/* What is read is what the module takes, and is listed so that it loads again. */
static void check_map(const struct cgc_ast_netdev *ast)
{
	static struct cgc_statement scratch;
	struct cgc_netdev_map map = ast->map;
	struct cgc_parse_error error;
	char line[2048];
	struct cgc_text text;
	const char *why;

	if (!map.label)
		map.label = CGC_LABEL_NETDEV_FIRST;
	if (cgc_netdev_map_verify(&map, &why) || !cgc_netdev_map_covers(&map, &map))
		abort();
	cgc_text_init(&text, line, sizeof(line));
	cgc_format_netdev_map(&text, &map, NULL);
	if (text.cut || cgc_parse(line, text.len, &scratch, take_map, NULL, &error))
		abort();
	if (!reread.label)
		reread.label = CGC_LABEL_NETDEV_FIRST;
	if (memcmp(&map, &reread, sizeof(map)))
		abort();
}

static int statement(void *ctx, const struct cgc_statement *st)
{
	(void)ctx;
	if (!st->place.line || !st->place.column)
		abort();
	first.count = 0;
	first.names_count = 0;
	text_statement(&first, st);
	if (st->type == CGC_AST_RULE && !first.named)
		check_rule();
	else if (st->type == CGC_AST_DEFINITION)
		check_definition();
	else if (st->type == CGC_AST_IMMUTABLE)
		check_file(&st->file, "f");
	else if (st->type == CGC_AST_EXEC)
		check_file(&st->file, "x");
	else if (st->type == CGC_AST_NETDEV)
		check_map(&st->netdev);
	return 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static struct cgc_statement scratch;
	struct cgc_parse_error error;
	int err;
	size_t i;

	memset(&error, 0, sizeof(error));
	err = cgc_parse((const char *)data, size, &scratch, statement, NULL, &error);
	if (!err)
		return 0;
	if (err != -EINVAL || !error.place.line || !error.place.column ||
	    error.place.column > CGC_LINE_MAX + 1 || !strstr(error.what, "expected"))
		abort();
	for (i = 0; error.what[i]; i++)
		if (error.what[i] < ' ' || error.what[i] > '~')
			abort();
	return 0;
}
