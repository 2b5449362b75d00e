// SPDX-License-Identifier: GPL-2.0-only
/* Collecting a change, building the new set aside, putting it in force. */
#include <linux/bsearch.h>
#include <linux/sort.h>
#include <linux/string.h>
#include "array.h"
#include "compartment.h"
#include "event.h"
#include "lockout.h"
#include "mapping.h"
#include "names.h"
#include "pin.h"
#include "task.h"
#include "seal.h"
#include "transaction.h"

static struct {
	bool open;
	u32 owner;
	u32 op;
	struct cgc_array rules;		/* struct cgc_rule, their words those below */
	struct cgc_array refs;		/* u64 */
	struct cgc_array definitions;	/* struct cgc_compartment */
	struct cgc_array pins;		/* struct cgc_pin *, raised */
	struct cgc_array files;		/* struct cgc_file: whose pins are to go */
	struct cgc_statements statements;
	struct cgc_netdev_selector netdevs[CGC_NETDEV_SELECTORS];
	u32 nnetdevs;
	struct cgc_path_word paths[CGC_PATHS_MAX];
	u32 npaths;
} tx;

static void end(void)
{
	struct cgc_pin **pin = tx.pins.at;
	u32 i;

	for (i = 0; i < tx.pins.count; i++) {
		cgc_pin_lower(pin[i]);
		cgc_pin_put(pin[i]);
	}
	cgc_statements_free(&tx.statements);
	kvfree(tx.pins.at);
	kvfree(tx.files.at);
	kvfree(tx.rules.at);
	kvfree(tx.refs.at);
	kvfree(tx.definitions.at);
	memset(&tx, 0, sizeof(tx));
}

static int refuse(int err, const char **why, const char *sentence)
{
	*why = sentence;
	return err;
}

static int owned(u32 owner, const char **why)
{
	cgc_policy_assert_locked();
	if (!tx.open || tx.owner != owner)
		return refuse(-EINVAL, why, "no transaction is open on this socket");
	return 0;
}

int cgc_transaction_begin(u32 owner, u32 op, const char **why)
{
	cgc_policy_assert_locked();
	if (op > CGC_OP_DEL)
		return refuse(-EINVAL, why, "unknown kind of transaction");
	if (tx.open && tx.owner != owner)
		return refuse(-EBUSY, why, "somebody else is changing the rules right now");
	end();
	tx.open = true;
	tx.owner = owner;
	tx.op = op;
	return 0;
}

void cgc_transaction_abort(u32 owner)
{
	cgc_policy_assert_locked();
	if (tx.open && tx.owner == owner)
		end();
}

void cgc_transaction_abort_any(void)
{
	cgc_policy_assert_locked();
	end();
}

static struct cgc_rule_words tx_words(void)
{
	return (struct cgc_rule_words){
		.netdevs = tx.netdevs, .netdevs_count = tx.nnetdevs,
		.paths = tx.paths, .paths_count = tx.npaths,
	};
}

/* Where an array has a word, which is put at its end where it is not there; -1:
 * it is full. */
static int word_at(void *words, u32 *count, u32 max, const void *word, size_t size)
{
	u32 i;

	for (i = 0; i < *count; i++)
		if (!memcmp(words + i * size, word, size))
			return i;
	if (*count == max)
		return -1;
	memcpy(words + *count * size, word, size);
	return (*count)++;
}

static int translate_netdevs(struct cgc_rule *rule, const struct cgc_rule_words *words,
			     const char **why)
{
	u64 from = rule->netdevs, to = 0;
	int bit;
	u32 i;

	if (words->netdevs_count < 64 && from >> words->netdevs_count)
		return refuse(-EINVAL, why, "a rule names an interface that the message does not");
	for (i = 0; i < words->netdevs_count; i++) {
		if (!(from & 1ull << i))
			continue;
		bit = word_at(tx.netdevs, &tx.nnetdevs, CGC_NETDEV_SELECTORS, &words->netdevs[i],
			      sizeof(*words->netdevs));
		if (bit < 0)
			return refuse(-ENOSPC, why, "more than 64 different words after NETDEV");
		to |= 1ull << bit;
	}
	rule->netdevs = to;
	return 0;
}

static int translate_path(struct cgc_rule *rule, const struct cgc_rule_words *words,
			  const char **why)
{
	int at;

	if (!rule->path)
		return 0;
	if (rule->path > words->paths_count)
		return refuse(-EINVAL, why, "a rule has a PATH that the message has not");
	at = word_at(tx.paths, &tx.npaths, CGC_PATHS_MAX, &words->paths[rule->path - 1],
		     sizeof(*words->paths));
	if (at < 0)
		return refuse(-ENOSPC, why, "more than 256 different words after PATH");
	rule->path = at + 1;
	return 0;
}

/* What is the kernel's to fill in comes empty. */
static int verify_record(const struct cgc_rule *rule, const char **why)
{
	if (rule->ref || rule->next[0] || rule->next[1])
		return refuse(-EINVAL, why, "a rule comes with a reference or a chain, which the module gives");
	if (rule->owner < CGC_OWNER_FILES || rule->owner > CGC_OWNER_UNIT)
		return refuse(-EINVAL, why, "a rule's owner is unknown");
	return 0;
}

int cgc_transaction_rules(u32 owner, const struct cgc_rule *rules, u32 count,
			  const struct cgc_rule_words *words, const char **why)
{
	struct cgc_rule *added;
	u32 i;
	int err;

	err = owned(owner, why);
	if (err)
		return err;
	added = cgc_array_append(&tx.rules, rules, count, sizeof(*rules), CGC_RULES_MAX);
	if (!added)
		return refuse(-ENOMEM, why, "no memory for so many rules");
	for (i = 0; i < count && !err; i++)
		err = verify_record(&added[i], why) ?:
		      translate_netdevs(&added[i], words, why) ?:
		      translate_path(&added[i], words, why);
	return err;
}

int cgc_transaction_refs(u32 owner, const u64 *refs, u32 count, const char **why)
{
	int err = owned(owner, why);

	if (err)
		return err;
	if (tx.op != CGC_OP_DEL)
		return refuse(-EINVAL, why, "references are for deleting");
	if (!cgc_array_append(&tx.refs, refs, count, sizeof(*refs), CGC_RULES_MAX))
		return refuse(-ENOMEM, why, "no memory for so many references");
	return 0;
}

int cgc_transaction_definitions(u32 owner, const struct cgc_compartment *definitions,
				u32 count, const char **why)
{
	int err = owned(owner, why);

	if (err)
		return err;
	if (tx.op == CGC_OP_DEL)
		return refuse(-EOPNOTSUPP, why, "a definition goes with the file that it is in, by load");
	if (!cgc_array_append(&tx.definitions, definitions, count, sizeof(*definitions),
		    CGC_COMPARTMENTS_MAX))
		return refuse(-ENOMEM, why, "too many definitions");
	return 0;
}

static int add_pin(const struct cgc_file *file, const char **why)
{
	struct cgc_pin *pin = cgc_pin_create(file, why);
	int err;

	if (IS_ERR(pin))
		return PTR_ERR(pin);
	err = cgc_pin_raise(pin, why);
	if (!err && !cgc_array_append(&tx.pins, &pin, 1, sizeof(pin), CGC_FILES_MAX)) {
		cgc_pin_lower(pin);
		err = refuse(-ENOMEM, why, "too many statements about files");
	}
	if (err)
		cgc_pin_put(pin);
	return err;
}

int cgc_transaction_files(u32 owner, const struct cgc_file *files, u32 count, const char **why)
{
	int err = owned(owner, why);
	u32 i;

	for (i = 0; !err && i < count; i++) {
		err = cgc_pin_verify(&files[i], why);
		if (!err && tx.op != CGC_OP_DEL)
			err = add_pin(&files[i], why);
		else if (!err && !cgc_array_append(&tx.files, &files[i], 1, sizeof(*files), CGC_FILES_MAX))
			err = refuse(-ENOMEM, why, "too many statements about files");
	}
	return err;
}

int cgc_transaction_statements(u32 owner, enum cgc_statement_kind kind, const void *records,
			       u32 count, const char **why)
{
	return owned(owner, why) ?:
	       cgc_statements_take(&tx.statements, kind, records, count, why);
}

/* A rule of a set that is in force, into another one. */
static int copy_rule(struct cgc_policy *to, const struct cgc_ruleset *from, u32 i,
		     const char **why)
{
	const struct cgc_rule_words words = cgc_ruleset_words(from);
	struct cgc_rule rule = from->rules[i];
	u64 ref;

	rule.ref = 0;
	memset(rule.next, 0, sizeof(rule.next));
	return cgc_ruleset_add(to->rules, &rule, &words, &ref, why);
}

/* `load' makes rules the files'; `add' has its own and those of started compartments. */
static u32 owner_of(const struct cgc_rule *rule)
{
	if (tx.op == CGC_OP_REPLACE)
		return CGC_OWNER_FILES;
	return rule->owner == CGC_OWNER_UNIT ? CGC_OWNER_UNIT : CGC_OWNER_CLI;
}

static int add_new_rules(struct cgc_policy *to, const char **why)
{
	const struct cgc_rule_words words = tx_words();
	struct cgc_rule *rule = tx.rules.at;
	u64 ref;
	u32 i;
	int err;

	for (i = 0; i < tx.rules.count; i++) {
		rule[i].owner = owner_of(&rule[i]);
		err = cgc_ruleset_add(to->rules, &rule[i], &words, &ref, why);
		if (err && err != -EEXIST)
			return err;
	}
	return 0;
}

static int copy_rules(struct cgc_policy *to, const struct cgc_policy *from, const char **why)
{
	u32 i;
	int err;

	for (i = 0; i < from->rules->count; i++) {
		if (tx.op == CGC_OP_REPLACE && from->rules->rules[i].owner == CGC_OWNER_FILES)
			continue;
		err = copy_rule(to, from->rules, i, why);
		if (err && err != -EEXIST)
			return err;
	}
	return 0;
}

/* The references of the rules that are to go: those given, those of the rules. */
static int resolve_deletions(const struct cgc_policy *from, struct cgc_policy *scratch,
			     const char **why)
{
	const struct cgc_rule_words words = tx_words();
	struct cgc_rule *rule = tx.rules.at;
	u64 ref, *refs;
	u32 i;
	int err;

	for (i = 0; i < tx.rules.count; i++) {
		rule[i].owner = CGC_OWNER_CLI;
		err = cgc_ruleset_add(scratch->rules, &rule[i], &words, &ref, why);
		if (err && err != -EEXIST)
			return err;
		if (!cgc_array_append(&tx.refs, &ref, 1, sizeof(ref), 2 * CGC_RULES_MAX))
			return refuse(-ENOMEM, why, "no memory for so many references");
	}
	refs = tx.refs.at;
	for (i = 0; i < tx.refs.count; i++)
		if (!cgc_ruleset_find(from->rules, refs[i]))
			return refuse(-ENOENT, why, "a rule that is to be deleted is not there");
	return 0;
}

static int by_value(const void *a, const void *b)
{
	const u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

static int copy_but_deleted(struct cgc_policy *to, const struct cgc_policy *from,
			    const char **why)
{
	const struct cgc_ruleset *rules = from->rules;
	u32 i;
	int err;

	sort(tx.refs.at, tx.refs.count, sizeof(u64), by_value, NULL);
	for (i = 0; i < rules->count; i++) {
		if (bsearch(&rules->rules[i].ref, tx.refs.at, tx.refs.count, sizeof(u64), by_value))
			continue;
		err = copy_rule(to, rules, i, why);
		if (err)
			return err;
	}
	return 0;
}

static int delete_rules(struct cgc_policy *to, const struct cgc_policy *from, const char **why)
{
	struct cgc_policy *scratch = cgc_policy_create(tx.rules.count, 0, 0);
	int err;

	if (!scratch)
		return refuse(-ENOMEM, why, "no memory for the new set");
	err = resolve_deletions(from, scratch, why);
	cgc_policy_free(scratch);
	return err ?: copy_but_deleted(to, from, why);
}

static void copy_definitions(struct cgc_policy *to, const struct cgc_policy *from)
{
	const struct cgc_compartment *defs = tx.definitions.at;
	u32 i;

	if (tx.op != CGC_OP_REPLACE) {
		memcpy(to->definitions, from->definitions,
		       from->definitions_count * sizeof(*to->definitions));
		to->definitions_count = from->definitions_count;
		to->routed = from->routed;
	}
	for (i = 0; i < tx.definitions.count; i++) {
		to->definitions[to->definitions_count] = defs[i];
		to->definitions[to->definitions_count++].flags |= CGC_COMPARTMENT_DEFINED;
	}
}

static bool has_pin(const struct cgc_policy *policy, const struct cgc_file *file)
{
	u32 i;

	for (i = 0; i < policy->pins_count; i++)
		if (cgc_pin_says(policy->pins[i], file))
			return true;
	return false;
}

static bool pin_stays(const struct cgc_pin *pin)
{
	const struct cgc_file *files = tx.files.at;
	u32 i;

	if (tx.op == CGC_OP_REPLACE)
		return pin->file.owner != CGC_OWNER_FILES;
	for (i = 0; i < tx.files.count; i++)
		if (cgc_pin_says(pin, &files[i]))
			return false;
	return true;
}

/* New ones first: what a file says stands for what was added with the same words. */
static int copy_pins(struct cgc_policy *to, const struct cgc_policy *from, const char **why)
{
	const struct cgc_file *files = tx.files.at;
	struct cgc_pin **pins = tx.pins.at;
	u32 i;

	for (i = 0; i < tx.files.count; i++)
		if (!has_pin(from, &files[i]))
			return refuse(-ENOENT, why, "a statement that is to be deleted is not there");
	for (i = 0; i < tx.pins.count; i++) {
		if (has_pin(to, &pins[i]->file))
			continue;
		pins[i]->file.owner = tx.op == CGC_OP_REPLACE ? CGC_OWNER_FILES : CGC_OWNER_CLI;
		cgc_policy_pin(to, pins[i]);
	}
	for (i = 0; i < from->pins_count; i++)
		if (pin_stays(from->pins[i]) && !has_pin(to, &from->pins[i]->file))
			cgc_policy_pin(to, from->pins[i]);
	return to->pins_count > CGC_FILES_MAX ?
	       refuse(-ENOSPC, why, "more statements about files than a set can have") : 0;
}

static int verify(struct cgc_policy *to, struct net *net, const struct cgc_flow *keep,
		  const char **why)
{
	int err;

	err = cgc_compartment_verify(to, why);
	if (err)
		return err;
	err = cgc_names_verify(to, why) ?: cgc_names_tables(to, why);
	if (err)
		return err;
	err = cgc_mapping_verify(to, why);
	if (err)
		return err;
	if (!cgc_compartment_administers(to, cgc_label_of_current()) &&
	    !cgc_mapping_to_admin(to))
		return refuse(-EPERM, why, "the set names administrators' compartments, you are in none of them, and no EXEC statement leads from compartment 0 into one: there would be no way in");
	if (keep && cgc_lockout(to, net, keep, CGC_NO_HAND))
		return refuse(-EPERM, why, "this would cut the connection that you are on");
	return 0;
}

/* At most; deletions may be of fewer rules than there are references. */
static u32 rules_needed(const struct cgc_policy *from)
{
	u32 i, kept = from->rules->count;

	if (tx.op == CGC_OP_REPLACE)
		for (i = 0; i < from->rules->count; i++)
			kept -= from->rules->rules[i].owner == CGC_OWNER_FILES;
	return kept + (tx.op == CGC_OP_DEL ? 0 : tx.rules.count);
}

static int build(struct cgc_policy **to, const struct cgc_policy *from, const char **why)
{
	int err;

	*to = NULL;
	if (rules_needed(from) > CGC_RULES_MAX)
		return refuse(-ENOSPC, why, "more rules than a set can have");
	*to = cgc_policy_create(rules_needed(from),
				from->definitions_count + tx.definitions.count,
				from->pins_count + tx.pins.count);
	if (!*to)
		return refuse(-ENOMEM, why, "no memory for the new set");
	copy_definitions(*to, from);
	err = copy_pins(*to, from, why) ?:
	      cgc_statements_change(&(*to)->statements, &from->statements, &tx.statements, tx.op,
				    why);
	if (err)
		return err;
	if (tx.op == CGC_OP_DEL)
		err = delete_rules(*to, from, why);
	else if (tx.op == CGC_OP_REPLACE)
		err = add_new_rules(*to, why) ?: copy_rules(*to, from, why);
	else
		err = copy_rules(*to, from, why) ?: add_new_rules(*to, why);
	return err;
}

static void tell(const struct cgc_policy *to, const struct cgc_policy *from, u32 try_seconds)
{
	static const char *const what[] = { "load", "add", "del" };

	cgc_event_admin("%s%s: %u rules, %u compartments, %u files; before it %u, %u and %u",
			what[tx.op], try_seconds ? " on trial" : "", to->rules->count,
			to->definitions_count, to->pins_count, from->rules->count,
			from->definitions_count, from->pins_count);
}

int cgc_transaction_commit(u32 owner, struct net *net, const struct cgc_flow *keep,
			   u32 try_seconds, const char **why)
{
	const struct cgc_policy *from = cgc_policy();
	struct cgc_policy *to = NULL;
	int err;

	err = owned(owner, why);
	if (err)
		return err;
	if (cgc_policy_try_seconds())
		err = refuse(-EBUSY, why, "a set is on trial: confirm it or revert it first");
	if (!err)
		err = build(&to, from, why);
	if (!err)
		err = verify(to, net, keep, why);
	if (!err && cgc_seal_policy(to))
		err = refuse(-ENOMEM, why, "no memory for the seals");
	if (!err)
		err = cgc_policy_raise(to, why);
	if (err) {
		cgc_policy_free(to);
	} else {
		tell(to, from, try_seconds);
		cgc_names_learn(to);
		cgc_policy_publish(to, try_seconds);
	}
	end();
	return err;
}

static struct cgc_compartment *definition_of(struct cgc_policy *policy, u32 label)
{
	u32 i;

	for (i = 0; i < policy->definitions_count; i++)
		if (policy->definitions[i].number == label)
			return &policy->definitions[i];
	return NULL;
}

int cgc_transaction_permissive(u32 label, bool permissive, const char **why)
{
	const struct cgc_policy *from = cgc_policy();
	struct cgc_compartment *def;
	struct cgc_policy *to;
	int err;

	cgc_policy_assert_locked();
	if (tx.open)
		return refuse(-EBUSY, why, "somebody else is changing the rules right now");
	if (cgc_policy_try_seconds())
		return refuse(-EBUSY, why, "a set is on trial: confirm it or revert it first");
	tx.op = CGC_OP_ADD;	/* of nothing: a copy */
	err = build(&to, from, why);
	tx.op = 0;
	def = err ? NULL : definition_of(to, label);
	if (!err && !def)
		err = refuse(-ENOENT, why, "no such compartment is defined");
	if (err) {
		cgc_policy_free(to);
		return err;
	}
	def->flags &= ~CGC_COMPARTMENT_PERMISSIVE;
	def->flags |= permissive ? CGC_COMPARTMENT_PERMISSIVE : 0;
	cgc_event_admin("compartment 0x%x %s", label, permissive ? "permissive" : "enforced");
	cgc_policy_publish(to, 0);
	return 0;
}
