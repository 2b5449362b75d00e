// SPDX-License-Identifier: GPL-2.0-only
/* The table of commands. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl.h"

#ifndef CGC_VERSION
#define CGC_VERSION "unknown"
#endif

struct ctl ctl = { .config = CGC_CONFIG_DIR };

static const struct ctl_command commands[] = {
	{ "status", "", "mode, kernel, hooks, counts", cmd_status },
	{ "add", "[--] STATEMENT… | -f FILE", "add rules, print their references", cmd_add },
	{ "del", "[--force] [--] RULE… | -f FILE | REFERENCE…", "take rules away", cmd_del },
	{ "list", "[rules|compartments|processes|sockets|ipc|netdevs|labels|files|routes|reverse|hooks]",
	  "what is in force", cmd_list },
	{ "hooks", "", "the functions of the kernel that are hooked", cmd_hooks },
	{ "check", "FILE…", "parse and verify, change nothing", cmd_check },
	{ "load", "[--force] PATH", "replace everything by a file or a directory", cmd_load },
	{ "try", "[--force] PATH [-t 60s]", "load, and put back unless confirmed", cmd_try },
	{ "confirm", "", "keep what is on trial", cmd_confirm },
	{ "revert", "[--force]", "put back what was before the last load", cmd_revert },
	{ "exec", "COMPARTMENT [--drop-cap LIST] [--user U[:G]] [--no-root] -- COMMAND…",
	  "run a command in a compartment", cmd_exec },
	{ "seal", "COMPARTMENT", "no process in it becomes root any more", cmd_seal },
	{ "start", "[--here] COMPARTMENT…", "its rules, mounts, limits and startup, then seal it",
	  cmd_start },
	{ "stop", "[--here] [--force] COMPARTMENT…", "its shutdown, then nothing is left of it", cmd_stop },
	{ "mode", "[--force] enforce|permissive [COMPARTMENT]", "refuse, or only log", cmd_mode },
	{ "disable", "[--for 10m]", "let everything pass, go on keeping labels", cmd_disable },
	{ "enable", "[--force]", "enforce again", cmd_enable },
	{ "netdev", "[--force] set DEVICE LABEL | clear DEVICE | list", "label an interface by hand", cmd_netdev },
	{ "route", "add|del COMPARTMENT DESTINATION [VIA ADDRESS] [DEV DEVICE] | list | follow",
	  "a compartment's routing table", cmd_route },
	{ "denials", "[-f]", "what was refused last; follow it", cmd_denials },
	{ "why", "FROM -> TO METHOD m [PORT p] [NETDEV d]", "would this pass, and by which rule?",
	  cmd_why },
	{ "help", "[COMMAND]", "this text", cmd_help },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

const struct ctl_command *ctl_current = &commands[0];

static const struct ctl_command *find(const char *name)
{
	size_t i;

	for (i = 0; i < COMMANDS; i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

static void usage_line(FILE *out, const struct ctl_command *command)
{
	fprintf(out, "usage: cgcomptctl [--json] %s%s%s\n", command->name,
		command->args[0] ? " " : "", command->args);
}

static int help_all(void)
{
	size_t i;

	printf("usage: cgcomptctl [--json] [--config DIR] COMMAND [ARGUMENT…]\n\n");
	for (i = 0; i < COMMANDS; i++)
		printf("  %-8s  %s\n", commands[i].name, commands[i].help);
	printf("\n`cgcomptctl help COMMAND' shows its arguments; see cgcomptctl(8), cgcompt.rules(5).\n");
	return CTL_OK;
}

int cmd_help(int argc, char **argv)
{
	const struct ctl_command *command = argc > 1 ? find(argv[1]) : NULL;

	if (argc < 2)
		return help_all();
	if (!command)
		return ctl_usage("there is no command %s, see cgcomptctl help", argv[1]);
	usage_line(stdout, command);
	printf("%s\n", command->help);
	return CTL_OK;
}

int ctl_usage(const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	cgc_msg("%s", text);
	usage_line(stderr, ctl_current);
	return CTL_USAGE;
}

enum { OPT_JSON = 256, OPT_CONFIG, OPT_FORCE, OPT_HELP, OPT_VERSION };

static const struct option common[] = {
	{ "json", no_argument, NULL, OPT_JSON },
	{ "config", required_argument, NULL, OPT_CONFIG },
	{ "force", no_argument, NULL, OPT_FORCE },
	{ "help", no_argument, NULL, OPT_HELP },
	{ "version", no_argument, NULL, OPT_VERSION },
};

#define COMMON (sizeof(common) / sizeof(common[0]))

/* Those that every command has, and its own behind them. */
static const struct option *merge(const struct option *own)
{
	static struct option merged[COMMON + 8];
	size_t n = COMMON;

	memset(merged, 0, sizeof(merged));
	memcpy(merged, common, sizeof(common));
	for (; own && own->name && n < COMMON + 7; own++)
		merged[n++] = *own;
	return merged;
}

static void help_exit(void)
{
	usage_line(stdout, ctl_current);
	printf("%s\n", ctl_current->help);
	exit(CTL_OK);
}

int ctl_getopt(int argc, char **argv, const char *shorts, const struct option *longs)
{
	int c;

	for (;;) {
		c = getopt_long(argc, argv, shorts, merge(longs), NULL);
		switch (c) {
		case OPT_JSON:
			ctl.json = true;
			break;
		case OPT_CONFIG:
			ctl.config = optarg;
			break;
		case OPT_FORCE:
			ctl.force = true;
			break;
		case OPT_HELP:
		case 'h':
			help_exit();
			break;
		case OPT_VERSION:
			printf("cgcomptctl %s\n", CGC_VERSION);
			exit(CTL_OK);
		case '?':
			usage_line(stderr, ctl_current);
			return '?';
		default:
			return c;
		}
	}
}

/* 0, 1 and 2 are somebody's: a socket must not become one of them. */
static void open_standard(void)
{
	struct stat st;
	int fd;

	for (fd = 0; fd < 3; fd++)
		if (fstat(fd, &st) && open("/dev/null", O_RDWR) != fd)
			exit(CTL_FAILED);
}

/* getopt's messages begin with it. */
static char name[] = "cgcomptctl";

static int run(int argc, char **argv)
{
	const struct ctl_command *command = argc ? find(argv[0]) : &commands[0];
	static char status[] = "status";
	char *none[] = { status, NULL };

	if (!command) {
		cgc_msg("there is no command %s, expected one of those of cgcomptctl help", argv[0]);
		return CTL_USAGE;
	}
	ctl_current = command;
	if (argc)
		argv[0] = name;
	optind = 0; /* glibc: start afresh */
	return argc ? command->run(argc, argv) : command->run(1, none);
}

int main(int argc, char **argv)
{
	const char *config = getenv("CGCOMPT_CONFIG");
	int c, status;

	open_standard();
	if (config && *config)
		ctl.config = config;
	if (argc)
		argv[0] = name;
	ctl_current = find("help");
	c = ctl_getopt(argc, argv, "+h", NULL);
	if (c != -1)
		return CTL_USAGE;
	status = run(argc - optind, argv + optind);
	if (fflush(stdout) || ferror(stdout)) {
		cgc_msg("standard output: %s", strerror(errno));
		return status ? status : CTL_FAILED;
	}
	return status;
}
