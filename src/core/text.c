// SPDX-License-Identifier: GPL-2.0-only
/* Numbers, addresses and labels into a buffer. */
#include "format.h"

void cgc_text_init(struct cgc_text *text, char *at, size_t size)
{
	text->at = at;
	text->size = size;
	text->len = 0;
	text->cut = !size;
	if (size)
		at[0] = '\0';
}

void cgc_text_bytes(struct cgc_text *text, const char *bytes, size_t len)
{
	size_t room = text->size ? text->size - 1 - text->len : 0;

	if (len > room) {
		len = room;
		text->cut = true;
	}
	if (!len)
		return;
	memcpy(text->at + text->len, bytes, len);
	text->len += len;
	text->at[text->len] = '\0';
}

void cgc_text_str(struct cgc_text *text, const char *str)
{
	cgc_text_bytes(text, str, strlen(str));
}

static void text_number(struct cgc_text *text, u64 value, unsigned int base,
			unsigned int digits)
{
	char buf[20];
	unsigned int at = sizeof(buf);

	do {
		buf[--at] = "0123456789abcdef"[value % base];
		value /= base;
	} while (at && (value || sizeof(buf) - at < digits));
	cgc_text_bytes(text, buf + at, sizeof(buf) - at);
}

void cgc_text_u64(struct cgc_text *text, u64 value)
{
	text_number(text, value, 10, 1);
}

void cgc_text_hex(struct cgc_text *text, u64 value, unsigned int digits)
{
	cgc_text_str(text, "0x");
	text_number(text, value, 16, digits);
}

static void text_addr4(struct cgc_text *text, const u8 *addr)
{
	unsigned int i;

	for (i = 0; i < 4; i++) {
		if (i)
			cgc_text_str(text, ".");
		cgc_text_u64(text, addr[i]);
	}
}

static unsigned int addr6_group(const u8 *addr, unsigned int i)
{
	return addr[2 * i] << 8 | addr[2 * i + 1];
}

/* The first of the longest runs of zero groups, two at least; 8: none. */
static unsigned int addr6_zeros(const u8 *addr, unsigned int *len)
{
	unsigned int best = 8, i = 0, run;

	*len = 1;
	while (i < 8) {
		for (run = 0; i + run < 8 && !addr6_group(addr, i + run); run++)
			;
		if (run > *len) {
			best = i;
			*len = run;
		}
		i += run + 1;
	}
	return best;
}

static void text_addr6(struct cgc_text *text, const u8 *addr)
{
	static const u8 mapped[12] = { [10] = 0xFF, [11] = 0xFF };
	unsigned int len, zeros = addr6_zeros(addr, &len), i;

	if (!memcmp(addr, mapped, sizeof(mapped))) {
		cgc_text_str(text, "::ffff:");
		text_addr4(text, addr + 12);
		return;
	}
	for (i = 0; i < 8; i++) {
		if (i == zeros) {
			cgc_text_str(text, "::");
			i += len - 1;
			continue;
		}
		if (i && i != zeros + len)
			cgc_text_str(text, ":");
		text_number(text, addr6_group(addr, i), 16, 1);
	}
}

void cgc_text_addr(struct cgc_text *text, unsigned int family, const u8 *addr)
{
	if (family == 6)
		text_addr6(text, addr);
	else
		text_addr4(text, addr);
}

void cgc_text_label(struct cgc_text *text, const struct cgc_names *names, u32 label)
{
	const char *name = names && names->name ? names->name(names->ctx, label) : NULL;

	if (name)
		cgc_text_str(text, name);
	else if (label == CGC_LABEL_DEFAULT)
		cgc_text_str(text, "default");
	else if (label == CGC_LABEL_SUPERVISOR)
		cgc_text_str(text, "supervisor");
	else if (label >= CGC_LABEL_NETDEV_FIRST)
		cgc_text_hex(text, label, 8);
	else
		cgc_text_u64(text, label);
}
