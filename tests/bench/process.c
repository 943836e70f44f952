/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/bench/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/sample.h"

static void
become(const char *const *argv, const char *const *environment, int in, int out, int listener,
    const char *log)
{
	char pid[32];
	int error = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)dup2(in, STDIN_FILENO);
	(void)dup2(listener >= 0 ? error : out, STDOUT_FILENO);
	(void)dup2(error, STDERR_FILENO);
	for (; *environment != NULL; environment++)
		(void)putenv((char *)(unsigned long)*environment);
	if (listener >= 0) {
		(void)snprintf(pid, sizeof pid, "%d", (int)getpid());
		(void)setenv("LISTEN_PID", pid, 1);
		(void)setenv("LISTEN_FDS", "1", 1);
		/* dup2 onto itself would keep close-on-exec. */
		if (listener == 3)
			(void)fcntl(3, F_SETFD, 0);
		else
			(void)dup2(listener, 3);
	}
	(void)execv(argv[0], (char **)(unsigned long)argv);
	perror(argv[0]);
	_exit(127);
}

int
process_start(struct process *process, const char *const *argv, const char *const *environment,
    int listener, const char *log)
{
	int in[2], out[2];

	*process = (struct process){ .pidfd = -1, .in = -1, .out = -1 };
	if (pipe2(in, O_CLOEXEC) < 0)
		return -errno;
	if (pipe2(out, O_CLOEXEC) < 0)
		return -errno;
	if ((process->pid = fork()) < 0)
		return -errno;
	if (process->pid == 0)
		become(argv, environment, in[0], out[1], listener, log);
	(void)close(in[0]);
	(void)close(out[1]);
	process->in = in[1];
	process->out = out[0];
	process->pidfd = (int)syscall(SYS_pidfd_open, process->pid, 0);
	return 0;
}

bool
process_tell(const struct process *process, const char *format, ...)
{
	va_list arguments;
	int r;

	va_start(arguments, format);
	r = vdprintf(process->in, format, arguments);
	va_end(arguments);
	return r >= 0;
}

bool
process_hear(const struct process *process, char *line, size_t size, int patience_ms)
{
	double end = now_us() + patience_ms * 1e3;

	for (size_t used = 0; used < size; used++) {
		struct pollfd fd = { .fd = process->out, .events = POLLIN };
		double left = (end - now_us()) / 1e3;

		if (poll(&fd, 1, left > 0 ? (int)left : 0) != 1 ||
		    read(process->out, &line[used], 1) != 1)
			return false;
		if (line[used] == '\n') {
			line[used] = '\0';
			return true;
		}
	}
	return false;
}

void
process_close(struct process *process)
{
	if (process->in >= 0)
		(void)close(process->in);
	process->in = -1;
}

bool
process_end(struct process *process, int signal, int patience_ms)
{
	struct pollfd fd = { .fd = process->pidfd, .events = POLLIN };
	bool by_itself;
	int status;

	if (process->pid <= 0)
		return true;
	process_close(process);
	if (signal != 0)
		(void)kill(process->pid, signal);
	by_itself = poll(&fd, 1, patience_ms) == 1;
	if (!by_itself)
		(void)kill(process->pid, SIGKILL);
	(void)waitpid(process->pid, &status, 0);
	(void)close(process->out);
	(void)close(process->pidfd);
	process->pid = 0;
	return by_itself;
}
