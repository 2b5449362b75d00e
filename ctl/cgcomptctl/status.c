// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <sys/utsname.h>

#include "ctl.h"

static const char *methods_text(u32 methods)
{
	static char text[128];
	size_t len = 0;
	u32 m;

	text[0] = '\0';
	for (m = 0; m < CGC_METHOD_COUNT; m++)
		if (methods & CGC_METHOD_BIT(m))
			len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s",
						len ? "," : "", cgc_method_name(m));
	return text;
}

/* What modinfo would say of the module that is running. */
static const char *module_version(void)
{
	static char version[64] = "unknown";
	FILE *file = fopen("/sys/module/cgcompt/version", "re");

	if (!file)
		return version;
	if (fgets(version, sizeof(version), file))
		version[strcspn(version, "\n")] = '\0';
	fclose(file);
	return version;
}

static const char *kernel_release(void)
{
	static struct utsname uts;

	uname(&uts);
	return uts.release;
}

static void json(const struct cgc_status *s)
{
	struct cgc_json j = { .out = stdout };

	cgc_json_object(&j, NULL);
	cgc_json_bool(&j, "loaded", true);
	cgc_json_bool(&j, "enforcing", s->mode == CGC_MODE_ENFORCE);
	cgc_json_str(&j, "mode", cgc_mode_name(s->mode));
	cgc_json_str(&j, "kernel", kernel_release());
	cgc_json_str(&j, "version", module_version());
	cgc_json_u64(&j, "hooks", s->hooks);
	cgc_json_u64(&j, "hooks_missing", s->hooks_missing);
	cgc_json_str(&j, "methods", methods_text(s->methods));
	cgc_json_u64(&j, "generation", s->generation);
	cgc_json_u64(&j, "rules", s->rules);
	cgc_json_u64(&j, "compartments", s->compartments);
	cgc_json_u64(&j, "processes", s->processes);
	cgc_json_u64(&j, "sockets", s->sockets);
	cgc_json_u64(&j, "reverse", s->reverse);
	cgc_json_u64(&j, "denials", s->denials);
	cgc_json_u64(&j, "denials_unlogged", s->denials_unlogged);
	cgc_json_u64(&j, "rule_bytes", s->rule_bytes);
	cgc_json_u64(&j, "netdev_maps", s->netdev_maps);
	cgc_json_u64(&j, "netdevs_quarantined", s->netdevs_quarantined);
	cgc_json_u64(&j, "mark_mask", s->mark_mask);
	cgc_json_u64(&j, "forwards", s->forwards);
	cgc_json_u64(&j, "rearm_seconds", s->rearm_seconds);
	cgc_json_u64(&j, "try_seconds", s->try_seconds);
	cgc_json_end(&j);
}

static void text(const struct cgc_status *s)
{
	printf("mode          %s\n", cgc_mode_name(s->mode));
	if (s->rearm_seconds)
		printf("              enforces again in %" PRIu32 " s\n", s->rearm_seconds);
	if (s->try_seconds)
		printf("on trial      put back in %" PRIu32 " s unless `cgcomptctl confirm'\n",
		       s->try_seconds);
	printf("kernel        %s\n", kernel_release());
	printf("module        %s\n", module_version());
	printf("hooks         %" PRIu32 " attached, %" PRIu32 " missing\n", s->hooks,
	       s->hooks_missing);
	printf("methods       %s\n", methods_text(s->methods));
	printf("              (METHOD all means these)\n");
	printf("rules         %" PRIu32 " (generation %" PRIu32 ", %" PRIu64 " KiB)\n", s->rules,
	       s->generation, (uint64_t)s->rule_bytes / 1024);
	printf("compartments  %" PRIu32 "\n", s->compartments);
	if (s->forwards || s->netdev_maps)
		printf("forwarding    by %" PRIu32 " rules\n", s->forwards);
	else
		printf("forwarding    as without the module: no rule is about it\n");
	printf("processes     %" PRIu32 " outside compartment default\n", s->processes);
	printf("sockets       %" PRIu32 "\n", s->sockets);
	printf("reverse rules %" PRIu32 "\n", s->reverse);
	if (s->netdev_maps)
		printf("interfaces    %" PRIu32 " in quarantine\n", s->netdevs_quarantined);
	else
		printf("interfaces    without labels but by hand: no NETDEV statement\n");
	printf("mark mask     0x%08" PRIx32 " (of ROUTED compartments' sockets)\n", s->mark_mask);
	printf("denials       %" PRIu64 " (%" PRIu64 " not logged)\n", (uint64_t)s->denials,
	       (uint64_t)s->denials_unlogged);
}

static int not_loaded(void)
{
	struct cgc_json j = { .out = stdout };

	if (!ctl.json)
		return CTL_OFF;
	cgc_json_object(&j, NULL);
	cgc_json_bool(&j, "loaded", false);
	cgc_json_bool(&j, "enforcing", false);
	cgc_json_str(&j, "kernel", kernel_release());
	cgc_json_end(&j);
	return CTL_OFF;
}

static int verdict(const struct cgc_status *s)
{
	switch (s->mode) {
	case CGC_MODE_ENFORCE:
		return CTL_OK;
	case CGC_MODE_LOADING:
		cgc_msg("nothing is enforced: the module is still loading its rules");
		break;
	case CGC_MODE_PERMISSIVE:
		cgc_msg("nothing is enforced: refusals are only logged (cgcomptctl mode enforce)");
		break;
	default:
		cgc_msg("nothing is enforced: the module is disabled (cgcomptctl enable)");
	}
	return CTL_OFF;
}

int cmd_status(int argc, char **argv)
{
	struct cgc_status status;
	static struct cgc_nl nl;
	int err;

	if (ctl_getopt(argc, argv, "h", NULL) != -1)
		return CTL_USAGE;
	if (optind < argc)
		return ctl_usage("status %s: expected no argument", argv[optind]);
	err = ctl_open(&nl);
	if (err)
		return err == CTL_OFF ? not_loaded() : err;
	if (cgc_wire_status(&nl, &status))
		return ctl_failed(&nl, "status");
	cgc_nl_close(&nl);
	if (ctl.json)
		json(&status);
	else
		text(&status);
	return verdict(&status);
}
