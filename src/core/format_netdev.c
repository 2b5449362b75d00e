// SPDX-License-Identifier: GPL-2.0-only
#include "format.h"

#include "words.h"

const char *const cgc_map_words[CGC_MAP_WORDS] = {
	"name", "kind", "driver", "mac", "address", "peer", "vlan", "master", "altname",
	"alias", "netns",
};

const char *const cgc_map_netns_names[] = {
	[CGC_MAP_NETNS_INITIAL] = "initial",
	[CGC_MAP_NETNS_OTHER] = "other",
	[CGC_MAP_NETNS_ANY] = "any",
};

/* Between quotes where it would end early, or say something else, without them. */
static void text_word(struct cgc_text *text, const char *word)
{
	const char *quote = strpbrk(word, " \t;#") ? "\"" : "";

	cgc_text_str(text, quote);
	cgc_text_str(text, word);
	cgc_text_str(text, quote);
}

static void text_mac(struct cgc_text *text, const u8 *mac)
{
	static const char digits[] = "0123456789abcdef";
	char word[18];
	unsigned int i;

	for (i = 0; i < 6; i++) {
		word[3 * i] = digits[mac[i] >> 4];
		word[3 * i + 1] = digits[mac[i] & 15];
		word[3 * i + 2] = i < 5 ? ':' : '\0';
	}
	cgc_text_str(text, word);
}

static void text_masked_mac(struct cgc_text *text, const struct cgc_netdev_map *map)
{
	static const u8 all[6] = { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF };

	text_mac(text, map->mac);
	if (!memcmp(map->mac_mask, all, sizeof(all)))
		return;
	cgc_text_str(text, "/");
	text_mac(text, map->mac_mask);
}

static void text_net(struct cgc_text *text, const struct cgc_map_addr *net)
{
	cgc_text_addr(text, net->family, net->addr);
	if (net->prefix == (net->family == 4 ? 32 : 128))
		return;
	cgc_text_str(text, "/");
	cgc_text_u64(text, net->prefix);
}

static void text_value(struct cgc_text *text, const struct cgc_netdev_map *map, u32 attr)
{
	switch (attr) {
	case CGC_MAP_NAME:
		return text_word(text, map->name);
	case CGC_MAP_KIND:
		return text_word(text, map->kind);
	case CGC_MAP_DRIVER:
		return text_word(text, map->driver);
	case CGC_MAP_MASTER:
		return text_word(text, map->master);
	case CGC_MAP_ALTNAME:
		return text_word(text, map->altname);
	case CGC_MAP_ALIAS:
		return text_word(text, map->alias);
	case CGC_MAP_MAC:
		return text_masked_mac(text, map);
	case CGC_MAP_ADDRESS:
		return text_net(text, &map->address);
	case CGC_MAP_PEER:
		return text_net(text, &map->peer);
	case CGC_MAP_VLAN:
		return cgc_text_u64(text, map->vlan);
	case CGC_MAP_NETNS:
		return cgc_text_str(text, cgc_map_netns_names[map->netns]);
	}
}

void cgc_format_netdev_map(struct cgc_text *text, const struct cgc_netdev_map *map,
			   const struct cgc_names *names)
{
	unsigned int i;

	cgc_text_str(text, "NETDEV");
	for (i = 0; i < CGC_MAP_WORDS; i++) {
		if (!(map->attrs >> i & 1))
			continue;
		cgc_text_str(text, " ");
		cgc_text_str(text, cgc_map_words[i]);
		cgc_text_str(text, " ");
		text_value(text, map, 1u << i);
	}
	cgc_text_str(text, " -> LABEL ");
	if (map->label_name[0])
		cgc_text_str(text, map->label_name);
	else
		cgc_text_label(text, names, map->label);
}
