// SPDX-License-Identifier: GPL-2.0-only
/* /proc/cgcompt/rules: definitions, statements about files, then rules, in the
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

static void *record_at(const struct cgc_policy *policy, loff_t pos)
{
	if (pos < policy->definitions_count)
		return &policy->definitions[pos];
	pos -= policy->definitions_count;
	if (pos < policy->pins_count)
		return policy->pins + pos;
	pos -= policy->pins_count;
	return pos < policy->rules->count ? &policy->rules->rules[pos] : NULL;
}

/* One read, one set: it may be replaced between any two of these. */
struct reading {
	const struct cgc_policy *policy;
};

static void *start(struct seq_file *m, loff_t *pos) __acquires(RCU)
{
	struct reading *reading = m->private;

	rcu_read_lock();
	reading->policy = cgc_policy();
	if (!cgc_compartment_administers(reading->policy, cgc_label_of_current()))
		return ERR_PTR(-EACCES);
	return record_at(reading->policy, *pos);
}

static void *next(struct seq_file *m, void *v, loff_t *pos)
{
	struct reading *reading = m->private;

	return record_at(reading->policy, ++*pos);
}

static void stop(struct seq_file *m, void *v) __releases(RCU)
{
	rcu_read_unlock();
}

static bool is_in(const void *v, const void *array, size_t size)
{
	return v >= array && v < array + size;
}

static void format_record(struct cgc_text *text, const struct cgc_policy *policy, void *v)
{
	const struct cgc_rule_words words = cgc_ruleset_words(policy->rules);
	struct cgc_names names = cgc_compartment_names(policy);
	const struct cgc_rule *rule = v;

	if (is_in(v, policy->definitions,
		  policy->definitions_count * sizeof(*policy->definitions))) {
		cgc_format_compartment(text, v);
	} else if (is_in(v, policy->pins, policy->pins_count * sizeof(*policy->pins))) {
		cgc_format_file(text, &(*(struct cgc_pin **)v)->file, &names);
	} else {
		cgc_format_rule(text, rule, &words, &names);
		cgc_text_str(text, "  # ");
		cgc_text_hex(text, rule->ref, 16);
	}
	cgc_text_str(text, "\n");
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
	format_record(&text, reading->policy, v);
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
