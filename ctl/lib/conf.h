/* SPDX-License-Identifier: GPL-2.0-only */
/* Files and directories in, statements out; statements in, a set out. */
#ifndef CGC_CTL_CONF_H
#define CGC_CTL_CONF_H

#include <sys/stat.h>

#include "model.h"

#define CGC_CONFIG_DIR		"/etc/cgcompt"
#define CGC_SHARE_DIR		"/usr/share/cgcompt"
#define CGC_HOSTS_FILE		"/var/lib/cgcompt/hosts"

/*
 * The readers report what is wrong as they find it, go on as far as makes
 * sense, and count in @config->errors; a caller looks there.
 */

/* cgc_conf_read - a file, a directory (its, its rules.d's and its netdev.d's *.rules), or
 * "-". */
void cgc_conf_read(struct cgc_config *config, const char *path);

/* cgc_conf_text - a text, which messages call @name. */
void cgc_conf_text(struct cgc_config *config, const char *name, const char *text, size_t len);

/**
 * cgc_conf_compile - look names up and verify
 * @config: all of it; nothing is done where it has errors
 * @set: filled in, to be freed with cgc_set_free() in any case
 */
void cgc_conf_compile(struct cgc_config *config, struct cgc_set *set);

/* cgc_compile_numbers - a number for every definition (compile's first half). */
void cgc_compile_numbers(struct cgc_config *config);

/* cgc_compile_roots - no compartment's ROOT is another's, or inside of it. Of those that
 * are administrators' it may be: they have /compt, for example. */
void cgc_compile_roots(struct cgc_config *config);

/* cgc_conf_netdev - a NETDEV statement that was read. */
void cgc_conf_netdev(struct cgc_config *config, struct cgc_origin at, struct cgc_origin label_at,
		     const struct cgc_netdev_map *map);

/* cgc_compile_labels - a number for every name of a label: first of all. */
void cgc_compile_labels(struct cgc_config *config);

/* cgc_compile_bounds - NETDEVS of definitions. */
void cgc_compile_bounds(struct cgc_config *config);

/* cgc_compile_netdevs - NETDEV statements, and the words that rules name. */
void cgc_compile_netdevs(struct cgc_config *config, struct cgc_set *set);

/* cgc_compile_devices - DEVICES of definitions: paths to numbers. */
void cgc_compile_devices(struct cgc_config *config);

/* cgc_device_set - kind and number of what stat(2) found; false: it is none of those. */
bool cgc_device_set(struct cgc_device *device, const struct stat *st);

/* cgc_compile_bounded - warn of a rule by interfaces that its compartment is not bound to. */
void cgc_compile_bounded(struct cgc_config *config, const struct cgc_set *set,
			 const struct cgc_rule *rule, struct cgc_origin at);

/* cgc_compartment_resolve - the number of the compartment that stands at @at; @name: NULL
 * where @number is given. Says what is wrong. */
bool cgc_compartment_resolve(struct cgc_config *config, struct cgc_origin at,
			     const struct cgc_symbol *name, u32 *number);

/* cgc_definition_of - a compartment's definition: of the text, or of the running module
 * where only that knows it; NULL: none. */
const struct cgc_compartment *cgc_definition_of(const struct cgc_config *config, u32 number);

/* cgc_conf_route - a ROUTE statement that was read from @file. */
void cgc_conf_route(struct cgc_config *config, u32 file, struct cgc_place place,
		    const struct cgc_ast_route *ast);

/* cgc_compile_routes - ROUTE statements to records. */
void cgc_compile_routes(struct cgc_config *config, struct cgc_set *set);

/* cgc_routes_verify - can the kernel have the routes of a set? Said at their place where
 * it cannot: an interface that is not there (at boot it may come), reverse path filtering
 * that drops what comes back. */
void cgc_routes_verify(struct cgc_config *config, const struct cgc_set *set);

/* cgc_label_resolve - the number of an interface's label that stands at @at; @name: NULL
 * where @label is given. Says what is wrong. */
bool cgc_label_resolve(struct cgc_config *config, struct cgc_origin at,
		       const struct cgc_symbol *name, u32 *label);

/* cgc_label_by_name - an interface's label by a name in force; false: unknown. */
bool cgc_label_by_name(const struct cgc_label_name *known, u32 count, const char *name, u32 *label);

/* cgc_label_find - a compartment's number by name or number; false: unknown. */
bool cgc_label_find(const struct cgc_compartment *known, u32 count,
		    const char *name, u32 *label);

/* cgc_label_number - read 2, 0x2, -1; false where it is none. */
bool cgc_label_number(const char *text, u32 *label);

/* cgc_name_builtin - is it `default` or `supervisor`, and which number is that? */
bool cgc_name_builtin(const char *name, u32 *number);

/* cgc_suggest - the name that is most like @name, or NULL. */
const char *cgc_suggest(const struct cgc_config *config, const char *name);

/* cgc_host_addresses - what a host's name stands for, or NULL with *@why set. */
const struct cgc_addresses *cgc_host_addresses(struct cgc_config *config,
					       struct cgc_symbol *host, const char **why);

/* cgc_hosts_store - keep the addresses for the next boot; says what fails. */
void cgc_hosts_store(const struct cgc_config *config);

#endif
