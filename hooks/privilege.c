// SPDX-License-Identifier: GPL-2.0-only
/*
 * Privileges (mission S1, S2): capabilities within the compartment's bound, and no gain
 * where it is sealed.
 *
 * The bound applies to every use by a process's own credentials, and is cut out of the
 * credentials that a process runs a program with, or gains anything by, so that what the
 * kernel keeps of them (a file that was opened) is within it, too. Credentials that the
 * kernel lends (overlayfs) are not the process's, and are not bounded.
 *
 * A gain is a user or group id 0, or a capability, that the credentials before had
 * nowhere. It is refused where whatever a process becomes is put into force; programs with
 * set-id bits or file capabilities run without what these would give, as after
 * prctl(PR_SET_NO_NEW_PRIVS).
 */
#include <linux/binfmts.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/sched/signal.h>
#include <linux/user_namespace.h>
#include "args.h"
#include "check.h"
#include "privilege.h"
#include "seal.h"
#include "task.h"

static int refuse_gain(const char *hook)
{
	return cgc_check_gain(cgc_label_of_current(), hook) ? -EPERM : 0;
}

/* Of the machine, or of the user namespace that it is in. */
static bool is_root_user(kuid_t uid, struct user_namespace *ns)
{
	return uid_eq(uid, GLOBAL_ROOT_UID) ||
	       (ns != &init_user_ns && uid_eq(uid, make_kuid(ns, 0)));
}

static bool is_root_group(kgid_t gid, struct user_namespace *ns)
{
	return gid_eq(gid, GLOBAL_ROOT_GID) ||
	       (ns != &init_user_ns && gid_eq(gid, make_kgid(ns, 0)));
}

static bool has_root_user(const struct cred *cred)
{
	struct user_namespace *ns = cred->user_ns;

	return is_root_user(cred->uid, ns) || is_root_user(cred->euid, ns) ||
	       is_root_user(cred->suid, ns) || is_root_user(cred->fsuid, ns);
}

static bool has_root_group(const struct cred *cred)
{
	struct user_namespace *ns = cred->user_ns;
	int i;

	if (is_root_group(cred->gid, ns) || is_root_group(cred->egid, ns) ||
	    is_root_group(cred->sgid, ns) || is_root_group(cred->fsgid, ns))
		return true;
	for (i = 0; i < cred->group_info->ngroups; i++)
		if (is_root_group(cred->group_info->gid[i], ns))
			return true;
	return false;
}

static bool gains_ids(const struct cred *new, const struct cred *old)
{
	return (!has_root_user(old) && has_root_user(new)) ||
	       (!has_root_group(old) && has_root_group(new));
}

/* Who already is both gains neither. */
static bool is_root(const struct cred *cred)
{
	return uid_eq(cred->uid, GLOBAL_ROOT_UID) && gid_eq(cred->gid, GLOBAL_ROOT_GID);
}

static bool gains_caps(const struct cred *new, const struct cred *old)
{
	return !cap_issubset(new->cap_permitted, old->cap_permitted);
}

static __always_inline bool is_same(const kernel_cap_t *a, const kernel_cap_t *b)
{
	return !memcmp(a, b, sizeof(*a));
}

/* What may be used is among what is permitted, what is handed on among both of these. */
static bool gains_any_set(const struct cred *new, const struct cred *old)
{
	if (likely(is_same(&new->cap_permitted, &old->cap_permitted) &&
		   is_same(&new->cap_bset, &old->cap_bset) &&
		   is_same(&new->cap_inheritable, &old->cap_inheritable)))
		return false;
	return gains_caps(new, old) || !cap_issubset(new->cap_bset, old->cap_bset) ||
	       !cap_issubset(new->cap_inheritable, old->cap_inheritable);
}

/* Also of the compartment that the program is to enter. */
static int on_exec(struct linux_binprm *bprm)
{
	static const char hook[] = "security_bprm_creds_from_file";
	u32 label;

	if (likely(!cgc_task_entering(&label)))
		label = cgc_label_of_current();
	if (likely(!cgc_check_sealed(label)))
		return 0;
	if (gains_ids(bprm->cred, current_cred()))
		cgc_check_gain(label, hook);
	bprm->unsafe |= LSM_UNSAFE_NO_NEW_PRIVS;
	return 0;
}

static int on_user_ns(void)
{
	return refuse_gain("security_create_user_ns");
}

static int on_join_user_ns(void)
{
	return refuse_gain("userns_install");
}

static void cut(struct cred *cred, u32 label)
{
	const kernel_cap_t caps = cgc_caps(cgc_check_bound(label));

	cred->cap_permitted = cap_intersect(cred->cap_permitted, caps);
	cred->cap_effective = cap_intersect(cred->cap_effective, caps);
	cred->cap_inheritable = cap_intersect(cred->cap_inheritable, caps);
	cred->cap_ambient = cap_intersect(cred->cap_ambient, caps);
	cred->cap_bset = cap_intersect(cred->cap_bset, caps);
}

/* The caller's @new is commit_creds()'s to put away. Past its point of no return an
 * execve() does not fail: what the compartment was sealed in the middle of ends. */
static noinline int may_commit(struct cred *new, const struct cred *old, u32 label)
{
	if (!gains_ids(new, old) && !gains_caps(new, old))
		return 0;
	if (!cgc_check_gain(label, "commit_creds"))
		return 0;
	if (current->in_execve)
		force_sig(SIGKILL);
	abort_creds(new);
	return -EPERM;
}

/* Whatever a process becomes, it becomes here, or gets the error that is returned here. */
static int on_commit(struct cred *new)
{
	const struct cred *old = current_real_cred();
	u32 label = cgc_label_of_current();
	bool gains;

	if (label == CGC_LABEL_DEFAULT || label == CGC_LABEL_SUPERVISOR)
		return 0;
	gains = gains_any_set(new, old);
	if (unlikely(gains))
		cut(new, label);
	if (cgc_seal_may_be(label) && (gains || !is_root(old)))
		return may_commit(new, old, label);
	return 0;
}

void cgc_privilege_exec(struct cred *cred)
{
	cut(cred, cgc_label_of_current());
}

void cgc_privilege_cut(struct task_struct *child)
{
	cut((struct cred *)rcu_access_pointer(child->real_cred), cgc_label_of_current());
}

/* A process's io_uring workers act with what it lends them. */
static bool is_own(const struct cred *cred)
{
	return cred == current_cred() &&
	       (cred == current_real_cred() || current->flags & PF_IO_WORKER);
}

/* Who would not have it anyway is not told about: programs ask in order to know. Root's
 * sets have been cut. */
static bool would_have(const struct cred *cred, int cap)
{
	return cap_raised(cred->cap_effective, cap) || is_root_user(cred->euid, cred->user_ns);
}

static noinline int refuse_capable(const struct cred *cred, u32 label, int cap, unsigned int opts)
{
	bool quiet = opts & CAP_OPT_NOAUDIT || !would_have(cred, cap);

	return cgc_check_capable(label, cap, quiet, "security_capable") ? -EPERM : 0;
}

static int on_capable(const struct cred *cred, int cap, unsigned int opts)
{
	u32 label = cgc_label_of_current();

	if (label == CGC_LABEL_DEFAULT || !is_own(cred) || likely(cgc_check_within(label, cap)))
		return 0;
	return refuse_capable(cred, label, cap, opts);
}

int cgc_privilege_control(const struct task_struct *task, const char *hook)
{
	u32 label = cgc_label_of_current();
	const struct cred *cred;
	bool gains;

	if (likely(!cgc_check_sealed(label)))
		return 0;
	rcu_read_lock();
	cred = __task_cred(task);
	gains = gains_ids(cred, current_cred()) || gains_caps(cred, current_cred());
	rcu_read_unlock();
	return gains ? cgc_check_gain(label, hook) : 0;
}

CGC_THUNK_STATIC1(security_bprm_creds_from_file, on_exec, struct linux_binprm *)
CGC_THUNK_NONE(security_create_user_ns, on_user_ns)
CGC_THUNK_NONE(userns_install, on_join_user_ns)
CGC_THUNK1(commit_creds, int, on_commit, struct cred *)
CGC_THUNK(security_capable, int,
	  on_capable(CGC_ARG(0, const struct cred *), CGC_ARG(2, int), CGC_ARG(3, unsigned int)),
	  const struct cred *, struct user_namespace *, int, unsigned int)

static struct cgc_hook privilege_hooks[] = {
	CGC_PRECHECK(security_bprm_creds_from_file, CGC_REQUIRED),
	CGC_PRECHECK(security_create_user_ns, CGC_REQUIRED),
	CGC_PRECHECK(userns_install, CGC_REQUIRED),
	CGC_PRECHECK(commit_creds, CGC_REQUIRED),
	CGC_PRECHECK(security_capable, CGC_REQUIRED),
};
CGC_HOOK_GROUP(privilege);
