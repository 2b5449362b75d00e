// SPDX-License-Identifier: GPL-2.0-only
#include "format.h"

#include "words.h"

const struct cgc_attr_word cgc_attr_words[CGC_ATTR_WORDS] = {
	{ "ro", CGC_METHOD_SHM, CGC_ATTR_SHM_RO },
	{ "send", CGC_METHOD_MSG, CGC_ATTR_MSG_SEND },
	{ "recv", CGC_METHOD_MSG, CGC_ATTR_MSG_RECV },
	{ "read", CGC_METHOD_SEM, CGC_ATTR_SEM_READ },
	{ "alter", CGC_METHOD_SEM, CGC_ATTR_SEM_ALTER },
	{ "stream", CGC_METHOD_UNIX, CGC_ATTR_UNIX_STREAM },
	{ "dgram", CGC_METHOD_UNIX, CGC_ATTR_UNIX_DGRAM },
	{ "seqpacket", CGC_METHOD_UNIX, CGC_ATTR_UNIX_SEQPACKET },
};

static const char *const signal_names[CGC_SIGNAL_RTMIN] = {
	NULL, "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1",
	"SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP",
	"TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
};

static const char *const cap_names[] = {
	"cap_chown", "cap_dac_override", "cap_dac_read_search", "cap_fowner",
	"cap_fsetid", "cap_kill", "cap_setgid", "cap_setuid", "cap_setpcap",
	"cap_linux_immutable", "cap_net_bind_service", "cap_net_broadcast",
	"cap_net_admin", "cap_net_raw", "cap_ipc_lock", "cap_ipc_owner",
	"cap_sys_module", "cap_sys_rawio", "cap_sys_chroot", "cap_sys_ptrace",
	"cap_sys_pacct", "cap_sys_admin", "cap_sys_boot", "cap_sys_nice",
	"cap_sys_resource", "cap_sys_time", "cap_sys_tty_config", "cap_mknod",
	"cap_lease", "cap_audit_write", "cap_audit_control", "cap_setfcap",
	"cap_mac_override", "cap_mac_admin", "cap_syslog", "cap_wake_alarm",
	"cap_block_suspend", "cap_audit_read", "cap_perfmon", "cap_bpf",
	"cap_checkpoint_restore",
};

const char *cgc_cap_name(unsigned int cap)
{
	return cap < sizeof(cap_names) / sizeof(cap_names[0]) ? cap_names[cap] : NULL;
}

u64 cgc_caps_unsaid(const struct cgc_compartment *def)
{
	if (def->flags & CGC_COMPARTMENT_ADMIN || !strcmp(def->name, "default") ||
	    !strcmp(def->name, "supervisor"))
		return ~0ull;
	return CGC_CAPS_DEFAULT;
}

const char *cgc_signal_name(unsigned int number)
{
	return number < CGC_SIGNAL_RTMIN ? signal_names[number] : NULL;
}

/* What comes between the items of a list: nothing before the first. */
static const char *list_comma(bool *begun)
{
	const char *comma = *begun ? "," : "";

	*begun = true;
	return comma;
}

static void text_port(struct cgc_text *text, u16 lo, u16 hi)
{
	if (!lo && hi == 65535)
		return;
	cgc_text_str(text, " PORT ");
	cgc_text_u64(text, lo);
	if (hi == lo)
		return;
	cgc_text_str(text, "-");
	cgc_text_u64(text, hi);
}

static void text_compartment(struct cgc_text *text, u32 label, const struct cgc_names *names)
{
	cgc_text_str(text, "COMPARTMENT ");
	if (cgc_label_is_netdev(label))
		cgc_text_str(text, "@");
	cgc_text_label(text, names, label);
}

static void text_end(struct cgc_text *text, const struct cgc_end *end,
		     const struct cgc_names *names)
{
	unsigned int family = end->kind == CGC_END_NET6 ? 6 : 4;
	bool host = end->prefix == (family == 6 ? 128 : 32);

	switch (end->kind) {
	case CGC_END_COMPARTMENT:
		text_compartment(text, end->compartment, names);
		return;
	case CGC_END_COMPARTMENT_ANY:
		cgc_text_str(text, "COMPARTMENT *");
		return;
	case CGC_END_HOST_ANY:
		cgc_text_str(text, "HOST *");
		return;
	}
	cgc_text_str(text, host ? "HOST " : "NET ");
	cgc_text_addr(text, family, end->addr);
	if (!host) {
		cgc_text_str(text, "/");
		cgc_text_u64(text, end->prefix);
	}
}

/* The C library's two have a number only. */
static void text_signal(struct cgc_text *text, unsigned int number)
{
	if (cgc_signal_name(number)) {
		cgc_text_str(text, cgc_signal_name(number));
	} else if (number == CGC_SIGNAL_RTMAX) {
		cgc_text_str(text, "RTMAX");
	} else if (number < CGC_SIGNAL_RTMIN || number > CGC_SIGNAL_RTMAX) {
		cgc_text_u64(text, number);
	} else {
		cgc_text_str(text, "RTMIN");
		if (number == CGC_SIGNAL_RTMIN)
			return;
		cgc_text_str(text, "+");
		cgc_text_u64(text, number - CGC_SIGNAL_RTMIN);
	}
}

static void text_signals(struct cgc_text *text, u64 signals)
{
	bool begun = false;
	unsigned int i;

	if (!signals)
		return;
	cgc_text_str(text, "[");
	for (i = 0; i < 64; i++) {
		if (!(signals >> i & 1))
			continue;
		cgc_text_str(text, list_comma(&begun));
		text_signal(text, i + 1);
	}
	cgc_text_str(text, "]");
}

static void text_attrs(struct cgc_text *text, unsigned int method, u32 attrs)
{
	bool begun = false;
	unsigned int i;

	for (i = 0; i < CGC_ATTR_WORDS; i++) {
		if (cgc_attr_words[i].method != method || !(cgc_attr_words[i].bit & attrs))
			continue;
		cgc_text_str(text, begun ? "," : "[");
		cgc_text_str(text, cgc_attr_words[i].name);
		begun = true;
	}
	if (begun)
		cgc_text_str(text, "]");
}

static void text_methods(struct cgc_text *text, const struct cgc_rule *rule, bool local)
{
	u32 methods = rule->methods, attrs = rule->attrs;
	bool begun = false;
	unsigned int i;

	cgc_text_str(text, " METHOD ");
	if (!attrs && !rule->signals && methods == (local ? CGC_METHODS_ALL : CGC_METHODS_NET)) {
		cgc_text_str(text, "all");
		return;
	}
	for (i = 0; i < CGC_METHOD_COUNT; i++) {
		if (!(methods & CGC_METHOD_BIT(i)))
			continue;
		cgc_text_str(text, list_comma(&begun));
		cgc_text_str(text, cgc_method_name(i));
		text_attrs(text, i, attrs);
		if (i == CGC_METHOD_SIGNAL)
			text_signals(text, rule->signals);
	}
}

/* Between quotes where it would end early without them. */
static void text_path(struct cgc_text *text, const char *path, size_t len)
{
	const char *quote = memchr(path, ' ', len) || memchr(path, '\t', len) ||
			    memchr(path, ';', len) ? "\"" : "";

	cgc_text_str(text, quote);
	cgc_text_bytes(text, path, len);
	cgc_text_str(text, quote);
}

static void text_socket(struct cgc_text *text, const char *path)
{
	cgc_text_str(text, " PATH ");
	text_path(text, path, strnlen(path, CGC_PATH_SIZE));
}

void cgc_text_selector(struct cgc_text *text, const struct cgc_netdev_selector *selector,
		       const struct cgc_names *names)
{
	if (!selector->label) {
		cgc_text_bytes(text, selector->name, strnlen(selector->name, CGC_NETDEV_SIZE));
		return;
	}
	cgc_text_str(text, "@");
	cgc_text_label(text, names, selector->label);
}

static void text_netdevs(struct cgc_text *text, u64 netdevs,
			 const struct cgc_netdev_selector *selectors,
			 const struct cgc_names *names)
{
	bool begun = false;
	unsigned int i;

	if (netdevs)
		cgc_text_str(text, " NETDEV ");
	for (i = 0; i < CGC_NETDEV_SELECTORS && netdevs >> i; i++) {
		if (!(netdevs >> i & 1))
			continue;
		cgc_text_str(text, list_comma(&begun));
		cgc_text_selector(text, &selectors[i], names);
	}
}

void cgc_format_rule(struct cgc_text *text, const struct cgc_rule *rule,
		     const struct cgc_rule_words *words, const struct cgc_names *names)
{
	bool local = rule->src.kind <= CGC_END_COMPARTMENT_ANY &&
		     rule->dst.kind <= CGC_END_COMPARTMENT_ANY &&
		     !cgc_label_is_netdev(rule->src.compartment);

	text_end(text, &rule->src, names);
	text_port(text, rule->src.port_lo, rule->src.port_hi);
	cgc_text_str(text, " -> ");
	text_end(text, &rule->dst, names);
	text_methods(text, rule, local);
	text_port(text, rule->dst.port_lo, rule->dst.port_hi);
	if (rule->path)
		text_socket(text, words->paths[rule->path - 1].name);
	text_netdevs(text, rule->netdevs, words->netdevs, names);
}

static void text_cap(struct cgc_text *text, unsigned int cap)
{
	if (cgc_cap_name(cap))
		cgc_text_str(text, cgc_cap_name(cap));
	else
		cgc_text_u64(text, cap);
}

static unsigned int caps_words(u64 from, u64 to)
{
	unsigned int i, words = 0;

	for (i = 0; i < 64; i++)
		words += (from ^ to) >> i & 1;
	return words;
}

/* Whichever is shortest: what differs from a definition without CAPS, from none, from all. */
static void text_caps(struct cgc_text *text, const struct cgc_compartment *def)
{
	u64 from = cgc_caps_unsaid(def);
	unsigned int i, words = caps_words(from, def->caps);
	bool begun = false;

	if (!words)
		return;
	cgc_text_str(text, " CAPS ");
	if (caps_words(0, def->caps) + 1 < words || caps_words(~0ull, def->caps) + 1 < words) {
		from = caps_words(0, def->caps) < caps_words(~0ull, def->caps) ? 0 : ~0ull;
		cgc_text_str(text, from ? "+all" : "-all");
		begun = true;
	}
	for (i = 0; i < 64; i++) {
		if (!((from ^ def->caps) >> i & 1))
			continue;
		cgc_text_str(text, list_comma(&begun));
		cgc_text_str(text, from >> i & 1 ? "-" : "+");
		text_cap(text, i);
	}
}

void cgc_format_compartment(struct cgc_text *text, const struct cgc_compartment *def,
			    const struct cgc_names *names)
{
	bool begun = false;
	u32 i;

	if (def->flags & CGC_COMPARTMENT_ADMIN)
		cgc_text_str(text, "ADMIN ");
	cgc_text_str(text, "COMPARTMENT ");
	cgc_text_bytes(text, def->name, strnlen(def->name, CGC_NAME_SIZE));
	cgc_text_str(text, " NUMBER ");
	if (def->number == CGC_LABEL_SUPERVISOR)
		cgc_text_str(text, "-1");
	else
		cgc_text_u64(text, def->number);
	if (def->flags & CGC_COMPARTMENT_SEALED)
		cgc_text_str(text, " SEALED");
	if (def->flags & CGC_COMPARTMENT_PERMISSIVE)
		cgc_text_str(text, " PERMISSIVE");
	if (def->flags & CGC_COMPARTMENT_ROUTED)
		cgc_text_str(text, def->flags & CGC_COMPARTMENT_ROUTED_ONLY ? " ROUTED ONLY" :
			     " ROUTED");
	text_caps(text, def);
	if (def->root[0]) {
		cgc_text_str(text, " ROOT ");
		text_path(text, def->root, strnlen(def->root, CGC_ROOT_SIZE));
	}
	if (def->user[0]) {
		cgc_text_str(text, " USER ");
		cgc_text_bytes(text, def->user, strnlen(def->user, CGC_USER_SIZE));
	}
	if (def->netdevs_count)
		cgc_text_str(text, " NETDEVS ");
	for (i = 0; i < def->netdevs_count && i < CGC_NETDEVS_MAX; i++) {
		cgc_text_str(text, list_comma(&begun));
		cgc_text_selector(text, &def->netdevs[i], names);
	}
	for (i = 0; i < def->devices_count && i < CGC_DEVICES_MAX; i++) {
		cgc_text_str(text, i ? "," : " DEVICES ");
		cgc_text_bytes(text, def->devices[i].path,
			       strnlen(def->devices[i].path, CGC_DEVICE_PATH_SIZE));
	}
}

static void text_exec(struct cgc_text *text, const struct cgc_file *file,
		      const struct cgc_names *names)
{
	cgc_text_str(text, "EXEC ");
	text_path(text, file->path, strnlen(file->path, CGC_ROOT_SIZE));
	if (file->from != CGC_LABEL_DEFAULT) {
		cgc_text_str(text, " FROM COMPARTMENT ");
		cgc_text_label(text, names, file->from);
	}
	cgc_text_str(text, " -> COMPARTMENT ");
	cgc_text_label(text, names, file->compartment);
}

void cgc_format_file(struct cgc_text *text, const struct cgc_file *file,
		     const struct cgc_names *names)
{
	if (file->kind == CGC_FILE_EXEC) {
		text_exec(text, file, names);
		return;
	}
	cgc_text_str(text, "IMMUTABLE COMPARTMENT ");
	cgc_text_label(text, names, file->compartment);
	cgc_text_str(text, " ");
	text_path(text, file->path, strnlen(file->path, CGC_ROOT_SIZE));
}

/* Port and identifier 0 say nothing: a method that has none. */
static void text_flow_port(struct cgc_text *text, unsigned int method, u16 port)
{
	if (port && CGC_METHODS_PORTS & CGC_METHOD_BIT(method))
		text_port(text, port, port);
}

/* What no rule is about: a capability, a gain of privilege, a way out of the root,
 * the kernel itself, an immutable file, the way that packets go. */
static bool text_own(struct cgc_text *text, const struct cgc_flow *flow,
		     const struct cgc_names *names)
{
	if (flow->path < CGC_PATH_CAP || flow->path == CGC_PATH_ROUTE ||
	    flow->path == CGC_PATH_FORWARD)
		return false;
	cgc_text_str(text, "COMPARTMENT ");
	cgc_text_label(text, names, flow->subject);
	switch (flow->path) {
	case CGC_PATH_SEAL:
		cgc_text_str(text, " SEALED");
		break;
	case CGC_PATH_JAIL:
		cgc_text_str(text, " ROOT");
		break;
	case CGC_PATH_FILE:
		cgc_text_str(text, " IMMUTABLE");
		break;
	case CGC_PATH_CAP:
		cgc_text_str(text, " CAPS +");
		text_cap(text, flow->detail);
	}
	return true;
}

const char *cgc_format_reason(const struct cgc_flow *flow)
{
	switch (flow->path) {
	case CGC_PATH_CAP:
		return CGC_CAPS_KERNEL >> flow->detail & 1 ?
			"only an ADMIN compartment may use it" : "its CAPS are without it";
	case CGC_PATH_SEAL:
		return "it gains no privilege";
	case CGC_PATH_JAIL:
		return "nothing leads out of its ROOT";
	case CGC_PATH_KERNEL:
		return "it does not act on the kernel";
	case CGC_PATH_FILE:
		return "the file, or one that is found by it, is immutable";
	case CGC_PATH_ROUTE:
		return "its routing table has no route there";
	case CGC_PATH_WAY:
		return "it does not choose its packets' way";
	case CGC_PATH_OUT:
	case CGC_PATH_IN:
		if (flow->detail == CGC_DETAIL_QUARANTINE)
			return "the interface is in quarantine";
		if (flow->detail == CGC_DETAIL_NETDEVS)
			return "its NETDEVS are without the interface";
		break;
	case CGC_PATH_FORWARD:
		if (flow->detail == CGC_DETAIL_HEADERS)
			return "its headers cannot be read to the end";
		if (flow->subject == CGC_LABEL_QUARANTINE || flow->object == CGC_LABEL_QUARANTINE)
			return "an interface is in quarantine";
		return "no rule forwards it";
	}
	return "no rule allows it";
}

static void text_flow_end(struct cgc_text *text, const struct cgc_flow *flow, bool object,
			  const struct cgc_names *names)
{
	if (flow->path == CGC_PATH_LOCAL || flow->path == CGC_PATH_FORWARD ||
	    object == (flow->path == CGC_PATH_IN)) {
		text_compartment(text, object ? flow->object : flow->subject, names);
	} else {
		cgc_text_str(text, "HOST ");
		if (flow->family)
			cgc_text_addr(text, flow->family, object ? flow->daddr : flow->saddr);
		else
			cgc_text_str(text, "*");
	}
}

/* What of a local method it needed. */
static void text_detail(struct cgc_text *text, const struct cgc_flow *flow)
{
	if (!flow->detail || flow->path != CGC_PATH_LOCAL || flow->detail > 64)
		return;
	if (flow->method == CGC_METHOD_SIGNAL)
		text_signals(text, 1ull << (flow->detail - 1));
	else if (flow->detail <= 32)
		text_attrs(text, flow->method, 1u << (flow->detail - 1));
}

void cgc_format_flow(struct cgc_text *text, const struct cgc_flow *flow, bool reversed,
		     const char *netdev, const struct cgc_names *names)
{
	const char *method = flow->method < CGC_METHOD_COUNT ?
			     cgc_method_name(flow->method) : "?";
	unsigned int known = flow->method < CGC_METHOD_COUNT ? flow->method :
			     CGC_METHOD_RAW;

	if (text_own(text, flow, names))
		return;
	text_flow_end(text, flow, reversed, names);
	if (reversed)
		text_flow_port(text, known, flow->dport);
	cgc_text_str(text, " -> ");
	text_flow_end(text, flow, !reversed, names);
	text_flow_port(text, known, reversed ? flow->sport : flow->dport);
	cgc_text_str(text, " METHOD ");
	cgc_text_str(text, method);
	text_detail(text, flow);
	if (netdev && netdev[0] && flow->path != CGC_PATH_LOCAL &&
	    flow->path != CGC_PATH_FORWARD) {
		cgc_text_str(text, " NETDEV ");
		cgc_text_str(text, netdev);
	}
}

void cgc_format_hosts(struct cgc_text *text, const struct cgc_flow *flow)
{
	cgc_text_addr(text, flow->family, flow->saddr);
	cgc_text_str(text, " to ");
	cgc_text_addr(text, flow->family, flow->daddr);
}

void cgc_format_event(struct cgc_text *text, const struct cgc_event *event,
		      const struct cgc_names *names)
{
	cgc_format_flow(text, &event->flow, false, event->netdev, names);
	if (event->flow.method == CGC_METHOD_UNIX && cgc_path_begins(event->path[0]))
		text_socket(text, event->path);
}
