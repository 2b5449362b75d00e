// SPDX-License-Identifier: GPL-2.0-only
/* Holds one of the kernel's functions as a live patch does: compiled in the guest. */
#include <linux/ftrace.h>
#include <linux/module.h>

static char *function;
module_param(function, charp, 0444);
MODULE_PARM_DESC(function, "which");

static void notrace on_entry(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
			     struct ftrace_regs *fregs)
{
}

static struct ftrace_ops ops = {
	.func = on_entry,
	.flags = FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY,
};

static int __init holder_init(void)
{
	int err = ftrace_set_filter(&ops, function, strlen(function), 1);

	return err ?: register_ftrace_function(&ops);
}
module_init(holder_init);

static void __exit holder_exit(void)
{
	unregister_ftrace_function(&ops);
	ftrace_free_filter(&ops);
}
module_exit(holder_exit);

MODULE_DESCRIPTION("Holds a function of the kernel");
MODULE_LICENSE("GPL");
