/* SPDX-License-Identifier: GPL-2.0-only */
/* NETDEV statements: which interfaces are meant, and by which statement first. */
#ifndef CGC_CORE_NETDEV_MAP_H
#define CGC_CORE_NETDEV_MAP_H

#include "cgc_port.h"
#include "uapi/cgcompt.h"

/**
 * struct cgc_netdev_facts - what is known of an interface
 * @initial: it is in the initial network namespace
 * @is_vlan: @vlan says something
 * @has_mac: so does @mac: six bytes
 * @vlan: its VLAN id
 * @mac: its hardware address
 * @name: its name
 * @kind: of a virtual interface, or ""
 * @driver: of the device behind it, or ""
 * @master: name of what it belongs to, or ""
 * @alias: its alias, or ""
 * @in_net: has it an address in that network, as its own or with @peer its peer's?
 * @called: has it that name besides @name?
 * @ctx: handed to these
 *
 * Strings end with NUL.
 */
struct cgc_netdev_facts {
	bool initial;
	bool is_vlan;
	bool has_mac;
	u16 vlan;
	u8 mac[6];
	const char *name;
	const char *kind;
	const char *driver;
	const char *master;
	const char *alias;
	bool (*in_net)(const void *ctx, const struct cgc_map_addr *net, bool peer);
	bool (*called)(const void *ctx, const char *name);
	const void *ctx;
};

/* cgc_netdev_map_verify - is every field in its range and of use? Return: 0, -EINVAL
 * with a sentence in @why. */
int cgc_netdev_map_verify(const struct cgc_netdev_map *map, const char **why);

/* cgc_netdev_map_matches - is that interface meant? All attributes have to fit. */
bool cgc_netdev_map_matches(const struct cgc_netdev_map *map,
			    const struct cgc_netdev_facts *facts);

/* cgc_netdev_map_first - the index of the first of @count that means it, -1: none. */
int cgc_netdev_map_first(const struct cgc_netdev_map *maps, u32 count,
			 const struct cgc_netdev_facts *facts);

/* cgc_netdev_map_covers - does @wide mean every interface that @narrow means? False
 * where that cannot be told from what they say. */
bool cgc_netdev_map_covers(const struct cgc_netdev_map *wide,
			   const struct cgc_netdev_map *narrow);

/* cgc_map_addr_has - is an address, in network order, in a network? */
bool cgc_map_addr_has(const struct cgc_map_addr *net, unsigned int family, const void *addr);

#endif
