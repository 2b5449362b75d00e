/* SPDX-License-Identifier: GPL-2.0-only */
/* Routes of compartments' tables. */
#ifndef CGC_CORE_ROUTE_H
#define CGC_CORE_ROUTE_H

#include "cgc_port.h"
#include "uapi/cgcompt.h"

/* cgc_route_has_via - has it a gateway? */
bool cgc_route_has_via(const struct cgc_route *route);

/* cgc_route_verify - is every field in its range? Return: 0, or -EINVAL with a sentence
 * without full stop in @why. */
int cgc_route_verify(const struct cgc_route *route, const char **why);

/* cgc_route_covers - does it lead to an address? @family 4 or 6, @addr as in the route. */
bool cgc_route_covers(const struct cgc_route *route, u8 family, const u8 *addr);

/* cgc_route_rivals - do two say where the same destination of the same table is? */
bool cgc_route_rivals(const struct cgc_route *a, const struct cgc_route *b);

#endif
