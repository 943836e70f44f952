/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/daemon/scardd_process.h"

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

#define READY_LIMIT_MS 20000
#define DRIVERS_MAX 8

extern char **environ;

/* The datagram socket that says READY=1; its path goes into NOTIFY_SOCKET. */
static int
open_notification(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (getcwd(address.sun_path, sizeof address.sun_path - 16) == NULL)
		return -1;
	strcat(address.sun_path, "/notify");
	(void)unlink(address.sun_path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0)
		return -1;
	setenv("NOTIFY_SOCKET", address.sun_path, 1);
	return fd;
}

static bool
wait_ready(int fd)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN };
	char text[256];

	while (poll(&poller, 1, READY_LIMIT_MS) > 0) {
		ssize_t n = recv(fd, text, sizeof text - 1, 0);

		if (n <= 0)
			return false;
		text[n] = '\0';
		if (strstr(text, "READY=1") != NULL)
			return true;
	}
	return false;
}

bool
scardd_start(struct scardd_process *scardd, const char *const *drivers)
{
	const char *build = getenv("TESSERA_BUILD");
	char program[512], manager[128], folder[80];
	char *arguments[4 + 2 * DRIVERS_MAX] = { program, (char *)"--socket", scardd->socket };
	size_t n = 3;
	int fd = open_notification();
	bool ready = false;

	if (build == NULL || fd < 0 || getcwd(folder, sizeof folder) == NULL) {
		printf("# scardd: no place for its sockets\n");
		return false;
	}
	snprintf(program, sizeof program, "%s/bin/scardd", build);
	snprintf(scardd->socket, sizeof scardd->socket, "%s/scardd.sock", folder);
	for (size_t i = 0; drivers[i] != NULL && i < DRIVERS_MAX; i++) {
		arguments[n++] = (char *)"--driver";
		arguments[n++] = (char *)(unsigned long)drivers[i];
	}
	arguments[n] = NULL;
	if (posix_spawn(&scardd->pid, program, NULL, NULL, arguments, environ) == 0)
		ready = wait_ready(fd);
	close(fd);
	unsetenv("NOTIFY_SOCKET");
	if (!ready) {
		printf("# scardd: not ready within %d ms\n", READY_LIMIT_MS);
		return false;
	}
	snprintf(manager, sizeof manager, "unix:%s", scardd->socket);
	setenv("TESSERA_RM", manager, 1);
	return true;
}

bool
scardd_stop(struct scardd_process *scardd)
{
	int status = -1;

	if (scardd->pid <= 0)
		return false;
	(void)kill(scardd->pid, SIGTERM);
	(void)waitpid(scardd->pid, &status, 0);
	scardd->pid = 0;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
