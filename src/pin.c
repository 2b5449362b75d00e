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

static bool is_compartment(u32 label)
{
	return label < CGC_LABEL_NETDEV_FIRST || label == CGC_LABEL_SUPERVISOR;
}

static const char *name_in(const char *path)
{
	return strrchr(path, '/') + 1;
}

static const char *verify_exec(const struct cgc_file *file)
{
	const char *name = name_in(file->path);

	if (!name[0] || !strcmp(name, ".") || !strcmp(name, ".."))
		return "a program's path does not end in a name";
	if (file->compartment == CGC_LABEL_SUPERVISOR || file->from == CGC_LABEL_SUPERVISOR)
		return "nobody enters or leaves the supervisor by running a program";
	return NULL;
}

int cgc_pin_verify(const struct cgc_file *file, const char **why)
{
	*why = NULL;
	if (file->kind >= CGC_FILE_KINDS || (file->kind != CGC_FILE_EXEC && file->from))
		*why = "a statement about a file says what this module does not enforce";
	else if (!is_path(file->path))
		*why = "a file's path is not absolute, has control bytes or quotes, or 256 bytes and more";
	else if (!is_compartment(file->compartment) || !is_compartment(file->from))
		*why = "a compartment's number is in the interfaces' range";
	else if (file->kind == CGC_FILE_EXEC)
		*why = verify_exec(file);
	return *why ? -EINVAL : 0;
}

static int path_of(int fd, struct path *path, const char **why)
{
	struct file *opened = fget_raw(fd);

	if (!opened) {
		*why = "the file's descriptor is not open";
		return -EBADF;
	}
	*path = opened->f_path;
	path_get(path);
	fput(opened);
	return 0;
}

/* What the caller would call it now; to be freed. */
static char *where_is(const struct path *path)
{
	char *page = (char *)__get_free_page(GFP_KERNEL_ACCOUNT), *where = NULL, *at;

	if (!page)
		return NULL;
	at = d_path(path, page, PAGE_SIZE);
	if (!IS_ERR(at))
		where = kstrdup(at, GFP_KERNEL_ACCOUNT);
	free_page((unsigned long)page);
	return where;
}

/* One of a set that was put aside: others could do as they pleased with it. */
static int still_there(const struct cgc_pin *pin, const char **why)
{
	char *where = where_is(&pin->path);
	bool there = where && !strcmp(where, pin->where);

	kfree(where);
	*why = "a file that it has IMMUTABLE was moved or removed since: load its rules again";
	return there ? 0 : -ESTALE;
}

static int open_program(struct cgc_pin *pin, const struct cgc_file *file, const char **why)
{
	int err = path_of(file->dir, &pin->dir, why);

	if (err)
		return err;
	pin->name = name_in(pin->file.path);
	if (d_is_dir(pin->dir.dentry) && (!pin->path.dentry || d_is_reg(pin->path.dentry)))
		return 0;
	*why = "it is no program, expected a file";
	return -EINVAL;
}

struct cgc_pin *cgc_pin_create(const struct cgc_file *file, const char **why)
{
	struct cgc_pin *pin;
	int err = 0;

	cgc_policy_assert_locked();
	*why = "no memory for so many files";
	pin = kzalloc(sizeof(*pin), GFP_KERNEL_ACCOUNT);
	if (!pin)
		return ERR_PTR(-ENOMEM);
	pin->refs = 1;
	pin->file = *file;
	pin->file.fd = -1;
	pin->file.dir = -1;
	if (file->fd >= 0 || file->kind != CGC_FILE_EXEC)
		err = path_of(file->fd, &pin->path, why);
	if (!err && file->kind == CGC_FILE_EXEC)
		err = open_program(pin, file, why);
	if (!err && file->kind == CGC_FILE_IMMUTABLE) {
		pin->where = where_is(&pin->path);
		err = pin->where ? 0 : -ENOMEM;
	}
	if (!err)
		return pin;
	cgc_pin_put(pin);
	return ERR_PTR(err);
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
	path_put(&pin->dir);
	kfree(pin->where);
	kfree(pin);
}

int cgc_pin_raise(struct cgc_pin *pin, const char **why)
{
	struct cgc_immutable *immutable;
	int err;

	cgc_policy_assert_locked();
	if (!pin->raised && pin->file.kind == CGC_FILE_IMMUTABLE) {
		immutable = cgc_immutable_set(&pin->path, why);
		if (IS_ERR(immutable))
			return PTR_ERR(immutable);
		pin->immutable = immutable;
		err = still_there(pin, why);
		if (err) {
			cgc_immutable_lift(immutable);
			pin->immutable = NULL;
			return err;
		}
	}
	pin->raised++;
	return 0;
}

void cgc_pin_lower(struct cgc_pin *pin)
{
	if (--pin->raised)
		return;
	if (pin->immutable)
		cgc_immutable_lift(pin->immutable);
	pin->immutable = NULL;
}

bool cgc_pin_says(const struct cgc_pin *pin, const struct cgc_file *file)
{
	return pin->file.kind == file->kind && pin->file.compartment == file->compartment &&
	       pin->file.from == file->from && !strcmp(pin->file.path, file->path);
}
