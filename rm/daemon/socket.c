/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The socket that clients come to: given by the service manager, or made here. And the service
 * manager's own, which is told when clients may come. Both are a few environment variables, so no
 * library is needed for them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "rm/daemon/daemon.h"

#define FIRST_GIVEN_FD 3

/* A number in the environment; -1: none. */
static long
environment_number(const char *name)
{
	const char *text = secure_getenv(name);
	char *end;
	long number;

	if (text == NULL || *text == '\0')
		return -1;
	errno = 0;
	number = strtol(text, &end, 10);
	return errno == 0 && *end == '\0' && number >= 0 ? number : -1;
}

static bool
option_is(int fd, int option, int expected)
{
	int value = 0;
	socklen_t size = sizeof value;

	return getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0 && value == expected;
}

/* Which listener a socket that was given is for; LISTENERS: none. */
static size_t
kind_of(int fd)
{
	if (!option_is(fd, SO_DOMAIN, AF_UNIX) || !option_is(fd, SO_ACCEPTCONN, 1))
		return LISTENERS;
	if (option_is(fd, SO_TYPE, SOCK_SEQPACKET))
		return LISTENER_OWN;
	return option_is(fd, SO_TYPE, SOCK_STREAM) ? LISTENER_PCSCLITE : LISTENERS;
}

static bool
take_one(int fd, struct listener listeners[LISTENERS])
{
	int flags = fcntl(fd, F_GETFL);
	size_t kind = kind_of(fd);

	if (kind == LISTENERS) {
		log_line(LOG_LEVEL_ERROR,
		    "LISTEN_FDS: a socket that was given is not a listening Unix socket for "
		    "packets, or for streams; the units' socket files say ListenSequentialPacket= "
		    "and ListenStream=");
		return false;
	}
	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0 ||
	    fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) {
		log_line(LOG_LEVEL_ERROR, "LISTEN_FDS: %s", strerror(errno));
		return false;
	}
	if (listeners[kind].source.fd >= 0) {
		log_line(
		    LOG_LEVEL_ERROR, "LISTEN_FDS: two sockets for the same were given; name one");
		return false;
	}
	listeners[kind].source.fd = fd;
	return true;
}

/* Those that were given; false: a text was logged. */
static bool
take_given(long count, struct listener listeners[LISTENERS])
{
	if (count > LISTENERS) {
		log_line(LOG_LEVEL_ERROR,
		    "LISTEN_FDS: %ld sockets were given; the units' socket files name one for "
		    "packets, and one for streams",
		    count);
		return false;
	}
	for (long i = 0; i < count; i++)
		if (!take_one(FIRST_GIVEN_FD + (int)i, listeners))
			return false;
	return true;
}

static int
fail(int fd, const char *path, const char *what)
{
	log_line(LOG_LEVEL_ERROR, "socket %s: %s: %s", path, what, strerror(errno));
	if (fd >= 0)
		(void)close(fd);
	return -1;
}

static int
new_socket(int type)
{
	return socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

/* Makes way where an earlier daemon left its socket. False: a text was logged. */
static bool
remove_stale(const struct sockaddr_un *address, int type)
{
	const char *path = address->sun_path;
	struct stat status;
	int fd, error;

	if (lstat(path, &status) != 0)
		return errno == ENOENT || fail(-1, path, "cannot be looked at") == 0;
	if (!S_ISSOCK(status.st_mode)) {
		log_line(LOG_LEVEL_ERROR,
		    "socket %s: a file that is no socket is in the way; remove it, or name another "
		    "place",
		    path);
		return false;
	}
	if ((fd = new_socket(type)) < 0)
		return fail(-1, path, "no descriptor") == 0;
	error = connect(fd, (const struct sockaddr *)address, sizeof *address) == 0 ? 0 : errno;
	(void)close(fd);
	if (error != ECONNREFUSED) {
		log_line(LOG_LEVEL_ERROR,
		    "socket %s: another %s serves it%s%s; stop that one, or name another place",
		    path, type == SOCK_STREAM ? "scardd, or pcscd," : "scardd",
		    error != 0 ? ", or something else: " : "", error != 0 ? strerror(error) : "");
		return false;
	}
	return unlink(path) == 0 || fail(-1, path, "an old one cannot be removed") == 0;
}

/* The folder of the socket, if only the last one is missing. */
static void
make_folder(const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);

	/* When it fails, bind tells why. */
	(void)mkdir(folder, geteuid() == 0 ? 0755 : 0700);
}

static int
make_socket(const char *path, int type, unsigned mode)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	mode_t mask;
	int fd, bound;

	if (strlen(path) >= sizeof address.sun_path) {
		log_line(LOG_LEVEL_ERROR,
		    "socket %s: the path is longer than %zu bytes; name a shorter one", path,
		    sizeof address.sun_path - 1);
		return -1;
	}
	memcpy(address.sun_path, path, strlen(path) + 1);
	make_folder(path);
	if (!remove_stale(&address, type))
		return -1;
	if ((fd = new_socket(type)) < 0)
		return fail(fd, path, "no descriptor");
	/* The file has its mode from the start: there is no moment at which it has another. */
	if (fchmod(fd, mode) != 0)
		return fail(fd, path, "mode");
	mask = umask(0);
	bound = bind(fd, (const struct sockaddr *)&address, sizeof address);
	(void)umask(mask);
	if (bound != 0)
		return fail(fd, path, "cannot be made");
	if (listen(fd, DAEMON_BACKLOG) != 0)
		return fail(fd, path, "listen");
	return fd;
}

static bool
is_given(void)
{
	return environment_number("LISTEN_PID") == getpid() && environment_number("LISTEN_FDS") > 0;
}

char *
socket_given_path(void)
{
	long count = is_given() ? environment_number("LISTEN_FDS") : 0;

	for (long i = 0; i < MIN(count, LISTENERS); i++)
		if (kind_of(FIRST_GIVEN_FD + (int)i) == LISTENER_OWN)
			return socket_path(FIRST_GIVEN_FD + (int)i);
	return NULL;
}

/* One that was not given. False: a text was logged. */
static bool
listen_at(struct listener *listener, const char *path, int type, unsigned mode)
{
	listener->is_ours = true;
	listener->source.fd = make_socket(path, type, mode);
	return listener->source.fd >= 0;
}

bool
socket_listen(struct settings *settings, struct listener listeners[LISTENERS])
{
	struct listener *own = &listeners[LISTENER_OWN];
	struct listener *pcsclite = &listeners[LISTENER_PCSCLITE];
	bool given = is_given();
	long count = environment_number("LISTEN_FDS");

	(void)unsetenv("LISTEN_PID");
	(void)unsetenv("LISTEN_FDS");
	(void)unsetenv("LISTEN_FDNAMES");
	if (given && !take_given(count, listeners))
		return false;
	if (own->source.fd < 0) {
		if (settings->path == NULL && (settings->path = settings_default_path()) == NULL)
			return false;
		if (!listen_at(own, settings->path, SOCK_SEQPACKET, settings->mode))
			return false;
	}
	return pcsclite->source.fd >= 0 || settings->pcsclite_path == NULL ||
	    listen_at(pcsclite, settings->pcsclite_path, SOCK_STREAM, settings->mode);
}

char *
socket_path(int fd)
{
	struct sockaddr_un address = { 0 };
	socklen_t size = sizeof address - 1;

	if (getsockname(fd, (struct sockaddr *)&address, &size) != 0)
		address.sun_path[0] = '\0';
	return g_strdup(address.sun_path);
}

bool
socket_peer(int fd, pid_t *ret_pid, uid_t *ret_uid)
{
	struct ucred peer;
	socklen_t size = sizeof peer;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 || size != sizeof peer)
		return false;
	*ret_pid = peer.pid;
	*ret_uid = peer.uid;
	return true;
}

void
socket_notify(const char *state)
{
	const char *path = secure_getenv("NOTIFY_SOCKET");
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t length;
	int fd;

	if (path == NULL || (path[0] != '/' && path[0] != '@'))
		return;
	length = strlen(path);
	if (length >= sizeof address.sun_path)
		return;
	memcpy(address.sun_path, path, length);
	if (path[0] == '@')
		address.sun_path[0] = '\0';
	if ((fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) < 0)
		return;
	if (sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&address,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)) < 0)
		log_line(LOG_LEVEL_ERROR, "NOTIFY_SOCKET: %s", strerror(errno));
	(void)close(fd);
}
