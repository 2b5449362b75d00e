/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where statements, lines and words begin and end. Private to the parser.
 *
 * There is no list of tokens: what a word may hold depends on what is expected
 * (HOST:fd99::1, COMPARTMENT:web), so the parser asks.
 */
#ifndef CGC_CORE_LEX_H
#define CGC_CORE_LEX_H

#include "parse.h"

/**
 * struct cgc_lex - a position in a text
 * @text: all of it
 * @len: of it
 * @pos: next byte
 * @line_start: where its line begins
 * @line_end: where its line ends, without newline
 * @line_next: where the next line begins
 * @line: its number
 * @ended: @pos is past the end of the statement
 * @end: place of that end
 * @broken: why it cannot be read on, or NULL
 */
struct cgc_lex {
	const char *text;
	size_t len;
	size_t pos;
	size_t line_start;
	size_t line_end;
	size_t line_next;
	u32 line;
	bool ended;
	struct cgc_place end;
	const char *broken;
};

/**
 * struct cgc_word - some bytes of the text
 * @at: the first
 * @len: how many
 * @place: of the first
 */
struct cgc_word {
	const char *at;
	size_t len;
	struct cgc_place place;
};

/* What cgc_lex_peek() tells apart; punctuation is told by its own byte. */
#define CGC_LEX_END	0	/* of the statement */
#define CGC_LEX_WORD	'w'
#define CGC_LEX_ARROW	'>'
#define CGC_LEX_BAD	'x'	/* a byte that is part of no word, or @broken */

/* cgc_lex_init - @len is not 0. */
void cgc_lex_init(struct cgc_lex *lex, const char *text, size_t len);

/* cgc_lex_begin - go to the next statement; false at the end of the text. */
bool cgc_lex_begin(struct cgc_lex *lex);

/* cgc_lex_peek - skip blanks, comments and line ends within the statement; say
 * what is there. */
int cgc_lex_peek(struct cgc_lex *lex);

/* cgc_lex_place - of the next byte, or of the statement's end; after a peek. */
struct cgc_place cgc_lex_place(const struct cgc_lex *lex);

/* cgc_lex_word - the word that is next, up to @stop (0: none); it is empty
 * where there is none. It is not taken. */
struct cgc_word cgc_lex_word(const struct cgc_lex *lex, char stop);

/* cgc_lex_take - go past a word that was looked at. */
void cgc_lex_take(struct cgc_lex *lex, const struct cgc_word *word);

/* cgc_lex_take_byte - go past this byte of punctuation, if it is next. */
bool cgc_lex_take_byte(struct cgc_lex *lex, char byte);

/* cgc_lex_take_arrow - go past an arrow, if it is next. */
bool cgc_lex_take_arrow(struct cgc_lex *lex);

/* cgc_lex_path - all up to a blank, `;` or the line's end, or what is between
 * quotes (@quoted); false where the closing quote is missing. Not taken. */
bool cgc_lex_path(struct cgc_lex *lex, struct cgc_word *path, bool *quoted);

/* cgc_lex_until - the rest of the line up to @close, which is not part of it;
 * false where it is missing. Not taken. */
bool cgc_lex_until(struct cgc_lex *lex, char close, struct cgc_word *word);

/* cgc_word_is - is it @name, in any case? */
bool cgc_word_is(const struct cgc_word *word, const char *name);

/* cgc_word_number - decimal or 0x…, up to 64 bits; false where it is none. */
bool cgc_word_number(const struct cgc_word *word, u64 *number);

static inline bool cgc_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* cgc_hex_digit - its value, in either case; -1: it is none. */
static inline int cgc_hex_digit(char c)
{
	if (cgc_is_digit(c))
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static inline bool cgc_is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* cgc_is_name - may a compartment's or a host's name hold it? */
static inline bool cgc_is_name(char c)
{
	return cgc_is_letter(c) || cgc_is_digit(c) || c == '_' || c == '.' || c == '-';
}

static inline bool cgc_is_control(char c)
{
	return (unsigned char)c < ' ' || c == 127;
}

#endif
