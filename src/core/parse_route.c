// SPDX-License-Identifier: GPL-2.0-only
/* ROUTE COMPARTMENT name DESTINATION VIA address DEV interface. */
#include "parser.h"

static int parse_whose(struct cgc_parser *p, struct cgc_ast_end *end)
{
	int err;

	if (cgc_peek_keyword(p) != CGC_KW_COMPARTMENT)
		return cgc_fail_expected(p, "COMPARTMENT after ROUTE");
	err = cgc_parse_end(p, end);
	if (!err && end->kind != CGC_AST_COMPARTMENT)
		err = cgc_fail(p, end->place,
			       "COMPARTMENT *: expected one compartment's name or number");
	return err;
}

/* It may begin with `::'. */
static bool is_address_next(struct cgc_parser *p)
{
	int next = cgc_lex_peek(&p->lex);

	return next == CGC_LEX_WORD || next == ':';
}

static int parse_address(struct cgc_parser *p, struct cgc_ast_end *end, const char *expected)
{
	int err;

	if (!is_address_next(p))
		return cgc_fail_expected(p, expected);
	err = cgc_parse_host(p, end);
	if (!err && end->kind != CGC_AST_NET4 && end->kind != CGC_AST_NET6)
		err = cgc_fail(p, end->place, "a name or *: expected an address in a route");
	return err;
}

/* HOST and NET may stand before it, and need not. */
static int parse_destination(struct cgc_parser *p, struct cgc_ast_route *route)
{
	enum cgc_keyword keyword = cgc_peek_keyword(p);
	struct cgc_word word;

	if (keyword == CGC_KW_NET || keyword == CGC_KW_HOST)
		cgc_take_keyword(p, keyword);
	if (!is_address_next(p))
		return cgc_fail_expected(p, "default or an address");
	route->dst.place = cgc_lex_place(&p->lex);
	word = cgc_lex_word(&p->lex, 0);
	if (cgc_word_is(&word, "DEFAULT")) {
		route->is_default = true;
		cgc_lex_take(&p->lex, &word);
		return 0;
	}
	if (keyword == CGC_KW_NET || memchr(word.at, '/', word.len))
		return cgc_parse_net(p, &route->dst);
	return parse_address(p, &route->dst, "default or an address");
}

static int parse_dev(struct cgc_parser *p, struct cgc_ast_route *route)
{
	struct cgc_netdev_selector selector = { 0 };
	char label_name[CGC_NAME_SIZE] = "";
	int err;

	cgc_lex_peek(&p->lex);
	route->dev_place = cgc_lex_place(&p->lex);
	err = cgc_parse_netdev(p, &selector, label_name);
	if (err)
		return err;
	if (selector.label || label_name[0])
		return cgc_fail(p, route->dev_place,
				"an interface's label: expected the name of one interface");
	memcpy(route->dev, selector.name, sizeof(route->dev));
	return 0;
}

static int check_route(struct cgc_parser *p, const struct cgc_ast_route *route)
{
	if (!route->via.place.line && !route->dev_place.line)
		return cgc_fail_expected(p, "VIA and an address, or DEV and an interface");
	if (route->via.place.line && !route->is_default && route->via.kind != route->dst.kind)
		return cgc_fail(p, route->via.place,
				"IPv4 and IPv6 in one route: expected the destination's kind of address");
	return 0;
}

int cgc_parse_route(struct cgc_parser *p)
{
	struct cgc_ast_route *route = &p->st->route;
	int err;

	p->st->type = CGC_AST_ROUTE;
	err = parse_whose(p, &route->compartment);
	if (!err)
		err = parse_destination(p, route);
	if (!err && cgc_take_keyword(p, CGC_KW_VIA))
		err = parse_address(p, &route->via, "an address after VIA");
	if (!err && cgc_take_keyword(p, CGC_KW_DEV))
		err = parse_dev(p, route);
	return err ? err : check_route(p, route);
}
