// SPDX-License-Identifier: GPL-2.0-only
/* add and del: single statements and files of them. */
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "start.h"

#define ADD_TRIES	3	/* somebody else may add the same meanwhile */
#define FILES_MAX	64

/**
 * struct change - what add or del is given, and what is there
 * @nl: the module
 * @known: what reading needs of it
 * @config: the statements
 * @set: the same, compiled; each rule has its reference
 * @present: the set in force
 * @refs: the references of its rules, sorted
 */
struct change {
	struct cgc_nl nl;
	struct ctl_known known;
	struct cgc_config config;
	struct cgc_set set;
	struct cgc_set present;
	u64 *refs;
};

static int by_ref(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

static bool is_there(const struct change *change, u64 ref)
{
	return bsearch(&ref, change->refs, change->present.count, sizeof(ref), by_ref) != NULL;
}

static int fetch_present(struct change *change)
{
	u32 i;

	cgc_set_free(&change->present);
	free(change->refs);
	change->refs = NULL;
	if (cgc_wire_set(&change->nl, &change->present))
		return ctl_failed(&change->nl, "list");
	change->refs = cgc_alloc((change->present.count + 1ul) * sizeof(*change->refs));
	for (i = 0; i < change->present.count; i++)
		change->refs[i] = change->present.rules[i].ref;
	qsort(change->refs, change->present.count, sizeof(*change->refs), by_ref);
	return CTL_OK;
}

static void change_free(struct change *change)
{
	cgc_nl_close(&change->nl);
	ctl_known_free(&change->known);
	cgc_config_free(&change->config);
	cgc_set_free(&change->set);
	cgc_set_free(&change->present);
	free(change->refs);
}

/**
 * struct input - where the statements are
 * @files: after -f
 * @count: how many there are
 */
struct input {
	const char *files[FILES_MAX];
	u32 count;
};

static int change_open(struct change *change)
{
	int err = ctl_open(&change->nl);

	if (err)
		return err;
	if (ctl_ask(&change->nl, &change->known))
		return ctl_failed(&change->nl, "the module cgcompt");
	return CTL_OK;
}

static int change_read(struct change *change, const struct input *input, int argc, char **argv)
{
	struct cgc_conf_options options = ctl_conf_options(&change->known);
	char *text;
	u32 i;

	options.names_in_force = true;
	cgc_config_init(&change->config, &options);
	for (i = 0; i < input->count; i++)
		cgc_conf_read(&change->config, input->files[i]);
	if (argc) {
		text = ctl_words(argc, argv);
		cgc_conf_text(&change->config, "<command line>", text, strlen(text));
		free(text);
	}
	cgc_conf_compile(&change->config, &change->set);
	return ctl_conf_status(&change->config);
}

static int options(int *argc, char ***argv, struct input *input)
{
	static const char *const with_value[] = { "-f", "--file", "--config", NULL };
	static const struct option longs[] = { { "file", required_argument, NULL, 'f' }, { 0 } };
	int c;

	*argv = ctl_words_last(argc, *argv, with_value);
	while ((c = ctl_getopt(*argc, *argv, "+hf:", longs)) != -1) {
		if (c != 'f')
			return CTL_USAGE;
		if (input->count == FILES_MAX)
			return ctl_usage("-f %s: expected at most %u files", optarg, FILES_MAX);
		input->files[input->count++] = optarg;
	}
	if (!input->count == (optind == *argc))
		return ctl_usage(input->count ? "both -f and a statement, expected one of them" :
				 "expected a statement or -f FILE");
	return CTL_OK;
}

static struct cgc_origin definition_at(const struct change *change, u32 number)
{
	u32 i;

	for (i = 0; i < change->config.definitions_count; i++)
		if (change->config.definitions[i].def.number == number)
			return change->config.definitions[i].at;
	return (struct cgc_origin){ 0, 1, 1 };
}

static bool same_definition(const struct cgc_compartment *a, const struct cgc_compartment *b)
{
	const u32 said = CGC_COMPARTMENT_SEALED | CGC_COMPARTMENT_ADMIN |
			 CGC_COMPARTMENT_ROUTED | CGC_COMPARTMENT_ROUTED_ONLY |
			 CGC_COMPARTMENT_DEFINED;

	return a->number == b->number && a->caps == b->caps &&
	       ((a->flags | CGC_COMPARTMENT_DEFINED) & said) == (b->flags & said) &&
	       !strcmp(a->name, b->name) && !strcmp(a->root, b->root) &&
	       !strcmp(a->user, b->user) &&
	       !memcmp(a->netdevs, b->netdevs, sizeof(a->netdevs)) &&
	       !memcmp(a->devices, b->devices, sizeof(a->devices));
}

static bool definition_is_there(const struct change *change, const struct cgc_compartment *def)
{
	u32 i;

	for (i = 0; i < change->present.defs_count; i++)
		if (same_definition(def, &change->present.defs[i]))
			return true;
	return false;
}

static bool file_is_there(const struct change *change, const struct cgc_file *file)
{
	u32 i;

	for (i = 0; i < change->present.files_count; i++)
		if (cgc_file_same(file, &change->present.files[i].file))
			return true;
	return false;
}

static void say_there(struct change *change, struct cgc_origin at, const char *what, u64 ref)
{
	const char *file = change->config.files[at.file].path;

	if (ref)
		cgc_msg("%s:%u:%u: %s is there already: 0x%016" PRIx64, file, at.line, at.column,
			what, (uint64_t)ref);
	else
		cgc_msg("%s:%u:%u: %s is there already", file, at.line, at.column, what);
}

static void missing_statements(struct change *change, struct cgc_set *out, bool say)
{
	const struct cgc_set *set = &change->set;
	const void *record;
	u32 kind, i;

	for (kind = 0; kind < CGC_STATEMENT_KINDS; kind++) {
		for (i = 0; i < set->statements[kind].count; i++) {
			record = cgc_set_statement_at(set, kind, i);
			if (!cgc_set_has_statement(&change->present, kind, record))
				cgc_set_statement(out, kind, record,
						  &set->statements[kind].origins[i]);
			else if (say)
				say_there(change, set->statements[kind].origins[i],
					  "the statement", 0);
		}
	}
}

/* What is not there yet, to be sent; @say: about the rest. */
static void missing(struct change *change, struct cgc_set *out, bool say)
{
	const struct cgc_set *set = &change->set;
	u32 i;

	memset(out, 0, sizeof(*out));
	cgc_set_copy_words(out, set);
	out->defs = cgc_alloc((set->defs_count + 1ul) * sizeof(*out->defs));
	for (i = 0; i < set->defs_count; i++) {
		if (!definition_is_there(change, &set->defs[i]))
			out->defs[out->defs_count++] = set->defs[i];
		else if (say)
			say_there(change, definition_at(change, set->defs[i].number),
				  "the definition", 0);
	}
	for (i = 0; i < set->files_count; i++) {
		if (!file_is_there(change, &set->files[i].file))
			cgc_set_file(out, &set->files[i]);
		else if (say)
			say_there(change, set->files[i].at, "the statement", 0);
	}
	missing_statements(change, out, say);
	for (i = 0; i < set->count; i++) {
		if (!is_there(change, set->rules[i].ref))
			cgc_set_rule(out, &set->rules[i], &set->origins[i]);
		else if (say)
			say_there(change, set->origins[i], "the rule", set->rules[i].ref);
	}
}

static int add(struct change *change)
{
	const struct cgc_commit how = { 0 };
	struct cgc_set todo;
	int err = -EEXIST, tries, status = CTL_OK;

	for (tries = 0; err == -EEXIST && tries < ADD_TRIES; tries++) {
		if (fetch_present(change))
			return CTL_FAILED;
		missing(change, &todo, !tries);
		err = todo.count || todo.defs_count || todo.files_count ||
		      cgc_set_statements_count(&todo) ?
		      cgc_wire_change(&change->nl, CGC_OP_ADD, &todo, CGC_OWNER_CLI, &how) : 0;
		if (err && (err != -EEXIST || tries + 1 == ADD_TRIES))
			status = ctl_change_failed(&change->nl, &change->config, &todo);
		if (!err)
			status = ctl_routes(&change->nl, &change->config, &todo);
		cgc_set_free(&todo);
	}
	return status;
}

static void print_refs(const struct cgc_set *set)
{
	struct cgc_json json = { .out = stdout };
	u32 i;

	if (!ctl.json) {
		for (i = 0; i < set->count; i++)
			printf("0x%016" PRIx64 "\n", (uint64_t)set->rules[i].ref);
		return;
	}
	cgc_json_object(&json, NULL);
	cgc_json_array(&json, "references");
	for (i = 0; i < set->count; i++)
		cgc_json_ref(&json, NULL, set->rules[i].ref);
	cgc_json_end(&json);
	cgc_json_end(&json);
}

int cmd_add(int argc, char **argv)
{
	static struct change change;
	struct input input = { 0 };
	int err = options(&argc, &argv, &input);

	if (err)
		return err;
	err = change_open(&change);
	if (!err)
		err = change_read(&change, &input, argc - optind, argv + optind);
	if (!err) {
		cgc_files_verify(&change.config, &change.set);
		cgc_routes_verify(&change.config, &change.set);
		err = ctl_conf_status(&change.config);
	}
	if (!err)
		err = add(&change);
	if (!err)
		print_refs(&change.set);
	change_free(&change);
	return err;
}

/* 0x and up to 16 digits; false where it is something else. */
static bool reference(const char *word, u64 *ref)
{
	size_t len = strlen(word);
	char *end;

	if (word[0] != '0' || (word[1] != 'x' && word[1] != 'X') || len < 3 || len > 18)
		return false;
	*ref = strtoull(word, &end, 16);
	return !*end;
}

static int del_refs(struct change *change, const u64 *refs, u32 count, struct cgc_set *files)
{
	const struct cgc_commit how = { .keep = ctl_keep() };

	if (cgc_wire_delete(&change->nl, refs, count, files, &how))
		return ctl_failed(&change->nl, "nothing is changed");
	return ctl_routes(&change->nl, &change->config, NULL);
}

/* Each once, and each one that is there. */
static int del_by_reference(struct change *change, int argc, char **argv)
{
	u64 *refs = cgc_alloc((size_t)argc * sizeof(*refs));
	u32 count = 0, i;
	int err = fetch_present(change), arg;

	for (arg = 0; arg < argc && !err; arg++) {
		if (!reference(argv[arg], &refs[count])) {
			err = ctl_usage("%s: expected a reference, 0x and 16 digits", argv[arg]);
		} else if (!is_there(change, refs[count])) {
			cgc_msg("no rule has the reference %s, expected one that list shows",
				argv[arg]);
			err = CTL_FAILED;
		}
		for (i = 0; i < count && refs[i] != refs[count]; i++)
			;
		count += i == count;
	}
	if (!err)
		err = del_refs(change, refs, count, NULL);
	free(refs);
	return err;
}

static void statements_there(struct change *change)
{
	const struct cgc_set *set = &change->set;
	u32 kind, i;

	for (kind = 0; kind < CGC_STATEMENT_KINDS; kind++)
		for (i = 0; i < set->statements[kind].count; i++)
			if (!cgc_set_has_statement(&change->present, kind,
						   cgc_set_statement_at(set, kind, i)))
				cgc_refuse_at(&change->config, set->statements[kind].origins[i],
					      "there is no such statement, expected one that list shows");
}

/* A compartment keeps its number, and so its definition, until the next load. */
static int del_by_rule(struct change *change)
{
	struct cgc_set *set = &change->set;
	u64 *refs = cgc_alloc((set->count + 1ul) * sizeof(*refs));
	int err = fetch_present(change);
	u32 i;

	for (i = 0; i < set->count && !err; i++) {
		refs[i] = set->rules[i].ref;
		if (!is_there(change, refs[i]))
			cgc_refuse_at(&change->config, set->origins[i],
				      "there is no such rule, expected one that list shows");
	}
	for (i = 0; i < set->files_count && !err; i++)
		if (!file_is_there(change, &set->files[i].file))
			cgc_refuse_at(&change->config, set->files[i].at,
				      "there is no such statement, expected one that list shows");
	if (!err)
		statements_there(change);
	if (!set->count && !set->files_count && !cgc_set_statements_count(set) && !err) {
		cgc_msg("no rule to be deleted, expected one (a definition goes with the next load)");
		err = CTL_FAILED;
	}
	if (change->config.errors)
		err = CTL_FAILED;
	if (!err)
		err = del_refs(change, refs, set->count, set);
	free(refs);
	return err;
}

int cmd_del(int argc, char **argv)
{
	static struct change change;
	struct input input = { 0 };
	int err = options(&argc, &argv, &input);
	u64 ref;

	if (err)
		return err;
	err = change_open(&change);
	if (!err && optind < argc && reference(argv[optind], &ref)) {
		err = del_by_reference(&change, argc - optind, argv + optind);
	} else if (!err) {
		err = change_read(&change, &input, argc - optind, argv + optind);
		if (!err)
			err = del_by_rule(&change);
	}
	change_free(&change);
	return err;
}

/* The files' and the command line's rules are not for a started compartment to take. */
static bool is_units(const struct change *change, u64 ref)
{
	u32 i;

	for (i = 0; i < change->present.count; i++)
		if (change->present.rules[i].ref == ref)
			return change->present.rules[i].owner == CGC_OWNER_UNIT;
	return false;
}

static void note_rule(struct unit *unit, u64 ref)
{
	unit->refs = cgc_grow(unit->refs, unit->refs_count, sizeof(*unit->refs));
	unit->refs[unit->refs_count++] = ref;
	unit_note(unit, "rule %016" PRIx64 "\n", (uint64_t)ref);
}

/* Only its own, so that whose they are says which go when it stops. */
static void check_routes(struct change *change, const struct unit *unit)
{
	const struct cgc_set_statements *stated = &change->set.statements[CGC_STATEMENT_ROUTE];
	const struct cgc_route *routes = stated->at;
	u32 i;

	for (i = 0; i < stated->count; i++)
		if (routes[i].compartment != unit->label)
			cgc_refuse_at(&change->config, stated->origins[i],
				      "a route of another compartment, expected one of %s",
				      unit->name);
	cgc_routes_verify(&change->config, &change->set);
}

static void own_routes(struct cgc_set *set)
{
	struct cgc_route *routes = set->statements[CGC_STATEMENT_ROUTE].at;
	u32 i;

	for (i = 0; i < set->statements[CGC_STATEMENT_ROUTE].count; i++)
		routes[i].owner = CGC_OWNER_UNIT;
}

static int insert_send(struct change *change, const struct unit *unit, struct cgc_set *todo)
{
	const struct cgc_commit how = { 0 };

	if (!todo->count && !cgc_set_statements_count(todo))
		return CTL_OK;
	own_routes(todo);
	if (cgc_wire_change(&change->nl, CGC_OP_ADD, todo, CGC_OWNER_UNIT, &how)) {
		cgc_msg("%s: rules: %s", unit->name, change->nl.why);
		return CTL_FAILED;
	}
	return ctl_routes(&change->nl, &change->config, todo);
}

/* Those that are not there already; what another one has brought is needed twice. */
static int insert(struct change *change, struct unit *unit)
{
	const struct cgc_set *set = &change->set;
	struct cgc_set todo;
	int err;
	u32 i;

	check_routes(change, unit);
	for (i = 0; i < change->config.definitions_count; i++)
		cgc_refuse_at(&change->config, change->config.definitions[i].at,
			      "a definition, expected rules only: definitions stand in rules.d");
	for (i = 0; i < set->files_count; i++)
		cgc_refuse_at(&change->config, set->files[i].at,
			      "IMMUTABLE, expected rules only: it stands in rules.d");
	for (i = 0; i < change->config.maps_count; i++)
		cgc_refuse_at(&change->config, change->config.maps[i].at,
			      "NETDEV, expected rules only: it stands in rules.d or netdev.d");
	if (change->config.errors || fetch_present(change))
		return CTL_FAILED;
	missing(change, &todo, false);
	for (i = 0; i < set->count; i++)
		if (!is_there(change, set->rules[i].ref) || is_units(change, set->rules[i].ref))
			note_rule(unit, set->rules[i].ref);
	err = insert_send(change, unit, &todo);
	cgc_set_free(&todo);
	return err;
}

int rules_make(struct unit *unit)
{
	static struct change change;
	struct input input = { .count = 1 };
	char path[4096];
	int err;

	snprintf(path, sizeof(path), "%s/start.d/%s.rules", ctl.config, unit->name);
	if (access(path, F_OK) && errno == ENOENT)
		return CTL_OK;
	input.files[0] = path;
	memset(&change, 0, sizeof(change));
	err = change_open(&change);
	if (!err)
		err = change_read(&change, &input, 0, NULL);
	if (!err)
		err = insert(&change, unit);
	change_free(&change);
	return err;
}

/* Those that came with it. */
static void routes_of(const struct change *change, const struct unit *unit, struct cgc_set *gone)
{
	const struct cgc_set_statements *stated = &change->present.statements[CGC_STATEMENT_ROUTE];
	const struct cgc_route *routes = stated->at;
	u32 i;

	for (i = 0; i < stated->count; i++)
		if (routes[i].owner == CGC_OWNER_UNIT && routes[i].compartment == unit->label)
			cgc_set_statement(gone, CGC_STATEMENT_ROUTE, &routes[i],
					  &stated->origins[i]);
}

static int take_send(struct change *change, const struct unit *unit, u32 count,
		     struct cgc_set *gone)
{
	const struct cgc_commit how = { 0 };

	if (!count && !cgc_set_statements_count(gone))
		return CTL_OK;
	if (cgc_wire_delete(&change->nl, unit->refs, count, gone, &how)) {
		cgc_msg("%s: rules: %s", unit->name, change->nl.why);
		return CTL_FAILED;
	}
	return ctl_routes(&change->nl, &change->config, NULL);
}

int rules_take(struct unit *unit)
{
	static struct change change;
	struct cgc_set gone = { 0 };
	u32 count = 0, i;
	int err;

	memset(&change, 0, sizeof(change));
	err = change_open(&change);
	if (!err)
		err = fetch_present(&change);
	for (i = 0; i < unit->refs_count && !err; i++)
		if (is_units(&change, unit->refs[i]) && !unit_others(unit, unit->refs[i]))
			unit->refs[count++] = unit->refs[i];
	if (!err)
		routes_of(&change, unit, &gone);
	if (!err)
		err = take_send(&change, unit, count, &gone);
	cgc_set_free(&gone);
	change_free(&change);
	return err;
}
