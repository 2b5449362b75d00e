/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * The control protocol of cgcompt: generic netlink, family CGC_GENL_NAME.
 *
 * Fixed-size records travel as arrays in one binary attribute, so that a
 * hundred thousand rules cost one copy each. Every record is validated field
 * by field on entry; reserved fields are zero.
 */
#ifndef _UAPI_CGCOMPT_H
#define _UAPI_CGCOMPT_H

#include <linux/capability.h>
#include <linux/types.h>

#define CGC_GENL_NAME		"cgcompt"
#define CGC_GENL_VERSION	1
#define CGC_GENL_MCGRP_EVENTS	"events"
#define CGC_GENL_MCGRP_CHANGES	"changes"

/* Labels: a compartment's number (mission L4). */
#define CGC_LABEL_DEFAULT	0u		/* everything starts here */
#define CGC_LABEL_SUPERVISOR	0xFFFFFFFFu	/* -1: reaches all */
#define CGC_LABEL_NETDEV_FIRST	0xFFFF0000u	/* interfaces */
#define CGC_LABEL_NETDEV_LAST	0xFFFFFFFEu
#define CGC_LABEL_NETDEV_NONE	CGC_LABEL_NETDEV_LAST /* not yet labelled */
#define CGC_LABEL_QUARANTINE	0xFFFFFFFDu	/* an interface that no NETDEV statement is for */

#define CGC_NAME_SIZE		64	/* a compartment's name with its NUL */
#define CGC_ROOT_SIZE		256	/* a compartment's root with its NUL */
#define CGC_USER_SIZE		64	/* a user and a group, by name or number, with its NUL */
#define CGC_NETDEV_SIZE		16	/* IFNAMSIZ */
#define CGC_COMM_SIZE		16	/* TASK_COMM_LEN */
#define CGC_HOOK_SIZE		40	/* a hooked function's name with its NUL */
#define CGC_NETDEVS_MAX		16	/* interfaces that a definition is bound to */
#define CGC_DEVICES_MAX		8	/* devices that a definition adds */
#define CGC_DEVICE_PATH_SIZE	48	/* a device's path with its NUL */
#define CGC_NETDEV_SELECTORS	64	/* distinct NETDEV words of one set */
#define CGC_PATH_SIZE		112	/* a unix socket's name (108 at most) with its NUL */
#define CGC_PATHS_MAX		256	/* distinct PATH words of one set */
#define CGC_FILES_MAX		1024	/* statements about files of one set */
#define CGC_IPC_NAME_SIZE	256	/* a message queue's name with its NUL */

#include "cgcompt_statement.h"

/**
 * enum cgc_method - what passes from the source to the destination
 *
 * The names in rules are those of this list in lower case (mission R2).
 */
enum cgc_method {
	CGC_METHOD_TCP,
	CGC_METHOD_UDP,
	CGC_METHOD_RAW,
	CGC_METHOD_ICMP,
	CGC_METHOD_SCTP,
	CGC_METHOD_UNIX,
	CGC_METHOD_MSG,
	CGC_METHOD_SHM,
	CGC_METHOD_SEM,
	CGC_METHOD_MQ,
	CGC_METHOD_SIGNAL,
	CGC_METHOD_TRACE,
	CGC_METHOD_LIST,
	CGC_METHOD_COUNT
};

#define CGC_METHOD_BIT(m)	(1u << (m))
#define CGC_METHODS_ALL		((1u << CGC_METHOD_COUNT) - 1)
/* The methods of the Internet sockets: the ones with ports and addresses. */
#define CGC_METHODS_NET		(CGC_METHOD_BIT(CGC_METHOD_TCP) | \
				 CGC_METHOD_BIT(CGC_METHOD_UDP) | \
				 CGC_METHOD_BIT(CGC_METHOD_RAW) | \
				 CGC_METHOD_BIT(CGC_METHOD_ICMP) | \
				 CGC_METHOD_BIT(CGC_METHOD_SCTP))
#define CGC_METHODS_PORTS	(CGC_METHOD_BIT(CGC_METHOD_TCP) | \
				 CGC_METHOD_BIT(CGC_METHOD_UDP) | \
				 CGC_METHOD_BIT(CGC_METHOD_SCTP))

/* The methods that have hooks: a rule with another one is refused. */
#define CGC_METHODS_ENFORCED	CGC_METHODS_ALL

/* enum cgc_end_kind - what one end of a rule names */
enum cgc_end_kind {
	CGC_END_COMPARTMENT,		/* COMPARTMENT name */
	CGC_END_COMPARTMENT_ANY,	/* COMPARTMENT * */
	CGC_END_HOST_ANY,		/* HOST *: both families */
	CGC_END_NET4,			/* HOST a.b.c.d is a /32 */
	CGC_END_NET6,			/* HOST x::y is a /128 */
	CGC_END_KINDS
};

/**
 * struct cgc_end - one end of a rule
 * @kind: enum cgc_end_kind
 * @prefix: bits of @addr that count: 0..32 (NET4), 0..128 (NET6), else 0
 * @reserved: 0
 * @port_lo: lowest port, host order; 0 with @port_hi 65535 is any port
 * @port_hi: highest port, >= @port_lo
 * @compartment: its number (COMPARTMENT), or, at both ends, an interface's label; else 0
 * @addr: network order, IPv4 in the first four; the bits past @prefix are 0
 */
struct cgc_end {
	__u8 kind;
	__u8 prefix;
	__u16 reserved;
	__u16 port_lo;
	__u16 port_hi;
	__u32 compartment;
	__u8 addr[16];
};

/* enum cgc_owner - who put a rule there, and so what takes it away */
enum cgc_owner {
	CGC_OWNER_FILES = 1,	/* load */
	CGC_OWNER_CLI = 2,	/* add */
	CGC_OWNER_UNIT = 3,	/* start */
};

/**
 * struct cgc_rule - one rule (mission R1), 104 bytes
 * @ref: its reference: a digest of what it says, the same after a reload;
 *	0 in a request, filled in by the kernel
 * @netdevs: bit i: selector i of the set it travels with; 0: any interface
 * @signals: bit n-1: signal n, of CGC_METHOD_SIGNAL; 0: all
 * @src: the source
 * @dst: the destination
 * @methods: CGC_METHOD_BIT()s, not 0
 * @attrs: attributes of the local methods; 0 for those of CGC_METHODS_NET
 * @owner: enum cgc_owner
 * @next: the kernel's and the core's own: index in a hash chain; 0 on the wire
 * @path: index + 1 into the path words that it travels with; 0: any name or none
 */
struct cgc_rule {
	__aligned_u64 ref;
	__aligned_u64 netdevs;
	__aligned_u64 signals;
	struct cgc_end src;
	struct cgc_end dst;
	__u32 methods;
	__u32 attrs;
	__u32 owner;
	__u32 next[2];
	__u32 path;
};

/**
 * struct cgc_netdev_selector - a word after NETDEV
 * @label: an interface's label (NETDEV @0xFFFF0000), or 0 where @name counts
 * @name: an interface's name (NETDEV eth0), padded with NUL; empty with @label
 */
struct cgc_netdev_selector {
	__u32 label;
	char name[CGC_NETDEV_SIZE];
};

/**
 * struct cgc_path_word - a word after PATH
 * @name: what a unix socket's name is to match, `*' any run of bytes, `?' any one:
 *	absolute, or `@' and an abstract name; without control bytes and `"', padded
 *	with NUL
 */
struct cgc_path_word {
	char name[CGC_PATH_SIZE];
};

/*
 * The bound of a compartment without CAPS, defined or not, by number: cap_chown,
 * cap_dac_override, cap_fowner, cap_fsetid, cap_kill, cap_setgid, cap_setuid, cap_setpcap,
 * cap_net_bind_service, cap_net_raw, cap_sys_chroot, cap_audit_write. What root of a
 * service needs to take its port and become somebody else, and what rules decide about.
 */
#define CGC_CAPS_DEFAULT		0x200425FBull

/* Flags of a compartment's definition. */
#define CGC_COMPARTMENT_SEALED		(1u << 0)
#define CGC_COMPARTMENT_ADMIN		(1u << 1)
#define CGC_COMPARTMENT_PERMISSIVE	(1u << 2)	/* log only */
#define CGC_COMPARTMENT_DEFINED		(1u << 3)	/* in force, not only remembered */
#define CGC_COMPARTMENT_SEALED_NOW	(1u << 4)	/* only in answers: it is sealed */
#define CGC_COMPARTMENT_ROUTED		(1u << 5)	/* has a routing table of its own */
#define CGC_COMPARTMENT_ROUTED_ONLY	(1u << 6)	/* with it: its routes are its permission */

/* enum cgc_device_kind - what a device's number is of */
enum cgc_device_kind {
	CGC_DEVICE_CHAR,
	CGC_DEVICE_BLOCK,
	CGC_DEVICE_SOCKET,	/* of none: `start' shows a unix socket, such as /dev/log, in there */
	CGC_DEVICE_KINDS
};

/**
 * struct cgc_device - a device that a definition adds, 56 bytes
 * @path: plain, below /dev, of letters, digits and _ . - : / + @ %; padded with NUL
 * @kind: enum cgc_device_kind
 * @number: its major number << 20 | its minor number, when the rules were read; 0: it
 *	was not there, and nothing is opened by it
 */
struct cgc_device {
	char path[CGC_DEVICE_PATH_SIZE];
	__u32 kind;
	__u32 number;
};

/**
 * struct cgc_compartment - a definition
 * @number: 0..0xFFFEFFFF, or CGC_LABEL_SUPERVISOR
 * @flags: CGC_COMPARTMENT_*
 * @caps: capabilities that it may use, by number; all ones: no bound; what a
 *	definition has without CAPS is CGC_CAPS_DEFAULT, an ADMIN one all ones
 * @name: without blanks or control bytes, padded with NUL
 * @root: an absolute path, or empty; padded with NUL
 * @user: as whom `start' runs what is in @root: `name', `name:group', or either by
 *	number, of letters, digits and _ . -; padded with NUL; empty: it is not said
 * @netdevs_count: how many of @netdevs count; 0: it is bound to no interfaces
 * @netdevs: the interfaces that it is bound to, whatever the rules say
 * @devices_count: how many of @devices count
 * @devices: what its processes may open without a rule, and `start' makes nodes of
 * @processes: how many tasks carry it (only in answers)
 * @sockets: how many sockets carry it (only in answers)
 * @denials: how often it was refused something, or somebody outside to reach it
 *	(only in answers)
 * @table: the number of its routing table, 0: it has none (only in answers)
 * @reserved: 0
 */
struct cgc_compartment {
	__u32 number;
	__u32 flags;
	__aligned_u64 caps;
	char name[CGC_NAME_SIZE];
	char root[CGC_ROOT_SIZE];
	char user[CGC_USER_SIZE];
	__u32 netdevs_count;
	struct cgc_netdev_selector netdevs[CGC_NETDEVS_MAX];
	__u32 devices_count;
	struct cgc_device devices[CGC_DEVICES_MAX];
	__u32 processes;
	__u32 sockets;
	__aligned_u64 denials;
	__u32 table;
	__u32 reserved;
};

/*
 * Capabilities that act on the kernel, by number: only compartment 0, the supervisor and
 * ADMIN compartments use them, whatever CAPS says (mission S3). Modules; I/O ports and
 * memory; kexec and reboot; the clock; accounting; the kernel's log, its programs and
 * counters; the policies of other security modules; interfaces, addresses, routes,
 * filters and marks: a packet that is rewritten after the rules were asked goes anywhere.
 */
#define CGC_CAPS_KERNEL	(1ull << CAP_SYS_MODULE | 1ull << CAP_SYS_RAWIO | \
			 1ull << CAP_SYS_BOOT | 1ull << CAP_SYS_TIME | \
			 1ull << CAP_SYS_PACCT | 1ull << CAP_SYSLOG | \
			 1ull << CAP_BPF | 1ull << CAP_PERFMON | \
			 1ull << CAP_MAC_ADMIN | 1ull << CAP_MAC_OVERRIDE | \
			 1ull << CAP_NET_ADMIN)

/* enum cgc_file_kind - what a statement about a file says */
enum cgc_file_kind {
	CGC_FILE_IMMUTABLE,	/* IMMUTABLE COMPARTMENT x path */
	CGC_FILE_EXEC,		/* EXEC path FROM COMPARTMENT y -> COMPARTMENT x */
	CGC_FILE_KINDS
};

/**
 * struct cgc_file - a statement about a file, 280 bytes
 * @kind: enum cgc_file_kind
 * @owner: enum cgc_owner
 * @compartment: in whose root @path is; EXEC: which is entered
 * @from: EXEC: by whose processes; else 0
 * @fd: in a request that adds it, a descriptor of the sender's, O_PATH is enough: the
 *	file; EXEC: -1 where it is not there yet; in answers -1
 * @dir: EXEC: likewise, the directory that the last word of @path is in; else -1
 * @path: as it is written: absolute, without control bytes and `"', padded with NUL
 */
struct cgc_file {
	__u32 kind;
	__u32 owner;
	__u32 compartment;
	__u32 from;
	__s32 fd;
	__s32 dir;
	char path[CGC_ROOT_SIZE];
};

/* enum cgc_mode - what becomes of a refusal */
enum cgc_mode {
	CGC_MODE_LOADING,	/* not armed yet */
	CGC_MODE_ENFORCE,
	CGC_MODE_PERMISSIVE,	/* logged, and let through */
	CGC_MODE_DISABLED,	/* let through; labels go on being kept */
};

/**
 * struct cgc_status - the answer to CGC_CMD_STATUS
 * @mode: enum cgc_mode
 * @methods: those that this module enforces, CGC_METHOD_BIT()s
 * @generation: of the set in force; grows with every change
 * @rules: in the set
 * @compartments: defined in the set
 * @hooks: functions hooked
 * @hooks_missing: optional ones that this kernel lacks
 * @processes: tasks that carry another label than 0
 * @sockets: sockets with a record
 * @reverse: reverse rules at the moment
 * @rearm_seconds: until `disable --for` ends; 0: it does not end by itself
 * @try_seconds: until an unconfirmed `try` is put back; 0: none
 * @denials: since the module was loaded
 * @denials_unlogged: of these, left out of the log by the rate limit
 * @rule_bytes: memory that the sets in force and kept take
 * @netdev_maps: NETDEV statements in the set
 * @netdevs_quarantined: interfaces that none of them is for
 * @mark_mask: the bits of a socket's mark that choose a compartment's routing table
 * @forwards: rules about what is forwarded
 */
struct cgc_status {
	__u32 mode;
	__u32 methods;
	__u32 generation;
	__u32 rules;
	__u32 compartments;
	__u32 hooks;
	__u32 hooks_missing;
	__u32 processes;
	__u32 sockets;
	__u32 reverse;
	__u32 rearm_seconds;
	__u32 try_seconds;
	__aligned_u64 denials;
	__aligned_u64 denials_unlogged;
	__aligned_u64 rule_bytes;
	__u32 netdev_maps;
	__u32 netdevs_quarantined;
	__u32 mark_mask;
	__u32 forwards;
};

/* enum cgc_path - between what and what a check is made */
enum cgc_path {
	CGC_PATH_LOCAL,		/* COMPARTMENT -> COMPARTMENT */
	CGC_PATH_OUT,		/* COMPARTMENT -> HOST or NET */
	CGC_PATH_IN,		/* HOST or NET -> COMPARTMENT */
	CGC_PATH_CAP,		/* use of a capability: no rule, the definition's bound */
	CGC_PATH_SEAL,		/* gain of privilege: no rule, the seal */
	CGC_PATH_JAIL,		/* a way out of the root: no rule, the definition's ROOT */
	CGC_PATH_KERNEL,	/* acts on the kernel: no rule, ADMIN */
	CGC_PATH_FILE,		/* change of an immutable file: no rule, the statement */
	CGC_PATH_ROUTE,		/* like PATH_OUT, where its routing table has no way */
	CGC_PATH_WAY,		/* choice of its packets' way: no rule, ADMIN */
	CGC_PATH_FORWARD,	/* interface's label -> interface's label */
};

#define CGC_DETAIL_QUARANTINE	1	/* the interface is in quarantine */
#define CGC_DETAIL_NETDEVS	2	/* the compartment's NETDEVS are without it */
#define CGC_DETAIL_HEADERS	3	/* its headers cannot be read */

/**
 * struct cgc_flow - one exchange: a denial, or a reverse rule's forward half
 * @subject: label of who began it (all but PATH_IN), else 0; PATH_FORWARD: of the
 *	interface that what began it came in by
 * @object: label of who was reached (PATH_LOCAL, PATH_IN), else 0; PATH_FORWARD: of
 *	the interface that it leaves by
 * @path: enum cgc_path
 * @method: enum cgc_method
 * @family: 4 or 6; 0 without addresses
 * @detail: of the local methods: a signal's number, or the bit of the attribute
 *	that was needed (CGC_ATTR_*, its log2 + 1); 0: none. PATH_CAP: the capability.
 *	PATH_OUT, PATH_IN, PATH_FORWARD: CGC_DETAIL_*: what no rule could say; 0: it is
 *	the rules
 * @sport: of who began it, host order; the identifier for icmp
 * @dport: of who was reached
 * @ifindex: the interface that it goes by, 0 for PATH_LOCAL
 * @saddr: of who began it, network order, IPv4 in the first four
 * @daddr: of who was reached
 */
struct cgc_flow {
	__u32 subject;
	__u32 object;
	__u8 path;
	__u8 method;
	__u8 family;
	__u8 detail;
	__u16 sport;
	__u16 dport;
	__u32 ifindex;
	__u8 saddr[16];
	__u8 daddr[16];
};

/**
 * struct cgc_reverse - a reverse rule, as `list reverse` shows it
 * @flow: the exchange that it answers; the reverse rule is the other way round
 * @ref: the rule that allows it, 0 where none is needed
 * @seconds: until it goes if nothing passes; 0: with its connection
 * @netdev: the interface's name, or empty
 */
struct cgc_reverse {
	struct cgc_flow flow;
	__aligned_u64 ref;
	__u32 seconds;
	char netdev[CGC_NETDEV_SIZE];
	__u32 reserved;
};

/* enum cgc_event_kind - what an event tells */
enum cgc_event_kind {
	CGC_EVENT_DENIED,	/* a refusal */
	CGC_EVENT_WOULD_DENY,	/* permissive: let through */
};

/**
 * struct cgc_event - one denial (mission O5)
 * @flow: what was refused
 * @time_ns: CLOCK_REALTIME
 * @suppressed: denials left out of the log since the one before
 * @kind: enum cgc_event_kind
 * @generation: of the set that decided
 * @pid: of the process in whose context it was, 0 where there is none
 * @uid: its user
 * @hook: the function where it was caught
 * @netdev: the interface's name, or empty
 * @comm: the process's name, or empty
 * @path: of the unix socket that was to receive, `@' for the NUL of an abstract
 *	name and `?' for what PATH cannot say; empty: it has no name
 */
struct cgc_event {
	struct cgc_flow flow;
	__aligned_u64 time_ns;
	__aligned_u64 suppressed;
	__u32 kind;
	__u32 generation;
	__u32 pid;
	__u32 uid;
	char hook[CGC_HOOK_SIZE];
	char netdev[CGC_NETDEV_SIZE];
	char comm[CGC_COMM_SIZE];
	char path[CGC_PATH_SIZE];
};

#include "cgcompt_list.h"

/**
 * enum cgc_cmd - commands; all need CAP_SYS_ADMIN in an administrators'
 * compartment (or the supervisor)
 *
 * @CGC_CMD_STATUS: answers CGC_A_STATUS.
 * @CGC_CMD_BEGIN: open a transaction; CGC_A_OP says of what kind.
 *	EBUSY: another socket has one open. A socket's close aborts its own.
 * @CGC_CMD_RULES: CGC_A_NETDEVS, CGC_A_PATHS (what the rules' bits and indices
 *	mean, in this message), CGC_A_RULES; as many messages as needed.
 * @CGC_CMD_COMPARTMENTS: CGC_A_COMPARTMENTS, likewise.
 * @CGC_CMD_FILES: CGC_A_FILES, likewise. From now on the files are as the set will have
 *	them, for as long as the transaction is open: who looks now whether a path still
 *	leads to what was sent can rely on the answer. EBUSY: open for writing.
 * @CGC_CMD_STATEMENTS: CGC_A_NETDEV_MAPS, CGC_A_ROUTES, likewise.
 * @CGC_CMD_COMMIT: make it so, all or nothing. CGC_A_TRY_SECONDS: put the old
 *	set back after so many seconds unless CGC_CMD_CONFIRM comes. CGC_A_KEEP:
 *	refuse (EPERM) where this flow would be cut. Answers CGC_A_REFS where
 *	rules were added, in the order that they came.
 * @CGC_CMD_LIST: a dump; CGC_A_LIST says of what.
 * @CGC_CMD_EXEC: CGC_A_LABEL: the caller's next execve() enters it.
 * @CGC_CMD_MODE: CGC_A_MODE, for CGC_A_LABEL or for everything; CGC_A_KEEP.
 *	CGC_A_SECONDS with CGC_MODE_DISABLED: enforce again after that.
 * @CGC_CMD_CONFIRM: keep the set that is on trial.
 * @CGC_CMD_REVERT: put the kept previous set back. CGC_A_KEEP.
 * @CGC_CMD_NETDEV: CGC_A_IFINDEX gets CGC_A_LABEL (CGC_LABEL_NETDEV_NONE: what the
 *	NETDEV statements say). CGC_A_KEEP.
 * @CGC_CMD_SEAL: CGC_A_LABEL gains no privilege any more, until it is empty;
 *	ENOENT: it is empty now.
 * @CGC_CMD_EVENT: what the multicast group gets: CGC_A_EVENTS.
 * @CGC_CMD_CHANGED: what the group of changes gets: another set is in force.
 */
enum cgc_cmd {
	CGC_CMD_UNSPEC,
	CGC_CMD_STATUS,
	CGC_CMD_BEGIN,
	CGC_CMD_RULES,
	CGC_CMD_COMPARTMENTS,
	CGC_CMD_COMMIT,
	CGC_CMD_LIST,
	CGC_CMD_EXEC,
	CGC_CMD_MODE,
	CGC_CMD_CONFIRM,
	CGC_CMD_REVERT,
	CGC_CMD_NETDEV,
	CGC_CMD_SEAL,
	CGC_CMD_FILES,
	CGC_CMD_STATEMENTS,
	CGC_CMD_EVENT,
	CGC_CMD_CHANGED,
	__CGC_CMD_MAX,
};
#define CGC_CMD_MAX (__CGC_CMD_MAX - 1)

/* enum cgc_op - kinds of transaction (CGC_A_OP) */
enum cgc_op {
	CGC_OP_REPLACE,	/* the rules of CGC_OWNER_FILES and all definitions */
	CGC_OP_ADD,	/* EEXIST where a rule is there (CGC_A_REFS says which) */
	CGC_OP_DEL,	/* by rule or file, or by CGC_A_REFS; ENOENT: it is not there */
};

/* enum cgc_list - what CGC_CMD_LIST dumps (CGC_A_LIST), as which attribute */
enum cgc_list {
	CGC_LIST_RULES,		/* CGC_A_PATHS (messages before), CGC_A_NETDEVS (first), CGC_A_RULES */
	CGC_LIST_COMPARTMENTS,	/* CGC_A_COMPARTMENTS */
	CGC_LIST_PROCESSES,	/* CGC_A_PROCESSES */
	CGC_LIST_SOCKETS,	/* CGC_A_SOCKETS */
	CGC_LIST_NETDEVS,	/* CGC_A_DEVICES */
	CGC_LIST_REVERSE,	/* CGC_A_REVERSE */
	CGC_LIST_HOOKS,		/* CGC_A_HOOKS */
	CGC_LIST_EVENTS,	/* CGC_A_EVENTS: the last denials */
	CGC_LIST_IPC,		/* CGC_A_IPC */
	CGC_LIST_FILES,		/* CGC_A_FILES */
	CGC_LIST_LABELS,	/* CGC_A_LABELS */
	CGC_LIST_STATEMENTS,	/* and one for each enum cgc_statement_kind: */
	CGC_LIST_NETDEV_MAPS = CGC_LIST_STATEMENTS + CGC_STATEMENT_NETDEV, /* CGC_A_NETDEV_MAPS */
	CGC_LIST_ROUTES = CGC_LIST_STATEMENTS + CGC_STATEMENT_ROUTE, /* CGC_A_ROUTES */
	CGC_LIST_COUNT
};

/* enum cgc_attr - attributes; arrays are packed records without gaps */
enum cgc_attr {
	CGC_A_UNSPEC,
	CGC_A_STATUS,		/* struct cgc_status */
	CGC_A_OP,		/* u32, enum cgc_op */
	CGC_A_RULES,		/* struct cgc_rule[] */
	CGC_A_NETDEVS,		/* struct cgc_netdev_selector[], <= 64 */
	CGC_A_COMPARTMENTS,	/* struct cgc_compartment[] */
	CGC_A_REFS,		/* u64[] */
	CGC_A_TRY_SECONDS,	/* u32, 1..86400 */
	CGC_A_KEEP,		/* struct cgc_flow: the caller's own connection, PATH_IN */
	CGC_A_LIST,		/* u32, enum cgc_list */
	CGC_A_LABEL,		/* u32 */
	CGC_A_MODE,		/* u32, enum cgc_mode */
	CGC_A_SECONDS,		/* u32, 1..86400 */
	CGC_A_IFINDEX,		/* u32 */
	CGC_A_PROCESSES,	/* struct cgc_process[] */
	CGC_A_SOCKETS,		/* struct cgc_socket[] */
	CGC_A_DEVICES,		/* struct cgc_netdev[] */
	CGC_A_REVERSE,		/* struct cgc_reverse[] */
	CGC_A_HOOKS,		/* struct cgc_hook_info[] */
	CGC_A_EVENTS,		/* struct cgc_event[] */
	CGC_A_IPC,		/* struct cgc_ipc[] */
	CGC_A_PATHS,		/* struct cgc_path_word[], <= 256 */
	CGC_A_FILES,		/* struct cgc_file[] */
	CGC_A_LABELS,		/* struct cgc_label_name[] */
	CGC_A_NETDEV_MAPS,	/* struct cgc_netdev_map[] */
	CGC_A_ROUTES,		/* struct cgc_route[] */
	CGC_A_PAD,
	__CGC_A_MAX,
};
#define CGC_A_MAX (__CGC_A_MAX - 1)

#endif /* _UAPI_CGCOMPT_H */
