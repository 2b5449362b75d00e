// SPDX-License-Identifier: GPL-2.0-only
/* What was refused: each line is the rule that would have allowed it, and in
 * its comment when, to whom and where. */
#include <inttypes.h>
#include <stdlib.h>

#include "ctl.h"

static struct cgc_set in_force;
static const struct cgc_names names = { cgc_set_name, &in_force };

static const char *kind_name(u32 kind)
{
	return kind == CGC_EVENT_WOULD_DENY ? "would deny" : "denied";
}

static void text(const struct cgc_event *event)
{
	const char *netdev = cgc_show_name(event->netdev, sizeof(event->netdev));
	const char *rule = cgc_show_event(event, &names);

	printf("%s  # %s %s", rule, cgc_show_time(event->time_ns), kind_name(event->kind));
	if (event->flow.sport)
		printf(" source port %u", event->flow.sport);
	if (netdev[0])
		printf(" on %s", netdev);
	if (event->pid)
		printf(" pid %" PRIu32 " (%s) uid %" PRIu32, event->pid,
		       cgc_show_name(event->comm, sizeof(event->comm)), event->uid);
	if (event->flow.path == CGC_PATH_FORWARD && event->flow.family)
		printf(" from %s", cgc_show_hosts(&event->flow));
	printf(" at %s: %s", cgc_show_name(event->hook, sizeof(event->hook)),
	       cgc_format_reason(&event->flow));
	if (event->suppressed)
		printf(" (%" PRIu64 " more not logged)", (uint64_t)event->suppressed);
	printf("\n");
}

static void json_object(struct cgc_json *j, const struct cgc_event *event)
{
	const struct cgc_flow *flow = &event->flow;
	const char *netdev = cgc_show_name(event->netdev, sizeof(event->netdev));

	cgc_json_object(j, NULL);
	cgc_json_str(j, "time", cgc_show_time(event->time_ns));
	cgc_json_u64(j, "time_ns", event->time_ns);
	cgc_json_str(j, "kind", event->kind == CGC_EVENT_WOULD_DENY ? "would-deny" : "denied");
	cgc_json_str(j, "rule", cgc_show_event(event, &names));
	cgc_json_str(j, "reason", cgc_format_reason(flow));
	cgc_json_str(j, "method", flow->method < CGC_METHOD_COUNT ?
		     cgc_method_name(flow->method) : "?");
	if (flow->path != CGC_PATH_IN) {
		cgc_json_label(j, "subject", flow->subject);
		cgc_json_str(j, "subject_name", cgc_show_label(&names, flow->subject));
	}
	if (flow->path != CGC_PATH_OUT) {
		cgc_json_label(j, "object", flow->object);
		cgc_json_str(j, "object_name", cgc_show_label(&names, flow->object));
	}
	if (flow->family) {
		cgc_json_str(j, "source", cgc_show_addr(flow->family, flow->saddr));
		cgc_json_u64(j, "source_port", flow->sport);
		cgc_json_str(j, "destination", cgc_show_addr(flow->family, flow->daddr));
		cgc_json_u64(j, "destination_port", flow->dport);
	}
	if (event->path[0])
		cgc_json_str(j, "path", cgc_show_name(event->path, sizeof(event->path)));
	cgc_json_str(j, "netdev", netdev);
	cgc_json_u64(j, "pid", event->pid);
	cgc_json_u64(j, "uid", event->uid);
	cgc_json_str(j, "comm", cgc_show_name(event->comm, sizeof(event->comm)));
	cgc_json_str(j, "hook", cgc_show_name(event->hook, sizeof(event->hook)));
	cgc_json_u64(j, "suppressed", event->suppressed);
	cgc_json_u64(j, "generation", event->generation);
	cgc_json_end(j);
}

/* Followed, each event is a document of its own, on one line. */
static int on_event(void *ctx, const struct cgc_event *event)
{
	struct cgc_json j = { .out = stdout, .one_line = true };

	(void)ctx;
	if (ctl.json)
		json_object(&j, event);
	else
		text(event);
	return fflush(stdout) ? -EPIPE : 0;
}

static int print_last(struct cgc_nl *nl, bool follow)
{
	struct cgc_json j = { .out = stdout };
	struct cgc_records records;
	const struct cgc_event *events;
	u32 i;

	if (cgc_wire_list(nl, CGC_LIST_EVENTS, &records))
		return ctl_failed(nl, "denials");
	events = records.at;
	if (ctl.json && !follow)
		cgc_json_array(&j, NULL);
	for (i = 0; i < records.count; i++) {
		if (ctl.json && !follow)
			json_object(&j, &events[i]);
		else
			on_event(NULL, &events[i]);
	}
	if (ctl.json && !follow)
		cgc_json_end(&j);
	free(records.at);
	return CTL_OK;
}

static int follow_events(struct cgc_nl *nl)
{
	int err;

	do {
		err = cgc_wire_events(nl, on_event, NULL);
		if (err == -ENOBUFS)
			cgc_msg("too many at once: some are not shown here");
	} while (err == -ENOBUFS);
	return err == -EPIPE ? CTL_FAILED : ctl_failed(nl, "denials");
}

int cmd_denials(int argc, char **argv)
{
	static const struct option longs[] = { { "follow", no_argument, NULL, 'f' }, { 0 } };
	static struct cgc_nl nl, events;
	bool follow = false;
	int c, err;

	while ((c = ctl_getopt(argc, argv, "hf", longs)) != -1) {
		if (c != 'f')
			return CTL_USAGE;
		follow = true;
	}
	if (optind < argc)
		return ctl_usage("%s: expected no argument", argv[optind]);
	err = ctl_open(&nl);
	if (!err && follow)
		err = ctl_open(&events);
	if (err)
		return err;
	/* Join first: what comes while the last ones are printed is not missed. */
	if (follow && cgc_nl_follow(&events))
		return ctl_failed(&events, "denials -f");
	if (cgc_wire_set(&nl, &in_force))
		return ctl_failed(&nl, "list");
	err = print_last(&nl, follow);
	cgc_nl_close(&nl);
	if (!err && follow)
		err = follow_events(&events);
	cgc_nl_close(&events);
	cgc_set_free(&in_force);
	return err;
}
