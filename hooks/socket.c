// SPDX-License-Identifier: GPL-2.0-only
/* Sockets are made and end: they carry the label of who made them (mission
 * L5), and some kinds are not to be had in a compartment (N4). */
#include <linux/net.h>
#include <net/sock.h>
#include "args.h"
#include "check.h"
#include "object.h"
#include "task.h"

static int on_create(int family, int type, int protocol, int kern)
{
	u32 label;

	if (kern)
		return 0;
	label = cgc_label_of_current();
	if (likely(label == CGC_LABEL_DEFAULT || label == CGC_LABEL_SUPERVISOR))
		return 0;
	return cgc_check_family(label, family, type, protocol, "security_socket_create");
}

/* Made by the kernel on whosever behalf: it is nobody's but compartment 0's. */
static int on_post_create(struct socket *sock, int family, int type, int protocol, int kern)
{
	if (unlikely(kern && sock->sk))
		cgc_sock_set_kernel(sock->sk);
	return 0;
}

static int on_alloc(struct sock *sk, int family, gfp_t priority)
{
	return cgc_sock_create(sk, family);
}

static int on_free(struct sock *sk)
{
	cgc_sock_free(sk);
	return 0;
}

CGC_THUNK4(security_socket_create, int, on_create, int, int, int, int)
CGC_THUNK5(security_socket_post_create, int, on_post_create, struct socket *, int, int, int, int)
CGC_THUNK3(security_sk_alloc, int, on_alloc, struct sock *, int, gfp_t)
CGC_THUNK1(security_sk_free, void, on_free, struct sock *)

static struct cgc_hook socket_hooks[] = {
	CGC_PRECHECK(security_socket_create, CGC_REQUIRED),
	CGC_PRECHECK(security_socket_post_create, CGC_REQUIRED),
	CGC_PRECHECK(security_sk_alloc, CGC_REQUIRED),
	CGC_PRECHECK(security_sk_free, CGC_REQUIRED),
};
CGC_HOOK_GROUP(socket);
