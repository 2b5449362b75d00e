/* SPDX-License-Identifier: GPL-2.0-only */
/* The language's words that format.c writes and parse_*.c read. */
#ifndef CGC_CORE_WORDS_H
#define CGC_CORE_WORDS_H

#include "request.h"

/**
 * struct cgc_attr_word - an attribute of a method
 * @name: as in rules
 * @method: enum cgc_method
 * @bit: CGC_ATTR_*
 */
struct cgc_attr_word {
	const char *name;
	u32 method;
	u32 bit;
};

#define CGC_ATTR_WORDS 8
extern const struct cgc_attr_word cgc_attr_words[CGC_ATTR_WORDS];

#define CGC_MAP_WORDS 11
/* cgc_map_words - attributes of NETDEV statements, by their bit's number. */
extern const char *const cgc_map_words[CGC_MAP_WORDS];
/* cgc_map_netns_names - enum cgc_map_netns. */
extern const char *const cgc_map_netns_names[];

/* cgc_cap_name - `cap_…`, or NULL for a number without a name. */
const char *cgc_cap_name(unsigned int cap);

/* cgc_caps_unsaid - the bound of a definition without CAPS. */
u64 cgc_caps_unsaid(const struct cgc_compartment *def);

#define CGC_SIGNAL_RTMIN	34	/* of the C library: it keeps the first two */
#define CGC_SIGNAL_RTMAX	64

/* cgc_signal_name - without SIG; NULL for the real-time ones and what is none. */
const char *cgc_signal_name(unsigned int number);

/* cgc_path_char - may a word after PATH hold it? */
static inline bool cgc_path_char(char c)
{
	return (unsigned char)c >= ' ' && c != 127 && c != '"';
}

/* cgc_path_begins - may a word after PATH begin with it? */
static inline bool cgc_path_begins(char c)
{
	return c == '/' || c == '@';
}

/* cgc_attrs_of_method - the attributes that narrow a method. */
static inline u32 cgc_attrs_of_method(unsigned int method)
{
	switch (method) {
	case CGC_METHOD_SHM:
		return CGC_ATTR_SHM_RO;
	case CGC_METHOD_MSG:
		return CGC_ATTR_MSG_SEND | CGC_ATTR_MSG_RECV;
	case CGC_METHOD_SEM:
		return CGC_ATTR_SEM_READ | CGC_ATTR_SEM_ALTER;
	case CGC_METHOD_UNIX:
		return CGC_ATTR_UNIX_STREAM | CGC_ATTR_UNIX_DGRAM |
		       CGC_ATTR_UNIX_SEQPACKET;
	default:
		return 0;
	}
}

/* cgc_netdev_char - may an interface's name hold it? */
static inline bool cgc_netdev_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (c && strchr("_.:+-", c));
}

#endif
