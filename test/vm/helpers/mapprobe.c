// SPDX-License-Identifier: GPL-2.0-only
/*
 * mapprobe: a program that a mapping is about, and one that runs such a program.
 *
 *   act                    a raw socket: "refused" in a compartment that has none, "allowed", "other"
 *   ways PROGRAM           PROGRAM act by every way to run it; a line each, "vfork refused"
 *   prepared NAME PROGRAM… the library's call, then PROGRAM; its status; or the call's error
 *   failing BROKEN PROGRAM BROKEN, which cannot be run, and then PROGRAM act
 *   opened PROGRAM         PROGRAM shown, with a descriptor of every kind
 *   shown                  the kinds that are still there
 *   secure                 AT_SECURE
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cgcompt.h"

extern char **environ;

enum { FIRST_KIND = 40 };

static const char *const kinds[] = {
	"file", "directory", "path", "memory", "event", "epoll", "pidfd", "pipe", "unix", "tcp", "listening",
	"netlink", "zero", "status",
};

static int act(void)
{
	int fd = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);

	puts(fd >= 0 ? "allowed" : errno == EACCES ? "refused" : "other");
	return 0;
}

static char *argv_of[3];

static void by_execve(const char *program)
{
	execve(program, argv_of, environ);
}

static void by_relative(const char *program)
{
	char *copy = strdup(program), *slash = strrchr(copy, '/');

	*slash = '\0';
	if (!chdir(copy))
		execve(slash + 1, argv_of, environ);
}

static void by_execveat(const char *program)
{
	int fd = open(program, O_PATH);

	syscall(SYS_execveat, fd, "", argv_of, environ, AT_EMPTY_PATH);
}

static void by_fexecve(const char *program)
{
	fexecve(open(program, O_RDONLY | O_CLOEXEC), argv_of, environ);
}

static void by_proc(const char *program)
{
	char name[64];

	snprintf(name, sizeof(name), "/proc/self/fd/%d", open(program, O_PATH));
	execve(name, argv_of, environ);
}

static void by_spawn(const char *program)
{
	int status;
	pid_t pid;

	if (!posix_spawn(&pid, program, NULL, NULL, argv_of, environ) && waitpid(pid, &status, 0) == pid)
		exit(WEXITSTATUS(status));
}

static void by_vfork(const char *program)
{
	pid_t pid = vfork();
	int status;

	if (!pid) {
		execve(program, argv_of, environ);
		_exit(1);
	}
	waitpid(pid, &status, 0);
	exit(WEXITSTATUS(status));
}

static void *thread(void *program)
{
	execve(program, argv_of, environ);
	return NULL;
}

static void by_thread(const char *program)
{
	pthread_t id;

	pthread_create(&id, NULL, thread, (void *)program);
	pthread_join(id, NULL);
}

static int ways(char *program)
{
	static const struct {
		const char *name;
		void (*run)(const char *program);
	} all[] = {
		{ "execve", by_execve }, { "relative", by_relative }, { "execveat", by_execveat },
		{ "fexecve", by_fexecve }, { "proc", by_proc }, { "spawn", by_spawn }, { "vfork", by_vfork },
		{ "thread", by_thread },
	};
	size_t i;

	argv_of[0] = program;
	argv_of[1] = "act";
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		printf("%s ", all[i].name);
		fflush(stdout);
		if (!fork()) {
			all[i].run(program);
			printf("%s\n", strerror(errno));
			exit(1);
		}
		wait(NULL);
	}
	return 0;
}

static int prepared(char *compartment, char **argv)
{
	int status;

	if (!fork()) {
		if (cgcompt_exec_prepare(compartment))
			printf("%s\n", strerrorname_np(errno));
		else
			execv(argv[0], argv);
		exit(1);
	}
	wait(&status);
	return WEXITSTATUS(status);
}

static int failing(char *broken, char *program)
{
	char *argv[] = { program, "act", NULL };

	execv(broken, argv);
	printf("%s\n", strerrorname_np(errno));
	fflush(stdout);
	execv(program, argv);
	return 1;
}

static int listening(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	return listen(fd, 1) ? -1 : fd;
}

static int opened(char *program)
{
	char *argv[] = { program, "shown", NULL };
	int pair[2], tube[2], i;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) || pipe(tube))
		return 1;
	int fds[] = {
		open("/etc/passwd", O_RDONLY), open("/", O_RDONLY), open("/etc/passwd", O_PATH),
		memfd_create("m", 0), eventfd(0, 0), epoll_create1(0), (int)syscall(SYS_pidfd_open, getpid(), 0),
		tube[0], pair[0], socket(AF_INET, SOCK_STREAM, 0), listening(), socket(AF_NETLINK, SOCK_RAW, 0),
		open("/dev/zero", O_RDONLY), open("/proc/self/status", O_RDONLY),
	};

	for (i = 0; i < (int)(sizeof(fds) / sizeof(fds[0])); i++)
		if (dup2(fds[i], FIRST_KIND + i) < 0)
			printf("no %s: %s\n", kinds[i], strerror(errno));
	fflush(stdout);
	execv(program, argv);
	return 1;
}

static int shown(void)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (fcntl(FIRST_KIND + (int)i, F_GETFD) >= 0)
			printf("%s ", kinds[i]);
	printf("\n");
	return 0;
}

int main(int argc, char **argv)
{
	if (argc >= 2 && !strcmp(argv[1], "act"))
		return act();
	if (argc == 2 && !strcmp(argv[1], "shown"))
		return shown();
	if (argc == 2 && !strcmp(argv[1], "secure"))
		return !printf("%lu\n", getauxval(AT_SECURE));
	if (argc == 3 && !strcmp(argv[1], "ways"))
		return ways(argv[2]);
	if (argc == 3 && !strcmp(argv[1], "opened"))
		return opened(argv[2]);
	if (argc == 4 && !strcmp(argv[1], "failing"))
		return failing(argv[2], argv[3]);
	if (argc > 3 && !strcmp(argv[1], "prepared"))
		return prepared(argv[2], argv + 3);
	return 2;
}
