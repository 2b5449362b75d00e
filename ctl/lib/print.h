/* SPDX-License-Identifier: GPL-2.0-only */
/* The model for people's eyes. */
#ifndef CGC_CTL_PRINT_H
#define CGC_CTL_PRINT_H

#include "json.h"

/* The texts of these are good until the eighth next call of any of them. */
const char *cgc_show_label(const struct cgc_names *names, u32 label);
const char *cgc_show_addr(unsigned int family, const u8 *addr);
const char *cgc_show_rule(const struct cgc_rule *rule,
			  const struct cgc_rule_words *words, const struct cgc_names *names);
const char *cgc_show_definition(const struct cgc_compartment *def, const struct cgc_names *names);
const char *cgc_show_file(const struct cgc_file *file, const struct cgc_names *names);
const char *cgc_show_selector(const struct cgc_netdev_selector *selector,
			      const struct cgc_names *names);
const char *cgc_show_route(const struct cgc_route *route, const struct cgc_names *names);
const char *cgc_show_netdev_map(const struct cgc_netdev_map *map, const struct cgc_names *names);
const char *cgc_show_hosts(const struct cgc_flow *flow);
const char *cgc_show_flow(const struct cgc_flow *flow, bool reversed,
			  const char *netdev, const struct cgc_names *names);
/* cgc_show_event - as cgc_format_event(), of what the kernel gave as it is. */
const char *cgc_show_event(const struct cgc_event *event, const struct cgc_names *names);
/* cgc_show_name - a fixed-size name from the kernel, fit to be printed. */
const char *cgc_show_name(const char *name, size_t size);
/* cgc_show_time - nanoseconds since 1970, local time, milliseconds. */
const char *cgc_show_time(u64 ns);

const char *cgc_mode_name(u32 mode);
const char *cgc_owner_name(u32 owner);

#endif
