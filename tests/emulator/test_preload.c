/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The emulator loaded into a program that knows nothing of it (probe.c), and steered from outside.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/emulator/steering.h"
#include "tests/suite.h"

extern char **environ;

/* Starts the probe; what it prints can be read from the result. */
static FILE *
start_probe(struct steering *steering, pid_t *ret_pid)
{
	char program[512];
	char *const arguments[] = { program, NULL };
	posix_spawn_file_actions_t actions;
	int output[2];

	snprintf(program, sizeof program, "%s/tests/emulator_probe", getenv("TESSERA_BUILD"));
	if (pipe2(output, O_CLOEXEC) != 0)
		exit(1);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
	steering_begin(steering);
	if (posix_spawn(ret_pid, program, &actions, NULL, arguments, environ) != 0)
		exit(1);
	steering_started(steering);
	posix_spawn_file_actions_destroy(&actions);
	close(output[1]);
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
	struct steering steering;
	pid_t pid;
	int status;
	FILE *output = start_probe(&steering, &pid);

	expect(output, "ready");
	steering_say(&steering, "plug 1 2 extended 1", "ok");
	expect(output, "arrived 1 2: 81 00 00 00 00 00 01 02 00 00");
	steering_say(&steering, "insert 1 2 0 1 files", "ok");
	expect(output, "interrupt 50 03");
	steering_say(&steering, "messages 1 2", "ok 1");
	steering_say(&steering, "plug 1 3 nonsense 1", "no which level?");
	steering_say(&steering, "messages 9 9", "no no such reader");
	/* The program ends with its reader, perhaps before it has answered. */
	dprintf(fileno(steering.lines), "pull 1 2\n");
	expect(output, "gone");
	SUITE_EQUAL_INT(waitpid(pid, &status, 0), pid);
	SUITE_EQUAL_INT(status, 0);
	steering_end(&steering);
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
