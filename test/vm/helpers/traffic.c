// SPDX-License-Identifier: GPL-2.0-only
/*
 * traffic: connections and datagrams until the input ends, and then what became of them.
 *
 *   serve PORT          echoes, TCP and UDP, to everybody; prints "ready"
 *   connect PORT        a TCP connection after the other to 127.0.0.1
 *   pingpong PORT       a byte to and fro on one connection
 *   datagrams PORT      one by one, each by a socket of its own; an answer is waited for
 *   raw                 raw sockets, nothing is sent
 *
 * "passed N refused N other N", refused: EACCES.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static struct sockaddr_in there = { .sin_family = AF_INET };
static unsigned long passed, refused, other;

static bool input_ended(void)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };

	return poll(&in, 1, 0) > 0;
}

static int opened(int type)
{
	const struct timeval patience = { .tv_sec = 20 };
	int fd = socket(AF_INET, type, 0);

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return fd;
}

static void count(bool good)
{
	static bool said;

	if (good) {
		passed++;
	} else if (errno == EACCES) {
		refused++;
	} else {
		other++;
		if (!said)
			perror("traffic");
		said = true;
	}
}

static bool echoed(int fd)
{
	char byte = 'x';

	return send(fd, &byte, 1, MSG_NOSIGNAL) == 1 && recv(fd, &byte, 1, 0) == 1;
}

static int connected(void)
{
	int fd = opened(SOCK_STREAM);
	const struct linger abort = { .l_onoff = 1 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &abort, sizeof(abort)); /* no TIME_WAIT */
	if (!connect(fd, (struct sockaddr *)&there, sizeof(there)))
		return fd;
	count(false);
	close(fd);
	return -1;
}

static void connections(void)
{
	int fd = connected();

	if (fd < 0)
		return;
	count(echoed(fd));
	close(fd);
}

static void pingpong(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = connected();
	if (fd < 0)
		return;
	count(echoed(fd));
}

static void datagrams(void)
{
	int fd = opened(SOCK_DGRAM);
	char byte = 'x';

	count(sendto(fd, &byte, 1, 0, (struct sockaddr *)&there, sizeof(there)) == 1 &&
	      recv(fd, &byte, 1, 0) == 1);
	close(fd);
}

static void raw(void)
{
	int fd = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);

	count(fd >= 0);
	if (fd >= 0)
		close(fd);
}

static void watch(int epoll, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	fcntl(fd, F_SETFL, O_NONBLOCK);
	epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

static void answer(int fd)
{
	char data[2048];
	ssize_t got = recv(fd, data, sizeof(data), 0);

	if (got > 0)
		(void)!send(fd, data, (size_t)got, MSG_NOSIGNAL);
	else if (!got || errno != EAGAIN)
		close(fd);
}

static void answer_datagram(int fd)
{
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	char data[2048];
	ssize_t got = recvfrom(fd, data, sizeof(data), 0, (struct sockaddr *)&from, &len);

	if (got >= 0)
		sendto(fd, data, (size_t)got, 0, (struct sockaddr *)&from, len);
}

static void serve(void)
{
	int epoll = epoll_create1(0), tcp = opened(SOCK_STREAM), udp = opened(SOCK_DGRAM), one = 1;
	struct epoll_event event;

	setsockopt(tcp, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(tcp, (struct sockaddr *)&there, sizeof(there)) || listen(tcp, 128) ||
	    bind(udp, (struct sockaddr *)&there, sizeof(there))) {
		perror("traffic: serve");
		exit(1);
	}
	watch(epoll, tcp);
	watch(epoll, udp);
	watch(epoll, STDIN_FILENO);
	puts("ready");
	while (epoll_wait(epoll, &event, 1, -1) >= 0) {
		if (event.data.fd == STDIN_FILENO)
			exit(0);
		if (event.data.fd == tcp)
			watch(epoll, accept(tcp, NULL, NULL));
		else if (event.data.fd == udp)
			answer_datagram(udp);
		else
			answer(event.data.fd);
	}
}

static const struct {
	const char *name;
	void (*once)(void);
} kinds[] = {
	{ "serve", serve }, { "connect", connections }, { "pingpong", pingpong },
	{ "datagrams", datagrams }, { "raw", raw },
};

int main(int argc, char **argv)
{
	size_t i;

	setvbuf(stdout, NULL, _IOLBF, 0);
	inet_pton(AF_INET, "127.0.0.1", &there.sin_addr);
	there.sin_port = htons((unsigned short)(argc > 2 ? atoi(argv[2]) : 0));
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (argc < 2 || strcmp(kinds[i].name, argv[1]))
			continue;
		do {
			kinds[i].once();
		} while (!input_ended());
		printf("passed %lu refused %lu other %lu\n", passed, refused, other);
		return 0;
	}
	fprintf(stderr, "usage: traffic serve|connect|pingpong|datagrams|raw [PORT]\n");
	return 2;
}
