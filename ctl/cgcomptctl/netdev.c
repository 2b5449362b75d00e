// SPDX-License-Identifier: GPL-2.0-only
/* netdev set, netdev clear: an interface's label. */
#include <net/if.h>

#include "ctl.h"

static int set(const char *device, u32 label)
{
	u32 ifindex = if_nametoindex(device);
	static struct cgc_nl nl;
	int err = ctl_open(&nl);

	if (err)
		return err;
	if (!ifindex) {
		cgc_msg("there is no interface %s, expected one that `ip link' shows", device);
		cgc_nl_close(&nl);
		return CTL_FAILED;
	}
	if (cgc_wire_netdev(&nl, ifindex, label))
		return ctl_failed(&nl, device);
	cgc_nl_close(&nl);
	return CTL_OK;
}

int cmd_netdev(int argc, char **argv)
{
	const char *label_text;
	u32 label;

	if (ctl_getopt(argc, argv, "h", NULL) != -1)
		return CTL_USAGE;
	argc -= optind;
	argv += optind;
	if (argc == 2 && !strcmp(argv[0], "clear"))
		return set(argv[1], CGC_LABEL_NETDEV_NONE);
	if (argc != 3 || strcmp(argv[0], "set"))
		return ctl_usage("expected set DEVICE LABEL or clear DEVICE");
	label_text = argv[2][0] == '@' ? argv[2] + 1 : argv[2];
	if (!cgc_label_number(label_text, &label) || label < CGC_LABEL_NETDEV_FIRST ||
	    label >= CGC_LABEL_NETDEV_NONE)
		return ctl_usage("label %s: expected a number from 0x%X to 0x%X", argv[2],
				 CGC_LABEL_NETDEV_FIRST, CGC_LABEL_NETDEV_NONE - 1);
	return set(argv[1], label);
}
