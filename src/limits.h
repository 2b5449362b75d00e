/* SPDX-License-Identifier: GPL-2.0-only */
/* Every bound in one place; those that travel are in uapi/cgcompt.h. */
#ifndef CGC_LIMITS_H
#define CGC_LIMITS_H

#include "uapi/cgcompt.h"

#define CGC_RULES_MAX		1000000	/* in one set */
#define CGC_COMPARTMENTS_MAX	4096	/* definitions in one set */
#define CGC_NAMES_MAX		8192	/* that are remembered; more only while in use */
#define CGC_FOWNERS_MAX		16384	/* files whose receiver of SIGIO a compartment has set */
#define CGC_SHAPES_MAX		64	/* look-ups that one check may take, per table */
#define CGC_CHAIN_MAX		64	/* rules with the same key */
#define CGC_TEXT_MAX		(64u << 20)	/* bytes of one rules file */
#define CGC_LINE_MAX		4096	/* bytes of one line of rules */
#define CGC_HOST_SIZE		256	/* a host name with its NUL (RFC 1035) */
#define CGC_SERVICE_SIZE	32	/* a port's name with its NUL (RFC 6335: 15) */
#define CGC_RULE_NETDEVS_MAX	16	/* interfaces that one rule lists */
#define CGC_FILE_FROM_MAX	16	/* compartments that one EXEC lists after FROM */
#define CGC_RULE_TEXT_SIZE	1024	/* one rule, formatted, with its NUL */
#define CGC_DEFINITION_TEXT_SIZE 4096	/* one definition, likewise */

static_assert(sizeof(struct cgc_end) == 28, "wire format");
static_assert(sizeof(struct cgc_rule) == 104, "wire format");
static_assert(sizeof(struct cgc_path_word) == 112, "wire format");
static_assert(sizeof(struct cgc_file) == 280, "wire format");
static_assert(sizeof(struct cgc_route) == 60, "wire format");
static_assert(sizeof(struct cgc_netdev_selector) == 20, "wire format");
static_assert(sizeof(struct cgc_device) == 56, "wire format");
static_assert(sizeof(struct cgc_compartment) == 1200, "wire format");
static_assert(sizeof(struct cgc_netdev_map) == 468, "wire format");
static_assert(sizeof(struct cgc_flow) == 52, "wire format");

#endif
