// SPDX-License-Identifier: GPL-2.0-only
/*
 * forward DEVICE MAC SOURCE DESTINATION - put UDP datagrams on a link for a router to
 * forward, past everything that sockets of this machine have, and print how long one
 * takes, in nanoseconds: instructions, in a guest that counts them. The least of batches.
 */
#include <arpa/inet.h>
#include <err.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <netpacket/packet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define BATCHES	16
#define BATCH	1000

struct frame {
	struct ether_header ether;
	struct iphdr ip;
	struct udphdr udp;
	char data[64];
} __attribute__((packed));

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static unsigned short sum(const void *at, int len)
{
	const unsigned char *byte = at;
	unsigned int value = 0;

	for (; len > 0; byte += 2, len -= 2)
		value += (unsigned int)byte[0] << 8 | byte[1];
	while (value >> 16)
		value = (value & 0xFFFF) + (value >> 16);
	return htons((unsigned short)~value);
}

static void fill(struct frame *frame, char **words)
{
	unsigned char *mac = frame->ether.ether_dhost;

	memset(frame, 0, sizeof(*frame));
	if (sscanf(words[1], "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &mac[0], &mac[1], &mac[2],
		   &mac[3], &mac[4], &mac[5]) != 6)
		errx(2, "%s: expected a MAC address", words[1]);
	frame->ether.ether_type = htons(ETHERTYPE_IP);
	frame->ip = (struct iphdr){ .ihl = 5, .version = 4, .ttl = 64, .protocol = IPPROTO_UDP,
				    .tot_len = htons(sizeof(*frame) - sizeof(frame->ether)),
				    .saddr = inet_addr(words[2]), .daddr = inet_addr(words[3]) };
	frame->ip.check = sum(&frame->ip, sizeof(frame->ip));
	frame->udp = (struct udphdr){ .source = htons(5000), .dest = htons(53),
				      .len = htons(sizeof(frame->udp) + sizeof(frame->data)) };
}

int main(int argc, char **argv)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_halen = 6 };
	double least = 1e12, t;
	struct frame frame;
	int fd, i, batch;

	if (argc != 5)
		errx(2, "expected DEVICE MAC SOURCE DESTINATION");
	fill(&frame, argv + 1);
	to.sll_ifindex = (int)if_nametoindex(argv[1]);
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (fd < 0)
		err(1, "socket");
	for (batch = 0; batch < BATCHES; batch++) {
		t = now();
		for (i = 0; i < BATCH; i++)
			if (sendto(fd, &frame, sizeof(frame), 0, (void *)&to, sizeof(to)) < 0)
				err(1, "sendto");
		t = (now() - t) / BATCH;
		least = t < least ? t : least;
	}
	printf("%.0f\n", least);
	return 0;
}
