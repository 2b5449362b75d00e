// SPDX-License-Identifier: GPL-2.0-only
/* Interfaces' labels: names to numbers, and the statements that give them. */
#include <stdio.h>
#include <stdlib.h>

#include "conf.h"
#include "core/netdev_map.h"
#include "msg.h"

/* Those without a number of their own begin here, above what people count from. */
#define LABEL_NAMED	(CGC_LABEL_NETDEV_FIRST + 0x8000)

void cgc_conf_netdev(struct cgc_config *config, struct cgc_origin at, struct cgc_origin label_at,
		     const struct cgc_netdev_map *map)
{
	struct cgc_conf_map *conf;

	if (config->maps_count == CGC_NETDEV_MAPS_MAX) {
		cgc_error_at(config, at, "too many NETDEV statements, expected at most %u",
			     CGC_NETDEV_MAPS_MAX);
		return;
	}
	config->maps = cgc_grow(config->maps, config->maps_count, sizeof(*conf));
	conf = &config->maps[config->maps_count++];
	*conf = (struct cgc_conf_map){ .map = *map, .at = at, .label_at = label_at };
	if (map->label_name[0])
		conf->label = cgc_symbol(config, map->label_name);
}

static const struct cgc_label_name *known_by_name(const struct cgc_config *config, const char *name)
{
	const struct cgc_conf_options *options = &config->options;
	u32 i;

	for (i = 0; i < options->labels_count; i++)
		if (!strcmp(options->labels[i].name, name))
			return &options->labels[i];
	return NULL;
}

/* A number that is written somewhere, or that has a name already. */
static bool is_taken(const struct cgc_config *config, u32 label)
{
	u32 i, j;

	for (i = 0; i < config->definitions_count; i++)
		for (j = 0; j < config->definitions[i].def.netdevs_count; j++)
			if (config->definitions[i].def.netdevs[j].label == label)
				return true;

	for (i = 0; i < config->maps_count; i++)
		if (config->maps[i].map.label == label ||
		    (config->maps[i].label && config->maps[i].label->label == label))
			return true;
	for (i = 0; i < config->netdevs_count; i++)
		if (config->netdevs[i].selector.label == label)
			return true;
	for (i = 0; i < config->rules_count; i++)
		if (config->rules[i].rule.src.compartment == label ||
		    config->rules[i].rule.dst.compartment == label)
			return true;
	for (i = 0; i < config->options.labels_count; i++)
		if (config->options.labels[i].label == label)
			return true;
	return false;
}

void cgc_compile_labels(struct cgc_config *config)
{
	const struct cgc_label_name *known;
	u32 next = LABEL_NAMED, i;

	for (i = 0; i < config->maps_count; i++) {
		struct cgc_symbol *symbol = config->maps[i].label;

		if (!symbol || symbol->label)
			continue;
		known = known_by_name(config, symbol->text);
		while (!known && is_taken(config, next))
			next++;
		symbol->label = known ? known->label : next;
	}
}

bool cgc_label_resolve(struct cgc_config *config, struct cgc_origin at,
		       const struct cgc_symbol *name, u32 *label)
{
	const struct cgc_label_name *known;

	if (!name)
		return true;
	*label = name->label;
	if (name->label)
		return true;
	known = known_by_name(config, name->text);
	if (known && known->defined && config->options.names_in_force) {
		*label = known->label;
		return true;
	}
	cgc_error_at(config, at,
		     "unknown label %s, expected one that a NETDEV statement gives (NETDEV name eth1 -> LABEL %s), or a number from 0x%X",
		     name->text, name->text, CGC_LABEL_NETDEV_FIRST);
	return false;
}

bool cgc_label_by_name(const struct cgc_label_name *known, u32 count, const char *name, u32 *label)
{
	u32 i;

	for (i = 0; i < count; i++) {
		if (!known[i].defined || strcmp(known[i].name, name))
			continue;
		*label = known[i].label;
		return true;
	}
	return false;
}

/* What comes after a statement that means all of its interfaces never counts. */
static void check_covered(struct cgc_config *config, const struct cgc_set *set,
			  const struct cgc_conf_map *conf)
{
	const struct cgc_set_statements *before = &set->statements[CGC_STATEMENT_NETDEV];
	const struct cgc_netdev_map *maps = before->at;
	const struct cgc_origin *at;
	u32 i;

	for (i = 0; i < before->count; i++) {
		if (!cgc_netdev_map_covers(&maps[i], &conf->map))
			continue;
		at = &before->origins[i];
		cgc_warning_at(config, conf->at,
			       "no interface is left for this: %s:%u:%u comes first and takes all of them",
			       config->files[at->file].path, at->line, at->column);
		return;
	}
}

static void compile_map(struct cgc_config *config, struct cgc_set *set,
			const struct cgc_conf_map *conf)
{
	struct cgc_netdev_map map = conf->map;
	const char *why;

	map.owner = CGC_OWNER_FILES;
	if (!cgc_label_resolve(config, conf->label_at, conf->label, &map.label))
		return;
	if (cgc_netdev_map_verify(&map, &why)) {
		cgc_error_at(config, conf->at, "%s", why);
		return;
	}
	check_covered(config, set, conf);
	if (!cgc_set_has_statement(set, CGC_STATEMENT_NETDEV, &map))
		cgc_set_statement(set, CGC_STATEMENT_NETDEV, &map, &conf->at);
}

/* The words that the bits of rules mean. */
static void compile_words(struct cgc_config *config, struct cgc_set *set)
{
	u32 i;

	for (i = 0; i < config->netdevs_count; i++) {
		set->netdevs[i] = config->netdevs[i].selector;
		cgc_label_resolve(config, config->netdevs[i].at, config->netdevs[i].label,
				  &set->netdevs[i].label);
	}
	set->netdevs_count = config->netdevs_count;
}

void cgc_compile_bounds(struct cgc_config *config)
{
	u32 i, j;

	for (i = 0; i < config->definitions_count; i++) {
		struct cgc_conf_definition *def = &config->definitions[i];

		if (def->def.netdevs_count && def->def.number == CGC_LABEL_SUPERVISOR)
			cgc_refuse_at(config, def->netdevs_at[0],
				      "compartment %s cannot be bound to interfaces, expected another one",
				      def->def.name);
		for (j = 0; j < def->def.netdevs_count; j++)
			cgc_label_resolve(config, def->netdevs_at[j], def->netdev_labels[j],
					  &def->def.netdevs[j].label);
	}
}

void cgc_compile_netdevs(struct cgc_config *config, struct cgc_set *set)
{
	u32 i;

	for (i = 0; i < config->maps_count && !cgc_msg_too_many(config); i++)
		compile_map(config, set, &config->maps[i]);
	compile_words(config, set);
}

static const struct cgc_compartment *definition_of(const struct cgc_set *set, u32 number)
{
	u32 i;

	for (i = 0; i < set->defs_count; i++)
		if (set->defs[i].number == number)
			return &set->defs[i];
	return NULL;
}

/* Can one of the rule's words and one of the definition's be of one interface? A name and
 * a label may always be. */
static bool may_meet(const struct cgc_set *set, u64 netdevs, const struct cgc_compartment *def)
{
	u32 i, j;

	for (i = 0; i < set->netdevs_count; i++)
		for (j = 0; netdevs >> i & 1 && j < def->netdevs_count; j++)
			if (!set->netdevs[i].label != !def->netdevs[j].label ||
			    !memcmp(&set->netdevs[i], &def->netdevs[j], sizeof(def->netdevs[j])))
				return true;
	return false;
}

void cgc_compile_bounded(struct cgc_config *config, const struct cgc_set *set,
			 const struct cgc_rule *rule, struct cgc_origin at)
{
	const struct cgc_end *end = rule->src.kind == CGC_END_COMPARTMENT ? &rule->src : &rule->dst;
	const struct cgc_compartment *def = definition_of(set, end->compartment);

	if (rule->netdevs && end->kind == CGC_END_COMPARTMENT && def && def->netdevs_count &&
	    !may_meet(set, rule->netdevs, def))
		cgc_warning_at(config, at,
			       "the NETDEVS of %s are without the interfaces of this rule: it allows nothing",
			       def->name);
}
