// SPDX-License-Identifier: GPL-2.0-only
/* seal: no process of a compartment gains privilege any more. */
#include <stdlib.h>

#include "ctl.h"

int cmd_seal(int argc, char **argv)
{
	struct cgc_records known = { 0 };
	static struct cgc_nl nl;
	u32 label;
	int err;

	if (ctl_getopt(argc, argv, "h", NULL) != -1)
		return CTL_USAGE;
	if (argc - optind != 1)
		return ctl_usage("expected one compartment");
	err = ctl_open(&nl);
	if (err)
		return err;
	if (cgc_wire_list(&nl, CGC_LIST_COMPARTMENTS, &known))
		return ctl_failed(&nl, "list");
	if (!cgc_label_find(known.at, known.count, argv[optind], &label)) {
		cgc_msg("unknown compartment %s, expected a name or a number that list compartments shows",
			argv[optind]);
		err = CTL_FAILED;
	} else if (cgc_wire_seal(&nl, label)) {
		err = ctl_failed(&nl, argv[optind]);
	}
	cgc_nl_close(&nl);
	free(known.at);
	return err;
}
