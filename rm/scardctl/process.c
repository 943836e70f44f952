/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/scardctl/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rm/scardctl/scardctl.h"

static bool
set_variables(const struct process_variable *variables)
{
	for (size_t i = 0; i < PROCESS_VARIABLES_MAX && variables[i].name != NULL; i++) {
		int result = variables[i].value != NULL
		    ? setenv(variables[i].name, variables[i].value, 1)
		    : unsetenv(variables[i].name);

		if (result != 0)
			return false;
	}
	return true;
}

/* In the child: @report receives the errno when there is no program to become. */
static void
become(const struct process_setup *setup, pid_t parent, int report)
{
	int error, null;

	if (setup->background) {
		/* The terminal's signals are for the command; this ends after it. */
		(void)setpgid(0, 0);
		(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() != parent)
			_exit(SCARDCTL_FAILURE);
		if ((null = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0)
			(void)dup2(null, STDIN_FILENO);
		(void)dup2(STDERR_FILENO, STDOUT_FILENO);
	}
	if (set_variables(setup->variables)) {
		(void)sigprocmask(SIG_SETMASK, setup->mask, NULL);
		(void)execvp(setup->arguments[0], (char *const *)setup->arguments);
	}
	error = errno;
	(void)!write(report, &error, sizeof error);
	_exit(SCARDCTL_NOT_FOUND);
}

int
process_start(struct process *process, const struct process_setup *setup)
{
	const pid_t parent = getpid();
	int ends[2], error = 0;
	ssize_t got;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	process->pid = fork();
	if (process->pid == 0)
		become(setup, parent, ends[1]);
	if (process->pid < 0)
		error = errno;
	(void)close(ends[1]);
	/* Closed without a word by the program that it becomes. */
	do
		got = error == 0 ? read(ends[0], &error, sizeof error) : 0;
	while (got < 0 && errno == EINTR);
	(void)close(ends[0]);
	if (error == 0 && (process->fd = (int)syscall(SYS_pidfd_open, process->pid, 0)) < 0) {
		error = errno;
		(void)kill(process->pid, SIGKILL);
	}
	if (error == 0)
		return 0;
	if (process->pid > 0)
		(void)waitpid(process->pid, NULL, 0);
	*process = PROCESS_NONE;
	return -error;
}

bool
process_ended(struct process *process)
{
	if (process->pid == 0)
		return true;
	if (waitpid(process->pid, &process->status, WNOHANG) == 0)
		return false;
	(void)close(process->fd);
	process->pid = 0;
	process->fd = -1;
	return true;
}

void
process_end(struct process *process, int limit_ms)
{
	struct pollfd end = { .fd = process->fd, .events = POLLIN };

	if (process_ended(process))
		return;
	(void)kill(process->pid, SIGTERM);
	if (poll(&end, 1, limit_ms) < 1)
		(void)kill(process->pid, SIGKILL);
	(void)waitpid(process->pid, &process->status, 0);
	(void)close(process->fd);
	*process = PROCESS_NONE;
}

int
process_exit_status(const struct process *process)
{
	return WIFSIGNALED(process->status) ? SCARDCTL_SIGNAL + WTERMSIG(process->status)
					    : WEXITSTATUS(process->status);
}
