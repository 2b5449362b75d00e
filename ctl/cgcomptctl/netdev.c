// SPDX-License-Identifier: GPL-2.0-only
/* netdev set, clear and list: an interface's label. */
#include <net/if.h>
#include <stdlib.h>

#include "ctl.h"

static int change(struct cgc_nl *nl, const char *device, u32 label)
{
	u32 ifindex = if_nametoindex(device);

	if (!ifindex) {
		cgc_msg("there is no interface %s, expected one that `ip link' shows", device);
		cgc_nl_close(nl);
		return CTL_FAILED;
	}
	if (cgc_wire_netdev(nl, ifindex, label, ctl_keep()))
		return ctl_failed(nl, device);
	cgc_nl_close(nl);
	return CTL_OK;
}

/* By the name that a NETDEV statement gives. */
static int label_named(struct cgc_nl *nl, const char *name, u32 *label)
{
	struct cgc_records known;
	bool found;

	if (cgc_wire_list(nl, CGC_LIST_LABELS, &known))
		return ctl_failed(nl, "list");
	found = cgc_label_by_name(known.at, known.count, name, label);
	free(known.at);
	if (found)
		return CTL_OK;
	cgc_msg("unknown label %s, expected one that a NETDEV statement gives, or a number from 0x%X",
		name, CGC_LABEL_NETDEV_FIRST);
	cgc_nl_close(nl);
	return CTL_FAILED;
}

static int set(const char *device, const char *text)
{
	u32 label = CGC_LABEL_NETDEV_NONE;
	static struct cgc_nl nl;
	bool named;
	int err;

	if (text && text[0] == '@')
		text++;
	named = text && !(text[0] >= '0' && text[0] <= '9');
	if (text && !named && (!cgc_label_number(text, &label) || label < CGC_LABEL_NETDEV_FIRST ||
			       label >= CGC_LABEL_QUARANTINE))
		return ctl_usage("label %s: expected a number from 0x%X to 0x%X, or a name", text,
				 CGC_LABEL_NETDEV_FIRST, CGC_LABEL_QUARANTINE - 1);
	err = ctl_open(&nl);
	if (!err && named)
		err = label_named(&nl, text, &label);
	return err ? err : change(&nl, device, label);
}

int cmd_netdev(int argc, char **argv)
{
	if (ctl_getopt(argc, argv, "h", NULL) != -1)
		return CTL_USAGE;
	argc -= optind;
	argv += optind;
	if (argc == 1 && !strcmp(argv[0], "list"))
		return ctl_list("netdevs");
	if (argc == 2 && !strcmp(argv[0], "clear"))
		return set(argv[1], NULL);
	if (argc == 3 && !strcmp(argv[0], "set"))
		return set(argv[1], argv[2]);
	return ctl_usage("expected set DEVICE LABEL, clear DEVICE or list");
}
