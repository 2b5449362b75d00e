// SPDX-License-Identifier: GPL-2.0-only
/* Statements about files, and the files. */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "immutable.h"
#include "pin.h"
#include "policy.h"

static bool is_path(const char *path)
{
	size_t len = strnlen(path, CGC_ROOT_SIZE), i;

	if (path[0] != '/' || len == CGC_ROOT_SIZE || memchr_inv(path + len, 0, CGC_ROOT_SIZE - len))
		return false;
	for (i = 0; i < len; i++)
		if ((unsigned char)path[i] < ' ' || path[i] == 127 || path[i] == '"')
			return false;
	return true;
}

int cgc_pin_verify(const struct cgc_file *file, const char **why)
{
	*why = NULL;
	if (file->kind >= CGC_FILE_KINDS || file->reserved[0] || file->reserved[1])
		*why = "a statement about a file says what this module does not enforce";
	else if (!is_path(file->path))
		*why = "a file's path is not absolute, has control bytes or quotes, or 256 bytes and more";
	else if (file->compartment >= CGC_LABEL_NETDEV_FIRST &&
		 file->compartment != CGC_LABEL_SUPERVISOR)
		*why = "a compartment's number is in the interfaces' range";
	return *why ? -EINVAL : 0;
}

struct cgc_pin *cgc_pin_create(const struct cgc_file *file, const char **why)
{
	struct cgc_pin *pin;
	struct file *opened;

	cgc_policy_assert_locked();
	*why = "no memory for so many files";
	pin = kzalloc(sizeof(*pin), GFP_KERNEL_ACCOUNT);
	if (!pin)
		return ERR_PTR(-ENOMEM);
	opened = fget_raw(file->fd);
	if (!opened) {
		*why = "the file's descriptor is not open";
		kfree(pin);
		return ERR_PTR(-EBADF);
	}
	pin->refs = 1;
	pin->file = *file;
	pin->file.fd = -1;
	pin->path = opened->f_path;
	path_get(&pin->path);
	fput(opened);
	return pin;
}

struct cgc_pin *cgc_pin_get(struct cgc_pin *pin)
{
	cgc_policy_assert_locked();
	pin->refs++;
	return pin;
}

void cgc_pin_put(struct cgc_pin *pin)
{
	if (--pin->refs)
		return;
	path_put(&pin->path);
	kfree(pin);
}

int cgc_pin_raise(struct cgc_pin *pin, const char **why)
{
	struct cgc_immutable *immutable;

	cgc_policy_assert_locked();
	if (!pin->raised) {
		immutable = cgc_immutable_set(&pin->path, why);
		if (IS_ERR(immutable))
			return PTR_ERR(immutable);
		pin->immutable = immutable;
	}
	pin->raised++;
	return 0;
}

void cgc_pin_lower(struct cgc_pin *pin)
{
	if (--pin->raised)
		return;
	cgc_immutable_lift(pin->immutable);
	pin->immutable = NULL;
}

bool cgc_pin_says(const struct cgc_pin *pin, const struct cgc_file *file)
{
	return pin->file.kind == file->kind && pin->file.compartment == file->compartment &&
	       !strcmp(pin->file.path, file->path);
}
