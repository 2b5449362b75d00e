/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * Statements that are plain records. Each begins with its owner; a set keeps those of a
 * kind in the order that they were written in. Part of cgcompt.h.
 */
#ifndef _UAPI_CGCOMPT_STATEMENT_H
#define _UAPI_CGCOMPT_STATEMENT_H

#include <linux/types.h>

#define CGC_KIND_SIZE		16	/* a kind of interfaces with its NUL */
#define CGC_DRIVER_SIZE		32	/* a driver's name with its NUL */
#define CGC_ALTNAME_SIZE	128	/* ALTIFNAMSIZ */
#define CGC_NETDEV_MAPS_MAX	256	/* NETDEV statements of one set */
#define CGC_ROUTES_MAX		4096	/* ROUTE statements of one set */

/* enum cgc_statement_kind - kinds of them */
enum cgc_statement_kind {
	CGC_STATEMENT_NETDEV,	/* struct cgc_netdev_map */
	CGC_STATEMENT_ROUTE,	/* struct cgc_route */
	CGC_STATEMENT_KINDS
};

/* What a NETDEV statement says of its interfaces: struct cgc_netdev_map's @attrs. */
#define CGC_MAP_NAME	(1u << 0)
#define CGC_MAP_KIND	(1u << 1)
#define CGC_MAP_DRIVER	(1u << 2)
#define CGC_MAP_MAC	(1u << 3)
#define CGC_MAP_ADDRESS	(1u << 4)
#define CGC_MAP_PEER	(1u << 5)
#define CGC_MAP_VLAN	(1u << 6)
#define CGC_MAP_MASTER	(1u << 7)
#define CGC_MAP_ALTNAME	(1u << 8)
#define CGC_MAP_ALIAS	(1u << 9)
#define CGC_MAP_NETNS	(1u << 10)
#define CGC_MAP_ALL	((1u << 11) - 1)

/* enum cgc_map_netns - in which network namespaces an interface is meant */
enum cgc_map_netns {
	CGC_MAP_NETNS_INITIAL,	/* also without CGC_MAP_NETNS */
	CGC_MAP_NETNS_OTHER,	/* all but the initial one */
	CGC_MAP_NETNS_ANY,
};

/**
 * struct cgc_map_addr - an address or a network, 20 bytes
 * @family: 4 or 6; 0: none
 * @prefix: bits of @addr that count
 * @reserved: 0
 * @addr: network order, IPv4 in the first four; the bits past @prefix are 0
 */
struct cgc_map_addr {
	__u8 family;
	__u8 prefix;
	__u16 reserved;
	__u8 addr[16];
};

/**
 * struct cgc_netdev_map - NETDEV attribute ... -> LABEL x, 468 bytes
 * @owner: enum cgc_owner
 * @label: what its interfaces get, CGC_LABEL_NETDEV_FIRST..CGC_LABEL_QUARANTINE - 1
 * @attrs: CGC_MAP_*: which of the following count, at least one; the others are 0
 * @vlan: VLAN id, 1..4094
 * @netns: enum cgc_map_netns
 * @reserved: 0
 * @mac: bits of the hardware address ...
 * @mac_mask: ... that count; the others are 0 in @mac
 * @address: one of the interface's own is in it
 * @peer: one of its peers' (of point-to-point addresses) is in it
 * @name: pattern for its name; `*' any run of bytes, `?' any one
 * @kind: of the kernel's kinds of virtual interfaces (veth, vlan, ppp ...)
 * @driver: of the device behind it
 * @master: pattern for the name of the bridge, bond or VRF that it belongs to
 * @altname: one of its other names
 * @alias: pattern for its alias
 * @label_name: how @label is called, or empty
 *
 * Strings are padded with NUL.
 */
struct cgc_netdev_map {
	__u32 owner;
	__u32 label;
	__u32 attrs;
	__u16 vlan;
	__u8 netns;
	__u8 reserved;
	__u8 mac[6];
	__u8 mac_mask[6];
	struct cgc_map_addr address;
	struct cgc_map_addr peer;
	char name[CGC_NETDEV_SIZE];
	char kind[CGC_KIND_SIZE];
	char driver[CGC_DRIVER_SIZE];
	char master[CGC_NETDEV_SIZE];
	char altname[CGC_ALTNAME_SIZE];
	char alias[CGC_ALTNAME_SIZE];
	char label_name[CGC_NAME_SIZE];
};

/**
 * struct cgc_label_name - how an interface's label is called
 * @label: its number
 * @defined: the set in force has it; 0: only the past
 * @name: its name
 */
struct cgc_label_name {
	__u32 label;
	__u32 defined;
	char name[CGC_NAME_SIZE];
};

/*
 * Routing per compartment: the table of a ROUTED one is CGC_TABLE_FIRST + i, i from 1 as
 * the module gives it; its sockets carry i in the bits of the module's mark_mask. Per
 * network namespace and family the control program plants two kinds of `ip rule', whose
 * protocol, like that of the routes, is CGC_ROUTE_PROTOCOL: the mark looks its table up,
 * at CGC_ROUTE_PRIORITY; what has a mark and has found nothing is unreachable, at the
 * next. The module refuses what was not routed like that.
 */
#define CGC_TABLE_FIRST		0x63670000u
#define CGC_ROUTE_PRIORITY	90u
#define CGC_ROUTE_PROTOCOL	0xccu

/**
 * struct cgc_route - a route of a compartment's table, 60 bytes
 * @owner: enum cgc_owner
 * @compartment: whose
 * @family: 4 or 6
 * @prefix: bits of @dst that count
 * @reserved: 0
 * @dst: where it leads, network order, IPv4 in the first four; the bits past @prefix are 0
 * @via: the gateway, likewise; 0: none, who is there is on @netdev
 * @netdev: by which interface, padded with NUL; empty: by which @via is reached
 */
struct cgc_route {
	__u32 owner;
	__u32 compartment;
	__u8 family;
	__u8 prefix;
	__u16 reserved;
	__u8 dst[16];
	__u8 via[16];
	char netdev[CGC_NETDEV_SIZE];
};

#endif /* _UAPI_CGCOMPT_STATEMENT_H */
