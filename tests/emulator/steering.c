/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/emulator/steering.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/suite.h"

void
steering_begin(struct steering *steering)
{
	char preload[1024], number[16];
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
		perror("socketpair");
		exit(1);
	}
	snprintf(preload, sizeof preload, "%s/tests/usbfs.so", getenv("TESSERA_BUILD"));
	snprintf(number, sizeof number, "%d", ends[1]);
	fcntl(ends[1], F_SETFD, 0);
	setenv("LD_PRELOAD", preload, 1);
	setenv("TESSERA_EMULATOR", number, 1);
	steering->theirs = ends[1];
	steering->lines = fdopen(ends[0], "r+");
}

void
steering_started(struct steering *steering)
{
	unsetenv("LD_PRELOAD");
	unsetenv("TESSERA_EMULATOR");
	close(steering->theirs);
}

void
steering_say(struct steering *steering, const char *line, const char *expected)
{
	char answer[64] = "";

	dprintf(fileno(steering->lines), "%s\n", line);
	if (fgets(answer, sizeof answer, steering->lines) == NULL)
		answer[0] = '\0';
	answer[strcspn(answer, "\n")] = '\0';
	SUITE_EQUAL_STRING(answer, expected);
}

void
steering_end(struct steering *steering)
{
	(void)fclose(steering->lines);
}
