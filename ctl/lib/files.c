// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "files.h"
#include "msg.h"

static const char *reason(int err)
{
	switch (err) {
	case ELOOP:
		return "there is a symbolic link in the path, expected one without (see realpath(1))";
	case ENOENT:
	case ENOTDIR:
		return "there is no such file, expected one";
	}
	return strerror(err);
}

static int open_in(int root, const char *path, u64 flags)
{
	const struct open_how how = {
		.flags = O_PATH | O_CLOEXEC | flags,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS,
	};
	long fd;

	do {
		fd = syscall(SYS_openat2, root, path, &how, sizeof(how));
	} while (fd < 0 && (errno == EAGAIN || errno == EINTR));
	return (int)fd;
}

/* /usr/sbin of /usr/sbin/apache2. */
static int open_above(int root, const char *path)
{
	char dir[CGC_ROOT_SIZE];

	snprintf(dir, sizeof(dir), "%.*s", (int)(strrchr(path, '/') - path) + 1, path);
	return open_in(root, dir, O_DIRECTORY);
}

/* A program may still be to come; what it is to be in is there. */
static int open_both(int root, const struct cgc_file *file, struct cgc_opened *opened)
{
	bool program = file->kind == CGC_FILE_EXEC;

	if (program)
		opened->dir = open_above(root, file->path);
	if (program && opened->dir < 0)
		return -errno;
	opened->fd = open_in(root, file->path, 0);
	return opened->fd >= 0 || (program && errno == ENOENT) ? 0 : -errno;
}

static int identify(struct cgc_opened *opened)
{
	struct stat st;

	if (fstat(opened->fd >= 0 ? opened->fd : opened->dir, &st))
		return -errno;
	opened->dev = st.st_dev;
	opened->ino = st.st_ino;
	return 0;
}

int cgc_file_open(const struct cgc_set_file *file, struct cgc_opened *opened, const char **why)
{
	int root = open(file->root, O_PATH | O_DIRECTORY | O_CLOEXEC), err;

	opened->fd = opened->dir = -1;
	if (root < 0) {
		*why = "the compartment's ROOT cannot be opened, expected a directory";
		return -errno;
	}
	err = open_both(root, &file->file, opened);
	if (!err)
		err = identify(opened);
	close(root);
	if (err) {
		*why = file->file.kind == CGC_FILE_EXEC && opened->dir < 0 && err == -ENOENT ?
		       "there is no such directory, expected one" : reason(-err);
		cgc_file_close(opened);
	}
	return err;
}

void cgc_file_close(const struct cgc_opened *opened)
{
	if (opened->fd >= 0)
		close(opened->fd);
	if (opened->dir >= 0)
		close(opened->dir);
}

void cgc_files_verify(struct cgc_config *config, const struct cgc_set *set)
{
	struct cgc_opened opened;
	const char *why;
	u32 i;

	for (i = 0; i < set->files_count; i++) {
		const struct cgc_set_file *file = &set->files[i];

		if (!cgc_file_open(file, &opened, &why))
			cgc_file_close(&opened);
		else if (config->options.check)
			cgc_warning_at(config, file->at, "%s%s: %s: load will refuse it",
				       file->root[1] ? file->root : "", file->file.path, why);
		else
			cgc_refuse_at(config, file->at, "%s%s: %s",
				      file->root[1] ? file->root : "", file->file.path, why);
	}
}
