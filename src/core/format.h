/* SPDX-License-Identifier: GPL-2.0-only */
/* Rules and definitions as text that cgc_parse() reads back to the same. */
#ifndef CGC_CORE_FORMAT_H
#define CGC_CORE_FORMAT_H

#include "rule.h"

/**
 * struct cgc_text - a buffer being filled; a full one drops what follows
 * @at: where it is
 * @size: of it, in bytes
 * @len: bytes used; there is always a NUL behind them
 * @cut: something was dropped
 */
struct cgc_text {
	char *at;
	size_t size;
	size_t len;
	bool cut;
};

void cgc_text_init(struct cgc_text *text, char *at, size_t size);
void cgc_text_bytes(struct cgc_text *text, const char *bytes, size_t len);
void cgc_text_str(struct cgc_text *text, const char *str);
void cgc_text_u64(struct cgc_text *text, u64 value);
/* cgc_text_hex - 0x and at least @digits digits. */
void cgc_text_hex(struct cgc_text *text, u64 value, unsigned int digits);
/* cgc_text_addr - an address, RFC 5952; @family 4 or 6. */
void cgc_text_addr(struct cgc_text *text, unsigned int family, const u8 *addr);

/**
 * struct cgc_names - how numbers are called
 * @name: gives a compartment's name, or NULL where it has none
 * @ctx: handed to @name
 */
struct cgc_names {
	const char *(*name)(void *ctx, u32 number);
	void *ctx;
};

/* cgc_text_label - a compartment's name, or its number where it has none
 * (`default` and `supervisor` for 0 and -1; 0x… for the interfaces' range). */
void cgc_text_label(struct cgc_text *text, const struct cgc_names *names, u32 label);

/* cgc_text_selector - a word after NETDEV. */
void cgc_text_selector(struct cgc_text *text, const struct cgc_netdev_selector *selector,
		       const struct cgc_names *names);

/* cgc_format_rule - one rule on one line, without newline and reference. */
void cgc_format_rule(struct cgc_text *text, const struct cgc_rule *rule,
		     const struct cgc_rule_words *words, const struct cgc_names *names);

/* cgc_format_compartment - one definition on one line, without newline. */
void cgc_format_compartment(struct cgc_text *text, const struct cgc_compartment *def,
			    const struct cgc_names *names);

/* cgc_format_route - one route on one line, without newline. */
void cgc_format_route(struct cgc_text *text, const struct cgc_route *route,
		      const struct cgc_names *names);

/* cgc_format_file - one statement about a file on one line, without newline. */
void cgc_format_file(struct cgc_text *text, const struct cgc_file *file,
		     const struct cgc_names *names);

/* cgc_format_netdev_map - a NETDEV statement, which is verified, on one line, likewise. */
void cgc_format_netdev_map(struct cgc_text *text, const struct cgc_netdev_map *map,
			   const struct cgc_names *names);

/* cgc_format_flow - as a rule: `COMPARTMENT web -> HOST 10.1.1.1 PORT 80 METHOD
 * tcp`; @reversed: with the ends exchanged, both ports shown (patent p29). */
void cgc_format_flow(struct cgc_text *text, const struct cgc_flow *flow,
		     bool reversed, const char *netdev, const struct cgc_names *names);

/* cgc_format_hosts - from which address to which, of a flow that has some. */
void cgc_format_hosts(struct cgc_text *text, const struct cgc_flow *flow);

/* cgc_format_reason - why it was refused: a clause, static. */
const char *cgc_format_reason(const struct cgc_flow *flow);

/* cgc_format_event - what was refused, as the rule that would allow it; @event's
 * strings end with NUL. */
void cgc_format_event(struct cgc_text *text, const struct cgc_event *event,
		      const struct cgc_names *names);

#endif
