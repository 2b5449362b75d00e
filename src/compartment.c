// SPDX-License-Identifier: GPL-2.0-only
/* Compartments: what their definitions say. */
#include <linux/bsearch.h>
#include <linux/capability.h>
#include <linux/ctype.h>
#include <linux/kdev_t.h>
#include <linux/sort.h>
#include <linux/string.h>
#include "compartment.h"
#include "core/definition.h"
#include "limits.h"
#include "netdev.h"

unsigned long cgc_compartment_lacks;	/* bits are added by who fills a set, before it is in force */

int cgc_compartment_by_number(const void *number, const void *definition)
{
	const u32 x = *(const u32 *)number, y = ((const struct cgc_compartment *)definition)->number;

	return x < y ? -1 : x > y;
}

/* A definition begins with its number. */
static_assert(offsetof(struct cgc_compartment, number) == 0);

/* As it travels in a definition. */
static_assert(MKDEV(1, 0) == 1 << 20);

const struct cgc_compartment *cgc_compartment_find(const struct cgc_policy *policy, u32 number)
{
	return __inline_bsearch(&number, policy->definitions, policy->definitions_count,
				sizeof(*policy->definitions), cgc_compartment_by_number);
}

static const char *name_of(void *policy, u32 number)
{
	const struct cgc_compartment *def = cgc_compartment_find(policy, number);

	return def ? def->name : cgc_netdev_label_name(policy, number);
}

struct cgc_names cgc_compartment_names(const struct cgc_policy *policy)
{
	return (struct cgc_names){ .name = name_of, .ctx = (void *)policy };
}

/* Ends in a NUL, and nothing hides behind it. */
static bool is_padded(const char *text, size_t size)
{
	size_t len = strnlen(text, size);

	return len < size && !memchr_inv(text + len, 0, size - len);
}

static bool is_name(const char *name)
{
	size_t len = strnlen(name, CGC_NAME_SIZE), i;

	if (!is_padded(name, CGC_NAME_SIZE) || !(isalpha(name[0]) || name[0] == '_'))
		return false;
	for (i = 0; i < len; i++)
		if (!isascii(name[i]) || !(isalnum(name[i]) || strchr("_.-", name[i])))
			return false;
	return true;
}

static bool user_verify(const struct cgc_compartment *def)
{
	return is_padded(def->user, CGC_USER_SIZE) &&
	       (!def->user[0] || cgc_user_is_valid(def->user, strlen(def->user)));
}

static bool netdevs_verify(const struct cgc_compartment *def)
{
	u32 i;

	for (i = 0; i < min_t(u32, def->netdevs_count, CGC_NETDEVS_MAX); i++)
		if (!cgc_selector_is_valid(&def->netdevs[i]))
			return false;
	return def->netdevs_count <= CGC_NETDEVS_MAX &&
	       !memchr_inv(&def->netdevs[i], 0, (CGC_NETDEVS_MAX - i) * sizeof(def->netdevs[0]));
}

static bool device_verify(const struct cgc_compartment *def, u32 index)
{
	const struct cgc_device *device = &def->devices[index];
	u32 i;

	if (!is_padded(device->path, CGC_DEVICE_PATH_SIZE) || device->kind >= CGC_DEVICE_KINDS ||
	    !cgc_device_path_is_valid(device->path))
		return false;
	for (i = 0; i < index; i++)
		if (!strcmp(device->path, def->devices[i].path))
			return false;
	return true;
}

static bool devices_verify(const struct cgc_compartment *def)
{
	u32 i;

	for (i = 0; i < min_t(u32, def->devices_count, CGC_DEVICES_MAX); i++)
		if (!device_verify(def, i))
			return false;
	return def->devices_count <= CGC_DEVICES_MAX &&
	       !memchr_inv(&def->devices[i], 0, (CGC_DEVICES_MAX - i) * sizeof(def->devices[0]));
}

static int verify_one(const struct cgc_compartment *def, const char **why)
{
	const u32 known = CGC_COMPARTMENT_SEALED | CGC_COMPARTMENT_ADMIN |
			  CGC_COMPARTMENT_PERMISSIVE | CGC_COMPARTMENT_DEFINED |
			  CGC_COMPARTMENT_ROUTED | CGC_COMPARTMENT_ROUTED_ONLY;
	const bool ours = def->number == CGC_LABEL_DEFAULT || def->number == CGC_LABEL_SUPERVISOR;

	*why = NULL;
	if (def->number >= CGC_LABEL_NETDEV_FIRST && def->number != CGC_LABEL_SUPERVISOR)
		*why = "a compartment's number is in the interfaces' range";
	else if (!is_name(def->name))
		*why = "a compartment's name is empty, too long or has a character other than A-Z a-z 0-9 _ . -";
	else if (!is_padded(def->root, CGC_ROOT_SIZE) || (def->root[0] && def->root[0] != '/'))
		*why = "a compartment's root is not an absolute path of less than 256 bytes";
	else if (def->flags & ~known)
		*why = "a definition asks for what this module does not enforce";
	else if (!user_verify(def))
		*why = "a compartment's user is too long or has a character other than A-Z a-z 0-9 _ . - and one colon";
	else if (ours && (~def->caps || def->root[0] || def->user[0] || def->devices_count ||
			  def->flags & (CGC_COMPARTMENT_SEALED | CGC_COMPARTMENT_ROUTED)))
		*why = "compartment 0 and the supervisor can be neither SEALED nor ROUTED nor bounded by CAPS, nor have a ROOT, a USER or DEVICES";
	else if (def->flags & CGC_COMPARTMENT_ROUTED_ONLY && !(def->flags & CGC_COMPARTMENT_ROUTED))
		*why = "a definition is ROUTED ONLY without being ROUTED";
	else if (def->flags & CGC_COMPARTMENT_ADMIN && !(def->caps >> CAP_SYS_ADMIN & 1))
		*why = "an ADMIN compartment cannot control the module without cap_sys_admin";
	else if (def->number == CGC_LABEL_SUPERVISOR && def->netdevs_count)
		*why = "the supervisor cannot be bound to interfaces";
	else if (!netdevs_verify(def))
		*why = "NETDEVS of a definition are neither names of interfaces nor labels, or too many";
	else if (!devices_verify(def))
		*why = "DEVICES of a definition are not plain paths below /dev, are there twice, or too many";
	return *why ? -EINVAL : 0;
}

static bool name_twice(const struct cgc_policy *policy, u32 i)
{
	u32 j;

	for (j = 0; j < i; j++)
		if (!strcmp(policy->definitions[i].name, policy->definitions[j].name))
			return true;
	return false;
}

static_assert(!(CGC_CAPS_DEFAULT & CGC_CAPS_KERNEL), "what no definition takes away can be used");

static void note_lack(const struct cgc_compartment *def)
{
	if (CGC_CAPS_DEFAULT & ~def->caps)
		WRITE_ONCE(cgc_compartment_lacks,
			   cgc_compartment_lacks | BIT(def->number % BITS_PER_LONG));
}

int cgc_compartment_verify(struct cgc_policy *policy, const char **why)
{
	u32 i;

	sort(policy->definitions, policy->definitions_count,
	     sizeof(*policy->definitions), cgc_compartment_by_number, NULL);
	for (i = 0; i < policy->definitions_count; i++) {
		if (verify_one(&policy->definitions[i], why))
			return -EINVAL;
		policy->bounded |= policy->definitions[i].netdevs_count != 0;
		note_lack(&policy->definitions[i]);
		if (i && policy->definitions[i].number == policy->definitions[i - 1].number) {
			*why = "a compartment's number is defined twice";
			return -EINVAL;
		}
		if (name_twice(policy, i)) {
			*why = "a compartment's name is defined twice";
			return -EINVAL;
		}
	}
	return 0;
}

bool cgc_compartment_administers(const struct cgc_policy *policy, u32 label)
{
	bool named = false;
	u32 i;

	if (label == CGC_LABEL_SUPERVISOR)
		return true;
	for (i = 0; i < policy->definitions_count; i++) {
		const struct cgc_compartment *def = &policy->definitions[i];

		if (!(def->flags & CGC_COMPARTMENT_ADMIN))
			continue;
		if (def->number == label)
			return true;
		named = true;
	}
	return !named && label == CGC_LABEL_DEFAULT;
}

bool cgc_compartment_is_admin(const struct cgc_policy *policy, u32 label)
{
	const struct cgc_compartment *def = cgc_compartment_find(policy, label);

	return def && def->flags & CGC_COMPARTMENT_ADMIN;
}

u64 cgc_compartment_caps(const struct cgc_policy *policy, u32 label)
{
	const struct cgc_compartment *def = cgc_compartment_find(policy, label);
	u64 caps = def ? def->caps : CGC_CAPS_DEFAULT;

	return def && def->flags & CGC_COMPARTMENT_ADMIN ? caps : caps & ~CGC_CAPS_KERNEL;
}

bool cgc_compartment_jailed(const struct cgc_compartment *def)
{
	return def->root[0] && !(def->flags & CGC_COMPARTMENT_ADMIN);
}

bool cgc_compartment_adds(const struct cgc_policy *policy, u32 label, dev_t device, u32 kind)
{
	const struct cgc_compartment *def = cgc_compartment_find(policy, label);
	u32 i;

	for (i = 0; def && i < def->devices_count; i++)
		if (def->devices[i].kind == kind && device && def->devices[i].number == device)
			return true;
	return false;
}

bool cgc_compartment_permissive(const struct cgc_policy *policy, u32 label)
{
	const struct cgc_compartment *def = cgc_compartment_find(policy, label);

	return def && def->flags & CGC_COMPARTMENT_PERMISSIVE;
}
