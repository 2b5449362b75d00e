// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
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

static int open_in(int root, const char *path)
{
	const struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS,
	};
	long fd;

	do {
		fd = syscall(SYS_openat2, root, path, &how, sizeof(how));
	} while (fd < 0 && (errno == EAGAIN || errno == EINTR));
	return (int)fd;
}

int cgc_file_open(const struct cgc_set_file *file, struct cgc_opened *opened, const char **why)
{
	int root = open(file->root, O_PATH | O_DIRECTORY | O_CLOEXEC), err = 0;
	struct stat st;

	opened->fd = root < 0 ? -1 : open_in(root, file->file.path);
	if (opened->fd < 0 || fstat(opened->fd, &st))
		err = errno;
	*why = root < 0 ? "the compartment's ROOT cannot be opened, expected a directory" :
	       err ? reason(err) : NULL;
	if (root >= 0)
		close(root);
	if (!err) {
		opened->dev = st.st_dev;
		opened->ino = st.st_ino;
	} else if (opened->fd >= 0) {
		close(opened->fd);
	}
	return -err;
}

void cgc_files_verify(struct cgc_config *config, const struct cgc_set *set)
{
	struct cgc_opened opened;
	const char *why;
	u32 i;

	for (i = 0; i < set->files_count; i++) {
		const struct cgc_set_file *file = &set->files[i];

		if (!cgc_file_open(file, &opened, &why))
			close(opened.fd);
		else if (config->options.check)
			cgc_warning_at(config, file->at, "%s%s: %s: load will refuse it",
				       file->root[1] ? file->root : "", file->file.path, why);
		else
			cgc_refuse_at(config, file->at, "%s%s: %s",
				      file->root[1] ? file->root : "", file->file.path, why);
	}
}
