// SPDX-License-Identifier: GPL-2.0-only
/* Statements about files: IMMUTABLE COMPARTMENT name path, EXEC path -> COMPARTMENT name. */
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
			       "COMPARTMENT * or @label: expected one compartment's name or number");
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

/* One of the names or numbers after FROM COMPARTMENT. */
static int parse_from(struct cgc_parser *p, struct cgc_ast_file *file)
{
	struct cgc_ast_from *from = &file->from[file->from_count];
	struct cgc_word word;
	int err;

	if (cgc_lex_peek(&p->lex) != CGC_LEX_WORD)
		return cgc_fail_expected(p, "a compartment's name or number");
	word = cgc_lex_word(&p->lex, 0);
	if (file->from_count == CGC_FILE_FROM_MAX)
		return cgc_fail_word(p, "", &word, ": expected at most 16 compartments after FROM");
	from->place = word.place;
	if (cgc_is_digit(word.at[0]) || word.at[0] == '-')
		err = cgc_parse_number(p, &word, &from->number);
	else
		err = cgc_parse_name(p, &word, "compartment ", from->name, sizeof(from->name));
	if (err)
		return err;
	cgc_lex_take(&p->lex, &word);
	file->from_count++;
	return 0;
}

static_assert(CGC_FILE_FROM_MAX == 16, "parse_from() says so");

static int parse_froms(struct cgc_parser *p, struct cgc_ast_file *file)
{
	int err;

	if (!cgc_take_keyword(p, CGC_KW_FROM)) {
		file->from_count = 1;
		return 0;
	}
	if (!cgc_take_keyword(p, CGC_KW_COMPARTMENT))
		return cgc_fail_expected(p, "COMPARTMENT after FROM");
	cgc_lex_take_byte(&p->lex, ':');
	do
		err = parse_from(p, file);
	while (!err && cgc_lex_take_byte(&p->lex, ','));
	return err;
}

int cgc_parse_exec(struct cgc_parser *p)
{
	struct cgc_ast_file *file = &p->st->file;
	int err;

	p->st->type = CGC_AST_EXEC;
	err = parse_absolute(p, "EXEC ", file);
	if (!err)
		err = parse_froms(p, file);
	if (!err && !cgc_lex_take_arrow(&p->lex))
		err = cgc_fail_expected(p, file->from[0].place.line ? "->" : "FROM or ->");
	return err ? err : parse_one_compartment(p, "COMPARTMENT after ->", &file->compartment);
}
