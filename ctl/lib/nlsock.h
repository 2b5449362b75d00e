/* SPDX-License-Identifier: GPL-2.0-only */
/* Generic netlink to the module: messages out, answers and refusals in. */
#ifndef CGC_CTL_NLSOCK_H
#define CGC_CTL_NLSOCK_H

#include <libmnl/libmnl.h>

#include "model.h"

#define CGC_NL_BUFFER	(64u << 10)

/**
 * struct cgc_nl - a socket to the module
 * @mnl: libmnl's
 * @portid: its address
 * @seq: of the last message sent
 * @family: number of the module's family
 * @events: number of its multicast group of denials
 * @changes: likewise, of changes
 * @why: of the last refusal: the kernel's own words, or the error's
 * @out: the message being built
 * @in: what was received
 */
struct cgc_nl {
	struct mnl_socket *mnl;
	u32 portid;
	u32 seq;
	u16 family;
	u32 events;
	u32 changes;
	char why[256];
	char out[CGC_NL_BUFFER];
	char in[CGC_NL_BUFFER];
};

/* cgc_nl_each - called with every message of an answer; not 0 is an error. */
typedef int (*cgc_nl_each)(const struct nlmsghdr *nlh, void *ctx);

/* cgc_nl_open - Return: 0, -ENOENT: the module is not loaded, or another -errno
 * with @nl->why. */
int cgc_nl_open(struct cgc_nl *nl);
void cgc_nl_close(struct cgc_nl *nl);

/* cgc_nl_request - begin a message in @nl->out; attributes go behind it. */
struct nlmsghdr *cgc_nl_request(struct cgc_nl *nl, u8 cmd);

/* cgc_nl_talk - send it, and wait until it is done. @each may be NULL. */
int cgc_nl_talk(struct cgc_nl *nl, struct nlmsghdr *nlh, cgc_nl_each each, void *ctx);

/* cgc_nl_post - send it, and only look whether something was refused already:
 * a series of these ends with cgc_nl_talk(), which finds the rest. */
int cgc_nl_post(struct cgc_nl *nl, struct nlmsghdr *nlh);

/* cgc_nl_dump - ask for a list. Return: -EINTR where it changed meanwhile. */
int cgc_nl_dump(struct cgc_nl *nl, struct nlmsghdr *nlh, cgc_nl_each each, void *ctx);

/* cgc_nl_follow - join the events' group; then cgc_nl_wait() for each. */
int cgc_nl_follow(struct cgc_nl *nl);
/* cgc_nl_follow_changes - join the changes' group: its socket can be read each time that
 * another set is in force. */
int cgc_nl_follow_changes(struct cgc_nl *nl);
/* cgc_nl_wait - the next messages of the group. Return: -ENOBUFS: some were lost. */
int cgc_nl_wait(struct cgc_nl *nl, cgc_nl_each each, void *ctx);

#endif
