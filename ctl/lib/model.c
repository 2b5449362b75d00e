// SPDX-License-Identifier: GPL-2.0-only
/* Memory for what stands in the middle. */
#include <stdio.h>
#include <stdlib.h>

#include "model.h"
#include "msg.h"

static void *or_exit(void *mem)
{
	if (!mem) {
		cgc_msg("out of memory");
		exit(1);
	}
	return mem;
}

void *cgc_grow(void *array, u32 count, size_t size)
{
	/* Powers of two: grow where @count has just filled one. */
	if (count & (count - 1))
		return array;
	return or_exit(reallocarray(array, count ? count * 2ul : 1, size));
}

void *cgc_alloc(size_t size)
{
	return or_exit(calloc(1, size));
}

char *cgc_strdup(const char *str)
{
	return or_exit(strdup(str));
}

void cgc_config_init(struct cgc_config *config, const struct cgc_conf_options *options)
{
	memset(config, 0, sizeof(*config));
	config->options = *options;
}

static void symbol_free(struct cgc_symbol *symbol)
{
	free(symbol->addresses);
	free(symbol);
}

void cgc_config_free(struct cgc_config *config)
{
	struct cgc_symbol *symbol, *next;
	u32 i;

	for (i = 0; i < CGC_SYMBOL_BUCKETS; i++) {
		for (symbol = config->symbols[i]; symbol; symbol = next) {
			next = symbol->next;
			symbol_free(symbol);
		}
	}
	for (i = 0; i < config->files_count; i++)
		free(config->files[i].path);
	free(config->files);
	free(config->definitions);
	free(config->rules);
	free(config->pins);
	free(config->maps);
	free(config->routes);
	memset(config, 0, sizeof(*config));
}

static u32 text_hash(const char *text)
{
	u32 hash = 2166136261u;

	for (; *text; text++)
		hash = (hash ^ (u8)*text) * 16777619u;
	return hash;
}

struct cgc_symbol *cgc_symbol(struct cgc_config *config, const char *text)
{
	struct cgc_symbol **bucket, *symbol;
	size_t size = strlen(text) + 1;
	u32 i;

	bucket = &config->symbols[text_hash(text) % CGC_SYMBOL_BUCKETS];
	for (symbol = *bucket; symbol; symbol = symbol->next)
		if (!strcmp(symbol->text, text))
			return symbol;

	symbol = cgc_alloc(sizeof(*symbol) + size);
	symbol->definition = -1;
	for (i = 0; i < 3; i++)
		symbol->ports[i] = CGC_PORT_UNASKED;
	memcpy(symbol->text, text, size);
	symbol->next = *bucket;
	*bucket = symbol;
	return symbol;
}

void cgc_set_rule(struct cgc_set *set, const struct cgc_rule *rule,
		  const struct cgc_origin *origin)
{
	set->rules = cgc_grow(set->rules, set->count, sizeof(*set->rules));
	set->rules[set->count] = *rule;
	if (origin) {
		set->origins = cgc_grow(set->origins, set->count, sizeof(*set->origins));
		set->origins[set->count] = *origin;
	}
	set->count++;
}

void cgc_set_file(struct cgc_set *set, const struct cgc_set_file *file)
{
	set->files = cgc_grow(set->files, set->files_count, sizeof(*set->files));
	set->files[set->files_count++] = *file;
}

bool cgc_file_same(const struct cgc_file *a, const struct cgc_file *b)
{
	return a->kind == b->kind && a->compartment == b->compartment && a->from == b->from &&
	       !strncmp(a->path, b->path, sizeof(a->path));
}

void cgc_set_free(struct cgc_set *set)
{
	free(set->rules);
	free(set->origins);
	free(set->defs);
	free(set->files);
	free(set->labels);
	cgc_set_statements_free(set);
	memset(set, 0, sizeof(*set));
}

struct cgc_rule_words cgc_set_words(const struct cgc_set *set)
{
	return (struct cgc_rule_words){
		.netdevs = set->netdevs, .netdevs_count = set->netdevs_count,
		.paths = set->paths, .paths_count = set->paths_count,
	};
}

void cgc_set_copy_words(struct cgc_set *to, const struct cgc_set *from)
{
	memcpy(to->netdevs, from->netdevs, sizeof(to->netdevs));
	to->netdevs_count = from->netdevs_count;
	memcpy(to->paths, from->paths, sizeof(to->paths));
	to->paths_count = from->paths_count;
}

static int by_number(const void *a, const void *b)
{
	u32 x = ((const struct cgc_compartment *)a)->number;
	u32 y = ((const struct cgc_compartment *)b)->number;

	return x < y ? -1 : x > y;
}

void cgc_set_sort(struct cgc_set *set)
{
	if (set->defs_count)
		qsort(set->defs, set->defs_count, sizeof(*set->defs), by_number);
}

static const char *label_name(const struct cgc_set *set, u32 label)
{
	u32 i;

	for (i = 0; i < set->labels_count; i++)
		if (set->labels[i].label == label)
			return set->labels[i].name;
	return label == CGC_LABEL_QUARANTINE ? "quarantine" : NULL;
}

const char *cgc_set_name(void *ctx, u32 number)
{
	const struct cgc_compartment key = { .number = number }, *def;
	const struct cgc_set *set = ctx;

	if (cgc_label_is_netdev(number))
		return label_name(set, number);

	if (!set->defs_count)
		return NULL;
	def = bsearch(&key, set->defs, set->defs_count, sizeof(*set->defs), by_number);
	return def && def->flags & CGC_COMPARTMENT_DEFINED ? def->name : NULL;
}

struct cgc_ruleset *cgc_set_ruleset(const struct cgc_set *set)
{
	const struct cgc_rule_words words = cgc_set_words(set);
	size_t size = cgc_ruleset_size(set->count);
	struct cgc_ruleset *ruleset;
	const char *why;
	u64 ref;
	u32 i;

	if (!size)
		return NULL;
	ruleset = cgc_ruleset_init(cgc_alloc(size), set->count);
	for (i = 0; i < set->count; i++) {
		if (!cgc_ruleset_add(ruleset, &set->rules[i], &words, &ref, &why))
			continue;
		free(ruleset);
		return NULL;
	}
	return ruleset;
}
