// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an operation costs: in a guest started with --icount its clock counts
 * instructions. Prints "name cost" lines, the cost of one operation each.
 */
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "local.h"

#define BULK 65536

static char buffer[BULK];

double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static struct sockaddr_in loopback(int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port) };

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return a;
}

static int bound(int type, int port)
{
	struct sockaddr_in a = loopback(port);
	int one = 1, fd = socket(AF_INET, type, 0);

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (fd < 0 || bind(fd, (void *)&a, sizeof(a)))
		err(1, "bind %d", port);
	if (type == SOCK_STREAM && listen(fd, 16))
		err(1, "listen");
	return fd;
}

static int connected(int type, int port)
{
	struct sockaddr_in a = loopback(port);
	int one = 1, fd = socket(AF_INET, type, 0);

	if (fd < 0 || connect(fd, (void *)&a, sizeof(a)))
		err(1, "connect %d", port);
	if (type == SOCK_STREAM)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return fd;
}

static void whole_read(int fd, size_t size)
{
	ssize_t n;

	for (; size; size -= n) {
		n = read(fd, buffer, size);
		if (n <= 0)
			_exit(0);
	}
}

/* A child that gives back a byte for every @size bytes. */
static pid_t echo(int fd, size_t size, int accepts)
{
	int one = 1;
	pid_t pid = fork();

	if (pid)
		return pid;
	if (accepts) {
		fd = accept(fd, NULL, NULL);
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	}
	for (;;) {
		whole_read(fd, size);
		if (write(fd, buffer, 1) != 1)
			_exit(0);
	}
}

static void reap(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void exchange(int fd, size_t size, int n)
{
	while (n--) {
		if (write(fd, buffer, size) != (ssize_t)size)
			err(1, "write");
		if (read(fd, buffer, 1) != 1)
			err(1, "read");
	}
}

static double stream(size_t size, int n, int port)
{
	int l = bound(SOCK_STREAM, port), fd;
	pid_t pid = echo(l, size, 1);
	double t;

	fd = connected(SOCK_STREAM, port);
	exchange(fd, size, n / 4 + 1);
	t = now();
	exchange(fd, size, n);
	t = now() - t;
	reap(pid);
	close(fd);
	close(l);
	return t / n;
}

static double tcp_rr(int n) { return stream(1, n, 7001); }
static double tcp_64k(int n) { return stream(BULK, n, 7002); }

static double udp_rr(int n)
{
	struct sockaddr_in a = loopback(7003), peer;
	socklen_t len = sizeof(peer);
	int s = bound(SOCK_DGRAM, 7004), c = bound(SOCK_DGRAM, 7003), i;
	pid_t pid = fork();
	double t = 0;

	if (!pid) {
		for (;;) {
			if (recvfrom(s, buffer, 16, 0, (void *)&peer, &len) < 0)
				_exit(1);
			sendto(s, buffer, 1, 0, (void *)&peer, len);
		}
	}
	a = loopback(7004);
	if (connect(c, (void *)&a, sizeof(a)))
		err(1, "connect");
	for (i = -n / 4; i < n; i++) {
		if (!i)
			t = now();
		exchange(c, 1, 1);
	}
	t = now() - t;
	reap(pid);
	close(s);
	close(c);
	return t / n;
}

static void connect_once(int l)
{
	int c = connected(SOCK_STREAM, 7005), a = accept(l, NULL, NULL);

	close(a);
	close(c);
}

static double tcp_connect(int n)
{
	int l = bound(SOCK_STREAM, 7005), i;
	double t = 0;

	for (i = -n / 4; i < n; i++) {
		if (!i)
			t = now();
		connect_once(l);
	}
	t = now() - t;
	close(l);
	return t / n;
}

/* The steps of a connection by themselves, each after the one before. */
static double steps(int n, int binds, int listens, int connects)
{
	struct sockaddr_in a = loopback(0), none = loopback(7006);
	double t = now();
	int i, fd;

	for (i = 0; i < n; i++) {
		fd = socket(AF_INET, SOCK_STREAM, 0);
		if (binds && bind(fd, (void *)&a, sizeof(a)))
			err(1, "bind");
		if (listens && listen(fd, 16))
			err(1, "listen");
		if (connects && !connect(fd, (void *)&none, sizeof(none)))
			errx(1, "somebody listens at port 7006");
		close(fd);
	}
	return (now() - t) / n;
}

static double sockets(int n) { return steps(n, 0, 0, 0); }
static double binds(int n) { return steps(n, 1, 0, 0); }
static double listens(int n) { return steps(n, 1, 1, 0); }
static double connects(int n) { return steps(n, 0, 0, 1); }

static double forks(int n, int execs)
{
	char *argv[] = { "/bin/true", NULL };
	double t = 0;
	pid_t pid;
	int i;

	for (i = -n / 4; i < n; i++) {
		if (!i)
			t = now();
		pid = fork();
		if (!pid) {
			if (execs)
				execv(argv[0], argv);
			_exit(0);
		}
		waitpid(pid, NULL, 0);
	}
	return (now() - t) / n;
}

static double fork_exit(int n) { return forks(n, 0); }
static double fork_exec(int n) { return forks(n, 1); }

static double getpids(int n)
{
	double t = now();
	int i;

	for (i = 0; i < n; i++)
		syscall(SYS_getpid);
	return (now() - t) / n;
}

static double reads(int n)
{
	int fd = open("/dev/zero", O_RDONLY), i;
	double t = now();

	for (i = 0; i < n; i++)
		if (read(fd, buffer, 64) != 64)
			err(1, "read");
	t = now() - t;
	close(fd);
	return t / n;
}

static double opens(int n)
{
	double t = now();
	int i;

	for (i = 0; i < n; i++)
		close(open("/etc/passwd", O_RDONLY));
	return (now() - t) / n;
}

static double pipes(int n)
{
	int fd[2], i;
	double t;

	if (pipe(fd))
		err(1, "pipe");
	t = now();
	for (i = 0; i < n; i++)
		if (write(fd[1], buffer, 1) != 1 || read(fd[0], buffer, 1) != 1)
			err(1, "pipe");
	t = now() - t;
	close(fd[0]);
	close(fd[1]);
	return t / n;
}

static const struct operation operations[] = {
	{ "getpid", getpids, 20000 }, { "read", reads, 20000 }, { "open+close", opens, 5000 },
	{ "pipe", pipes, 10000 }, { "tcp-rr", tcp_rr, 2000 }, { "tcp-64k", tcp_64k, 300 },
	{ "udp-rr", udp_rr, 2000 }, { "socket+close", sockets, 2000 }, { "tcp-connect", tcp_connect, 300 },
	{ "fork+exit", fork_exit, 200 }, { "fork+exec", fork_exec, 60 },
	{ "socket+bind", binds, 1000 }, { "socket+listen", listens, 1000 }, { "refused", connects, 500 },
};

static void measure(const struct operation *operation, const char *only)
{
	if (only && strcmp(only, operation->name))
		return;
	printf("%s %.1f\n", operation->name, operation->run(operation->n));
	fflush(stdout);
}

int main(int argc, char **argv)
{
	const char *only = argc > 1 ? argv[1] : NULL;
	const struct operation *operation;
	size_t i;

	for (i = 0; i < sizeof(operations) / sizeof(*operations); i++)
		measure(&operations[i], only);
	for (operation = local_operations; operation->name; operation++)
		measure(operation, only);
	return 0;
}
