// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keys and keyrings (mission I4): they are whose process made them, a user's
 * keyrings too, which all processes of that user would share.
 */
#include <linux/cred.h>
#include <linux/key.h>
#include <linux/key-type.h>
#include <linux/sched.h>
#include "args.h"
#include "check.h"
#include "keyring.h"
#include "task.h"

/* For a file system or a name look-up, with credentials or a thread of its own, the
 * kernel uses its own keys in whosever context. */
static bool kernel_acts(void)
{
	return (current->flags & PF_KTHREAD) || current_cred() != current_real_cred();
}

/* Where the kernel keeps track of all users' keyrings: no process can make a keyring
 * with such a name, and the kernel looks for the user's alone in it. */
static bool is_kernels(const struct key *key)
{
	return key->type == &key_type_keyring && key->description && key->description[0] == '.';
}

static int on_alloc(struct key *key, const struct cred *cred, unsigned long flags)
{
	if (kernel_acts() || is_kernels(key))
		return 0;
	return cgc_key_create(key, cgc_label_of_current());
}

static int on_free(struct key *key)
{
	cgc_key_free(key);
	return 0;
}

static int on_permission(key_ref_t ref, const struct cred *cred, enum key_need_perm need)
{
	const struct key *key = key_ref_to_ptr(ref);
	u32 subject = cgc_label_of_current(), object = cgc_label_of_key(key);

	if (likely(cgc_check_passes(subject, object)) || kernel_acts() || is_kernels(key))
		return 0;
	return cgc_check_local(subject, object, CGC_METHOD_TRACE, 0, "security_key_permission");
}

/* A key that is not there is fetched by a program that the kernel starts as root,
 * outside of any compartment. */
static int on_upcall(void)
{
	return kernel_acts() ? 0 :
	       cgc_check_handle(cgc_label_of_current(), CGC_LABEL_DEFAULT, CGC_METHOD_TRACE,
				"request_key_auth_new");
}

/* The caller's session keyring becomes its parent's. */
static int on_session_to_parent(void)
{
	u32 parent;

	rcu_read_lock();
	parent = cgc_label_of_task(rcu_dereference(current->real_parent));
	rcu_read_unlock();
	return cgc_check_local(cgc_label_of_current(), parent, CGC_METHOD_TRACE, 0,
			       "keyctl_session_to_parent");
}

CGC_THUNK3(security_key_alloc, int, on_alloc, struct key *, const struct cred *, unsigned long)
CGC_THUNK1(security_key_free, void, on_free, struct key *)
CGC_THUNK3(security_key_permission, int, on_permission, key_ref_t, const struct cred *,
	   enum key_need_perm)
CGC_THUNK_NONE(request_key_auth_new, on_upcall)
CGC_THUNK_NONE(keyctl_session_to_parent, on_session_to_parent)

static struct cgc_hook keyring_hooks[] = {
	CGC_PRECHECK(security_key_alloc, CGC_REQUIRED),
	CGC_PRECHECK(security_key_free, CGC_REQUIRED),
	CGC_PRECHECK(security_key_permission, CGC_REQUIRED),
	CGC_PRECHECK(request_key_auth_new, CGC_REQUIRED),
	CGC_PRECHECK(keyctl_session_to_parent, CGC_REQUIRED),
};
CGC_HOOK_GROUP(keyring);
