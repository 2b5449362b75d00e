// SPDX-License-Identifier: GPL-2.0-only
/*
 * Acts on System V and POSIX IPC objects.
 *
 *   ipcprobe make         make one of each kind, and a second one that may be removed
 *   ipcprobe use KIND…    do everything to what `make` has made of msg, shm, sem, mq, file;
 *                         a line for each act: "ACT allowed" or "ACT refused ERRNO"
 *   ipcprobe info         ask for totals, likewise
 *   ipcprobe clean        remove all
 *   ipcprobe wait         wait for a message, print it
 *   ipcprobe tell TEXT    send it
 *   ipcprobe notify       ask for SIGUSR1 when a message comes to the queue /probe.mine;
 *                         prints ready, then what came in the end
 *   ipcprobe poke         send to /probe.mine
 *   ipcprobe undo         alter with SEM_UNDO, wait for a line on standard input, end
 *   ipcprobe value        the semaphore's value
 *   ipcprobe hold         attach the segment, then for each line on standard input print what is in it
 *   ipcprobe stdin COMMAND…   run it with a memfd as standard input
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#ifndef MSG_STAT_ANY
#define MSG_STAT_ANY 13
#endif
#ifndef SHM_STAT_ANY
#define SHM_STAT_ANY 15
#endif
#ifndef SEM_STAT_ANY
#define SEM_STAT_ANY 20
#endif
#ifndef MSG_COPY
#define MSG_COPY 040000
#endif

#define KEY 0x4301 /* and KEY + 1: may be removed; KEY + 2: an empty queue */
#define IDS "/run/ipcprobe.ids"
#define SIZE 4096

struct message {
	long type;
	char text[16];
};

union semun {
	int val;
	struct semid_ds *buf;
	unsigned short *array;
};

static int msg[3], shm[2], sem[2];

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static int must(int ret, const char *what)
{
	if (ret < 0)
		die(what);
	return ret;
}

/* One act: its name and whether its result is an error. */
static void act(const char *name, long ret)
{
	if (ret < 0)
		printf("%s refused %s\n", name, strerrorname_np(errno));
	else
		printf("%s allowed\n", name);
	errno = 0;
}

static int queue_open(const char *name, int flags)
{
	struct mq_attr attr = { .mq_maxmsg = 8, .mq_msgsize = 16 };

	return mq_open(name, flags | O_NONBLOCK, 0666, &attr);
}

static int file_open(const char *name, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/dev/shm/%s", name);
	return open(path, flags | O_CLOEXEC, 0666);
}

static void make(void)
{
	struct message message = { 1, "hello" };
	FILE *ids = fopen(IDS, "w");
	int i, j, fd;

	if (!ids)
		die(IDS);
	umask(0);
	for (i = 0; i < 3; i++)
		fprintf(ids, "%d ", must(msgget(KEY + i, IPC_CREAT | IPC_EXCL | 0666), "msgget"));
	for (i = 0; i < 2; i++)
		fprintf(ids, "%d ", must(shmget(KEY + i, SIZE, IPC_CREAT | IPC_EXCL | 0666), "shmget"));
	for (i = 0; i < 2; i++)
		fprintf(ids, "%d ", must(semget(KEY + i, 2, IPC_CREAT | IPC_EXCL | 0666), "semget"));
	if (fclose(ids))
		die(IDS);
	for (i = 0; i < 8; i++)
		must(msgsnd(msgget(KEY, 0), &message, sizeof(message.text), IPC_NOWAIT), "msgsnd");
	for (i = 0; i < 2; i++) {
		fd = must(queue_open(i ? "/probe.gone" : "/probe", O_CREAT | O_EXCL | O_RDWR), "mq_open");
		for (j = 0; j < 4; j++)
			must(mq_send(fd, "hello", 5, 1), "mq_send");
		close(fd);
		fd = must(file_open(i ? "probe.gone" : "probe", O_CREAT | O_EXCL | O_RDWR), "/dev/shm");
		must(ftruncate(fd, SIZE), "ftruncate");
		close(fd);
	}
}

static void read_ids(void)
{
	FILE *ids = fopen(IDS, "r");

	if (!ids || fscanf(ids, "%d %d %d %d %d %d %d", &msg[0], &msg[1], &msg[2], &shm[0], &shm[1],
			   &sem[0], &sem[1]) != 7)
		die(IDS);
	fclose(ids);
}

static void clean(void)
{
	int i;

	for (i = 0; i < 3; i++) {
		msgctl(msgget(KEY + i, 0), IPC_RMID, NULL);
		shmctl(shmget(KEY + i, 0, 0), IPC_RMID, NULL);
		semctl(semget(KEY + i, 0, 0), 0, IPC_RMID);
	}
	mq_unlink("/probe");
	mq_unlink("/probe.gone");
	mq_unlink("/probe.mine");
	unlink("/dev/shm/probe");
	unlink("/dev/shm/probe.gone");
	unlink("/dev/shm/probe.new");
}

static void use_msg(void)
{
	struct message message = { 1, "mine" };
	struct msqid_ds state;
	long ret;

	act("msg_get", msgget(KEY, 0));
	act("msg_create", msgget(KEY, IPC_CREAT | 0666));
	act("msg_send", msgsnd(msg[0], &message, sizeof(message.text), IPC_NOWAIT));
	act("msg_receive", msgrcv(msg[0], &message, sizeof(message.text), 0, IPC_NOWAIT));
	act("msg_peek", msgrcv(msg[0], &message, sizeof(message.text), 0, IPC_NOWAIT | MSG_COPY));
	ret = msgrcv(msg[2], &message, sizeof(message.text), 0, IPC_NOWAIT);
	act("msg_receive_empty", ret < 0 && errno == ENOMSG ? 0 : ret);
	memset(&state, 0, sizeof(state));
	act("msg_stat", msgctl(msg[0], IPC_STAT, &state));
	act("msg_stat_index", msgctl(msg[0] & 0x7fff, MSG_STAT, &state));
	act("msg_stat_any", msgctl(msg[0] & 0x7fff, MSG_STAT_ANY, &state));
	state.msg_perm.mode = 0666;
	state.msg_qbytes = 16384;
	act("msg_set", msgctl(msg[0], IPC_SET, &state));
	act("msg_remove", msgctl(msg[1], IPC_RMID, NULL));
}

static void use_shm(void)
{
	struct shmid_ds state;
	void *at;

	act("shm_get", shmget(KEY, 0, 0));
	act("shm_create", shmget(KEY, SIZE, IPC_CREAT | 0666));
	at = shmat(shm[0], NULL, 0);
	act("shm_attach", at == (void *)-1 ? -1 : 0);
	if (at != (void *)-1)
		shmdt(at);
	at = shmat(shm[0], NULL, SHM_RDONLY);
	act("shm_attach_ro", at == (void *)-1 ? -1 : 0);
	if (at != (void *)-1) {
		act("shm_attach_ro_then_write", mprotect(at, SIZE, PROT_READ | PROT_WRITE));
		shmdt(at);
	}
	memset(&state, 0, sizeof(state));
	act("shm_stat", shmctl(shm[0], IPC_STAT, &state));
	act("shm_stat_index", shmctl(shm[0] & 0x7fff, SHM_STAT, &state));
	act("shm_stat_any", shmctl(shm[0] & 0x7fff, SHM_STAT_ANY, &state));
	act("shm_lock", shmctl(shm[0], SHM_LOCK, NULL));
	state.shm_perm.mode = 0666;
	act("shm_set", shmctl(shm[0], IPC_SET, &state));
	act("shm_remove", shmctl(shm[1], IPC_RMID, NULL));
}

static void use_sem(void)
{
	struct sembuf add = { 0, 1, IPC_NOWAIT }, undo = { 0, 1, SEM_UNDO | IPC_NOWAIT };
	struct sembuf zero = { 1, 0, IPC_NOWAIT };
	struct timespec soon = { .tv_nsec = 1000 };
	struct semid_ds state = { 0 };
	unsigned short values[2] = { 1, 0 };

	act("sem_get", semget(KEY, 0, 0));
	act("sem_create", semget(KEY, 2, IPC_CREAT | 0666));
	act("sem_wait_zero", semop(sem[0], &zero, 1));
	act("sem_op", semop(sem[0], &add, 1));
	act("sem_timedop", semtimedop(sem[0], &add, 1, &soon));
	act("sem_undo", semop(sem[0], &undo, 1));
	act("sem_getval", semctl(sem[0], 0, GETVAL));
	act("sem_getpid", semctl(sem[0], 0, GETPID));
	act("sem_getncnt", semctl(sem[0], 0, GETNCNT));
	act("sem_getzcnt", semctl(sem[0], 0, GETZCNT));
	act("sem_getall", semctl(sem[0], 0, GETALL, (union semun){ .array = values }));
	values[1] = 0;
	act("sem_setval", semctl(sem[0], 0, SETVAL, (union semun){ .val = 1 }));
	act("sem_setall", semctl(sem[0], 0, SETALL, (union semun){ .array = values }));
	act("sem_stat", semctl(sem[0], 0, IPC_STAT, (union semun){ .buf = &state }));
	act("sem_stat_index", semctl(sem[0] & 0x7fff, 0, SEM_STAT, (union semun){ .buf = &state }));
	act("sem_stat_any", semctl(sem[0] & 0x7fff, 0, SEM_STAT_ANY, (union semun){ .buf = &state }));
	state.sem_perm.mode = 0666;
	act("sem_set", semctl(sem[0], 0, IPC_SET, (union semun){ .buf = &state }));
	act("sem_remove", semctl(sem[1], 0, IPC_RMID));
}

/* By a descriptor that was opened as a file: nothing asked then. */
static void use_mq_file(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_NONE };
	struct pollfd waits = { .events = POLLIN | POLLOUT };
	struct mq_attr attr;
	char text[256];
	DIR *dir;
	int fd = open("/dev/mqueue/probe", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		die("/dev/mqueue/probe");
	act("mq_file_receive", mq_receive(fd, text, sizeof(text), NULL));
	act("mq_file_send", mq_send(fd, "mine", 4, 1));
	act("mq_file_getattr", mq_getattr(fd, &attr));
	act("mq_file_notify", mq_notify(fd, &event));
	mq_notify(fd, NULL);
	act("mq_file_read", read(fd, text, sizeof(text)));
	waits.fd = fd;
	poll(&waits, 1, 0);
	errno = EACCES;
	act("mq_file_poll", waits.revents & POLLERR ? -1 : 0);
	close(fd);
	dir = opendir("/dev/mqueue");
	errno = 0;
	if (!dir || (!readdir(dir) && errno))
		act("mq_list", -1);
	else
		act("mq_list", 0);
	closedir(dir);
}

static void use_mq(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_NONE };
	struct mq_attr attr;
	char text[256];
	int fd;

	act("mq_open_read", fd = queue_open("/probe", O_RDONLY));
	close(fd);
	act("mq_open_create", fd = queue_open("/probe", O_CREAT | O_RDWR));
	if (fd >= 0) {
		act("mq_receive", mq_receive(fd, text, sizeof(text), NULL));
		act("mq_send", mq_send(fd, "mine", 4, 1));
		act("mq_notify", mq_notify(fd, &event));
		mq_notify(fd, NULL);
		act("mq_getattr", mq_getattr(fd, &attr));
		close(fd);
	}
	use_mq_file();
	act("mq_unlink", mq_unlink("/probe.gone"));
}

/* What was not opened is not used either. */
static int with(int fd)
{
	if (fd < 0)
		errno = EACCES;
	return fd >= 0;
}

static int map(int fd, int protection, int flags)
{
	if (!with(fd))
		return -1;
	return mmap(NULL, SIZE, protection, flags, fd, 0) == MAP_FAILED ? -1 : 0;
}

static void use_file(void)
{
	char byte = 'x';
	int fd;

	act("file_open_read", fd = file_open("probe", O_RDONLY));
	act("file_read", with(fd) ? read(fd, &byte, 1) : -1);
	act("file_map_read", map(fd, PROT_READ, MAP_SHARED));
	act("file_map_private", map(fd, PROT_READ, MAP_PRIVATE));
	close(fd);
	act("file_open_write", fd = file_open("probe", O_RDWR));
	act("file_write", with(fd) ? write(fd, &byte, 1) : -1);
	act("file_map_write", map(fd, PROT_READ | PROT_WRITE, MAP_SHARED));
	act("file_map_later_write", map(fd, PROT_READ, MAP_SHARED));
	act("file_allocate", with(fd) ? fallocate(fd, 0, 0, 2 * SIZE) : -1);
	close(fd);
	act("file_truncate", truncate("/dev/shm/probe", SIZE));
	act("file_chmod", chmod("/dev/shm/probe", 0666));
	act("file_link", link("/dev/shm/probe", "/dev/shm/probe.new"));
	unlink("/dev/shm/probe.new");
	errno = EACCES;
	act("file_rename", rename("/dev/shm/probe.gone", "/dev/shm/probe.new"));
	rename("/dev/shm/probe.new", "/dev/shm/probe.gone");
	errno = EACCES;
	act("file_unlink", unlink("/dev/shm/probe.gone"));
}

static void info(void)
{
	struct msginfo msginfo;
	struct shminfo shminfo;
	struct shm_info shm_info;
	struct seminfo seminfo;

	act("msg_ipc_info", msgctl(0, IPC_INFO, (void *)&msginfo));
	act("msg_info", msgctl(0, MSG_INFO, (void *)&msginfo));
	act("shm_ipc_info", shmctl(0, IPC_INFO, (void *)&shminfo));
	act("shm_info", shmctl(0, SHM_INFO, (void *)&shm_info));
	act("sem_ipc_info", semctl(0, 0, IPC_INFO, (union semun){ .buf = (void *)&seminfo }));
	act("sem_info", semctl(0, 0, SEM_INFO, (union semun){ .buf = (void *)&seminfo }));
}

static void notify(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	struct timespec limit = { .tv_sec = 20 };
	siginfo_t got;
	sigset_t set;
	char byte;
	int fd = must(queue_open("/probe.mine", O_CREAT | O_RDWR), "mq_open");

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	must(mq_notify(fd, &event), "mq_notify");
	puts("ready");
	if (read(0, &byte, 1) == 1 && byte == 'q')
		limit.tv_sec = 0;
	puts(sigtimedwait(&set, &got, &limit) == SIGUSR1 ? "signal" : "nothing");
}

static void undo(void)
{
	struct sembuf op = { 0, 5, SEM_UNDO };
	char byte;

	act("sem_undo", semop(sem[0], &op, 1));
	act("end", read(0, &byte, 1));
}

static void hold(void)
{
	const char *at = shmat(shm[0], NULL, SHM_RDONLY);
	char byte;

	act("shm_attach_ro", at == (void *)-1 ? -1 : 0);
	while (read(0, &byte, 1) == 1)
		printf("holds %d\n", at == (void *)-1 ? -1 : at[0]);
}

static void wait_message(void)
{
	struct message message = { 0 };

	puts("waiting");
	if (msgrcv(msg[2], &message, sizeof(message.text), 0, 0) < 0)
		act("msg_receive", -1);
	else
		printf("got %.15s\n", message.text);
}

static void with_memfd(char **command)
{
	int fd = must(memfd_create("probe", 0), "memfd_create");

	must(write(fd, "secret\n", 7), "write");
	lseek(fd, 0, SEEK_SET);
	dup2(fd, 0);
	execvp(command[0], command);
	die(command[0]);
}

static void use(const char *kind)
{
	if (!strcmp(kind, "msg"))
		use_msg();
	else if (!strcmp(kind, "shm"))
		use_shm();
	else if (!strcmp(kind, "sem"))
		use_sem();
	else if (!strcmp(kind, "mq"))
		use_mq();
	else if (!strcmp(kind, "file"))
		use_file();
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	struct message message = { 1, "" };

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!strcmp(what, "make"))
		return make(), 0;
	if (!strcmp(what, "clean"))
		return clean(), 0;
	if (!strcmp(what, "info"))
		return info(), 0;
	if (!strcmp(what, "notify"))
		return notify(), 0;
	if (!strcmp(what, "stdin") && argc > 2)
		with_memfd(argv + 2);
	if (!strcmp(what, "poke")) {
		act("poke", mq_send(queue_open("/probe.mine", O_WRONLY), "x", 1, 1));
		return 0;
	}
	read_ids();
	if (!strcmp(what, "use")) {
		for (; argc > 2; argc--)
			use(argv[argc - 1]);
	} else if (!strcmp(what, "wait")) {
		wait_message();
	} else if (!strcmp(what, "tell") && argc > 2) {
		strncpy(message.text, argv[2], sizeof(message.text) - 1);
		act("msg_send", msgsnd(msg[2], &message, sizeof(message.text), IPC_NOWAIT));
	} else if (!strcmp(what, "undo")) {
		undo();
	} else if (!strcmp(what, "hold")) {
		hold();
	} else if (!strcmp(what, "value")) {
		printf("%d\n", semctl(sem[0], 0, GETVAL));
	} else {
		return 2;
	}
	return 0;
}
