// SPDX-License-Identifier: GPL-2.0-only
/* Which compartment a program is entered into. */
#include <linux/dcache.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/rcupdate.h>
#include <linux/string.h>
#include "compartment.h"
#include "mapping.h"
#include "pin.h"
#include "policy.h"
#include "seal.h"
#include "task.h"

/* The program's dentry is locked: it keeps its name and directory. */
static bool is_program(const struct cgc_pin *pin, const struct dentry *dentry,
		       const struct inode *inode)
{
	if (pin->path.dentry && d_inode(pin->path.dentry) == inode)
		return true;
	return d_inode(dentry->d_parent) == d_inode(pin->dir.dentry) &&
	       !strcmp((const char *)dentry->d_name.name, pin->name);
}

static const struct cgc_pin *find(const struct cgc_policy *policy, const struct file *program,
				  u32 from)
{
	struct dentry *dentry = program->f_path.dentry;
	const struct cgc_pin *found = NULL;
	u32 i;

	if (likely(!policy->pins_count))
		return NULL;
	spin_lock(&dentry->d_lock);
	for (i = 0; i < policy->pins_count && !found; i++) {
		const struct cgc_pin *pin = policy->pins[i];

		if (pin->file.kind == CGC_FILE_EXEC && pin->file.from == from &&
		    is_program(pin, dentry, file_inode(program)))
			found = pin;
	}
	spin_unlock(&dentry->d_lock);
	return found;
}

int cgc_mapping_enter(const struct file *program, bool *trusted)
{
	u32 from = cgc_label_of_current(), to;
	const struct cgc_policy *policy;
	const struct cgc_pin *pin;
	int err = 0;

	*trusted = false;
	cgc_task_forget_mapped();
	rcu_read_lock();
	policy = cgc_policy();
	pin = find(policy, program, from);
	if (unlikely(pin) && !cgc_task_entering(&to)) {
		to = pin->file.compartment;
		*trusted = cgc_compartment_administers(policy, to) &&
			   !cgc_compartment_administers(policy, from);
		cgc_seal_enter(to);
		err = cgc_task_map_exec(to);
	}
	rcu_read_unlock();
	return err;
}

static const char *verify(const struct cgc_policy *policy, const struct cgc_file *file)
{
	const struct cgc_compartment *to = cgc_compartment_find(policy, file->compartment);

	if (to && to->root[0])
		return "an EXEC statement leads into a compartment with a ROOT, which it does not enter";
	if (cgc_compartment_is_admin(policy, file->compartment) && file->from != CGC_LABEL_DEFAULT &&
	    !cgc_compartment_is_admin(policy, file->from))
		return "an EXEC statement leads into an ADMIN compartment from neither compartment 0 nor another one";
	return NULL;
}

int cgc_mapping_verify(const struct cgc_policy *policy, const char **why)
{
	u32 i;

	for (i = 0; i < policy->pins_count; i++) {
		if (policy->pins[i]->file.kind != CGC_FILE_EXEC)
			continue;
		*why = verify(policy, &policy->pins[i]->file);
		if (*why)
			return -EINVAL;
	}
	return 0;
}

bool cgc_mapping_to_admin(const struct cgc_policy *policy)
{
	u32 i;

	for (i = 0; i < policy->pins_count; i++)
		if (policy->pins[i]->file.kind == CGC_FILE_EXEC &&
		    policy->pins[i]->file.from == CGC_LABEL_DEFAULT &&
		    cgc_compartment_is_admin(policy, policy->pins[i]->file.compartment))
			return true;
	return false;
}
