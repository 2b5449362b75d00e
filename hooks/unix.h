/* SPDX-License-Identifier: GPL-2.0-only */
/* Unix sockets, for the call-outs that they share with other families. */
#ifndef CGC_HOOKS_UNIX_H
#define CGC_HOOKS_UNIX_H

#include <net/sock.h>

/* cgc_unix_hold - may the running process, of compartment @holder, have this socket
 * that another compartment made? Atomic. Return: 0, -EACCES. */
int cgc_unix_hold(struct sock *sk, u32 holder, const char *hook);

#endif
