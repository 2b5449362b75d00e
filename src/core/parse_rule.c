// SPDX-License-Identifier: GPL-2.0-only
#include "parser.h"

#include "rule.h"
#include "words.h"

static bool is_compartment(const struct cgc_ast_end *end)
{
	return end->kind <= CGC_AST_COMPARTMENT_ANY;
}

static bool is_label(const struct cgc_ast_end *end)
{
	return end->kind == CGC_AST_LABEL;
}

static bool same_port(const struct cgc_ast_port *a, const struct cgc_ast_port *b)
{
	return a->lo == b->lo && a->hi == b->hi && !strcmp(a->service, b->service);
}

/* The destination's port may be in two places, once in each. */
static int parse_port_after(struct cgc_parser *p, struct cgc_ast_rule *rule, bool *seen)
{
	struct cgc_ast_port port = { 0 };
	int err;

	if (*seen)
		return cgc_fail_expected(p, "PORT once after METHOD");
	*seen = true;
	cgc_take_keyword(p, CGC_KW_PORT);
	err = cgc_parse_port(p, &port);
	if (err)
		return err;
	if (rule->dst.port.place.line && !same_port(&rule->dst.port, &port))
		return cgc_fail(
			p, port.place,
			"PORT is not the same before and after METHOD: expected the destination's port once, or twice the same");
	rule->dst.port = port;
	return 0;
}

static int parse_path_after(struct cgc_parser *p, struct cgc_ast_rule *rule)
{
	struct cgc_place place = cgc_lex_place(&p->lex);
	int err;

	if (rule->path[0])
		return cgc_fail_expected(p, "PATH once");
	if (rule->methods != CGC_METHOD_BIT(CGC_METHOD_UNIX))
		return cgc_fail(p, place,
				"PATH without METHOD unix: expected unix alone before it");
	cgc_take_keyword(p, CGC_KW_PATH);
	cgc_lex_peek(&p->lex);
	rule->path_place = cgc_lex_place(&p->lex);
	err = cgc_parse_path(p, "PATH ", rule->path, sizeof(rule->path));
	if (!err && !cgc_path_begins(rule->path[0]))
		err = cgc_fail(
			p, rule->path_place,
			"PATH is the name of a unix socket: expected an absolute one, or @ and an abstract one");
	return err;
}

static bool netdev_repeats(const struct cgc_ast_rule *rule, u32 index)
{
	u32 i;

	for (i = 0; i < index; i++)
		if (!memcmp(&rule->netdevs[i], &rule->netdevs[index], sizeof(rule->netdevs[i])) &&
		    !strcmp(rule->netdev_labels[i], rule->netdev_labels[index]))
			return true;
	return false;
}

static int parse_netdevs_after(struct cgc_parser *p, struct cgc_ast_rule *rule)
{
	int err;

	if (rule->netdevs_count)
		return cgc_fail_expected(p, "NETDEV once, with commas between its interfaces");
	cgc_take_keyword(p, CGC_KW_NETDEV);
	do {
		u32 i = rule->netdevs_count;

		cgc_lex_peek(&p->lex);
		if (i == CGC_RULE_NETDEVS_MAX)
			return cgc_fail_expected(p, "at most 16 interfaces in one rule");
		rule->netdevs_place[i] = cgc_lex_place(&p->lex);
		err = cgc_parse_netdev(p, &rule->netdevs[i], rule->netdev_labels[i]);
		if (err)
			return err;
		if (netdev_repeats(rule, i))
			return cgc_fail(p, rule->netdevs_place[i],
					"the interface is there twice: expected it once");
		rule->netdevs_count++;
	} while (cgc_lex_take_byte(&p->lex, ','));
	return 0;
}

static_assert(CGC_RULE_NETDEVS_MAX == 16, "parse_netdevs_after() says so");

static int parse_tail(struct cgc_parser *p, struct cgc_ast_rule *rule)
{
	bool port_seen = false;
	int err = 0;

	while (!err) {
		switch (cgc_peek_keyword(p)) {
		case CGC_KW_PORT:
			err = parse_port_after(p, rule, &port_seen);
			break;
		case CGC_KW_PATH:
			err = parse_path_after(p, rule);
			break;
		case CGC_KW_NETDEV:
			err = parse_netdevs_after(p, rule);
			break;
		default:
			if (cgc_lex_peek(&p->lex) == CGC_LEX_END)
				return 0;
			return cgc_fail_expected(
				p, "a comma, PORT, PATH, NETDEV or the end of the rule");
		}
	}
	return err;
}

static int fail_method(struct cgc_parser *p, struct cgc_place place, unsigned int method,
		       const char *what)
{
	cgc_fail(p, place, "method ");
	cgc_fail_more(p, cgc_method_name(method));
	return cgc_fail_more(p, what);
}

static int check_methods(struct cgc_parser *p, struct cgc_ast_rule *rule, bool all, bool local)
{
	unsigned int i;

	if (all)
		rule->methods = local ? CGC_METHODS_ALL : CGC_METHODS_NET;
	if (local)
		return 0;
	for (i = 0; i < CGC_METHOD_COUNT; i++)
		if (rule->methods & ~CGC_METHODS_NET & CGC_METHOD_BIT(i))
			return fail_method(
				p, rule->method_place[i], i,
				" is between compartments only: expected tcp, udp, raw, icmp, sctp or all with HOST, NET and @labels");
	return 0;
}

static int check_ports(struct cgc_parser *p, const struct cgc_ast_rule *rule, bool all)
{
	struct cgc_place place = rule->src.port.place;
	unsigned int i;

	if (!place.line)
		place = rule->dst.port.place;
	if (!place.line || !(rule->methods & ~CGC_METHODS_PORTS))
		return 0;
	if (all)
		return cgc_fail(
			p, place,
			"PORT with METHOD all: expected the methods that have ports, METHOD tcp,udp,sctp");
	for (i = 0; !(rule->methods & ~CGC_METHODS_PORTS & CGC_METHOD_BIT(i)); i++)
		;
	return fail_method(p, place, i,
			   " has no ports: expected PORT with no methods but tcp, udp and sctp");
}

/* What can be said only once all of a rule is there. */
static int check_rule(struct cgc_parser *p, struct cgc_ast_rule *rule, bool all)
{
	bool local = is_compartment(&rule->src) && is_compartment(&rule->dst);
	bool forward = is_label(&rule->src) && is_label(&rule->dst);
	int err;

	if (!forward && (is_label(&rule->src) || is_label(&rule->dst)))
		return cgc_fail(
			p, is_label(&rule->src) ? rule->src.place : rule->dst.place,
			"an interface's label at one end only: expected one at both (what is forwarded), or NETDEV @label");
	if (!forward && !is_compartment(&rule->src) && !is_compartment(&rule->dst))
		return cgc_fail(
			p, rule->dst.place,
			"no compartment at either end: expected COMPARTMENT at one of them");
	err = check_methods(p, rule, all, local);
	if (!err)
		err = check_ports(p, rule, all);
	if (!err && (local || forward) && rule->netdevs_count)
		err = cgc_fail(p, rule->netdevs_place[0],
			       forward ? "NETDEV with labels at both ends: expected none" :
			       "NETDEV between two compartments: expected HOST or NET at one end");
	return err;
}

int cgc_parse_rule_after(struct cgc_parser *p)
{
	struct cgc_ast_rule *rule = &p->st->rule;
	bool all;
	int err = 0;

	p->st->type = CGC_AST_RULE;
	if (cgc_take_keyword(p, CGC_KW_PORT))
		err = cgc_parse_port(p, &rule->src.port);
	if (err)
		return err;
	if (!cgc_lex_take_arrow(&p->lex))
		return cgc_fail_expected(p, rule->src.port.place.line ? "->" : "PORT or ->");
	err = cgc_parse_end(p, &rule->dst);
	if (!err && cgc_take_keyword(p, CGC_KW_PORT))
		err = cgc_parse_port(p, &rule->dst.port);
	if (err)
		return err;
	if (!cgc_take_keyword(p, CGC_KW_METHOD) &&
	    (cgc_lex_peek(&p->lex) != CGC_LEX_WORD || cgc_peek_keyword(p) != CGC_KW_NONE))
		return cgc_fail_expected(p,
					 rule->dst.port.place.line ? "METHOD" : "PORT or METHOD");
	err = cgc_parse_methods(p, rule, &all);
	if (!err)
		err = parse_tail(p, rule);
	if (!err)
		err = check_rule(p, rule, all);
	return err;
}

int cgc_parse_rule(struct cgc_parser *p)
{
	int err = cgc_parse_end(p, &p->st->rule.src);

	return err ? err : cgc_parse_rule_after(p);
}
