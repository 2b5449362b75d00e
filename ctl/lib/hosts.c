// SPDX-License-Identifier: GPL-2.0-only
/* Hosts: names to addresses, and the answers that are kept for the next boot. */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf.h"
#include "msg.h"
#include "source.h"

#define HOSTS_DIR	"/var/lib/cgcompt"
#define ADDRESSES_MAX	256	/* of one name */

static struct cgc_addresses *address_add(struct cgc_addresses *list, int family,
					 const void *addr)
{
	struct cgc_end end = { .port_hi = 65535 };
	u32 i, count = list ? list->count : 0;

	end.kind = family == AF_INET ? CGC_END_NET4 : CGC_END_NET6;
	end.prefix = family == AF_INET ? 32 : 128;
	memcpy(end.addr, addr, family == AF_INET ? 4 : 16);
	for (i = 0; i < count; i++)
		if (!memcmp(&list->ends[i], &end, sizeof(end)))
			return list;
	if (count == ADDRESSES_MAX)
		return list;
	if (!list)
		list = cgc_alloc(sizeof(*list) + ADDRESSES_MAX * sizeof(end));
	list->ends[list->count++] = end;
	return list;
}

static struct cgc_addresses *ask(const char *name, const char **why)
{
	const struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
	struct cgc_addresses *list = NULL;
	struct addrinfo *answer, *a;
	int err = getaddrinfo(name, NULL, &hints, &answer);

	if (err) {
		*why = gai_strerror(err);
		return NULL;
	}
	for (a = answer; a; a = a->ai_next) {
		if (a->ai_family == AF_INET)
			list = address_add(list, AF_INET,
					   &((struct sockaddr_in *)(void *)a->ai_addr)->sin_addr);
		else if (a->ai_family == AF_INET6)
			list = address_add(list, AF_INET6,
					   &((struct sockaddr_in6 *)(void *)a->ai_addr)->sin6_addr);
	}
	freeaddrinfo(answer);
	return list;
}

/* One line of the store: a name and its addresses. */
static struct cgc_addresses *line_addresses(char *line, const char *name)
{
	struct cgc_addresses *list = NULL;
	unsigned char addr[16];
	char *save, *word = strtok_r(line, " ", &save);

	if (!word || strcmp(word, name))
		return NULL;
	while ((word = strtok_r(NULL, " ", &save))) {
		if (inet_pton(AF_INET, word, addr) == 1)
			list = address_add(list, AF_INET, addr);
		else if (inet_pton(AF_INET6, word, addr) == 1)
			list = address_add(list, AF_INET6, addr);
	}
	return list;
}

static struct cgc_addresses *stored(const char *name)
{
	struct cgc_addresses *list = NULL;
	struct cgc_source source;
	const char *why;
	char *line, *save;

	if (cgc_source_read(CGC_HOSTS_FILE, &source, &why))
		return NULL;
	if (!source.untrusted && source.len) {
		source.text[source.len - 1] = '\0';
		for (line = strtok_r(source.text, "\n", &save); line && !list;
		     line = strtok_r(NULL, "\n", &save))
			list = line_addresses(line, name);
	}
	free(source.text);
	return list;
}

const struct cgc_addresses *cgc_host_addresses(struct cgc_config *config,
					       struct cgc_symbol *host, const char **why)
{
	*why = "no answer is stored in " CGC_HOSTS_FILE;
	if (host->asked) {
		if (!host->addresses)
			*why = "as above";
		return host->addresses;
	}
	host->asked = true;
	if (!config->options.boot)
		host->addresses = ask(host->text, why);
	if (!host->addresses && !config->options.check) {
		host->addresses = stored(host->text);
		if (host->addresses)
			cgc_msg("warning: host %s: using the addresses in %s", host->text,
				CGC_HOSTS_FILE);
	}
	return host->addresses;
}

static void host_write(FILE *file, const struct cgc_symbol *host)
{
	char text[INET6_ADDRSTRLEN];
	u32 i;

	if (!host->addresses)
		return;
	fprintf(file, "%s", host->text);
	for (i = 0; i < host->addresses->count; i++) {
		const struct cgc_end *end = &host->addresses->ends[i];

		inet_ntop(end->kind == CGC_END_NET4 ? AF_INET : AF_INET6, end->addr,
			  text, sizeof(text));
		fprintf(file, " %s", text);
	}
	fprintf(file, "\n");
}

static bool any_host(const struct cgc_config *config)
{
	const struct cgc_symbol *symbol;
	u32 i;

	for (i = 0; i < CGC_SYMBOL_BUCKETS; i++)
		for (symbol = config->symbols[i]; symbol; symbol = symbol->next)
			if (symbol->addresses)
				return true;
	return false;
}

void cgc_hosts_store(const struct cgc_config *config)
{
	const struct cgc_symbol *symbol;
	FILE *file;
	u32 i;

	if (!any_host(config)) {
		unlink(CGC_HOSTS_FILE);
		return;
	}
	mkdir(HOSTS_DIR, 0755);
	file = fopen(CGC_HOSTS_FILE ".new", "we");
	if (!file) {
		cgc_msg("warning: %s.new: %s", CGC_HOSTS_FILE, strerror(errno));
		return;
	}
	for (i = 0; i < CGC_SYMBOL_BUCKETS; i++)
		for (symbol = config->symbols[i]; symbol; symbol = symbol->next)
			host_write(file, symbol);
	fchmod(fileno(file), 0644);
	if (fflush(file) || fsync(fileno(file)) || fclose(file) ||
	    rename(CGC_HOSTS_FILE ".new", CGC_HOSTS_FILE))
		cgc_msg("warning: %s: %s", CGC_HOSTS_FILE, strerror(errno));
}
