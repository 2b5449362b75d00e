// SPDX-License-Identifier: GPL-2.0-only
/*
 * start and stop (mission F1): a compartment that lives in its ROOT, with rules of its
 * own, /proc and /dev, limits, and what its `startup' leaves running. Where systemd runs,
 * it is asked to, by cgcompt@.service, which calls this program again with --here.
 */
#include <ctype.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "start.h"

/* Whom a definition without USER means, and what others than root need to take their port. */
#define USER_UNSAID		"nobody"
#define USER_CAPS		(1ull << CAP_NET_BIND_SERVICE)

#define SHUTDOWN_SECONDS	30
#define TERM_SECONDS		10

/**
 * struct job - what is to be done
 * @verb: start or stop
 * @here: by this process, not by systemd
 * @each: with one compartment
 */
struct job {
	const char *verb;
	bool here;
	int (*each)(const char *name);
};

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	interrupted = number;
}

static void definition_copy(const struct cgc_compartment *def, struct unit *unit)
{
	unit->label = def->number;
	snprintf(unit->root, sizeof(unit->root), "%.*s", CGC_ROOT_SIZE - 1, def->root);
	snprintf(unit->user, sizeof(unit->user), "%.*s", CGC_USER_SIZE - 1,
		 def->user[0] ? def->user : USER_UNSAID);
	unit->caps = def->caps & USER_CAPS;
	memcpy(unit->devices, def->devices, sizeof(unit->devices));
	unit->devices_count = def->devices_count;
}

static int definition_find(const char *name, struct unit *unit)
{
	const struct cgc_compartment *def;
	struct cgc_records known;
	static struct cgc_nl nl;
	int err = ctl_open(&nl);
	u32 i;

	if (err)
		return err;
	if (cgc_wire_list(&nl, CGC_LIST_COMPARTMENTS, &known))
		return ctl_failed(&nl, "list");
	cgc_nl_close(&nl);
	def = known.at;
	for (i = 0; i < known.count && strcmp(def->name, name); i++)
		def++;
	if (i == known.count || !(def->flags & CGC_COMPARTMENT_DEFINED)) {
		cgc_msg("unknown compartment %s, expected one that has a definition", name);
		err = CTL_FAILED;
	} else if (!def->root[0]) {
		cgc_msg("compartment %s has no ROOT, expected a definition such as COMPARTMENT %s ROOT /compt/%s",
			name, name, name);
		err = CTL_FAILED;
	} else {
		definition_copy(def, unit);
	}
	free(known.at);
	return err;
}

static bool has_program(const struct unit *unit, const char *name)
{
	struct stat st;

	return !fstatat(unit->root_fd, name, &st, AT_SYMLINK_NOFOLLOW) && S_ISREG(st.st_mode) &&
	       st.st_mode & S_IXUSR;
}

/* Nothing of the caller's but where it writes to. */
static void become(const struct unit *unit, char *program)
{
	char *command[] = { program, NULL };
	int null = open("/dev/null", O_RDONLY);

	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	if (null < 0 || dup2(null, 0) < 0 || setsid() < 0 || limits_enter(unit))
		_exit(CTL_FAILED);
	umask(022);
	clearenv();
	setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
	setenv("HOME", unit->runs_as.uid ? "/" : "/root", 1);
	setenv("COMPARTMENT", unit->name, 1);
	_exit(ctl_exec(unit->label, unit->root, &unit->runs_as, unit->caps, command));
}

/* Return: as wait(2) has it; -1: it did not end. @seconds 0: for as long as it takes. */
static int wait_for(pid_t pid, unsigned int seconds)
{
	struct pollfd ended = { .fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN };
	int status = -1, ready;

	if (ended.fd < 0)
		return -1;
	ready = poll(&ended, 1, seconds ? (int)seconds * 1000 : -1);
	close(ended.fd);
	return ready == 1 && waitpid(pid, &status, 0) == pid ? status : -1;
}

static int run(const struct unit *unit, const char *name, unsigned int seconds)
{
	char program[16];
	int status;
	pid_t pid;

	snprintf(program, sizeof(program), "/%s", name);
	fflush(NULL);
	pid = fork();
	if (!pid)
		become(unit, program);
	status = pid < 0 ? -1 : wait_for(pid, seconds);
	if (status == 0)
		return 0;
	if (interrupted)
		cgc_msg("%s: interrupted in %s%s", unit->name, unit->root, program);
	else if (status == -1)
		cgc_msg("%s: %s%s has not ended in %u s", unit->name, unit->root, program, seconds);
	else if (WIFSIGNALED(status))
		cgc_msg("%s: %s%s was ended by signal %d", unit->name, unit->root, program,
			WTERMSIG(status));
	else
		cgc_msg("%s: %s%s failed with status %d", unit->name, unit->root, program,
			WEXITSTATUS(status));
	if (status == -1 && pid > 0) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	return -1;
}

/* What runs as root there goes on; nothing becomes root any more. Whoever left nothing
 * running has nothing to be sealed. */
static int seal(const struct unit *unit)
{
	static struct cgc_nl nl;
	int err = ctl_open(&nl);

	if (err)
		return -1;
	err = cgc_wire_seal(&nl, unit->label);
	if (err && err != -ENOENT)
		cgc_msg("%s: seal: %s", unit->name, nl.why);
	cgc_nl_close(&nl);
	return err && err != -ENOENT ? -1 : 0;
}

/* The last first. */
static int undo(struct unit *unit)
{
	int err = processes_end(unit->label, 0);

	err |= limits_take(unit);
	err |= mounts_take(unit);
	err |= rules_take(unit);
	return err;
}

static int may_start(struct unit *unit)
{
	int found;

	if (ctl_user_find(unit->name, unit->user, &unit->runs_as) || devices_check(unit))
		return -1;
	unit->root_fd = ctl_root_open(unit->root);
	if (unit->root_fd < 0)
		return -1;
	if (!has_program(unit, "startup")) {
		cgc_msg("%s: %s/startup: expected an executable file", unit->name, unit->root);
		return -1;
	}
	found = processes_count(unit->label);
	if (found > 0)
		cgc_msg("%s: there are %d threads in it already, expected none (cgcomptctl list processes)",
			unit->name, found);
	return found ? -1 : 0;
}

static int start(const char *name)
{
	struct unit unit = { .name = name, .root_fd = -1 };
	int err = definition_find(name, &unit);

	if (err)
		return err;
	err = unit_open(&unit);
	if (!err)
		cgc_msg("%s is started already", name);
	if (err != 1) {
		unit_close(&unit, false);
		return CTL_FAILED;
	}
	err = may_start(&unit);
	if (err) {
		unit_close(&unit, true);
		return CTL_FAILED;
	}
	unit_note(&unit, "label %u\nroot %s\nuser %s\n", unit.label, unit.root, unit.user);
	if (rules_make(&unit) || mounts_make(&unit) || limits_make(&unit) ||
	    run(&unit, "startup", 0) || seal(&unit))
		err = -1;
	if (err)
		unit_close(&unit, !undo(&unit));
	else
		unit_close(&unit, false);
	return err ? CTL_FAILED : CTL_OK;
}

static int stop(const char *name)
{
	struct unit unit = { .name = name, .root_fd = -1 };
	int err = unit_open(&unit), left;

	if (err < 0)
		return CTL_FAILED;
	if (err) {
		unit_close(&unit, true);
		if (!ctl.force)
			cgc_msg("%s is not started", name);
		return ctl.force ? CTL_OK : CTL_FAILED;
	}
	unit.root_fd = ctl_root_open(unit.root);
	if (unit.root_fd >= 0 && has_program(&unit, "shutdown"))
		err = ctl_user_find(name, unit.user, &unit.runs_as) ||
		      run(&unit, "shutdown", SHUTDOWN_SECONDS);
	left = processes_end(unit.label, TERM_SECONDS);
	left |= undo(&unit);
	left |= unit.root_fd < 0;
	/* It can be tried again. */
	unit_close(&unit, !left);
	return err || left ? CTL_FAILED : CTL_OK;
}

/* Without a shell; its output is the caller's. */
static int command(char *const *words)
{
	int status = -1;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (!pid) {
		execvp(words[0], words);
		cgc_msg("%s: %s", words[0], strerror(errno));
		_exit(127);
	}
	if (pid > 0)
		waitpid(pid, &status, 0);
	return status;
}

/* Is a file of its in /run/cgcompt not empty? Without waiting for who has it. */
static bool is_started(const char *name)
{
	char path[64 + CGC_NAME_SIZE];
	struct stat st;

	snprintf(path, sizeof(path), "/run/cgcompt/%s", name);
	return !stat(path, &st) && st.st_size;
}

static int by_systemd(const struct job *job, const char *name)
{
	char systemctl[] = "systemctl", verb[8], unit[CGC_NAME_SIZE + 24];
	char journalctl[] = "journalctl", quiet[] = "-qocat", lines[] = "-n20", which[] = "-u";
	char *ask[] = { systemctl, verb, unit, NULL };
	char *show[] = { journalctl, quiet, lines, which, unit, NULL };
	struct unit found;
	bool started = is_started(name);
	int err = job->each == start ? definition_find(name, &found) : 0;

	if (err)
		return err;
	if (started == (job->each == start)) {
		cgc_msg("%s is %s", name, started ? "started already" : "not started");
		return CTL_FAILED;
	}
	snprintf(verb, sizeof(verb), "%s", job->verb);
	snprintf(unit, sizeof(unit), "cgcompt@%s.service", name);
	if (!command(ask))
		return CTL_OK;
	cgc_msg("%s: systemd could not %s %s; its journal ends with", name, job->verb, unit);
	fflush(NULL);
	if (dup2(2, 1) == 1)
		command(show);
	return CTL_FAILED;
}

static bool is_supervisor(struct cgc_nl *nl)
{
	struct cgc_records processes;
	const struct cgc_process *at;
	bool found = false;
	u32 i;

	if (cgc_wire_list(nl, CGC_LIST_PROCESSES, &processes))
		return false;
	at = processes.at;
	for (i = 0; i < processes.count; i++)
		found |= at[i].pid == (u32)getpid() && at[i].label == CGC_LABEL_SUPERVISOR;
	free(processes.at);
	return found;
}

/* The same once more, as who may end processes of every compartment. */
static int as_supervisor(const struct job *job, int count, char **names)
{
	char program[] = "cgcomptctl", config[] = "--config", here[] = "--here";
	char force[] = "--force", end[] = "--", verb[8];
	char **words = cgc_alloc((size_t)(count + 9) * sizeof(*words)), **word = words;
	static struct cgc_nl nl;
	int err = ctl_open(&nl), i;

	if (err)
		return err;
	if (is_supervisor(&nl)) {
		cgc_nl_close(&nl);
		return CTL_OK;
	}
	if (cgc_wire_exec(&nl, CGC_LABEL_SUPERVISOR))
		return ctl_failed(&nl, job->verb);
	snprintf(verb, sizeof(verb), "%s", job->verb);
	*word++ = program;
	*word++ = config;
	*word++ = cgc_strdup(ctl.config);
	*word++ = verb;
	*word++ = here;
	if (ctl.force)
		*word++ = force;
	*word++ = end;
	for (i = 0; i < count; i++)
		*word++ = names[i];
	cgc_nl_close(&nl);
	execv("/proc/self/exe", words);
	cgc_msg("/proc/self/exe: %s", strerror(errno));
	return CTL_FAILED;
}

static bool has_systemd(void)
{
	return !access("/run/systemd/system", F_OK);
}

static int all(const struct job *job, int count, char **names)
{
	const struct sigaction action = { .sa_handler = on_signal };
	int status = CTL_OK, i;

	if (job->here || !has_systemd()) {
		status = as_supervisor(job, count, names);
		if (status)
			return status;
		sigaction(SIGINT, &action, NULL);
		sigaction(SIGTERM, &action, NULL);
		sigaction(SIGHUP, &action, NULL);
	}
	for (i = 0; i < count && !interrupted; i++) {
		int one = job->here || !has_systemd() ? job->each(names[i]) :
			  by_systemd(job, names[i]);

		status = status ? status : one;
	}
	return interrupted ? CTL_FAILED : status;
}

/* As in definitions: it becomes part of paths and of a unit's name. */
static bool is_name(const char *name)
{
	size_t i, len = strlen(name);

	if (!len || len >= CGC_NAME_SIZE || name[0] == '.' || name[0] == '-')
		return false;
	for (i = 0; i < len; i++)
		if (!isalnum((unsigned char)name[i]) && !strchr("_.-", name[i]))
			return false;
	return true;
}

static int parse(int argc, char **argv, struct job *job)
{
	static const struct option longs[] = { { "here", no_argument, NULL, 'H' }, { 0 } };
	int c, i;

	while ((c = ctl_getopt(argc, argv, "h", longs)) != -1) {
		if (c != 'H')
			return CTL_USAGE;
		job->here = true;
	}
	if (optind == argc)
		return ctl_usage("expected a compartment");
	for (i = optind; i < argc; i++)
		if (!is_name(argv[i]))
			return ctl_usage("%s: expected a compartment's name", argv[i]);
	return all(job, argc - optind, argv + optind);
}

int cmd_start(int argc, char **argv)
{
	struct job job = { .verb = "start", .each = start };

	return parse(argc, argv, &job);
}

int cmd_stop(int argc, char **argv)
{
	struct job job = { .verb = "stop", .each = stop };

	return parse(argc, argv, &job);
}
