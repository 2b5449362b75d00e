// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ways out of a root, by root: "ACT out", "ACT in", or "ACT refused ERROR", each tried in a child of its own.
 *
 * escape acts PID OTHER   in the root, which has /proc, a socket /door and a directory /d: by way of the process
 *                         PID, which runs `escape outside', and of OTHER
 * escape outside DIR      of the same compartment, outside: opens what comes by DIR/door, whose root is DIR;
 *                         writes "ready"
 * escape share COMMAND…   gives away a child that shares its root and directory; the child runs COMMAND, which puts
 *                         it into the root, and then `escape wait'; the parent leaves, and the child looks where it is
 *
 * Out is where a file /outside is.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/openat2.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define MARK "outside"
#define KNOWN_FD 9	/* where the process outside has the machine's root open */

static pid_t outsider, other;
static char text[128];

static const char *of(pid_t pid, const char *what)
{
	snprintf(text, sizeof(text), "/proc/%d/%s", pid, what);
	return text;
}

/* Up from the working directory; 1: out, 0: in, -1: refused. */
static int up(void)
{
	int i;

	for (i = 0; i < 32; i++)
		if (chdir(".."))
			return -1;
	return !access(MARK, F_OK);
}

static int from(int fd)
{
	return fd < 0 || fchdir(fd) ? -1 : up();
}

static int act_chroot(void)
{
	return chroot("/d") ? -1 : up();
}

static int act_chroot_fd(void)
{
	int fd = open("/", O_RDONLY | O_DIRECTORY);

	return chroot("/d") || chdir("/") ? -1 : from(fd);
}

static int act_chroot_thread(void)
{
	return unshare(CLONE_FS) || chroot("/d") ? -1 : up();
}

static int call(const char *door)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	strcpy(address.sun_path, door);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return -1;
	return fd;
}

/* What the process outside answers to a letter; *fd: a descriptor that came with it. */
static char ask(char letter, int *fd)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	char answer = 0;
	struct iovec data = { &answer, 1 };
	struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1, .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	int door = call("/door");
	struct cmsghdr *header;

	*fd = -1;
	errno = 0;
	if (door < 0 || write(door, &letter, 1) != 1 || recvmsg(door, &message, 0) != 1)
		return 0;
	header = CMSG_FIRSTHDR(&message);
	if (header)
		memcpy(fd, CMSG_DATA(header), sizeof(*fd));
	else if (message.msg_flags & MSG_CTRUNC)
		errno = EACCES;
	return answer;
}

static int received(char letter)
{
	int fd;

	ask(letter, &fd);
	return from(fd);
}

static int act_received(void) { return received('d'); }
static int act_received_path(void) { return received('p'); }

/* Of a directory inside nobody is to be kept. */
static int act_received_inside(void) { return received('i'); }

static int act_getfd(void)
{
	int pidfd = (int)syscall(SYS_pidfd_open, outsider, 0);

	return pidfd < 0 ? -1 : from((int)syscall(SYS_pidfd_getfd, pidfd, KNOWN_FD, 0));
}

static int by_link(pid_t pid, const char *what)
{
	return chdir(of(pid, what)) ? -1 : up();
}

static int act_proc_root(void) { return by_link(outsider, "root"); }
static int act_proc_cwd(void) { return by_link(outsider, "cwd"); }
static int act_proc_fd(void) { return by_link(outsider, "fd/9"); }
static int act_init_root(void) { return by_link(1, "root"); }

static int act_link(void)
{
	unlink("/linked");
	if (linkat(AT_FDCWD, of(outsider, "cwd/" MARK), AT_FDCWD, "/linked", AT_SYMLINK_FOLLOW))
		return -1;
	return 1;
}

static int node(mode_t kind, dev_t device)
{
	char byte;
	int fd;

	unlink("/node");
	if (mknod("/node", kind | 0600, device))
		return -1;
	fd = open("/node", O_RDONLY);
	unlink("/node");
	return fd < 0 ? -1 : read(fd, &byte, 1) == 1;
}

/* The disk that the machine's root is on. */
static int act_mknod_disk(void)
{
	unsigned int major = 0, minor = 0, n, m;
	char line[128], name[64];
	FILE *file = fopen("/proc/partitions", "r");

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "%u %u %*u %63s", &n, &m, name) == 3 && !strcmp(name, "vda")) {
			major = n;
			minor = m;
		}
	return node(S_IFBLK, makedev(major, minor));
}

static int act_mknod_mem(void) { return node(S_IFCHR, makedev(1, 1)); }

static int act_mkfifo(void)
{
	unlink("/node");
	return mkfifo("/node", 0600) ? -1 : unlink("/node");
}

/* Of ext4 the root has number 2; its handle is that and a generation that does not matter. */
static int act_handle(void)
{
	struct {
		struct file_handle head;
		unsigned int ino, generation;
	} handle = { { .handle_bytes = 8, .handle_type = 1 }, 2, 0 };
	int mount = open("/", O_RDONLY | O_DIRECTORY);

	return from(open_by_handle_at(mount, &handle.head, O_RDONLY | O_DIRECTORY));
}

/* The directory that one is in is moved out by the process outside. */
static int act_moved(void)
{
	int fd;
	char answer;

	mkdir("/d/in", 0755);
	if (chdir("/d/in"))
		return -1;
	answer = ask('m', &fd);
	if (answer != 'm') {
		errno = answer;
		return -1;
	}
	return up();
}

/* All devices of the machine, by their nodes. */
static int act_mount(void)
{
	int out;

	if (mount("dev", "/d", "devtmpfs", 0, NULL))
		return -1;
	out = !access("/d/vda", F_OK);
	umount2("/d", MNT_DETACH);
	return out;
}

/* Who enters a mount namespace, its own one too, is at its root. */
static int act_setns(void)
{
	int ns = open("/proc/self/ns/mnt", O_RDONLY);

	return setns(ns, CLONE_NEWNS) ? -1 : !access("/" MARK, F_OK);
}

static int act_userns(void)
{
	return unshare(CLONE_NEWUSER) ? -1 : act_chroot();
}

static int act_trace_outsider(void) { return ptrace(PTRACE_SEIZE, outsider, 0, 0) ? -1 : 1; }
static int act_trace_other(void) { return ptrace(PTRACE_SEIZE, other, 0, 0) ? -1 : 1; }

static int opens(int dir, const char *path, unsigned long long resolve)
{
	struct open_how how = { .flags = O_PATH, .resolve = resolve };

	return syscall(SYS_openat2, dir, path, &how, sizeof(how)) >= 0;
}

static int act_walk(void)
{
	static const char *const paths[] = {
		"../../../../" MARK, "/../../" MARK, "d/../../../" MARK, "s/" MARK, "d/s/../" MARK,
		"/proc/self/root/../" MARK, "/proc/self/cwd/../../" MARK,
		"/proc/thread-self/root/../" MARK,
	};
	static const unsigned long long resolves[] = {
		0, RESOLVE_NO_XDEV, RESOLVE_IN_ROOT, RESOLVE_BENEATH, RESOLVE_NO_MAGICLINKS,
	};
	int dirs[] = { AT_FDCWD, open("/d", O_PATH), open("/", O_PATH), open("/proc/self/root", O_PATH) };
	size_t p, r, d;

	symlink("../../../../..", "/s");
	symlink("/../..", "/d/s");
	for (p = 0; p < sizeof(paths) / sizeof(*paths); p++)
		for (r = 0; r < sizeof(resolves) / sizeof(*resolves); r++)
			for (d = 0; d < sizeof(dirs) / sizeof(*dirs); d++)
				if (opens(dirs[d], paths[p], resolves[r]))
					return 1;
	return 0;
}

/* While one process moves directories about, another walks up through them. */
static int act_race(void)
{
	pid_t mover;
	int i, out = 0;

	mkdir("/d/x", 0755);
	mkdir("/d/x/y", 0755);
	mkdir("/d/z", 0755);
	mover = fork();
	if (!mover)
		for (;;) {
			rename("/d/x/y", "/d/z/y");
			rename("/d/z/y", "/d/x/y");
			syscall(SYS_renameat2, AT_FDCWD, "/d/x", AT_FDCWD, "/d/z", RENAME_EXCHANGE);
		}
	for (i = 0; i < 20000 && !out; i++)
		out = !access("/d/x/y/../../../../" MARK, F_OK) ||
		      !access("/d/z/y/../../../../../" MARK, F_OK);
	kill(mover, SIGKILL);
	waitpid(mover, NULL, 0);
	return out;
}

/* A worker of io_uring looks names up from its process's root. */
static int act_uring(void)
{
	struct io_uring_params params = { 0 };
	int fd = (int)syscall(SYS_io_uring_setup, 4, &params), result;
	struct io_uring_sqe *sqe;
	struct io_uring_cqe *cqe;
	unsigned int *tail;
	char *rings;

	if (fd < 0)
		return 0;
	rings = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_SQ_RING);
	sqe = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_SQES);
	if (rings == MAP_FAILED || sqe == MAP_FAILED)
		return -1;
	sqe->opcode = IORING_OP_OPENAT;
	sqe->flags = IOSQE_ASYNC;
	sqe->fd = AT_FDCWD;
	sqe->addr = (unsigned long)"/../" MARK;
	((unsigned int *)(rings + params.sq_off.array))[0] = 0;
	tail = (unsigned int *)(rings + params.sq_off.tail);
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0)
		return -1;
	cqe = (struct io_uring_cqe *)(rings + params.cq_off.cqes);
	result = cqe->res;
	return result >= 0;
}

static const struct {
	const char *name;
	int (*function)(void);
} acts[] = {
	{ "chroot", act_chroot }, { "chroot_fd", act_chroot_fd }, { "chroot_thread", act_chroot_thread },
	{ "received", act_received }, { "received_path", act_received_path },
	{ "received_inside", act_received_inside }, { "getfd", act_getfd },
	{ "proc_root", act_proc_root }, { "proc_cwd", act_proc_cwd }, { "proc_fd", act_proc_fd },
	{ "init_root", act_init_root }, { "link", act_link },
	{ "mknod_disk", act_mknod_disk }, { "mknod_mem", act_mknod_mem }, { "mkfifo", act_mkfifo },
	{ "handle", act_handle }, { "moved", act_moved }, { "mount", act_mount },
	{ "setns", act_setns }, { "userns", act_userns },
	{ "trace_outsider", act_trace_outsider }, { "trace_other", act_trace_other },
	{ "walk", act_walk }, { "race", act_race }, { "uring", act_uring },
};

static void say(const char *name, int result)
{
	if (result < 0)
		printf("%s refused %s\n", name, strerrorname_np(errno) ?: "nothing");
	else
		printf("%s %s\n", name, result ? "out" : "in");
	fflush(stdout);
}

static void all(void)
{
	size_t i;

	for (i = 0; i < sizeof(acts) / sizeof(*acts); i++) {
		if (!fork()) {
			if (!chdir("/"))
				say(acts[i].name, acts[i].function());
			_exit(0);
		}
		wait(NULL);
	}
}

static void give(int to, int fd)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { .header = { CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS } };
	char answer = 'f';
	struct iovec data = { &answer, 1 };
	struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1, .msg_control = &control,
				  .msg_controllen = sizeof(control) };

	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	sendmsg(to, &message, 0);
	close(fd);
}

static void open_door(int to, const char *dir)
{
	char letter, name[256];

	if (read(to, &letter, 1) != 1)
		return;
	snprintf(name, sizeof(name), "%s/d", dir);
	if (letter == 'd') {
		give(to, open("/", O_RDONLY | O_DIRECTORY));
	} else if (letter == 'p') {
		give(to, open("/", O_PATH | O_DIRECTORY));
	} else if (letter == 'i') {
		give(to, open(name, O_RDONLY | O_DIRECTORY));
	} else {
		strcat(name, "/in");
		if (rename(name, "/moved"))
			letter = (char)errno;
		dprintf(to, "%c", letter);
		rmdir("/moved");
	}
}

static int outside(const char *dir)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int door = socket(AF_UNIX, SOCK_STREAM, 0), to;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/door", dir);
	unlink(address.sun_path);
	if (chdir("/") || dup2(open("/", O_RDONLY | O_DIRECTORY), KNOWN_FD) < 0 ||
	    bind(door, (struct sockaddr *)&address, sizeof(address)) || listen(door, 8))
		return perror("outside"), 1;
	puts("ready");
	fflush(stdout);
	for (;;) {
		to = accept(door, NULL, NULL);
		open_door(to, dir);
		close(to);
	}
}

/* The child says on its standard output that it is in, and is told on its input that its parent has left. */
static int share(char **command)
{
	int said[2], told[2], status, root = open("/", O_RDONLY | O_DIRECTORY);
	char byte;
	pid_t child;

	if (pipe(said) || pipe(told))
		return 1;
	child = (pid_t)syscall(SYS_clone, CLONE_FS | SIGCHLD, 0, 0, 0, 0);
	if (!child) {
		dup2(told[0], 0);
		dup2(said[1], 1);
		close(told[1]);
		close(said[0]);
		execvp(command[0], command);
		_exit(127);
	}
	close(said[1]);
	close(told[0]);
	if (read(said[0], &byte, 1) == 1 && !fchdir(root) && write(told[1], "g", 1) == 1)
		while (read(said[0], &byte, 1) == 1)
			putchar(byte);
	waitpid(child, &status, 0);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		puts("share refused");
	return 0;
}

static int waits(void)
{
	char byte;

	if (write(1, "r", 1) != 1 || read(0, &byte, 1) != 1)
		return 1;
	say("share", up());
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "acts")) {
		outsider = atoi(argv[2]);
		other = atoi(argv[3]);
		all();
	} else if (argc == 3 && !strcmp(argv[1], "outside")) {
		return outside(argv[2]);
	} else if (argc > 2 && !strcmp(argv[1], "share")) {
		return share(argv + 2);
	} else if (argc == 2 && !strcmp(argv[1], "wait")) {
		return waits();
	}
	return 0;
}
