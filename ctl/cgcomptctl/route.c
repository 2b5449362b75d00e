// SPDX-License-Identifier: GPL-2.0-only
/* route add, del, list, follow: compartments' routing tables. */
#include <linux/rtnetlink.h>
#include <poll.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>

#include "ctl.h"

#define SETTLE_MS	50	/* one event seldom comes alone */

#define GROUPS	(RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_RULE | \
		 1u << (RTNLGRP_IPV6_RULE - 1))

/* As if the statement had been written out. */
static int change(const char *command, int (*run)(int argc, char **argv), int argc, char **argv)
{
	const bool keyword = argc && !strcasecmp(argv[0], "COMPARTMENT");
	char name[8], *words = ctl_words(argc, argv), *statement, *args[] = { name, NULL, NULL };
	const size_t size = strlen(words) + sizeof("ROUTE COMPARTMENT ");
	int err;

	statement = cgc_alloc(size);
	snprintf(statement, size, "ROUTE %s%s", keyword ? "" : "COMPARTMENT ", words);
	snprintf(name, sizeof(name), "%s", command);
	args[1] = statement;
	optind = 0;	/* of getopt(): from the beginning */
	err = run(2, args);
	free(statement);
	free(words);
	return err;
}

/* What has come in says only that something has changed. */
static bool drain(int fd)
{
	char buffer[8192];
	ssize_t len;

	do
		len = recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT);
	while (len > 0 || (len < 0 && (errno == EINTR || errno == ENOBUFS)));
	return len < 0 && errno == EAGAIN;
}

static int follow(struct cgc_nl *nl, struct cgc_nl *changes, struct cgc_rtnl *rtnl)
{
	struct pollfd fds[] = {
		{ .fd = mnl_socket_get_fd(changes->mnl), .events = POLLIN },
		{ .fd = mnl_socket_get_fd(rtnl->mnl), .events = POLLIN },
	};

	for (;;) {
		if (cgc_routes_sync(nl, NULL))
			return ctl_failed(nl, "routing tables");
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return CTL_FAILED;
		poll(NULL, 0, SETTLE_MS);
		if (!drain(fds[0].fd) || !drain(fds[1].fd)) {
			cgc_msg("route follow: %s", strerror(errno));
			return CTL_FAILED;
		}
	}
}

/* Joined before it looks: what changes meanwhile is not missed. */
static int start_following(void)
{
	static struct cgc_nl nl, changes;
	static struct cgc_rtnl rtnl;
	int err = ctl_open(&nl);

	if (err)
		return err;
	err = ctl_open(&changes);
	if (err)
		return err;
	if (cgc_nl_follow_changes(&changes))
		return ctl_failed(&changes, "route follow");
	if (cgc_rtnl_open(&rtnl, GROUPS)) {
		cgc_msg("route follow: %s", rtnl.why);
		return CTL_FAILED;
	}
	return follow(&nl, &changes, &rtnl);
}

int cmd_route(int argc, char **argv)
{
	const char *what;

	if (ctl_getopt(argc, argv, "+h", NULL) != -1)
		return CTL_USAGE;
	what = optind < argc ? argv[optind] : "list";
	argc -= optind + 1;
	argv += optind + 1;
	if (argc > 0 && !strcmp(what, "add"))
		return change(what, cmd_add, argc, argv);
	if (argc > 0 && !strcmp(what, "del"))
		return change(what, cmd_del, argc, argv);
	if (argc <= 0 && !strcmp(what, "list"))
		return ctl_list("routes");
	if (!argc && !strcmp(what, "follow"))
		return start_following();
	return ctl_usage("expected add or del and a route, list or follow");
}
