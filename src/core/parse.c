// SPDX-License-Identifier: GPL-2.0-only
#include "parser.h"

#include "format.h"

#define STATEMENTS	"COMPARTMENT, HOST, NET, ADMIN, INCLUDE, EXEC, NETDEV, ROUTE or IMMUTABLE"
#define WORD_SHOWN	48	/* bytes of a word that a message repeats */

static const struct {
	const char *name;
	enum cgc_keyword keyword;
} keywords[] = {
	{ "ADMIN", CGC_KW_ADMIN },
	{ "CAPS", CGC_KW_CAPS },
	{ "COMPARTMENT", CGC_KW_COMPARTMENT },
	{ "DEV", CGC_KW_DEV },
	{ "DEVICES", CGC_KW_DEVICES },
	{ "EXEC", CGC_KW_EXEC },
	{ "FROM", CGC_KW_FROM },
	{ "HOST", CGC_KW_HOST },
	{ "IMMUTABLE", CGC_KW_IMMUTABLE },
	{ "INCLUDE", CGC_KW_INCLUDE },
	{ "LABEL", CGC_KW_LABEL },
	{ "METHOD", CGC_KW_METHOD },
	{ "NET", CGC_KW_NET },
	{ "NETWORK", CGC_KW_NET },
	{ "NETDEV", CGC_KW_NETDEV },
	{ "NETDEVS", CGC_KW_NETDEVS },
	{ "NUMBER", CGC_KW_NUMBER },
	{ "ONLY", CGC_KW_ONLY },
	{ "PATH", CGC_KW_PATH },
	{ "PERMISSIVE", CGC_KW_PERMISSIVE },
	{ "PORT", CGC_KW_PORT },
	{ "ROOT", CGC_KW_ROOT },
	{ "ROUTE", CGC_KW_ROUTE },
	{ "ROUTED", CGC_KW_ROUTED },
	{ "SEALED", CGC_KW_SEALED },
	{ "USER", CGC_KW_USER },
	{ "VIA", CGC_KW_VIA },
};

#define KEYWORDS (sizeof(keywords) / sizeof(keywords[0]))

const char *cgc_keyword_name(enum cgc_keyword keyword)
{
	size_t i;

	for (i = 0; i < KEYWORDS; i++)
		if (keywords[i].keyword == keyword)
			return keywords[i].name;
	return "";
}

static enum cgc_keyword keyword_next(struct cgc_parser *p, struct cgc_word *word)
{
	size_t i;

	if (cgc_lex_peek(&p->lex) != CGC_LEX_WORD)
		return CGC_KW_NONE;
	*word = cgc_lex_word(&p->lex, ':');
	for (i = 0; i < KEYWORDS; i++)
		if ((word->at[0] & ~0x20) == keywords[i].name[0] &&
		    cgc_word_is(word, keywords[i].name))
			return keywords[i].keyword;
	return CGC_KW_NONE;
}

enum cgc_keyword cgc_peek_keyword(struct cgc_parser *p)
{
	struct cgc_word word;

	return keyword_next(p, &word);
}

bool cgc_take_keyword(struct cgc_parser *p, enum cgc_keyword keyword)
{
	struct cgc_word word;

	if (keyword_next(p, &word) != keyword)
		return false;
	cgc_lex_take(&p->lex, &word);
	return true;
}

static void error_begin(struct cgc_parser *p, struct cgc_place place, struct cgc_text *text)
{
	p->error->place = place;
	cgc_text_init(text, p->error->what, sizeof(p->error->what));
}

/* Whatever the bytes are, the message stays one line of ASCII; what begins with
 * a digit needs no quotes. */
static void text_quoted(struct cgc_text *text, const char *at, size_t len)
{
	const char *quote = len && cgc_is_digit(at[0]) ? "" : "\"";
	size_t i;

	cgc_text_str(text, quote);
	for (i = 0; i < len && i < WORD_SHOWN; i++) {
		char byte[2] = { at[i] };

		if (at[i] >= ' ' && at[i] < 127)
			cgc_text_str(text, byte);
		else
			cgc_text_str(text, "?");
	}
	cgc_text_str(text, i < len ? "..." : "");
	cgc_text_str(text, quote);
}

int cgc_fail(struct cgc_parser *p, struct cgc_place place, const char *what)
{
	struct cgc_text text;

	error_begin(p, place, &text);
	cgc_text_str(&text, what);
	return -EINVAL;
}

int cgc_fail_word(struct cgc_parser *p, const char *before, const struct cgc_word *word,
		  const char *after)
{
	struct cgc_text text;

	error_begin(p, word->place, &text);
	cgc_text_str(&text, before);
	text_quoted(&text, word->at, word->len);
	cgc_text_str(&text, after);
	return -EINVAL;
}

int cgc_fail_more(struct cgc_parser *p, const char *more)
{
	struct cgc_text text = {
		.at = p->error->what,
		.size = sizeof(p->error->what),
		.len = strlen(p->error->what),
	};

	cgc_text_str(&text, more);
	return -EINVAL;
}

int cgc_fail_expected(struct cgc_parser *p, const char *expected)
{
	int next = cgc_lex_peek(&p->lex);
	const char *at = p->lex.text + p->lex.pos;
	struct cgc_word word;
	struct cgc_text text;

	error_begin(p, cgc_lex_place(&p->lex), &text);
	if (p->lex.broken) {
		cgc_text_str(&text, p->lex.broken);
		return -EINVAL;
	}
	if (next == CGC_LEX_END) {
		cgc_text_str(&text, "the statement ends here");
	} else if (next == CGC_LEX_BAD && (*at <= ' ' || *at >= 127)) {
		cgc_text_str(&text, "byte ");
		cgc_text_hex(&text, (unsigned char)*at, 2);
	} else {
		cgc_text_str(&text, "unexpected ");
		word = cgc_lex_word(&p->lex, next == ':' ? 0 : ':');
		if (next == CGC_LEX_ARROW)
			word.len = 2;
		text_quoted(&text, at, word.len ? word.len : 1);
	}
	cgc_text_str(&text, ": expected ");
	cgc_text_str(&text, expected);
	return -EINVAL;
}

int cgc_next_word(struct cgc_parser *p, char end, const char *expected, struct cgc_word *word)
{
	cgc_lex_peek(&p->lex);
	*word = cgc_lex_word(&p->lex, end);
	return word->len ? 0 : cgc_fail_expected(p, expected);
}

static int path_check(struct cgc_parser *p, const char *keyword, const struct cgc_word *word,
		      size_t size)
{
	size_t i;

	if (!word->len)
		return cgc_fail_expected(p, "a path");
	for (i = 0; i < word->len; i++)
		if (cgc_is_control(word->at[i]) || word->at[i] == '"')
			return cgc_fail_word(p, keyword, word,
					     ": expected no control bytes and no quotes in it");
	if (word->len >= size)
		return cgc_fail_word(p, keyword, word, size == CGC_PATH_SIZE ?
				     ": expected at most 111 bytes" :
				     ": expected at most 255 bytes");
	return 0;
}

static_assert(CGC_ROOT_SIZE == 256 && CGC_PATH_SIZE == 112, "path_check() says so");

int cgc_parse_path(struct cgc_parser *p, const char *keyword, char *path, size_t size)
{
	struct cgc_word word;
	bool quoted;
	int err;

	if (!cgc_lex_path(&p->lex, &word, &quoted))
		return cgc_fail_word(p, "", &word, ": expected a closing \" on this line");
	err = path_check(p, keyword, &word, size);
	if (err)
		return err;
	cgc_lex_take(&p->lex, &word);
	if (quoted)
		p->lex.pos++;
	memcpy(path, word.at, word.len);
	return 0;
}

static int parse_include(struct cgc_parser *p)
{
	struct cgc_statement *st = p->st;
	struct cgc_word word;
	int err;

	st->type = CGC_AST_INCLUDE;
	if (cgc_lex_peek(&p->lex) == '"')
		return cgc_parse_path(p, "INCLUDE ", st->include, sizeof(st->include));
	if (!cgc_lex_take_byte(&p->lex, '<'))
		return cgc_fail_expected(p, "<name> or \"path\" after INCLUDE");
	st->include_system = true;
	if (!cgc_lex_until(&p->lex, '>', &word))
		return cgc_fail_word(p, "INCLUDE <", &word, ": expected a closing > on this line");
	err = path_check(p, "INCLUDE ", &word, sizeof(st->include));
	if (err)
		return err;
	memcpy(st->include, word.at, word.len);
	if (st->include[0] == '/' || strstr(st->include, ".."))
		return cgc_fail_word(p, "INCLUDE ", &word,
				     ": expected a name without .. that does not begin with /");
	p->lex.pos += word.len + 1;
	return 0;
}

/* A rule has an arrow, a definition has none. */
static int parse_compartment(struct cgc_parser *p)
{
	struct cgc_ast_end *end = &p->st->rule.src;
	struct cgc_place place;
	char name[CGC_NAME_SIZE];
	int err = cgc_parse_end(p, end);

	if (err)
		return err;
	if (cgc_lex_peek(&p->lex) == CGC_LEX_ARROW || cgc_peek_keyword(p) == CGC_KW_PORT)
		return cgc_parse_rule_after(p);
	if (end->kind != CGC_AST_COMPARTMENT || !end->name[0])
		return cgc_fail_expected(p, cgc_lex_peek(&p->lex) == CGC_LEX_END ? "->" :
					 "-> (a definition would begin with a name)");
	place = end->place;
	memcpy(name, end->name, sizeof(name));
	memset(&p->st->rule, 0, sizeof(p->st->rule));
	return cgc_parse_definition(p, name, place, 0);
}

static int parse_admin(struct cgc_parser *p)
{
	char name[CGC_NAME_SIZE];
	struct cgc_word word;
	int err;

	cgc_take_keyword(p, CGC_KW_ADMIN);
	if (!cgc_take_keyword(p, CGC_KW_COMPARTMENT))
		return cgc_fail_expected(p, "COMPARTMENT after ADMIN");
	cgc_lex_take_byte(&p->lex, ':');
	err = cgc_next_word(p, ':', "a compartment's name", &word);
	if (err)
		return err;
	err = cgc_parse_name(p, &word, "compartment ", name, sizeof(name));
	if (err)
		return err;
	cgc_lex_take(&p->lex, &word);
	return cgc_parse_definition(p, name, word.place, CGC_COMPARTMENT_ADMIN);
}

static int parse_statement(struct cgc_parser *p)
{
	enum cgc_keyword keyword = cgc_peek_keyword(p);

	p->st->place = cgc_lex_place(&p->lex);
	switch (keyword) {
	case CGC_KW_COMPARTMENT:
		return parse_compartment(p);
	case CGC_KW_HOST:
	case CGC_KW_NET:
		return cgc_parse_rule(p);
	case CGC_KW_ADMIN:
		return parse_admin(p);
	case CGC_KW_INCLUDE:
		cgc_take_keyword(p, keyword);
		return parse_include(p);
	case CGC_KW_IMMUTABLE:
		cgc_take_keyword(p, keyword);
		return cgc_parse_immutable(p);
	case CGC_KW_EXEC:
		cgc_take_keyword(p, keyword);
		return cgc_parse_exec(p);
	case CGC_KW_NETDEV:
		cgc_take_keyword(p, keyword);
		return cgc_parse_netdev_map(p);
	case CGC_KW_ROUTE:
		cgc_take_keyword(p, keyword);
		return cgc_parse_route(p);
	case CGC_KW_METHOD:
		return cgc_fail(p, p->st->place,
				"METHOD without a rule before it: expected " STATEMENTS);
	default:
		return cgc_fail_expected(p, STATEMENTS);
	}
}

int cgc_parse(const char *text, size_t len, struct cgc_statement *scratch,
	      int (*statement)(void *ctx, const struct cgc_statement *statement),
	      void *ctx, struct cgc_parse_error *error)
{
	struct cgc_parser p = { .st = scratch, .error = error };
	int err;

	if (len > CGC_TEXT_MAX)
		return cgc_fail(&p, (struct cgc_place){ 1, 1 },
				"the text is longer than 64 MiB: expected a shorter one");
	if (!len)
		return 0;
	cgc_lex_init(&p.lex, text, len);
	while (cgc_lex_begin(&p.lex)) {
		memset(scratch, 0, sizeof(*scratch));
		err = parse_statement(&p);
		if (!err && cgc_lex_peek(&p.lex) != CGC_LEX_END)
			err = cgc_fail_expected(&p, "the end of the statement");
		if (!err)
			err = statement(ctx, scratch);
		if (err)
			return err;
	}
	return 0;
}

static_assert(CGC_TEXT_MAX == 64u << 20, "cgc_parse() says so");
