// SPDX-License-Identifier: GPL-2.0-only
/* What follows HOST and NET. */
#include "parser.h"

#include "format.h"

#define MAPPED	": an IPv4-mapped IPv6 address never comes; expected the IPv4 address"

/* a.b.c.d, each 0 to 255 in decimal without leading zeros. */
static bool addr4_parse(const char *at, size_t len, u8 *addr)
{
	size_t i = 0;
	unsigned int part;

	for (part = 0; part < 4; part++) {
		size_t begin = i;
		u32 value = 0;

		for (; i < len && i - begin < 3 && cgc_is_digit(at[i]); i++)
			value = value * 10 + (at[i] - '0');
		if (i == begin || value > 255 || (at[begin] == '0' && i - begin > 1))
			return false;
		addr[part] = value;
		if (part < 3 && (i == len || at[i++] != '.'))
			return false;
	}
	return i == len;
}

/* One group of up to four digits; how many bytes it took, 0: it is none. */
static size_t addr6_group(const char *at, size_t len, u32 *group)
{
	size_t i;

	*group = 0;
	for (i = 0; i < len && i < 4 && cgc_hex_digit(at[i]) >= 0; i++)
		*group = *group << 4 | (u32)cgc_hex_digit(at[i]);
	return i;
}

/**
 * struct addr6 - an IPv6 address being read
 * @addr: what is there
 * @used: bytes of it
 * @gap: where `::` stands; 16: nowhere
 */
struct addr6 {
	u8 addr[16];
	unsigned int used;
	unsigned int gap;
};

/* Groups with a colon between them, the last may be a.b.c.d. */
static bool addr6_groups(struct addr6 *a, const char *at, size_t len)
{
	while (len) {
		u32 group;
		size_t n = addr6_group(at, len, &group);

		if (n < len && at[n] == '.') {
			if (a->used > 12 || !addr4_parse(at, len, a->addr + a->used))
				return false;
			a->used += 4;
			return true;
		}
		if (!n || a->used == 16)
			return false;
		a->addr[a->used++] = group >> 8;
		a->addr[a->used++] = group;
		at += n;
		len -= n;
		if (!len)
			return true;
		if (*at != ':')
			return false;
		at++;
		len--;
		if (len && *at == ':') {
			if (a->gap < 16 || a->used == 16)
				return false;
			a->gap = a->used;
			at++;
			len--;
		} else if (!len) {
			return false;
		}
	}
	return true;
}

static bool addr6_parse(const char *at, size_t len, u8 *addr)
{
	struct addr6 a = { .gap = 16 };

	if (len >= 2 && at[0] == ':' && at[1] == ':') {
		a.gap = 0;
		at += 2;
		len -= 2;
	}
	if (!addr6_groups(&a, at, len))
		return false;
	memset(addr, 0, 16);
	if (a.gap == 16) {
		memcpy(addr, a.addr, 16);
		return a.used == 16;
	}
	if (a.used > 14)
		return false;
	memcpy(addr, a.addr, a.gap);
	memcpy(addr + 16 - (a.used - a.gap), a.addr + a.gap, a.used - a.gap);
	return true;
}

static bool addr_is_mapped(const u8 *addr, unsigned int prefix)
{
	static const u8 mapped[12] = { [10] = 0xFF, [11] = 0xFF };

	return prefix >= 96 && !memcmp(addr, mapped, sizeof(mapped));
}

/* Digits and dots: meant as an address, whatever it is worth. */
static bool looks_like_addr4(const struct cgc_word *word)
{
	size_t i;

	for (i = word->len; i && word->at[i - 1] != '.'; i--)
		if (!cgc_is_digit(word->at[i - 1]))
			return false;
	return true;
}

static int parse_host_name(struct cgc_parser *p, const struct cgc_word *word,
			   struct cgc_ast_end *end)
{
	size_t i;

	end->kind = CGC_AST_HOST_NAME;
	for (i = 0; i < word->len; i++) {
		if (word->at[i] == '/')
			return cgc_fail_word(p, "HOST ", word,
					     ": expected one address; NET is for networks");
		if (!cgc_is_name(word->at[i]))
			return cgc_fail_word(p, "HOST ", word,
					     ": expected an address, a host's name or *");
		if (word->at[i] == '.' && (!i || word->at[i - 1] == '.'))
			return cgc_fail_word(p, "HOST ", word,
					     ": expected no empty part in a name");
	}
	if (!cgc_is_digit(word->at[0]) && !cgc_is_letter(word->at[0]) && word->at[0] != '_')
		return cgc_fail_word(p, "HOST ", word, ": expected an address, a host's name or *");
	if (word->len >= sizeof(end->name))
		return cgc_fail_word(p, "HOST ", word, ": expected at most 255 bytes in a name");
	memcpy(end->name, word->at, word->len);
	return 0;
}

static_assert(CGC_HOST_SIZE == 256, "parse_host_name() says so");

static int parse_host_word(struct cgc_parser *p, const struct cgc_word *word,
			   struct cgc_ast_end *end)
{
	if (memchr(word->at, ':', word->len) && !memchr(word->at, '/', word->len)) {
		end->kind = CGC_AST_NET6;
		end->prefix = 128;
		if (memchr(word->at, '%', word->len))
			return cgc_fail_word(
				p, "HOST ", word,
				": expected an address without %; NETDEV names the interface");
		if (!addr6_parse(word->at, word->len, end->addr))
			return cgc_fail_word(p, "HOST ", word, ": expected an IPv6 address");
		if (addr_is_mapped(end->addr, 128))
			return cgc_fail_word(p, "HOST ", word, MAPPED);
		return 0;
	}
	if (looks_like_addr4(word)) {
		end->kind = CGC_AST_NET4;
		end->prefix = 32;
		if (!addr4_parse(word->at, word->len, end->addr))
			return cgc_fail_word(
				p, "HOST ", word,
				": expected an IPv4 address, four numbers from 0 to 255");
		return 0;
	}
	return parse_host_name(p, word, end);
}

int cgc_parse_host(struct cgc_parser *p, struct cgc_ast_end *end)
{
	struct cgc_word word;
	int err, next = cgc_lex_peek(&p->lex);

	end->place = cgc_lex_place(&p->lex);
	end->kind = CGC_AST_HOST_ANY;
	if (cgc_lex_take_byte(&p->lex, '*'))
		return 0;
	if (next != CGC_LEX_WORD && next != ':')
		return cgc_fail_expected(p, "a host's address or name, or *");
	word = cgc_lex_word(&p->lex, 0);
	err = parse_host_word(p, &word, end);
	if (!err)
		cgc_lex_take(&p->lex, &word);
	return err;
}

/* A number without quotes: what was meant is a number. */
static int fail_bits(struct cgc_parser *p, const struct cgc_word *word, bool four)
{
	char digits[8] = "";

	memcpy(digits, word->at, word->len < sizeof(digits) ? word->len : 0);
	cgc_fail(p, word->place, "/");
	cgc_fail_more(p, digits);
	return cgc_fail_more(p, four ? ": expected 0 to 32, or a netmask" : ": expected 0 to 128");
}

static int parse_bits(struct cgc_parser *p, const struct cgc_word *word, struct cgc_ast_end *end)
{
	bool four = end->kind == CGC_AST_NET4;
	u64 bits;

	if (!cgc_word_number(word, &bits) || word->len > 3 || bits > (four ? 32 : 128))
		return fail_bits(p, word, four);
	end->prefix = bits;
	return 0;
}

static int parse_mask(struct cgc_parser *p, const struct cgc_word *word, struct cgc_ast_end *end)
{
	u8 mask[4];
	u32 bits;

	if (end->kind == CGC_AST_NET6)
		return cgc_fail_word(p, "netmask ", word,
				     ": expected / and 0 to 128 after an IPv6 address");
	if (!addr4_parse(word->at, word->len, mask))
		return cgc_fail_word(p, "netmask ", word,
				     ": expected four numbers from 0 to 255, or / and 0 to 32");
	bits = (u32)mask[0] << 24 | mask[1] << 16 | mask[2] << 8 | mask[3];
	if (~bits & (~bits + 1))
		return cgc_fail_word(p, "netmask ", word,
				     ": expected one-bits first, then zero-bits");
	for (end->prefix = 0; bits; bits <<= 1)
		end->prefix++;
	return 0;
}

/* /bits, / mask, or a mask after a blank. */
static int parse_net_size(struct cgc_parser *p, struct cgc_ast_end *end)
{
	bool slash = cgc_lex_take_byte(&p->lex, '/');
	struct cgc_word word;
	int err;

	if (cgc_lex_peek(&p->lex) != CGC_LEX_WORD || cgc_peek_keyword(p) != CGC_KW_NONE)
		return cgc_fail_expected(p, slash ? "the prefix's length or a netmask after /" :
					 "/ and the prefix's length, or a netmask");
	word = cgc_lex_word(&p->lex, '/');
	if (!word.len)
		return cgc_fail_expected(p, "the prefix's length or a netmask");
	err = slash && !memchr(word.at, '.', word.len) ? parse_bits(p, &word, end) :
							 parse_mask(p, &word, end);
	if (!err)
		cgc_lex_take(&p->lex, &word);
	return err;
}

/* Clear the bits past the prefix; were there any? */
static bool mask_addr(u8 *addr, unsigned int prefix)
{
	bool any = false;
	unsigned int i;

	for (i = prefix / 8; i < 16; i++) {
		u8 mask = i == prefix / 8 ? 0xFF >> prefix % 8 : 0xFF;

		any |= addr[i] & mask;
		addr[i] &= ~mask;
	}
	return any;
}

static int fail_host_bits(struct cgc_parser *p, const struct cgc_ast_end *end)
{
	struct cgc_text text;

	p->error->place = end->place;
	cgc_text_init(&text, p->error->what, sizeof(p->error->what));
	cgc_text_str(&text, "the address has bits past its prefix: expected the network ");
	cgc_text_addr(&text, end->kind == CGC_AST_NET6 ? 6 : 4, end->addr);
	cgc_text_str(&text, "/");
	cgc_text_u64(&text, end->prefix);
	return -EINVAL;
}

int cgc_parse_net(struct cgc_parser *p, struct cgc_ast_end *end)
{
	struct cgc_word word;
	int err, next = cgc_lex_peek(&p->lex);

	if (next == '*')
		return cgc_fail_expected(p, "a network, a.b.c.d/bits; HOST * is every host");
	if (next != CGC_LEX_WORD && next != ':')
		return cgc_fail_expected(p, "a network, a.b.c.d/bits or x::/bits");
	word = cgc_lex_word(&p->lex, '/');
	end->place = word.place;
	end->kind = memchr(word.at, ':', word.len) ? CGC_AST_NET6 : CGC_AST_NET4;
	if (end->kind == CGC_AST_NET6 ? !addr6_parse(word.at, word.len, end->addr) :
					!addr4_parse(word.at, word.len, end->addr))
		return cgc_fail_word(
			p, "NET ", &word,
			": expected an address, a.b.c.d or x::y, before the prefix's length");
	cgc_lex_take(&p->lex, &word);
	err = parse_net_size(p, end);
	if (err)
		return err;
	if (mask_addr(end->addr, end->prefix))
		return fail_host_bits(p, end);
	if (end->kind == CGC_AST_NET6 && addr_is_mapped(end->addr, end->prefix))
		return cgc_fail_word(p, "NET ", &word, MAPPED);
	return 0;
}
