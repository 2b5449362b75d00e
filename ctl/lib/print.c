// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <time.h>

#include "print.h"

static struct cgc_text *fresh(void)
{
	static char buffers[8][CGC_DEFINITION_TEXT_SIZE];
	static struct cgc_text texts[8];
	static unsigned int next;
	unsigned int i = next++ % 8;

	cgc_text_init(&texts[i], buffers[i], sizeof(buffers[i]));
	return &texts[i];
}

const char *cgc_show_label(const struct cgc_names *names, u32 label)
{
	struct cgc_text *text = fresh();

	cgc_text_label(text, names, label);
	return text->at;
}

const char *cgc_show_addr(unsigned int family, const u8 *addr)
{
	struct cgc_text *text = fresh();

	cgc_text_addr(text, family, addr);
	return text->at;
}

const char *cgc_show_rule(const struct cgc_rule *rule,
			  const struct cgc_rule_words *words, const struct cgc_names *names)
{
	struct cgc_text *text = fresh();

	cgc_format_rule(text, rule, words, names);
	return text->at;
}

const char *cgc_show_definition(const struct cgc_compartment *def, const struct cgc_names *names)
{
	struct cgc_text *text = fresh();

	cgc_format_compartment(text, def, names);
	return text->at;
}

const char *cgc_show_file(const struct cgc_file *file, const struct cgc_names *names)
{
	struct cgc_text *text = fresh();

	cgc_format_file(text, file, names);
	return text->at;
}

const char *cgc_show_selector(const struct cgc_netdev_selector *selector,
			      const struct cgc_names *names)
{
	struct cgc_text *text = fresh();

	cgc_text_selector(text, selector, names);
	return text->at;
}

const char *cgc_show_route(const struct cgc_route *route, const struct cgc_names *names)
{
	struct cgc_text *text = fresh();

	cgc_format_route(text, route, names);
	return text->at;
}

const char *cgc_show_netdev_map(const struct cgc_netdev_map *map, const struct cgc_names *names)
{
	struct cgc_text *text = fresh();

	cgc_format_netdev_map(text, map, names);
	return text->at;
}

const char *cgc_show_hosts(const struct cgc_flow *flow)
{
	struct cgc_text *text = fresh();

	cgc_format_hosts(text, flow);
	return text->at;
}

const char *cgc_show_flow(const struct cgc_flow *flow, bool reversed,
			  const char *netdev, const struct cgc_names *names)
{
	struct cgc_text *text = fresh();

	cgc_format_flow(text, flow, reversed, netdev, names);
	return text->at;
}

static void tidy(char *to, const char *name, size_t size)
{
	snprintf(to, size, "%s", cgc_show_name(name, size));
}

const char *cgc_show_event(const struct cgc_event *event, const struct cgc_names *names)
{
	struct cgc_event shown = { .flow = event->flow };
	struct cgc_text *text;

	tidy(shown.netdev, event->netdev, sizeof(shown.netdev));
	tidy(shown.path, event->path, sizeof(shown.path));
	text = fresh();
	cgc_format_event(text, &shown, names);
	return text->at;
}

const char *cgc_show_name(const char *name, size_t size)
{
	struct cgc_text *text = fresh();
	char *at = text->at;
	size_t i;

	for (i = 0; i < size && i + 1 < text->size && name[i]; i++)
		*at++ = name[i] < ' ' || name[i] > '~' ? '?' : name[i];
	*at = '\0';
	return text->at;
}

const char *cgc_show_time(u64 ns)
{
	struct cgc_text *text = fresh();
	time_t seconds = (time_t)(ns / 1000000000u);
	struct tm tm;
	size_t len;

	localtime_r(&seconds, &tm);
	len = strftime(text->at, text->size, "%Y-%m-%d %H:%M:%S", &tm);
	snprintf(text->at + len, text->size - len, ".%03u", (unsigned int)(ns / 1000000 % 1000));
	return text->at;
}

const char *cgc_mode_name(u32 mode)
{
	static const char *const names[] = {
		[CGC_MODE_LOADING] = "loading",
		[CGC_MODE_ENFORCE] = "enforce",
		[CGC_MODE_PERMISSIVE] = "permissive",
		[CGC_MODE_DISABLED] = "disabled",
	};

	return mode <= CGC_MODE_DISABLED ? names[mode] : "unknown";
}

const char *cgc_owner_name(u32 owner)
{
	static const char *const names[] = {
		[CGC_OWNER_FILES] = "files",
		[CGC_OWNER_CLI] = "command line",
		[CGC_OWNER_UNIT] = "unit",
	};

	return owner >= CGC_OWNER_FILES && owner <= CGC_OWNER_UNIT ? names[owner] : "unknown";
}
