/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The emulator loaded into a program that knows nothing of it (probe.c), and steered from outside.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/suite.h"

extern char **environ;

static FILE *lines;

static void
say(const char *line, const char *expected)
{
	char answer[64] = "";

	dprintf(fileno(lines), "%s\n", line);
	if (fgets(answer, sizeof answer, lines) == NULL)
		answer[0] = '\0';
	answer[strcspn(answer, "\n")] = '\0';
	SUITE_EQUAL_STRING(answer, expected);
}

/* Starts the probe; what it prints can be read from the result. */
static FILE *
start_probe(pid_t *ret_pid)
{
	const char *build = getenv("TESSERA_BUILD"), *first = getenv("EMULATOR_PRELOAD_FIRST");
	char program[512], preload[1024], number[16];
	int sockets[2], output[2];
	pid_t pid;

	snprintf(program, sizeof program, "%s/tests/emulator_probe", build);
	snprintf(preload, sizeof preload, "%s%s%s/tests/usbfs.so", first != NULL ? first : "",
	    first != NULL ? ":" : "", build);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0 ||
	    pipe2(output, O_CLOEXEC) != 0)
		exit(1);
	snprintf(number, sizeof number, "%d", sockets[1]);
	pid = fork();
	if (pid == 0) {
		fcntl(sockets[1], F_SETFD, 0);
		dup2(output[1], STDOUT_FILENO);
		setenv("TESSERA_EMULATOR", number, 1);
		setenv("LD_PRELOAD", preload, 1);
		execl(program, program, (char *)NULL);
		_exit(127);
	}
	close(sockets[1]);
	close(output[1]);
	lines = fdopen(sockets[0], "r+");
	*ret_pid = pid;
	return fdopen(output[0], "r");
}

static void
expect(FILE *output, const char *expected)
{
	char line[128] = "";

	if (fgets(line, sizeof line, output) == NULL)
		line[0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	SUITE_EQUAL_STRING(line, expected);
}

static void
test_preload(void)
{
	pid_t pid;
	int status;
	FILE *output = start_probe(&pid);

	expect(output, "ready");
	say("plug 1 2 extended 1", "ok");
	expect(output, "arrived 1 2: 81 00 00 00 00 00 01 02 00 00");
	say("insert 1 2 0 1 files", "ok");
	expect(output, "interrupt 50 03");
	say("messages 1 2", "ok 1");
	say("plug 1 3 nonsense 1", "no which level?");
	say("messages 9 9", "no no such reader");
	/* The program ends with its reader, perhaps before it has answered. */
	dprintf(fileno(lines), "pull 1 2\n");
	expect(output, "gone");
	SUITE_EQUAL_INT(waitpid(pid, &status, 0), pid);
	SUITE_EQUAL_INT(status, 0);
	(void)fclose(lines);
	(void)fclose(output);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "a program under LD_PRELOAD meets a reader steered from here", test_preload },
	};

	return suite_run("emulator preload", tests, sizeof tests / sizeof tests[0]);
}
