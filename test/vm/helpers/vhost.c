// SPDX-License-Identifier: GPL-2.0-only
/* vhost: has the kernel make a worker that acts for this process; prints "ready" and waits for the end of its input. */
#include <fcntl.h>
#include <linux/vhost.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

int main(void)
{
	int fd = open("/dev/vhost-net", O_RDWR);
	char byte;

	if (fd < 0 || ioctl(fd, VHOST_SET_OWNER)) {
		perror("/dev/vhost-net");
		return 1;
	}
	puts("ready");
	fflush(stdout);
	return read(STDIN_FILENO, &byte, 1) < 0;
}
