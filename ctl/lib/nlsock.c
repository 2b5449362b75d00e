// SPDX-License-Identifier: GPL-2.0-only
#include <linux/genetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "nlsock.h"

#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif

static int fail(struct cgc_nl *nl, int err)
{
	snprintf(nl->why, sizeof(nl->why), "%s", strerror(err));
	return -err;
}

/* The attributes of a refusal: the kernel's words, where it has some. */
static int on_extack(const struct nlattr *attr, void *ctx)
{
	struct cgc_nl *nl = ctx;

	if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG && !mnl_attr_validate(attr, MNL_TYPE_STRING))
		snprintf(nl->why, sizeof(nl->why), "%.*s", (int)mnl_attr_get_payload_len(attr),
			 mnl_attr_get_str(attr));
	return MNL_CB_OK;
}

static int on_error(struct cgc_nl *nl, const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *error = mnl_nlmsg_get_payload(nlh);
	size_t offset = sizeof(*error);

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*error))
		return fail(nl, EBADMSG);
	if (!error->error)
		return 0;
	fail(nl, -error->error);
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		offset += MNL_ALIGN(error->msg.nlmsg_len) - sizeof(error->msg);
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS)
		mnl_attr_parse(nlh, (unsigned int)offset, on_extack, nl);
	return error->error;
}

static ssize_t receive(struct cgc_nl *nl, int flags)
{
	ssize_t len;

	do {
		len = recv(mnl_socket_get_fd(nl->mnl), nl->in, sizeof(nl->in), flags);
	} while (len < 0 && errno == EINTR);
	return len < 0 ? -errno : len;
}

/**
 * struct reply - what is being waited for
 * @seq: of the last message; answers to earlier ones may come before
 * @done: there is no more
 * @interrupted: a list that changed while it was made
 */
struct reply {
	u32 seq;
	bool done;
	bool interrupted;
};

static int on_message(struct cgc_nl *nl, const struct nlmsghdr *nlh, struct reply *reply,
		      cgc_nl_each each, void *ctx)
{
	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		reply->interrupted = true;
	if (nlh->nlmsg_type == NLMSG_ERROR) {
		reply->done = nlh->nlmsg_seq == reply->seq;
		return on_error(nl, nlh);
	}
	if (nlh->nlmsg_type == NLMSG_DONE) {
		const int *status = mnl_nlmsg_get_payload(nlh);

		reply->done = nlh->nlmsg_seq == reply->seq;
		if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*status) || *status >= 0)
			return 0;
		fail(nl, -*status);
		if (nlh->nlmsg_flags & NLM_F_ACK_TLVS)
			mnl_attr_parse(nlh, sizeof(*status), on_extack, nl);
		return *status;
	}
	return nlh->nlmsg_type >= NLMSG_MIN_TYPE && each ? each(nlh, ctx) : 0;
}

static int on_datagram(struct cgc_nl *nl, ssize_t len, struct reply *reply,
		       cgc_nl_each each, void *ctx)
{
	const struct nlmsghdr *nlh = (const void *)nl->in;
	int left = (int)len, err = 0;

	for (; mnl_nlmsg_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left)) {
		int one = on_message(nl, nlh, reply, each, ctx);

		if (!err)
			err = one;
	}
	return err;
}

static int send_message(struct cgc_nl *nl, struct nlmsghdr *nlh, u16 flags)
{
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = ++nl->seq;
	if (mnl_socket_sendto(nl->mnl, nlh, nlh->nlmsg_len) < 0)
		return fail(nl, errno);
	return 0;
}

/* An error is final, but what follows it is read all the same. */
static int finish(struct cgc_nl *nl, struct reply *reply, cgc_nl_each each, void *ctx)
{
	int err = 0, one;
	ssize_t len;

	while (!reply->done) {
		len = receive(nl, 0);
		if (len < 0)
			return fail(nl, (int)-len);
		one = on_datagram(nl, len, reply, each, ctx);
		if (!err)
			err = one;
	}
	return err;
}

struct nlmsghdr *cgc_nl_request(struct cgc_nl *nl, u8 cmd)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(nl->out);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = nl->family;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = CGC_GENL_VERSION;
	return nlh;
}

int cgc_nl_talk(struct cgc_nl *nl, struct nlmsghdr *nlh, cgc_nl_each each, void *ctx)
{
	struct reply reply = { 0 };
	int err = send_message(nl, nlh, NLM_F_ACK);

	if (err)
		return err;
	reply.seq = nl->seq;
	return finish(nl, &reply, each, ctx);
}

int cgc_nl_post(struct cgc_nl *nl, struct nlmsghdr *nlh)
{
	struct reply reply = { 0 };
	int err = send_message(nl, nlh, 0);
	ssize_t len;

	while (!err) {
		len = receive(nl, MSG_DONTWAIT);
		if (len == -EAGAIN)
			break;
		err = len < 0 ? fail(nl, (int)-len) : on_datagram(nl, len, &reply, NULL, NULL);
	}
	return err;
}

int cgc_nl_dump(struct cgc_nl *nl, struct nlmsghdr *nlh, cgc_nl_each each, void *ctx)
{
	struct reply reply = { 0 };
	int err = send_message(nl, nlh, NLM_F_DUMP);

	if (err)
		return err;
	reply.seq = nl->seq;
	err = finish(nl, &reply, each, ctx);
	return !err && reply.interrupted ? fail(nl, EINTR) : err;
}

static int on_group(const struct nlattr *attr, void *ctx)
{
	struct cgc_nl *nl = ctx;
	const struct nlattr *in;
	const char *name = "";
	u32 id = 0;

	mnl_attr_for_each_nested(in, attr) {
		if (mnl_attr_get_type(in) == CTRL_ATTR_MCAST_GRP_NAME)
			name = mnl_attr_get_str(in);
		else if (mnl_attr_get_type(in) == CTRL_ATTR_MCAST_GRP_ID)
			id = mnl_attr_get_u32(in);
	}
	if (!strcmp(name, CGC_GENL_MCGRP_EVENTS))
		nl->events = id;
	if (!strcmp(name, CGC_GENL_MCGRP_CHANGES))
		nl->changes = id;
	return MNL_CB_OK;
}

static int on_family(const struct nlmsghdr *nlh, void *ctx)
{
	struct cgc_nl *nl = ctx;
	const struct nlattr *attr, *group;
	u32 version = 0;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		switch (mnl_attr_get_type(attr)) {
		case CTRL_ATTR_FAMILY_ID:
			nl->family = mnl_attr_get_u16(attr);
			break;
		case CTRL_ATTR_VERSION:
			version = mnl_attr_get_u32(attr);
			break;
		case CTRL_ATTR_MCAST_GROUPS:
			mnl_attr_for_each_nested(group, attr)
				on_group(group, nl);
			break;
		}
	}
	if (version == CGC_GENL_VERSION)
		return 0;
	snprintf(nl->why, sizeof(nl->why),
		 "the module's protocol is version %u, expected %u: reload the module after an upgrade",
		 version, CGC_GENL_VERSION);
	return -EPROTO;
}

static int resolve(struct cgc_nl *nl)
{
	struct nlmsghdr *nlh;

	nl->family = GENL_ID_CTRL;
	nlh = cgc_nl_request(nl, CTRL_CMD_GETFAMILY);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, CGC_GENL_NAME);
	return cgc_nl_talk(nl, nlh, on_family, nl);
}

int cgc_nl_open(struct cgc_nl *nl)
{
	int one = 1, err;

	memset(nl, 0, sizeof(*nl));
	nl->mnl = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!nl->mnl)
		return fail(nl, errno);
	if (mnl_socket_bind(nl->mnl, 0, MNL_SOCKET_AUTOPID) < 0) {
		err = fail(nl, errno);
		cgc_nl_close(nl);
		return err;
	}
	nl->portid = mnl_socket_get_portid(nl->mnl);
	mnl_socket_setsockopt(nl->mnl, NETLINK_CAP_ACK, &one, sizeof(one));
	mnl_socket_setsockopt(nl->mnl, NETLINK_EXT_ACK, &one, sizeof(one));
	err = resolve(nl);
	if (err)
		cgc_nl_close(nl);
	return err;
}

void cgc_nl_close(struct cgc_nl *nl)
{
	if (nl->mnl)
		mnl_socket_close(nl->mnl);
	nl->mnl = NULL;
}

int cgc_nl_follow_changes(struct cgc_nl *nl)
{
	int group = (int)nl->changes;

	if (mnl_socket_setsockopt(nl->mnl, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) < 0)
		return fail(nl, errno);
	return 0;
}

int cgc_nl_follow(struct cgc_nl *nl)
{
	int group = (int)nl->events, size = 4 << 20;

	setsockopt(mnl_socket_get_fd(nl->mnl), SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	if (mnl_socket_setsockopt(nl->mnl, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) < 0)
		return fail(nl, errno);
	return 0;
}

int cgc_nl_wait(struct cgc_nl *nl, cgc_nl_each each, void *ctx)
{
	struct reply reply = { 0 };
	ssize_t len = receive(nl, 0);

	return len < 0 ? fail(nl, (int)-len) : on_datagram(nl, len, &reply, each, ctx);
}
