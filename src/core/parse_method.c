// SPDX-License-Identifier: GPL-2.0-only
/* The list of methods, their attributes, signals and capabilities by name. */
#include "parser.h"

#include "rule.h"
#include "words.h"

#define METHODS \
	": expected tcp, udp, raw, icmp, sctp, unix, msg, shm, sem, mq, signal, trace, list or all"

/* Other names that signals have. */
static const struct {
	const char *name;
	unsigned int number;
} aliases[] = {
	{ "IOT", 6 }, { "CLD", 17 }, { "POLL", 29 },
	{ "RTMIN", CGC_SIGNAL_RTMIN }, { "RTMAX", CGC_SIGNAL_RTMAX },
};

/* word_begins - does it begin so, in any case? Then cut that off. */
static bool word_begins(struct cgc_word *word, const char *upper)
{
	struct cgc_word head = *word;

	head.len = strlen(upper);
	if (word->len < head.len || !cgc_word_is(&head, upper))
		return false;
	word->at += head.len;
	word->len -= head.len;
	return true;
}

/* RTMIN+n, RTMAX-n. */
static unsigned int signal_realtime(struct cgc_word word)
{
	bool up = word_begins(&word, "RTMIN+");
	u64 n;

	if (!up && !word_begins(&word, "RTMAX-"))
		return 0;
	if (!cgc_word_number(&word, &n) || n > CGC_SIGNAL_RTMAX - CGC_SIGNAL_RTMIN)
		return 0;
	return up ? CGC_SIGNAL_RTMIN + n : CGC_SIGNAL_RTMAX - n;
}

unsigned int cgc_signal_number(const char *name, size_t len)
{
	struct cgc_word word = { .at = name, .len = len };
	u64 number;
	size_t i;

	if (cgc_word_number(&word, &number))
		return number >= 1 && number <= 64 ? number : 0;
	word_begins(&word, "SIG");
	for (i = 1; i < CGC_SIGNAL_RTMIN; i++)
		if (cgc_signal_name(i) && cgc_word_is(&word, cgc_signal_name(i)))
			return i;
	for (i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (cgc_word_is(&word, aliases[i].name))
			return aliases[i].number;
	return signal_realtime(word);
}

int cgc_cap_number(const char *name, size_t len)
{
	struct cgc_word word = { .at = name, .len = len };
	unsigned int cap;
	u64 number;

	if (cgc_word_number(&word, &number))
		return number < 64 ? (int)number : -1;
	word_begins(&word, "CAP_");
	for (cap = 0; cgc_cap_name(cap); cap++)
		if (cgc_word_is(&word, cgc_cap_name(cap) + strlen("cap_")))
			return cap;
	return -1;
}

static unsigned int method_number(const struct cgc_word *word)
{
	unsigned int method;

	for (method = 0; method < CGC_METHOD_COUNT; method++)
		if (cgc_word_is(word, cgc_method_name(method)))
			break;
	return method;
}

static int fail_attr(struct cgc_parser *p, unsigned int method, const struct cgc_word *word)
{
	const char *comma = "";
	unsigned int i;

	cgc_fail_word(p, "unknown attribute ", word, " of ");
	cgc_fail_more(p, cgc_method_name(method));
	cgc_fail_more(p, ": expected ");
	for (i = 0; i < CGC_ATTR_WORDS; i++) {
		if (cgc_attr_words[i].method != method)
			continue;
		cgc_fail_more(p, comma);
		cgc_fail_more(p, cgc_attr_words[i].name);
		comma = ", ";
	}
	return -EINVAL;
}

static int parse_attr(struct cgc_parser *p, struct cgc_ast_rule *rule, unsigned int method,
		      const struct cgc_word *word)
{
	unsigned int i;

	for (i = 0; i < CGC_ATTR_WORDS; i++)
		if (cgc_attr_words[i].method == method &&
		    cgc_word_is(word, cgc_attr_words[i].name))
			break;
	if (i == CGC_ATTR_WORDS)
		return fail_attr(p, method, word);
	if (rule->attrs & cgc_attr_words[i].bit)
		return cgc_fail_word(p, "attribute ", word, " is there twice: expected it once");
	rule->attrs |= cgc_attr_words[i].bit;
	return 0;
}

static int parse_signal(struct cgc_parser *p, struct cgc_ast_rule *rule,
			const struct cgc_word *word)
{
	unsigned int number = cgc_signal_number(word->at, word->len);

	if (!number)
		return cgc_fail_word(
			p, "unknown signal ", word,
			": expected a name such as TERM, RTMIN+1 or a number from 1 to 64");
	if (rule->signals >> (number - 1) & 1)
		return cgc_fail_word(p, "signal ", word, " is there twice: expected it once");
	rule->signals |= 1ull << (number - 1);
	return 0;
}

/* [a,b] after a method. */
static int parse_attrs(struct cgc_parser *p, struct cgc_ast_rule *rule, unsigned int method,
		       const struct cgc_word *name)
{
	struct cgc_word word;
	int err;

	if (method != CGC_METHOD_SIGNAL &&
	    (method == CGC_METHOD_COUNT || !cgc_attrs_of_method(method)))
		return cgc_fail_word(p, "method ", name,
				     " takes no attributes: expected no [ after it");
	do {
		err = cgc_next_word(p, 0, "an attribute", &word);
		if (err)
			return err;
		err = method == CGC_METHOD_SIGNAL ? parse_signal(p, rule, &word) :
						    parse_attr(p, rule, method, &word);
		if (err)
			return err;
		cgc_lex_take(&p->lex, &word);
	} while (cgc_lex_take_byte(&p->lex, ','));
	if (!cgc_lex_take_byte(&p->lex, ']'))
		return cgc_fail_expected(p, "] or , after an attribute");
	return 0;
}

static int add_method(struct cgc_parser *p, struct cgc_ast_rule *rule, bool *all,
		      const struct cgc_word *word, unsigned int *method)
{
	*method = method_number(word);
	if (*method == CGC_METHOD_COUNT && !cgc_word_is(word, "ALL"))
		return cgc_fail_word(p, "unknown method ", word, METHODS);
	if (*all)
		return cgc_fail_word(p, "method ", word, " after all: expected all alone");
	if (*method < CGC_METHOD_COUNT) {
		if (rule->methods & CGC_METHOD_BIT(*method))
			return cgc_fail_word(p, "method ", word,
					     " is there twice: expected it once");
		rule->methods |= CGC_METHOD_BIT(*method);
		rule->method_place[*method] = word->place;
		return 0;
	}
	if (rule->methods)
		return cgc_fail_word(p, "method ", word, " after others: expected all alone");
	*all = true;
	return 0;
}

int cgc_parse_methods(struct cgc_parser *p, struct cgc_ast_rule *rule, bool *all)
{
	unsigned int method;
	struct cgc_word word;
	int err;

	*all = false;
	do {
		err = cgc_next_word(p, 0, "a method", &word);
		if (err)
			return err;
		if (!rule->methods_place.line)
			rule->methods_place = word.place;
		err = add_method(p, rule, all, &word, &method);
		if (err)
			return err;
		cgc_lex_take(&p->lex, &word);
		if (cgc_lex_take_byte(&p->lex, '['))
			err = parse_attrs(p, rule, method, &word);
		if (err)
			return err;
	} while (cgc_lex_take_byte(&p->lex, ','));
	return 0;
}
