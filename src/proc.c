// SPDX-License-Identifier: GPL-2.0-only
/* /proc/cgcompt/rules: definitions, statements of all kinds, then rules, in the
 * language that loads again; a rule's reference is a comment. */
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include "compartment.h"
#include "core/format.h"
#include "limits.h"
#include "pin.h"
#include "policy.h"
#include "proc.h"
#include "task.h"

static struct proc_dir_entry *directory;

static const struct cgc_compartment *definition_at(const struct cgc_policy *policy, loff_t *pos)
{
	if (*pos < policy->definitions_count)
		return &policy->definitions[*pos];
	*pos -= policy->definitions_count;
	return NULL;
}

static const struct cgc_file *file_at(const struct cgc_policy *policy, loff_t *pos)
{
	if (*pos < policy->pins_count)
		return &policy->pins[*pos]->file;
	*pos -= policy->pins_count;
	return NULL;
}

static const void *statement_at(const struct cgc_policy *policy, loff_t *pos, u32 *kind)
{
	for (*kind = 0; *kind < CGC_STATEMENT_KINDS; ++*kind) {
		const struct cgc_array *of = &policy->statements.of[*kind];

		if (*pos < of->count)
			return of->at + *pos * cgc_statement_types[*kind].size;
		*pos -= of->count;
	}
	return NULL;
}

static void format_record(struct cgc_text *text, const struct cgc_policy *policy, loff_t pos)
{
	const struct cgc_rule_words words = cgc_ruleset_words(policy->rules);
	const struct cgc_names names = cgc_compartment_names(policy);
	const struct cgc_compartment *def = definition_at(policy, &pos);
	const struct cgc_file *file = def ? NULL : file_at(policy, &pos);
	const void *statement;
	u32 kind;

	statement = def || file ? NULL : statement_at(policy, &pos, &kind);
	if (def) {
		cgc_format_compartment(text, def, &names);
	} else if (file) {
		cgc_format_file(text, file, &names);
	} else if (statement) {
		cgc_statement_types[kind].format(text, statement, &names);
	} else {
		cgc_format_rule(text, &policy->rules->rules[pos], &words, &names);
		cgc_text_str(text, "  # ");
		cgc_text_hex(text, policy->rules->rules[pos].ref, 16);
	}
	cgc_text_str(text, "\n");
}

/* One read, one set: it may be replaced between any two of these. */
struct reading {
	const struct cgc_policy *policy;
	loff_t pos;
};

static loff_t lines(const struct cgc_policy *policy)
{
	loff_t count = (loff_t)policy->definitions_count + policy->pins_count + policy->rules->count;
	u32 kind;

	for (kind = 0; kind < CGC_STATEMENT_KINDS; kind++)
		count += policy->statements.of[kind].count;
	return count;
}

static void *line_at(struct reading *reading, loff_t pos)
{
	reading->pos = pos;
	return pos < lines(reading->policy) ? reading : NULL;
}

static void *start(struct seq_file *m, loff_t *pos) __acquires(RCU)
{
	struct reading *reading = m->private;

	rcu_read_lock();
	reading->policy = cgc_policy();
	if (!cgc_compartment_administers(reading->policy, cgc_label_of_current()))
		return ERR_PTR(-EACCES);
	return line_at(reading, *pos);
}

static void *next(struct seq_file *m, void *v, loff_t *pos)
{
	struct reading *reading = m->private;

	return line_at(reading, ++*pos);
}

static void stop(struct seq_file *m, void *v) __releases(RCU)
{
	rcu_read_unlock();
}

static int show(struct seq_file *m, void *v)
{
	const struct reading *reading = m->private;
	struct cgc_text text;
	char *buffer;
	size_t room;

	room = seq_get_buf(m, &buffer);
	if (!room) {
		seq_commit(m, -1);	/* again, with a larger buffer */
		return 0;
	}
	cgc_text_init(&text, buffer, room);
	format_record(&text, reading->policy, reading->pos);
	seq_commit(m, text.cut ? -1 : (int)text.len);
	return 0;
}

static const struct seq_operations operations = {
	.start = start, .next = next, .stop = stop, .show = show,
};

int __init cgc_proc_init(void)
{
	directory = proc_mkdir_mode("cgcompt", 0555, NULL);
	if (!directory)
		return -ENOMEM;
	if (!proc_create_seq_private("rules", 0400, directory, &operations,
				     sizeof(struct reading), NULL)) {
		proc_remove(directory);
		return -ENOMEM;
	}
	return 0;
}

void cgc_proc_exit(void)
{
	proc_remove(directory);
}
