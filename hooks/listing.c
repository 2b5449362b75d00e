// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where else the kernel tells of processes and sockets (mission I5): handles by PID,
 * cgroups, events, and the files of /proc that are of no process. Those are known by
 * their names, which are what the kernel promises of them; what shows them is spread
 * over the kernel and its modules.
 */
#include <linux/connector.h>
#include <linux/cn_proc.h>
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/ioctl.h>
#include <linux/nsfs.h>
#include <linux/pid.h>
#include <linux/string.h>
#include "args.h"
#include "route.h"
#include "sees.h"

/* Files of /proc about the whole machine: of the kernel itself, which compartment 0 may
 * have, or of everybody's objects, for those who see all. */
static const char *const kernel_files[] = {
	"allocinfo", "iomem", "ioports", "kallsyms", "kcore", "kmsg", "kpagecgroup", "kpagecount",
	"kpageflags", "pagetypeinfo", "sched_debug", "slabinfo", "timer_list", "vmallocinfo",
	"vmcore", "zoneinfo", NULL
};
static const char *const everybodys_files[] = { "key-users", "keys", "locks", NULL };

/* Of /proc/net: what belongs to the network namespace, or has its rows chosen
 * (procnet.c); what counts or shows everybody's sockets; all else, modules' files
 * too, is compartment 0's. */
static const char *const net_files[] = {
	"anycast6", "arp", "dev", "dev_mcast", "dev_snmp6", "fib_trie", "fib_triestat", "icmp",
	"icmp6", "if_inet6", "igmp", "igmp6", "ipv6_route", "mcfilter", "mcfilter6", "netlink",
	"netstat", "packet", "psched", "raw", "raw6", "route", "rt6_stats", "rt_cache", "snmp",
	"snmp6", "softnet_stat", "tcp", "tcp6", "udp", "udp6", "udplite", "udplite6", "unix",
	"wireless", "xfrm_stat", NULL
};
static const char *const net_everybodys_files[] = {
	"ip6_flowlabel", "nf_conntrack", "nf_conntrack_expect", "protocols", "sctp", "sockstat",
	"sockstat6", NULL
};

/* Of these, what shows every routing table there is. */
static const char *const table_files[] = {
	"fib_trie", "fib_triestat", "ipv6_route", "rt_cache", NULL
};

static bool named(const struct dentry *entry, const char *const *names)
{
	for (; *names; names++)
		if (!strcmp(entry->d_name.name, *names))
			return true;
	return false;
}

static u32 owner_in_net(const struct dentry *entry, u32 reader)
{
	if (named(entry, table_files) && cgc_route_any())
		return CGC_LABEL_SUPERVISOR;
	if (named(entry, net_files))
		return reader;
	return named(entry, net_everybodys_files) ? CGC_LABEL_SUPERVISOR : CGC_LABEL_DEFAULT;
}

/* Whose a file of /proc is that is of no process. All of /proc/PID that are such are
 * below its directory net. */
static u32 owner_of_file(const struct dentry *entry, u32 reader)
{
	const struct dentry *top = entry, *below_net = NULL;

	for (; !IS_ROOT(top->d_parent); top = top->d_parent)
		if (!strcmp(top->d_parent->d_name.name, "net"))
			below_net = top;
	if (isdigit(top->d_name.name[0]))
		return below_net ? owner_in_net(below_net, reader) : CGC_LABEL_DEFAULT;
	if (top != entry)
		return reader;
	if (named(entry, everybodys_files))
		return CGC_LABEL_SUPERVISOR;
	return named(entry, kernel_files) ? CGC_LABEL_DEFAULT : reader;
}

static int on_open(const struct file *file)
{
	u32 subject;

	if (cgc_sees_all(&subject))
		return 0;
	return cgc_check_handle(subject, owner_of_file(file->f_path.dentry, subject),
				CGC_METHOD_LIST, "proc_reg_open");
}

/* May it have what tells of the kernel itself? */
static int kernels_own(const char *hook)
{
	u32 subject;

	return cgc_sees_all(&subject) ? 0 :
	       cgc_check_handle(subject, CGC_LABEL_DEFAULT, CGC_METHOD_LIST, hook);
}

static int on_syslog(int type)
{
	return kernels_own("security_syslog");
}

static int on_debugfs(void)
{
	return kernels_own("debugfs");
}

/* Also for SO_PEERPIDFD, SCM_PIDFD and fanotify. A child that is being made is not
 * there yet. */
static int on_pidfd(struct pid *pid, unsigned int flags, struct file **file)
{
	bool sees;

	rcu_read_lock();
	sees = cgc_sees_task(pid_task(pid, PIDTYPE_PID));
	rcu_read_unlock();
	return sees ? 0 : -ESRCH;
}

/* A pidfd by a file handle, which is a number that can be guessed: as if it were stale. */
static int on_pidfd_handle(void)
{
	u32 subject;

	return cgc_sees_all(&subject) ? 0 : CGC_RETURN_ZERO;
}

/* NS_GET_PID_FROM_PIDNS and the three after it: they tell which PIDs there are. */
static int on_ns_ioctl(unsigned int command)
{
	u32 subject;

	if (_IOC_TYPE(command) != NSIO || _IOC_NR(command) < 6 || _IOC_NR(command) > 9)
		return 0;
	return cgc_sees_all(&subject) ? 0 : -ESRCH;
}

/* A row of cgroup.procs or cgroup.threads. */
static int on_cgroup_row(const struct task_struct *task)
{
	return cgc_sees_task(task) ? 0 : CGC_RETURN_ZERO;
}

/* A row of cgroup.procs or tasks of the old hierarchies: the number as it is called
 * where the reader is. */
static int on_old_cgroup_row(const int *number)
{
	bool sees;

	rcu_read_lock();
	sees = cgc_sees_task(pid_task(find_vpid(*number), PIDTYPE_PID));
	rcu_read_unlock();
	return sees ? 0 : CGC_RETURN_ZERO;
}

/* Figures of any process, and of each that ends. */
static int on_taskstats(void)
{
	u32 subject;

	return cgc_sees_all(&subject) ? 0 : -EPERM;
}

/* Switching the events of processes on: nothing is answered. */
static int on_events(void)
{
	u32 subject;

	return cgc_sees_all(&subject) ? 0 : CGC_RETURN_ZERO;
}

static int on_events_bind(int group)
{
	u32 subject;

	return group != CN_IDX_PROC || cgc_sees_all(&subject) ? 0 : -EPERM;
}

CGC_THUNK_STATIC(proc_reg_open, on_open(CGC_ARG(1, const struct file *)))
CGC_THUNK1(security_syslog, int, on_syslog, int)
CGC_THUNK_NONE(open_proxy_open, on_debugfs)
CGC_THUNK_NONE(full_proxy_open, on_debugfs)
CGC_THUNK_NONE(full_proxy_open_regular, on_debugfs)
CGC_THUNK_NONE(full_proxy_open_short, on_debugfs)
CGC_THUNK3(pidfd_prepare, int, on_pidfd, struct pid *, unsigned int, struct file **)
CGC_THUNK_NONE(pidfs_fh_to_dentry, on_pidfd_handle)
CGC_THUNK_STATIC(ns_ioctl, on_ns_ioctl(CGC_ARG(1, unsigned long)))
CGC_THUNK_STATIC(cgroup_procs_show, on_cgroup_row(CGC_ARG(1, const struct task_struct *)))
CGC_THUNK_STATIC(cgroup_pidlist_show, on_old_cgroup_row(CGC_ARG(1, const int *)))
CGC_THUNK_NONE(taskstats_user_cmd, on_taskstats)
CGC_THUNK_NONE(cgroupstats_user_cmd, on_taskstats)
CGC_THUNK_NONE(cn_proc_mcast_ctl, on_events)
CGC_THUNK_STATIC(cn_bind, on_events_bind(CGC_ARG(1, unsigned long)))

static struct cgc_hook listing_hooks[] = {
	CGC_PRECHECK(proc_reg_open, CGC_REQUIRED),
	CGC_PRECHECK(security_syslog, CGC_REQUIRED),
	CGC_PRECHECK(open_proxy_open, CGC_REQUIRED),
	/* Either this or, on 7.x, the two after it. */
	CGC_PRECHECK(full_proxy_open, CGC_OPTIONAL),
	CGC_PRECHECK(full_proxy_open_regular, CGC_OPTIONAL),
	CGC_PRECHECK(full_proxy_open_short, CGC_OPTIONAL),
	CGC_PRECHECK(pidfd_prepare, CGC_REQUIRED),
	CGC_PRECHECK(pidfs_fh_to_dentry, CGC_OPTIONAL), /* there are such handles since 6.14 */
	CGC_PRECHECK(ns_ioctl, CGC_REQUIRED),
	CGC_PRECHECK(cgroup_procs_show, CGC_REQUIRED),
	CGC_PRECHECK(cgroup_pidlist_show, CGC_OPTIONAL),
	CGC_PRECHECK(taskstats_user_cmd, CGC_REQUIRED),
	CGC_PRECHECK(cgroupstats_user_cmd, CGC_REQUIRED),
	CGC_PRECHECK(cn_proc_mcast_ctl, CGC_REQUIRED),
	/* Not on 6.1: there compartment 0's root, if it is not the administrators', gets
	 * the events that one of theirs has switched on. */
	CGC_PRECHECK(cn_bind, CGC_OPTIONAL),
};
CGC_HOOK_GROUP(listing);
