// SPDX-License-Identifier: GPL-2.0-only
/* Compartments: names to numbers. */
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "conf.h"
#include "msg.h"

static const struct {
	const char *name;
	u32 number;
} builtin[] = {
	{ "default", CGC_LABEL_DEFAULT },
	{ "supervisor", CGC_LABEL_SUPERVISOR },
};

bool cgc_name_builtin(const char *name, u32 *number)
{
	u32 i;

	for (i = 0; i < 2; i++) {
		if (strcmp(name, builtin[i].name))
			continue;
		*number = builtin[i].number;
		return true;
	}
	return false;
}

bool cgc_label_number(const char *text, u32 *label)
{
	unsigned long long value;
	char *end;

	if (!strcmp(text, "-1")) {
		*label = CGC_LABEL_SUPERVISOR;
		return true;
	}
	if (*text < '0' || *text > '9')
		return false;
	/* Not 010: nobody knows whether that is eight. */
	if (text[0] == '0' && text[1] && text[1] != 'x' && text[1] != 'X')
		return false;
	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno || *end || value > 0xFFFFFFFFull)
		return false;
	*label = (u32)value;
	return true;
}

bool cgc_label_find(const struct cgc_compartment *known, u32 count,
		    const char *name, u32 *label)
{
	u32 i;

	for (i = 0; i < count; i++) {
		/* A name that the module only remembers has its number, but is none to use. */
		if (!(known[i].flags & CGC_COMPARTMENT_DEFINED) || strcmp(known[i].name, name))
			continue;
		*label = known[i].number;
		return true;
	}
	return cgc_name_builtin(name, label) || cgc_label_number(name, label);
}

/* Edits that make one name the other; two letters exchanged count as one. */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int rows[3][CGC_NAME_SIZE + 1], *above2, *above, *row, i, j;
	size_t la = strlen(a), lb = strlen(b);

	if (la > CGC_NAME_SIZE || lb > CGC_NAME_SIZE)
		return CGC_NAME_SIZE;
	for (j = 0; j <= lb; j++)
		rows[0][j] = j;
	for (i = 1; i <= la; i++) {
		above2 = rows[(i + 1) % 3];
		above = rows[(i - 1) % 3];
		row = rows[i % 3];
		row[0] = i;
		for (j = 1; j <= lb; j++) {
			row[j] = above[j - 1] + (a[i - 1] != b[j - 1]);
			if (above[j] + 1 < row[j])
				row[j] = above[j] + 1;
			if (row[j - 1] + 1 < row[j])
				row[j] = row[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    above2[j - 2] + 1 < row[j])
				row[j] = above2[j - 2] + 1;
		}
	}
	return rows[la % 3][lb];
}

static void closer(const char *name, const char *other, const char **best, unsigned int *least)
{
	unsigned int d = strcasecmp(name, other) ? distance(name, other) : 0;

	if (d >= *least)
		return;
	*least = d;
	*best = other;
}

const char *cgc_suggest(const struct cgc_config *config, const char *name)
{
	unsigned int least = strlen(name) < 4 ? 2 : 3;
	const char *best = NULL;
	u32 i;

	for (i = 0; i < config->definitions_count; i++)
		closer(name, config->definitions[i].def.name, &best, &least);
	for (i = 0; config->options.names_in_force && i < config->options.in_force_count; i++)
		if (config->options.in_force[i].flags & CGC_COMPARTMENT_DEFINED)
			closer(name, config->options.in_force[i].name, &best, &least);
	for (i = 0; i < 2; i++)
		closer(name, builtin[i].name, &best, &least);
	return best;
}

static const struct cgc_compartment *in_force(const struct cgc_config *config, const char *name)
{
	u32 i;

	for (i = 0; i < config->options.in_force_count; i++)
		if (!strcmp(config->options.in_force[i].name, name))
			return &config->options.in_force[i];
	return NULL;
}

static void number_in_force(struct cgc_config *config, struct cgc_conf_definition *def)
{
	const struct cgc_compartment *old = in_force(config, def->def.name);

	if (!old)
		return;
	if (def->number_at.line && def->def.number != old->number)
		cgc_error_at(config, def->number_at,
			     "NUMBER %u, but %s is %u for as long as the module is loaded, expected that",
			     def->def.number, def->def.name, old->number);
	def->def.number = old->number;
	if (!def->number_at.line)
		def->number_at = def->at;
}

static int by_value(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return x < y ? -1 : x > y;
}

/* All numbers that a definition without one may not get, in order. */
static u32 *numbers_taken(const struct cgc_config *config, u32 *count)
{
	u32 n = 0, i;
	u32 *taken = cgc_alloc((config->definitions_count +
				(size_t)config->options.in_force_count + 1) * sizeof(*taken));

	for (i = 0; i < config->definitions_count; i++)
		if (config->definitions[i].number_at.line)
			taken[n++] = config->definitions[i].def.number;
	for (i = 0; i < config->options.in_force_count; i++)
		taken[n++] = config->options.in_force[i].number;
	qsort(taken, n, sizeof(*taken), by_value);
	*count = n;
	return taken;
}

static void numbers_give(struct cgc_config *config)
{
	u32 count, i, at = 0, next = 1;
	u32 *taken = numbers_taken(config, &count);

	for (i = 0; i < config->definitions_count; i++) {
		struct cgc_conf_definition *def = &config->definitions[i];

		if (def->number_at.line)
			continue;
		while (at < count && taken[at] <= next)
			if (taken[at++] == next)
				next++;
		def->def.number = next++;
	}
	free(taken);
}

static int by_number(const void *a, const void *b)
{
	const struct cgc_conf_definition *x = *(const struct cgc_conf_definition *const *)a;
	const struct cgc_conf_definition *y = *(const struct cgc_conf_definition *const *)b;

	if (x->def.number != y->def.number)
		return x->def.number < y->def.number ? -1 : 1;
	return x < y ? -1 : x > y;
}

static void numbers_unique(struct cgc_config *config)
{
	const struct cgc_conf_definition **sorted, *a, *b;
	u32 i, n = config->definitions_count;

	sorted = cgc_alloc((n + 1) * sizeof(*sorted));
	for (i = 0; i < n; i++)
		sorted[i] = &config->definitions[i];
	qsort(sorted, n, sizeof(*sorted), by_number);
	for (i = 1; i < n; i++) {
		a = sorted[i - 1];
		b = sorted[i];
		if (a->def.number == b->def.number)
			cgc_error_at(config, b->number_at,
				     "NUMBER %u is %s's already (%s:%u:%u), expected another number",
				     b->def.number, a->def.name, config->files[a->at.file].path,
				     a->at.line, a->at.column);
	}
	free(sorted);
}

static int by_key(const void *key, const void *def)
{
	u32 x = *(const u32 *)key, y = (*(const struct cgc_conf_definition *const *)def)->def.number;

	return x < y ? -1 : x > y;
}

static void number_named(struct cgc_config *config, const struct cgc_conf_definition **given,
			 u32 count, const struct cgc_conf_rule *rule,
			 const struct cgc_end *end, const struct cgc_conf_end *conf)
{
	const struct cgc_conf_definition **def;

	if (end->kind != CGC_END_COMPARTMENT || conf->compartment)
		return;
	def = bsearch(&end->compartment, given, count, sizeof(*given), by_key);
	if (def)
		cgc_warning_at(config, (struct cgc_origin){ rule->at.file, conf->place.line,
							    conf->place.column },
			       "%u is %s, whose definition has no NUMBER: better use the name",
			       end->compartment, (*def)->def.name);
}

/* A rule may name a number that has no definition; say so where a definition
 * without NUMBER gets just that. Such numbers grow with the definitions. */
static void numbers_named(struct cgc_config *config)
{
	const struct cgc_conf_definition **given;
	u32 count = 0, i;

	given = cgc_alloc((config->definitions_count + 1ul) * sizeof(*given));
	for (i = 0; i < config->definitions_count; i++)
		if (!config->definitions[i].number_at.line)
			given[count++] = &config->definitions[i];
	for (i = 0; count && i < config->rules_count; i++) {
		const struct cgc_conf_rule *rule = &config->rules[i];

		number_named(config, given, count, rule, &rule->rule.src, &rule->src);
		number_named(config, given, count, rule, &rule->rule.dst, &rule->dst);
	}
	free(given);
}

void cgc_compile_numbers(struct cgc_config *config)
{
	u32 i;

	for (i = 0; i < config->definitions_count; i++) {
		number_in_force(config, &config->definitions[i]);
	}
	numbers_give(config);
	numbers_unique(config);
	numbers_named(config);
}
