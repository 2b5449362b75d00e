// SPDX-License-Identifier: GPL-2.0-only
#include "lex.h"

#define BROKEN_LINE	"the line is longer than 4096 bytes: expected a shorter one"
#define BROKEN_NUL	"the line holds a NUL byte: expected text"

static_assert(CGC_LINE_MAX == 4096, "BROKEN_LINE says so");

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Letters, digits and _ . - : / + @ %: bit c % 64 of word c / 64. */
static bool is_word(char c)
{
	static const u64 words[4] = { 0x07FFE82000000000ull, 0x07FFFFFE87FFFFFFull };

	return words[(unsigned char)c / 64] >> (unsigned char)c % 64 & 1;
}

/* Go to the line that begins at @start. */
static void enter_line(struct cgc_lex *lex, size_t start)
{
	size_t room = lex->len - start, end;
	const char *newline;

	newline = room ? memchr(lex->text + start, '\n', room) : NULL;
	end = newline ? (size_t)(newline - lex->text) : lex->len;
	lex->pos = start;
	lex->line_start = start;
	lex->line_next = newline ? end + 1 : end;
	lex->line++;
	if (end - start > CGC_LINE_MAX)
		lex->broken = BROKEN_LINE;
	else if (end > start && memchr(lex->text + start, '\0', end - start))
		lex->broken = BROKEN_NUL;
	if (newline && end > start && lex->text[end - 1] == '\r')
		end--;
	lex->line_end = end;
}

void cgc_lex_init(struct cgc_lex *lex, const char *text, size_t len)
{
	memset(lex, 0, sizeof(*lex));
	lex->text = text;
	lex->len = len;
	enter_line(lex, 0);
}

static bool at_line_end(const struct cgc_lex *lex)
{
	return lex->pos == lex->line_end || lex->text[lex->pos] == '#';
}

static void skip_blanks(struct cgc_lex *lex)
{
	while (lex->pos < lex->line_end && is_blank(lex->text[lex->pos]))
		lex->pos++;
}

bool cgc_lex_begin(struct cgc_lex *lex)
{
	lex->ended = false;
	while (!lex->broken) {
		skip_blanks(lex);
		if (!at_line_end(lex)) {
			if (lex->text[lex->pos] != ';')
				break;
			lex->pos++;
			continue;
		}
		if (lex->line_next == lex->len)
			return false;
		enter_line(lex, lex->line_next);
	}
	return true;
}

/*
 * At the end of a line: does the statement go on? It does if the next line is
 * indented or starts with METHOD; lines of nothing but a comment do not count.
 */
static bool goes_on(struct cgc_lex *lex)
{
	struct cgc_word word;

	while (lex->line_next < lex->len) {
		enter_line(lex, lex->line_next);
		if (lex->broken)
			return true;
		skip_blanks(lex);
		if (lex->pos == lex->line_end)
			return false;
		if (at_line_end(lex))
			continue;
		if (lex->pos > lex->line_start)
			return true;
		word = cgc_lex_word(lex, ':');
		return cgc_word_is(&word, "METHOD");
	}
	lex->pos = lex->line_end;
	return false;
}

int cgc_lex_peek(struct cgc_lex *lex)
{
	struct cgc_place here;
	char c;

	while (!lex->ended && !lex->broken) {
		skip_blanks(lex);
		here = cgc_lex_place(lex);
		if (!at_line_end(lex))
			break;
		lex->ended = !goes_on(lex);
		lex->end = here;
	}
	if (lex->broken)
		return CGC_LEX_BAD;
	if (lex->ended)
		return CGC_LEX_END;

	c = lex->text[lex->pos];
	if (c == ';') {
		lex->pos++;
		lex->ended = true;
		lex->end = here;
		return CGC_LEX_END;
	}
	if (c == '-' && lex->pos + 1 < lex->line_end && lex->text[lex->pos + 1] == '>')
		return CGC_LEX_ARROW;
	if (c == ':')
		return c;
	if (is_word(c))
		return CGC_LEX_WORD;
	return c > ' ' && c < 127 && !cgc_is_letter(c) && c != '>' ? c : CGC_LEX_BAD;
}

struct cgc_place cgc_lex_place(const struct cgc_lex *lex)
{
	if (lex->ended)
		return lex->end;
	return (struct cgc_place){
		.line = lex->line,
		.column = lex->pos - lex->line_start + 1,
	};
}

struct cgc_word cgc_lex_word(const struct cgc_lex *lex, char stop)
{
	struct cgc_word word = { .place = cgc_lex_place(lex) };
	size_t end = lex->pos;

	word.at = lex->text + lex->pos;
	if (lex->ended || lex->broken)
		return word;
	while (end < lex->line_end) {
		char c = lex->text[end];

		if (!is_word(c) || c == stop ||
		    (c == '-' && end + 1 < lex->line_end && lex->text[end + 1] == '>'))
			break;
		end++;
	}
	word.len = end - lex->pos;
	return word;
}

void cgc_lex_take(struct cgc_lex *lex, const struct cgc_word *word)
{
	lex->pos += word->len;
}

bool cgc_lex_take_byte(struct cgc_lex *lex, char byte)
{
	int next = cgc_lex_peek(lex);

	if (next == CGC_LEX_END || next == CGC_LEX_BAD || next == CGC_LEX_ARROW ||
	    lex->text[lex->pos] != byte)
		return false;
	lex->pos++;
	return true;
}

bool cgc_lex_take_arrow(struct cgc_lex *lex)
{
	if (cgc_lex_peek(lex) != CGC_LEX_ARROW)
		return false;
	lex->pos += 2;
	return true;
}

bool cgc_lex_until(struct cgc_lex *lex, char close, struct cgc_word *word)
{
	size_t end = lex->pos;

	while (end < lex->line_end && lex->text[end] != close)
		end++;
	word->at = lex->text + lex->pos;
	word->len = end - lex->pos;
	word->place = cgc_lex_place(lex);
	return end < lex->line_end;
}

bool cgc_lex_path(struct cgc_lex *lex, struct cgc_word *path, bool *quoted)
{
	int next = cgc_lex_peek(lex);
	size_t end = lex->pos;

	path->at = lex->text + lex->pos;
	path->len = 0;
	path->place = cgc_lex_place(lex);
	*quoted = next == '"';
	if (lex->broken || lex->ended)
		return true;
	if (*quoted) {
		lex->pos++;
		return cgc_lex_until(lex, '"', path);
	}
	while (end < lex->line_end && !is_blank(lex->text[end]) && lex->text[end] != ';')
		end++;
	path->len = end - lex->pos;
	return true;
}

static char to_upper(char c)
{
	return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
}

bool cgc_word_is(const struct cgc_word *word, const char *name)
{
	size_t i;

	for (i = 0; i < word->len; i++)
		if (!name[i] || to_upper(word->at[i]) != to_upper(name[i]))
			return false;
	return !name[i];
}

static int digit_of(char c)
{
	c = to_upper(c);
	if (cgc_is_digit(c))
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
}

bool cgc_word_number(const struct cgc_word *word, u64 *number)
{
	bool hex = word->len > 2 && word->at[0] == '0' && to_upper(word->at[1]) == 'X';
	unsigned int base = hex ? 16 : 10;
	size_t i;

	*number = 0;
	for (i = hex ? 2 : 0; i < word->len; i++) {
		unsigned int digit = digit_of(word->at[i]);

		if (digit >= base || *number > (~0ull - digit) / base)
			return false;
		*number = *number * base + digit;
	}
	return word->len > 0;
}
