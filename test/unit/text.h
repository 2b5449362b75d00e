/* SPDX-License-Identifier: GPL-2.0-only */
/* Rules from text, with names given numbers in the order that they come. */
#ifndef CGC_TEST_TEXT_H
#define CGC_TEST_TEXT_H

#include <stdlib.h>

#include "core/format.h"
#include "core/parse.h"
#include "core/ruleset.h"

/**
 * struct text_rules - what a text says
 * @names: of compartments: number 100 + index
 * @names_count: how many
 * @rule: the last rule
 * @selectors: of its NETDEV
 * @path: of its PATH
 * @def: the last definition
 * @types: of the statements, one letter each: rdifxno
 * @count: statements
 * @named: the last rule has a host or service by name, or a label by name
 * @error: where the text is wrong
 */
struct text_rules {
	char names[8][CGC_NAME_SIZE];
	u32 names_count;
	struct cgc_rule rule;
	struct cgc_netdev_selector selectors[CGC_RULE_NETDEVS_MAX];
	struct cgc_path_word path;
	struct cgc_compartment def;
	char types[64];
	u32 count;
	bool named;
	struct cgc_parse_error error;
	struct cgc_statement scratch;
};

/* What the bits and the index of @rule mean. */
static inline struct cgc_rule_words text_words(const struct text_rules *t)
{
	return (struct cgc_rule_words){ t->selectors, CGC_RULE_NETDEVS_MAX, 1, &t->path };
}

static inline u32 text_number(struct text_rules *t, const char *name)
{
	u32 i;

	if (!strcmp(name, "default"))
		return CGC_LABEL_DEFAULT;
	if (!strcmp(name, "supervisor"))
		return CGC_LABEL_SUPERVISOR;
	for (i = 0; i < t->names_count && strcmp(t->names[i], name); i++)
		;
	if (i == 8)
		i = 7;
	if (i == t->names_count)
		t->names_count++;
	memcpy(t->names[i], name, CGC_NAME_SIZE);
	return 100 + i;
}

static inline const char *text_name(void *ctx, u32 number)
{
	struct text_rules *t = ctx;

	return number >= 100 && number < 100 + t->names_count ? t->names[number - 100] : NULL;
}

static inline void text_end_lower(struct text_rules *t, const struct cgc_ast_end *ast,
				  struct cgc_end *end)
{
	static const u8 kinds[] = {
		[CGC_AST_COMPARTMENT] = CGC_END_COMPARTMENT,
		[CGC_AST_COMPARTMENT_ANY] = CGC_END_COMPARTMENT_ANY,
		[CGC_AST_HOST_ANY] = CGC_END_HOST_ANY,
		[CGC_AST_HOST_NAME] = CGC_END_NET4,
		[CGC_AST_NET4] = CGC_END_NET4,
		[CGC_AST_NET6] = CGC_END_NET6,
		[CGC_AST_LABEL] = CGC_END_COMPARTMENT,
	};

	memset(end, 0, sizeof(*end));
	end->kind = kinds[ast->kind];
	end->prefix = ast->prefix;
	memcpy(end->addr, ast->addr, sizeof(end->addr));
	if (ast->kind == CGC_AST_COMPARTMENT)
		end->compartment = ast->name[0] ? text_number(t, ast->name) : ast->number;
	if (ast->kind == CGC_AST_LABEL)
		end->compartment = ast->name[0] ? CGC_LABEL_NETDEV_FIRST : ast->number;
	end->port_lo = ast->port.lo;
	end->port_hi = ast->port.lo ? ast->port.hi : 65535;
	if (ast->kind == CGC_AST_HOST_NAME || (ast->kind == CGC_AST_LABEL && ast->name[0]) || ast->port.service[0])
		t->named = true;
}

static inline void text_rule_lower(struct text_rules *t, const struct cgc_ast_rule *ast)
{
	u32 i;

	t->named = false;
	memset(&t->rule, 0, sizeof(t->rule));
	text_end_lower(t, &ast->src, &t->rule.src);
	text_end_lower(t, &ast->dst, &t->rule.dst);
	t->rule.methods = ast->methods;
	t->rule.attrs = ast->attrs;
	t->rule.signals = ast->signals;
	t->rule.path = ast->path[0] ? 1 : 0;
	memcpy(t->path.name, ast->path, sizeof(t->path.name));
	t->rule.owner = CGC_OWNER_FILES;
	memcpy(t->selectors, ast->netdevs, sizeof(t->selectors));
	for (i = 0; i < ast->netdevs_count; i++) {
		t->rule.netdevs |= 1ull << i;
		if (ast->netdev_labels[i][0])
			t->named = true;
	}
}

/* Labels of interfaces count from the first, by name. */
static inline void text_definition_lower(struct text_rules *t, const struct cgc_ast_definition *ast)
{
	u32 i;

	t->def = ast->def;
	for (i = 0; i < ast->def.netdevs_count; i++)
		if (ast->netdev_labels[i][0])
			t->def.netdevs[i].label = CGC_LABEL_NETDEV_FIRST +
						  text_number(t, ast->netdev_labels[i]);
}

static inline int text_statement(void *ctx, const struct cgc_statement *st)
{
	struct text_rules *t = ctx;

	if (t->count < sizeof(t->types) - 1)
		t->types[t->count++] = "rdifxno"[st->type];
	if (st->type == CGC_AST_RULE)
		text_rule_lower(t, &st->rule);
	else if (st->type == CGC_AST_DEFINITION)
		text_definition_lower(t, &st->definition);
	return 0;
}

static inline int text_parse(struct text_rules *t, const char *text, size_t len)
{
	memset(t, 0, sizeof(*t));
	return cgc_parse(text, len, &t->scratch, text_statement, t, &t->error);
}

/* From a copy without NUL, so that reading past the end is noticed. */
static inline int text_parse_copy(struct text_rules *t, const char *text, size_t len)
{
	char *copy = malloc(len ? len : 1);
	int err;

	memcpy(copy, text, len);
	err = text_parse(t, copy, len);
	free(copy);
	return err;
}

/**
 * struct text_bad - a text that is wrong
 * @text: the text
 * @line: where
 * @column: where
 * @what: part of the message; NULL: it is not wrong
 */
struct text_bad {
	const char *text;
	u32 line, column;
	const char *what;
};

static inline bool text_refused(struct text_rules *t, const struct text_bad *b)
{
	int err = text_parse_copy(t, b->text, strlen(b->text));

	if (!b->what)
		return !err;
	return err == -EINVAL && strstr(t->error.what, b->what) && strstr(t->error.what, "expected") &&
	       t->error.place.line == b->line && t->error.place.column == b->column;
}

static inline void text_format(struct text_rules *t, char *buf, size_t size)
{
	struct cgc_rule_words words = text_words(t);
	struct cgc_names names = { text_name, t };
	struct cgc_text text;

	cgc_text_init(&text, buf, size);
	cgc_format_rule(&text, &t->rule, &words, &names);
}

#endif
