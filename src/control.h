/* SPDX-License-Identifier: GPL-2.0-only */
/* Generic netlink: what the programs say and are told. */
#ifndef CGC_CONTROL_H
#define CGC_CONTROL_H

#include <linux/netlink.h>
#include <net/genetlink.h>
#include "uapi/cgcompt.h"

extern struct genl_family cgc_family;

int cgc_control_init(void);
void cgc_control_exit(void);

/* cgc_control_permitted - may who sent this message control the module?
 * CAP_SYS_ADMIN, in an administrators' compartment. Return: 0, or -EPERM with
 * the reason in extack. */
int cgc_control_permitted(const struct sk_buff *skb, struct netlink_ext_ack *extack);

/* cgc_control_changed - tell who follows changes that another set is in force. May sleep. */
void cgc_control_changed(void);

/* cgc_control_notify - send a denial to who listens. Any context. */
void cgc_control_notify(const struct cgc_event *event);

/* cgc_list_dump - answer CGC_CMD_LIST; list.c. */
int cgc_list_start(struct netlink_callback *cb);
int cgc_list_dump(struct sk_buff *skb, struct netlink_callback *cb);
int cgc_list_done(struct netlink_callback *cb);

#endif
