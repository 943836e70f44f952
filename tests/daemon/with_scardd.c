/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs a test program against a scardd of its own: the same program, another setting of TESSERA_RM.
 *
 *	with_scardd [--driver NAME[=SETTINGS]]... PROGRAM [ARGUMENT...]
 *
 * Debian's own libpcsclite.so.1 reaches it too, by PCSCLITE_CSOCK_NAME.
 *
 * The daemon must be there all the time, and end when it is told to; else a TAP line says so. The
 * exit status is the program's, or 1. Needs TESSERA_BUILD.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define READY_LIMIT_MS 30000
#define ARGUMENTS_MAX 32

extern char **environ;

static pid_t scardd; /* 0: does not run */

_Noreturn static void
fail(const char *what, const char *why)
{
	if (scardd > 0)
		(void)kill(scardd, SIGKILL);
	printf("not ok - scardd: %s: %s\n", what, why);
	exit(1);
}

/* Where the daemon says that it is ready. */
static int
listen_for_notice(const char *folder)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int n = snprintf(address.sun_path, sizeof address.sun_path, "%s/scardd.notify", folder);

	if (n < 0 || (size_t)n >= sizeof address.sun_path)
		fail(folder, "too long a path for a socket");
	if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof address) != 0)
		fail(address.sun_path, strerror(errno));
	(void)setenv("NOTIFY_SOCKET", address.sun_path, 1);
	return fd;
}

static void
wait_for_notice(int fd)
{
	struct pollfd polled = { .fd = fd, .events = POLLIN };
	char text[512];

	do {
		ssize_t length;

		if (poll(&polled, 1, READY_LIMIT_MS) != 1)
			fail("start", "it does not say that it is ready");
		if ((length = recv(fd, text, sizeof text - 1, 0)) < 0)
			fail("start", strerror(errno));
		text[length] = '\0';
	} while (strstr(text, "READY=1") == NULL);
}

static pid_t
spawn(const char *program, char **arguments)
{
	pid_t pid;
	int error = posix_spawn(&pid, program, NULL, NULL, arguments, environ);

	if (error != 0)
		fail(program, strerror(error));
	return pid;
}

static int
wait_status(pid_t pid)
{
	int status = -1;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Starts scardd; the arguments are the drivers of the command line, or one soft card. */
static void
start(const char *folder, char **drivers, int count)
{
	static char program[4096], place[128], other[128], setting[160];
	char *arguments[ARGUMENTS_MAX] = { program, (char *)"--socket", place,
		(char *)"--pcsclite-socket", other };
	const char *build = getenv("TESSERA_BUILD");
	int used = 5, notice = listen_for_notice(folder);

	if (build == NULL || count > ARGUMENTS_MAX - 8)
		fail("start", "TESSERA_BUILD is not set, or too many drivers");
	(void)snprintf(program, sizeof program, "%s/bin/scardd", build);
	(void)snprintf(place, sizeof place, "%s/scardd.sock", folder);
	(void)snprintf(other, sizeof other, "%s/pcsclite.sock", folder);
	(void)snprintf(setting, sizeof setting, "unix:%s", place);
	for (int i = 0; i < count; i++)
		arguments[used++] = drivers[i];
	if (count == 0) {
		arguments[used++] = (char *)"--driver";
		arguments[used++] = (char *)"softcard";
	}
	scardd = spawn(program, arguments);
	/* It stays open: the daemon tells its end as well. */
	wait_for_notice(notice);
	(void)unsetenv("NOTIFY_SOCKET");
	(void)setenv("TESSERA_RM", setting, 1);
	(void)setenv("PCSCLITE_CSOCK_NAME", other, 1);
}

int
main(int argc, char **argv)
{
	const char *folder = getenv("TMPDIR");
	int drivers = 0, status;
	pid_t ended;

	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	while (1 + drivers + 1 < argc && strcmp(argv[1 + drivers], "--driver") == 0)
		drivers += 2;
	if (1 + drivers >= argc)
		fail("use", "with_scardd [--driver NAME[=SETTINGS]]... PROGRAM [ARGUMENT...]");
	start(folder != NULL ? folder : "/tmp", argv + 1, drivers);
	status = wait_status(spawn(argv[1 + drivers], argv + 1 + drivers));
	ended = scardd;
	scardd = 0;
	if (waitpid(ended, NULL, WNOHANG) != 0)
		fail("end", "it ended before the program did");
	(void)kill(ended, SIGTERM);
	if (wait_status(ended) != 0)
		fail("end", "it did not end properly");
	return status;
}
