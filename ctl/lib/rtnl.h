/* SPDX-License-Identifier: GPL-2.0-only */
/* Talking to rtnetlink. */
#ifndef CGC_CTL_RTNL_H
#define CGC_CTL_RTNL_H

#include "route.h"

/* cgc_rtnl_request - begin a message; the header of its type goes behind it. */
struct nlmsghdr *cgc_rtnl_request(struct cgc_rtnl *rtnl, u16 type);

/* All return 0 or -errno, with @rtnl->why. */

/* cgc_rtnl_talk - send it, and wait until it is done. */
int cgc_rtnl_talk(struct cgc_rtnl *rtnl, struct nlmsghdr *nlh);
/* cgc_rtnl_ask - likewise, for what is answered. */
int cgc_rtnl_ask(struct cgc_rtnl *rtnl, struct nlmsghdr *nlh, mnl_cb_t each, void *ctx);
/* cgc_rtnl_dump - @each with every message of a family's list; again from the beginning
 * where it changed meanwhile is the caller's: it has seen what there was. */
int cgc_rtnl_dump(struct cgc_rtnl *rtnl, u16 type, u8 family, mnl_cb_t each, void *ctx);

/* cgc_rtnl_attrs - the attributes behind a header of @size, by type up to @max. */
void cgc_rtnl_attrs(const struct nlmsghdr *nlh, size_t size, struct nlattr **attrs, u16 max);

#endif
