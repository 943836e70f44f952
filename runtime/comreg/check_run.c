/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One check in a child process: comreg started anew, in a process group of its own, with a time
 * limit. What the check found comes through one pipe, what the module printed through another; how
 * the process ended is the rest of the evidence.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "runtime/comreg/check.h"
#include "runtime/comreg/check_folder.h"
#include "runtime/comreg/check_report_line.h"
#include "runtime/comreg/terminal.h"
#include "runtime/guid_text.h"

/* In the child, after exec. */
#define REPORT_FD 3

struct running {
	pid_t pid;
	int pidfd, report, output;
	GString *reported, *printed;
	bool timed_out;
	siginfo_t end;
};

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void
add_guids(GPtrArray *arguments, const char *option, const GArray *guids)
{
	char text[GUID_TEXT_LENGTH + 1];

	for (guint i = 0; i < guids->len; i++) {
		g_ptr_array_add(arguments, g_strdup(option));
		g_ptr_array_add(
		    arguments, g_strdup(guid_to_text(&g_array_index(guids, GUID, i), text)));
	}
}

static GStrv
make_arguments(
    const char *name, const struct check_target *target, const CLSID *clsid, const GArray *iids)
{
	GPtrArray *arguments = g_ptr_array_new();
	char text[GUID_TEXT_LENGTH + 1];

	g_ptr_array_add(arguments, g_strdup("comreg"));
	g_ptr_array_add(arguments, g_strdup("check"));
	g_ptr_array_add(arguments, g_strdup("--child"));
	g_ptr_array_add(arguments, g_strdup(name));
	if (target->manifest_path != NULL) {
		g_ptr_array_add(arguments, g_strdup("--manifest"));
		g_ptr_array_add(arguments, g_strdup(target->manifest_path));
	}
	if (clsid != NULL) {
		g_ptr_array_add(arguments, g_strdup("--class"));
		g_ptr_array_add(arguments, g_strdup(guid_to_text(clsid, text)));
	}
	add_guids(arguments, "--iid", iids);
	g_ptr_array_add(arguments, g_strdup("--"));
	g_ptr_array_add(arguments, g_strdup(target->module));
	g_ptr_array_add(arguments, NULL);
	return (GStrv)g_ptr_array_free(arguments, FALSE);
}

/* @scratch: NULL, or the folder that has to stand in for all that the user has. */
static GStrv
make_environment(unsigned flags, const struct check_target *target, const char *scratch)
{
	GStrv environment = g_get_environ();
	const char *path = g_environ_getenv(environment, "TESSERA_COMPONENT_PATH"), *why;
	g_autofree char *allocator = check_allocator(&why);

	if (target->manifest_path != NULL && !target->is_registered) {
		g_autofree char *folder = g_path_get_dirname(target->manifest_path);
		g_autofree char *with = path != NULL && path[0] != '\0'
		    ? g_strconcat(folder, ":", path, NULL)
		    : g_strdup(folder);

		environment = g_environ_setenv(environment, "TESSERA_COMPONENT_PATH", with, TRUE);
	}
	if ((flags & CHECK_WATCHES_MEMORY) != 0 && allocator != NULL)
		environment = g_environ_setenv(environment, "LD_PRELOAD", allocator, TRUE);
	if (scratch != NULL) {
		environment = g_environ_setenv(environment, "HOME", scratch, TRUE);
		environment = g_environ_setenv(environment, "XDG_DATA_HOME", scratch, TRUE);
		environment = g_environ_setenv(environment, "TMPDIR", scratch, TRUE);
	}
	return environment;
}

static void
give_up(int report)
{
	static const char line[] = { CHECK_LINE_BROKE, 'n', 'o', 't', ' ', 's', 't', 'a', 'r', 't',
		'e', 'd', '\n' };

	if (write(report, line, sizeof line) != sizeof line)
		_exit(126);
	_exit(125);
}

/* In the child between fork and exec: nothing that is not safe after a signal. */
static void
become_check(char **arguments, char **environment, const char *folder, int report, int output)
{
	static const struct rlimit no_core = { 0, 0 };
	sigset_t none;
	int nothing;

	(void)setpgid(0, 0);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)setrlimit(RLIMIT_CORE, &no_core);
	nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (nothing < 0 || (folder != NULL && chdir(folder) != 0) || dup2(nothing, 0) < 0 ||
	    dup2(output, 1) < 0 || dup2(output, 2) < 0)
		give_up(report);
	/* dup2 onto itself would leave CLOEXEC. */
	if (report == REPORT_FD ? fcntl(report, F_SETFD, 0) < 0 : dup2(report, REPORT_FD) < 0)
		give_up(report);
	(void)execve("/proc/self/exe", arguments, environment);
	give_up(REPORT_FD);
}

static bool
start(struct running *running, char **arguments, char **environment, const char *folder)
{
	int report[2] = { -1, -1 }, output[2] = { -1, -1 };

	if (pipe2(report, O_CLOEXEC) != 0)
		return false;
	if (pipe2(output, O_CLOEXEC) != 0 || (running->pid = fork()) < 0) {
		close_fd(&report[0]);
		close_fd(&report[1]);
		close_fd(&output[0]);
		close_fd(&output[1]);
		return false;
	}
	if (running->pid == 0)
		become_check(arguments, environment, folder, report[1], output[1]);
	(void)setpgid(running->pid, running->pid);
	close_fd(&report[1]);
	close_fd(&output[1]);
	running->report = report[0];
	running->output = output[0];
	(void)fcntl(running->report, F_SETFL, O_NONBLOCK);
	(void)fcntl(running->output, F_SETFL, O_NONBLOCK);
	running->pidfd = pidfd_open(running->pid, 0);
	if (running->pidfd >= 0)
		return true;
	(void)kill(-running->pid, SIGKILL);
	(void)waitpid(running->pid, NULL, 0);
	return false;
}

/* Takes what is there, and keeps the first @limit bytes; false at the end. */
static bool
drain(int fd, GString *into, size_t limit)
{
	char piece[4096];
	ssize_t got;

	while ((got = read(fd, piece, sizeof piece)) > 0)
		if (into->len < limit)
			g_string_append_len(
			    into, piece, (gssize)MIN((size_t)got, limit - into->len));
	return got < 0 && (errno == EAGAIN || errno == EINTR);
}

static int64_t
now(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* Until the process has ended, or is over time and killed. What it left behind goes with it. */
static void
follow(struct running *running, unsigned seconds)
{
	const int64_t deadline = now() + (int64_t)seconds * 1000;
	const size_t report_max = (size_t)CHECK_LINES_MAX * CHECK_LINE_MAX;
	bool has_ended = false;

	while (!has_ended) {
		struct pollfd waiting[] = { { running->pidfd, POLLIN, 0 },
			{ running->report, POLLIN, 0 }, { running->output, POLLIN, 0 } };
		int64_t left = deadline - now();

		if (left <= 0 && !running->timed_out) {
			running->timed_out = true;
			(void)kill(-running->pid, SIGKILL);
		}
		if (poll(waiting, G_N_ELEMENTS(waiting), running->timed_out ? -1 : (int)left) < 0)
			continue;
		if (waiting[1].revents != 0 &&
		    !drain(running->report, running->reported, report_max))
			close_fd(&running->report);
		if (waiting[2].revents != 0 &&
		    !drain(running->output, running->printed, CHECK_OUTPUT_MAX))
			close_fd(&running->output);
		has_ended = (waiting[0].revents & POLLIN) != 0;
	}
	if (running->report >= 0)
		(void)drain(running->report, running->reported, report_max);
	if (running->output >= 0)
		(void)drain(running->output, running->printed, CHECK_OUTPUT_MAX);
	(void)kill(-running->pid, SIGKILL);
	(void)waitid(P_PIDFD, (id_t)running->pidfd, &running->end, WEXITED);
}

static bool
was_killed(const struct running *running)
{
	return running->end.si_code == CLD_KILLED || running->end.si_code == CLD_DUMPED;
}

static void add_line(struct check_result *result, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
add_line(struct check_result *result, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	if (result->lines->len < CHECK_LINES_MAX)
		g_ptr_array_add(result->lines, terminal_clean(text));
}

/* The last lines that the module printed say most. */
static void
add_output(struct check_result *result, const GString *printed)
{
	const guint shown = 12;
	g_auto(GStrv) lines = g_strsplit(printed->str, "\n", -1);
	guint count = g_strv_length(lines);

	while (count > 0 && lines[count - 1][0] == '\0')
		count--;
	for (guint i = count > shown ? count - shown : 0; i < count; i++)
		add_line(result, "it printed: %.300s", lines[i]);
}

static void
read_report(struct check_result *result, const GString *reported, char **ret_step, bool *ret_ended)
{
	g_auto(GStrv) lines = g_strsplit(reported->str, "\n", -1);

	for (guint i = 0; lines[i] != NULL; i++) {
		const char *text = lines[i][0] != '\0' ? lines[i] + 1 : "";
		IID iid;

		switch (lines[i][0]) {
		case CHECK_LINE_FAIL:
			result->verdict = CHECK_FAILED;
			add_line(result, "%s", text);
			break;
		case CHECK_LINE_SKIP:
			if (result->verdict == CHECK_PASSED)
				result->verdict = CHECK_SKIPPED;
			add_line(result, "%s", text);
			break;
		case CHECK_LINE_BROKE:
			result->verdict = CHECK_BROKE;
			add_line(result, "%s", text);
			break;
		case CHECK_LINE_NOTE:
			add_line(result, "note: %s", text);
			break;
		case CHECK_LINE_STEP:
			g_free(*ret_step);
			*ret_step = g_strdup(text);
			break;
		case CHECK_LINE_ANSWERS:
			if (guid_from_text(text, strlen(text), &iid))
				g_array_append_val(result->answered, iid);
			break;
		case CHECK_LINE_END:
			*ret_ended = true;
			break;
		default:
			break;
		}
	}
}

static void
judge(struct check_result *result, const struct running *running, unsigned seconds)
{
	g_autofree char *step = NULL;
	bool ended = false;

	read_report(result, running->reported, &step, &ended);
	if (ended && !was_killed(running) && running->end.si_status == 0)
		return;
	if (result->verdict == CHECK_BROKE)
		return;
	result->verdict = CHECK_FAILED;
	if (running->timed_out)
		add_line(result, "no end within %u s", seconds);
	else if (was_killed(running))
		add_line(result, "ended by signal %d (%s)", running->end.si_status,
		    strsignal(running->end.si_status));
	else
		add_line(result, "the process ended with status %d before the check did",
		    running->end.si_status);
	if (step != NULL)
		add_line(result, "meanwhile: %s", step);
	add_output(result, running->printed);
}

void
check_run(const char *name, unsigned flags, const struct check_target *target, const CLSID *clsid,
    const GArray *iids, unsigned seconds, struct check_result *ret_result)
{
	g_auto(GStrv) arguments = make_arguments(name, target, clsid, iids);
	g_auto(GStrv) environment = NULL;
	g_autofree char *scratch = NULL;
	struct running running = { .pidfd = -1, .report = -1, .output = -1 };
	const char *why = NULL;
	g_autofree char *allocator = check_allocator(&why);

	*ret_result = (struct check_result){
		.lines = g_ptr_array_new_with_free_func(g_free),
		.answered = g_array_new(FALSE, FALSE, sizeof(IID)),
	};
	if ((flags & CHECK_WATCHES_MEMORY) != 0 && allocator == NULL) {
		ret_result->verdict = CHECK_SKIPPED;
		add_line(ret_result, "%s", why);
		return;
	}
	if ((flags & CHECK_REGISTERS) != 0)
		scratch = g_dir_make_tmp("comreg-check-XXXXXX", NULL);
	environment = make_environment(flags, target, scratch);
	running.reported = g_string_new(NULL);
	running.printed = g_string_new(NULL);
	if (((flags & CHECK_REGISTERS) != 0 && scratch == NULL) ||
	    !start(&running, arguments, environment, scratch)) {
		ret_result->verdict = CHECK_BROKE;
		add_line(ret_result, "no process for the check: %s", g_strerror(errno));
	} else {
		follow(&running, seconds);
		judge(ret_result, &running, seconds);
	}
	close_fd(&running.pidfd);
	close_fd(&running.report);
	close_fd(&running.output);
	g_string_free(running.reported, TRUE);
	g_string_free(running.printed, TRUE);
	if (scratch != NULL)
		check_folder_remove(scratch);
}

void
check_result_clear(struct check_result *result)
{
	g_ptr_array_unref(result->lines);
	g_array_unref(result->answered);
}
