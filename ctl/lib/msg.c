// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "msg.h"

#define ERRORS_SHOWN	20
#define WARNINGS_SHOWN	100
#define KMSG_LINES	8	/* the kernel drops what a program writes faster */

static int kmsg_fd = -1;
static unsigned int kmsg_left = KMSG_LINES;

void cgc_msg_to_kmsg(void)
{
	kmsg_fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC | O_NOCTTY);
}

/* What a file says must not move the cursor of whoever reads the message. */
static void make_printable(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 127)
			*text = '?';
}

static void kmsg(const char *line)
{
	char record[1024];
	int len;

	if (kmsg_fd < 0 || !kmsg_left)
		return;
	kmsg_left--;
	len = snprintf(record, sizeof(record), "<3>cgcompt: %.900s\n", line);
	if (write(kmsg_fd, record, (size_t)len) < 0)
		kmsg_left = 0;
}

static void say(const char *prefix, const char *format, va_list args)
{
	char line[2048];
	int len = snprintf(line, sizeof(line), "%.1000s", prefix);

	if (vsnprintf(line + len, sizeof(line) - (size_t)len, format, args) < 0)
		return;
	make_printable(line);
	fflush(stdout);
	fprintf(stderr, "cgcomptctl: %s\n", line);
	kmsg(line);
}

void cgc_msg(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say("", format, args);
	va_end(args);
}

void cgc_msg_file(struct cgc_config *config, const char *path, const char *format, ...)
{
	char prefix[1024];
	va_list args;

	config->errors++;
	snprintf(prefix, sizeof(prefix), "%.1000s: ", path);
	va_start(args, format);
	say(prefix, format, args);
	va_end(args);
}

static void say_at(const struct cgc_config *config, struct cgc_origin at,
		   const char *kind, const char *format, va_list args)
{
	char prefix[1024];

	snprintf(prefix, sizeof(prefix), "%.900s:%u:%u: %s",
		 config->files[at.file].path, at.line, at.column, kind);
	say(prefix, format, args);
}

void cgc_error_at(struct cgc_config *config, struct cgc_origin at, const char *format, ...)
{
	va_list args;

	config->syntax_errors++;
	if (config->errors++ >= ERRORS_SHOWN)
		return;
	va_start(args, format);
	say_at(config, at, "", format, args);
	va_end(args);
}

void cgc_refuse_at(struct cgc_config *config, struct cgc_origin at, const char *format, ...)
{
	va_list args;

	if (config->errors++ >= ERRORS_SHOWN)
		return;
	va_start(args, format);
	say_at(config, at, "", format, args);
	va_end(args);
}

void cgc_warning_at(struct cgc_config *config, struct cgc_origin at, const char *format, ...)
{
	va_list args;

	if (cgc_msg_enough(config))
		return;
	if (++config->warnings == WARNINGS_SHOWN)
		format = "and more of the like";
	va_start(args, format);
	say_at(config, at, "warning: ", format, args);
	va_end(args);
}

bool cgc_msg_too_many(const struct cgc_config *config)
{
	return config->errors >= ERRORS_SHOWN;
}

bool cgc_msg_enough(const struct cgc_config *config)
{
	return config->warnings >= WARNINGS_SHOWN;
}
