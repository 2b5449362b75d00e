/* SPDX-License-Identifier: GPL-2.0-only */
/* Messages for people: to stderr, and at boot to the kernel's log as well. */
#ifndef CGC_CTL_MSG_H
#define CGC_CTL_MSG_H

#include "model.h"

/* cgc_msg_to_kmsg - from now on to /dev/kmsg too: at modprobe nobody sees stderr. */
void cgc_msg_to_kmsg(void);

/* cgc_msg - one line, without newline: `cgcomptctl: …`. */
void cgc_msg(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* cgc_msg_file - something is wrong with a file as such: `FILE: …`; counted. */
void cgc_msg_file(struct cgc_config *config, const char *path, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* cgc_error_at - `FILE:LINE:COLUMN: …`: the text is at fault; counted in
 * @config->errors and @config->syntax_errors. */
void cgc_error_at(struct cgc_config *config, struct cgc_origin at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* cgc_refuse_at - likewise, where the text is right but cannot be followed. */
void cgc_refuse_at(struct cgc_config *config, struct cgc_origin at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* cgc_warning_at - likewise, not counted: `FILE:LINE:COLUMN: warning: …`. */
void cgc_warning_at(struct cgc_config *config, struct cgc_origin at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* cgc_msg_too_many - enough has been said: stop looking for more. */
bool cgc_msg_too_many(const struct cgc_config *config);

/* cgc_msg_enough - no more warnings are shown. */
bool cgc_msg_enough(const struct cgc_config *config);

#endif
