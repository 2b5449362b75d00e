// SPDX-License-Identifier: GPL-2.0-only
#include "route.h"

#include "format.h"
#include "words.h"

bool cgc_route_has_via(const struct cgc_route *route)
{
	unsigned int i;

	for (i = 0; i < sizeof(route->via); i++)
		if (route->via[i])
			return true;
	return false;
}

static bool same_bits(const u8 *a, const u8 *b, unsigned int bits)
{
	const unsigned int whole = bits / 8, rest = bits % 8;

	return !memcmp(a, b, whole) &&
	       (!rest || !((a[whole] ^ b[whole]) >> (8 - rest)));
}

/* The bits past the prefix, and of IPv4 the bytes past the fourth. */
static bool is_clean(const u8 *addr, unsigned int bits)
{
	const unsigned int whole = bits / 8, rest = bits % 8;
	unsigned int i;

	if (rest && addr[whole] & (0xff >> rest))
		return false;
	for (i = whole + (rest != 0); i < 16; i++)
		if (addr[i])
			return false;
	return true;
}

/* A name that an interface can have, padded. */
static bool is_netdev(const char *name)
{
	unsigned int i = 0, j;

	while (i < CGC_NETDEV_SIZE && cgc_netdev_char(name[i]))
		i++;
	for (j = i; j < CGC_NETDEV_SIZE; j++)
		if (name[j])
			return false;
	return i < CGC_NETDEV_SIZE;
}

int cgc_route_verify(const struct cgc_route *route, const char **why)
{
	const unsigned int bits = route->family == 4 ? 32 : 128;

	*why = NULL;
	if (route->family != 4 && route->family != 6)
		*why = "a route is neither of IPv4 nor of IPv6";
	else if (route->prefix > bits || !is_clean(route->dst, route->prefix))
		*why = "a route's destination has bits past its prefix";
	else if (!is_clean(route->via, bits))
		*why = "a route's gateway is no address";
	else if (route->reserved)
		*why = "a reserved field of a route is not 0";
	else if (!is_netdev(route->netdev))
		*why = "a route's interface has no name that one can have";
	else if (!route->netdev[0] && !cgc_route_has_via(route))
		*why = "a route has neither a gateway nor an interface";
	else if (route->compartment == CGC_LABEL_DEFAULT ||
		 route->compartment >= CGC_LABEL_NETDEV_FIRST)
		*why = "compartment 0 and the supervisor have no routing table of their own";
	return *why ? -EINVAL : 0;
}

bool cgc_route_covers(const struct cgc_route *route, u8 family, const u8 *addr)
{
	return route->family == family && same_bits(route->dst, addr, route->prefix);
}

bool cgc_route_rivals(const struct cgc_route *a, const struct cgc_route *b)
{
	return a->compartment == b->compartment && a->family == b->family &&
	       a->prefix == b->prefix && !memcmp(a->dst, b->dst, sizeof(a->dst));
}

void cgc_format_route(struct cgc_text *text, const struct cgc_route *route,
		      const struct cgc_names *names)
{
	const bool gateway = cgc_route_has_via(route);

	cgc_text_str(text, "ROUTE COMPARTMENT ");
	cgc_text_label(text, names, route->compartment);
	cgc_text_str(text, " ");
	if (!route->prefix && gateway) {
		cgc_text_str(text, "default");
	} else {
		cgc_text_addr(text, route->family, route->dst);
		if (route->prefix < (route->family == 4 ? 32 : 128)) {
			cgc_text_str(text, "/");
			cgc_text_u64(text, route->prefix);
		}
	}
	if (gateway) {
		cgc_text_str(text, " VIA ");
		cgc_text_addr(text, route->family, route->via);
	}
	if (route->netdev[0]) {
		cgc_text_str(text, " DEV ");
		cgc_text_str(text, route->netdev);
	}
}
