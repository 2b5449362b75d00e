// SPDX-License-Identifier: GPL-2.0-only
/* What is in force: rules as they are written, the rest as tables. */
#include <inttypes.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "core/route.h"
#include "core/words.h"
#include "ctl.h"

static struct cgc_set in_force;
static const struct cgc_names names = { cgc_set_name, &in_force };

/**
 * struct listing - one kind of list
 * @name: what stands after `list'
 * @list: how the kernel calls it
 * @size: of a record
 * @head: the table's first line, or NULL
 * @text: prints one record
 * @json: the same, as an object
 */
struct listing {
	const char *name;
	enum cgc_list list;
	size_t size;
	const char *head;
	void (*text)(const void *record);
	void (*json)(struct cgc_json *j, const void *record);
};

static void compartment_text(const void *record)
{
	const struct cgc_compartment *def = record;

	const bool defined = def->flags & CGC_COMPARTMENT_DEFINED;

	char table[32] = "";

	if (def->table)
		snprintf(table, sizeof(table), ", routing table %" PRIu32, def->table);
	printf("%s%s  # %" PRIu32 " processes, %" PRIu32 " sockets, %" PRIu64 " denials%s%s%s\n",
	       defined ? "" : "# ", cgc_show_definition(def, &names), def->processes, def->sockets,
	       (uint64_t)def->denials, def->flags & CGC_COMPARTMENT_SEALED_NOW ? ", sealed" : "",
	       table, defined ? "" : ", no definition any more");
}

static void compartment_json(struct cgc_json *j, const void *record)
{
	const struct cgc_compartment *def = record;
	u32 cap, i;

	cgc_json_object(j, NULL);
	cgc_json_str(j, "name", cgc_show_name(def->name, sizeof(def->name)));
	cgc_json_label(j, "number", def->number);
	cgc_json_bool(j, "defined", def->flags & CGC_COMPARTMENT_DEFINED);
	cgc_json_bool(j, "sealed", def->flags & CGC_COMPARTMENT_SEALED_NOW);
	cgc_json_bool(j, "admin", def->flags & CGC_COMPARTMENT_ADMIN);
	cgc_json_bool(j, "permissive", def->flags & CGC_COMPARTMENT_PERMISSIVE);
	cgc_json_bool(j, "routed", def->flags & CGC_COMPARTMENT_ROUTED);
	cgc_json_bool(j, "routed_only", def->flags & CGC_COMPARTMENT_ROUTED_ONLY);
	cgc_json_u64(j, "table", def->table);
	cgc_json_str(j, "root", def->root);
	cgc_json_str(j, "user", def->user);
	cgc_json_array(j, "caps");
	for (cap = 0; cgc_cap_name(cap); cap++)
		if (def->caps >> cap & 1)
			cgc_json_str(j, NULL, cgc_cap_name(cap));
	cgc_json_end(j);
	cgc_json_array(j, "netdevs");
	for (i = 0; i < def->netdevs_count && i < CGC_NETDEVS_MAX; i++)
		cgc_json_str(j, NULL, cgc_show_selector(&def->netdevs[i], &names));
	cgc_json_end(j);
	cgc_json_array(j, "devices");
	for (i = 0; i < def->devices_count && i < CGC_DEVICES_MAX; i++)
		cgc_json_str(j, NULL, def->devices[i].path);
	cgc_json_end(j);
	cgc_json_u64(j, "processes", def->processes);
	cgc_json_u64(j, "sockets", def->sockets);
	cgc_json_u64(j, "denials", def->denials);
	cgc_json_end(j);
}

static void process_text(const void *record)
{
	const struct cgc_process *process = record;

	printf("%-16s %7" PRIu32 " %7" PRIu32 " %s\n", cgc_show_label(&names, process->label),
	       process->tgid, process->pid, cgc_show_name(process->comm, sizeof(process->comm)));
}

static void process_json(struct cgc_json *j, const void *record)
{
	const struct cgc_process *process = record;

	cgc_json_object(j, NULL);
	cgc_json_u64(j, "pid", process->tgid);
	cgc_json_u64(j, "tid", process->pid);
	cgc_json_label(j, "label", process->label);
	cgc_json_str(j, "compartment", cgc_show_label(&names, process->label));
	cgc_json_str(j, "comm", cgc_show_name(process->comm, sizeof(process->comm)));
	cgc_json_end(j);
}

static unsigned int ip_family(u16 family)
{
	return family == AF_INET ? 4 : family == AF_INET6 ? 6 : 0;
}

static const char *family_name(u16 family)
{
	static const char *const known[] = {
		[AF_UNIX] = "unix", [AF_INET] = "inet", [AF_INET6] = "inet6",
		[AF_NETLINK] = "netlink", [AF_PACKET] = "packet", [AF_VSOCK] = "vsock",
	};
	static char number[16];

	if (family < sizeof(known) / sizeof(known[0]) && known[family])
		return known[family];
	snprintf(number, sizeof(number), "%u", family);
	return number;
}

static void socket_text(const void *record)
{
	const struct cgc_socket *s = record;
	unsigned int family = ip_family(s->family);

	printf("%-16s %-7s %5u %10" PRIu64, cgc_show_label(&names, s->label),
	       family_name(s->family), s->protocol, (uint64_t)s->inode);
	if (family)
		printf("  %s %u  %s %u", cgc_show_addr(family, s->saddr), s->sport,
		       cgc_show_addr(family, s->daddr), s->dport);
	if (s->name[0])
		printf("  %s", cgc_show_name(s->name, sizeof(s->name)));
	printf("\n");
}

static void socket_json(struct cgc_json *j, const void *record)
{
	const struct cgc_socket *s = record;
	unsigned int family = ip_family(s->family);

	cgc_json_object(j, NULL);
	cgc_json_label(j, "label", s->label);
	cgc_json_str(j, "compartment", cgc_show_label(&names, s->label));
	cgc_json_str(j, "family", family_name(s->family));
	cgc_json_u64(j, "protocol", s->protocol);
	cgc_json_u64(j, "inode", s->inode);
	if (family) {
		cgc_json_str(j, "address", cgc_show_addr(family, s->saddr));
		cgc_json_u64(j, "port", s->sport);
		cgc_json_str(j, "peer", cgc_show_addr(family, s->daddr));
		cgc_json_u64(j, "peer_port", s->dport);
	}
	if (s->name[0])
		cgc_json_str(j, "name", cgc_show_name(s->name, sizeof(s->name)));
	cgc_json_end(j);
}

static const char *ipc_kind(u32 kind)
{
	static const char *const names_of[CGC_IPC_KINDS] = {
		[CGC_IPC_MSG] = "msg", [CGC_IPC_SHM] = "shm", [CGC_IPC_SEM] = "sem",
		[CGC_IPC_MQ] = "mq",
	};

	return kind < CGC_IPC_KINDS ? names_of[kind] : "?";
}

static void ipc_text(const void *record)
{
	const struct cgc_ipc *ipc = record;

	printf("%-16s %-4s ", cgc_show_label(&names, ipc->label), ipc_kind(ipc->kind));
	if (ipc->kind == CGC_IPC_MQ)
		printf("/%s\n", cgc_show_name(ipc->name, sizeof(ipc->name)));
	else
		printf("%" PRId32 " 0x%08" PRIx32 "\n", ipc->id, ipc->key);
}

static void ipc_json(struct cgc_json *j, const void *record)
{
	const struct cgc_ipc *ipc = record;
	char name[1 + CGC_IPC_NAME_SIZE];

	cgc_json_object(j, NULL);
	cgc_json_label(j, "label", ipc->label);
	cgc_json_str(j, "compartment", cgc_show_label(&names, ipc->label));
	cgc_json_str(j, "kind", ipc_kind(ipc->kind));
	if (ipc->kind == CGC_IPC_MQ) {
		snprintf(name, sizeof(name), "/%s", cgc_show_name(ipc->name, sizeof(ipc->name)));
		cgc_json_str(j, "name", name);
	} else {
		cgc_json_u64(j, "id", (u32)ipc->id);
		cgc_json_u64(j, "key", ipc->key);
	}
	cgc_json_end(j);
}

static const char *netdev_label(const struct cgc_netdev *netdev)
{
	return netdev->label == CGC_LABEL_NETDEV_NONE ? "none" :
	       cgc_show_label(&names, netdev->label);
}

/* Why it has its label. */
static void netdev_why(const struct cgc_netdev *netdev)
{
	const struct cgc_set_statements *from = &in_force.statements[CGC_STATEMENT_NETDEV];

	if (netdev->by_hand)
		printf(" by hand");
	else if (netdev->label == CGC_LABEL_QUARANTINE)
		printf(" no NETDEV statement is for it");
	else if (netdev->statement && netdev->statement <= from->count)
		printf(" %" PRIu32 ": %s", netdev->statement,
		       cgc_show_netdev_map(cgc_set_statement_at(&in_force, CGC_STATEMENT_NETDEV,
								netdev->statement - 1), &names));
}

static void netdev_text(const void *record)
{
	const struct cgc_netdev *netdev = record;

	printf("%-16s %5" PRIu32 " ", cgc_show_name(netdev->name, sizeof(netdev->name)),
	       netdev->ifindex);
	if (netdev->netns)
		printf("%-10" PRIu32 " ", netdev->netns);
	else
		printf("%-10s ", "initial");
	printf("%s", netdev_label(netdev));
	netdev_why(netdev);
	printf("\n");
}

static void netdev_json(struct cgc_json *j, const void *record)
{
	const struct cgc_netdev *netdev = record;

	cgc_json_object(j, NULL);
	cgc_json_str(j, "name", cgc_show_name(netdev->name, sizeof(netdev->name)));
	cgc_json_u64(j, "ifindex", netdev->ifindex);
	cgc_json_u64(j, "netns", netdev->netns);
	cgc_json_bool(j, "labelled", netdev->label != CGC_LABEL_NETDEV_NONE);
	cgc_json_u64(j, "label", netdev->label);
	cgc_json_str(j, "label_name", netdev_label(netdev));
	cgc_json_bool(j, "by_hand", netdev->by_hand);
	cgc_json_u64(j, "statement", netdev->statement);
	cgc_json_end(j);
}

static void reverse_text(const void *record)
{
	const struct cgc_reverse *r = record;

	printf("%s  # ", cgc_show_flow(&r->flow, true,
				       cgc_show_name(r->netdev, sizeof(r->netdev)), &names));
	if (r->ref)
		printf("answers 0x%016" PRIx64, (uint64_t)r->ref);
	else
		printf("answers what needs no rule");
	if (r->seconds)
		printf(", %" PRIu32 " s\n", r->seconds);
	else
		printf(", with its connection\n");
}

static void reverse_json(struct cgc_json *j, const void *record)
{
	const struct cgc_reverse *r = record;
	const char *netdev = cgc_show_name(r->netdev, sizeof(r->netdev));

	cgc_json_object(j, NULL);
	cgc_json_str(j, "rule", cgc_show_flow(&r->flow, true, netdev, &names));
	cgc_json_ref(j, "reference", r->ref);
	cgc_json_u64(j, "seconds", r->seconds);
	cgc_json_str(j, "netdev", netdev);
	cgc_json_end(j);
}

static void hook_text(const void *record)
{
	const struct cgc_hook_info *hook = record;

	printf("%-12s %-36s %-8s %-8s %12" PRIu64 " %10" PRIu64 "\n",
	       cgc_show_name(hook->group, sizeof(hook->group)),
	       cgc_show_name(hook->name, sizeof(hook->name)),
	       hook->attached ? "attached" : hook->required == 2 ? "waiting" : "missing",
	       hook->required == 2 ? "module" : hook->required ? "required" : "optional",
	       (uint64_t)hook->hits,
	       (uint64_t)hook->denials);
}

static void hook_json(struct cgc_json *j, const void *record)
{
	const struct cgc_hook_info *hook = record;

	cgc_json_object(j, NULL);
	cgc_json_str(j, "group", cgc_show_name(hook->group, sizeof(hook->group)));
	cgc_json_str(j, "function", cgc_show_name(hook->name, sizeof(hook->name)));
	cgc_json_bool(j, "attached", hook->attached);
	cgc_json_bool(j, "required", hook->required == 1);
	cgc_json_bool(j, "of_module", hook->required == 2);
	cgc_json_u64(j, "hits", hook->hits);
	cgc_json_u64(j, "denials", hook->denials);
	cgc_json_end(j);
}

static void rule_text(const void *record)
{
	const struct cgc_rule_words words = cgc_set_words(&in_force);
	const struct cgc_rule *rule = record;

	printf("%s  # 0x%016" PRIx64 "\n", cgc_show_rule(rule, &words, &names),
	       (uint64_t)rule->ref);
}

static void rule_json(struct cgc_json *j, const void *record)
{
	const struct cgc_rule_words words = cgc_set_words(&in_force);
	const struct cgc_rule *rule = record;

	cgc_json_object(j, NULL);
	cgc_json_ref(j, "reference", rule->ref);
	cgc_json_str(j, "rule", cgc_show_rule(rule, &words, &names));
	cgc_json_str(j, "owner", cgc_owner_name(rule->owner));
	cgc_json_end(j);
}

static void file_text(const void *record)
{
	printf("%s\n", cgc_show_file(record, &names));
}

static void file_json(struct cgc_json *j, const void *record)
{
	const struct cgc_file *file = record;

	cgc_json_object(j, NULL);
	cgc_json_str(j, "statement", cgc_show_file(file, &names));
	cgc_json_str(j, "kind", file->kind == CGC_FILE_EXEC ? "exec" : "immutable");
	cgc_json_label(j, "label", file->compartment);
	cgc_json_str(j, "compartment", cgc_show_label(&names, file->compartment));
	if (file->kind == CGC_FILE_EXEC)
		cgc_json_str(j, "from", cgc_show_label(&names, file->from));
	cgc_json_str(j, "path", cgc_show_name(file->path, sizeof(file->path)));
	cgc_json_str(j, "owner", cgc_owner_name(file->owner));
	cgc_json_end(j);
}

/* What all statements that are plain records have. */
static void statement_json(struct cgc_json *j, u32 kind, const void *record)
{
	cgc_json_object(j, NULL);
	cgc_json_str(j, "statement", cgc_statement_types[kind].show(record, &names));
	cgc_json_str(j, "owner", cgc_owner_name(*(const u32 *)record));
}

static void map_text(const void *record)
{
	const struct cgc_netdev_map *map = record;

	printf("%s", cgc_show_netdev_map(map, &names));
	if (map->label_name[0])
		printf("  # 0x%" PRIX32, map->label);
	printf("\n");
}

static void map_json(struct cgc_json *j, const void *record)
{
	const struct cgc_netdev_map *map = record;

	statement_json(j, CGC_STATEMENT_NETDEV, record);
	cgc_json_u64(j, "label", map->label);
	cgc_json_str(j, "name", map->label_name);
	cgc_json_end(j);
}

static void route_text(const void *record)
{
	printf("%s\n", cgc_show_route(record, &names));
}

static void route_json(struct cgc_json *j, const void *record)
{
	const struct cgc_route *route = record;

	statement_json(j, CGC_STATEMENT_ROUTE, record);
	cgc_json_str(j, "compartment", cgc_show_label(&names, route->compartment));
	cgc_json_str(j, "destination", cgc_show_addr(route->family, route->dst));
	cgc_json_u64(j, "prefix", route->prefix);
	cgc_json_str(j, "via", cgc_route_has_via(route) ?
		     cgc_show_addr(route->family, route->via) : "");
	cgc_json_str(j, "netdev", route->netdev);
	cgc_json_end(j);
}

static const struct listing listings[] = {
	{ "compartments", CGC_LIST_COMPARTMENTS, sizeof(struct cgc_compartment), NULL,
	  compartment_text, compartment_json },
	{ "processes", CGC_LIST_PROCESSES, sizeof(struct cgc_process),
	  "COMPARTMENT          PID     TID COMMAND", process_text, process_json },
	{ "sockets", CGC_LIST_SOCKETS, sizeof(struct cgc_socket),
	  "COMPARTMENT      FAMILY  PROTO      INODE  ADDRESS PORT  PEER PORT, OR NAME",
	  socket_text, socket_json },
	{ "ipc", CGC_LIST_IPC, sizeof(struct cgc_ipc),
	  "COMPARTMENT      KIND ID AND KEY, OR NAME", ipc_text, ipc_json },
	{ "netdevs", CGC_LIST_NETDEVS, sizeof(struct cgc_netdev),
	  "DEVICE           INDEX NAMESPACE  LABEL, AND WHY", netdev_text, netdev_json },
	{ "reverse", CGC_LIST_REVERSE, sizeof(struct cgc_reverse), NULL,
	  reverse_text, reverse_json },
	{ "files", CGC_LIST_FILES, sizeof(struct cgc_file), NULL, file_text, file_json },
	{ "labels", CGC_LIST_NETDEV_MAPS, sizeof(struct cgc_netdev_map), NULL, map_text, map_json },
	{ "routes", CGC_LIST_ROUTES, sizeof(struct cgc_route), NULL, route_text, route_json },
	{ "hooks", CGC_LIST_HOOKS, sizeof(struct cgc_hook_info),
	  "GROUP        FUNCTION                             STATE    NEED             HITS    DENIALS",
	  hook_text, hook_json },
};

static void records_json(const struct listing *listing, const struct cgc_records *records)
{
	struct cgc_json j = { .out = stdout };
	u32 i;

	cgc_json_array(&j, NULL);
	for (i = 0; i < records->count; i++)
		listing->json(&j, (const char *)records->at + i * listing->size);
	cgc_json_end(&j);
}

static void caps_text(void)
{
	const char *before = "# without CAPS: ";
	u32 cap;

	for (cap = 0; cgc_cap_name(cap); cap++) {
		if (!(CGC_CAPS_DEFAULT >> cap & 1))
			continue;
		printf("%s%s", before, cgc_cap_name(cap));
		before = ",";
	}
	printf("\n");
}

static void records_text(const struct listing *listing, const struct cgc_records *records)
{
	u32 i;

	if (listing->head)
		puts(listing->head);
	if (listing->list == CGC_LIST_COMPARTMENTS)
		caps_text();
	for (i = 0; i < records->count; i++)
		listing->text((const char *)records->at + i * listing->size);
}

static int print_listing(struct cgc_nl *nl, const struct listing *listing)
{
	struct cgc_records records;

	if (cgc_wire_list(nl, listing->list, &records))
		return ctl_failed(nl, listing->name);
	if (ctl.json)
		records_json(listing, &records);
	else
		records_text(listing, &records);
	free(records.at);
	return CTL_OK;
}

static const struct listing *listing_of(u32 kind)
{
	size_t i;

	for (i = 0; listings[i].list != CGC_LIST_STATEMENTS + kind; i++)
		;
	return &listings[i];
}

static void statements_json(struct cgc_json *j)
{
	u32 kind, i;

	for (kind = 0; kind < CGC_STATEMENT_KINDS; kind++) {
		cgc_json_array(j, cgc_statement_types[kind].name);
		for (i = 0; i < in_force.statements[kind].count; i++)
			listing_of(kind)->json(j, cgc_set_statement_at(&in_force, kind, i));
		cgc_json_end(j);
	}
}

static void statements_text(void)
{
	u32 kind, i;

	for (kind = 0; kind < CGC_STATEMENT_KINDS; kind++)
		for (i = 0; i < in_force.statements[kind].count; i++)
			listing_of(kind)->text(cgc_set_statement_at(&in_force, kind, i));
}

static void rules_json(void)
{
	struct cgc_json j = { .out = stdout };
	u32 i;

	cgc_json_object(&j, NULL);
	cgc_json_array(&j, "compartments");
	for (i = 0; i < in_force.defs_count; i++)
		if (in_force.defs[i].flags & CGC_COMPARTMENT_DEFINED)
			compartment_json(&j, &in_force.defs[i]);
	cgc_json_end(&j);
	cgc_json_array(&j, "files");
	for (i = 0; i < in_force.files_count; i++)
		file_json(&j, &in_force.files[i].file);
	cgc_json_end(&j);
	statements_json(&j);
	cgc_json_array(&j, "rules");
	for (i = 0; i < in_force.count; i++)
		rule_json(&j, &in_force.rules[i]);
	cgc_json_end(&j);
	cgc_json_end(&j);
}

/* As it would be written: definitions first, so that it loads again. */
static int print_rules(void)
{
	u32 i;

	if (ctl.json) {
		rules_json();
		return CTL_OK;
	}
	for (i = 0; i < in_force.defs_count; i++)
		if (in_force.defs[i].flags & CGC_COMPARTMENT_DEFINED)
			printf("%s\n", cgc_show_definition(&in_force.defs[i], &names));
	for (i = 0; i < in_force.files_count; i++)
		file_text(&in_force.files[i].file);
	statements_text();
	for (i = 0; i < in_force.count; i++)
		rule_text(&in_force.rules[i]);
	return CTL_OK;
}

static const struct listing *find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(listings) / sizeof(listings[0]); i++)
		if (!strcmp(listings[i].name, name))
			return &listings[i];
	return NULL;
}

int ctl_list(const char *name)
{
	const struct listing *listing = find(name);
	static struct cgc_nl nl;
	int err;

	if (!listing && strcmp(name, "rules"))
		return ctl_usage("list %s: expected rules, compartments, processes, sockets, ipc, netdevs, labels, files, routes, reverse or hooks",
				 name);
	err = ctl_open(&nl);
	if (err)
		return err;
	/* for names, and the rules behind what is listed; hooks have neither */
	if ((!listing || listing->list != CGC_LIST_HOOKS) && cgc_wire_set(&nl, &in_force))
		return ctl_failed(&nl, "list");
	err = listing ? print_listing(&nl, listing) : print_rules();
	cgc_nl_close(&nl);
	cgc_set_free(&in_force);
	return err;
}

int cmd_list(int argc, char **argv)
{
	if (ctl_getopt(argc, argv, "h", NULL) != -1)
		return CTL_USAGE;
	if (optind + 1 < argc)
		return ctl_usage("%s: expected one kind of list", argv[optind + 1]);
	return ctl_list(optind < argc ? argv[optind] : "rules");
}

int cmd_hooks(int argc, char **argv)
{
	if (ctl_getopt(argc, argv, "h", NULL) != -1)
		return CTL_USAGE;
	if (optind < argc)
		return ctl_usage("%s: expected no argument", argv[optind]);
	return ctl_list("hooks");
}
