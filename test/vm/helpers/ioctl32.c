// SPDX-License-Identifier: GPL-2.0-only
/*
 * ioctl32 REQUEST ARGUMENT: asks for it on standard input as a program of 32 bits
 * does, and says whether that was allowed.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define IOCTL 54

int main(int argc, char **argv)
{
	unsigned long request, argument;
	long ret = IOCTL;

	if (argc != 3)
		return 2;
	request = strtoul(argv[1], NULL, 0);
	argument = strtoul(argv[2], NULL, 0);
	__asm__ volatile("int $0x80" : "+a"(ret) : "b"(0), "c"(request), "d"(argument) : "memory");
	if (!ret)
		puts("allowed");
	else if (ret == -EACCES)
		puts("refused EACCES");
	else
		printf("failed %ld\n", -ret);
	return 0;
}
