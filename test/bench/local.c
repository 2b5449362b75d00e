// SPDX-License-Identifier: GPL-2.0-only
/* What one process does to another: signals, unix sockets, System V IPC, /proc. */
#define _GNU_SOURCE
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "local.h"

#define OTHERS 1000	/* processes in /proc */

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static pid_t sleeper(void)
{
	pid_t pid = fork();

	if (!pid)
		for (;;)
			pause();
	return pid;
}

static double kill_nothing(int n)
{
	pid_t pid = sleeper();
	double t = now();
	int i;

	for (i = 0; i < n; i++)
		if (kill(pid, 0))
			err(1, "kill");
	t = now() - t;
	end(pid);
	return t / n;
}

/* To a child that waits for it, and answers with another. */
static double signals(int n)
{
	sigset_t set;
	pid_t pid;
	double t;
	int i, number;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	pid = fork();
	if (!pid)
		for (;;)
			if (!sigwait(&set, &number))
				kill(getppid(), SIGUSR1);
	t = now();
	for (i = 0; i < n; i++) {
		if (kill(pid, SIGUSR1))
			err(1, "kill");
		sigwait(&set, &number);
	}
	t = now() - t;
	end(pid);
	return t / n / 2;
}

static double unix_exchange(int n, int type)
{
	int pair[2], i;
	char byte = 0;
	double t;
	pid_t pid;

	if (socketpair(AF_UNIX, type, 0, pair))
		err(1, "socketpair");
	pid = fork();
	if (!pid)
		while (read(pair[1], &byte, 1) == 1 && write(pair[1], &byte, 1) == 1)
			;
	t = now();
	for (i = 0; i < n; i++)
		if (write(pair[0], &byte, 1) != 1 || read(pair[0], &byte, 1) != 1)
			err(1, "unix");
	t = now() - t;
	end(pid);
	close(pair[0]);
	close(pair[1]);
	return t / n;
}

static double unix_rr(int n) { return unix_exchange(n, SOCK_STREAM); }

static int unix_bound(struct sockaddr_un *name, int type)
{
	int fd = socket(AF_UNIX, type, 0);

	memset(name, 0, sizeof(*name));
	name->sun_family = AF_UNIX;
	snprintf(name->sun_path + 1, sizeof(name->sun_path) - 1, "bench-%d", getpid());
	if (fd < 0 || bind(fd, (void *)name, sizeof(*name)))
		err(1, "bind");
	return fd;
}

static double unix_connect(int n)
{
	struct sockaddr_un name;
	int listener = unix_bound(&name, SOCK_STREAM), fd, i;
	double t;

	if (listen(listener, 16))
		err(1, "listen");
	t = now();
	for (i = 0; i < n; i++) {
		fd = socket(AF_UNIX, SOCK_STREAM, 0);
		if (connect(fd, (void *)&name, sizeof(name)))
			err(1, "connect");
		close(accept(listener, NULL, NULL));
		close(fd);
	}
	t = now() - t;
	close(listener);
	return t / n;
}

static double unix_datagram(int n)
{
	struct sockaddr_un name;
	int to = unix_bound(&name, SOCK_DGRAM), from = socket(AF_UNIX, SOCK_DGRAM, 0), i;
	char byte = 0;
	double t = now();

	for (i = 0; i < n; i++)
		if (sendto(from, &byte, 1, 0, (void *)&name, sizeof(name)) != 1 ||
		    read(to, &byte, 1) != 1)
			err(1, "datagram");
	t = now() - t;
	close(to);
	close(from);
	return t / n;
}

static double messages(int n)
{
	struct {
		long type;
		char text[8];
	} message = { 1, "" };
	int id = msgget(IPC_PRIVATE, 0600), i;
	double t = now();

	for (i = 0; i < n; i++)
		if (msgsnd(id, &message, sizeof(message.text), 0) ||
		    msgrcv(id, &message, sizeof(message.text), 0, 0) < 0)
			err(1, "msg");
	t = now() - t;
	msgctl(id, IPC_RMID, NULL);
	return t / n;
}

static double semaphores(int n)
{
	int id = semget(IPC_PRIVATE, 1, 0600), i;
	double t = now();

	for (i = 0; i < n; i++) {
		struct sembuf op = { .sem_op = i % 2 ? -1 : 1 };

		if (semop(id, &op, 1))
			err(1, "semop");
	}
	t = now() - t;
	semctl(id, 0, IPC_RMID);
	return t / n;
}

static double shared_memory(int n)
{
	double t = now();
	char *at;
	int id, i;

	for (i = 0; i < n; i++) {
		id = shmget(IPC_PRIVATE, 4096, 0600);
		at = shmat(id, NULL, 0);
		if (at == (void *)-1)
			err(1, "shmat");
		*at = 1;
		shmdt(at);
		shmctl(id, IPC_RMID, NULL);
	}
	return (now() - t) / n;
}

#define BATCH 100

/* To another user and back, by the system call: the saved id stays 0. The least of
 * batches: credentials are freed later, many at a time, and at whose cost is chance. */
static double user_ids(int n)
{
	double least = 1e9, t;
	int i;

	while ((n -= BATCH) >= 0) {
		t = now();
		for (i = 0; i < BATCH; i++)
			if (syscall(SYS_setresuid, -1, i % 2 ? 0 : 33, -1))
				err(1, "setresuid");
		t = now() - t;
		least = t / BATCH < least ? t / BATCH : least;
	}
	return least;
}

static double stats(int n)
{
	double t = now();
	struct stat st;
	int i;

	for (i = 0; i < n; i++)
		stat("/etc/passwd", &st);
	return (now() - t) / n;
}

/* As ps does: the directory, and of each process its stat. */
static void read_processes(void)
{
	char path[300], text[1024];
	struct dirent *entry;
	DIR *dir = opendir("/proc");
	int fd;

	while ((entry = readdir(dir))) {
		if (entry->d_name[0] < '0' || entry->d_name[0] > '9')
			continue;
		snprintf(path, sizeof(path), "/proc/%s/stat", entry->d_name);
		fd = open(path, O_RDONLY);
		if (fd < 0)
			continue;
		if (read(fd, text, sizeof(text)) < 0)
			err(1, "%s", path);
		close(fd);
	}
	closedir(dir);
}

static double processes(int n)
{
	static pid_t others[OTHERS];
	double t;
	int i;

	for (i = 0; i < OTHERS; i++)
		others[i] = sleeper();
	read_processes();
	t = now();
	for (i = 0; i < n; i++)
		read_processes();
	t = now() - t;
	for (i = 0; i < OTHERS; i++)
		end(others[i]);
	return t / n;
}

const struct operation local_operations[] = {
	{ "kill-0", kill_nothing, 20000 }, { "signal", signals, 2000 },
	{ "unix-rr", unix_rr, 2000 }, { "unix-connect", unix_connect, 1000 },
	{ "unix-dgram", unix_datagram, 5000 }, { "msg", messages, 5000 },
	{ "sem", semaphores, 10000 }, { "shm", shared_memory, 1000 },
	{ "setresuid", user_ids, 5000 }, { "stat", stats, 5000 }, { "proc", processes, 3 },
	{ NULL, NULL, 0 },
};
