// SPDX-License-Identifier: GPL-2.0-only
/* The ends of a rule but for addresses, ports and interfaces. */
#include "parser.h"

#include "words.h"

#define NUMBERS "expected 0 to 0xFFFEFFFF, or -1"
#define PORTS	"expected 1 to 65535, a range lo-hi or a service name"

int cgc_parse_number(struct cgc_parser *p, const struct cgc_word *word, u32 *number)
{
	u64 value;

	*number = CGC_LABEL_SUPERVISOR;
	if (cgc_word_is(word, "-1"))
		return 0;
	if (!cgc_word_number(word, &value) || value > CGC_LABEL_SUPERVISOR)
		return cgc_fail_word(p, "number ", word, ": " NUMBERS);
	if (cgc_label_is_netdev(value))
		return cgc_fail_word(p, "number ", word,
				     ": labels of interfaces cannot stand here; " NUMBERS);
	*number = value;
	return 0;
}

int cgc_parse_name(struct cgc_parser *p, const struct cgc_word *word, const char *what,
		   char *name, size_t size)
{
	size_t i;

	if (!cgc_is_letter(word->at[0]) && word->at[0] != '_')
		return cgc_fail_word(
			p, what, word,
			": expected a number, or a name that begins with a letter or _");
	for (i = 0; i < word->len; i++)
		if (!cgc_is_name(word->at[i]))
			return cgc_fail_word(p, what, word,
					     ": expected letters, digits, _, . and - in a name");
	if (word->len >= size)
		return cgc_fail_word(p, what, word, ": expected at most 63 bytes in a name");
	memcpy(name, word->at, word->len);
	name[word->len] = '\0';
	return 0;
}

static_assert(CGC_NAME_SIZE == 64, "cgc_parse_name() says so");

static bool looks_like_number(const struct cgc_word *word)
{
	return cgc_is_digit(word->at[0]) ||
	       (word->len > 1 && word->at[0] == '-' && cgc_is_digit(word->at[1]));
}

int cgc_parse_label(struct cgc_parser *p, const struct cgc_word *word, char *name)
{
	if (!word->len)
		return cgc_fail(p, word->place, "expected an interface's label after @");
	if (cgc_word_is(word, "quarantine"))
		return cgc_fail_word(p, "label ", word,
				     ": it is for interfaces without one, expected another name");
	return cgc_parse_name(p, word, "label ", name, CGC_NAME_SIZE);
}

/* @label, or @0xFFFF0000. */
static int parse_label(struct cgc_parser *p, struct cgc_word word, u32 *number, char *name)
{
	u64 value;

	word.at++;
	word.len--;
	word.place.column++;
	if (!word.len || !cgc_is_digit(word.at[0]))
		return cgc_parse_label(p, &word, name);
	if (!cgc_word_number(&word, &value) || value < CGC_LABEL_NETDEV_FIRST ||
	    value >= CGC_LABEL_QUARANTINE)
		return cgc_fail_word(p, "label ", &word, ": expected 0xFFFF0000 to 0xFFFFFFFC");
	*number = value;
	return 0;
}

static int parse_compartment(struct cgc_parser *p, struct cgc_ast_end *end)
{
	struct cgc_word word;
	int err;

	end->place = cgc_lex_place(&p->lex);
	end->kind = CGC_AST_COMPARTMENT_ANY;
	if (cgc_lex_take_byte(&p->lex, '*'))
		return 0;
	end->kind = CGC_AST_COMPARTMENT;
	word = cgc_lex_word(&p->lex, ':');
	if (cgc_lex_peek(&p->lex) != CGC_LEX_WORD || !word.len)
		return cgc_fail_expected(p, "a compartment's name or number, or *");
	if (word.at[0] == '@') {
		end->kind = CGC_AST_LABEL;
		err = parse_label(p, word, &end->number, end->name);
	} else if (looks_like_number(&word)) {
		err = cgc_parse_number(p, &word, &end->number);
	} else {
		err = cgc_parse_name(p, &word, "compartment ", end->name, CGC_NAME_SIZE);
	}
	if (!err)
		cgc_lex_take(&p->lex, &word);
	return err;
}

/* A colon may follow the keyword; in `HOST ::1` it is the address's. */
static void take_colon(struct cgc_parser *p)
{
	const struct cgc_lex *lex = &p->lex;

	if (cgc_lex_peek(&p->lex) != ':')
		return;
	if (lex->pos + 1 < lex->line_end && lex->text[lex->pos + 1] == ':' &&
	    (lex->pos + 2 >= lex->line_end || lex->text[lex->pos + 2] != ':'))
		return;
	cgc_lex_take_byte(&p->lex, ':');
}

int cgc_parse_end(struct cgc_parser *p, struct cgc_ast_end *end)
{
	enum cgc_keyword keyword = cgc_peek_keyword(p);

	if (keyword != CGC_KW_COMPARTMENT && keyword != CGC_KW_HOST && keyword != CGC_KW_NET)
		return cgc_fail_expected(p, "COMPARTMENT, HOST or NET");
	cgc_take_keyword(p, keyword);
	take_colon(p);
	cgc_lex_peek(&p->lex);
	if (keyword == CGC_KW_COMPARTMENT)
		return parse_compartment(p, end);
	return keyword == CGC_KW_HOST ? cgc_parse_host(p, end) : cgc_parse_net(p, end);
}

/* A port, in digits only. */
static bool port_number(const char *at, size_t len, u16 *port)
{
	u32 value = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		if (!cgc_is_digit(at[i]) || value > 65535)
			return false;
		value = value * 10 + (at[i] - '0');
	}
	*port = value;
	return value >= 1 && value <= 65535;
}

static int parse_service(struct cgc_parser *p, const struct cgc_word *word,
			 struct cgc_ast_port *port)
{
	size_t i;

	for (i = 0; i < word->len; i++)
		if (!cgc_is_name(word->at[i]) && word->at[i] != '+')
			return cgc_fail_word(p, "PORT ", word, ": " PORTS);
	if (word->len >= sizeof(port->service))
		return cgc_fail_word(p, "PORT ", word,
				     ": expected at most 31 bytes in a service name");
	memcpy(port->service, word->at, word->len);
	return 0;
}

static_assert(CGC_SERVICE_SIZE == 32, "parse_service() says so");

static int parse_port_word(struct cgc_parser *p, const struct cgc_word *word,
			   struct cgc_ast_port *port)
{
	const char *dash = memchr(word->at, '-', word->len);
	size_t lo_len = dash ? (size_t)(dash - word->at) : word->len;

	if (cgc_is_letter(word->at[0]))
		return parse_service(p, word, port);
	if (!port_number(word->at, lo_len, &port->lo))
		return cgc_fail_word(p, "PORT ", word, ": " PORTS);
	port->hi = port->lo;
	if (!dash)
		return 0;
	if (!port_number(dash + 1, word->len - lo_len - 1, &port->hi))
		return cgc_fail_word(p, "PORT ", word, ": " PORTS);
	if (port->lo > port->hi)
		return cgc_fail_word(p, "PORT ", word, ": expected the lower port first");
	return 0;
}

int cgc_parse_port(struct cgc_parser *p, struct cgc_ast_port *port)
{
	struct cgc_word word;
	int err;

	if (cgc_lex_take_byte(&p->lex, '*'))
		return cgc_fail(p, cgc_lex_place(&p->lex),
				"PORT *: expected no PORT at all where any port will do");
	if (cgc_lex_peek(&p->lex) != CGC_LEX_WORD)
		return cgc_fail_expected(p,
					 "a port from 1 to 65535, a range lo-hi or a service name");
	word = cgc_lex_word(&p->lex, 0);
	port->place = word.place;
	err = parse_port_word(p, &word, port);
	if (err)
		return err;
	cgc_lex_take(&p->lex, &word);
	if (cgc_lex_peek(&p->lex) == ',')
		return cgc_fail_expected(
			p, "one port or one range lo-hi; a second port is a second rule");
	return 0;
}

int cgc_parse_netdev(struct cgc_parser *p, struct cgc_netdev_selector *selector,
		     char *label_name)
{
	struct cgc_word word;
	size_t i;
	int err;

	if (cgc_lex_peek(&p->lex) != CGC_LEX_WORD)
		return cgc_fail_expected(p, "an interface's name or @label");
	word = cgc_lex_word(&p->lex, 0);
	if (word.at[0] == '@') {
		err = parse_label(p, word, &selector->label, label_name);
		if (!err)
			cgc_lex_take(&p->lex, &word);
		return err;
	}
	for (i = 0; i < word.len; i++)
		if (!cgc_netdev_char(word.at[i]))
			return cgc_fail_word(p, "NETDEV ", &word,
					     ": expected an interface's name or @label");
	if (word.len >= sizeof(selector->name))
		return cgc_fail_word(p, "NETDEV ", &word,
				     ": expected at most 15 bytes in an interface's name");
	memcpy(selector->name, word.at, word.len);
	cgc_lex_take(&p->lex, &word);
	return 0;
}
