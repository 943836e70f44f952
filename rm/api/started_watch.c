/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Between two events nothing runs. An event may be a moment early (a socket is bound before it
 * listens, and gets its mode after that), so each pays for a few attempts, a little apart; then the
 * next event is waited for.
 */
#include "rm/api/started_watch.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define ATTEMPTS 6u
#define FIRST_PAUSE_MS 10u /* twice as long after each attempt */
#define LASTING_MS 1000    /* a connection that held so long was a daemon's */
#define FOLDER_EVENTS \
	(IN_CREATE | IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)

struct started_watch {
	pthread_t thread;
	int event;
	int stop; /* an eventfd */
	size_t count;
	char paths[REMOTE_PATHS_MAX][REMOTE_PATH_SIZE];
};

/*
 * Watches the folder that @path is to appear in, or the nearest one above that exists. The length
 * of its name; 0: none.
 */
static size_t
watch_folder(int inotify, const char *path)
{
	char folder[REMOTE_PATH_SIZE];
	char *slash;

	(void)snprintf(folder, sizeof folder, "%s", path);
	while ((slash = strrchr(folder, '/')) != NULL) {
		*slash = '\0';
		if (inotify_add_watch(inotify, folder[0] != '\0' ? folder : "/", FOLDER_EVENTS) >=
		    0)
			return (size_t)(slash - folder) + 1;
	}
	return inotify_add_watch(inotify, ".", FOLDER_EVENTS) >= 0;
}

/* Watches until nothing can have appeared between the search and the watch. */
static void
watch_path(int inotify, const char *path)
{
	size_t before = 0, length;

	while ((length = watch_folder(inotify, path)) != before)
		before = length;
}

/* A connection to the daemon; -1: there is none. */
static int
look(const struct started_watch *watch)
{
	for (size_t i = 0; i < watch->count; i++) {
		struct sockaddr_un address = { .sun_family = AF_UNIX };
		size_t length = strlen(watch->paths[i]);
		int fd;

		if (length >= sizeof address.sun_path)
			continue;
		memcpy(address.sun_path, watch->paths[i], length);
		fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof address) == 0)
			return fd;
		if (fd >= 0)
			(void)close(fd);
	}
	return -1;
}

/* False: the watch is to end. */
static bool
wait_for(const struct started_watch *watch, int fd, int timeout_ms, bool *ret_happened)
{
	struct pollfd polled[] = { { .fd = watch->stop, .events = POLLIN },
		{ .fd = fd, .events = POLLIN | POLLRDHUP } };

	while (poll(polled, 2, timeout_ms) < 0 && errno == EINTR)
		;
	*ret_happened = polled[1].revents != 0;
	return polled[0].revents == 0;
}

/* There is a daemon: says so, until it ends. False: the watch is to end. */
static bool
serve(const struct started_watch *watch, int connection, bool *ret_lasted)
{
	bool goes_on, ended = false;

	(void)eventfd_write(watch->event, 1);
	goes_on = wait_for(watch, connection, LASTING_MS, &ended);
	*ret_lasted = !ended;
	if (goes_on && !ended)
		goes_on = wait_for(watch, connection, -1, &ended);
	if (goes_on) {
		eventfd_t value;

		(void)eventfd_read(watch->event, &value);
	}
	(void)close(connection);
	return goes_on;
}

static void *
run(void *data)
{
	const struct started_watch *watch = data;
	unsigned attempts = ATTEMPTS;
	bool goes_on = true;

	while (goes_on) {
		int inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK), connection;
		bool again = false;

		for (size_t i = 0; inotify >= 0 && i < watch->count; i++)
			watch_path(inotify, watch->paths[i]);
		connection = look(watch);
		if (connection >= 0)
			goes_on = serve(watch, connection, &again);
		if (goes_on && !again)
			goes_on = wait_for(watch, inotify,
			    attempts > 0 ? (int)(FIRST_PAUSE_MS << (ATTEMPTS - attempts)) : -1,
			    &again);
		attempts = again ? ATTEMPTS : attempts - (attempts > 0);
		if (inotify >= 0)
			(void)close(inotify);
	}
	return NULL;
}

static int
start_thread(struct started_watch *watch)
{
	sigset_t all, before;
	int error;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&watch->thread, NULL, run, watch);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -error;
}

int
started_watch_begin(struct started_watch **ret_watch, int event,
    char paths[static REMOTE_PATHS_MAX][REMOTE_PATH_SIZE], size_t count)
{
	struct started_watch *watch = calloc(1, sizeof *watch);
	int error;

	if (watch == NULL)
		return -ENOMEM;
	watch->event = event;
	watch->count = count;
	memcpy(watch->paths, paths, sizeof watch->paths);
	watch->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	error = watch->stop >= 0 ? start_thread(watch) : -errno;
	if (error < 0) {
		if (watch->stop >= 0)
			(void)close(watch->stop);
		free(watch);
		return error;
	}
	*ret_watch = watch;
	return 0;
}

void
started_watch_end(struct started_watch *watch)
{
	if (watch == NULL)
		return;
	(void)eventfd_write(watch->stop, 1);
	(void)pthread_join(watch->thread, NULL);
	(void)close(watch->stop);
	free(watch);
}
