// SPDX-License-Identifier: GPL-2.0-only
/* Parsing is user space's: the way TOMOYO has its policy loaded. */
#include <linux/errno.h>
#include <linux/umh.h>
#include "loader.h"
#include "log.h"

#define CONTROL_PROGRAM "/usr/sbin/cgcomptctl"

int __init cgc_loader_run(const char *path)
{
	/* timeout(1): a program that hangs does not hang the boot. */
	char *argv[] = { "/usr/bin/timeout", "-k", "5", "60", CONTROL_PROGRAM,
			 "load", "--boot", (char *)path, NULL };
	char *envp[] = { "HOME=/", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };
	int ret;

	if (path[0] != '/') {
		cgc_err("rules=%s: expected an absolute path\n", path);
		return -EINVAL;
	}
	ret = call_usermodehelper(argv[0], argv, envp, UMH_WAIT_PROC);
	if (!ret)
		return 0;
	if (ret < 0)
		cgc_err("rules=%s: %s cannot be run: error %d\n", path, CONTROL_PROGRAM, ret);
	else if (ret >> 8 == 124)
		cgc_err("rules=%s: %s took more than 60 s\n", path, CONTROL_PROGRAM);
	else
		cgc_err("rules=%s: not loaded; %s ended with status %d, its message is above\n",
			path, CONTROL_PROGRAM, ret >> 8);
	return -EINVAL;
}
