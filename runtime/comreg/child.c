/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/comreg/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/comreg/comreg.h"

#define MSEC_IN_SEC 1000

struct ends {
	int report[2];
	int output[2];
};

/* A handler that turns a crash into an ordinary end would hide it: sanitizers have one. */
static void
crash_plainly(void)
{
	static const int crashes[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT };

	for (size_t i = 0; i < G_N_ELEMENTS(crashes); i++)
		(void)signal(crashes[i], SIG_DFL);
}

static void
become(const struct ends *ends, pid_t parent, child_work work, void *data) G_GNUC_NORETURN;

static void
become(const struct ends *ends, pid_t parent, child_work work, void *data)
{
	const struct rlimit no_core = { 0 };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	(void)setpgid(0, 0);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(COMREG_PROBLEM);
	(void)setrlimit(RLIMIT_CORE, &no_core);
	crash_plainly();
	if (null >= 0)
		(void)dup2(null, STDIN_FILENO);
	(void)dup2(ends->output[1], STDOUT_FILENO);
	(void)dup2(ends->output[1], STDERR_FILENO);
	/* Without stdio's and the module's ends: what matters was written. */
	_exit(work(ends->report[1], data));
}

static int64_t
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * MSEC_IN_SEC + now.tv_nsec / 1000000;
}

/* What is there now; false: nothing will come any more. */
static bool
take(int fd, GString *text, size_t max)
{
	char buffer[4096];
	ssize_t n = read(fd, buffer, sizeof buffer);

	if (n <= 0)
		return n < 0 && (errno == EINTR || errno == EAGAIN);
	if (text->len < max)
		g_string_append_len(text, buffer, (gssize)MIN((size_t)n, max - text->len));
	return true;
}

static void
drain(int fd, GString *text, size_t max)
{
	struct pollfd there = { .fd = fd, .events = POLLIN };

	/* A process that the child left behind may keep the pipe open, and is not waited for. */
	while (poll(&there, 1, 0) == 1 && take(fd, text, max))
		;
}

static void
watch(struct child *child, const struct ends *ends, int ended, int limit_ms)
{
	const int64_t deadline = now_ms() + limit_ms;
	struct pollfd waits[] = {
		{ .fd = ended, .events = POLLIN },
		{ .fd = ends->report[0], .events = POLLIN },
		{ .fd = ends->output[0], .events = POLLIN },
	};

	for (;;) {
		int64_t left = deadline - now_ms();

		if (left <= 0) {
			child->timed_out = true;
			return;
		}
		if (poll(waits, G_N_ELEMENTS(waits), (int)left) < 0 && errno != EINTR)
			return;
		if (waits[1].revents != 0 && !take(waits[1].fd, child->report, CHILD_REPORT_MAX))
			waits[1].fd = -1;
		if (waits[2].revents != 0 && !take(waits[2].fd, child->output, CHILD_OUTPUT_MAX))
			waits[2].fd = -1;
		if (waits[0].revents != 0)
			return;
	}
}

static void
follow(struct child *child, const struct ends *ends, pid_t pid, int limit_ms)
{
	int ended = (int)syscall(SYS_pidfd_open, pid, 0), status = 0;

	(void)setpgid(pid, pid);
	if (ended < 0)
		child->error = errno;
	else
		watch(child, ends, ended, limit_ms);
	(void)kill(-pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	drain(ends->report[0], child->report, CHILD_REPORT_MAX);
	drain(ends->output[0], child->output, CHILD_OUTPUT_MAX);
	if (WIFSIGNALED(status))
		child->signal = WTERMSIG(status);
	else
		child->status = WEXITSTATUS(status);
	if (ended >= 0)
		(void)close(ended);
}

static void
close_both(const int pair[2])
{
	(void)close(pair[0]);
	(void)close(pair[1]);
}

void
child_run(struct child *child, int limit_ms, child_work work, void *data)
{
	const pid_t parent = getpid();
	struct ends ends;
	pid_t pid;

	*child = (struct child){ .report = g_string_new(NULL), .output = g_string_new(NULL) };
	/* The child has a copy of what is not yet written. */
	(void)fflush(stdout);
	if (pipe2(ends.report, O_CLOEXEC) < 0) {
		child->error = errno;
		return;
	}
	if (pipe2(ends.output, O_CLOEXEC) < 0) {
		child->error = errno;
		close_both(ends.report);
		return;
	}
	pid = fork();
	if (pid == 0)
		become(&ends, parent, work, data);
	(void)close(ends.report[1]);
	(void)close(ends.output[1]);
	if (pid > 0)
		follow(child, &ends, pid, limit_ms);
	else
		child->error = errno;
	(void)close(ends.report[0]);
	(void)close(ends.output[0]);
}

void
child_done(struct child *child)
{
	g_string_free(child->report, TRUE);
	g_string_free(child->output, TRUE);
}

void
child_say(int report, const char *text)
{
	size_t left = strlen(text) + 1;

	while (left > 0) {
		ssize_t n = write(report, text, left);

		if (n < 0 && errno != EINTR)
			return;
		if (n > 0) {
			text += n;
			left -= (size_t)n;
		}
	}
}

const char *
child_field(const struct child *child, size_t *cursor)
{
	const char *field = child->report->str + *cursor;

	/* GString ends with a NUL of its own: a field cut off at the limit still ends. */
	if (*cursor >= child->report->len)
		return NULL;
	*cursor += strlen(field) + 1;
	return field;
}

char *
child_problem(const struct child *child, int limit_ms)
{
	if (child->error != 0)
		return g_strdup_printf(
		    "no process could be started for it: %s", g_strerror(child->error));
	if (child->timed_out)
		return g_strdup_printf("no end within %d seconds", limit_ms / MSEC_IN_SEC);
	if (child->signal != 0)
		return g_strdup_printf(
		    "killed by signal %d (%s)", child->signal, strsignal(child->signal));
	if (child->status != 0)
		return g_strdup_printf("the process ended by itself, status %d", child->status);
	return NULL;
}
