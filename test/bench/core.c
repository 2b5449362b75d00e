// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a decision costs at 10, 1 000 and 100 000 rules, and what it costs to
 * read and to add a rule.
 *
 *	core		nanoseconds of each case, a line each
 *	core CASE RULES	one case, for a counter of instructions around it
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/format.h"
#include "core/parse.h"
#include "core/ruleset.h"

#define DECISIONS	20000u	/* in one run of a case */

static struct cgc_request requests[DECISIONS];
static u32 state = 1;

static u32 draw(u32 below)
{
	state = state * 1664525 + 1013904223;
	return (u32)((u64)state * below >> 32);
}

/* A gateway's rules: four shapes of incoming ones, four of outgoing, two between
 * compartments; the same mixture at every size, and no rule that makes another
 * one superfluous. */
static void make_rule(struct cgc_rule *rule, u32 i)
{
	u32 n = i / 10;
	struct cgc_end *host = i % 10 < 4 ? &rule->src : &rule->dst;
	struct cgc_end *own = i % 10 < 4 ? &rule->dst : &rule->src;

	memset(rule, 0, sizeof(*rule));
	rule->owner = CGC_OWNER_FILES;
	rule->methods = CGC_METHOD_BIT(CGC_METHOD_TCP);
	rule->src.port_hi = 65535;
	own->compartment = 1 + n % 1000;
	rule->dst.port_lo = rule->dst.port_hi = 1024 + i % 10 * 100 + n / 1000;
	switch (i % 10) {
	case 0: case 4:
		host->kind = CGC_END_HOST_ANY;
		break;
	case 1: case 5:
		host->kind = CGC_END_NET4;
		host->prefix = 32;
		break;
	case 2: case 6:
		host->kind = CGC_END_NET4;
		host->prefix = 24;
		break;
	case 3: case 7:
		host->kind = CGC_END_NET6;
		host->prefix = 64;
		break;
	case 8:
		host->compartment = 2000 + n % 7;
		break;
	default:
		host->compartment = 3000 + n % 7;
		rule->dst.port_lo = 0;
		rule->dst.port_hi = 65535;
		rule->src.compartment = 1 + n;
	}
	if (host->kind == CGC_END_NET4 || host->kind == CGC_END_NET6) {
		host->addr[0] = host->kind == CGC_END_NET4 ? 10 : 0xfd;
		host->addr[1] = n >> 8;
		host->addr[2] = n;
		host->addr[3] = host->prefix == 32 ? 1 : 0;
	}
}

static struct cgc_ruleset *make_set(u32 rules)
{
	struct cgc_ruleset *set = cgc_ruleset_init(malloc(cgc_ruleset_size(rules)), rules);
	const struct cgc_rule_words none = { 0 };
	struct cgc_rule rule;
	const char *why;
	u64 ref;
	u32 i;

	for (i = 0; i < rules; i++) {
		make_rule(&rule, i);
		if (cgc_ruleset_add(set, &rule, &none, &ref, &why)) {
			fprintf(stderr, "rule %u: %s\n", i, why);
			exit(1);
		}
	}
	return set;
}

/* A request that a rule of this number allows. */
static void make_hit(struct cgc_request *req, u32 i)
{
	struct cgc_rule rule;
	const struct cgc_end *host;

	make_rule(&rule, i);
	memset(req, 0, sizeof(*req));
	req->path = i % 10 < 4 ? CGC_PATH_IN : i % 10 < 8 ? CGC_PATH_OUT : CGC_PATH_LOCAL;
	host = req->path == CGC_PATH_IN ? &rule.src : &rule.dst;
	req->subject = req->path == CGC_PATH_IN ? 0 : rule.src.compartment;
	req->object = req->path == CGC_PATH_OUT ? 0 : rule.dst.compartment;
	req->sport = 40000;
	req->dport = rule.dst.port_lo ? rule.dst.port_lo : 80;
	if (req->path == CGC_PATH_LOCAL)
		return;
	req->family = host->kind == CGC_END_NET6 ? 6 : 4;
	memcpy(req->peer, host->addr, sizeof(req->peer));
	req->peer[req->family == 6 ? 15 : 3] = 1;
}

static void make_requests(const struct cgc_ruleset *set, bool hit)
{
	u32 i;

	for (i = 0; i < DECISIONS; i++) {
		make_hit(&requests[i], draw(set->count));
		if (!hit)
			requests[i].dport = 65000;
		if (!hit && requests[i].path == CGC_PATH_LOCAL)
			requests[i].object = 9000;
	}
}

__attribute__((noinline))
static u32 decide_all(const struct cgc_ruleset *set)
{
	u32 i, allowed = 0;

	for (i = 0; i < DECISIONS; i++)
		allowed += cgc_ruleset_decide(set, &requests[i]).allow;
	return allowed;
}

static char *make_text(const struct cgc_ruleset *set, size_t *len)
{
	const struct cgc_rule_words words = cgc_ruleset_words(set);
	struct cgc_text text;
	size_t size = set->count * 128ul;
	char *buf = malloc(size);
	u32 i;

	cgc_text_init(&text, buf, size);
	for (i = 0; i < set->count; i++) {
		cgc_format_rule(&text, &set->rules[i], &words, NULL);
		cgc_text_str(&text, "\n");
	}
	*len = text.len;
	return buf;
}

static int count_statement(void *ctx, const struct cgc_statement *st)
{
	(void)st;
	++*(u32 *)ctx;
	return 0;
}

__attribute__((noinline))
static u32 parse_all(const char *text, size_t len)
{
	static struct cgc_statement scratch;
	struct cgc_parse_error error;
	u32 count = 0;

	if (cgc_parse(text, len, &scratch, count_statement, &count, &error)) {
		fprintf(stderr, "%u:%u: %s\n", error.place.line, error.place.column, error.what);
		exit(1);
	}
	return count;
}

__attribute__((noinline))
static void add_all(struct cgc_ruleset *to, const struct cgc_ruleset *from)
{
	const struct cgc_rule_words words = cgc_ruleset_words(from);
	const char *why;
	u64 ref;
	u32 i;

	for (i = 0; i < from->count; i++)
		cgc_ruleset_add(to, &from->rules[i], &words, &ref, &why);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static void expect(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "%s\n", what);
	exit(1);
}

/* The least of several runs: what the machine can do when it is left alone. */
static double time_decide(const struct cgc_ruleset *set, bool hit)
{
	double best = 1e18;
	u32 i;

	for (i = 0; i < 20; i++) {
		double begin = now();

		expect(decide_all(set) == (hit ? DECISIONS : 0), "decisions are wrong");
		best = now() - begin < best ? now() - begin : best;
	}
	return best / DECISIONS;
}

static double run(const char *name, u32 rules)
{
	struct cgc_ruleset *set = make_set(rules), *to;
	double begin, end;
	size_t len;
	char *text;

	if (!strcmp(name, "hit") || !strcmp(name, "miss")) {
		make_requests(set, *name == 'h');
		return time_decide(set, *name == 'h');
	}
	if (!strcmp(name, "add")) {
		to = cgc_ruleset_init(malloc(cgc_ruleset_size(rules)), rules);
		begin = now();
		add_all(to, set);
		end = now();
		expect(to->count == rules, "rules are missing");
		return (end - begin) / rules;
	}
	text = make_text(set, &len);
	begin = now();
	expect(parse_all(text, len) == rules, "rules are missing");
	return (now() - begin) / rules;
}

/* One pass, with nothing but it in the function that is counted. */
static void count(const char *name, u32 rules)
{
	struct cgc_ruleset *set = make_set(rules), *to;
	size_t len;
	char *text;

	if (!strcmp(name, "hit") || !strcmp(name, "miss")) {
		make_requests(set, *name == 'h');
		expect(decide_all(set) == (*name == 'h' ? DECISIONS : 0), "decisions are wrong");
	} else if (!strcmp(name, "add")) {
		to = cgc_ruleset_init(malloc(cgc_ruleset_size(rules)), rules);
		add_all(to, set);
	} else {
		text = make_text(set, &len);
		parse_all(text, len);
	}
}

int main(int argc, char **argv)
{
	static const char *const names[] = { "hit", "miss", "add", "parse" };
	static const u32 sizes[] = { 10, 1000, 100000 };
	u32 i, k;

	if (argc == 3) {
		count(argv[1], atoi(argv[2]));
		return 0;
	}
	for (i = 0; i < 4; i++)
		for (k = 0; k < 3; k++)
			printf("%s %u %.1f\n", names[i], sizes[k], run(names[i], sizes[k]));
	return 0;
}
