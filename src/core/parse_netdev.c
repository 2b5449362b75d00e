// SPDX-License-Identifier: GPL-2.0-only
/* NETDEV attribute value ... -> LABEL name. */
#include "parser.h"

#include "words.h"

#define ATTRIBUTES \
	"name, kind, driver, mac, address, peer, vlan, master, netns, altname or alias"

static int fail_value(struct cgc_parser *p, const struct cgc_word *word, const char *what,
		      const char *expected)
{
	cgc_fail_word(p, what, word, ": expected ");
	return cgc_fail_more(p, expected);
}

/* A word up to a blank, or between quotes: patterns have stars in them. */
static int parse_text(struct cgc_parser *p, const char *what, char *to, size_t size,
		      const char *too_long)
{
	struct cgc_word word;
	bool quoted;
	size_t i;

	cgc_lex_peek(&p->lex);
	if (!cgc_lex_path(&p->lex, &word, &quoted))
		return cgc_fail_word(p, "", &word, ": expected a closing \" on this line");
	if (!word.len)
		return cgc_fail_expected(p, "a name");
	for (i = 0; i < word.len; i++)
		if (!cgc_path_char(word.at[i]))
			return fail_value(p, &word, what, "no control bytes and no quotes in it");
	if (word.len >= size)
		return fail_value(p, &word, what, too_long);
	cgc_lex_take(&p->lex, &word);
	if (quoted)
		p->lex.pos++;
	memcpy(to, word.at, word.len);
	return 0;
}

static_assert(CGC_NETDEV_SIZE == 16 && CGC_KIND_SIZE == 16 && CGC_DRIVER_SIZE == 32 &&
	      CGC_ALTNAME_SIZE == 128, "parse_value() says so");

/* aa:bb:cc:dd:ee:ff, in all of @len. */
static bool mac_read(const char *at, size_t len, u8 *mac)
{
	unsigned int i;

	if (len != 17)
		return false;
	for (i = 0; i < 6; i++, at += 3) {
		if (cgc_hex_digit(at[0]) < 0 || cgc_hex_digit(at[1]) < 0 || (i < 5 && at[2] != ':'))
			return false;
		mac[i] = cgc_hex_digit(at[0]) << 4 | cgc_hex_digit(at[1]);
	}
	return true;
}

/* What is behind the slash: a mask, or how many bits from the left. */
static bool mac_mask_read(const char *at, size_t len, u8 *mask)
{
	const struct cgc_word word = { .at = at, .len = len };
	unsigned int i;
	u64 bits;

	if (mac_read(at, len, mask))
		return true;
	if (len > 2 || !cgc_word_number(&word, &bits) || !bits || bits > 48)
		return false;
	for (i = 0; i < 6; i++)
		mask[i] = bits >= 8 * (i + 1) ? 0xFF : bits <= 8 * i ? 0 : 0xFF << (8 * (i + 1) - bits);
	return true;
}

static int parse_mac(struct cgc_parser *p, struct cgc_netdev_map *map)
{
	struct cgc_word word;
	const char *slash;
	bool masked = false;
	size_t len;
	u8 any = 0;
	unsigned int i;

	if (cgc_lex_peek(&p->lex) != CGC_LEX_WORD)
		return cgc_fail_expected(p, "a hardware address");
	word = cgc_lex_word(&p->lex, 0);
	slash = memchr(word.at, '/', word.len);
	len = slash ? (size_t)(slash - word.at) : word.len;
	memset(map->mac_mask, 0xFF, sizeof(map->mac_mask));
	if (!mac_read(word.at, len, map->mac) ||
	    (slash && !mac_mask_read(slash + 1, word.len - len - 1, map->mac_mask)))
		return fail_value(p, &word, "mac ",
				  "six bytes in hexadecimal, 02:00:5e:10:00:01, and perhaps /24 or /ff:ff:ff:00:00:00");
	for (i = 0; i < 6; i++) {
		any |= map->mac_mask[i];
		masked |= map->mac[i] & ~map->mac_mask[i];
	}
	if (masked || !any)
		return fail_value(p, &word, "mac ", "an address without bits past its mask");
	cgc_lex_take(&p->lex, &word);
	return 0;
}

static int parse_net(struct cgc_parser *p, struct cgc_map_addr *net)
{
	struct cgc_ast_end end = { 0 };
	struct cgc_word word;
	int next = cgc_lex_peek(&p->lex), err;

	if (next != CGC_LEX_WORD && next != ':')
		return cgc_fail_expected(p, "an address, or a network a.b.c.d/bits or x::/bits");
	word = cgc_lex_word(&p->lex, 0);
	if (memchr(word.at, '/', word.len))
		err = cgc_parse_net(p, &end);
	else
		err = cgc_parse_host(p, &end);
	if (err)
		return err;
	if (end.kind != CGC_AST_NET4 && end.kind != CGC_AST_NET6)
		return fail_value(p, &word, "address ", "an address, not a name");
	net->family = end.kind == CGC_AST_NET4 ? 4 : 6;
	net->prefix = end.prefix;
	memcpy(net->addr, end.addr, sizeof(net->addr));
	return 0;
}

static int parse_vlan(struct cgc_parser *p, struct cgc_netdev_map *map)
{
	struct cgc_word word;
	u64 id;

	if (cgc_lex_peek(&p->lex) != CGC_LEX_WORD)
		return cgc_fail_expected(p, "a VLAN id");
	word = cgc_lex_word(&p->lex, 0);
	if (!cgc_word_number(&word, &id) || !id || id > 4094)
		return fail_value(p, &word, "vlan ", "1 to 4094");
	map->vlan = id;
	cgc_lex_take(&p->lex, &word);
	return 0;
}

static int parse_netns(struct cgc_parser *p, struct cgc_netdev_map *map)
{
	struct cgc_word word;
	unsigned int i;

	if (cgc_lex_peek(&p->lex) != CGC_LEX_WORD)
		return cgc_fail_expected(p, "initial, other or any");
	word = cgc_lex_word(&p->lex, 0);
	for (i = 0; i <= CGC_MAP_NETNS_ANY; i++)
		if (cgc_word_is(&word, cgc_map_netns_names[i]))
			break;
	if (i > CGC_MAP_NETNS_ANY)
		return fail_value(p, &word, "netns ", "initial, other (every namespace but that) or any");
	map->netns = i;
	cgc_lex_take(&p->lex, &word);
	return 0;
}

static int parse_value(struct cgc_parser *p, u32 attr, struct cgc_netdev_map *map)
{
	switch (attr) {
	case CGC_MAP_NAME:
		return parse_text(p, "name ", map->name, sizeof(map->name), "at most 15 bytes");
	case CGC_MAP_KIND:
		return parse_text(p, "kind ", map->kind, sizeof(map->kind), "at most 15 bytes");
	case CGC_MAP_DRIVER:
		return parse_text(p, "driver ", map->driver, sizeof(map->driver), "at most 31 bytes");
	case CGC_MAP_MASTER:
		return parse_text(p, "master ", map->master, sizeof(map->master), "at most 15 bytes");
	case CGC_MAP_ALTNAME:
		return parse_text(p, "altname ", map->altname, sizeof(map->altname),
				  "at most 127 bytes");
	case CGC_MAP_ALIAS:
		return parse_text(p, "alias ", map->alias, sizeof(map->alias), "at most 127 bytes");
	case CGC_MAP_MAC:
		return parse_mac(p, map);
	case CGC_MAP_ADDRESS:
		return parse_net(p, &map->address);
	case CGC_MAP_PEER:
		return parse_net(p, &map->peer);
	case CGC_MAP_VLAN:
		return parse_vlan(p, map);
	default:
		return parse_netns(p, map);
	}
}

static int parse_attribute(struct cgc_parser *p, struct cgc_netdev_map *map)
{
	struct cgc_word word;
	unsigned int i;

	if (cgc_lex_peek(&p->lex) != CGC_LEX_WORD)
		return cgc_fail_expected(p, map->attrs ? ATTRIBUTES ", or ->" : ATTRIBUTES);
	word = cgc_lex_word(&p->lex, 0);
	for (i = 0; i < CGC_MAP_WORDS; i++)
		if (cgc_word_is(&word, cgc_map_words[i]))
			break;
	if (i == CGC_MAP_WORDS)
		return cgc_fail_expected(p, map->attrs ? ATTRIBUTES ", or ->" : ATTRIBUTES);
	if (map->attrs & 1u << i)
		return cgc_fail_word(p, "", &word, " is there twice: expected it once");
	map->attrs |= 1u << i;
	cgc_lex_take(&p->lex, &word);
	return parse_value(p, 1u << i, map);
}

static int parse_label(struct cgc_parser *p, struct cgc_ast_netdev *netdev)
{
	struct cgc_word word;
	u64 value;

	if (!cgc_take_keyword(p, CGC_KW_LABEL))
		return cgc_fail_expected(p, "LABEL after ->");
	if (cgc_lex_peek(&p->lex) != CGC_LEX_WORD)
		return cgc_fail_expected(p, "a label's name, or a number from 0xFFFF0000 to 0xFFFFFFFC");
	word = cgc_lex_word(&p->lex, 0);
	if (word.at[0] == '@') {
		word.at++;
		word.len--;
		word.place.column++;
		cgc_lex_take_byte(&p->lex, '@');
		cgc_lex_peek(&p->lex);
	}
	netdev->label_place = word.place;
	if (!word.len || !cgc_is_digit(word.at[0])) {
		int err = cgc_parse_label(p, &word, netdev->map.label_name);

		if (!err)
			cgc_lex_take(&p->lex, &word);
		return err;
	}
	if (!cgc_word_number(&word, &value) || value < CGC_LABEL_NETDEV_FIRST ||
	    value >= CGC_LABEL_QUARANTINE)
		return cgc_fail_word(p, "label ", &word, ": expected 0xFFFF0000 to 0xFFFFFFFC");
	netdev->map.label = value;
	cgc_lex_take(&p->lex, &word);
	return 0;
}

int cgc_parse_netdev_map(struct cgc_parser *p)
{
	struct cgc_ast_netdev *netdev = &p->st->netdev;
	int err;

	p->st->type = CGC_AST_NETDEV;
	do
		err = parse_attribute(p, &netdev->map);
	while (!err && !cgc_lex_take_arrow(&p->lex));
	return err ? err : parse_label(p, netdev);
}
