// SPDX-License-Identifier: GPL-2.0-only
/* What the commands share. */
#include <stdlib.h>
#include <unistd.h>

#include "ctl.h"

int ctl_open(struct cgc_nl *nl)
{
	int err = cgc_nl_open(nl);

	if (!err)
		return CTL_OK;
	if (err == -ENOENT) {
		cgc_msg("the module cgcompt is not loaded: nothing is enforced (modprobe cgcompt)");
		return CTL_OFF;
	}
	cgc_msg("the module cgcompt: %s", nl->why);
	return CTL_FAILED;
}

int ctl_failed(struct cgc_nl *nl, const char *what)
{
	cgc_msg("%s: %s", what, nl->why);
	cgc_nl_close(nl);
	return CTL_FAILED;
}

int ctl_change_failed(struct cgc_nl *nl, struct cgc_config *config, const struct cgc_set *set)
{
	const struct cgc_set_file *file = set->fault ? &set->files[set->fault - 1] : NULL;

	if (!file || !file->at.line)
		return ctl_failed(nl, "nothing is changed");
	cgc_refuse_at(config, file->at, "%s%s: %s", file->root[1] ? file->root : "",
		      file->file.path, nl->why);
	return CTL_FAILED;
}

static bool is_routed(const struct cgc_set *set)
{
	u32 i;

	for (i = 0; i < set->defs_count; i++)
		if (set->defs[i].flags & CGC_COMPARTMENT_ROUTED)
			return true;
	return set->statements[CGC_STATEMENT_ROUTE].count;
}

int ctl_routes(struct cgc_nl *nl, struct cgc_config *config, const struct cgc_set *set)
{
	struct cgc_route fault = { 0 };
	int err = cgc_routes_sync(nl, set ? &fault : NULL);
	char why[sizeof(nl->why)];
	u32 at;

	/* Who has just named the administrators' compartments may be in none of them. */
	if (!err || (err == -EPERM && set && !is_routed(set)))
		return CTL_OK;
	if (!fault.family) {
		cgc_msg("routing tables: %s: what cannot be routed is refused", nl->why);
		return CTL_FAILED;
	}
	at = cgc_set_find_statement(set, CGC_STATEMENT_ROUTE, &fault);
	memcpy(why, nl->why, sizeof(why));
	if (at == set->statements[CGC_STATEMENT_ROUTE].count) {
		cgc_msg("routing tables: %s: %s", cgc_show_route(&fault, NULL), why);
		return CTL_FAILED;
	}
	cgc_refuse_at(config, set->statements[CGC_STATEMENT_ROUTE].origins[at],
		      "the kernel refuses this route: %s", why);
	if (cgc_wire_revert(nl, NULL) || cgc_routes_sync(nl, NULL))
		cgc_msg("what was before cannot be put back: %s", nl->why);
	return CTL_FAILED;
}

u32 ctl_duration(const char *text)
{
	static const struct {
		const char *unit;
		u32 seconds;
	} units[] = { { "", 1 }, { "s", 1 }, { "m", 60 }, { "h", 3600 }, { "d", 86400 } };
	unsigned long value;
	char *end;
	size_t i;

	if (*text < '0' || *text > '9')
		return 0;
	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || value > 86400)
		return 0;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcmp(end, units[i].unit))
			return value * units[i].seconds <= 86400 ?
			       (u32)value * units[i].seconds : 0;
	return 0;
}

char *ctl_words(int argc, char **argv)
{
	size_t size = 1;
	char *text;
	int i;

	for (i = 0; i < argc; i++)
		size += strlen(argv[i]) + 1;
	text = cgc_alloc(size);
	for (i = 0; i < argc; i++) {
		strcat(text, argv[i]);
		if (i + 1 < argc)
			strcat(text, " ");
	}
	return text;
}

static bool is_option(const char *word, const char *const *with_value, bool *value)
{
	*value = false;
	for (; *with_value; with_value++) {
		*value = !strcmp(word, *with_value);
		if (*value || (word[1] != '-' && !strncmp(word, *with_value, 2)))
			return true;
	}
	return !strcmp(word, "-h") || (word[0] == '-' && word[1] == '-' && word[2]);
}

char **ctl_words_last(int *argc, char **argv, const char *const *with_value)
{
	static char **sorted, end[] = "--";
	char **words = cgc_alloc((size_t)(*argc + 1) * sizeof(*words));
	int options = 1, count = 0, i;
	bool value, all = false;

	sorted = cgc_alloc((size_t)(*argc + 2) * sizeof(*sorted));
	sorted[0] = argv[0];
	for (i = 1; i < *argc; i++) {
		if (!all && !strcmp(argv[i], end)) {
			all = true;
		} else if (!all && is_option(argv[i], with_value, &value)) {
			sorted[options++] = argv[i];
			if (value && i + 1 < *argc)
				sorted[options++] = argv[++i];
		} else {
			words[count++] = argv[i];
		}
	}
	sorted[options++] = end;
	memcpy(&sorted[options], words, (size_t)count * sizeof(*words));
	free(words);
	*argc = options + count;
	return sorted;
}

static bool has_number(const struct cgc_records *known, u32 number)
{
	const struct cgc_compartment *defs = known->at;
	u32 i;

	for (i = 0; i < known->count; i++)
		if (defs[i].number == number)
			return true;
	return false;
}

/* A number that processes carry without a definition is not free: an entry
 * without a name. */
static int add_carried(struct cgc_nl *nl, struct cgc_records *known)
{
	struct cgc_records processes;
	const struct cgc_process *process;
	int err = cgc_wire_list(nl, CGC_LIST_PROCESSES, &processes);
	u32 i;

	if (err)
		return err;
	process = processes.at;
	for (i = 0; i < processes.count; i++) {
		if (has_number(known, process[i].label))
			continue;
		known->at = reallocarray(known->at, known->count + 1ul,
					 sizeof(struct cgc_compartment));
		if (!known->at)
			abort();
		((struct cgc_compartment *)known->at)[known->count++] =
			(struct cgc_compartment){ .number = process[i].label };
	}
	free(processes.at);
	return 0;
}

int ctl_ask(struct cgc_nl *nl, struct ctl_known *known)
{
	struct cgc_status status;
	int err;

	memset(known, 0, sizeof(*known));
	err = cgc_wire_status(nl, &status);
	if (err)
		return err;
	known->methods = status.methods;
	err = cgc_wire_list(nl, CGC_LIST_COMPARTMENTS, &known->compartments);
	if (!err)
		err = add_carried(nl, &known->compartments);
	return err ? err : cgc_wire_list(nl, CGC_LIST_LABELS, &known->labels);
}

void ctl_known_free(struct ctl_known *known)
{
	free(known->compartments.at);
	free(known->labels.at);
	memset(known, 0, sizeof(*known));
}

struct cgc_conf_options ctl_conf_options(const struct ctl_known *known)
{
	return (struct cgc_conf_options){
		.methods = known->methods,
		.config = ctl.config,
		.in_force = known->compartments.at,
		.in_force_count = known->compartments.count,
		.labels = known->labels.at,
		.labels_count = known->labels.count,
	};
}

int ctl_conf_status(const struct cgc_config *config)
{
	if (!config->errors)
		return CTL_OK;
	return config->syntax_errors ? CTL_USAGE : CTL_FAILED;
}

void ctl_summary(const struct cgc_set *set)
{
	struct cgc_json json = { .out = stdout };
	u32 kind;

	if (!ctl.json) {
		printf("%u compartments, %u rules", set->defs_count, set->count);
		if (set->files_count)
			printf(", %u files", set->files_count);
		for (kind = 0; kind < CGC_STATEMENT_KINDS; kind++)
			if (set->statements[kind].count)
				printf(", %u %s", set->statements[kind].count,
				       cgc_statement_types[kind].name);
		printf("\n");
		return;
	}
	cgc_json_object(&json, NULL);
	cgc_json_u64(&json, "compartments", set->defs_count);
	cgc_json_u64(&json, "rules", set->count);
	cgc_json_u64(&json, "files", set->files_count);
	for (kind = 0; kind < CGC_STATEMENT_KINDS; kind++)
		cgc_json_u64(&json, cgc_statement_types[kind].name, set->statements[kind].count);
	cgc_json_end(&json);
}
