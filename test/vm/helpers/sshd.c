// SPDX-License-Identifier: GPL-2.0-only
/*
 * sshd PORT CLIENT -- COMMAND…: what a remote administrator's session looks
 * like. Listens on PORT, has the shell command CLIENT connect (an echo), calls
 * itself sshd and runs COMMAND as its child; then says whether the connection
 * is still "alive" or "cut". The status is COMMAND's.
 */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int listener(int port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((unsigned short)port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) || listen(fd, 1)) {
		perror("sshd: listen");
		exit(125);
	}
	return fd;
}

static pid_t run(char *const argv[])
{
	pid_t pid = fork();

	if (!pid) {
		execvp(argv[0], argv);
		perror(argv[0]);
		_exit(127);
	}
	return pid;
}

static int alive(int fd)
{
	char byte = 'x';

	return write(fd, &byte, 1) == 1 && read(fd, &byte, 1) == 1;
}

int main(int argc, char **argv)
{
	char shell[] = "sh", option[] = "-c";
	char *client[] = { shell, option, argc > 4 ? argv[2] : NULL, NULL };
	struct timeval patience = { .tv_sec = 30 };
	int fd, connection, status;
	pid_t pid, other;

	if (argc < 5 || strcmp(argv[3], "--")) {
		fprintf(stderr, "usage: sshd PORT CLIENT -- COMMAND...\n");
		return 125;
	}
	signal(SIGPIPE, SIG_IGN);
	fd = listener(atoi(argv[1]));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	other = run(client);
	connection = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
	close(fd);
	setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (connection < 0 || !alive(connection)) {
		perror("sshd: connection");
		kill(other, SIGTERM);
		return 125;
	}
	prctl(PR_SET_NAME, "sshd");
	pid = run(argv + 4);
	waitpid(pid, &status, 0);
	puts(alive(connection) ? "alive" : "cut");
	kill(other, SIGTERM);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 126;
}
