/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The language (mission R1, design 3.1): text in, statements out.
 *
 * Pure and without memory of its own: every statement is handed to the caller
 * as it is complete. Names stay names: looking them up (compartments, hosts,
 * services) is the caller's, who has the place of each for its own messages.
 */
#ifndef CGC_CORE_PARSE_H
#define CGC_CORE_PARSE_H

#include "request.h"
#include "limits.h"

/**
 * struct cgc_place - where in the text
 * @line: from 1
 * @column: from 1, in bytes
 */
struct cgc_place {
	u32 line;
	u32 column;
};

/**
 * struct cgc_ast_port - what stands after PORT
 * @place: of the word after PORT; line 0 where there is no PORT
 * @lo: lowest, or 0 with @service
 * @hi: highest
 * @service: a name to be looked up, or empty
 */
struct cgc_ast_port {
	struct cgc_place place;
	u16 lo;
	u16 hi;
	char service[CGC_SERVICE_SIZE];
};

/* enum cgc_ast_kind - what an end is written as */
enum cgc_ast_kind {
	CGC_AST_COMPARTMENT,		/* by @name or, with an empty one, by @number */
	CGC_AST_COMPARTMENT_ANY,
	CGC_AST_HOST_ANY,
	CGC_AST_HOST_NAME,		/* @name to be resolved */
	CGC_AST_NET4,			/* @addr, @prefix; HOST a.b.c.d is a /32 */
	CGC_AST_NET6,
	CGC_AST_LABEL,			/* COMPARTMENT @label: by @name, or by @number */
};

/**
 * struct cgc_ast_end - one end of a rule
 * @place: of the name, number or address
 * @kind: enum cgc_ast_kind
 * @prefix: of NET4, NET6
 * @number: of a compartment, or an interface's label
 * @name: of a compartment, label or host
 * @addr: network order; bits past @prefix are 0 (a NET with host bits set is an error)
 * @port: after PORT
 */
struct cgc_ast_end {
	struct cgc_place place;
	u8 kind;
	u8 prefix;
	u32 number;
	char name[CGC_HOST_SIZE];
	u8 addr[16];
	struct cgc_ast_port port;
};

/**
 * struct cgc_ast_rule - a rule
 * @src: its source
 * @dst: its destination, with the one PORT of both places (unequal ones are an error)
 * @methods: CGC_METHOD_BIT()s
 * @methods_place: of the first method
 * @method_place: of each method that is named; line 0 with METHOD all
 * @attrs: CGC_ATTR_*
 * @signals: bit n-1: signal n (signal[TERM,HUP]); 0: all
 * @path_place: of @path
 * @path: after PATH (unix), or empty
 * @netdevs_count: interfaces after NETDEV
 * @netdevs: names, or labels (by number; @label by name is in @netdev_labels)
 * @netdev_labels: names of labels still to be looked up, or empty
 * @netdevs_place: of each
 */
struct cgc_ast_rule {
	struct cgc_ast_end src;
	struct cgc_ast_end dst;
	u32 methods;
	struct cgc_place methods_place;
	struct cgc_place method_place[CGC_METHOD_COUNT];
	u32 attrs;
	u64 signals;
	struct cgc_place path_place;
	char path[CGC_PATH_SIZE];
	u32 netdevs_count;
	struct cgc_netdev_selector netdevs[CGC_RULE_NETDEVS_MAX];
	char netdev_labels[CGC_RULE_NETDEVS_MAX][CGC_NAME_SIZE];
	struct cgc_place netdevs_place[CGC_RULE_NETDEVS_MAX];
};

/* enum cgc_ast_type - kinds of statement */
enum cgc_ast_type {
	CGC_AST_RULE,
	CGC_AST_DEFINITION,	/* COMPARTMENT name NUMBER … */
	CGC_AST_INCLUDE,	/* INCLUDE <name> or INCLUDE "path" */
	CGC_AST_IMMUTABLE,	/* IMMUTABLE COMPARTMENT name path */
	CGC_AST_EXEC,		/* EXEC path FROM COMPARTMENT name,name -> COMPARTMENT name */
	CGC_AST_NETDEV,		/* NETDEV attribute … -> LABEL name */
	CGC_AST_ROUTE,		/* ROUTE COMPARTMENT name destination VIA address DEV name */
};

/**
 * struct cgc_ast_definition - a compartment's definition
 * @name_place: of its name
 * @number_place: of its number; line 0 where NUMBER is absent; of the name for
 *	`default` and `supervisor`, whose numbers are known
 * @sealed_place: of SEALED, line 0 where absent
 * @routed_place: of ROUTED, line 0 where absent
 * @caps_place: of the list after CAPS, line 0 where absent
 * @root_place: of the path after ROOT, line 0 where absent
 * @user_place: of the word after USER, line 0 where absent
 * @netdev_labels: of @def.netdevs: names of labels still to be looked up, or empty
 * @netdevs_place: of each
 * @devices_place: of each of @def.devices, which are paths still to be looked up
 * @def: the rest; @def.number is valid where @number_place is; flags SEALED,
 *	ADMIN, PERMISSIVE, ROUTED, ROUTED_ONLY, DEFINED; @def.caps CGC_CAPS_DEFAULT (ADMIN, default and
 *	supervisor: all) with what CAPS gives and takes
 */
struct cgc_ast_definition {
	struct cgc_place name_place;
	struct cgc_place number_place;
	struct cgc_place sealed_place;
	struct cgc_place routed_place;
	struct cgc_place caps_place;
	struct cgc_place root_place;
	struct cgc_place user_place;
	char netdev_labels[CGC_NETDEVS_MAX][CGC_NAME_SIZE];
	struct cgc_place netdevs_place[CGC_NETDEVS_MAX];
	struct cgc_place devices_place[CGC_DEVICES_MAX];
	struct cgc_compartment def;
};

/**
 * struct cgc_ast_from - a compartment after FROM
 * @place: of its name or number
 * @number: of it, with an empty @name
 * @name: of it
 */
struct cgc_ast_from {
	struct cgc_place place;
	u32 number;
	char name[CGC_NAME_SIZE];
};

/**
 * struct cgc_ast_file - a statement about a file
 * @compartment: a COMPARTMENT end: IMMUTABLE: in whose root the path is; EXEC: entered
 * @path_place: of the path
 * @path: absolute
 * @from_count: EXEC: compartments after FROM, at least one: without FROM it is 0
 * @from: these
 */
struct cgc_ast_file {
	struct cgc_ast_end compartment;
	struct cgc_place path_place;
	char path[CGC_ROOT_SIZE];
	u32 from_count;
	struct cgc_ast_from from[CGC_FILE_FROM_MAX];
};

/**
 * struct cgc_ast_netdev - which interfaces get a label
 * @label_place: of the label
 * @map: what is said; without @map.label where @map.label_name is to be looked up
 */
struct cgc_ast_netdev {
	struct cgc_place label_place;
	struct cgc_netdev_map map;
};

/**
 * struct cgc_ast_route - a route of a compartment's table
 * @compartment: a COMPARTMENT end: whose
 * @dst: where it leads: NET4 or NET6; only its place with @is_default
 * @is_default: `default': everything, of @via's kind or of both
 * @via: the gateway, a whole address; line 0 where there is none
 * @dev_place: of @dev; line 0 where there is none
 * @dev: the interface
 */
struct cgc_ast_route {
	struct cgc_ast_end compartment;
	struct cgc_ast_end dst;
	bool is_default;
	struct cgc_ast_end via;
	struct cgc_place dev_place;
	char dev[CGC_NETDEV_SIZE];
};

/**
 * struct cgc_statement - one statement
 * @type: enum cgc_ast_type
 * @place: of its first word
 * @rule: CGC_AST_RULE
 * @definition: CGC_AST_DEFINITION
 * @file: CGC_AST_IMMUTABLE, CGC_AST_EXEC
 * @route: CGC_AST_ROUTE
 * @include: CGC_AST_INCLUDE: the name or path
 * @include_system: CGC_AST_INCLUDE: written in <>
 */
struct cgc_statement {
	u8 type;
	struct cgc_place place;
	union {
		struct cgc_ast_rule rule;
		struct cgc_ast_definition definition;
		struct cgc_ast_file file;
		struct cgc_ast_netdev netdev;
		struct cgc_ast_route route;
		struct {
			char include[CGC_ROOT_SIZE];
			bool include_system;
		};
	};
};

/**
 * struct cgc_parse_error - what is wrong with the text
 * @place: where
 * @what: one line without full stop: what is wrong, what was expected
 */
struct cgc_parse_error {
	struct cgc_place place;
	char what[256];
};

/**
 * cgc_parse - read a text of statements
 * @text: may hold any bytes; need not end with NUL or newline
 * @len: of it, in bytes, <= CGC_TEXT_MAX
 * @scratch: where each statement is built
 * @statement: called with each; not 0 ends the parsing with that value
 * @ctx: handed to @statement
 * @error: filled in where the text is at fault
 *
 * Return: 0, -EINVAL with @error filled in, or what @statement returned.
 */
int cgc_parse(const char *text, size_t len, struct cgc_statement *scratch,
	      int (*statement)(void *ctx, const struct cgc_statement *statement),
	      void *ctx, struct cgc_parse_error *error);

/* cgc_signal_number - 1..64 by name (TERM, SIGTERM, RTMIN+1) or number; 0: unknown. */
unsigned int cgc_signal_number(const char *name, size_t len);

/* cgc_cap_number - a capability's number by name (cap_mknod, mknod; any case),
 * or -1. */
int cgc_cap_number(const char *name, size_t len);

#endif
