// SPDX-License-Identifier: GPL-2.0-only
/* Would it pass, and by which rule? Asked of the core with the rules in force. */
#include <inttypes.h>
#include <net/if.h>
#include <stdlib.h>

#include "core/route.h"
#include "core/words.h"
#include "ctl.h"

static struct cgc_set in_force;
static const struct cgc_names names = { cgc_set_name, &in_force };

static bool is_compartment(const struct cgc_end *end)
{
	return end->kind == CGC_END_COMPARTMENT;
}

/* One host: an address of full length. */
static bool is_host(const struct cgc_end *end)
{
	return (end->kind == CGC_END_NET4 && end->prefix == 32) ||
	       (end->kind == CGC_END_NET6 && end->prefix == 128);
}

static bool any_port(const struct cgc_end *end)
{
	return !end->port_lo && end->port_hi == 65535;
}

static void peer_set(struct cgc_request *request, const struct cgc_end *end)
{
	request->family = end->kind == CGC_END_NET4 ? 4 : 6;
	memcpy(request->peer, end->addr, sizeof(request->peer));
}

/* A question is a rule that says one thing only. */
static const char *request_set(struct cgc_request *request, const struct cgc_rule *rule)
{
	const struct cgc_end *src = &rule->src, *dst = &rule->dst;

	if (!(is_compartment(src) || is_host(src)) || !(is_compartment(dst) || is_host(dst)))
		return "expected one compartment or one address at each end";
	if ((!any_port(src) && src->port_lo != src->port_hi) ||
	    (!any_port(dst) && dst->port_lo != dst->port_hi))
		return "a range of ports, expected one";
	memset(request, 0, sizeof(*request));
	request->sport_unknown = any_port(src);
	request->sport = any_port(src) ? 0 : src->port_lo;
	request->dport = any_port(dst) ? 0 : dst->port_lo;
	request->subject = src->compartment;
	request->object = dst->compartment;
	request->path = CGC_PATH_LOCAL;
	if (cgc_label_is_netdev(src->compartment)) {
		request->path = CGC_PATH_FORWARD;
	} else if (is_host(src)) {
		request->path = CGC_PATH_IN;
		peer_set(request, src);
	} else if (is_host(dst)) {
		request->path = CGC_PATH_OUT;
		peer_set(request, dst);
	}
	return NULL;
}

static const char *name_set(struct cgc_request *request, const struct cgc_set *question)
{
	const struct cgc_path_word *word;

	if (!question->rules->path)
		return NULL;
	word = &question->paths[question->rules->path - 1];
	if (strpbrk(word->name, "*?"))
		return "PATH with * or ?, expected the name of one socket";
	request->name = word->name;
	request->name_len = (u8)strlen(word->name);
	return NULL;
}

static const struct cgc_compartment *definition_of(u32 number)
{
	u32 i;

	for (i = 0; i < in_force.defs_count; i++)
		if (in_force.defs[i].number == number)
			return &in_force.defs[i];
	return NULL;
}

static u32 netdev_label(const struct cgc_records *netdevs, const char *name)
{
	const struct cgc_netdev *netdev = netdevs->at;
	u32 i;

	for (i = 0; i < netdevs->count; i++)
		if (!netdev[i].netns && !strncmp(netdev[i].name, name, CGC_NETDEV_SIZE))
			return netdev[i].label;
	return 0;
}

static bool satisfies(const struct cgc_netdev_selector *word,
		      const struct cgc_netdev_selector *asked, u32 label)
{
	return word->label ? word->label == label :
	       !asked->label && !strncmp(word->name, asked->name, CGC_NETDEV_SIZE);
}

/* What no rule could say about the interface, or NULL. */
static const char *bound(const struct cgc_request *request,
			 const struct cgc_netdev_selector *asked, const struct cgc_records *netdevs)
{
	struct cgc_flow flow = { .path = request->path };
	const u32 label = asked->label ? asked->label : netdev_label(netdevs, asked->name);
	const u32 whose = request->path == CGC_PATH_OUT ? request->subject : request->object;
	const struct cgc_compartment *def = NULL;
	u32 i;

	if (request->path == CGC_PATH_OUT && whose == CGC_LABEL_SUPERVISOR)
		return NULL;
	for (i = 0; i < in_force.defs_count; i++)
		if (in_force.defs[i].number == whose)
			def = &in_force.defs[i];
	if (in_force.statements[CGC_STATEMENT_NETDEV].count && label >= CGC_LABEL_QUARANTINE &&
	    strncmp(asked->name, "lo", CGC_NETDEV_SIZE))
		flow.detail = CGC_DETAIL_QUARANTINE;
	else if (def && def->netdevs_count)
		flow.detail = CGC_DETAIL_NETDEVS;
	for (i = 0; flow.detail == CGC_DETAIL_NETDEVS && i < def->netdevs_count; i++)
		if (satisfies(&def->netdevs[i], asked, label))
			flow.detail = 0;
	return flow.detail ? cgc_format_reason(&flow) : NULL;
}

/* Which of the set's NETDEV words hold on the interface that is asked about. */
static u64 selectors(const struct cgc_netdev_selector *asked, const struct cgc_records *netdevs)
{
	u32 label = asked->label ? asked->label : netdev_label(netdevs, asked->name);
	u64 bits = 0;
	u32 i;

	for (i = 0; i < in_force.netdevs_count; i++)
		if (satisfies(&in_force.netdevs[i], asked, label))
			bits |= 1ull << i;
	return bits;
}

/* Why the interface that is asked about is shut, or NULL. */
static const char *shut;

static char route_text[CGC_RULE_TEXT_SIZE];

/* What its ROUTE statements say; whether their interfaces are there is another matter. */
static void routes_set(struct cgc_request *request)
{
	const struct cgc_compartment *def = definition_of(request->subject);
	const struct cgc_set_statements *stated = &in_force.statements[CGC_STATEMENT_ROUTE];
	const struct cgc_route *routes = stated->at, *best = NULL;
	u32 i;

	if (request->path != CGC_PATH_OUT || !def || !(def->flags & CGC_COMPARTMENT_ROUTED))
		return;
	for (i = 0; i < stated->count; i++)
		if (routes[i].compartment == request->subject &&
		    cgc_route_covers(&routes[i], request->family, request->peer) &&
		    (!best || routes[i].prefix > best->prefix))
			best = &routes[i];
	request->routes = !best ? CGC_ROUTES_NONE :
			  def->flags & CGC_COMPARTMENT_ROUTED_ONLY ? CGC_ROUTES_ONLY : CGC_ROUTES_TOO;
	if (best)
		snprintf(route_text, sizeof(route_text), "%s", cgc_show_route(best, &names));
}

static void reason(const struct cgc_request *request, const struct cgc_verdict *verdict,
		   const struct cgc_rule *rule, char *text, size_t size)
{
	const struct cgc_rule_words words = cgc_set_words(&in_force);

	switch (verdict->why) {
	case CGC_WHY_RULE:
		snprintf(text, size, "%s  # 0x%016" PRIx64,
			 rule ? cgc_show_rule(rule, &words, &names) : "a rule",
			 (uint64_t)verdict->ref);
		break;
	case CGC_WHY_SAME:
		snprintf(text, size, "both ends are one compartment, no rule is needed");
		break;
	case CGC_WHY_NO_ROUTE:
		snprintf(text, size, "its routing table has no route there");
		break;
	case CGC_WHY_ROUTE:
		snprintf(text, size, "its routes decide (ROUTED ONLY): %s", route_text);
		break;
	case CGC_WHY_SUPERVISOR:
		snprintf(text, size, "the supervisor reaches all, no rule is needed");
		break;
	case CGC_WHY_NOT_ASKED:
		snprintf(text, size, "no rule is about what is forwarded: it passes as without the module");
		break;
	default:
		snprintf(text, size, "%s", shut ? shut :
			 request->path == CGC_PATH_FORWARD ? "no rule forwards it" :
			 "no rule allows it");
	}
}

static void answer(struct cgc_json *json, const struct cgc_ruleset *ruleset,
		   const struct cgc_request *request, const struct cgc_verdict *verdict)
{
	const char *method = cgc_method_name(request->method);
	bool depends = verdict->allow && verdict->netdevs && request->netdevs == CGC_NETDEVS_UNKNOWN;
	char text[CGC_RULE_TEXT_SIZE + 64];

	reason(request, verdict, cgc_ruleset_find(ruleset, verdict->ref), text, sizeof(text));
	if (!ctl.json) {
		printf("%s: %s: %s%s\n", method, verdict->allow ? "allowed" : "refused", text,
		       depends ? " (by that interface only)" : "");
		return;
	}
	cgc_json_object(json, NULL);
	cgc_json_str(json, "method", method);
	cgc_json_bool(json, "allowed", verdict->allow);
	cgc_json_bool(json, "depends_on_netdev", depends);
	if (verdict->why == CGC_WHY_RULE)
		cgc_json_ref(json, "reference", verdict->ref);
	cgc_json_str(json, "why", text);
	cgc_json_end(json);
}

/* Every signal that is asked about, all where none is said: the first refusal, or
 * what allows the last. */
static struct cgc_verdict decide_signals(const struct cgc_ruleset *ruleset,
					 const struct cgc_rule *rule, struct cgc_request *request)
{
	const u64 signals = rule->signals ? rule->signals : ~(u64)0;
	struct cgc_verdict verdict = { 0 };
	u8 i;

	for (i = 0; i < 64; i++) {
		if (!(signals >> i & 1))
			continue;
		request->signal = (u8)(i + 1);
		verdict = cgc_ruleset_decide(ruleset, request);
		if (!verdict.allow)
			break;
	}
	request->signal = 0;
	return verdict;
}

static struct cgc_verdict decide(const struct cgc_ruleset *ruleset, const struct cgc_rule *rule,
				 u32 method, struct cgc_request *request)
{
	if (shut)
		return (struct cgc_verdict){ .why = CGC_WHY_DEFAULT };
	request->method = (u8)method;
	request->attrs = rule->attrs & cgc_attrs_of_method(method);
	/* What labels interfaces means to say where packets go. */
	if (request->path == CGC_PATH_FORWARD && !ruleset->forwards &&
	    in_force.statements[CGC_STATEMENT_NETDEV].count)
		return (struct cgc_verdict){ .why = CGC_WHY_DEFAULT };
	if (method == CGC_METHOD_SIGNAL)
		return decide_signals(ruleset, rule, request);
	return cgc_ruleset_decide(ruleset, request);
}

/* Every method that is asked about has its line; one refusal is a refusal. */
static int answer_all(const struct cgc_rule *rule, struct cgc_request *request)
{
	struct cgc_ruleset *ruleset = cgc_set_ruleset(&in_force);
	struct cgc_json json = { .out = stdout };
	struct cgc_verdict verdict;
	int status = CTL_OK;
	u32 m;

	if (!ruleset) {
		cgc_msg("the rules in force are not understood: tool and module are of different versions");
		return CTL_FAILED;
	}
	if (ctl.json)
		cgc_json_array(&json, NULL);
	for (m = 0; m < CGC_METHOD_COUNT; m++) {
		if (!(rule->methods & CGC_METHOD_BIT(m)))
			continue;
		verdict = decide(ruleset, rule, m, request);
		answer(&json, ruleset, request, &verdict);
		if (!verdict.allow)
			status = CTL_FAILED;
	}
	if (ctl.json)
		cgc_json_end(&json);
	free(ruleset);
	return status;
}

static int ask(struct cgc_nl *nl, const struct cgc_set *question)
{
	struct cgc_records netdevs = { 0 };
	struct cgc_request request;
	const char *why;
	int status;

	if (question->count != 1)
		return ctl_usage("%u rules, expected one question", question->count);
	why = request_set(&request, question->rules);
	if (!why)
		why = name_set(&request, question);
	if (why)
		return ctl_usage("%s", why);
	if (cgc_wire_set(nl, &in_force) || cgc_wire_list(nl, CGC_LIST_NETDEVS, &netdevs))
		return ctl_failed(nl, "list");
	request.netdevs = CGC_NETDEVS_UNKNOWN;
	if (question->netdevs_count == 1)
		request.netdevs = selectors(&question->netdevs[0], &netdevs);
	if (question->netdevs_count == 1 && request.path != CGC_PATH_LOCAL)
		shut = bound(&request, &question->netdevs[0], &netdevs);
	routes_set(&request);
	status = answer_all(question->rules, &request);
	free(netdevs.at);
	cgc_set_free(&in_force);
	return status;
}

int cmd_why(int argc, char **argv)
{
	static const char *const with_value[] = { "--config", NULL };
	static struct cgc_config config;
	struct cgc_conf_options options;
	struct cgc_set question = { 0 };
	struct ctl_known known;
	static struct cgc_nl nl;
	char *text;
	int err;

	argv = ctl_words_last(&argc, argv, with_value);
	if (ctl_getopt(argc, argv, "+h", NULL) != -1)
		return CTL_USAGE;
	if (optind == argc)
		return ctl_usage("expected FROM -> TO METHOD m");
	err = ctl_open(&nl);
	if (err)
		return err;
	if (ctl_ask(&nl, &known))
		return ctl_failed(&nl, "the module cgcompt");
	options = ctl_conf_options(&known);
	options.names_in_force = true;
	cgc_config_init(&config, &options);
	text = ctl_words(argc - optind, argv + optind);
	cgc_conf_text(&config, "<command line>", text, strlen(text));
	free(text);
	cgc_conf_compile(&config, &question);
	err = ctl_conf_status(&config);
	if (!err)
		err = ask(&nl, &question);
	cgc_nl_close(&nl);
	cgc_set_free(&question);
	cgc_config_free(&config);
	ctl_known_free(&known);
	return err;
}
