// SPDX-License-Identifier: GPL-2.0-only
/*
 * netprobe: does with sockets what a test tells it to. Each line of standard
 * input is a command, and has one line of answer: "ok", what was got, or the
 * name of the error, "EACCES". Sockets are called by small numbers.
 *
 *   open N KIND              tcp udp sctp mptcp icmp raw … see kinds[], a 6 for
 *                            IPv6; or FAMILY TYPE PROTOCOL as numbers
 *   bind N ADDR PORT         connect N ADDR PORT       ADDR unspec: disconnect
 *   listen N                 accept N M                M: its connection
 *   send N TEXT              sendto N ADDR PORT TEXT [fastopen]
 *   sendmmsg N ADDR PORT A B two datagrams at once
 *   recv N                   "got TEXT from ADDR PORT", "eof", "timeout"
 *   echo N ADDR              ICMP: a request, and its answer
 *   set N OPTION VALUE…      see options[]
 *   uring-connect N ADDR PORT [async]    uring-sendto N ADDR PORT TEXT
 *   port N                   its local port
 *   close N
 *   meet N PATH              a unix socket where a descriptor can be had
 *   pass N PATH              there: gives socket N away
 *   take N M                 waits at N, and calls what it is given M
 *   get KIND ADDR PORT [ADDR PORT]   open, bind to the second address, connect,
 *                            send, have it echoed, close; "connect EACCES"
 *   serve KIND ADDR PORT     echo to everybody, in a child; "ok" once it listens
 *   stop                     end the children
 *   patience MS              how long to wait before "timeout"; 15000 at first
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/io_uring.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define SOCKETS		64
#define WORDS		12
#define TEXT		2048
#define CONNECTIONS	64

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

struct address {
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	};
	socklen_t len;
};

static int sockets[SOCKETS];
static pid_t children[SOCKETS];
static int children_count;
static int patience = 15000;
static char answer[TEXT];

static const char *fault(int err)
{
	const char *name = strerrorname_np(err);

	if (err == EAGAIN || err == EINPROGRESS)
		return "timeout";
	return name ? name : "?";
}

static const char *ok_or(int ret)
{
	return ret < 0 ? fault(errno) : "ok";
}

/* --- addresses */

static bool parse_address(struct address *a, const char *text, const char *port)
{
	char copy[64];
	char *zone;

	memset(a, 0, sizeof(*a));
	if (!strcmp(text, "unspec")) {
		a->len = sizeof(a->in);
		return true;
	}
	snprintf(copy, sizeof(copy), "%s", text);
	zone = strchr(copy, '%');
	if (zone)
		*zone++ = '\0';
	if (inet_pton(AF_INET, copy, &a->in.sin_addr) == 1) {
		a->in.sin_family = AF_INET;
		a->in.sin_port = htons((uint16_t)atoi(port));
		a->len = sizeof(a->in);
		return true;
	}
	a->in6.sin6_family = AF_INET6;
	a->in6.sin6_port = htons((uint16_t)atoi(port));
	a->in6.sin6_scope_id = zone ? if_nametoindex(zone) : 0;
	a->len = sizeof(a->in6);
	return inet_pton(AF_INET6, copy, &a->in6.sin6_addr) == 1;
}

static const char *show_address(const struct address *a)
{
	static char text[INET6_ADDRSTRLEN + 8];
	char addr[INET6_ADDRSTRLEN] = "?";

	if (a->any.sa_family == AF_INET)
		inet_ntop(AF_INET, &a->in.sin_addr, addr, sizeof(addr));
	else if (a->any.sa_family == AF_INET6)
		inet_ntop(AF_INET6, &a->in6.sin6_addr, addr, sizeof(addr));
	snprintf(text, sizeof(text), "%s %u", addr, ntohs(a->in.sin_port));
	return text;
}

/* --- kinds of sockets */

static const struct kind {
	const char *name;
	int family, type, protocol;
} kinds[] = {
	{ "tcp", AF_INET, SOCK_STREAM, 0 },
	{ "tcp6", AF_INET6, SOCK_STREAM, 0 },
	{ "udp", AF_INET, SOCK_DGRAM, 0 },
	{ "udp6", AF_INET6, SOCK_DGRAM, 0 },
	{ "sctp", AF_INET, SOCK_STREAM, IPPROTO_SCTP },
	{ "sctp6", AF_INET6, SOCK_STREAM, IPPROTO_SCTP },
	{ "mptcp", AF_INET, SOCK_STREAM, IPPROTO_MPTCP },
	{ "mptcp6", AF_INET6, SOCK_STREAM, IPPROTO_MPTCP },
	{ "icmp", AF_INET, SOCK_DGRAM, IPPROTO_ICMP },
	{ "icmp6", AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6 },
	{ "rawicmp", AF_INET, SOCK_RAW, IPPROTO_ICMP },
	{ "rawicmp6", AF_INET6, SOCK_RAW, IPPROTO_ICMPV6 },
	{ "raw", AF_INET, SOCK_RAW, 253 },	/* RFC 3692: for experiments */
	{ "raw6", AF_INET6, SOCK_RAW, 253 },
	{ "rawtcp", AF_INET, SOCK_RAW, IPPROTO_TCP },
	{ "rawip", AF_INET, SOCK_RAW, IPPROTO_RAW },
	{ "udplite", AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE },
	{ "dccp", AF_INET, SOCK_DCCP, IPPROTO_DCCP },
};

static void be_patient(int fd)
{
	struct timeval time = { patience / 1000, patience % 1000 * 1000 };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof(time));
}

static int open_kind(const char *name)
{
	size_t i;
	int fd;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].name, name))
			continue;
		fd = socket(kinds[i].family, kinds[i].type, kinds[i].protocol);
		if (fd >= 0)
			be_patient(fd);
		return fd;
	}
	errno = EINVAL;
	return -1;
}

static bool is_stream(int fd)
{
	socklen_t len = sizeof(int);
	int type = 0;

	getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len);
	return type == SOCK_STREAM;
}

/* --- commands on one socket; w[0] is the command, w[1] the socket's number */

static int fd_of(char **w)
{
	unsigned int n = w[1] ? (unsigned int)atoi(w[1]) : 0;

	return n < SOCKETS ? sockets[n] : -1;
}

static void keep(const char *number, int fd)
{
	unsigned int n = (unsigned int)atoi(number);

	if (n >= SOCKETS || fd < 0)
		return;
	if (sockets[n] >= 0)
		close(sockets[n]);
	sockets[n] = fd;
}

static const char *do_open(char **w)
{
	int fd;

	if (w[2] && w[3] && w[4])
		fd = socket(atoi(w[2]), atoi(w[3]), atoi(w[4]));
	else
		fd = open_kind(w[2]);
	if (fd < 0)
		return fault(errno);
	keep(w[1], fd);
	return "ok";
}

static const char *do_close(char **w)
{
	int fd = fd_of(w);

	sockets[atoi(w[1])] = -1;
	return ok_or(close(fd));
}

static const char *do_bind(char **w)
{
	struct address a;
	int one = 1;

	if (!parse_address(&a, w[2], w[3]))
		return "?address";
	setsockopt(fd_of(w), SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	return ok_or(bind(fd_of(w), &a.any, a.len));
}

static const char *do_connect(char **w)
{
	struct address a;

	if (!parse_address(&a, w[2], w[3] ? w[3] : "0"))
		return "?address";
	be_patient(fd_of(w));
	return ok_or(connect(fd_of(w), &a.any, a.len));
}

static const char *do_listen(char **w)
{
	return ok_or(listen(fd_of(w), 16));
}

static const char *do_accept(char **w)
{
	struct address a = { .len = sizeof(a.in6) };
	int fd;

	be_patient(fd_of(w));
	fd = accept(fd_of(w), &a.any, &a.len);
	if (fd < 0)
		return fault(errno);
	be_patient(fd);
	keep(w[2], fd);
	return "ok";
}

static const char *do_send(char **w)
{
	return ok_or((int)send(fd_of(w), w[2], strlen(w[2]), MSG_NOSIGNAL));
}

static const char *do_sendto(char **w)
{
	int flags = MSG_NOSIGNAL | (w[5] ? MSG_FASTOPEN : 0);
	struct address a;

	if (!parse_address(&a, w[2], w[3]))
		return "?address";
	return ok_or((int)sendto(fd_of(w), w[4], strlen(w[4]), flags, &a.any, a.len));
}

static const char *do_sendmmsg(char **w)
{
	struct mmsghdr messages[2] = {};
	struct iovec parts[2];
	struct address a;
	int i, sent;

	if (!parse_address(&a, w[2], w[3]))
		return "?address";
	for (i = 0; i < 2; i++) {
		parts[i] = (struct iovec){ w[4 + i], strlen(w[4 + i]) };
		messages[i].msg_hdr = (struct msghdr){ .msg_name = &a, .msg_namelen = a.len,
						       .msg_iov = &parts[i], .msg_iovlen = 1 };
	}
	sent = sendmmsg(fd_of(w), messages, 2, 0);
	if (sent < 0)
		return fault(errno);
	snprintf(answer, sizeof(answer), "sent %d", sent);
	return answer;
}

static const char *do_recv(char **w)
{
	struct address a = { .len = sizeof(a.in6) };
	char data[TEXT / 2];
	ssize_t len;

	be_patient(fd_of(w));
	len = recvfrom(fd_of(w), data, sizeof(data) - 1, 0, &a.any, &a.len);
	if (len < 0)
		return fault(errno);
	if (!len && is_stream(fd_of(w)))
		return "eof";
	data[len] = '\0';
	if (is_stream(fd_of(w)))
		snprintf(answer, sizeof(answer), "got %s", data);
	else
		snprintf(answer, sizeof(answer), "got %s from %s", data, show_address(&a));
	return answer;
}

static const char *do_port(char **w)
{
	struct address a = { .len = sizeof(a.in6) };

	if (getsockname(fd_of(w), &a.any, &a.len))
		return fault(errno);
	snprintf(answer, sizeof(answer), "%u", ntohs(a.in.sin_port));
	return answer;
}

/* --- options */

static const struct option {
	const char *name;
	int level, option;
} options[] = {
	{ "reuseaddr", SOL_SOCKET, SO_REUSEADDR },
	{ "reuseport", SOL_SOCKET, SO_REUSEPORT },
	{ "broadcast", SOL_SOCKET, SO_BROADCAST },
	{ "mark", SOL_SOCKET, SO_MARK },
	{ "fastopen", IPPROTO_TCP, TCP_FASTOPEN },
	{ "fastopen-connect", IPPROTO_TCP, TCP_FASTOPEN_CONNECT },
	{ "defer-accept", IPPROTO_TCP, TCP_DEFER_ACCEPT },
	{ "transparent", IPPROTO_IP, IP_TRANSPARENT },
	{ "freebind", IPPROTO_IP, IP_FREEBIND },
	{ "v6only", IPPROTO_IPV6, IPV6_V6ONLY },
	{ "segment", IPPROTO_UDP, UDP_SEGMENT },
};

/* join GROUP DEVICE: also sends to it by that device. */
static const char *join(int fd, const char *group, const char *device)
{
	struct ip_mreqn four = { .imr_ifindex = (int)if_nametoindex(device) };
	struct ipv6_mreq six = { .ipv6mr_interface = if_nametoindex(device) };

	if (inet_pton(AF_INET, group, &four.imr_multiaddr) == 1) {
		setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &four, sizeof(four));
		return ok_or(setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &four, sizeof(four)));
	}
	if (inet_pton(AF_INET6, group, &six.ipv6mr_multiaddr) != 1)
		return "?address";
	setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &six.ipv6mr_interface, sizeof(int));
	return ok_or(setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &six, sizeof(six)));
}

static const char *do_set(char **w)
{
	int value = w[3] ? (int)strtol(w[3], NULL, 0) : 1;
	size_t i;

	if (!strcmp(w[2], "join"))
		return join(fd_of(w), w[3], w[4]);
	if (!strcmp(w[2], "device"))
		return ok_or(setsockopt(fd_of(w), SOL_SOCKET, SO_BINDTODEVICE, w[3],
					(socklen_t)strlen(w[3])));
	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (!strcmp(options[i].name, w[2]))
			return ok_or(setsockopt(fd_of(w), options[i].level, options[i].option,
						&value, sizeof(value)));
	return "?option";
}

/* --- ICMP */

static uint16_t checksum(const void *data, size_t len)
{
	const uint8_t *byte = data;
	uint32_t sum = 0;
	size_t i;

	for (i = 0; i < len; i++)
		sum += i % 2 ? byte[i] : (uint32_t)byte[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

/* What came: an answer to an echo? A raw IPv4 socket gets the IP header too. */
static bool is_reply(const uint8_t *data, ssize_t len, bool four)
{
	if (four && len > 20 && data[0] >> 4 == 4) {
		len -= (data[0] & 15) * 4;
		data += (data[0] & 15) * 4;
	}
	return len >= 8 && data[0] == (four ? ICMP_ECHOREPLY : ICMP6_ECHO_REPLY);
}

static const char *do_echo(char **w)
{
	struct icmphdr request = { .type = ICMP_ECHO };
	uint8_t data[TEXT];
	struct address a;
	ssize_t len;
	bool four;

	if (!parse_address(&a, w[2], "0"))
		return "?address";
	four = a.any.sa_family == AF_INET;
	if (!four)
		request.type = ICMP6_ECHO_REQUEST;
	request.un.echo.id = htons((uint16_t)getpid());
	request.checksum = four ? checksum(&request, sizeof(request)) : 0;
	be_patient(fd_of(w));
	if (sendto(fd_of(w), &request, sizeof(request), 0, &a.any, a.len) < 0)
		return fault(errno);
	do {
		len = recv(fd_of(w), data, sizeof(data), 0);
		if (len < 0)
			return fault(errno);
	} while (!is_reply(data, len, four));
	return "ok";
}

/* --- io_uring, without a library: one request, waited for */

struct ring {
	int fd;
	struct io_uring_params p;
	uint8_t *sq, *cq;
	struct io_uring_sqe *sqes;
};

static bool ring_open(struct ring *r)
{
	memset(r, 0, sizeof(*r));
	r->fd = (int)syscall(SYS_io_uring_setup, 4, &r->p);
	if (r->fd < 0)
		return false;
	r->sq = mmap(NULL, r->p.sq_off.array + r->p.sq_entries * sizeof(uint32_t),
		     PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, IORING_OFF_SQ_RING);
	r->cq = mmap(NULL, r->p.cq_off.cqes + r->p.cq_entries * sizeof(struct io_uring_cqe),
		     PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, IORING_OFF_CQ_RING);
	r->sqes = mmap(NULL, r->p.sq_entries * sizeof(*r->sqes), PROT_READ | PROT_WRITE,
		       MAP_SHARED, r->fd, IORING_OFF_SQES);
	return true;
}

static const char *ring_do(const struct io_uring_sqe *sqe)
{
	struct io_uring_cqe *cqe;
	struct ring r;
	int res;

	if (!ring_open(&r))
		return fault(errno);
	r.sqes[0] = *sqe;
	((uint32_t *)(r.sq + r.p.sq_off.array))[0] = 0;
	__atomic_store_n((uint32_t *)(r.sq + r.p.sq_off.tail), 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, r.fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0) {
		close(r.fd);
		return fault(errno);
	}
	cqe = (struct io_uring_cqe *)(r.cq + r.p.cq_off.cqes);
	res = cqe->res;
	close(r.fd);
	return res < 0 ? fault(-res) : "ok";
}

static const char *do_uring_connect(char **w)
{
	struct io_uring_sqe sqe = { .opcode = IORING_OP_CONNECT, .fd = fd_of(w) };
	struct address a;

	if (!parse_address(&a, w[2], w[3]))
		return "?address";
	sqe.addr = (uintptr_t)&a.any;
	sqe.off = a.len;
	sqe.flags = w[4] ? IOSQE_ASYNC : 0;
	return ring_do(&sqe);
}

static const char *do_uring_sendto(char **w)
{
	struct io_uring_sqe sqe = { .opcode = IORING_OP_SENDMSG, .fd = fd_of(w) };
	struct iovec part;
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	struct address a;

	if (!parse_address(&a, w[2], w[3]))
		return "?address";
	part = (struct iovec){ w[4], strlen(w[4]) };
	message.msg_name = &a;
	message.msg_namelen = a.len;
	sqe.addr = (uintptr_t)&message;
	sqe.len = 1;
	return ring_do(&sqe);
}

/* --- descriptors from one process to another */

static int unix_socket(struct sockaddr_un *name, const char *path)
{
	*name = (struct sockaddr_un){ .sun_family = AF_UNIX };
	snprintf(name->sun_path, sizeof(name->sun_path), "%s", path);
	return socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

static struct msghdr one_descriptor(struct iovec *part, void *control, size_t size)
{
	static char byte;

	*part = (struct iovec){ &byte, 1 };
	return (struct msghdr){ .msg_iov = part, .msg_iovlen = 1, .msg_control = control,
				.msg_controllen = size };
}

static const char *do_pass(char **w)
{
	char control[CMSG_SPACE(sizeof(int))] = {};
	struct iovec part;
	struct msghdr message = one_descriptor(&part, control, sizeof(control));
	struct cmsghdr *c = CMSG_FIRSTHDR(&message);
	struct sockaddr_un name;
	int ret, fd = unix_socket(&name, w[2]);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &(int){ fd_of(w) }, sizeof(int));
	message.msg_name = &name;
	message.msg_namelen = sizeof(name);
	ret = (int)sendmsg(fd, &message, 0);
	close(fd);
	return ok_or(ret);
}

static const char *do_meet(char **w)
{
	struct sockaddr_un name;
	int fd = unix_socket(&name, w[2]);

	if (bind(fd, (struct sockaddr *)&name, sizeof(name)))
		return fault(errno);
	be_patient(fd);
	keep(w[1], fd);
	return "ok";
}

static const char *do_take(char **w)
{
	char control[CMSG_SPACE(sizeof(int))];
	struct iovec part;
	struct msghdr message = one_descriptor(&part, control, sizeof(control));
	struct cmsghdr *c;
	int fd;

	if (recvmsg(fd_of(w), &message, 0) < 0)
		return fault(errno);
	c = CMSG_FIRSTHDR(&message);
	if (!c || c->cmsg_type != SCM_RIGHTS)
		return "nothing";
	memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	keep(w[2], fd);
	return "ok";
}

/* --- get, serve */

static const char *step(const char *what, const char *result)
{
	static char text[TEXT];

	if (!strcmp(result, "ok"))
		return NULL;
	snprintf(text, sizeof(text), "%s %s", what, result);
	return text;
}

/* The steps of `get', by the commands above, on socket 0. */
static const char *do_get(char **w)
{
	char zero[] = "0", ping[] = "ping";
	char *on[] = { w[0], zero, w[2], w[3], NULL };
	char *from[] = { w[0], zero, w[4], w[5], NULL };
	char *say[] = { w[0], zero, ping, NULL };
	const char *bad, *got;
	int fd = open_kind(w[1]);

	if (fd < 0)
		return step("open", fault(errno));
	keep(zero, fd);
	bad = w[4] ? step("bind", do_bind(from)) : NULL;
	if (!bad)
		bad = step("connect", do_connect(on));
	if (!bad)
		bad = step("send", do_send(say));
	if (!bad) {
		got = do_recv(say);
		if (strncmp(got, "got ping", 8))
			bad = step("recv", got);
	}
	do_close(say);
	return bad ? bad : "ok";
}

static void echo_datagrams(int fd)
{
	char data[TEXT];

	for (;;) {
		struct address a = { .len = sizeof(a.in6) };
		ssize_t len = recvfrom(fd, data, sizeof(data), 0, &a.any, &a.len);

		if (len >= 0)
			sendto(fd, data, (size_t)len, 0, &a.any, a.len);
	}
}

static bool echo_some(int fd)
{
	char data[TEXT];
	ssize_t len = recv(fd, data, sizeof(data), 0);

	return len > 0 && send(fd, data, (size_t)len, MSG_NOSIGNAL) == len;
}

static void echo_streams(int listener)
{
	struct pollfd polls[CONNECTIONS] = { { .fd = listener, .events = POLLIN } };
	nfds_t count = 1, i;

	for (;;) {
		if (poll(polls, count, -1) < 0)
			continue;
		for (i = count; --i > 0;) {
			if (!polls[i].revents || echo_some(polls[i].fd))
				continue;
			close(polls[i].fd);
			polls[i] = polls[--count];
		}
		if (!polls[0].revents || count == CONNECTIONS)
			continue;
		polls[count] = (struct pollfd){ .fd = accept(listener, NULL, NULL), .events = POLLIN };
		if (polls[count].fd >= 0)
			count++;
	}
}

static const char *do_serve(char **w)
{
	struct timeval forever = {};
	int fd = open_kind(w[1]), one = 1;
	struct address a;
	pid_t child;

	if (fd < 0)
		return step("open", fault(errno));
	if (!parse_address(&a, w[2], w[3]))
		return "?address";
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &forever, sizeof(forever));
	if (bind(fd, &a.any, a.len)) {
		close(fd);
		return step("bind", fault(errno));
	}
	if (is_stream(fd) && listen(fd, 16)) {
		close(fd);
		return step("listen", fault(errno));
	}
	child = fork();
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(0);
		close(1);
		if (is_stream(fd))
			echo_streams(fd);
		echo_datagrams(fd);
	}
	if (children_count < SOCKETS)
		children[children_count++] = child;
	close(fd);
	return "ok";
}

/* Children and sockets: as at first. */
static const char *do_stop(char **w)
{
	int i;

	(void)w;
	while (children_count--) {
		kill(children[children_count], SIGKILL);
		waitpid(children[children_count], NULL, 0);
	}
	children_count = 0;
	for (i = 0; i < SOCKETS; i++) {
		if (sockets[i] >= 0)
			close(sockets[i]);
		sockets[i] = -1;
	}
	patience = 15000;
	return "ok";
}

static const char *do_patience(char **w)
{
	patience = atoi(w[1]);
	return "ok";
}

static const struct command {
	const char *name;
	int words;	/* behind it, at least */
	const char *(*run)(char **w);
} commands[] = {
	{ "open", 2, do_open },
	{ "close", 1, do_close },
	{ "bind", 3, do_bind },
	{ "connect", 2, do_connect },
	{ "listen", 1, do_listen },
	{ "accept", 2, do_accept },
	{ "send", 2, do_send },
	{ "sendto", 4, do_sendto },
	{ "sendmmsg", 5, do_sendmmsg },
	{ "recv", 1, do_recv },
	{ "echo", 2, do_echo },
	{ "set", 2, do_set },
	{ "port", 1, do_port },
	{ "uring-connect", 3, do_uring_connect },
	{ "uring-sendto", 4, do_uring_sendto },
	{ "pass", 2, do_pass },
	{ "meet", 2, do_meet },
	{ "take", 2, do_take },
	{ "get", 3, do_get },
	{ "serve", 3, do_serve },
	{ "stop", 0, do_stop },
	{ "patience", 1, do_patience },
};

static const char *obey(char *line)
{
	char *w[WORDS + 1] = {}, *at;
	int n = 0;
	size_t i;

	for (at = strtok(line, " \n"); at && n < WORDS; at = strtok(NULL, " \n"))
		w[n++] = at;
	for (i = 0; n && i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(commands[i].name, w[0]))
			return n > commands[i].words ? commands[i].run(w) : "?words";
	return "?command";
}

int main(void)
{
	char line[TEXT];
	int i;

	for (i = 0; i < SOCKETS; i++)
		sockets[i] = -1;
	while (fgets(line, sizeof(line), stdin)) {
		puts(obey(line));
		fflush(stdout);
	}
	return 0;
}
