// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "ctl.h"

/* Without the module, or the right to ask it, what the first version enforces. */
static u32 methods(void)
{
	struct cgc_status status;
	static struct cgc_nl nl;
	u32 enforced = CGC_METHODS_ENFORCED;

	if (cgc_nl_open(&nl))
		return enforced;
	if (!cgc_wire_status(&nl, &status))
		enforced = status.methods;
	cgc_nl_close(&nl);
	return enforced;
}

int cmd_check(int argc, char **argv)
{
	struct cgc_conf_options options = { .check = true };
	static struct cgc_config config;
	struct cgc_set set = { 0 };
	int status, i;

	if (ctl_getopt(argc, argv, "h", NULL) != -1)
		return CTL_USAGE;
	options.methods = methods();
	options.config = ctl.config;
	cgc_config_init(&config, &options);
	for (i = optind; i < argc; i++)
		cgc_conf_read(&config, argv[i]);
	if (optind == argc)
		cgc_conf_read(&config, ctl.config);
	cgc_conf_compile(&config, &set);
	cgc_files_verify(&config, &set);
	cgc_routes_verify(&config, &set);
	status = ctl_conf_status(&config);
	if (status == CTL_OK)
		ctl_summary(&set);
	cgc_set_free(&set);
	cgc_config_free(&config);
	return status;
}
