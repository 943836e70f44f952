/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The event that says that there is a resource manager: one for the process, counted. It is an
 * eventfd, so that a program can wait for it together with everything else it waits for.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <winscard.h>

#include "rm/api/backend.h"
#include "rm/api/message.h"
#include "rm/api/started_watch.h"
#include "rm/api/visibility.h"

static struct {
	pthread_mutex_t lock;
	unsigned references;
	int event;
	struct started_watch *watch; /* NULL: the resource manager is in this process */
} started = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* The parent's event stays its own, and its thread is not here. */
static void
forked_child(void)
{
	(void)pthread_mutex_init(&started.lock, NULL);
	started.references = 0;
	started.watch = NULL;
}

static __attribute__((constructor)) void
watch_fork(void)
{
	(void)pthread_atfork(NULL, NULL, forked_child);
}

/* An empty eventfd whose number is not 0: as a HANDLE that would be NULL. -1, with errno. */
static int
new_event(void)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), other;

	if (fd != 0)
		return fd;
	other = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	(void)close(fd);
	return other;
}

/* With the lock. */
static LONG
begin(const char *function)
{
	char paths[REMOTE_PATHS_MAX][REMOTE_PATH_SIZE];
	const char *path;
	bool daemon = api_backend_is_daemon(&path);
	LONG code = SCARD_S_SUCCESS;
	int error;

	if (!daemon && api_backend_open(&code) == NULL)
		return api_result(function, code);
	if ((started.event = new_event()) < 0)
		return api_fail(
		    SCARD_E_NO_MEMORY, "%s: making the event: %s", function, strerror(errno));
	started.watch = NULL;
	if (!daemon) {
		(void)eventfd_write(started.event, 1);
		return SCARD_S_SUCCESS;
	}
	error =
	    started_watch_begin(&started.watch, started.event, paths, remote_paths(path, paths));
	if (error == 0)
		return SCARD_S_SUCCESS;
	(void)close(started.event);
	return api_fail(
	    SCARD_E_NO_MEMORY, "%s: starting to watch for scardd: %s", function, strerror(-error));
}

/* With the lock. */
static void
end(void)
{
	started_watch_end(started.watch);
	(void)close(started.event);
}

API_EXPORT HANDLE WINAPI
SCardAccessStartedEvent(void)
{
	HANDLE handle = NULL;

	(void)api_message_clear();
	(void)pthread_mutex_lock(&started.lock);
	if (started.references > 0 || begin("SCardAccessStartedEvent") == SCARD_S_SUCCESS) {
		started.references++;
		handle = (HANDLE)(intptr_t)started.event;
	}
	(void)pthread_mutex_unlock(&started.lock);
	return handle;
}

API_EXPORT void WINAPI
SCardReleaseStartedEvent(void)
{
	(void)api_message_clear();
	(void)pthread_mutex_lock(&started.lock);
	if (started.references > 0 && --started.references == 0)
		end();
	(void)pthread_mutex_unlock(&started.lock);
}

API_EXPORT void WINAPI
SCardReleaseAllEvents(void)
{
	(void)api_message_clear();
	(void)pthread_mutex_lock(&started.lock);
	if (started.references > 0)
		end();
	started.references = 0;
	(void)pthread_mutex_unlock(&started.lock);
}
