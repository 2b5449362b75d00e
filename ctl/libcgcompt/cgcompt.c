// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's protocol, as little of it as one call needs. A child between fork() and
 * execve() may call it, whatever other threads its parent has: nothing is allocated.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cgcompt.h"
#include "uapi/cgcompt.h"

/* struct talk - a socket to the kernel, and the message that is written or was read */
struct talk {
	int fd;
	uint16_t family;
	uint32_t seq;
	size_t len;
	union {
		struct nlmsghdr nlh;
		char bytes[16384];
	};
};

static void begin(struct talk *t, uint16_t type, uint8_t cmd, uint16_t flags)
{
	struct genlmsghdr *genl = NLMSG_DATA(&t->nlh);

	memset(t->bytes, 0, NLMSG_LENGTH(sizeof(*genl)));
	t->nlh.nlmsg_len = NLMSG_LENGTH(sizeof(*genl));
	t->nlh.nlmsg_type = type;
	t->nlh.nlmsg_flags = NLM_F_REQUEST | flags;
	t->nlh.nlmsg_seq = ++t->seq;
	genl->cmd = cmd;
	genl->version = CGC_GENL_VERSION;
}

static void put(struct talk *t, uint16_t type, const void *data, size_t len)
{
	struct nlattr *attr = (void *)(t->bytes + NLMSG_ALIGN(t->nlh.nlmsg_len));

	attr->nla_type = type;
	attr->nla_len = (uint16_t)(NLA_HDRLEN + len);
	memcpy((char *)attr + NLA_HDRLEN, data, len);
	t->nlh.nlmsg_len = NLMSG_ALIGN(t->nlh.nlmsg_len) + NLA_ALIGN(attr->nla_len);
}

/* An attribute of an answer: its payload, or NULL. */
static const void *get(const struct nlmsghdr *nlh, uint16_t type, size_t *len)
{
	const char *at = (const char *)NLMSG_DATA(nlh) + GENL_HDRLEN;
	const char *end = (const char *)nlh + nlh->nlmsg_len;
	const struct nlattr *attr;

	for (; end - at >= NLA_HDRLEN; at += NLA_ALIGN(attr->nla_len)) {
		attr = (const void *)at;
		if (attr->nla_len < NLA_HDRLEN || attr->nla_len > end - at)
			return NULL;
		*len = attr->nla_len - NLA_HDRLEN;
		if ((attr->nla_type & NLA_TYPE_MASK) == type)
			return at + NLA_HDRLEN;
	}
	return NULL;
}

/* What is wanted of an answer: not 0 ends it with that value. */
typedef int (*each)(struct talk *t, const struct nlmsghdr *nlh, void *ctx);

static int read_one(struct talk *t, const struct nlmsghdr *nlh, each answer, void *ctx, bool *done)
{
	const int *status = NLMSG_DATA(nlh);

	if (nlh->nlmsg_type != NLMSG_ERROR && nlh->nlmsg_type != NLMSG_DONE)
		return answer ? answer(t, nlh, ctx) : 0;
	*done = true;
	return nlh->nlmsg_len < NLMSG_LENGTH(sizeof(*status)) ? -EBADMSG : *status;
}

static int ask(struct talk *t, each answer, void *ctx)
{
	bool done = false;
	int err = 0;

	if (send(t->fd, t->bytes, t->nlh.nlmsg_len, 0) < 0)
		return -errno;
	while (!done && !err) {
		const struct nlmsghdr *nlh = &t->nlh;
		ssize_t len = recv(t->fd, t->bytes, sizeof(t->bytes), 0);
		int left = (int)len;

		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0)
			return -errno;
		for (; NLMSG_OK(nlh, left) && !done && !err; nlh = NLMSG_NEXT(nlh, left))
			err = read_one(t, nlh, answer, ctx, &done);
	}
	return err > 0 ? 0 : err;
}

static int on_family(struct talk *t, const struct nlmsghdr *nlh, void *ctx)
{
	const uint32_t *version;
	const uint16_t *id;
	size_t len;

	(void)ctx;
	version = get(nlh, CTRL_ATTR_VERSION, &len);
	if (!version || *version != CGC_GENL_VERSION)
		return -EPROTO;
	id = get(nlh, CTRL_ATTR_FAMILY_ID, &len);
	t->family = id ? *id : 0;
	return 0;
}

/* struct name - what is looked for, and its number */
struct name {
	const char *text;
	bool found;
	uint32_t number;
};

static int on_compartments(struct talk *t, const struct nlmsghdr *nlh, void *ctx)
{
	const struct cgc_compartment *def;
	struct name *name = ctx;
	size_t len = 0, i;

	(void)t;
	def = get(nlh, CGC_A_COMPARTMENTS, &len);
	if (len % sizeof(*def))
		return -EPROTO;
	for (i = 0; def && i < len / sizeof(*def); i++) {
		if (!(def[i].flags & CGC_COMPARTMENT_DEFINED) ||
		    strncmp(def[i].name, name->text, sizeof(def[i].name)))
			continue;
		name->found = true;
		name->number = def[i].number;
	}
	return 0;
}

static bool is_number(const char *text, uint32_t *number)
{
	const unsigned int base = text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ? 16 : 10;
	const char *at = base == 16 ? text + 2 : text, *digit;
	static const char digits[] = "0123456789abcdef";
	uint64_t value = 0;

	for (; *at; at++) {
		digit = strchr(digits, *at | 0x20);
		if (!digit || digit - digits >= (int)base || value > UINT32_MAX)
			return false;
		value = value * base + (uint64_t)(digit - digits);
	}
	*number = (uint32_t)value;
	return at > text && at[-1] != 'x' && at[-1] != 'X' && value <= UINT32_MAX;
}

/* By its name, or number; `default' and `supervisor' without a definition too. */
static int find(struct talk *t, const char *compartment, uint32_t *number)
{
	const uint32_t list = CGC_LIST_COMPARTMENTS;
	struct name name = { .text = compartment };
	int err;

	if (is_number(compartment, number))
		return 0;
	*number = CGC_LABEL_SUPERVISOR;
	if (!strcmp(compartment, "supervisor") || !strcmp(compartment, "-1"))
		return 0;
	*number = CGC_LABEL_DEFAULT;
	if (!strcmp(compartment, "default"))
		return 0;
	begin(t, t->family, CGC_CMD_LIST, NLM_F_DUMP);
	put(t, CGC_A_LIST, &list, sizeof(list));
	err = ask(t, on_compartments, &name);
	*number = name.number;
	return err || name.found ? err : -ENOENT;
}

static int prepare(struct talk *t, const char *compartment)
{
	static const char family[] = CGC_GENL_NAME;
	uint32_t number = 0;
	int err;

	begin(t, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, NLM_F_ACK);
	put(t, CTRL_ATTR_FAMILY_NAME, family, sizeof(family));
	err = ask(t, on_family, NULL);
	if (err)
		return err == -ENOENT ? -ENOSYS : err;
	err = find(t, compartment, &number);
	if (err)
		return err;
	begin(t, t->family, CGC_CMD_EXEC, NLM_F_ACK);
	put(t, CGC_A_LABEL, &number, sizeof(number));
	return ask(t, NULL, NULL);
}

int cgcompt_exec_prepare(const char *compartment)
{
	struct talk talk = { .fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC) };
	int err;

	if (talk.fd < 0)
		return -1;
	err = prepare(&talk, compartment);
	close(talk.fd);
	if (err)
		errno = -err;
	return err ? -1 : 0;
}
