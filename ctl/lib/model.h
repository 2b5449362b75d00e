/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What stands in the middle: conf.c turns text into a struct cgc_config,
 * compile.c turns that into a struct cgc_set, wire.c carries a set to and from
 * the kernel, print.c shows it.
 */
#ifndef CGC_CTL_MODEL_H
#define CGC_CTL_MODEL_H

#include "core/format.h"
#include "core/parse.h"
#include "core/ruleset.h"

/**
 * struct cgc_origin - where something is written
 * @file: index into struct cgc_config's @files
 * @line: from 1; 0 where it is not written at all
 * @column: from 1
 */
struct cgc_origin {
	u32 file;
	u32 line;
	u32 column;
};

/**
 * struct cgc_addresses - what a host's name stands for
 * @count: addresses
 * @ends: NET4 and NET6 ends, ports any
 */
struct cgc_addresses {
	u32 count;
	struct cgc_end ends[];
};

#define CGC_PORT_UNASKED	(-2)
#define CGC_PORT_UNKNOWN	(-1)

/**
 * struct cgc_symbol - a name that occurs, once
 * @next: in its hash chain
 * @definition: of a compartment with this name: index, or -1
 * @ports: of a service with this name: tcp, udp, sctp; CGC_PORT_*
 * @asked: @addresses has been looked up
 * @addresses: of a host with this name, or NULL
 * @label: of an interface's label with this name, its number; 0: there is none
 * @text: the name
 */
struct cgc_symbol {
	struct cgc_symbol *next;
	int definition;
	int ports[3];
	bool asked;
	struct cgc_addresses *addresses;
	u32 label;
	char text[];
};

/**
 * struct cgc_conf_definition - a compartment's definition as written
 * @def: the definition; its number is valid with @number_at
 * @name: its name
 * @at: of its name
 * @number_at: of its number; line 0: none given
 * @sealed_at: of SEALED, or line 0
 * @routed_at: of ROUTED, or line 0
 * @caps_at: of CAPS' list, or line 0
 * @root_at: of ROOT's path, or line 0
 * @user_at: of the word after USER, or line 0
 * @netdevs_at: of each of its NETDEVS
 * @netdev_labels: of each that is a label by name, or NULL
 * @devices_at: of each of its DEVICES
 */
struct cgc_conf_definition {
	struct cgc_compartment def;
	struct cgc_symbol *name;
	struct cgc_origin at;
	struct cgc_origin number_at;
	struct cgc_origin sealed_at;
	struct cgc_origin routed_at;
	struct cgc_origin caps_at;
	struct cgc_origin root_at;
	struct cgc_origin user_at;
	struct cgc_origin netdevs_at[CGC_NETDEVS_MAX];
	struct cgc_symbol *netdev_labels[CGC_NETDEVS_MAX];
	struct cgc_origin devices_at[CGC_DEVICES_MAX];
};

/**
 * struct cgc_conf_end - what is still to be looked up of a rule's end
 * @place: of the name, number or address
 * @port_place: of the word after PORT
 * @compartment: its name, or NULL
 * @label: an interface's label's name, or NULL
 * @host: its name, or NULL
 * @service: the port's name, or NULL
 */
struct cgc_conf_end {
	struct cgc_place place;
	struct cgc_place port_place;
	struct cgc_symbol *compartment;
	struct cgc_symbol *label;
	struct cgc_symbol *host;
	struct cgc_symbol *service;
};

/**
 * struct cgc_conf_rule - a rule as written
 * @rule: what is known without looking a name up
 * @at: of its first word
 * @src: names of the source
 * @dst: names of the destination
 * @unenforced_place: of what this version does not enforce, or line 0
 * @unenforced: what that is: `METHOD shm`
 */
struct cgc_conf_rule {
	struct cgc_rule rule;
	struct cgc_origin at;
	struct cgc_conf_end src;
	struct cgc_conf_end dst;
	struct cgc_place unenforced_place;
	const char *unenforced;
};

/**
 * struct cgc_conf_pin - a statement about a file as written
 * @file: what it says; its compartment is valid without @compartment
 * @at: of its first word
 * @compartment_at: of the compartment's name or number
 * @from_at: of the name or number after FROM
 * @path_at: of the path
 * @compartment: its name, or NULL
 * @from: the name after FROM, or NULL
 */
struct cgc_conf_pin {
	struct cgc_file file;
	struct cgc_origin at;
	struct cgc_origin compartment_at;
	struct cgc_origin from_at;
	struct cgc_origin path_at;
	struct cgc_symbol *compartment;
	struct cgc_symbol *from;
};

/**
 * struct cgc_conf_map - a NETDEV statement as written
 * @map: what it says; its label is valid without @label
 * @at: of its first word
 * @label_at: of the label
 * @label: its name, or NULL
 */
struct cgc_conf_map {
	struct cgc_netdev_map map;
	struct cgc_origin at;
	struct cgc_origin label_at;
	struct cgc_symbol *label;
};

/**
 * struct cgc_conf_route - a ROUTE statement as written, or one half of it
 * @route: what it says; its compartment is valid without @compartment
 * @at: of its first word
 * @compartment_at: of the compartment's name or number
 * @way_at: of the interface, or else of the gateway
 * @compartment: its name, or NULL
 */
struct cgc_conf_route {
	struct cgc_route route;
	struct cgc_origin at;
	struct cgc_origin compartment_at;
	struct cgc_origin way_at;
	struct cgc_symbol *compartment;
};

/**
 * struct cgc_conf_netdev - a word after NETDEV in a rule, once for all rules
 * @selector: what it says; its label is valid without @label
 * @at: where it stands first
 * @label: the label's name, or NULL
 */
struct cgc_conf_netdev {
	struct cgc_netdev_selector selector;
	struct cgc_origin at;
	struct cgc_symbol *label;
};

/**
 * struct cgc_conf_file - a text that was read
 * @path: how messages call it
 * @dev: of the file; 0 with @ino 0 where it is none
 * @ino: likewise
 * @open: it is being read: to include it now would be a loop
 */
struct cgc_conf_file {
	char *path;
	u64 dev;
	u64 ino;
	bool open;
};

/**
 * struct cgc_conf_options - how a configuration is to be read
 * @check: warn of what load refuses for reasons outside the text
 * @boot: the network is not to be asked, names have their stored addresses
 * @names_in_force: rules may name compartments that only the kernel knows
 * @methods: those that are enforced, CGC_METHOD_BIT()s
 * @config: the configuration's directory
 * @in_force: the compartments of the running module
 * @in_force_count: how many there are
 * @labels: how interfaces' labels are called in the running module
 * @labels_count: how many there are
 */
struct cgc_conf_options {
	bool check;
	bool boot;
	bool names_in_force;
	u32 methods;
	const char *config;
	const struct cgc_compartment *in_force;
	u32 in_force_count;
	const struct cgc_label_name *labels;
	u32 labels_count;
};

#define CGC_SYMBOL_BUCKETS 4096

/* struct cgc_config - statements as written, from all files */
struct cgc_config {
	struct cgc_conf_options options;
	struct cgc_conf_file *files;
	u32 files_count;
	struct cgc_conf_definition *definitions;
	u32 definitions_count;
	struct cgc_conf_rule *rules;
	u32 rules_count;
	struct cgc_conf_pin *pins;
	u32 pins_count;
	struct cgc_conf_map *maps;
	u32 maps_count;
	struct cgc_conf_route *routes;
	u32 routes_count;
	struct cgc_conf_netdev netdevs[CGC_NETDEV_SELECTORS];
	u32 netdevs_count;
	struct cgc_path_word paths[CGC_PATHS_MAX];
	u32 paths_count;
	u32 errors;
	u32 syntax_errors;
	u32 warnings;
	struct cgc_symbol *symbols[CGC_SYMBOL_BUCKETS];
};

/**
 * struct cgc_set_file - a statement about a file
 * @file: what it says; without a descriptor
 * @at: of the path, where it is written
 * @root: where the path begins: of IMMUTABLE the compartment's ROOT; else "/"
 */
struct cgc_set_file {
	struct cgc_file file;
	struct cgc_origin at;
	char root[CGC_ROOT_SIZE];
};

/**
 * struct cgc_statement_type - what is to be known of a kind of statements that are plain
 *	records
 * @name: what stands after `list' for them alone
 * @size: of a record, whose first word is its owner
 * @show: one of them as text, as those of print.h do
 */
struct cgc_statement_type {
	const char *name;
	size_t size;
	const char *(*show)(const void *record, const struct cgc_names *names);
};

extern const struct cgc_statement_type cgc_statement_types[CGC_STATEMENT_KINDS];

/**
 * struct cgc_set_statements - those of one kind, in their order
 * @at: the records
 * @origins: where each is written; all 0 in what the kernel gave
 * @count: how many there are
 */
struct cgc_set_statements {
	void *at;
	struct cgc_origin *origins;
	u32 count;
};

/**
 * struct cgc_set - rules and definitions as the kernel takes and gives them
 * @rules: the rules
 * @origins: where each is written; NULL in what the kernel gave
 * @count: how many there are
 * @defs: the definitions
 * @defs_count: how many there are
 * @files: the statements about files
 * @files_count: how many there are
 * @statements: those that are plain records
 * @labels: how interfaces' labels are called (in what the kernel gave)
 * @labels_count: how many there are
 * @fault: which of @files the module refused, from 1; 0: none of them
 * @netdevs: selectors that the rules' bits mean
 * @netdevs_count: how many there are
 * @paths: words that the rules' indices mean
 * @paths_count: how many there are
 */
struct cgc_set {
	struct cgc_rule *rules;
	struct cgc_origin *origins;
	u32 count;
	struct cgc_compartment *defs;
	u32 defs_count;
	struct cgc_set_file *files;
	u32 files_count;
	struct cgc_set_statements statements[CGC_STATEMENT_KINDS];
	struct cgc_label_name *labels;
	u32 labels_count;
	u32 fault;
	struct cgc_netdev_selector netdevs[CGC_NETDEV_SELECTORS];
	u32 netdevs_count;
	struct cgc_path_word paths[CGC_PATHS_MAX];
	u32 paths_count;
};

/* cgc_grow - room for one more in an array of @count; exits when out of memory. */
void *cgc_grow(void *array, u32 count, size_t size);
/* cgc_alloc - zeroed memory; exits when out of it. */
void *cgc_alloc(size_t size);
/* cgc_strdup - a copy; exits when out of memory. */
char *cgc_strdup(const char *str);

void cgc_config_init(struct cgc_config *config, const struct cgc_conf_options *options);
void cgc_config_free(struct cgc_config *config);
/* cgc_symbol - the one symbol with this text, made where there is none. */
struct cgc_symbol *cgc_symbol(struct cgc_config *config, const char *text);

/* cgc_set_rule - append a rule. */
void cgc_set_rule(struct cgc_set *set, const struct cgc_rule *rule,
		  const struct cgc_origin *origin);
/* cgc_set_file - append a statement about a file. */
void cgc_set_file(struct cgc_set *set, const struct cgc_set_file *file);
/* cgc_file_same - do they say the same? */
bool cgc_file_same(const struct cgc_file *a, const struct cgc_file *b);
/* cgc_set_statement - append one of a kind. */
void cgc_set_statement(struct cgc_set *set, u32 kind, const void *record,
		       const struct cgc_origin *origin);
const void *cgc_set_statement_at(const struct cgc_set *set, u32 kind, u32 i);
/* cgc_set_find_statement - the index of one that says the same, whoever's; their number:
 * there is none. */
u32 cgc_set_find_statement(const struct cgc_set *set, u32 kind, const void *record);
bool cgc_set_has_statement(const struct cgc_set *set, u32 kind, const void *record);
/* cgc_set_statements_count - of all kinds. */
u32 cgc_set_statements_count(const struct cgc_set *set);
void cgc_set_statements_free(struct cgc_set *set);
void cgc_set_free(struct cgc_set *set);
/* cgc_set_words - what bits and indices in its rules mean. */
struct cgc_rule_words cgc_set_words(const struct cgc_set *set);
/* cgc_set_copy_words - to an empty set, for rules of another. */
void cgc_set_copy_words(struct cgc_set *to, const struct cgc_set *from);
/* cgc_set_sort - definitions by number, as cgc_set_name() needs them. */
void cgc_set_sort(struct cgc_set *set);
/* cgc_set_name - struct cgc_names' callback; @ctx is a sorted set. */
const char *cgc_set_name(void *ctx, u32 number);
/* cgc_set_ruleset - the core's form of it, to be freed with free(), or NULL. */
struct cgc_ruleset *cgc_set_ruleset(const struct cgc_set *set);

#endif
