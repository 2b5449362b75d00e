// SPDX-License-Identifier: GPL-2.0-only
#include <linux/genetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "files.h"
#include "wire.h"

#define BATCH_BYTES	(32u << 10)	/* of records in one message */
static_assert(BATCH_BYTES + CGC_PATHS_MAX * sizeof(struct cgc_path_word) +
	      CGC_NETDEV_SELECTORS * sizeof(struct cgc_netdev_selector) + 64 <= CGC_NL_BUFFER,
	      "rules and all of their words are one message");
#define DUMP_TRIES	20
#define BUSY_TRIES	100		/* another transaction: 5 s */
#define BUSY_SLEEP_US	50000

/* Which attribute a list comes in, and how large a record is. */
static const struct {
	u16 attr;
	size_t size;
} lists[CGC_LIST_COUNT] = {
	[CGC_LIST_RULES] = { CGC_A_RULES, sizeof(struct cgc_rule) },
	[CGC_LIST_COMPARTMENTS] = { CGC_A_COMPARTMENTS, sizeof(struct cgc_compartment) },
	[CGC_LIST_PROCESSES] = { CGC_A_PROCESSES, sizeof(struct cgc_process) },
	[CGC_LIST_SOCKETS] = { CGC_A_SOCKETS, sizeof(struct cgc_socket) },
	[CGC_LIST_NETDEVS] = { CGC_A_DEVICES, sizeof(struct cgc_netdev) },
	[CGC_LIST_REVERSE] = { CGC_A_REVERSE, sizeof(struct cgc_reverse) },
	[CGC_LIST_HOOKS] = { CGC_A_HOOKS, sizeof(struct cgc_hook_info) },
	[CGC_LIST_EVENTS] = { CGC_A_EVENTS, sizeof(struct cgc_event) },
	[CGC_LIST_IPC] = { CGC_A_IPC, sizeof(struct cgc_ipc) },
	[CGC_LIST_FILES] = { CGC_A_FILES, sizeof(struct cgc_file) },
	[CGC_LIST_LABELS] = { CGC_A_LABELS, sizeof(struct cgc_label_name) },
	[CGC_LIST_NETDEV_MAPS] = { CGC_A_NETDEV_MAPS, sizeof(struct cgc_netdev_map) },
	[CGC_LIST_ROUTES] = { CGC_A_ROUTES, sizeof(struct cgc_route) },
};

static int simple(struct cgc_nl *nl, struct nlmsghdr *nlh)
{
	return cgc_nl_talk(nl, nlh, NULL, NULL);
}

static void put_keep(struct nlmsghdr *nlh, const struct cgc_flow *keep)
{
	if (keep)
		mnl_attr_put(nlh, CGC_A_KEEP, sizeof(*keep), keep);
}

/* A newer module may say more: take what is known. */
static int on_status(const struct nlmsghdr *nlh, void *ctx)
{
	const struct nlattr *attr;
	size_t len;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) != CGC_A_STATUS)
			continue;
		len = mnl_attr_get_payload_len(attr);
		if (len > sizeof(struct cgc_status))
			len = sizeof(struct cgc_status);
		memcpy(ctx, mnl_attr_get_payload(attr), len);
	}
	return 0;
}

int cgc_wire_status(struct cgc_nl *nl, struct cgc_status *status)
{
	memset(status, 0, sizeof(*status));
	return cgc_nl_talk(nl, cgc_nl_request(nl, CGC_CMD_STATUS), on_status, status);
}

/* Records in as few messages as hold them. */
static int post_records(struct cgc_nl *nl, u8 cmd, u16 attr, const void *at, u32 count,
			size_t size)
{
	u32 batch = BATCH_BYTES / (u32)size, done, n;
	struct nlmsghdr *nlh;
	int err = 0;

	for (done = 0; done < count && !err; done += n) {
		n = count - done < batch ? count - done : batch;
		nlh = cgc_nl_request(nl, cmd);
		mnl_attr_put(nlh, attr, n * size, (const char *)at + done * size);
		err = cgc_nl_post(nl, nlh);
	}
	return err;
}

/* References are the kernel's to give; owners are this transaction's. */
static void put_rules(struct nlmsghdr *nlh, const struct cgc_rule *rules, u32 count, u32 owner)
{
	struct cgc_rule batch[BATCH_BYTES / sizeof(*rules)];
	u32 i;

	memcpy(batch, rules, count * sizeof(*rules));
	for (i = 0; i < count; i++) {
		batch[i].ref = 0;
		batch[i].owner = owner;
		batch[i].next[0] = batch[i].next[1] = 0;
	}
	mnl_attr_put(nlh, CGC_A_RULES, count * sizeof(*rules), batch);
}

static int post_rules(struct cgc_nl *nl, const struct cgc_set *set, u32 owner)
{
	u32 batch = BATCH_BYTES / sizeof(*set->rules), done, n;
	struct nlmsghdr *nlh;
	int err = 0;

	for (done = 0; done < set->count && !err; done += n) {
		n = set->count - done < batch ? set->count - done : batch;
		nlh = cgc_nl_request(nl, CGC_CMD_RULES);
		if (set->netdevs_count)
			mnl_attr_put(nlh, CGC_A_NETDEVS,
				     set->netdevs_count * sizeof(set->netdevs[0]), set->netdevs);
		if (set->paths_count)
			mnl_attr_put(nlh, CGC_A_PATHS,
				     set->paths_count * sizeof(set->paths[0]), set->paths);
		put_rules(nlh, set->rules + done, n, owner);
		err = cgc_nl_post(nl, nlh);
	}
	return err;
}

static int post_file(struct cgc_nl *nl, struct cgc_file file, int fd, int dir)
{
	struct nlmsghdr *nlh = cgc_nl_request(nl, CGC_CMD_FILES);

	file.fd = fd;
	file.dir = dir;
	mnl_attr_put(nlh, CGC_A_FILES, sizeof(file), &file);
	return simple(nl, nlh);
}

static int open_file(struct cgc_nl *nl, const struct cgc_set_file *file,
		     struct cgc_opened *opened)
{
	const char *why;
	int err = cgc_file_open(file, opened, &why);

	if (err)
		snprintf(nl->why, sizeof(nl->why), "%s", why);
	return err;
}

/* Where the path leads cannot change once the module has the file: it is asked again. */
static int send_file(struct cgc_nl *nl, const struct cgc_set_file *file)
{
	struct cgc_opened opened, again;
	int err = open_file(nl, file, &opened);

	if (err)
		return err;
	err = post_file(nl, file->file, opened.fd, opened.dir);
	cgc_file_close(&opened);
	if (!err)
		err = open_file(nl, file, &again);
	if (err)
		return err;
	cgc_file_close(&again);
	if (again.dev == opened.dev && again.ino == opened.ino)
		return 0;
	snprintf(nl->why, sizeof(nl->why), "the path was just made to lead elsewhere, try again");
	return -EAGAIN;
}

static int send_files(struct cgc_nl *nl, enum cgc_op op, struct cgc_set *set)
{
	int err = 0;
	u32 i;

	set->fault = 0;
	for (i = 0; i < set->files_count && !err; i++) {
		err = op == CGC_OP_DEL ? post_file(nl, set->files[i].file, -1, -1) :
		      send_file(nl, &set->files[i]);
		if (err)
			set->fault = i + 1;
	}
	return err;
}

static int post_statements(struct cgc_nl *nl, const struct cgc_set *set)
{
	int err = 0;
	u32 kind;

	for (kind = 0; kind < CGC_STATEMENT_KINDS && !err; kind++)
		err = post_records(nl, CGC_CMD_STATEMENTS, lists[CGC_LIST_STATEMENTS + kind].attr,
				   set->statements[kind].at, set->statements[kind].count,
				   cgc_statement_types[kind].size);
	return err;
}

/* Two administrators at once: the second waits for the first's commit. */
static int begin(struct cgc_nl *nl, enum cgc_op op)
{
	struct nlmsghdr *nlh;
	unsigned int tries;
	int err = -EBUSY;

	for (tries = 0; err == -EBUSY && tries < BUSY_TRIES; tries++) {
		if (tries)
			usleep(BUSY_SLEEP_US);
		nlh = cgc_nl_request(nl, CGC_CMD_BEGIN);
		mnl_attr_put_u32(nlh, CGC_A_OP, op);
		err = simple(nl, nlh);
	}
	return err;
}

static int commit_send(struct cgc_nl *nl, const struct cgc_commit *commit)
{
	struct nlmsghdr *nlh = cgc_nl_request(nl, CGC_CMD_COMMIT);

	if (commit->try_seconds)
		mnl_attr_put_u32(nlh, CGC_A_TRY_SECONDS, commit->try_seconds);
	put_keep(nlh, commit->keep);
	return simple(nl, nlh);
}

int cgc_wire_change(struct cgc_nl *nl, enum cgc_op op, struct cgc_set *set, u32 owner,
		    const struct cgc_commit *commit)
{
	int err = begin(nl, op);

	if (!err)
		err = post_records(nl, CGC_CMD_COMPARTMENTS, CGC_A_COMPARTMENTS, set->defs,
				   set->defs_count, sizeof(*set->defs));
	if (!err)
		err = send_files(nl, op, set);
	if (!err)
		err = post_statements(nl, set);
	if (!err)
		err = post_rules(nl, set, owner);
	return err ? err : commit_send(nl, commit);
}

int cgc_wire_delete(struct cgc_nl *nl, const u64 *refs, u32 count, struct cgc_set *set,
		    const struct cgc_commit *commit)
{
	int err = begin(nl, CGC_OP_DEL);

	if (!err && set)
		err = send_files(nl, CGC_OP_DEL, set);
	if (!err && set)
		err = post_statements(nl, set);
	if (!err)
		err = post_records(nl, CGC_CMD_RULES, CGC_A_REFS, refs, count, sizeof(*refs));
	return err ? err : commit_send(nl, commit);
}

/* struct dump - a list that is coming in */
struct dump {
	struct cgc_nl *nl;
	enum cgc_list list;
	struct cgc_records *records;
	u32 room;
	struct cgc_set *set;
};

static int take_records(struct dump *dump, const struct nlattr *attr)
{
	size_t size = lists[dump->list].size, len = mnl_attr_get_payload_len(attr);
	struct cgc_records *records = dump->records;

	if (len % size) {
		snprintf(dump->nl->why, sizeof(dump->nl->why),
			 "the module speaks another protocol, expected records of %zu bytes", size);
		return -EPROTO;
	}
	while (records->count + len / size > dump->room) {
		dump->room = dump->room ? dump->room * 2 : 1024;
		records->at = reallocarray(records->at, dump->room, size);
		if (!records->at)
			abort();
	}
	memcpy((char *)records->at + records->count * size, mnl_attr_get_payload(attr), len);
	records->count += (u32)(len / size);
	return 0;
}

static void take_netdevs(struct cgc_set *set, const struct nlattr *attr)
{
	size_t len = mnl_attr_get_payload_len(attr);

	if (!set || len > sizeof(set->netdevs))
		return;
	memcpy(set->netdevs, mnl_attr_get_payload(attr), len);
	set->netdevs_count = (u32)(len / sizeof(set->netdevs[0]));
}

/* They come in several messages, in order. */
static void take_paths(struct cgc_set *set, const struct nlattr *attr)
{
	size_t count = mnl_attr_get_payload_len(attr) / sizeof(set->paths[0]);

	if (!set || count > CGC_PATHS_MAX - set->paths_count)
		return;
	memcpy(&set->paths[set->paths_count], mnl_attr_get_payload(attr),
	       count * sizeof(set->paths[0]));
	set->paths_count += (u32)count;
}

static int on_list(const struct nlmsghdr *nlh, void *ctx)
{
	struct dump *dump = ctx;
	const struct nlattr *attr;
	int err = 0;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == lists[dump->list].attr)
			err = take_records(dump, attr);
		else if (mnl_attr_get_type(attr) == CGC_A_NETDEVS)
			take_netdevs(dump->set, attr);
		else if (mnl_attr_get_type(attr) == CGC_A_PATHS)
			take_paths(dump->set, attr);
		if (err)
			return err;
	}
	return 0;
}

static int dump_list(struct cgc_nl *nl, enum cgc_list list, struct cgc_records *records,
		     struct cgc_set *set)
{
	struct dump dump = { .nl = nl, .list = list, .records = records, .set = set };
	struct nlmsghdr *nlh;
	unsigned int tries;
	int err = -EINTR;

	memset(records, 0, sizeof(*records));
	for (tries = 0; err == -EINTR && tries < DUMP_TRIES; tries++) {
		records->count = 0;
		if (set)
			set->paths_count = 0;
		nlh = cgc_nl_request(nl, CGC_CMD_LIST);
		mnl_attr_put_u32(nlh, CGC_A_LIST, list);
		err = cgc_nl_dump(nl, nlh, on_list, &dump);
	}
	if (err) {
		free(records->at);
		memset(records, 0, sizeof(*records));
	}
	return err;
}

int cgc_wire_list(struct cgc_nl *nl, enum cgc_list list, struct cgc_records *records)
{
	return dump_list(nl, list, records, NULL);
}

static int fetch_files(struct cgc_nl *nl, struct cgc_set *set)
{
	struct cgc_records records;
	int err = dump_list(nl, CGC_LIST_FILES, &records, NULL);
	u32 i;

	for (i = 0; !err && i < records.count; i++)
		cgc_set_file(set, &(struct cgc_set_file){
			.file = ((struct cgc_file *)records.at)[i] });
	free(records.at);
	return err;
}

static int fetch_statements(struct cgc_nl *nl, struct cgc_set *set)
{
	static const struct cgc_origin nowhere;
	struct cgc_records records;
	int err = 0;
	u32 kind, i;

	for (kind = 0; kind < CGC_STATEMENT_KINDS && !err; kind++) {
		err = dump_list(nl, CGC_LIST_STATEMENTS + kind, &records, NULL);
		for (i = 0; !err && i < records.count; i++)
			cgc_set_statement(set, kind, (char *)records.at +
					  i * cgc_statement_types[kind].size, &nowhere);
		free(records.at);
	}
	if (!err)
		err = dump_list(nl, CGC_LIST_LABELS, &records, NULL);
	if (!err) {
		set->labels = records.at;
		set->labels_count = records.count;
	}
	return err;
}

int cgc_wire_set(struct cgc_nl *nl, struct cgc_set *set)
{
	struct cgc_records records;
	int err;

	memset(set, 0, sizeof(*set));
	err = dump_list(nl, CGC_LIST_COMPARTMENTS, &records, NULL);
	if (err)
		return err;
	set->defs = records.at;
	set->defs_count = records.count;
	err = dump_list(nl, CGC_LIST_RULES, &records, set);
	if (err) {
		cgc_set_free(set);
		return err;
	}
	set->rules = records.at;
	set->count = records.count;
	cgc_set_sort(set);
	err = fetch_files(nl, set);
	if (!err)
		err = fetch_statements(nl, set);
	if (err)
		cgc_set_free(set);
	return err;
}

/* A command that is about one compartment. */
static int simple_label(struct cgc_nl *nl, enum cgc_cmd command, u32 label)
{
	struct nlmsghdr *nlh = cgc_nl_request(nl, command);

	mnl_attr_put_u32(nlh, CGC_A_LABEL, label);
	return simple(nl, nlh);
}

int cgc_wire_exec(struct cgc_nl *nl, u32 label)
{
	return simple_label(nl, CGC_CMD_EXEC, label);
}

int cgc_wire_seal(struct cgc_nl *nl, u32 label)
{
	return simple_label(nl, CGC_CMD_SEAL, label);
}

int cgc_wire_mode(struct cgc_nl *nl, enum cgc_mode mode, const u32 *label, u32 seconds,
		  const struct cgc_flow *keep)
{
	struct nlmsghdr *nlh = cgc_nl_request(nl, CGC_CMD_MODE);

	mnl_attr_put_u32(nlh, CGC_A_MODE, mode);
	if (label)
		mnl_attr_put_u32(nlh, CGC_A_LABEL, *label);
	if (seconds)
		mnl_attr_put_u32(nlh, CGC_A_SECONDS, seconds);
	put_keep(nlh, keep);
	return simple(nl, nlh);
}

int cgc_wire_confirm(struct cgc_nl *nl)
{
	return simple(nl, cgc_nl_request(nl, CGC_CMD_CONFIRM));
}

int cgc_wire_revert(struct cgc_nl *nl, const struct cgc_flow *keep)
{
	struct nlmsghdr *nlh = cgc_nl_request(nl, CGC_CMD_REVERT);

	put_keep(nlh, keep);
	return simple(nl, nlh);
}

int cgc_wire_netdev(struct cgc_nl *nl, u32 ifindex, u32 label, const struct cgc_flow *keep)
{
	struct nlmsghdr *nlh = cgc_nl_request(nl, CGC_CMD_NETDEV);

	mnl_attr_put_u32(nlh, CGC_A_IFINDEX, ifindex);
	mnl_attr_put_u32(nlh, CGC_A_LABEL, label);
	put_keep(nlh, keep);
	return simple(nl, nlh);
}

struct follower {
	int (*each)(void *ctx, const struct cgc_event *event);
	void *ctx;
};

static int on_events(const struct nlmsghdr *nlh, void *ctx)
{
	const struct follower *follower = ctx;
	const struct nlattr *attr;
	struct cgc_event event;
	size_t i;
	int err;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) != CGC_A_EVENTS)
			continue;
		for (i = 0; (i + 1) * sizeof(event) <= mnl_attr_get_payload_len(attr); i++) {
			memcpy(&event, (const char *)mnl_attr_get_payload(attr) + i * sizeof(event),
			       sizeof(event));
			err = follower->each(follower->ctx, &event);
			if (err)
				return err;
		}
	}
	return 0;
}

int cgc_wire_events(struct cgc_nl *nl, int (*each)(void *ctx, const struct cgc_event *event),
		    void *ctx)
{
	struct follower follower = { each, ctx };
	int err;

	do {
		err = cgc_nl_wait(nl, on_events, &follower);
	} while (!err);
	return err;
}
