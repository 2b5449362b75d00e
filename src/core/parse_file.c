// SPDX-License-Identifier: GPL-2.0-only
/* Statements about files: IMMUTABLE COMPARTMENT name path. */
#include "parser.h"

static int parse_one_compartment(struct cgc_parser *p, const char *expected,
				 struct cgc_ast_end *end)
{
	int err;

	if (cgc_peek_keyword(p) != CGC_KW_COMPARTMENT)
		return cgc_fail_expected(p, expected);
	err = cgc_parse_end(p, end);
	if (!err && end->kind != CGC_AST_COMPARTMENT)
		err = cgc_fail(p, end->place,
			       "COMPARTMENT *: expected one compartment's name or number");
	return err;
}

static int parse_absolute(struct cgc_parser *p, const char *keyword, struct cgc_ast_file *file)
{
	int err;

	cgc_lex_peek(&p->lex);
	file->path_place = cgc_lex_place(&p->lex);
	err = cgc_parse_path(p, keyword, file->path, sizeof(file->path));
	if (!err && file->path[0] != '/')
		err = cgc_fail(p, file->path_place,
			       "the path is not absolute: expected one that begins with /");
	return err;
}

int cgc_parse_immutable(struct cgc_parser *p)
{
	struct cgc_ast_file *file = &p->st->file;
	int err;

	p->st->type = CGC_AST_IMMUTABLE;
	err = parse_one_compartment(p, "COMPARTMENT after IMMUTABLE", &file->compartment);
	return err ? err : parse_absolute(p, "IMMUTABLE ", file);
}
