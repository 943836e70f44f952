/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/drivers/vpcd/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 64

static int
open_socket(int family)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	return fd >= 0 ? fd : -errno;
}

static int
open_tcp(struct vpcd_listener *listener, uint16_t port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr = { .s_addr = htonl(INADDR_LOOPBACK) },
	};
	int one = 1;

	/* The connections of the last run may linger; they are no reason to refuse. */
	if (setsockopt(listener->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) < 0 ||
	    bind(listener->fd, (struct sockaddr *)&address, sizeof address) < 0 ||
	    listen(listener->fd, BACKLOG) < 0)
		return -errno;
	return 0;
}

/* A socket at the path that refuses connections: whoever made it is gone. */
static int
remove_stale(const struct sockaddr_un *address)
{
	struct stat status;
	int fd, r;

	if (lstat(address->sun_path, &status) < 0)
		return -errno;
	if (!S_ISSOCK(status.st_mode))
		return -EEXIST;
	fd = open_socket(AF_UNIX);
	if (fd < 0)
		return fd;
	r = connect(fd, (const struct sockaddr *)address, sizeof *address) < 0 ? -errno
									       : -EADDRINUSE;
	close(fd);
	if (r != -ECONNREFUSED)
		return -EADDRINUSE;
	return unlink(address->sun_path) < 0 ? -errno : 0;
}

static int
open_unix(struct vpcd_listener *listener)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct stat status;
	int r = 0;

	snprintf(address.sun_path, sizeof address.sun_path, "%s", listener->path);
	if (bind(listener->fd, (struct sockaddr *)&address, sizeof address) < 0) {
		if (errno != EADDRINUSE)
			return -errno;
		r = remove_stale(&address);
		if (r < 0)
			return r;
		if (bind(listener->fd, (struct sockaddr *)&address, sizeof address) < 0)
			return -errno;
	}
	/* Nobody can connect before listen. */
	if (lstat(listener->path, &status) < 0 || chmod(listener->path, S_IRUSR | S_IWUSR) < 0 ||
	    listen(listener->fd, BACKLOG) < 0) {
		r = -errno;
		unlink(listener->path);
		return r;
	}
	listener->device = status.st_dev;
	listener->inode = status.st_ino;
	return 0;
}

static const char *
advice(int error)
{
	switch (error) {
	case -EADDRINUSE:
		return "another program listens there: end it, or choose another address";
	case -EEXIST:
		return "the file there is not a socket: remove it, or choose another path";
	case -EACCES:
	case -EPERM:
		return "choose a port above 1023, or a folder you may write to";
	case -ENOENT:
	case -ENOTDIR:
		return "make the folder first, or choose another path";
	default:
		return "choose another address";
	}
}

int
vpcd_listener_open(struct vpcd_listener *listener, const struct vpcd_settings *settings,
    unsigned slot, char *message)
{
	char address[VPCD_PATH_SIZE];
	int r;

	memset(listener, 0, sizeof *listener);
	listener->transport = settings->transport;
	vpcd_settings_address(settings, slot, address, sizeof address);
	listener->fd = open_socket(settings->transport == VPCD_TCP ? AF_INET : AF_UNIX);
	if (listener->fd < 0) {
		r = listener->fd;
	} else if (settings->transport == VPCD_TCP) {
		r = open_tcp(listener, (uint16_t)(settings->port + slot));
	} else {
		memcpy(listener->path, address, sizeof address);
		r = open_unix(listener);
	}
	if (r == 0)
		return 0;
	snprintf(message, VPCD_MESSAGE_SIZE, "vpcd: cannot listen on %s: %s; %s", address,
	    g_strerror(-r), advice(r));
	if (listener->fd >= 0)
		close(listener->fd);
	listener->fd = -1;
	return r;
}

int
vpcd_listener_accept(const struct vpcd_listener *listener)
{
	int one = 1;
	int fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return -errno;
	/* Without it each exchange may wait for the other side's delayed acknowledgement. */
	if (listener->transport == VPCD_TCP)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	return fd;
}

void
vpcd_listener_close(struct vpcd_listener *listener)
{
	struct stat status;

	if (listener->fd < 0)
		return;
	if (listener->transport == VPCD_UNIX && lstat(listener->path, &status) == 0 &&
	    status.st_dev == listener->device && status.st_ino == listener->inode)
		unlink(listener->path);
	close(listener->fd);
	listener->fd = -1;
}
