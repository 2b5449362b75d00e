// SPDX-License-Identifier: GPL-2.0-only
/* Statements to a set: every name looked up, every rule verified by the core. */
#include <linux/capability.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>

#include "conf.h"
#include "msg.h"

static const char not_enforced[] = "is not enforced by this version of the module";

/* `check` says it and goes on: the text is right, and may be for a later module. */
static void refuse_unenforced(struct cgc_config *config, struct cgc_origin at,
			      const char *what, const char *expected)
{
	if (config->options.check)
		cgc_warning_at(config, at, "%s %s: load will refuse it", what, not_enforced);
	else
		cgc_refuse_at(config, at, "%s %s, expected %s", what, not_enforced, expected);
}

static struct cgc_origin rule_at(const struct cgc_conf_rule *rule, struct cgc_place place)
{
	if (!place.line)
		return rule->at;
	return (struct cgc_origin){ rule->at.file, place.line, place.column };
}

/* What compartment 0 and the supervisor are without: @word, if it is there. */
static void refuse_ours(struct cgc_config *config, const struct cgc_conf_definition *def,
			struct cgc_origin at, const char *why, const char *word)
{
	if (at.line)
		cgc_refuse_at(config, at, "compartment %s %s, expected a definition without %s",
			      def->def.name, why, word);
}

static void check_definition(struct cgc_config *config, const struct cgc_conf_definition *def)
{
	const u32 number = def->def.number;
	const bool ours = def->number_at.line &&
			  (number == CGC_LABEL_DEFAULT || number == CGC_LABEL_SUPERVISOR);

	if (ours && def->sealed_at.line)
		cgc_refuse_at(config, def->sealed_at,
			      "compartment %s cannot be SEALED, expected another one", def->def.name);
	if (ours) {
		refuse_ours(config, def, def->caps_at, "has all capabilities", "CAPS");
		refuse_ours(config, def, def->routed_at, "goes by the machine's routing tables", "ROUTED");
		refuse_ours(config, def, def->root_at, "has the machine's root", "ROOT");
		refuse_ours(config, def, def->devices_at[0], "opens every device", "DEVICES");
		refuse_ours(config, def, def->user_at, "is not started", "USER");
	}
	if (!ours && def->user_at.line && !def->root_at.line)
		cgc_warning_at(config, def->user_at,
			       "compartment %s has no ROOT and is not started: USER says nothing",
			       def->def.name);
	if (def->def.flags & CGC_COMPARTMENT_ADMIN && !(def->def.caps >> CAP_SYS_ADMIN & 1))
		cgc_refuse_at(config, def->caps_at,
			      "an ADMIN compartment cannot control the module without cap_sys_admin, expected CAPS that leave it");
}

static void check_enforced(struct cgc_config *config)
{
	u32 i;

	for (i = 0; i < config->definitions_count; i++)
		check_definition(config, &config->definitions[i]);
	cgc_compile_roots(config);
}

static const char *methods_text(u32 methods)
{
	static char text[128];
	size_t len = 0;
	u32 m;

	for (m = 0; m < CGC_METHOD_COUNT; m++)
		if (methods & CGC_METHOD_BIT(m))
			len += (size_t)snprintf(text + len, sizeof(text) - len, "%s, ",
						cgc_method_name(m));
	snprintf(text + len, sizeof(text) - len, "or all");
	return text;
}

static void check_rule_enforced(struct cgc_config *config, const struct cgc_conf_rule *rule)
{
	if (rule->unenforced)
		refuse_unenforced(config, rule_at(rule, rule->unenforced_place),
				  rule->unenforced, methods_text(config->options.methods));
}

static void compartment_unknown(struct cgc_config *config, struct cgc_origin at,
				const char *name)
{
	const char *other = cgc_suggest(config, name);

	if (other)
		cgc_error_at(config, at, "unknown compartment %s, did you mean %s?",
			     name, other);
	else
		cgc_error_at(config, at,
			     "unknown compartment %s, expected one that has a definition, or a number",
			     name);
}

/* @name: NULL where @number is given. */
bool cgc_compartment_resolve(struct cgc_config *config, struct cgc_origin at,
				const struct cgc_symbol *name, u32 *number)
{
	if (!name)
		return true;
	if (name->definition >= 0) {
		*number = config->definitions[name->definition].def.number;
		return true;
	}
	if (cgc_name_builtin(name->text, number))
		return true;
	if (config->options.names_in_force &&
	    cgc_label_find(config->options.in_force, config->options.in_force_count,
			   name->text, number))
		return true;
	compartment_unknown(config, at, name->text);
	return false;
}

static bool end_resolve(struct cgc_config *config, const struct cgc_conf_rule *rule,
			const struct cgc_conf_end *conf, struct cgc_end *end)
{
	struct cgc_origin at = rule_at(rule, conf->place);

	return cgc_compartment_resolve(config, at, conf->compartment, &end->compartment) &&
	       cgc_label_resolve(config, at, conf->label, &end->compartment);
}

static const struct {
	u32 method;
	const char *name;
} protocols[] = {
	{ CGC_METHOD_TCP, "tcp" },
	{ CGC_METHOD_UDP, "udp" },
	{ CGC_METHOD_SCTP, "sctp" },
};

static int service_port(struct cgc_symbol *service, u32 protocol)
{
	const struct servent *entry;

	if (service->ports[protocol] == CGC_PORT_UNASKED) {
		entry = getservbyname(service->text, protocols[protocol].name);
		service->ports[protocol] = entry ? ntohs((u16)entry->s_port) : CGC_PORT_UNKNOWN;
	}
	return service->ports[protocol];
}

static bool service_resolve(struct cgc_config *config, const struct cgc_conf_rule *rule,
			    const struct cgc_conf_end *conf, struct cgc_end *end)
{
	struct cgc_origin at = rule_at(rule, conf->port_place);
	int port = CGC_PORT_UNASKED, other;
	u32 i;

	if (!conf->service)
		return true;
	for (i = 0; i < 3; i++) {
		if (!(rule->rule.methods & CGC_METHOD_BIT(protocols[i].method)))
			continue;
		other = service_port(conf->service, i);
		if (other == CGC_PORT_UNKNOWN || (port >= 0 && other != port)) {
			cgc_error_at(config, at,
				     "port name %s is not known for %s%s, expected one of /etc/services or a number",
				     conf->service->text, protocols[i].name,
				     other < 0 ? "" : " with the same number as for the other methods");
			return false;
		}
		port = other;
	}
	if (port < 0) {
		cgc_error_at(config, at, "PORT %s with methods that have no ports, expected tcp, udp or sctp",
			     conf->service->text);
		return false;
	}
	end->port_lo = end->port_hi = (u16)port;
	return true;
}

/* The rule once for every address of a host; @end is one of @base's. */
static void rule_hosts(struct cgc_config *config, struct cgc_set *set,
		       const struct cgc_conf_rule *rule, struct cgc_rule *base,
		       struct cgc_end *end, const struct cgc_conf_end *conf)
{
	struct cgc_origin at = rule_at(rule, conf->place);
	const struct cgc_addresses *addresses;
	const char *why;
	u32 i;

	addresses = cgc_host_addresses(config, conf->host, &why);
	if (!addresses) {
		if (config->options.check || config->options.boot)
			cgc_warning_at(config, at, "host %s has no address (%s): the rule allows nothing",
				       conf->host->text, why);
		else
			cgc_refuse_at(config, at, "host %s has no address (%s), expected one",
				      conf->host->text, why);
		return;
	}
	for (i = 0; i < addresses->count; i++) {
		end->kind = addresses->ends[i].kind;
		end->prefix = addresses->ends[i].prefix;
		memcpy(end->addr, addresses->ends[i].addr, sizeof(end->addr));
		cgc_set_rule(set, base, &at);
	}
}

static void compile_rule(struct cgc_config *config, struct cgc_set *set,
			 const struct cgc_conf_rule *rule)
{
	struct cgc_rule base = rule->rule;

	check_rule_enforced(config, rule);
	if (!end_resolve(config, rule, &rule->src, &base.src) ||
	    !end_resolve(config, rule, &rule->dst, &base.dst) ||
	    !service_resolve(config, rule, &rule->src, &base.src) ||
	    !service_resolve(config, rule, &rule->dst, &base.dst))
		return;
	cgc_compile_bounded(config, set, &base, rule->at);
	if (rule->src.host && rule->dst.host)
		cgc_error_at(config, rule->at, "a rule from host to host, expected a compartment at one end");
	else if (rule->src.host)
		rule_hosts(config, set, rule, &base, &base.src, &rule->src);
	else if (rule->dst.host)
		rule_hosts(config, set, rule, &base, &base.dst, &rule->dst);
	else
		cgc_set_rule(set, &base, &rule->at);
}

/* Where a rule stands that has this reference already. */
static u32 first_with_ref(const struct cgc_set *set, u32 count, u64 ref)
{
	u32 i;

	for (i = 0; i < count; i++)
		if (set->rules[i].ref == ref)
			return i;
	return 0;
}

/* The same rule twice is no danger, but seldom what was meant; a host's name
 * for an address that another rule gives too is. */
static void duplicate(struct cgc_config *config, const struct cgc_set *set, u32 kept,
		      struct cgc_origin at, u64 ref)
{
	struct cgc_origin first;

	if (cgc_msg_enough(config))
		return;
	first = set->origins[first_with_ref(set, kept, ref)];
	if (first.file == at.file && first.line == at.line)
		return;
	cgc_warning_at(config, at, "the same rule stands at %s:%u:%u already",
		       config->files[first.file].path, first.line, first.column);
}

/* Build what the kernel will build, so that an error has its place. */
static void verify(struct cgc_config *config, struct cgc_set *set)
{
	const struct cgc_rule_words words = cgc_set_words(set);
	size_t size = cgc_ruleset_size(set->count);
	struct cgc_ruleset *ruleset;
	const char *why = "";
	u32 i, kept = 0;
	u64 ref;
	int err;

	if (!size) {
		cgc_msg_file(config, config->files[0].path,
			     "%u rules (one for each address), expected at most %u",
			     set->count, CGC_RULES_MAX);
		return;
	}
	ruleset = cgc_ruleset_init(cgc_alloc(size), set->count);
	for (i = 0; i < set->count && !cgc_msg_too_many(config); i++) {
		err = cgc_ruleset_add(ruleset, &set->rules[i], &words, &ref, &why);
		if (err == -EEXIST) {
			duplicate(config, set, kept, set->origins[i], ref);
			continue;
		}
		if (err) {
			cgc_error_at(config, set->origins[i], "%s", why);
			continue;
		}
		set->rules[kept] = set->rules[i];
		set->rules[kept].ref = ref;
		set->origins[kept++] = set->origins[i];
	}
	set->count = kept;
	free(ruleset);
}

/* Of the text, or of the running module where only that knows it; NULL: none. */
const struct cgc_compartment *cgc_definition_of(const struct cgc_config *config, u32 number)
{
	const struct cgc_conf_options *options = &config->options;
	u32 i;

	for (i = 0; i < config->definitions_count; i++)
		if (config->definitions[i].def.number == number)
			return &config->definitions[i].def;
	for (i = 0; options->names_in_force && i < options->in_force_count; i++)
		if (options->in_force[i].number == number &&
		    options->in_force[i].flags & CGC_COMPARTMENT_DEFINED)
			return &options->in_force[i];
	return NULL;
}

static bool is_admin(const struct cgc_compartment *def)
{
	return def && def->flags & CGC_COMPARTMENT_ADMIN;
}

/* Who may enter what by running a program. */
static void check_exec(struct cgc_config *config, const struct cgc_conf_pin *pin,
		       const struct cgc_file *file)
{
	const struct cgc_compartment *to = cgc_definition_of(config, file->compartment);

	if (file->compartment == CGC_LABEL_SUPERVISOR || file->from == CGC_LABEL_SUPERVISOR)
		cgc_error_at(config, file->from == CGC_LABEL_SUPERVISOR ? pin->from_at :
			     pin->compartment_at,
			     "nobody enters or leaves the supervisor by running a program, expected another compartment");
	else if (file->from == file->compartment)
		cgc_error_at(config, pin->compartment_at,
			     "from a compartment to itself, expected another one");
	else if (to && to->root[0])
		cgc_error_at(config, pin->compartment_at,
			     "%s has a ROOT, which EXEC does not lead into, expected a compartment without (cgcomptctl exec does)",
			     to->name);
	else if (is_admin(to) && file->from != CGC_LABEL_DEFAULT &&
		 !is_admin(cgc_definition_of(config, file->from)))
		cgc_error_at(config, pin->from_at,
			     "into an ADMIN compartment, expected FROM default or another ADMIN compartment");
}

static void compile_pin(struct cgc_config *config, struct cgc_set *set,
			const struct cgc_conf_pin *pin)
{
	struct cgc_set_file file = { .file = pin->file, .at = pin->path_at, .root = "/" };
	const struct cgc_compartment *def;
	u32 i;

	if (!cgc_compartment_resolve(config, pin->compartment_at, pin->compartment,
				 &file.file.compartment) ||
	    !cgc_compartment_resolve(config, pin->from_at, pin->from, &file.file.from))
		return;
	def = cgc_definition_of(config, file.file.compartment);
	if (file.file.kind == CGC_FILE_EXEC)
		check_exec(config, pin, &file.file);
	else if (def && def->root[0])
		memcpy(file.root, def->root, sizeof(file.root));
	for (i = 0; i < set->files_count; i++)
		if (cgc_file_same(&set->files[i].file, &file.file))
			break;
	if (i == set->files_count)
		cgc_set_file(set, &file);
	else
		cgc_warning_at(config, pin->at, "the same stands at %s:%u:%u already",
			       config->files[set->files[i].at.file].path, set->files[i].at.line,
			       set->files[i].at.column);
}

static void definitions_copy(const struct cgc_config *config, struct cgc_set *set)
{
	u32 i;

	set->defs_count = config->definitions_count;
	set->defs = cgc_alloc((set->defs_count + 1) * sizeof(*set->defs));
	for (i = 0; i < set->defs_count; i++)
		set->defs[i] = config->definitions[i].def;
	cgc_set_sort(set);
}

void cgc_conf_compile(struct cgc_config *config, struct cgc_set *set)
{
	u32 i;

	memset(set, 0, sizeof(*set));
	if (config->errors)
		return;
	cgc_compile_numbers(config);
	cgc_compile_labels(config);
	cgc_compile_bounds(config);
	cgc_compile_devices(config);
	check_enforced(config);
	definitions_copy(config, set);
	cgc_compile_netdevs(config, set);
	memcpy(set->paths, config->paths, sizeof(set->paths));
	set->paths_count = config->paths_count;
	for (i = 0; i < config->pins_count && !cgc_msg_too_many(config); i++)
		compile_pin(config, set, &config->pins[i]);
	cgc_compile_routes(config, set);
	for (i = 0; i < config->rules_count && !cgc_msg_too_many(config); i++)
		compile_rule(config, set, &config->rules[i]);
	if (!config->errors)
		verify(config, set);
}
