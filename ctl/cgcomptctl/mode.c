// SPDX-License-Identifier: GPL-2.0-only
/* mode, enable, disable: what becomes of a refusal. */
#include <stdlib.h>

#include "ctl.h"

/* Where --json is asked for there is an answer. */
static void done(u32 mode)
{
	struct cgc_json json = { .out = stdout };

	if (!ctl.json)
		return;
	cgc_json_object(&json, NULL);
	cgc_json_str(&json, "mode", cgc_mode_name(mode));
	cgc_json_end(&json);
}

static int mode_set(enum cgc_mode mode, const char *compartment, u32 seconds)
{
	struct cgc_records known = { 0 };
	static struct cgc_nl nl;
	u32 label;
	int err = ctl_open(&nl);

	if (err)
		return err;
	if (compartment && cgc_wire_list(&nl, CGC_LIST_COMPARTMENTS, &known))
		return ctl_failed(&nl, "list");
	if (compartment && !cgc_label_find(known.at, known.count, compartment, &label)) {
		cgc_msg("unknown compartment %s, expected a name or a number that list compartments shows",
			compartment);
		err = CTL_FAILED;
	}
	if (!err && cgc_wire_mode(&nl, mode, compartment ? &label : NULL, seconds,
				  mode == CGC_MODE_ENFORCE ? ctl_keep() : NULL))
		err = ctl_failed(&nl, "nothing is changed");
	cgc_nl_close(&nl);
	free(known.at);
	if (!err)
		done(mode);
	return err;
}

int cmd_mode(int argc, char **argv)
{
	static char minus_one[] = "-1";
	const char *words[2] = { NULL, NULL };
	int count = 0, c;

	/* `-1' is a compartment, not an option; `-' hands the words over in order. */
	while ((c = ctl_getopt(argc, argv, "-h1", NULL)) != -1) {
		if (c != 1 && c != '1')
			return CTL_USAGE;
		if (count == 2)
			return ctl_usage("%s: expected a mode and at most one compartment", optarg);
		words[count++] = c == '1' ? minus_one : optarg;
	}
	for (; optind < argc && count < 2; optind++)
		words[count++] = argv[optind];
	if (optind < argc)
		return ctl_usage("%s: expected a mode and at most one compartment", argv[optind]);
	if (count && !strcmp(words[0], "enforce"))
		return mode_set(CGC_MODE_ENFORCE, words[1], 0);
	if (count && !strcmp(words[0], "permissive"))
		return mode_set(CGC_MODE_PERMISSIVE, words[1], 0);
	return ctl_usage("mode %s: expected enforce or permissive", count ? words[0] : "");
}

int cmd_enable(int argc, char **argv)
{
	if (ctl_getopt(argc, argv, "h", NULL) != -1)
		return CTL_USAGE;
	if (optind < argc)
		return ctl_usage("%s: expected no argument", argv[optind]);
	return mode_set(CGC_MODE_ENFORCE, NULL, 0);
}

int cmd_disable(int argc, char **argv)
{
	static const struct option longs[] = { { "for", required_argument, NULL, 'F' }, { 0 } };
	u32 seconds = 0;
	int c;

	while ((c = ctl_getopt(argc, argv, "h", longs)) != -1) {
		if (c != 'F')
			return CTL_USAGE;
		seconds = ctl_duration(optarg);
		if (!seconds)
			return ctl_usage("--for %s: expected a time of at most a day, as 60s, 10m or 1h",
					 optarg);
	}
	if (optind < argc)
		return ctl_usage("%s: expected no argument", argv[optind]);
	return mode_set(CGC_MODE_DISABLED, NULL, seconds);
}
