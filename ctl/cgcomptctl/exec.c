// SPDX-License-Identifier: GPL-2.0-only
/*
 * exec: a command in a compartment. What needs privilege comes before it is
 * given up, and the kernel is asked last of that: the label is the next
 * program's, whichever it is.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "ctl.h"

/* As env(1). */
enum { EXEC_FAILED = 125, EXEC_CANNOT = 126, EXEC_NOT_FOUND = 127 };

#define HANDED_OVER_MAX 1024

/**
 * struct job - what is to be run, and how
 * @compartment: as written; NULL: @label and @root are known
 * @label: its number
 * @root: where its definition puts it, or empty
 * @no_root: stay in the caller's root
 * @drop: capabilities to be dropped, bit by number
 * @user: whom it runs as, or NULL: the caller
 * @caps: capabilities, by number, that @user keeps
 * @command: what to run
 */
struct job {
	const char *compartment;
	u32 label;
	char root[CGC_ROOT_SIZE];
	bool no_root;
	u64 drop;
	const struct ctl_user *user;
	u64 caps;
	char **command;
};

static int failed(const char *what)
{
	cgc_msg("exec: %s: %s", what, strerror(errno));
	return EXEC_FAILED;
}

/* cap_mknod,-mknod,all: a dash before a name says nothing more. */
static int drop_parse(struct job *job, const char *list)
{
	const char *word = list, *end;
	int cap;

	while (*word) {
		end = strchrnul(word, ',');
		word += *word == '-';
		cap = cgc_cap_number(word, (size_t)(end - word));
		if (end - word == 3 && !strncmp(word, "all", 3)) {
			job->drop = ~0ull;
		} else if (cap >= 0) {
			job->drop |= 1ull << cap;
		} else {
			ctl_usage("--drop-cap %.*s: expected names as cap_mknod, separated by commas",
				  (int)(end - word), word);
			return EXEC_FAILED;
		}
		word = *end ? end + 1 : end;
	}
	return 0;
}

static int options(int argc, char **argv, struct job *job)
{
	static const struct option longs[] = {
		{ "drop-cap", required_argument, NULL, 'd' },
		{ "user", required_argument, NULL, 'u' },
		{ "no-root", no_argument, NULL, 'n' },
		{ 0 }
	};
	static struct ctl_user user;
	bool ended;
	int c;

	for (;;) {
		/* `-1' is the supervisor, not an option. */
		c = ctl_getopt(argc, argv, "+h1", longs);
		if (c == 'd' && drop_parse(job, optarg))
			return EXEC_FAILED;
		else if (c == 'u' && ctl_user_find("exec", optarg, &user))
			return EXEC_FAILED;
		else if (c == 'u')
			job->user = &user;
		else if (c == 'n')
			job->no_root = true;
		else if (c == '1' && !job->compartment)
			job->compartment = "-1";
		else if (c == '1' || c == '?')
			return EXEC_FAILED;
		if (c != -1)
			continue;
		ended = optind > 1 && !strcmp(argv[optind - 1], "--");
		if (job->compartment || optind == argc || ended)
			break;
		job->compartment = argv[optind++];
	}
	if (!job->compartment && optind < argc)
		job->compartment = argv[optind++];
	job->command = argv + optind;
	if (job->compartment && optind < argc)
		return 0;
	ctl_usage(job->compartment ? "expected a command after --" : "expected a compartment");
	return EXEC_FAILED;
}

static int compartment_find(struct cgc_nl *nl, struct job *job)
{
	const struct cgc_compartment *defs;
	struct cgc_records known;
	int status = 0;
	u32 i;

	if (cgc_wire_list(nl, CGC_LIST_COMPARTMENTS, &known)) {
		ctl_failed(nl, "exec");
		return EXEC_FAILED;
	}
	defs = known.at;
	if (!cgc_label_find(defs, known.count, job->compartment, &job->label)) {
		cgc_msg("exec: unknown compartment %s, expected a name or a number that list compartments shows",
			job->compartment);
		status = EXEC_FAILED;
	}
	for (i = 0; i < known.count && !status; i++)
		if (defs[i].number == job->label)
			memcpy(job->root, defs[i].root, sizeof(job->root));
	job->root[sizeof(job->root) - 1] = '\0';
	free(known.at);
	return status;
}

static bool is_unix_socket(int fd)
{
	int domain;
	socklen_t len = sizeof(domain);

	return !getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) && domain == AF_UNIX;
}

/* Design 4, Files: terminals, pipes, files and null may be handed on. */
static bool may_stay(int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		return false;
	if (S_ISFIFO(st.st_mode) || S_ISREG(st.st_mode) || isatty(fd))
		return true;
	if (S_ISCHR(st.st_mode))
		return st.st_rdev == makedev(1, 3);
	return S_ISSOCK(st.st_mode) && is_unix_socket(fd);
}

static int descriptors_clean(void)
{
	static const char *const names[] = { "input", "output", "error" };
	int fd, null;

	for (fd = 0; fd < 3; fd++) {
		if (may_stay(fd))
			continue;
		cgc_msg("exec: standard %s is no terminal, pipe, file or unix socket: /dev/null instead",
			names[fd]);
		null = open("/dev/null", O_RDWR | O_CLOEXEC);
		if (null < 0 || dup2(null, fd) < 0)
			return failed("/dev/null");
		close(null);
	}
	return 0;
}

/* Sockets that systemd hands over for others to reach the program by; the kernel
 * gives them to its compartment. See sd_listen_fds(3). */
static int handed_over(void)
{
	const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
	int fds = count ? atoi(count) : 0, fd;
	struct stat st;

	if (!pid || atoi(pid) != getpid() || fds < 1 || fds > HANDED_OVER_MAX)
		return 0;
	for (fd = 3; fd < 3 + fds; fd++)
		if (fstat(fd, &st) || !S_ISSOCK(st.st_mode))
			return 0;
	return fds;
}

static int descriptors_close(void)
{
	int kept = handed_over();

	if (syscall(SYS_close_range, 3u + (unsigned int)kept, ~0u, 0u))
		return failed("close_range");
	return 0;
}

static int root_enter(const struct job *job)
{
	int fd;

	if (job->no_root || !job->root[0])
		return 0;
	fd = ctl_root_open(job->root);
	if (fd < 0)
		return EXEC_FAILED;
	if (fchdir(fd) || chroot(".") || chdir("/"))
		return failed(job->root);
	close(fd);
	return 0;
}

static u32 last_cap(void)
{
	u32 cap = 0;

	while (cap < 64 && prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0)
		cap++;
	return cap;
}

/* What execve() gives back to root is bounded; needs CAP_SETPCAP. */
static int bounding_drop(u64 drop)
{
	u32 cap, caps = last_cap();

	for (cap = 0; cap < caps; cap++) {
		if (!(drop >> cap & 1))
			continue;
		if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0))
			return failed("dropping a capability");
		if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, cap, 0, 0))
			return failed("lowering an ambient capability");
	}
	return 0;
}

static int sets_drop(u64 drop)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];
	u32 i;

	if (syscall(SYS_capget, &header, data))
		return failed("capget");
	for (i = 0; i < 2; i++) {
		u32 keep = ~(u32)(drop >> 32 * i);

		data[i].effective &= keep;
		data[i].permitted &= keep;
		data[i].inheritable &= keep;
	}
	if (syscall(SYS_capset, &header, data))
		return failed("capset");
	return 0;
}

static int label_ask(struct job *job)
{
	static struct cgc_nl nl;
	int err = ctl_open(&nl);

	if (err)
		return EXEC_FAILED;
	err = job->compartment ? compartment_find(&nl, job) : 0;
	if (!err && cgc_wire_exec(&nl, job->label)) {
		ctl_failed(&nl, "exec");
		err = EXEC_FAILED;
	}
	cgc_nl_close(&nl);
	return err;
}

static int run(struct job *job)
{
	int err;

	if (descriptors_clean() || label_ask(job))
		return EXEC_FAILED;
	if (descriptors_close() || root_enter(job) || bounding_drop(job->drop) ||
	    (job->user && ctl_user_become(job->user, job->caps)) || sets_drop(job->drop))
		return EXEC_FAILED;
	execvp(job->command[0], job->command);
	err = errno;
	cgc_msg("exec: %s: %s", job->command[0], strerror(err));
	return err == ENOENT ? EXEC_NOT_FOUND : EXEC_CANNOT;
}

int cmd_exec(int argc, char **argv)
{
	static struct job job;

	return options(argc, argv, &job) ? EXEC_FAILED : run(&job);
}

int ctl_exec(u32 label, const char *root, const struct ctl_user *user, u64 caps, char **command)
{
	static struct job job;

	job.label = label;
	snprintf(job.root, sizeof(job.root), "%s", root);
	job.user = user;
	job.caps = user->uid ? caps : 0;
	job.command = command;
	return run(&job);
}
