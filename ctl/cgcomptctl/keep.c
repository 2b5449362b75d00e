// SPDX-License-Identifier: GPL-2.0-only
/*
 * The connection that the caller sits at the end of: the change that it asks
 * for must not cut it (mission O7). sudo takes SSH_CONNECTION away, so the
 * caller's ancestors are searched for a ssh server, and its sockets for one
 * that is connected. The kernel knows the rest: the interface, the label.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "ctl.h"

#define ANCESTORS_MAX	64
#define INODES_MAX	64
#define TCP_ESTABLISHED	1

static const char *const servers[] = { "sshd", "sshd-session", "sshd-auth", "dropbear" };

/* The parent of a process, and its own name. */
static pid_t parent(pid_t pid, char comm[32])
{
	char path[64], line[512], *open, *close;
	pid_t ppid = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (fgets(line, sizeof(line), file)) {
		open = strchr(line, '(');
		close = strrchr(line, ')');
		if (open && close && sscanf(close + 1, " %*c %d", &ppid) == 1)
			snprintf(comm, 32, "%.*s", (int)(close - open - 1), open + 1);
	}
	fclose(file);
	return ppid;
}

static bool is_server(const char *comm)
{
	size_t i;

	for (i = 0; i < sizeof(servers) / sizeof(servers[0]); i++)
		if (!strcmp(comm, servers[i]))
			return true;
	return false;
}

static int by_fd(const struct dirent **a, const struct dirent **b)
{
	return atoi((*a)->d_name) - atoi((*b)->d_name);
}

/* A process's sockets, lowest descriptor first: what came in comes before what
 * it forwards. */
static u32 socket_inodes(pid_t pid, u64 *inodes)
{
	char path[64], link[400], target[64];
	struct dirent **entries;
	unsigned long long inode;
	u32 count = 0;
	int n, i;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	n = scandir(path, &entries, NULL, by_fd);
	for (i = 0; i < n; i++) {
		ssize_t len;

		snprintf(link, sizeof(link), "%s/%s", path, entries[i]->d_name);
		len = readlink(link, target, sizeof(target) - 1);
		target[len < 0 ? 0 : len] = '\0';
		if (count < INODES_MAX && sscanf(target, "socket:[%llu]", &inode) == 1)
			inodes[count++] = inode;
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	return count;
}

/* /proc/net/tcp shows an address as 32-bit words of the machine's order. */
static void address(const char *hex, size_t words, u8 *addr)
{
	char word[9] = "";
	u32 value;
	size_t i;

	for (i = 0; i < words; i++) {
		memcpy(word, hex + 8 * i, 8);
		value = (u32)strtoul(word, NULL, 16);
		memcpy(addr + 4 * i, &value, sizeof(value));
	}
}

/* An IPv4 connection of an IPv6 socket is one to rules. */
static void unmap(struct cgc_flow *flow)
{
	static const u8 mapped[12] = { [10] = 0xFF, [11] = 0xFF };
	u8 *addrs[] = { flow->saddr, flow->daddr };
	size_t i;

	if (flow->family != 6 || memcmp(flow->saddr, mapped, 12) || memcmp(flow->daddr, mapped, 12))
		return;
	flow->family = 4;
	for (i = 0; i < 2; i++) {
		memmove(addrs[i], addrs[i] + 12, 4);
		memset(addrs[i] + 4, 0, 12);
	}
}

static bool line_flow(const char *line, u8 family, u64 inode, struct cgc_flow *flow)
{
	size_t words = family == 6 ? 4 : 1;
	unsigned int lport, rport, state;
	char local[33], remote[33];
	unsigned long long found;

	if (sscanf(line, " %*d: %32[0-9A-F]:%x %32[0-9A-F]:%x %x %*s %*s %*s %*u %*u %llu",
		   local, &lport, remote, &rport, &state, &found) != 6 ||
	    found != inode || state != TCP_ESTABLISHED || strlen(local) != 8 * words)
		return false;
	*flow = (struct cgc_flow){ .path = CGC_PATH_IN, .method = CGC_METHOD_TCP,
				   .family = family, .sport = (u16)rport, .dport = (u16)lport };
	address(remote, words, flow->saddr);
	address(local, words, flow->daddr);
	unmap(flow);
	return true;
}

static bool table_flow(const char *path, u8 family, u64 inode, struct cgc_flow *flow)
{
	FILE *file = fopen(path, "re");
	bool found = false;
	char line[512];

	if (!file)
		return false;
	while (!found && fgets(line, sizeof(line), file))
		found = line_flow(line, family, inode, flow);
	fclose(file);
	return found;
}

static bool process_flow(pid_t pid, struct cgc_flow *flow)
{
	u64 inodes[INODES_MAX];
	u32 count = socket_inodes(pid, inodes), i;

	for (i = 0; i < count; i++)
		if (table_flow("/proc/net/tcp", 4, inodes[i], flow) ||
		    table_flow("/proc/net/tcp6", 6, inodes[i], flow))
			return true;
	return false;
}

static bool ancestors_flow(struct cgc_flow *flow)
{
	pid_t pid = getpid(), above;
	unsigned int i;
	char comm[32];

	for (i = 0; pid > 0 && i < ANCESTORS_MAX; i++) {
		comm[0] = '\0';
		above = parent(pid, comm);
		if (is_server(comm) && process_flow(pid, flow))
			return true;
		pid = above;
	}
	return false;
}

static bool word_address(const char *word, u8 *family, u8 *addr)
{
	if (inet_pton(AF_INET, word, addr) == 1)
		*family = 4;
	else if (inet_pton(AF_INET6, word, addr) == 1)
		*family = 6;
	else
		return false;
	return true;
}

static bool environment_flow(struct cgc_flow *flow)
{
	const char *text = getenv("SSH_CONNECTION");
	char client[64], server[64];
	u8 family;

	*flow = (struct cgc_flow){ .path = CGC_PATH_IN, .method = CGC_METHOD_TCP };
	if (!text || sscanf(text, "%63s %hu %63s %hu", client, &flow->sport, server,
			    &flow->dport) != 4)
		return false;
	client[strcspn(client, "%")] = '\0';
	server[strcspn(server, "%")] = '\0';
	if (!word_address(client, &flow->family, flow->saddr) ||
	    !word_address(server, &family, flow->daddr) || family != flow->family)
		return false;
	unmap(flow);
	return true;
}

const struct cgc_flow *ctl_keep(void)
{
	static struct cgc_flow flow;

	if (ctl.force || (!ancestors_flow(&flow) && !environment_flow(&flow)))
		return NULL;
	return &flow;
}
