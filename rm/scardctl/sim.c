/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scardctl sim: a resource manager of its own for one command. scardd runs beside it with a socket
 * in a folder that only this user can enter; both are gone when the command has ended.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "rm/scardctl/process.h"
#include "rm/scardctl/scardctl.h"

#define DAEMON "scardd"
#define FOLDER "scardctl-XXXXXX"
#define SOCKET "scardd.sock"
#define NOTIFY "notify"
#define READY_LIMIT_MS 30000  /* drivers may take their time */
#define DAEMON_END_MS 5000    /* from SIGTERM to SIGKILL */
#define COMMAND_END_MS 10000  /* the same for the command, after a signal to us */
#define NOTIFICATION_MAX 4096 /* bytes */

struct sim {
	char *folder, *socket, *notify_path;
	int notify;    /* -1: none */
	int signals;   /* -1: none */
	sigset_t mask; /* as it was */
	struct process daemon, command;
};

static int64_t
now_msec(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What is left of a deadline, for poll. @deadline 0: there is none */
static int
left_msec(int64_t deadline)
{
	const int64_t left = deadline - now_msec();

	if (deadline == 0)
		return -1;
	return left < 0 ? 0 : (int)left;
}

/* scardd beside this program; NULL after a message. (transfer full) */
static char *
find_daemon(void)
{
	static const char *const places[] = { "", "../bin", "../sbin" };
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *here = self != NULL ? g_path_get_dirname(self) : NULL;

	for (size_t i = 0; here != NULL && i < G_N_ELEMENTS(places); i++) {
		g_autofree char *path = g_build_filename(here, places[i], DAEMON, NULL);

		if (g_file_test(path, G_FILE_TEST_IS_EXECUTABLE))
			return g_steal_pointer(&path);
	}
	(void)scardctl_problem(
	    "sim: there is no %s in %s, where scardctl is; install both together", DAEMON,
	    here != NULL ? here : "the folder of /proc/self/exe");
	return NULL;
}

/* A socket's path is short; a folder for temporary files need not be. */
static bool
make_folder(struct sim *sim)
{
	const char *const parents[] = { g_get_tmp_dir(), "/tmp" };

	for (size_t i = 0; i < G_N_ELEMENTS(parents); i++) {
		g_autofree char *folder = g_build_filename(parents[i], FOLDER, NULL);

		if (folder[0] != '/' ||
		    strlen(folder) + sizeof "/" SOCKET >
			sizeof((struct sockaddr_un *)NULL)->sun_path)
			continue;
		if (mkdtemp(folder) == NULL) {
			(void)scardctl_problem("sim: %s: %s", folder, strerror(errno));
			return false;
		}
		sim->folder = g_steal_pointer(&folder);
		sim->socket = g_build_filename(sim->folder, SOCKET, NULL);
		sim->notify_path = g_build_filename(sim->folder, NOTIFY, NULL);
		return true;
	}
	return false;
}

/* With all that is in it: sockets, and what else scardd put there. */
static void
remove_folder(const struct sim *sim)
{
	struct dirent *entry;
	DIR *folder;

	if (sim->folder == NULL)
		return;
	if ((folder = opendir(sim->folder)) != NULL) {
		while ((entry = readdir(folder)) != NULL)
			(void)unlinkat(dirfd(folder), entry->d_name, 0);
		(void)closedir(folder);
	}
	if (rmdir(sim->folder) != 0)
		(void)scardctl_problem("sim: cannot remove %s: %s", sim->folder, strerror(errno));
}

/* The socket on which scardd says that it is ready (sd_notify). */
static bool
open_notify(struct sim *sim)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	(void)g_strlcpy(address.sun_path, sim->notify_path, sizeof address.sun_path);
	sim->notify = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (sim->notify >= 0 &&
	    bind(sim->notify, (const struct sockaddr *)&address, sizeof address) == 0)
		return true;
	(void)scardctl_problem("sim: %s: %s", sim->notify_path, strerror(errno));
	return false;
}

static bool
open_signals(struct sim *sim)
{
	sigset_t wanted;

	(void)sigemptyset(&wanted);
	(void)sigaddset(&wanted, SIGINT);
	(void)sigaddset(&wanted, SIGTERM);
	(void)sigaddset(&wanted, SIGHUP);
	(void)sigprocmask(SIG_BLOCK, &wanted, &sim->mask);
	sim->signals = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
	if (sim->signals >= 0)
		return true;
	(void)scardctl_problem("sim: signals: %s", strerror(errno));
	return false;
}

/* The number of a signal that has come, 0: none. @ret_by_terminal: the whole group has it */
static int
take_signal(const struct sim *sim, bool *ret_by_terminal)
{
	struct signalfd_siginfo info;

	if (read(sim->signals, &info, sizeof info) != (ssize_t)sizeof info)
		return 0;
	*ret_by_terminal = info.ssi_code == SI_KERNEL;
	return (int)info.ssi_signo;
}

/* Whether a notification says so. */
static bool
take_ready(const struct sim *sim)
{
	char text[NOTIFICATION_MAX + 1];
	ssize_t length = recv(sim->notify, text, sizeof text - 1, 0);
	g_auto(GStrv) lines = NULL;

	if (length <= 0)
		return false;
	text[length] = '\0';
	lines = g_strsplit(text, "\n", -1);
	return g_strv_contains((const char *const *)lines, "READY=1");
}

/* Waits until scardd is ready. 0, or the exit status. */
static int
wait_until_ready(struct sim *sim)
{
	const int64_t deadline = now_msec() + READY_LIMIT_MS;
	struct pollfd waits[] = { { .fd = sim->notify, .events = POLLIN },
		{ .fd = sim->daemon.fd, .events = POLLIN },
		{ .fd = sim->signals, .events = POLLIN } };
	bool by_terminal;
	int number;

	for (;;) {
		if (poll(waits, G_N_ELEMENTS(waits), left_msec(deadline)) == 0)
			return scardctl_problem(
			    "sim: %s is not ready after %d seconds", DAEMON, READY_LIMIT_MS / 1000);
		if (waits[0].revents != 0 && take_ready(sim))
			return SCARDCTL_OK;
		if (waits[1].revents != 0 && process_ended(&sim->daemon))
			return scardctl_problem("sim: %s ended with status %d; its reason is above",
			    DAEMON, process_exit_status(&sim->daemon));
		if (waits[2].revents != 0 && (number = take_signal(sim, &by_terminal)) != 0)
			return SCARDCTL_SIGNAL + number;
	}
}

static int
start_daemon(struct sim *sim, const GPtrArray *drivers)
{
	g_autoptr(GPtrArray) arguments = g_ptr_array_new();
	g_autofree char *path = find_daemon();
	/* Its socket is not one that was handed down, and what it has to say are failures. */
	struct process_setup setup = { .variables = { { "NOTIFY_SOCKET", sim->notify_path },
					   { "TESSERA_RM", NULL }, { "LISTEN_FDS", NULL } },
		.background = true,
		.mask = &sim->mask };
	int result;

	if (path == NULL)
		return SCARDCTL_FAILURE;
	if (getenv("TESSERA_LOG") == NULL)
		setup.variables[PROCESS_VARIABLES_MAX - 1] =
		    (struct process_variable){ "TESSERA_LOG", "error" };
	g_ptr_array_add(arguments, path);
	g_ptr_array_add(arguments, (char *)"--socket");
	g_ptr_array_add(arguments, sim->socket);
	/* Not the administrator's, which is for another scardd. */
	g_ptr_array_add(arguments, (char *)"--config");
	g_ptr_array_add(arguments, (char *)"/dev/null");
	for (guint i = 0; i < MAX(drivers->len, 1); i++) {
		g_ptr_array_add(arguments, (char *)"--driver");
		g_ptr_array_add(arguments,
		    drivers->len > 0 ? g_ptr_array_index(drivers, i) : (char *)"softcard");
	}
	g_ptr_array_add(arguments, NULL);
	setup.arguments = (const char *const *)arguments->pdata;
	if ((result = process_start(&sim->daemon, &setup)) < 0)
		return scardctl_problem("sim: %s: %s", path, strerror(-result));
	return wait_until_ready(sim);
}

/* Waits for the end of the command, and hands on signals. */
static void
wait_for_command(struct sim *sim)
{
	int64_t deadline = 0;
	struct pollfd waits[] = { { .fd = sim->command.fd, .events = POLLIN },
		{ .fd = sim->daemon.fd, .events = POLLIN },
		{ .fd = sim->signals, .events = POLLIN } };
	bool by_terminal;
	int number;

	while (!process_ended(&sim->command)) {
		if (poll(waits, G_N_ELEMENTS(waits), left_msec(deadline)) == 0) {
			(void)kill(sim->command.pid, SIGKILL);
			deadline = 0;
		}
		if (waits[1].revents != 0 && process_ended(&sim->daemon)) {
			waits[1].fd = -1;
			(void)scardctl_problem("sim: %s ended with status %d before the command",
			    DAEMON, process_exit_status(&sim->daemon));
		}
		if (waits[2].revents == 0 || (number = take_signal(sim, &by_terminal)) == 0)
			continue;
		if (!by_terminal)
			(void)kill(sim->command.pid, number);
		/* Ctrl-C may mean something to the command; the others mean the end. */
		if (number != SIGINT)
			deadline = now_msec() + COMMAND_END_MS;
	}
}

static int
run_command(struct sim *sim, char **command)
{
	g_autofree char *manager = g_strconcat("unix:", sim->socket, NULL);
	const struct process_setup setup = { .arguments = (const char *const *)command,
		.variables = { { "TESSERA_RM", manager } },
		.mask = &sim->mask };
	int result = process_start(&sim->command, &setup);

	if (result < 0) {
		(void)scardctl_problem("sim: %s: %s", command[0], strerror(-result));
		return result == -ENOENT ? SCARDCTL_NOT_FOUND : SCARDCTL_NOT_EXECUTABLE;
	}
	wait_for_command(sim);
	return process_exit_status(&sim->command);
}

int
scardctl_sim(const struct scardctl_options *options, char **arguments)
{
	struct sim sim = {
		.notify = -1, .signals = -1, .daemon = PROCESS_NONE, .command = PROCESS_NONE
	};
	int result = SCARDCTL_FAILURE;

	if (*arguments == NULL)
		return scardctl_wrong_use("sim needs a command to run");
	if (open_signals(&sim) && make_folder(&sim) && open_notify(&sim)) {
		result = start_daemon(&sim, options->drivers);
		if (result == SCARDCTL_OK)
			result = run_command(&sim, arguments);
	}
	process_end(&sim.daemon, DAEMON_END_MS);
	if (sim.notify >= 0)
		(void)close(sim.notify);
	if (sim.signals >= 0)
		(void)close(sim.signals);
	remove_folder(&sim);
	g_free(sim.folder);
	g_free(sim.socket);
	g_free(sim.notify_path);
	return result;
}
