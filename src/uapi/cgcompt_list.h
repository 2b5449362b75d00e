/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* Records that listings answer with, and nothing else. Part of cgcompt.h. */
#ifndef _UAPI_CGCOMPT_LIST_H
#define _UAPI_CGCOMPT_LIST_H

#include <linux/types.h>

/**
 * struct cgc_process - one labelled task
 * @pid: thread id in the initial namespace
 * @tgid: its process
 * @label: its compartment
 * @comm: its name
 */
struct cgc_process {
	__u32 pid;
	__u32 tgid;
	__u32 label;
	char comm[CGC_COMM_SIZE];
};

/**
 * struct cgc_socket - one socket with a record
 * @label: the compartment that it belongs to
 * @family: address family (AF_INET …)
 * @protocol: IP protocol
 * @sport: its own port, host order
 * @dport: its peer's
 * @inode: as in /proc/net/tcp, 0 where it has none
 * @saddr: its own address, network order, IPv4 in the first four
 * @daddr: its peer's
 * @name: of a unix socket, `@' for the NUL of an abstract one; else empty
 */
struct cgc_socket {
	__u32 label;
	__u16 family;
	__u16 protocol;
	__u16 sport;
	__u16 dport;
	__u32 reserved;
	__aligned_u64 inode;
	__u8 saddr[16];
	__u8 daddr[16];
	char name[CGC_PATH_SIZE];
};

/* enum cgc_ipc_kind - what an IPC object is */
enum cgc_ipc_kind {
	CGC_IPC_MSG,
	CGC_IPC_SHM,
	CGC_IPC_SEM,
	CGC_IPC_MQ,		/* a message queue of POSIX: has a name */
	CGC_IPC_KINDS
};

/**
 * struct cgc_ipc - one labelled IPC object
 * @label: its maker's compartment
 * @kind: enum cgc_ipc_kind
 * @id: as ipcs(1) shows it; 0 with CGC_IPC_MQ
 * @key: likewise
 * @name: of a CGC_IPC_MQ, without the slash; else empty
 */
struct cgc_ipc {
	__u32 label;
	__u32 kind;
	__s32 id;
	__u32 key;
	char name[CGC_IPC_NAME_SIZE];
};

/**
 * struct cgc_netdev - one interface
 * @ifindex: its number
 * @label: its label
 * @statement: which NETDEV statement it is from, in their order from 1; 0: none
 * @by_hand: it was given by hand
 * @netns: inode of its network namespace; 0: the initial one
 * @name: its name
 */
struct cgc_netdev {
	__u32 ifindex;
	__u32 label;
	__u32 statement;
	__u32 by_hand;
	__u32 netns;
	char name[CGC_NETDEV_SIZE];
};

/**
 * struct cgc_hook_info - one hooked function
 * @hits: how often it was asked to decide, since load
 * @denials: how often it refused
 * @required: 1 where loading without it is refused; 2: a module's, hooked as long as
 *	that is loaded
 * @attached: 1 where it is hooked
 * @group: the file of hooks/ that it stands in
 * @name: the kernel's function
 */
struct cgc_hook_info {
	__aligned_u64 hits;
	__aligned_u64 denials;
	__u32 required;
	__u32 attached;
	char group[CGC_COMM_SIZE];
	char name[CGC_HOOK_SIZE];
};

#endif /* _UAPI_CGCOMPT_LIST_H */
