/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the parser share: its state, its errors, its parts. */
#ifndef CGC_CORE_PARSER_H
#define CGC_CORE_PARSER_H

#include "lex.h"

/**
 * struct cgc_parser - one run of cgc_parse()
 * @lex: where it is
 * @st: the statement being built
 * @error: the caller's
 */
struct cgc_parser {
	struct cgc_lex lex;
	struct cgc_statement *st;
	struct cgc_parse_error *error;
};

enum cgc_keyword {
	CGC_KW_NONE,
	CGC_KW_ADMIN,
	CGC_KW_CAPS,
	CGC_KW_COMPARTMENT,
	CGC_KW_DEV,
	CGC_KW_DEVICES,
	CGC_KW_EXEC,
	CGC_KW_FROM,
	CGC_KW_HOST,
	CGC_KW_IMMUTABLE,
	CGC_KW_INCLUDE,
	CGC_KW_LABEL,
	CGC_KW_METHOD,
	CGC_KW_NET,
	CGC_KW_NETDEV,
	CGC_KW_NETDEVS,
	CGC_KW_NUMBER,
	CGC_KW_ONLY,
	CGC_KW_PATH,
	CGC_KW_PERMISSIVE,
	CGC_KW_PORT,
	CGC_KW_ROOT,
	CGC_KW_ROUTE,
	CGC_KW_ROUTED,
	CGC_KW_SEALED,
	CGC_KW_USER,
	CGC_KW_VIA,
};

/* All of these return 0, or -EINVAL with the error filled in. */

int cgc_parse_rule(struct cgc_parser *p);
/* cgc_parse_rule_after - the rest, once @p->st->rule.src is there without PORT. */
int cgc_parse_rule_after(struct cgc_parser *p);
int cgc_parse_definition(struct cgc_parser *p, const char *name, struct cgc_place place, u32 flags);
int cgc_parse_end(struct cgc_parser *p, struct cgc_ast_end *end);
int cgc_parse_immutable(struct cgc_parser *p);
int cgc_parse_exec(struct cgc_parser *p);
int cgc_parse_route(struct cgc_parser *p);
/* cgc_parse_host, cgc_parse_net - what follows HOST and NET. */
int cgc_parse_host(struct cgc_parser *p, struct cgc_ast_end *end);
int cgc_parse_net(struct cgc_parser *p, struct cgc_ast_end *end);
int cgc_parse_port(struct cgc_parser *p, struct cgc_ast_port *port);
/* cgc_parse_methods - @all: METHOD all, of which the ends say what it means. */
int cgc_parse_methods(struct cgc_parser *p, struct cgc_ast_rule *rule, bool *all);
/* cgc_parse_netdev - one interface; @label_name: CGC_NAME_SIZE bytes. */
int cgc_parse_netdev(struct cgc_parser *p, struct cgc_netdev_selector *selector,
		     char *label_name);
int cgc_parse_netdev_map(struct cgc_parser *p);
/* cgc_parse_label - a label's name; CGC_NAME_SIZE bytes. */
int cgc_parse_label(struct cgc_parser *p, const struct cgc_word *word, char *name);
/* cgc_parse_number - a compartment's number, in decimal, 0x… or -1. */
int cgc_parse_number(struct cgc_parser *p, const struct cgc_word *word, u32 *number);
/* cgc_parse_name - check a name and copy it; @size with its NUL. */
int cgc_parse_name(struct cgc_parser *p, const struct cgc_word *word, const char *what,
		   char *name, size_t size);
/* cgc_parse_path - a path up to a blank or between quotes; @size with its NUL. */
int cgc_parse_path(struct cgc_parser *p, const char *keyword, char *path, size_t size);

/* cgc_peek_keyword - which keyword is next? */
enum cgc_keyword cgc_peek_keyword(struct cgc_parser *p);
/* cgc_take_keyword - go past it, if it is next. */
bool cgc_take_keyword(struct cgc_parser *p, enum cgc_keyword keyword);
const char *cgc_keyword_name(enum cgc_keyword keyword);

/* cgc_fail - @what is wrong at @place. */
int cgc_fail(struct cgc_parser *p, struct cgc_place place, const char *what);
/* cgc_fail_word - @before, the word in quotes, @after, at the word's place. */
int cgc_fail_word(struct cgc_parser *p, const char *before, const struct cgc_word *word,
		  const char *after);
/* cgc_fail_more - add to the message. */
int cgc_fail_more(struct cgc_parser *p, const char *more);
/* cgc_fail_expected - what is next is not what was @expected. */
int cgc_fail_expected(struct cgc_parser *p, const char *expected);
/* cgc_next_word - the next word, which @end ends, too; not taken. Without one: not what
 * was @expected. */
int cgc_next_word(struct cgc_parser *p, char end, const char *expected, struct cgc_word *word);

#endif
