/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/drivers/ifdhandler/process.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define EVENTS_FD 3
/* How long the kernel may take to end a process that was killed. */
#define KILLED_MS 2000

/* The program stands beside the folder of components that this module is in. */
static char *
program_path(void)
{
	static const char here;
	g_autofree char *folder = NULL;
	Dl_info info;

	if (dladdr(&here, &info) == 0 || info.dli_fname == NULL)
		return NULL;
	folder = g_path_get_dirname(info.dli_fname);
	return g_build_filename(folder, "..", "ifdhost", NULL);
}

/* Nothing of the host program is inherited but its error output, and that not as its output. */
static int
set_descriptors(posix_spawn_file_actions_t *actions, int events_fd)
{
	bool error_output = fcntl(STDERR_FILENO, F_GETFD) >= 0;
	int r = posix_spawn_file_actions_adddup2(actions, events_fd, EVENTS_FD);

	if (r == 0)
		r = posix_spawn_file_actions_addopen(
		    actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (r == 0 && !error_output)
		r = posix_spawn_file_actions_addopen(
		    actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	if (r == 0)
		r = posix_spawn_file_actions_adddup2(actions, STDERR_FILENO, STDOUT_FILENO);
	if (r == 0)
		r = posix_spawn_file_actions_addclosefrom_np(actions, EVENTS_FD + 1);
	return r;
}

static int
set_signals(posix_spawnattr_t *attributes)
{
	sigset_t none, all;

	(void)sigemptyset(&none);
	(void)sigfillset(&all);
	(void)posix_spawnattr_setsigmask(attributes, &none);
	(void)posix_spawnattr_setsigdefault(attributes, &all);
	return posix_spawnattr_setflags(
	    attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
}

static int
spawn(pid_t *pid, const char *path, char *const *arguments, int events_fd)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int r;

	(void)posix_spawn_file_actions_init(&actions);
	(void)posix_spawnattr_init(&attributes);
	r = set_descriptors(&actions, events_fd);
	if (r == 0)
		r = set_signals(&attributes);
	if (r == 0)
		r = posix_spawn(pid, path, &actions, &attributes, arguments, environ);
	(void)posix_spawnattr_destroy(&attributes);
	(void)posix_spawn_file_actions_destroy(&actions);
	return -r;
}

int
ifd_process_start(struct ifd_process *process, const struct ifd_settings *settings)
{
	g_autofree char *path = program_path();
	char library[IFD_PATH_SIZE], device[IFD_DEVICE_SIZE], channel[16];
	char *const arguments[] = { path, library, device, channel, NULL };
	int pair[2], r;

	process->pid_fd = process->events_fd = -1;
	if (path == NULL)
		return -ENOENT;
	(void)g_strlcpy(library, settings->library, sizeof library);
	(void)g_strlcpy(device, settings->device, sizeof device);
	(void)snprintf(channel, sizeof channel, "%u", settings->channel);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	r = spawn(&process->pid, path, arguments, pair[1]);
	(void)close(pair[1]);
	if (r == 0 && (process->pid_fd = pidfd_open(process->pid, 0)) < 0) {
		r = -errno;
		(void)kill(process->pid, SIGKILL);
		(void)waitpid(process->pid, NULL, 0);
	}
	if (r < 0)
		(void)close(pair[0]);
	else
		process->events_fd = pair[0];
	return r;
}

/* How many descriptors came, all of which are taken. */
static unsigned
take_descriptors(struct msghdr *message, int *fds)
{
	unsigned count = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c)) {
		size_t n;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < n && count < IFD_FDS_MAX; i++)
			memcpy(&fds[count++], CMSG_DATA(c) + i * sizeof(int), sizeof(int));
	}
	return count;
}

int
ifd_process_event(
    const struct ifd_process *process, unsigned slots, struct ifd_event *ret, int *fds)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(IFD_FDS_MAX * sizeof(int))];
	} control;
	struct ifd_event event;
	struct iovec part = { &event, sizeof event };
	struct msghdr message = { .msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof control };
	unsigned count;
	ssize_t n;
	int r;

	do
		n = recvmsg(process->events_fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EAGAIN ? -EAGAIN : -ENODEV;
	if (n == 0)
		return -ENODEV;
	count = take_descriptors(&message, fds);
	r = (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0
	    ? -EBADMSG
	    : ifd_event_check(&event, (size_t)n, slots, ret);
	if (r == 0 && count != (ret->kind == IFD_EVENT_READY ? ret->value * IFD_SLOT_FDS : 0))
		r = -EBADMSG;
	if (r < 0)
		for (unsigned i = 0; i < count; i++)
			(void)close(fds[i]);
	return r;
}

/* The process has ended. */
static bool
wait_for_end(const struct ifd_process *process, int patience_ms)
{
	struct pollfd p = { .fd = process->pid_fd, .events = POLLIN };
	int n;

	/* All signals are blocked in this thread. */
	do
		n = poll(&p, 1, patience_ms);
	while (n < 0 && errno == EINTR);
	return n > 0;
}

void
ifd_process_end(struct ifd_process *process, int patience_ms)
{
	if (process->pid_fd < 0)
		return;
	(void)close(process->events_fd);
	if (!wait_for_end(process, patience_ms)) {
		(void)pidfd_send_signal(process->pid_fd, SIGKILL, NULL, 0);
		(void)wait_for_end(process, KILLED_MS);
	}
	/* The host program may have taken it away already, with a wait for any child. */
	(void)waitid(P_PIDFD, (id_t)process->pid_fd, NULL, WEXITED | WNOHANG);
	(void)close(process->pid_fd);
	process->pid_fd = process->events_fd = -1;
}
