// SPDX-License-Identifier: GPL-2.0-only
/* The decision: the request goes to the core, the verdict through the mode. */
#include <linux/capability.h>
#include <linux/in.h>
#include <linux/log2.h>
#include <linux/net.h>
#include <linux/netlink.h>
#include <linux/rcupdate.h>
#include <linux/security.h>
#include <linux/string.h>
#include "bound.h"
#include "check.h"
#include "compartment.h"
#include "event.h"
#include "flowcache.h"
#include "immutable.h"
#include "mode.h"
#include "netdev.h"
#include "policy.h"
#include "route.h"
#include "seal.h"

static void fill_request(struct cgc_request *req, const struct cgc_ask *ask,
			 const struct cgc_policy *policy)
{
	const struct cgc_ruleset *rules = policy->rules;
	const struct cgc_flow *flow = &ask->flow;

	req->subject = flow->subject;
	req->object = flow->object;
	req->path = flow->path;
	req->method = flow->method;
	req->family = flow->family;
	req->attrs = ask->attrs;
	req->signal = flow->method == CGC_METHOD_SIGNAL ? flow->detail : 0;
	req->name_len = ask->name_len;
	req->name = ask->name;
	req->sport_unknown = ask->sport_unknown;
	req->sport = flow->sport;
	req->dport = flow->dport;
	req->netdevs = 0;
	req->routes = CGC_ROUTES_NOT_ASKED;
	if (flow->path == CGC_PATH_LOCAL || flow->path == CGC_PATH_FORWARD)
		return;
	memcpy(req->peer, flow->path == CGC_PATH_OUT ? flow->daddr : flow->saddr,
	       sizeof(req->peer));
	req->netdevs = ask->netdev_unknown ? CGC_NETDEVS_UNKNOWN :
		cgc_netdev_selectors(rules, ask->net, flow->ifindex);
	if (flow->path == CGC_PATH_OUT)
		req->routes = cgc_route_ask(policy, ask);
}

/* A refusal by the rules: what does the mode make of it? */
static int refuse(const struct cgc_ask *ask, const struct cgc_policy *policy)
{
	u32 actor = ask->flow.path == CGC_PATH_IN ? ask->flow.object : ask->flow.subject;
	u32 mode = cgc_mode();
	bool through = mode != CGC_MODE_ENFORCE || cgc_compartment_permissive(policy, actor);

	if (mode != CGC_MODE_DISABLED && mode != CGC_MODE_LOADING && !ask->quiet)
		cgc_event_denied(ask, through ? CGC_EVENT_WOULD_DENY : CGC_EVENT_DENIED,
				 policy);
	return through ? 0 : -EACCES;
}

/* What the interface refuses has the reason in place of a rule. */
static int refuse_netdev(const struct cgc_ask *ask, u8 detail, const struct cgc_policy *policy)
{
	struct cgc_ask why = *ask;

	if (why.flow.path == CGC_PATH_LOCAL)
		why.flow.path = CGC_PATH_IN;
	why.flow.detail = detail;
	return refuse(&why, policy);
}

/* Not reached by the rules: its own table leads elsewhere or nowhere. */
static int refuse_route(const struct cgc_ask *asked, const struct cgc_policy *policy)
{
	struct cgc_ask ask = *asked;

	ask.flow.path = CGC_PATH_ROUTE;
	return refuse(&ask, policy) ? -ENETUNREACH : 0;
}

int cgc_check(const struct cgc_ask *ask, struct cgc_verdict *verdict)
{
	const struct cgc_policy *policy;
	struct cgc_verdict v;
	struct cgc_request req;
	int ret = 0;
	u8 detail;

	rcu_read_lock();
	policy = cgc_policy();
	fill_request(&req, ask, policy);
	v = cgc_ruleset_decide(policy->rules, &req);
	detail = v.allow ? cgc_bound_refuses(policy, ask) : 0;
	if (unlikely(detail)) {
		v = (struct cgc_verdict){ .why = CGC_WHY_DEFAULT };
		ret = refuse_netdev(ask, detail, policy);
	} else if (unlikely(!v.allow)) {
		ret = v.why == CGC_WHY_NO_ROUTE ? refuse_route(ask, policy) : refuse(ask, policy);
	} else if (ask->netdev_unknown && cgc_bound_any(policy)) {
		v.netdevs = CGC_NETDEVS_UNKNOWN;
	}
	rcu_read_unlock();
	if (verdict)
		*verdict = v;
	return ret;
}

static bool decides_forwarding(const struct cgc_policy *policy)
{
	return policy->rules->forwards || policy->statements.of[CGC_STATEMENT_NETDEV].count;
}

bool cgc_check_forwards(void)
{
	return decides_forwarding(cgc_policy());
}

static struct cgc_flow_key flow_key(const struct cgc_ask *ask, u32 to, u32 generation)
{
	const struct cgc_flow *flow = &ask->flow;

	return (struct cgc_flow_key){
		.netdevs = (u64)flow->ifindex << 32 | to,
		.place = (u64)ask->net->ns.inum << 32 | generation,
		.flow = (u64)flow->sport << 32 | (u64)flow->dport << 16 | flow->method,
	};
}

static bool forwards(const struct cgc_policy *policy, const struct cgc_ask *ask)
{
	struct cgc_request req;

	fill_request(&req, ask, policy);
	return policy->rules->forwards && cgc_ruleset_decide(policy->rules, &req).allow;
}

bool cgc_check_forward_again(const struct cgc_ask *ask, u32 to)
{
	const struct cgc_flow_key key = flow_key(ask, to, cgc_generation());

	return cgc_flowcache_has(&key);
}

int cgc_check_forward(struct cgc_ask *ask, u32 to, bool readable)
{
	const struct cgc_flow_key key = flow_key(ask, to, cgc_generation());
	const struct cgc_policy *policy;
	int ret = 0;

	ask->flow.subject = cgc_netdev_label(ask->net, ask->flow.ifindex);
	ask->flow.object = cgc_netdev_label(ask->net, to);
	rcu_read_lock();
	policy = cgc_policy();
	if (readable && forwards(policy, ask)) {
		cgc_flowcache_add(&key);
	} else if (decides_forwarding(policy)) {
		ask->flow.detail = readable ? 0 : CGC_DETAIL_HEADERS;
		ret = refuse(ask, policy);
	}
	rcu_read_unlock();
	return ret;
}

int cgc_check_port(u32 label, unsigned int method, u16 port, const char *hook)
{
	struct cgc_ask ask = {
		.flow = { .object = label, .path = CGC_PATH_IN, .method = method, .dport = port },
		.hook = hook,
	};
	int ret = 0;

	if (label == CGC_LABEL_SUPERVISOR || !port)
		return 0;
	rcu_read_lock();
	if (cgc_ruleset_port_taken(cgc_policy()->rules, label, method, port))
		ret = refuse(&ask, cgc_policy());
	rcu_read_unlock();
	return ret;
}

int cgc_check_asked(u32 subject, u32 object, unsigned int method, u32 attrs, const char *hook)
{
	struct cgc_ask ask = {
		.flow = { .subject = subject, .object = object, .path = CGC_PATH_LOCAL,
			  .method = method, .detail = attrs ? ilog2(attrs) + 1 : 0 },
		.hook = hook,
		.attrs = attrs,
	};

	return cgc_check(&ask, NULL);
}

int cgc_check_some(u32 subject, u32 object, unsigned int method, u32 attrs, const char *hook)
{
	struct cgc_ask ask = {
		.flow = { .subject = subject, .object = object, .path = CGC_PATH_LOCAL,
			  .method = method },
		.hook = hook,
		.quiet = true,
	};
	struct cgc_verdict verdict;
	u32 left;

	if (cgc_check_passes(subject, object))
		return 0;
	for (left = attrs; left; left &= left - 1) {
		ask.attrs = left & -left;
		cgc_check(&ask, &verdict);
		if (verdict.allow)
			return 0;
	}
	ask.attrs = 0;
	ask.quiet = false;
	return cgc_check(&ask, NULL);
}

int cgc_check_device(u32 label, dev_t device, u32 kind, const char *hook)
{
	bool adds;

	if (cgc_check_passes(label, CGC_LABEL_DEFAULT))
		return 0;
	rcu_read_lock();
	adds = cgc_compartment_adds(cgc_policy(), label, device, kind);
	rcu_read_unlock();
	return adds ? 0 : cgc_check_asked(label, CGC_LABEL_DEFAULT, CGC_METHOD_TRACE, 0, hook);
}

int cgc_check_totals(u32 label, unsigned int method, const char *hook)
{
	struct cgc_ask ask = {
		.flow = { .subject = label, .path = CGC_PATH_LOCAL, .method = method },
		.hook = hook,
	};
	int ret = 0;

	rcu_read_lock();
	if (!cgc_compartment_administers(cgc_policy(), label))
		ret = refuse(&ask, cgc_policy());
	rcu_read_unlock();
	return ret;
}

int cgc_check_signal(u32 subject, u32 object, unsigned int number, const char *hook)
{
	struct cgc_ask ask = {
		.flow = { .subject = subject, .object = object, .path = CGC_PATH_LOCAL,
			  .method = CGC_METHOD_SIGNAL, .detail = number },
		.hook = hook,
	};

	return cgc_check_passes(subject, object) ? 0 : cgc_check(&ask, NULL);
}

int cgc_check_unix(u32 subject, u32 object, u32 attr, const char *name, u8 name_len,
		   const char *hook)
{
	struct cgc_ask ask = {
		.flow = { .subject = subject, .object = object, .path = CGC_PATH_LOCAL,
			  .method = CGC_METHOD_UNIX, .detail = ilog2(attr) + 1 },
		.hook = hook,
		.attrs = attr,
		.name = name,
		.name_len = name_len,
	};

	return cgc_check_passes(subject, object) ? 0 : cgc_check(&ask, NULL);
}

bool cgc_check_sees_all(u32 subject)
{
	const struct cgc_ask ask = { .flow = { .subject = subject, .path = CGC_PATH_LOCAL },
				     .quiet = true };
	bool all;

	if (subject == CGC_LABEL_SUPERVISOR)
		return true;
	rcu_read_lock();
	all = cgc_compartment_administers(cgc_policy(), subject) || !refuse(&ask, cgc_policy());
	rcu_read_unlock();
	return all;
}

bool cgc_check_sees(u32 subject, u32 object)
{
	struct cgc_ask ask = {
		.flow = { .subject = subject, .object = object, .path = CGC_PATH_LOCAL,
			  .method = CGC_METHOD_LIST },
		.quiet = true,
	};

	return cgc_check_passes(subject, object) || !cgc_check(&ask, NULL);
}

int cgc_check_handle(u32 label, u32 owner, unsigned int method, const char *hook)
{
	struct cgc_ask ask = {
		.flow = { .subject = label, .object = owner, .path = CGC_PATH_LOCAL,
			  .method = method },
		.hook = hook,
	};
	int ret;

	if (cgc_check_passes(label, owner))
		return 0;
	rcu_read_lock();
	ret = refuse(&ask, cgc_policy());
	rcu_read_unlock();
	return ret;
}

static bool is_enforced(u32 label, const struct cgc_policy *policy)
{
	return cgc_mode() == CGC_MODE_ENFORCE && !cgc_compartment_permissive(policy, label);
}

static bool is_bounded(u32 label)
{
	return label != CGC_LABEL_DEFAULT && label != CGC_LABEL_SUPERVISOR;
}

bool cgc_check_within(u32 label, unsigned int cap)
{
	u64 caps;

	if (!is_bounded(label) || (!cgc_compartment_may_lack(label) && CGC_CAPS_DEFAULT >> cap & 1))
		return true;
	rcu_read_lock();
	caps = cgc_compartment_caps(cgc_policy(), label);
	rcu_read_unlock();
	return caps >> cap & 1;
}

int cgc_check_capable(u32 label, unsigned int cap, bool quiet, const char *hook)
{
	struct cgc_ask ask = {
		.flow = { .subject = label, .path = CGC_PATH_CAP, .detail = cap },
		.hook = hook,
		.quiet = quiet,
	};
	int ret;

	if (cgc_check_within(label, cap))
		return 0;
	/* The kernel asks for the one first and takes the other for it. */
	if (cap == CAP_DAC_READ_SEARCH && cgc_check_within(label, CAP_DAC_OVERRIDE))
		ask.quiet = true;
	rcu_read_lock();
	ret = refuse(&ask, cgc_policy());
	rcu_read_unlock();
	return ret;
}

u64 cgc_check_bound(u32 label)
{
	const struct cgc_policy *policy;
	u64 caps = ~0ull;

	if (!is_bounded(label))
		return caps;
	rcu_read_lock();
	policy = cgc_policy();
	if (is_enforced(label, policy))
		caps = cgc_compartment_caps(policy, label);
	rcu_read_unlock();
	return caps;
}

static bool enforces(u32 label)
{
	bool enforced;

	rcu_read_lock();
	enforced = is_enforced(label, cgc_policy());
	rcu_read_unlock();
	return enforced;
}

bool cgc_check_sealed(u32 label)
{
	return unlikely(cgc_sealed(label)) && enforces(label);
}

/* What no rule can allow. */
static int refuse_path(u32 label, enum cgc_path path, bool quiet, const char *hook)
{
	const struct cgc_ask ask = {
		.flow = { .subject = label, .path = path },
		.hook = hook,
		.quiet = quiet,
	};
	int ret;

	rcu_read_lock();
	ret = refuse(&ask, cgc_policy());
	rcu_read_unlock();
	return ret;
}

int cgc_check_gain(u32 label, const char *hook)
{
	return cgc_sealed(label) ? refuse_path(label, CGC_PATH_SEAL, false, hook) : 0;
}

int cgc_check_jail(u32 label, bool quiet, const char *hook)
{
	return cgc_jailed(label) ? refuse_path(label, CGC_PATH_JAIL, quiet, hook) : 0;
}

bool cgc_check_jailed(u32 label)
{
	return cgc_jailed(label) && enforces(label);
}

bool cgc_check_jailed_any(void)
{
	return READ_ONCE(cgc_seal_hints) != 0;
}

/* What 0, the supervisor and ADMIN compartments may. */
static int check_admin(u32 label, enum cgc_path path, const char *hook)
{
	bool admin;

	if (likely(label == CGC_LABEL_DEFAULT || label == CGC_LABEL_SUPERVISOR))
		return 0;
	rcu_read_lock();
	admin = cgc_compartment_is_admin(cgc_policy(), label);
	rcu_read_unlock();
	return admin ? 0 : refuse_path(label, path, false, hook);
}

int cgc_check_kernel(u32 label, const char *hook)
{
	return check_admin(label, CGC_PATH_KERNEL, hook);
}

int cgc_check_way(u32 label, const char *hook)
{
	return check_admin(label, CGC_PATH_WAY, hook);
}

/* What was let through once could not be made good. */
int cgc_check_immutable(u32 label, const struct inode *inode, bool place, const char *hook)
{
	const struct cgc_ask ask = {
		.flow = { .subject = label, .path = CGC_PATH_FILE },
		.hook = hook,
	};

	if (likely(!(place ? cgc_immutable_place(inode) : cgc_immutable_file(inode))))
		return 0;
	rcu_read_lock();
	cgc_event_denied(&ask, CGC_EVENT_DENIED, cgc_policy());
	rcu_read_unlock();
	return -EACCES;
}

/* The methods that a rule must grant before such a socket can be had; 0: none
 * is needed, every packet is checked; all ones: no rule can. */
static u32 methods_needed(int family, int type, int protocol)
{
	if (family == PF_UNIX || (family == PF_NETLINK && protocol == NETLINK_ROUTE))
		return 0;
	/* Nobody but processes is there. */
	if (family == PF_NETLINK && protocol == NETLINK_USERSOCK)
		return CGC_METHOD_BIT(CGC_METHOD_UNIX);
	if (family != PF_INET && family != PF_INET6)
		return ~0u;
	if (protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6)
		return CGC_METHOD_BIT(CGC_METHOD_ICMP);
	if (type == SOCK_RAW)
		return CGC_METHOD_BIT(CGC_METHOD_RAW);
	if (type == SOCK_SEQPACKET || protocol == IPPROTO_SCTP)
		return CGC_METHOD_BIT(CGC_METHOD_SCTP);
	if (type == SOCK_STREAM && protocol == IPPROTO_MPTCP)
		return CGC_HAVE_MPTCP_ADD_SUBFLOW ? 0 : ~0u;
	if (type == SOCK_STREAM && (!protocol || protocol == IPPROTO_TCP))
		return 0;
	if (type == SOCK_DGRAM && (!protocol || protocol == IPPROTO_UDP))
		return 0;
	return ~0u;
}

/* The administrators' way to the module itself. */
static bool may_control(u32 label, int family, int protocol)
{
	return family == PF_NETLINK && protocol == NETLINK_GENERIC &&
	       cgc_compartment_administers(cgc_policy(), label);
}

int cgc_check_family(u32 label, int family, int type, int protocol, const char *hook)
{
	u32 needed = methods_needed(family, type, protocol);
	struct cgc_ask ask = {
		.flow = { .subject = label, .path = CGC_PATH_OUT, .method = CGC_METHOD_RAW },
		.hook = hook,
	};
	int ret = 0;

	if (!needed)
		return 0;
	rcu_read_lock();
	if (may_control(label, family, protocol))
		goto out;
	if (needed == ~0u || !(cgc_ruleset_methods(cgc_policy()->rules, label) & needed))
		ret = refuse(&ask, cgc_policy());
out:
	rcu_read_unlock();
	return ret;
}
