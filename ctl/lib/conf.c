// SPDX-License-Identifier: GPL-2.0-only
/* Files and directories to statements. */
#include <dirent.h>
#include <linux/limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "conf.h"
#include "msg.h"
#include "source.h"

#define INCLUDE_DEPTH	8
#define FILES_MAX	4096

/* What the parser's callback needs to know. */
struct reader {
	struct cgc_config *config;
	u32 file;
	unsigned int depth;
};

static void read_file(struct cgc_config *config, const char *path, unsigned int depth,
		      const struct cgc_origin *from);

static struct cgc_origin origin(const struct reader *reader, struct cgc_place place)
{
	return (struct cgc_origin){ reader->file, place.line, place.column };
}

static void port_set(struct cgc_config *config, struct cgc_end *end,
		     struct cgc_conf_end *conf, const struct cgc_ast_port *port)
{
	end->port_lo = 0;
	end->port_hi = 65535;
	if (!port->place.line)
		return;
	conf->port_place = port->place;
	if (port->service[0]) {
		conf->service = cgc_symbol(config, port->service);
		return;
	}
	end->port_lo = port->lo;
	end->port_hi = port->hi;
}

static void end_set(struct cgc_config *config, struct cgc_end *end,
		    struct cgc_conf_end *conf, const struct cgc_ast_end *ast)
{
	conf->place = ast->place;
	switch (ast->kind) {
	case CGC_AST_COMPARTMENT:
		end->kind = CGC_END_COMPARTMENT;
		if (ast->name[0])
			conf->compartment = cgc_symbol(config, ast->name);
		else
			end->compartment = ast->number;
		break;
	case CGC_AST_LABEL:
		end->kind = CGC_END_COMPARTMENT;
		if (ast->name[0])
			conf->label = cgc_symbol(config, ast->name);
		else
			end->compartment = ast->number;
		break;
	case CGC_AST_COMPARTMENT_ANY:
		end->kind = CGC_END_COMPARTMENT_ANY;
		break;
	case CGC_AST_HOST_ANY:
		end->kind = CGC_END_HOST_ANY;
		break;
	case CGC_AST_HOST_NAME:
		conf->host = cgc_symbol(config, ast->name);
		break;
	case CGC_AST_NET4:
	case CGC_AST_NET6:
		end->kind = ast->kind == CGC_AST_NET4 ? CGC_END_NET4 : CGC_END_NET6;
		end->prefix = ast->prefix;
		memcpy(end->addr, ast->addr, sizeof(end->addr));
		break;
	}
	port_set(config, end, conf, &ast->port);
}

static void unenforced(struct cgc_conf_rule *rule, struct cgc_place place, const char *what)
{
	if (rule->unenforced)
		return;
	rule->unenforced = what;
	rule->unenforced_place = place;
}

/* METHOD all is all that is enforced; those that a rule names are to be. */
static void methods_set(struct cgc_config *config, struct cgc_conf_rule *rule,
			const struct cgc_ast_rule *ast)
{
	struct cgc_place first = { 0 };
	size_t len = 0;
	char what[160];
	u32 m;

	rule->rule.methods = ast->methods;
	rule->rule.attrs = ast->attrs;
	rule->rule.signals = ast->signals;
	for (m = 0; m < CGC_METHOD_COUNT; m++) {
		if (!(ast->methods & CGC_METHOD_BIT(m) & ~config->options.methods) ||
		    !ast->method_place[m].line)
			continue;
		if (!len)
			first = ast->method_place[m];
		len += (size_t)snprintf(what + len, sizeof(what) - len, "%s%s",
					len ? "," : "METHOD ", cgc_method_name(m));
	}
	if (len)
		unenforced(rule, first, cgc_symbol(config, what)->text);
}

static void path_set(const struct reader *reader, struct cgc_conf_rule *rule,
		     const struct cgc_ast_rule *ast)
{
	struct cgc_config *config = reader->config;
	struct cgc_path_word word;
	u32 i;

	if (!ast->path[0])
		return;
	memcpy(word.name, ast->path, sizeof(word.name));
	for (i = 0; i < config->paths_count; i++)
		if (!memcmp(&config->paths[i], &word, sizeof(word)))
			break;
	if (i == CGC_PATHS_MAX) {
		cgc_error_at(config, origin(reader, ast->path_place),
			     "a %uth PATH, expected at most %u different ones in all rules",
			     i + 1, CGC_PATHS_MAX);
		return;
	}
	if (i == config->paths_count)
		config->paths[config->paths_count++] = word;
	rule->rule.path = i + 1;
}

static void netdev_set(const struct reader *reader, struct cgc_conf_rule *rule,
		       const struct cgc_ast_rule *ast, u32 n)
{
	struct cgc_config *config = reader->config;
	const struct cgc_conf_netdev word = {
		.selector = ast->netdevs[n],
		.at = origin(reader, ast->netdevs_place[n]),
		.label = ast->netdev_labels[n][0] ? cgc_symbol(config, ast->netdev_labels[n]) : NULL,
	};
	u32 i;

	for (i = 0; i < config->netdevs_count; i++)
		if (config->netdevs[i].label == word.label &&
		    !memcmp(&config->netdevs[i].selector, &word.selector, sizeof(word.selector)))
			break;
	if (i == CGC_NETDEV_SELECTORS) {
		cgc_error_at(config, word.at,
			     "a %uth interface, expected at most %u different ones in all rules",
			     i + 1, CGC_NETDEV_SELECTORS);
		return;
	}
	if (i == config->netdevs_count)
		config->netdevs[config->netdevs_count++] = word;
	rule->rule.netdevs |= 1ull << i;
}

static void on_rule(const struct reader *reader, struct cgc_place place,
		    const struct cgc_ast_rule *ast)
{
	struct cgc_config *config = reader->config;
	struct cgc_conf_rule *rule;
	u32 i;

	if (config->rules_count == CGC_RULES_MAX) {
		cgc_error_at(config, origin(reader, place),
			     "too many rules, expected at most %u", CGC_RULES_MAX);
		return;
	}
	config->rules = cgc_grow(config->rules, config->rules_count, sizeof(*rule));
	rule = &config->rules[config->rules_count++];
	memset(rule, 0, sizeof(*rule));
	rule->at = origin(reader, place);
	end_set(config, &rule->rule.src, &rule->src, &ast->src);
	end_set(config, &rule->rule.dst, &rule->dst, &ast->dst);
	methods_set(config, rule, ast);
	path_set(reader, rule, ast);
	for (i = 0; i < ast->netdevs_count; i++)
		netdev_set(reader, rule, ast, i);
}

/* `ADMIN COMPARTMENT x` beside `COMPARTMENT x NUMBER 2 …` is one definition. */
static bool only_admin(const struct cgc_conf_definition *def)
{
	return (def->def.flags & CGC_COMPARTMENT_ADMIN) && !def->number_at.line &&
	       !def->sealed_at.line && !def->routed_at.line && !def->caps_at.line &&
	       !def->def.root[0] && !def->user_at.line && !def->def.netdevs_count &&
	       !def->def.devices_count;
}

static bool merge(struct cgc_conf_definition *old, const struct cgc_conf_definition *new)
{
	u32 flags = old->def.flags | new->def.flags;

	if (only_admin(old) && !(new->def.flags & CGC_COMPARTMENT_ADMIN))
		*old = *new;
	else if (!only_admin(new) || (old->def.flags & CGC_COMPARTMENT_ADMIN))
		return false;
	old->def.flags = flags;
	if (!old->caps_at.line)
		old->def.caps = ~0ull;
	return true;
}

static void on_definition(const struct reader *reader, const struct cgc_ast_definition *ast)
{
	struct cgc_config *config = reader->config;
	struct cgc_conf_definition def = {
		.def = ast->def,
		.name = cgc_symbol(config, ast->def.name),
		.at = origin(reader, ast->name_place),
		.number_at = origin(reader, ast->number_place),
		.sealed_at = origin(reader, ast->sealed_place),
		.routed_at = origin(reader, ast->routed_place),
		.caps_at = origin(reader, ast->caps_place),
		.root_at = origin(reader, ast->root_place),
		.user_at = origin(reader, ast->user_place),
	};
	struct cgc_conf_definition *old;
	u32 i;

	for (i = 0; i < ast->def.netdevs_count; i++) {
		def.netdevs_at[i] = origin(reader, ast->netdevs_place[i]);
		if (ast->netdev_labels[i][0])
			def.netdev_labels[i] = cgc_symbol(config, ast->netdev_labels[i]);
	}
	for (i = 0; i < ast->def.devices_count; i++)
		def.devices_at[i] = origin(reader, ast->devices_place[i]);
	if (def.name->definition >= 0) {
		old = &config->definitions[def.name->definition];
		if (merge(old, &def))
			return;
		cgc_error_at(config, def.at,
			     "compartment %s is defined already at %s:%u:%u, expected one definition",
			     def.def.name, config->files[old->at.file].path,
			     old->at.line, old->at.column);
		return;
	}
	if (config->definitions_count == CGC_COMPARTMENTS_MAX) {
		cgc_error_at(config, def.at, "too many compartments, expected at most %u",
			     CGC_COMPARTMENTS_MAX);
		return;
	}
	def.name->definition = (int)config->definitions_count;
	config->definitions = cgc_grow(config->definitions, config->definitions_count,
				       sizeof(def));
	config->definitions[config->definitions_count++] = def;
}

static void pin_add(const struct reader *reader, struct cgc_place place,
		    const struct cgc_ast_file *ast, const struct cgc_ast_from *from)
{
	struct cgc_config *config = reader->config;
	struct cgc_conf_pin *pin;

	if (config->pins_count == CGC_FILES_MAX) {
		cgc_error_at(config, origin(reader, place),
			     "too many statements about files, expected at most %u", CGC_FILES_MAX);
		return;
	}
	config->pins = cgc_grow(config->pins, config->pins_count, sizeof(*pin));
	pin = &config->pins[config->pins_count++];
	*pin = (struct cgc_conf_pin){
		.file = { .kind = from ? CGC_FILE_EXEC : CGC_FILE_IMMUTABLE, .fd = -1, .dir = -1,
			  .compartment = ast->compartment.number,
			  .from = from ? from->number : 0 },
		.at = origin(reader, place),
		.compartment_at = origin(reader, ast->compartment.place),
		.path_at = origin(reader, ast->path_place),
	};
	memcpy(pin->file.path, ast->path, sizeof(pin->file.path));
	if (ast->compartment.name[0])
		pin->compartment = cgc_symbol(config, ast->compartment.name);
	if (!from)
		return;
	pin->from_at = origin(reader, from->place.line ? from->place : ast->path_place);
	if (from->name[0])
		pin->from = cgc_symbol(config, from->name);
}

static void on_file(const struct reader *reader, const struct cgc_statement *statement)
{
	const struct cgc_ast_file *ast = &statement->file;
	u32 i;

	if (statement->type == CGC_AST_IMMUTABLE)
		pin_add(reader, statement->place, ast, NULL);
	for (i = 0; i < ast->from_count; i++)
		pin_add(reader, statement->place, ast, &ast->from[i]);
}

/* The administrator's own before the shipped ones. */
static void include_system(struct cgc_config *config, const char *name,
			   struct cgc_origin at, unsigned int depth)
{
	const char *dirs[] = { config->options.config, CGC_SHARE_DIR };
	char path[PATH_MAX];
	struct stat st;
	u32 i;

	if (name[0] == '/' || strstr(name, "..")) {
		cgc_error_at(config, at, "INCLUDE <%s>: expected a name below %s",
			     name, CGC_SHARE_DIR);
		return;
	}
	for (i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "%s%s/%s", dirs[i % 2],
			 i < 2 ? "" : "/abstractions", name);
		if (stat(path, &st))
			continue;
		read_file(config, path, depth, &at);
		return;
	}
	cgc_error_at(config, at, "INCLUDE <%s>: there is no such file, expected it below %s or %s",
		     name, dirs[0], dirs[1]);
}

static void on_include(const struct reader *reader, const struct cgc_statement *statement)
{
	struct cgc_config *config = reader->config;
	struct cgc_origin at = origin(reader, statement->place);
	const char *from = config->files[reader->file].path;
	const char *slash = strrchr(from, '/');
	char path[PATH_MAX];

	if (reader->depth >= INCLUDE_DEPTH) {
		cgc_error_at(config, at, "INCLUDE goes deeper than %u files, expected fewer",
			     INCLUDE_DEPTH);
		return;
	}
	if (statement->include_system) {
		include_system(config, statement->include, at, reader->depth + 1);
		return;
	}
	if (statement->include[0] == '/' || !slash)
		snprintf(path, sizeof(path), "%s", statement->include);
	else
		snprintf(path, sizeof(path), "%.*s/%s", (int)(slash - from), from,
			 statement->include);
	read_file(config, path, reader->depth + 1, &at);
}

static int on_statement(void *ctx, const struct cgc_statement *statement)
{
	const struct reader *reader = ctx;

	switch (statement->type) {
	case CGC_AST_RULE:
		on_rule(reader, statement->place, &statement->rule);
		break;
	case CGC_AST_DEFINITION:
		on_definition(reader, &statement->definition);
		break;
	case CGC_AST_INCLUDE:
		on_include(reader, statement);
		break;
	case CGC_AST_IMMUTABLE:
	case CGC_AST_EXEC:
		on_file(reader, statement);
		break;
	case CGC_AST_NETDEV:
		cgc_conf_netdev(reader->config, origin(reader, statement->place),
				origin(reader, statement->netdev.label_place),
				&statement->netdev.map);
		break;
	case CGC_AST_ROUTE:
		cgc_conf_route(reader->config, reader->file, statement->place,
			       &statement->route);
		break;
	}
	return cgc_msg_too_many(reader->config);
}

static u32 file_add(struct cgc_config *config, const char *name, u64 dev, u64 ino)
{
	struct cgc_conf_file *file;

	config->files = cgc_grow(config->files, config->files_count, sizeof(*file));
	file = &config->files[config->files_count];
	*file = (struct cgc_conf_file){ .path = cgc_strdup(name), .dev = dev, .ino = ino,
					.open = true };
	return config->files_count++;
}

/* A NUL is said with its place too: an editor shows what is there. */
static bool has_nul(struct cgc_config *config, u32 file, const char *text, size_t len)
{
	struct cgc_origin at = { file, 1, 1 };
	const char *nul = len ? memchr(text, 0, len) : NULL;

	if (!nul)
		return false;
	for (; text < nul; text++) {
		at.column++;
		if (*text == '\n') {
			at.line++;
			at.column = 1;
		}
	}
	cgc_error_at(config, at, "a NUL byte, expected text (is this a binary file?)");
	return true;
}

static void parse(struct cgc_config *config, u32 file, unsigned int depth,
		  const char *text, size_t len)
{
	struct cgc_statement *scratch = cgc_alloc(sizeof(*scratch));
	struct reader reader = { config, file, depth };
	struct cgc_parse_error error = { 0 };

	if (!has_nul(config, file, text, len) &&
	    cgc_parse(text, len, scratch, on_statement, &reader, &error) == -EINVAL)
		cgc_error_at(config, origin(&reader, error.place), "%s", error.what);
	config->files[file].open = false;
	free(scratch);
}

void cgc_conf_text(struct cgc_config *config, const char *name, const char *text, size_t len)
{
	parse(config, file_add(config, name, 0, 0), 0, text, len);
}

/* What stands in a file that was read already is known; in one that is still
 * being read, it never ends. */
static bool seen(struct cgc_config *config, const struct cgc_source *source,
		 const char *path, const struct cgc_origin *from)
{
	const struct cgc_conf_file *file;
	u32 i;

	for (i = 0; source->ino && i < config->files_count; i++) {
		file = &config->files[i];
		if (file->dev != source->dev || file->ino != source->ino)
			continue;
		if (file->open && from)
			cgc_error_at(config, *from, "%s includes itself, expected another file",
				     path);
		return true;
	}
	return false;
}

static void file_error(struct cgc_config *config, const char *path, const char *why,
		       const struct cgc_origin *from)
{
	if (from)
		cgc_error_at(config, *from, "%s: %s", path, why);
	else
		cgc_msg_file(config, path, "%s", why);
}

static void untrusted(struct cgc_config *config, const char *path, const char *why)
{
	if (config->options.check)
		cgc_msg("%s: warning: %s: load will refuse it", path, why);
	else
		cgc_msg_file(config, path, "%s, expected what only root can write", why);
}

static void read_file(struct cgc_config *config, const char *path, unsigned int depth,
		      const struct cgc_origin *from)
{
	struct cgc_source source;
	const char *why;

	if (config->files_count == FILES_MAX) {
		cgc_msg_file(config, path, "too many files, expected at most %u", FILES_MAX);
		return;
	}
	if (cgc_source_read(path, &source, &why)) {
		file_error(config, path, why, from);
		return;
	}
	if (!seen(config, &source, path, from)) {
		if (source.untrusted)
			untrusted(config, path, source.untrusted);
		if (!source.untrusted || config->options.check)
			parse(config, file_add(config, strcmp(path, "-") ? path : "<stdin>",
					       source.dev, source.ino),
			      depth, source.text, source.len);
	}
	free(source.text);
}

static int is_rules(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > 6 && entry->d_name[0] != '.' &&
	       !strcmp(entry->d_name + len - 6, ".rules");
}

/* In the order of bytes, whatever the locale: the same at boot and by hand. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static u32 read_dir(struct cgc_config *config, const char *dir)
{
	struct dirent **entries;
	char path[PATH_MAX];
	const char *why = cgc_source_dir_untrusted(dir);
	int n, i;

	n = scandir(dir, &entries, is_rules, by_name);
	if (n < 0) {
		cgc_msg_file(config, dir, "%s", strerror(errno));
		return 1;
	}
	if (why)
		untrusted(config, dir, why);
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, entries[i]->d_name);
		if (!why || config->options.check)
			read_file(config, path, 0, NULL);
		free(entries[i]);
	}
	free(entries);
	return (u32)n;
}

void cgc_conf_read(struct cgc_config *config, const char *path)
{
	size_t len = strlen(path);
	char dir[PATH_MAX];
	struct stat st;
	u32 n, i;

	if (!strcmp(path, "-") || stat(path, &st) || !S_ISDIR(st.st_mode)) {
		read_file(config, path, 0, NULL);
		return;
	}
	while (len > 1 && path[len - 1] == '/')
		len--;
	snprintf(dir, sizeof(dir), "%.*s", (int)len, path);
	n = read_dir(config, dir);
	for (i = 0; i < 2; i++) {
		snprintf(dir, sizeof(dir), "%.*s/%s", (int)len, path, i ? "netdev.d" : "rules.d");
		if (!stat(dir, &st) && S_ISDIR(st.st_mode))
			n += read_dir(config, dir);
	}
	if (!n)
		cgc_msg_file(config, path, "no file in it, in its rules.d or in its netdev.d ends in .rules, expected one");
}
