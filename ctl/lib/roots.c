// SPDX-License-Identifier: GPL-2.0-only
/* The roots of compartments neither overlap nor nest (mission F1). */
#include "conf.h"
#include "msg.h"

static bool has_root(const struct cgc_compartment *def)
{
	return def->root[0] && !(def->flags & CGC_COMPARTMENT_ADMIN);
}

static bool is_below(const char *path, const char *root)
{
	size_t len = strlen(root);

	return !strncmp(path, root, len) && (path[len] == '/' || !path[len]);
}

static const char *relation(const struct cgc_compartment *def, const struct cgc_compartment *other)
{
	if (!has_root(other))
		return NULL;
	if (!strcmp(def->root, other->root))
		return "is";
	if (is_below(def->root, other->root))
		return "is inside of";
	return is_below(other->root, def->root) ? "has in it" : NULL;
}

static void check_in_force(struct cgc_config *config, const struct cgc_conf_definition *def)
{
	const struct cgc_compartment *other = config->options.in_force;
	const char *what;
	u32 i;

	for (i = 0; i < config->options.in_force_count; i++, other++) {
		if (other->number == def->def.number)
			continue;
		what = relation(&def->def, other);
		if (!what)
			continue;
		cgc_refuse_at(config, def->root_at,
			      "ROOT %s %s compartment %s's, which is in force; expected one apart from it",
			      def->def.root, what, other->name);
		return;
	}
}

static void check_before(struct cgc_config *config, u32 count, const struct cgc_conf_definition *def)
{
	const struct cgc_conf_definition *other = config->definitions;
	const char *what;
	u32 i;

	for (i = 0; i < count; i++, other++) {
		what = relation(&def->def, &other->def);
		if (!what)
			continue;
		cgc_refuse_at(config, def->root_at,
			      "ROOT %s %s compartment %s's at %s:%u:%u, expected one apart from it",
			      def->def.root, what, other->def.name,
			      config->files[other->root_at.file].path, other->root_at.line,
			      other->root_at.column);
		return;
	}
}

void cgc_compile_roots(struct cgc_config *config)
{
	u32 i;

	for (i = 0; i < config->definitions_count && !cgc_msg_too_many(config); i++) {
		if (!has_root(&config->definitions[i].def))
			continue;
		check_before(config, i, &config->definitions[i]);
		/* `add` leaves what is there. */
		if (config->options.names_in_force)
			check_in_force(config, &config->definitions[i]);
	}
}
