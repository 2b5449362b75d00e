// SPDX-License-Identifier: GPL-2.0-only
#include "netdev_map.h"

#include "glob.h"

static bool is_zero(const void *bytes, size_t size)
{
	const u8 *at = bytes;
	size_t i;

	for (i = 0; i < size; i++)
		if (at[i])
			return false;
	return true;
}

/* Printable, without quotes, NUL at the end and behind it; empty without @wanted. */
static bool is_word(const char *text, size_t size, bool wanted)
{
	size_t len = strnlen(text, size), i;

	if (len == size || !is_zero(text + len, size - len) || !len == wanted)
		return false;
	for (i = 0; i < len; i++)
		if ((u8)text[i] < ' ' || text[i] == 127 || text[i] == '"')
			return false;
	return true;
}

static bool is_label_name(const char *name)
{
	size_t i;

	if (!is_word(name, CGC_NAME_SIZE, name[0]))
		return false;
	for (i = 0; name[i]; i++)
		if (!((name[i] >= 'a' && name[i] <= 'z') || (name[i] >= 'A' && name[i] <= 'Z') ||
		      name[i] == '_' ||
		      (i && ((name[i] >= '0' && name[i] <= '9') || name[i] == '.' || name[i] == '-'))))
			return false;
	return true;
}

static u8 mask_of(unsigned int prefix, unsigned int byte)
{
	if (prefix >= 8 * (byte + 1))
		return 0xFF;
	return prefix <= 8 * byte ? 0 : 0xFF << (8 * (byte + 1) - prefix);
}

static bool is_net(const struct cgc_map_addr *net, bool wanted)
{
	unsigned int i;

	if (!wanted)
		return is_zero(net, sizeof(*net));
	if ((net->family != 4 && net->family != 6) || net->reserved ||
	    net->prefix > (net->family == 4 ? 32 : 128))
		return false;
	for (i = 0; i < 16; i++)
		if (net->addr[i] & ~mask_of(net->prefix, i))
			return false;
	return true;
}

static bool is_mac(const struct cgc_netdev_map *map, bool wanted)
{
	unsigned int i;

	if (is_zero(map->mac_mask, 6) == wanted)
		return false;
	for (i = 0; i < 6; i++)
		if (map->mac[i] & ~map->mac_mask[i])
			return false;
	return true;
}

static const char *verify_strings(const struct cgc_netdev_map *map)
{
	const u32 attrs = map->attrs;

	if (!is_word(map->name, sizeof(map->name), attrs & CGC_MAP_NAME) ||
	    !is_word(map->kind, sizeof(map->kind), attrs & CGC_MAP_KIND) ||
	    !is_word(map->driver, sizeof(map->driver), attrs & CGC_MAP_DRIVER) ||
	    !is_word(map->master, sizeof(map->master), attrs & CGC_MAP_MASTER) ||
	    !is_word(map->altname, sizeof(map->altname), attrs & CGC_MAP_ALTNAME) ||
	    !is_word(map->alias, sizeof(map->alias), attrs & CGC_MAP_ALIAS))
		return "a word of a NETDEV statement is missing, too long or has control bytes or quotes";
	if (!is_label_name(map->label_name))
		return "a label's name is too long or has a character other than A-Z a-z 0-9 _ . -";
	if (!strcmp(map->label_name, "quarantine"))
		return "the label quarantine is the module's to give";
	return NULL;
}

int cgc_netdev_map_verify(const struct cgc_netdev_map *map, const char **why)
{
	const u32 attrs = map->attrs;

	*why = NULL;
	if (!attrs || attrs & ~CGC_MAP_ALL || map->reserved)
		*why = "a NETDEV statement says nothing, or what this module does not know";
	else if (map->label < CGC_LABEL_NETDEV_FIRST || map->label >= CGC_LABEL_QUARANTINE)
		*why = "a label is out of range, expected 0xFFFF0000 to 0xFFFFFFFC";
	else if (!(attrs & CGC_MAP_VLAN) != !map->vlan || map->vlan > 4094)
		*why = "a VLAN id is out of range, expected 1 to 4094";
	else if (map->netns > CGC_MAP_NETNS_ANY || (map->netns && !(attrs & CGC_MAP_NETNS)))
		*why = "a NETDEV statement is of an unknown kind of namespace";
	else if (!is_mac(map, attrs & CGC_MAP_MAC))
		*why = "a hardware address has bits past its mask";
	else if (!is_net(&map->address, attrs & CGC_MAP_ADDRESS) ||
		 !is_net(&map->peer, attrs & CGC_MAP_PEER))
		*why = "an address of a NETDEV statement is none, or has bits past its prefix";
	else
		*why = verify_strings(map);
	return *why ? -EINVAL : 0;
}

bool cgc_map_addr_has(const struct cgc_map_addr *net, unsigned int family, const void *addr)
{
	const u8 *at = addr;
	unsigned int i;

	if (net->family != family)
		return false;
	for (i = 0; i < 16 && mask_of(net->prefix, i); i++)
		if ((at[i] ^ net->addr[i]) & mask_of(net->prefix, i))
			return false;
	return true;
}

static bool glob(const char *pattern, const char *text)
{
	return cgc_glob_matches(pattern, text, strlen(text));
}

static bool mac_matches(const struct cgc_netdev_map *map, const u8 *mac)
{
	unsigned int i;

	for (i = 0; i < 6; i++)
		if ((mac[i] ^ map->mac[i]) & map->mac_mask[i])
			return false;
	return true;
}

static bool netns_matches(const struct cgc_netdev_map *map, bool initial)
{
	return map->netns == CGC_MAP_NETNS_ANY || initial == (map->netns == CGC_MAP_NETNS_INITIAL);
}

/* What can be had by looking; the rest is asked for. */
static bool seen_matches(const struct cgc_netdev_map *map, const struct cgc_netdev_facts *facts)
{
	const u32 attrs = map->attrs;

	return netns_matches(map, facts->initial) &&
	       (!(attrs & CGC_MAP_NAME) || glob(map->name, facts->name)) &&
	       (!(attrs & CGC_MAP_KIND) || !strcmp(map->kind, facts->kind)) &&
	       (!(attrs & CGC_MAP_DRIVER) || !strcmp(map->driver, facts->driver)) &&
	       (!(attrs & CGC_MAP_VLAN) || (facts->is_vlan && facts->vlan == map->vlan)) &&
	       (!(attrs & CGC_MAP_MAC) || (facts->has_mac && mac_matches(map, facts->mac))) &&
	       (!(attrs & CGC_MAP_MASTER) || (facts->master[0] && glob(map->master, facts->master))) &&
	       (!(attrs & CGC_MAP_ALIAS) || (facts->alias[0] && glob(map->alias, facts->alias)));
}

bool cgc_netdev_map_matches(const struct cgc_netdev_map *map,
			    const struct cgc_netdev_facts *facts)
{
	const u32 attrs = map->attrs;

	return seen_matches(map, facts) &&
	       (!(attrs & CGC_MAP_ADDRESS) || facts->in_net(facts->ctx, &map->address, false)) &&
	       (!(attrs & CGC_MAP_PEER) || facts->in_net(facts->ctx, &map->peer, true)) &&
	       (!(attrs & CGC_MAP_ALTNAME) || facts->called(facts->ctx, map->altname));
}

int cgc_netdev_map_first(const struct cgc_netdev_map *maps, u32 count,
			 const struct cgc_netdev_facts *facts)
{
	u32 i;

	for (i = 0; i < count; i++)
		if (cgc_netdev_map_matches(&maps[i], facts))
			return i;
	return -1;
}

static bool net_covers(const struct cgc_map_addr *wide, const struct cgc_map_addr *narrow)
{
	return wide->prefix <= narrow->prefix &&
	       cgc_map_addr_has(wide, narrow->family, narrow->addr);
}

static bool mac_covers(const struct cgc_netdev_map *wide, const struct cgc_netdev_map *narrow)
{
	unsigned int i;

	for (i = 0; i < 6; i++)
		if (wide->mac_mask[i] & ~narrow->mac_mask[i])
			return false;
	return mac_matches(wide, narrow->mac);
}

bool cgc_netdev_map_covers(const struct cgc_netdev_map *wide,
			   const struct cgc_netdev_map *narrow)
{
	const u32 attrs = wide->attrs & ~CGC_MAP_NETNS;

	if (attrs & ~narrow->attrs ||
	    (wide->netns != CGC_MAP_NETNS_ANY && wide->netns != narrow->netns))
		return false;
	return (!(attrs & CGC_MAP_NAME) || cgc_glob_covers(wide->name, narrow->name)) &&
	       (!(attrs & CGC_MAP_MASTER) || cgc_glob_covers(wide->master, narrow->master)) &&
	       (!(attrs & CGC_MAP_ALIAS) || cgc_glob_covers(wide->alias, narrow->alias)) &&
	       (!(attrs & CGC_MAP_KIND) || !strcmp(wide->kind, narrow->kind)) &&
	       (!(attrs & CGC_MAP_DRIVER) || !strcmp(wide->driver, narrow->driver)) &&
	       (!(attrs & CGC_MAP_ALTNAME) || !strcmp(wide->altname, narrow->altname)) &&
	       (!(attrs & CGC_MAP_VLAN) || wide->vlan == narrow->vlan) &&
	       (!(attrs & CGC_MAP_MAC) || mac_covers(wide, narrow)) &&
	       (!(attrs & CGC_MAP_ADDRESS) || net_covers(&wide->address, &narrow->address)) &&
	       (!(attrs & CGC_MAP_PEER) || net_covers(&wide->peer, &narrow->peer));
}
