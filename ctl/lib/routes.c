// SPDX-License-Identifier: GPL-2.0-only
/* ROUTE statements: from what is written to records, and what the kernel will say to them. */
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "conf.h"
#include "core/route.h"
#include "msg.h"
#include "route.h"

static struct cgc_origin origin(u32 file, struct cgc_place place)
{
	return (struct cgc_origin){ file, place.line, place.column };
}

static void keep(struct cgc_config *config, const struct cgc_conf_route *route)
{
	if (config->routes_count == CGC_ROUTES_MAX) {
		cgc_error_at(config, route->at, "too many routes, expected at most %u",
			     CGC_ROUTES_MAX);
		return;
	}
	config->routes = cgc_grow(config->routes, config->routes_count, sizeof(*route));
	config->routes[config->routes_count++] = *route;
}

void cgc_conf_route(struct cgc_config *config, u32 file, struct cgc_place place,
		    const struct cgc_ast_route *ast)
{
	const bool gateway = ast->via.place.line;
	struct cgc_conf_route route = {
		.at = origin(file, place),
		.compartment_at = origin(file, ast->compartment.place),
		.way_at = origin(file, ast->dev_place.line ? ast->dev_place : ast->via.place),
		.route.compartment = ast->compartment.number,
		.route.prefix = ast->dst.prefix,
	};

	if (ast->compartment.name[0])
		route.compartment = cgc_symbol(config, ast->compartment.name);
	memcpy(route.route.netdev, ast->dev, sizeof(route.route.netdev));
	memcpy(route.route.dst, ast->dst.addr, sizeof(route.route.dst));
	if (gateway)
		memcpy(route.route.via, ast->via.addr, sizeof(route.route.via));
	if (!ast->is_default || gateway) {
		route.route.family = (gateway ? ast->via.kind : ast->dst.kind) == CGC_AST_NET4 ? 4 : 6;
		keep(config, &route);
		return;
	}
	/* Everything that there is behind an interface. */
	route.route.family = 4;
	keep(config, &route);
	route.route.family = 6;
	keep(config, &route);
}

/* The two of `default DEV x' are one statement. */
static bool same_place(const struct cgc_origin *a, const struct cgc_origin *b)
{
	return a->file == b->file && a->line == b->line && a->column == b->column;
}

static void check_rivals(struct cgc_config *config, const struct cgc_set *set,
			 const struct cgc_conf_route *conf, const struct cgc_route *route)
{
	const struct cgc_set_statements *before = &set->statements[CGC_STATEMENT_ROUTE];
	const struct cgc_route *routes = before->at;
	u32 i;

	for (i = 0; i < before->count; i++) {
		if (!cgc_route_rivals(&routes[i], route) ||
		    same_place(&before->origins[i], &conf->at))
			continue;
		cgc_error_at(config, conf->at,
			     "another route to the same destination than at %s:%u:%u, expected one",
			     config->files[before->origins[i].file].path, before->origins[i].line,
			     before->origins[i].column);
		return;
	}
}

static bool has_table(const struct cgc_config *config, u32 compartment)
{
	const struct cgc_compartment *def = cgc_definition_of(config, compartment);

	return def && def->flags & CGC_COMPARTMENT_ROUTED;
}

static void compile_route(struct cgc_config *config, struct cgc_set *set,
			  const struct cgc_conf_route *conf)
{
	struct cgc_route route = conf->route;
	const char *why;

	route.owner = CGC_OWNER_FILES;
	if (!cgc_compartment_resolve(config, conf->compartment_at, conf->compartment,
				     &route.compartment))
		return;
	if (cgc_route_verify(&route, &why)) {
		cgc_error_at(config, conf->at, "%s", why);
		return;
	}
	if (!has_table(config, route.compartment))
		cgc_refuse_at(config, conf->compartment_at,
			      "the compartment has no routing table, expected one that is ROUTED");
	if (cgc_set_has_statement(set, CGC_STATEMENT_ROUTE, &route)) {
		cgc_warning_at(config, conf->at, "the same route is there already");
		return;
	}
	check_rivals(config, set, conf, &route);
	cgc_set_statement(set, CGC_STATEMENT_ROUTE, &route, &conf->at);
}

void cgc_compile_routes(struct cgc_config *config, struct cgc_set *set)
{
	u32 i;

	for (i = 0; i < config->routes_count && !cgc_msg_too_many(config); i++)
		compile_route(config, set, &config->routes[i]);
}

/* net.ipv4.conf.NAME.rp_filter; 0 where there is none. */
static int rp_filter(const char *name)
{
	char path[64];
	int value = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/sys/net/ipv4/conf/%s/rp_filter", name);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (fscanf(file, "%d", &value) != 1)
		value = 0;
	fclose(file);
	return value;
}

/* Whose filter asks the main table whether it would answer by the same interface: the
 * larger one of both counts. NULL: nobody's. */
static const char *strict_filter(const char *netdev)
{
	const int all = rp_filter("all"), own = netdev[0] ? rp_filter(netdev) : 0;

	if (all > 1 || own > 1)
		return NULL;
	if (all == 1)
		return "all";
	return own == 1 ? netdev : NULL;
}

/* What cannot be now; `check' and what is said at boot are about another time. */
static void refuse_now(struct cgc_config *config, struct cgc_origin at, const char *what)
{
	if (config->options.boot || config->options.check)
		cgc_warning_at(config, at, "%s", what);
	else
		cgc_refuse_at(config, at, "%s", what);
}

static struct cgc_origin way_at(const struct cgc_config *config, const struct cgc_origin *at)
{
	u32 i;

	for (i = 0; i < config->routes_count; i++)
		if (same_place(&config->routes[i].at, at))
			return config->routes[i].way_at;
	return *at;
}

void cgc_routes_verify(struct cgc_config *config, const struct cgc_set *set)
{
	const struct cgc_set_statements *stated = &set->statements[CGC_STATEMENT_ROUTE];
	const struct cgc_route *routes = stated->at;
	char what[256];
	u32 i;

	for (i = 0; i < stated->count; i++) {
		const char *netdev = routes[i].netdev, *filter = strict_filter(netdev);
		const struct cgc_origin at = way_at(config, &stated->origins[i]);

		if (netdev[0] && !if_nametoindex(netdev)) {
			snprintf(what, sizeof(what),
				 "there is no interface %s, expected one that `ip link' shows", netdev);
			refuse_now(config, at, what);
		}
		if (routes[i].family == 4 && filter) {
			snprintf(what, sizeof(what),
				 "net.ipv4.conf.%s.rp_filter is 1, which drops answers that the main table would not route back; expected 0 or 2",
				 filter);
			refuse_now(config, at, what);
		}
	}
}
