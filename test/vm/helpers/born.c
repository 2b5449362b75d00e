// SPDX-License-Identifier: GPL-2.0-only
/*
 * born: makes children, and has each ask in its first act for what only root
 * outside a compartment may have: a raw socket.
 *
 *   ways              a child of every kind; a line each, "fork refused"
 *   way NAME          one of them
 *   storm COUNT KILLS COUNT children of every kind, by four processes at once; of KILLS
 *                     in ten the parent kills the child at once. "made N allowed N
 *                     refused N other N"
 *   fail COUNT        COUNT forks that fail when everything is allotted
 *   exhaust COUNT     children that stay, until no more can be had; then COUNT
 *                     more attempts; ends them all. "made N failed N"
 *   stay              a thread, a child, a grandchild that lost its parent; prints
 *                     their thread ids and waits for the end of its input
 *   act               the first act itself: "refused" or "allowed"
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/io_uring.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ALLOWED, REFUSED, OTHER, NOT_MADE };

static const char *const outcomes[] = { "allowed", "refused", "other", "not made" };
static char *self;
extern char **environ;

static int outcome_of(long fd, int error)
{
	if (fd >= 0)
		return ALLOWED;
	return error == EACCES ? REFUSED : OTHER;
}

static int act(void)
{
	int fd = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
	int outcome = outcome_of(fd, errno);

	if (fd >= 0)
		close(fd);
	return outcome;
}

static int ended(pid_t pid)
{
	int status;

	if (pid < 0 || waitpid(pid, &status, __WALL) != pid)
		return NOT_MADE;
	return WIFEXITED(status) ? WEXITSTATUS(status) : OTHER;
}

/* --- ways: each returns the child, 0 in the child itself */

static pid_t by_fork(void)
{
	return fork();
}

static pid_t by_clone(void)
{
	return (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
}

static pid_t clone3_with(uint64_t flags)
{
	struct clone_args args = { .flags = flags, .exit_signal = SIGCHLD };

	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

static pid_t by_clone3(void)
{
	return clone3_with(0);
}

static pid_t by_pidns(void)
{
	return clone3_with(CLONE_NEWPID);
}

static pid_t (*const forks[])(void) = { by_fork, by_clone, by_clone3 };

static int forked(pid_t (*make)(void))
{
	pid_t pid = make();

	if (!pid)
		_exit(act());
	return ended(pid);
}

static int way_fork(void) { return forked(by_fork); }
static int way_clone(void) { return forked(by_clone); }
static int way_clone3(void) { return forked(by_clone3); }
static int way_pidns(void) { return forked(by_pidns); }

static int way_vfork(void)
{
	pid_t pid = vfork();

	if (!pid)
		_exit(act());
	return ended(pid);
}

static int act_of_clone(void *unused)
{
	(void)unused;
	return act();
}

/* Shares everything but is no thread. */
static int way_clone_vm(void)
{
	static char stack[4][65536] __attribute__((aligned(16)));
	static atomic_uint next;
	char *top = stack[next++ % 4] + sizeof(stack[0]);

	return ended(clone(act_of_clone, top, CLONE_VM | CLONE_FS | CLONE_FILES | SIGCHLD, NULL));
}

static void *act_of_thread(void *outcome)
{
	*(int *)outcome = act();
	return NULL;
}

static int way_thread(void)
{
	int outcome = OTHER;
	pthread_t thread;

	if (pthread_create(&thread, NULL, act_of_thread, &outcome))
		return NOT_MADE;
	pthread_join(thread, NULL);
	return outcome;
}

static int way_spawn(void)
{
	char *argv[] = { self, "quiet", NULL };
	pid_t pid;

	if (posix_spawn(&pid, "/proc/self/exe", NULL, NULL, argv, environ))
		return NOT_MADE;
	return ended(pid);
}

static void *exec_of_thread(void *unused)
{
	char *argv[] = { self, "quiet", NULL };

	execv("/proc/self/exe", argv);
	return unused;
}

/* A thread that is not the first one replaces the program. */
static int way_thread_exec(void)
{
	pid_t pid = fork();
	pthread_t thread;

	if (!pid) {
		pthread_create(&thread, NULL, exec_of_thread, NULL);
		pthread_join(thread, NULL);
		_exit(NOT_MADE);
	}
	return ended(pid);
}

/* The outcome of a descendant that nobody here can wait for. */
static int told(int fd)
{
	unsigned char outcome = OTHER;

	if (read(fd, &outcome, 1) != 1)
		outcome = NOT_MADE;
	close(fd);
	return outcome;
}

static void orphan(int fd, pid_t parent)
{
	unsigned char outcome;

	setsid();
	while (getppid() == parent)
		sched_yield();
	outcome = (unsigned char)act();
	if (outcome == (unsigned char)way_fork())
		(void)!write(fd, &outcome, 1);
	_exit(0);
}

/* Twice forked, its parent gone; and so its own child. */
static int way_orphan(void)
{
	int ends[2];
	pid_t pid, parent;

	if (pipe(ends))
		return NOT_MADE;
	pid = fork();
	if (!pid) {
		close(ends[0]);
		parent = getpid();
		if (!fork())
			orphan(ends[1], parent);
		_exit(0);
	}
	close(ends[1]);
	ended(pid);
	return told(ends[0]);
}

/* CLONE_PARENT: a child of the grandparent. */
static int way_sibling(void)
{
	struct clone_args args = { .flags = CLONE_PARENT };
	int ends[2];
	pid_t pid;

	if (pipe(ends))
		return NOT_MADE;
	pid = fork();
	if (!pid) {
		pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));
		if (!pid)
			_exit(act());
		(void)!write(ends[1], &pid, sizeof(pid));
		_exit(0);
	}
	close(ends[1]);
	ended(pid);
	if (read(ends[0], &pid, sizeof(pid)) != sizeof(pid))
		pid = -1;
	close(ends[0]);
	return ended(pid);
}

/* --- io_uring, without its library: one request and its answer */

struct ring {
	int fd;
	struct io_uring_params params;
	struct io_uring_sqe *sqes;
	char *queue;
};

static int ring_open(struct ring *ring, unsigned int flags)
{
	size_t size;

	memset(ring, 0, sizeof(*ring));
	ring->params.flags = flags;
	ring->params.sq_thread_idle = 1000;
	ring->fd = (int)syscall(SYS_io_uring_setup, 4, &ring->params);
	if (ring->fd < 0)
		return -1;
	size = ring->params.cq_off.cqes + ring->params.cq_entries * sizeof(struct io_uring_cqe);
	ring->queue = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
			   ring->fd, IORING_OFF_SQ_RING);
	ring->sqes = mmap(NULL, ring->params.sq_entries * sizeof(struct io_uring_sqe),
			  PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring->fd,
			  IORING_OFF_SQES);
	return ring->queue == MAP_FAILED || ring->sqes == MAP_FAILED ? -1 : 0;
}

static _Atomic uint32_t *word(struct ring *ring, uint32_t offset)
{
	return (_Atomic uint32_t *)(void *)(ring->queue + offset);
}

static int ring_socket(unsigned int ring_flags, uint8_t sqe_flags)
{
	struct io_uring_cqe *cqe;
	struct ring ring;
	int outcome;

	if (ring_open(&ring, ring_flags))
		return NOT_MADE;
	memset(ring.sqes, 0, sizeof(*ring.sqes));
	ring.sqes->opcode = IORING_OP_SOCKET;
	ring.sqes->flags = sqe_flags;
	ring.sqes->fd = AF_INET;
	ring.sqes->off = SOCK_RAW;
	ring.sqes->len = IPPROTO_RAW;
	*word(&ring, ring.params.sq_off.array) = 0;
	*word(&ring, ring.params.sq_off.tail) = 1;
	syscall(SYS_io_uring_enter, ring.fd, 1, 1,
		IORING_ENTER_GETEVENTS |
		(ring_flags & IORING_SETUP_SQPOLL ? IORING_ENTER_SQ_WAKEUP : 0), NULL, 0);
	cqe = (void *)(ring.queue + ring.params.cq_off.cqes);
	outcome = *word(&ring, ring.params.cq_off.tail) ? outcome_of(cqe->res, -cqe->res) : OTHER;
	if (outcome == ALLOWED)
		close(cqe->res);
	munmap(ring.sqes, ring.params.sq_entries * sizeof(struct io_uring_sqe));
	munmap(ring.queue, ring.params.cq_off.cqes +
	       ring.params.cq_entries * sizeof(struct io_uring_cqe));
	close(ring.fd);
	return outcome;
}

static int way_uring_worker(void) { return ring_socket(0, IOSQE_ASYNC); }
static int way_uring_sqpoll(void) { return ring_socket(IORING_SETUP_SQPOLL, 0); }

static const struct way {
	const char *name;
	int (*make)(void);
	unsigned int share;	/* of a storm, in 100 */
} ways[] = {
	{ "fork", way_fork, 6 }, { "vfork", way_vfork, 24 }, { "clone", way_clone, 5 },
	{ "clone3", way_clone3, 5 }, { "clone_vm", way_clone_vm, 22 },
	{ "thread", way_thread, 30 }, { "pidns", way_pidns, 0 }, { "spawn", way_spawn, 2 },
	{ "thread_exec", way_thread_exec, 1 }, { "orphan", way_orphan, 2 },
	{ "sibling", way_sibling, 1 }, { "uring_worker", way_uring_worker, 1 },
	{ "uring_sqpoll", way_uring_sqpoll, 1 },
};

#define WAYS (sizeof(ways) / sizeof(ways[0]))
#define STORMERS 4

struct tally {
	atomic_uint made;
	atomic_uint count[4];
};

static const struct way *way_of(unsigned int n)
{
	size_t w = 0;

	for (n = n * 37 % 100; n >= ways[w].share; w++)
		n -= ways[w].share;
	return &ways[w];
}

/* Killed wherever it is; if it acts before that, it says how that went. */
static void killed(struct tally *tally, unsigned int n)
{
	pid_t pid = forks[n % 3]();

	if (!pid) {
		atomic_fetch_add(&tally->count[act()], 1);
		_exit(0);
	}
	if (pid > 0) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, __WALL);
	}
}

static void storm_part(struct tally *tally, unsigned int total, unsigned int kills)
{
	unsigned int n;

	while ((n = atomic_fetch_add(&tally->made, 1)) < total) {
		if (n % 10 < kills)
			killed(tally, n);
		else
			atomic_fetch_add(&tally->count[way_of(n)->make()], 1);
	}
}

static int storm(unsigned int total, unsigned int kills)
{
	struct tally *tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int i;

	for (i = 0; i < STORMERS; i++) {
		if (!fork()) {
			storm_part(tally, total, kills);
			_exit(0);
		}
	}
	while (wait(NULL) > 0)
		;
	printf("made %u allowed %u refused %u other %u\n", total, tally->count[ALLOWED],
	       tally->count[REFUSED], tally->count[OTHER] + tally->count[NOT_MADE]);
	return 0;
}

/* The PID that is asked for is in use: refused after the label was made. */
static int fail(unsigned int count)
{
	pid_t taken = 1;
	struct clone_args args = { .exit_signal = SIGCHLD, .set_tid = (uintptr_t)&taken,
				   .set_tid_size = 1 };
	unsigned int failed = 0, i;
	long pid;

	for (i = 0; i < count; i++) {
		pid = syscall(SYS_clone3, &args, sizeof(args));
		if (!pid)
			_exit(0);
		failed += pid < 0 && errno == EEXIST;
	}
	printf("failed %u\n", failed);
	return 0;
}

static int exhaust(unsigned int count)
{
	unsigned int made = 0, failed = 0;
	int ends[2];
	pid_t pid;
	char byte;

	if (pipe(ends))
		return 1;
	while (failed < count) {
		pid = fork();
		if (!pid) {
			close(ends[1]);
			(void)!read(ends[0], &byte, 1);
			_exit(0);
		}
		made += pid > 0;
		failed += pid < 0;
	}
	close(ends[1]);
	while (wait(NULL) > 0)
		;
	printf("made %u failed %u\n", made, failed);
	return 0;
}

static void say(const char *what)
{
	char line[64];
	int len = snprintf(line, sizeof(line), "%s %ld\n", what, (long)syscall(SYS_gettid));

	(void)!write(STDOUT_FILENO, line, (size_t)len);
}

static void *stay_thread(void *unused)
{
	say("thread");
	pause();
	return unused;
}

static int stay(void)
{
	pthread_t thread;
	char byte;

	signal(SIGCHLD, SIG_IGN);
	say("self");
	if (!fork()) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		say("child");
		pause();
	}
	if (!fork()) {
		if (fork())
			_exit(0);
		setsid();
		say("orphan");
		(void)!read(STDIN_FILENO, &byte, 1);
		_exit(0);
	}
	pthread_create(&thread, NULL, stay_thread, NULL);
	return read(STDIN_FILENO, &byte, 1) < 0;
}

static int print_way(const struct way *way)
{
	printf("%s %s\n", way->name, outcomes[way->make()]);
	return 0;
}

static int usage(void)
{
	fprintf(stderr, "usage: born ways|way NAME|storm N KILLS|fail N|exhaust N|stay|act\n");
	return 2;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	unsigned int count = argc > 2 ? (unsigned int)atoi(argv[2]) : 0;
	size_t w;

	self = argv[0];
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!strcmp(what, "quiet"))
		return act();
	if (!strcmp(what, "act"))
		return puts(outcomes[act()]) < 0;
	if (!strcmp(what, "storm") && argc > 3)
		return storm(count, (unsigned int)atoi(argv[3]));
	if (!strcmp(what, "fail") && count)
		return fail(count);
	if (!strcmp(what, "exhaust") && count)
		return exhaust(count);
	if (!strcmp(what, "stay"))
		return stay();
	if (strcmp(what, "ways") && (strcmp(what, "way") || argc < 3))
		return usage();
	for (w = 0; w < WAYS; w++)
		if (argc < 3 || !strcmp(ways[w].name, argv[2]))
			print_way(&ways[w]);
	return 0;
}
