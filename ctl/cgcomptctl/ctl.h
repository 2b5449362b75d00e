/* SPDX-License-Identifier: GPL-2.0-only */
/* What the commands share. */
#ifndef CGC_CTL_H
#define CGC_CTL_H

#include <getopt.h>
#include <stdio.h>
#include <sys/types.h>

#include "lib/conf.h"
#include "lib/files.h"
#include "lib/json.h"
#include "lib/msg.h"
#include "lib/print.h"
#include "lib/route.h"
#include "lib/wire.h"

/* enum ctl_exit - exit status (design 3.2) */
enum ctl_exit {
	CTL_OK = 0,
	CTL_FAILED = 1,
	CTL_USAGE = 2,
	CTL_OFF = 3,
};

/**
 * struct ctl - what options before or after the command's name say
 * @json: --json
 * @force: --force
 * @config: --config
 */
struct ctl {
	bool json;
	bool force;
	const char *config;
};

extern struct ctl ctl;

/**
 * struct ctl_command - one entry of the table
 * @name: what it is called by
 * @args: its arguments, for the help
 * @help: one line
 * @run: argv[0] is its name; returns the exit status
 */
struct ctl_command {
	const char *name;
	const char *args;
	const char *help;
	int (*run)(int argc, char **argv);
};

extern const struct ctl_command *ctl_current;

/* ctl_getopt - getopt_long() that knows --json, --config, --force (where @force)
 * and --help itself and returns the others. -1: no more; '?': said already. */
int ctl_getopt(int argc, char **argv, const char *shorts, const struct option *longs);

/* ctl_usage - what is wrong with the arguments, and how the command is used. */
int ctl_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ctl_open - Return: 0, or the exit status, with the reason said. */
int ctl_open(struct cgc_nl *nl);
/* ctl_failed - say what the kernel said; returns the exit status. */
int ctl_failed(struct cgc_nl *nl, const char *what);

/* ctl_change_failed - likewise, of a change: with its place, where a file is at fault. */
int ctl_change_failed(struct cgc_nl *nl, struct cgc_config *config, const struct cgc_set *set);

/**
 * ctl_routes - a change is in force: the kernel's routing follows it
 * @nl: the module
 * @config: with @set
 * @set: what was changed, or NULL
 *
 * A route that the kernel refuses undoes the change. Return: the exit status; says so.
 */
int ctl_routes(struct cgc_nl *nl, struct cgc_config *config, const struct cgc_set *set);

/* ctl_duration - 60, 60s, 10m, 1h: seconds in 1..86400; 0: it is none of these. */
u32 ctl_duration(const char *text);

/* ctl_words - join arguments to one text, to be freed. */
char *ctl_words(int argc, char **argv);
/* ctl_words_last - options that stand behind a statement come before it, with
 * `--` between them: a statement's own words may begin with a dash.
 * @with_value: those that take the next argument; ends with NULL. */
char **ctl_words_last(int *argc, char **argv, const char *const *with_value);

/* ctl_keep - the caller's own ssh connection; NULL where there is none, or with
 * --force. */
const struct cgc_flow *ctl_keep(void);

/**
 * struct ctl_known - the running module, as far as reading rules needs it
 * @methods: those that are enforced
 * @compartments: those in force, and numbers that are carried
 * @labels: names of interfaces' labels
 */
struct ctl_known {
	u32 methods;
	struct cgc_records compartments;
	struct cgc_records labels;
};

/* ctl_ask - fill @known in, for ctl_known_free(). */
int ctl_ask(struct cgc_nl *nl, struct ctl_known *known);
void ctl_known_free(struct ctl_known *known);
struct cgc_conf_options ctl_conf_options(const struct ctl_known *known);

/* ctl_conf_status - the exit status after reading rules: what is wrong is said. */
int ctl_conf_status(const struct cgc_config *config);
/* ctl_summary - how much there is in a set. */
void ctl_summary(const struct cgc_set *set);

/* ctl_root_open - a compartment's root, an absolute path; -1: others than root could
 * exchange it, or it is not there. Says so. */
int ctl_root_open(const char *root);

#define CTL_GROUPS_MAX 256

/**
 * struct ctl_user - whom a program runs as
 * @uid: its user
 * @gid: its group
 * @groups: its supplementary groups
 * @groups_count: how many there are
 */
struct ctl_user {
	uid_t uid;
	gid_t gid;
	gid_t groups[CTL_GROUPS_MAX];
	int groups_count;
};

/**
 * ctl_user_find - look a user up, in the caller's root: what a jail says of users is the
 *	jail's to change
 * @who: what messages begin with
 * @text: name, name:group, or either by number
 * @user: to be filled in
 *
 * Return: 0, -1: there is none; says so.
 */
int ctl_user_find(const char *who, const char *text, struct ctl_user *user);

/* ctl_user_become - for good; @caps: capabilities by number that it keeps, and hands on
 * to programs that it runs. Return: 0, -1; says so. */
int ctl_user_become(const struct ctl_user *user, u64 caps);

/**
 * ctl_exec - become a command in a compartment and its root
 * @label: the compartment's number
 * @root: its root
 * @user: whom it runs as; root keeps all that the compartment may
 * @caps: capabilities, by number, that others than root get
 * @command: the program, looked up in that root, and its arguments
 *
 * Returns where that fails, with the exit status; says so.
 */
int ctl_exec(u32 label, const char *root, const struct ctl_user *user, u64 caps, char **command);

/* ctl_list - print one kind of list; returns the exit status. */
int ctl_list(const char *name);

int cmd_status(int argc, char **argv);
int cmd_add(int argc, char **argv);
int cmd_del(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_hooks(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_load(int argc, char **argv);
int cmd_try(int argc, char **argv);
int cmd_confirm(int argc, char **argv);
int cmd_revert(int argc, char **argv);
int cmd_exec(int argc, char **argv);
int cmd_mode(int argc, char **argv);
int cmd_enable(int argc, char **argv);
int cmd_disable(int argc, char **argv);
int cmd_seal(int argc, char **argv);
int cmd_start(int argc, char **argv);
int cmd_stop(int argc, char **argv);
int cmd_netdev(int argc, char **argv);
int cmd_route(int argc, char **argv);
int cmd_denials(int argc, char **argv);
int cmd_why(int argc, char **argv);
int cmd_help(int argc, char **argv);

#endif
