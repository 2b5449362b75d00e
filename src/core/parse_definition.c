// SPDX-License-Identifier: GPL-2.0-only
/* COMPARTMENT name NUMBER n SEALED PERMISSIVE ROUTED ONLY CAPS list ROOT path USER name:group …. */
#include "definition.h"
#include "parser.h"
#include "words.h"

#define ATTRIBUTES \
	"NUMBER, SEALED, PERMISSIVE, CAPS, ROOT, USER, ROUTED, NETDEVS, DEVICES or the end of the definition"

static int fail_twice(struct cgc_parser *p)
{
	struct cgc_word word = cgc_lex_word(&p->lex, ':');

	return cgc_fail_word(p, "", &word, " is there twice: expected it once");
}

static int parse_number(struct cgc_parser *p, struct cgc_ast_definition *d)
{
	struct cgc_word word;
	int err;

	err = cgc_next_word(p, 0, "a number", &word);
	if (err)
		return err;
	err = cgc_parse_number(p, &word, &d->def.number);
	if (err)
		return err;
	d->number_place = word.place;
	cgc_lex_take(&p->lex, &word);
	return 0;
}

/* One of CAPS's words: -cap_x takes away, +cap_x gives; all only as the first. */
static int parse_cap(struct cgc_parser *p, const struct cgc_word *word, bool first,
		     struct cgc_compartment *def, u64 *named)
{
	struct cgc_word name = *word;
	bool give = word->at[0] == '+';
	int cap;
	u64 bits;

	if (!give && word->at[0] != '-')
		return cgc_fail_word(p, "CAPS ", word,
				     ": expected - before a capability to take it away");
	name.at++;
	name.len--;
	name.place.column++;
	cap = cgc_cap_number(name.at, name.len);
	if (cap < 0 && !cgc_word_is(&name, "ALL"))
		return cgc_fail_word(
			p, "unknown capability ", &name,
			": expected a name of capabilities(7) such as cap_mknod, or all");
	bits = cap < 0 ? ~0ull : 1ull << cap;
	if (cap < 0 && !first)
		return cgc_fail_word(p, "CAPS ", word,
				     " is not the first: expected it before single ones");
	if (*named & bits)
		return cgc_fail_word(p, "CAPS ", word,
				     " is there twice: expected each capability once");
	*named |= cap < 0 ? 0 : bits;
	def->caps = give ? def->caps | bits : def->caps & ~bits;
	return 0;
}

static bool cap_is_next(struct cgc_parser *p, struct cgc_word *word)
{
	if (cgc_lex_peek(&p->lex) != CGC_LEX_WORD)
		return false;
	*word = cgc_lex_word(&p->lex, 0);
	return word->at[0] == '-' || word->at[0] == '+';
}

/* Commas between them, or blanks. */
static int parse_caps(struct cgc_parser *p, struct cgc_ast_definition *d)
{
	struct cgc_word word;
	bool first = true;
	u64 named = 0;
	int err;

	cgc_lex_peek(&p->lex);
	d->caps_place = cgc_lex_place(&p->lex);
	do {
		err = cgc_next_word(p, 0, "a list such as -cap_mknod,-cap_sys_admin", &word);
		if (err)
			return err;
		err = parse_cap(p, &word, first, &d->def, &named);
		if (err)
			return err;
		first = false;
		cgc_lex_take(&p->lex, &word);
	} while (cgc_lex_take_byte(&p->lex, ',') || cap_is_next(p, &word));
	return 0;
}

static int parse_root(struct cgc_parser *p, struct cgc_ast_definition *d)
{
	int err;

	cgc_lex_peek(&p->lex);
	d->root_place = cgc_lex_place(&p->lex);
	err = cgc_parse_path(p, "ROOT ", d->def.root, sizeof(d->def.root));
	if (err)
		return err;
	if (d->def.root[0] != '/')
		return cgc_fail(p, d->root_place,
				"ROOT is not absolute: expected a path that begins with /");
	if (!cgc_path_is_plain(d->def.root))
		return cgc_fail(p, d->root_place,
				"ROOT is no plain path: expected a directory below /, without //, . and .. and without / at its end");
	return 0;
}

static int parse_user(struct cgc_parser *p, struct cgc_ast_definition *d)
{
	struct cgc_word word;
	int err;

	err = cgc_next_word(p, 0, "a user's name or number", &word);
	if (err)
		return err;
	if (word.len >= sizeof(d->def.user))
		return cgc_fail_word(p, "USER ", &word, ": expected at most 63 bytes");
	if (!cgc_user_is_valid(word.at, word.len))
		return cgc_fail_word(p, "USER ", &word,
				     ": expected a user such as www-data or 33, or with a group www-data:ssl");
	d->user_place = word.place;
	memcpy(d->def.user, word.at, word.len);
	cgc_lex_take(&p->lex, &word);
	return 0;
}

static_assert(CGC_USER_SIZE == 64, "parse_user() says so");

static bool netdev_repeats(const struct cgc_ast_definition *d, u32 index)
{
	u32 i;

	for (i = 0; i < index; i++)
		if (!memcmp(&d->def.netdevs[i], &d->def.netdevs[index], sizeof(d->def.netdevs[i])) &&
		    !strcmp(d->netdev_labels[i], d->netdev_labels[index]))
			return true;
	return false;
}

/* NETDEVS eth0,@int: what the compartment is bound to. */
static int parse_netdevs(struct cgc_parser *p, struct cgc_ast_definition *d)
{
	int err;

	do {
		u32 i = d->def.netdevs_count;

		cgc_lex_peek(&p->lex);
		if (i == CGC_NETDEVS_MAX)
			return cgc_fail_expected(p, "at most 16 interfaces in one definition");
		d->netdevs_place[i] = cgc_lex_place(&p->lex);
		err = cgc_parse_netdev(p, &d->def.netdevs[i], d->netdev_labels[i]);
		if (err)
			return err;
		if (netdev_repeats(d, i))
			return cgc_fail(p, d->netdevs_place[i],
					"the interface is there twice: expected it once");
		d->def.netdevs_count++;
	} while (cgc_lex_take_byte(&p->lex, ','));
	return 0;
}

static_assert(CGC_NETDEVS_MAX == 16, "parse_netdevs() says so");

static int parse_device(struct cgc_parser *p, struct cgc_ast_definition *d, u32 index)
{
	struct cgc_device *device = &d->def.devices[index];
	struct cgc_word word;
	int err;
	u32 i;

	err = cgc_next_word(p, 0, "a device's path such as /dev/net/tun", &word);
	if (err)
		return err;
	if (word.len >= sizeof(device->path))
		return cgc_fail_word(p, "DEVICES ", &word, ": expected at most 47 bytes");
	d->devices_place[index] = word.place;
	memcpy(device->path, word.at, word.len);
	if (!cgc_device_path_is_valid(device->path))
		return cgc_fail_word(p, "DEVICES ", &word,
				     ": expected a path below /dev, without //, . and .. and without / at its end");
	for (i = 0; i < index; i++)
		if (!strcmp(d->def.devices[i].path, device->path))
			return cgc_fail_word(p, "DEVICES ", &word,
					     " is there twice: expected it once");
	cgc_lex_take(&p->lex, &word);
	return 0;
}

/* DEVICES /dev/net/tun,/dev/ttyS0: what there is in its /dev, and may be opened. */
static int parse_devices(struct cgc_parser *p, struct cgc_ast_definition *d)
{
	int err;

	do {
		cgc_lex_peek(&p->lex);
		if (d->def.devices_count == CGC_DEVICES_MAX)
			return cgc_fail_expected(p, "at most 8 devices in one definition");
		err = parse_device(p, d, d->def.devices_count);
		if (err)
			return err;
		d->def.devices_count++;
	} while (cgc_lex_take_byte(&p->lex, ','));
	return 0;
}

static_assert(CGC_DEVICES_MAX == 8 && CGC_DEVICE_PATH_SIZE == 48, "parse_devices() says so");

static int parse_attribute(struct cgc_parser *p, enum cgc_keyword keyword,
			   struct cgc_ast_definition *d)
{
	struct cgc_place place = cgc_lex_place(&p->lex);

	cgc_take_keyword(p, keyword);
	switch (keyword) {
	case CGC_KW_NUMBER:
		return parse_number(p, d);
	case CGC_KW_CAPS:
		return parse_caps(p, d);
	case CGC_KW_ROOT:
		return parse_root(p, d);
	case CGC_KW_USER:
		return parse_user(p, d);
	case CGC_KW_NETDEVS:
		return parse_netdevs(p, d);
	case CGC_KW_DEVICES:
		return parse_devices(p, d);
	case CGC_KW_SEALED:
		d->sealed_place = place;
		d->def.flags |= CGC_COMPARTMENT_SEALED;
		return 0;
	case CGC_KW_PERMISSIVE:
		d->def.flags |= CGC_COMPARTMENT_PERMISSIVE;
		return 0;
	case CGC_KW_ROUTED:
		d->routed_place = place;
		d->def.flags |= CGC_COMPARTMENT_ROUTED;
		if (cgc_take_keyword(p, CGC_KW_ONLY))
			d->def.flags |= CGC_COMPARTMENT_ROUTED_ONLY;
		return 0;
	default:
		return cgc_fail_expected(p, ATTRIBUTES);
	}
}

/* 0 is called default and -1 supervisor, whether a definition says so or not. */
static int check_number(struct cgc_parser *p, struct cgc_ast_definition *d)
{
	static const struct {
		const char *name;
		u32 number;
		const char *what;
	} fixed[] = {
		{ "default", CGC_LABEL_DEFAULT,
		  "default and 0 belong together: expected COMPARTMENT default NUMBER 0" },
		{ "supervisor", CGC_LABEL_SUPERVISOR,
		  "supervisor and -1 belong together: expected COMPARTMENT supervisor NUMBER -1" },
	};
	unsigned int i;

	for (i = 0; i < 2; i++) {
		bool named = !strcmp(d->def.name, fixed[i].name);

		if (named && !d->number_place.line) {
			d->number_place = d->name_place;
			d->def.number = fixed[i].number;
		}
		if (d->number_place.line && named != (d->def.number == fixed[i].number))
			return cgc_fail(p, d->number_place, fixed[i].what);
	}
	return 0;
}

int cgc_parse_definition(struct cgc_parser *p, const char *name, struct cgc_place place, u32 flags)
{
	struct cgc_ast_definition *d = &p->st->definition;
	u32 seen = 0;
	int err;

	p->st->type = CGC_AST_DEFINITION;
	d->name_place = place;
	d->def.flags = CGC_COMPARTMENT_DEFINED | flags;
	memcpy(d->def.name, name, strlen(name));
	d->def.caps = cgc_caps_unsaid(&d->def);
	for (;;) {
		enum cgc_keyword keyword = cgc_peek_keyword(p);

		switch (keyword) {
		case CGC_KW_NUMBER:
		case CGC_KW_SEALED:
		case CGC_KW_PERMISSIVE:
		case CGC_KW_CAPS:
		case CGC_KW_ROOT:
		case CGC_KW_USER:
		case CGC_KW_ROUTED:
		case CGC_KW_NETDEVS:
		case CGC_KW_DEVICES:
			break;
		default:
			if (cgc_lex_peek(&p->lex) == CGC_LEX_END)
				return check_number(p, d);
			return cgc_fail_expected(p, seen ? ATTRIBUTES : "->, " ATTRIBUTES);
		}
		if (seen & 1u << keyword)
			return fail_twice(p);
		seen |= 1u << keyword;
		err = parse_attribute(p, keyword, d);
		if (err)
			return err;
	}
}
