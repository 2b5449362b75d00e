// SPDX-License-Identifier: GPL-2.0-only
/* Users: as they are written, and to become one. */
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ctl.h"

static bool number_parse(const char *text, u32 *id)
{
	unsigned long value;
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	value = strtoul(text, &end, 10);
	*id = (u32)value;
	/* -1 means "leave it" to setresuid(). */
	return !errno && !*end && value < 0xFFFFFFFFul;
}

static int group_find(const char *who, const char *name, struct ctl_user *user)
{
	const struct group *group = getgrnam(name);

	if (group) {
		user->gid = group->gr_gid;
	} else if (!number_parse(name, &user->gid)) {
		cgc_msg("%s: unknown group %s, expected a name or a number", who, name);
		return -1;
	}
	user->groups[0] = user->gid;
	user->groups_count = 1;
	return 0;
}

/* @name: without a group. */
static int name_find(const char *who, const char *name, struct ctl_user *user)
{
	const struct passwd *passwd = getpwnam(name);

	if (passwd) {
		user->uid = passwd->pw_uid;
		user->gid = passwd->pw_gid;
	} else if (number_parse(name, &user->uid)) {
		passwd = getpwuid(user->uid);
		user->gid = passwd ? passwd->pw_gid : user->uid;
	} else {
		cgc_msg("%s: unknown user %s, expected a name or a number", who, name);
		return -1;
	}
	user->groups[0] = user->gid;
	user->groups_count = passwd ? CTL_GROUPS_MAX : 1;
	if (passwd && getgrouplist(passwd->pw_name, user->gid, user->groups,
				   &user->groups_count) < 0) {
		cgc_msg("%s: user %s is in more than %d groups", who, name, CTL_GROUPS_MAX);
		return -1;
	}
	return 0;
}

int ctl_user_find(const char *who, const char *text, struct ctl_user *user)
{
	char *name = cgc_strdup(text), *colon = strchr(name, ':');
	int err;

	if (colon)
		*colon = '\0';
	err = name_find(who, name, user);
	if (!err && colon)
		err = group_find(who, colon + 1, user);
	free(name);
	return err;
}

static int failed(const char *what)
{
	cgc_msg("%s: %s", what, strerror(errno));
	return -1;
}

/* What is ambient is what a program of a user without privilege begins with. */
static int caps_keep(u64 caps)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];
	unsigned int i;

	for (i = 0; i < 2; i++) {
		data[i].effective = (u32)(caps >> 32 * i);
		data[i].permitted = data[i].effective;
		data[i].inheritable = data[i].effective;
	}
	if (syscall(SYS_capset, &header, data))
		return failed("capset");
	for (i = 0; i < 64; i++)
		if (caps >> i & 1 && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, i, 0, 0))
			return failed("raising an ambient capability");
	return 0;
}

int ctl_user_become(const struct ctl_user *user, u64 caps)
{
	if (caps && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0))
		return failed("keeping capabilities");
	if (setgroups((size_t)user->groups_count, user->groups))
		return failed("setgroups");
	if (setresgid(user->gid, user->gid, user->gid))
		return failed("setresgid");
	if (setresuid(user->uid, user->uid, user->uid))
		return failed("setresuid");
	return caps ? caps_keep(caps) : 0;
}
