/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/bench/rm_floor.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define SIZE_MAX_BYTES 131072u

static int channel = -1;
static unsigned char buffer[SIZE_MAX_BYTES];

/* The first four bytes of a message say how long the answer is. */
static void
serve(int fd)
{
	for (;;) {
		ssize_t n = recv(fd, buffer, sizeof buffer, 0);
		uint32_t length;

		if (n < (ssize_t)sizeof length)
			_exit(0);
		memcpy(&length, buffer, sizeof length);
		if (send(fd, buffer, length, MSG_NOSIGNAL) < 0)
			_exit(0);
	}
}

void
floor_start(void)
{
	int pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0 || (pid = fork()) < 0) {
		perror("floor");
		exit(1);
	}
	if (pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void)close(pair[0]);
		serve(pair[1]);
	}
	(void)close(pair[1]);
	channel = pair[0];
}

void
floor_trip(size_t out, size_t in)
{
	uint32_t length = (uint32_t)in;

	memcpy(buffer, &length, sizeof length);
	if (send(channel, buffer, out, MSG_NOSIGNAL) != (ssize_t)out ||
	    recv(channel, buffer, sizeof buffer, 0) != (ssize_t)in) {
		perror("floor");
		exit(1);
	}
}
