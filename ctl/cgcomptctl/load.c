// SPDX-License-Identifier: GPL-2.0-only
/* load and try: files replace what was there. confirm and revert. */
#include <stdlib.h>

#include "ctl.h"

#define TRY_SECONDS 60

/**
 * struct job - what is to be done
 * @boot: run by the kernel: no network, no terminal, its log instead of stderr
 * @try_seconds: put the old set back after that, unless confirmed
 */
struct job {
	bool boot;
	u32 try_seconds;
};

static int commit(struct cgc_nl *nl, struct cgc_config *config, struct cgc_set *set,
		  const struct job *job)
{
	const struct cgc_commit how = {
		.try_seconds = job->try_seconds,
		.keep = job->boot ? NULL : ctl_keep(),
	};

	if (cgc_wire_change(nl, CGC_OP_REPLACE, set, CGC_OWNER_FILES, &how))
		return ctl_change_failed(nl, config, set);
	/* At boot a route that cannot be is none, and the rest is in force. */
	if (ctl_routes(nl, config, job->boot ? NULL : set) && !job->boot)
		return CTL_FAILED;
	if (job->boot)
		return CTL_OK;
	ctl_summary(set);
	if (job->try_seconds)
		cgc_msg("on trial for %u s, then what was before is put back: cgcomptctl confirm",
			job->try_seconds);
	else
		cgc_hosts_store(config);
	return CTL_OK;
}

static int load(const char *path, const struct job *job)
{
	static struct cgc_config config;
	struct cgc_conf_options options;
	struct cgc_set set = { 0 };
	struct ctl_known known;
	static struct cgc_nl nl;
	int status = ctl_open(&nl);

	if (status)
		return status;
	if (ctl_ask(&nl, &known))
		return ctl_failed(&nl, "the module cgcompt");
	options = ctl_conf_options(&known);
	options.boot = job->boot;
	cgc_config_init(&config, &options);
	cgc_conf_read(&config, path);
	cgc_conf_compile(&config, &set);
	cgc_files_verify(&config, &set);
	cgc_routes_verify(&config, &set);
	status = ctl_conf_status(&config);
	if (status == CTL_OK)
		status = commit(&nl, &config, &set, job);
	cgc_nl_close(&nl);
	cgc_set_free(&set);
	cgc_config_free(&config);
	ctl_known_free(&known);
	return status;
}

static int path_argument(int argc, char **argv, const char **path)
{
	*path = optind < argc ? argv[optind] : ctl.config;
	if (optind + 1 < argc)
		return ctl_usage("%s: expected one file or directory", argv[optind + 1]);
	return CTL_OK;
}

int cmd_load(int argc, char **argv)
{
	static const struct option longs[] = { { "boot", no_argument, NULL, 'b' }, { 0 } };
	struct job job = { 0 };
	const char *path;
	int c, err;

	while ((c = ctl_getopt(argc, argv, "h", longs)) != -1) {
		if (c != 'b')
			return CTL_USAGE;
		job.boot = true;
	}
	err = path_argument(argc, argv, &path);
	if (err)
		return err;
	if (job.boot)
		cgc_msg_to_kmsg();
	if (job.boot && path[0] != '/') {
		cgc_msg("load --boot %s: expected an absolute path", path);
		return CTL_USAGE;
	}
	return load(path, &job);
}

int cmd_try(int argc, char **argv)
{
	static const struct option longs[] = { { "time", required_argument, NULL, 't' }, { 0 } };
	struct job job = { .try_seconds = TRY_SECONDS };
	const char *path;
	int c, err;

	while ((c = ctl_getopt(argc, argv, "ht:", longs)) != -1) {
		if (c != 't')
			return CTL_USAGE;
		job.try_seconds = ctl_duration(optarg);
		if (!job.try_seconds)
			return ctl_usage("-t %s: expected a time of at most a day, as 60s, 10m or 1h",
					 optarg);
	}
	err = path_argument(argc, argv, &path);
	return err ? err : load(path, &job);
}

/* Commands without an argument that ask one thing of the kernel. */
static int plain(int argc, char **argv, struct cgc_nl *nl)
{
	if (ctl_getopt(argc, argv, "h", NULL) != -1)
		return CTL_USAGE;
	if (optind < argc)
		return ctl_usage("%s: expected no argument", argv[optind]);
	return ctl_open(nl);
}

int cmd_confirm(int argc, char **argv)
{
	static struct cgc_nl nl;
	int err = plain(argc, argv, &nl);

	if (err)
		return err;
	if (cgc_wire_confirm(&nl))
		return ctl_failed(&nl, "confirm");
	cgc_nl_close(&nl);
	return CTL_OK;
}

int cmd_revert(int argc, char **argv)
{
	static struct cgc_nl nl;
	int err = plain(argc, argv, &nl);

	if (err)
		return err;
	if (cgc_wire_revert(&nl, ctl_keep()))
		return ctl_failed(&nl, "nothing is changed");
	err = ctl_routes(&nl, NULL, NULL);
	cgc_nl_close(&nl);
	return err;
}
