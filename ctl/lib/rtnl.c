// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

#include "rtnl.h"

#define OUT_BYTES	1024

int cgc_rtnl_open(struct cgc_rtnl *rtnl, u32 groups)
{
	rtnl->why[0] = '\0';
	rtnl->mnl = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (rtnl->mnl && !mnl_socket_bind(rtnl->mnl, groups, MNL_SOCKET_AUTOPID)) {
		rtnl->portid = mnl_socket_get_portid(rtnl->mnl);
		return 0;
	}
	snprintf(rtnl->why, sizeof(rtnl->why), "%s", strerror(errno));
	cgc_rtnl_close(rtnl);
	return -EIO;
}

void cgc_rtnl_close(struct cgc_rtnl *rtnl)
{
	if (rtnl->mnl)
		mnl_socket_close(rtnl->mnl);
	rtnl->mnl = NULL;
}

struct nlmsghdr *cgc_rtnl_request(struct cgc_rtnl *rtnl, u16 type)
{
	static char out[OUT_BYTES];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(out);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST;
	if (type == RTM_NEWRULE || type == RTM_NEWROUTE)
		nlh->nlmsg_flags |= NLM_F_CREATE | NLM_F_EXCL;
	nlh->nlmsg_seq = ++rtnl->seq;
	return nlh;
}

static int failed(struct cgc_rtnl *rtnl)
{
	int err = errno ? -errno : -EIO;

	snprintf(rtnl->why, sizeof(rtnl->why), "%s", strerror(-err));
	return err;
}

/* Until what is being waited for has come to its end. */
static int receive(struct cgc_rtnl *rtnl, mnl_cb_t each, void *ctx)
{
	ssize_t len;
	int ret = MNL_CB_OK;

	while (ret == MNL_CB_OK) {
		len = mnl_socket_recvfrom(rtnl->mnl, rtnl->in, sizeof(rtnl->in));
		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0)
			return failed(rtnl);
		ret = mnl_cb_run(rtnl->in, (size_t)len, rtnl->seq, rtnl->portid, each, ctx);
	}
	return ret == MNL_CB_ERROR ? failed(rtnl) : 0;
}

int cgc_rtnl_ask(struct cgc_rtnl *rtnl, struct nlmsghdr *nlh, mnl_cb_t each, void *ctx)
{
	nlh->nlmsg_flags |= NLM_F_ACK;
	if (mnl_socket_sendto(rtnl->mnl, nlh, nlh->nlmsg_len) < 0)
		return failed(rtnl);
	return receive(rtnl, each, ctx);
}

int cgc_rtnl_talk(struct cgc_rtnl *rtnl, struct nlmsghdr *nlh)
{
	return cgc_rtnl_ask(rtnl, nlh, NULL, NULL);
}

int cgc_rtnl_dump(struct cgc_rtnl *rtnl, u16 type, u8 family, mnl_cb_t each, void *ctx)
{
	struct nlmsghdr *nlh = cgc_rtnl_request(rtnl, type);
	/* As long as a header of either kind: the kernel reads only its own. */
	struct rtmsg *header = mnl_nlmsg_put_extra_header(nlh, sizeof(*header));

	header->rtm_family = family;
	nlh->nlmsg_flags |= NLM_F_DUMP;
	if (mnl_socket_sendto(rtnl->mnl, nlh, nlh->nlmsg_len) < 0)
		return failed(rtnl);
	return receive(rtnl, each, ctx);
}

/**
 * struct taken - attributes being sorted by type
 * @attrs: them
 * @max: the last type that is wanted
 */
struct taken {
	struct nlattr **attrs;
	u16 max;
};

static int take(const struct nlattr *attr, void *ctx)
{
	struct taken *taken = ctx;

	if (mnl_attr_get_type(attr) <= taken->max)
		taken->attrs[mnl_attr_get_type(attr)] = (struct nlattr *)attr;
	return MNL_CB_OK;
}

void cgc_rtnl_attrs(const struct nlmsghdr *nlh, size_t size, struct nlattr **attrs, u16 max)
{
	struct taken taken = { .attrs = attrs, .max = max };

	mnl_attr_parse(nlh, (unsigned int)size, take, &taken);
}
