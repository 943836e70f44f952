/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds a daemon and opens the session with it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <winerror.h>

#include "rm/api/remote_state.h"

#define SYSTEM_SOCKET "/run/tessera/scardd.sock"
#define USER_SOCKET "tessera/scardd.sock" /* below XDG_RUNTIME_DIR */
#define ADVICE \
	"start scardd, or set TESSERA_RM=embedded to use the readers from within this process"

const char *
remote_reason(int error)
{
	return error == -EBADMSG ? "it does not speak the protocol of this library"
				 : strerror(-error);
}

/*
 * Tries one path. 0 with the result, or a negative errno. The lock is given up meanwhile; nobody
 * else touches what is used here, because `opening` is set.
 */
static int
open_at(size_t path, LONG *ret_code, char *message)
{
	uint8_t token[WIRE_TOKEN_SIZE];
	const struct wire_page *page = NULL;
	uint32_t version = 0;
	int error, descriptor, fd = remote_socket_new();

	if (fd < 0)
		return fd;
	remote.control = fd;
	(void)pthread_mutex_unlock(&remote.lock);
	error = remote_socket_connect(fd, remote.paths[path]);
	if (error == 0)
		error = remote_hello(fd, token, &version, &descriptor, ret_code, message);
	if (error == 0) {
		remote_socket_unlimit(fd);
		page = remote_page_map(descriptor);
	}
	(void)pthread_mutex_lock(&remote.lock);
	if (error < 0 || *ret_code != SCARD_S_SUCCESS) {
		remote_close_fd(&remote.control);
		return error;
	}
	memcpy(remote.token, token, sizeof token);
	remote.version = version;
	remote.page = page;
	remote.path = path;
	remote.generation++;
	remote.opened = true;
	return 0;
}

static LONG
nobody(const int errors[static REMOTE_PATHS_MAX], char *message)
{
	if (remote.path_count == 2)
		return remote_fail(SCARD_E_NO_SERVICE, message,
		    "no resource manager: %.107s: %s; %.107s: %s; " ADVICE, remote.paths[0],
		    remote_reason(errors[0]), remote.paths[1], remote_reason(errors[1]));
	if (remote.named)
		return remote_fail(SCARD_E_NO_SERVICE, message,
		    "TESSERA_RM=unix:%.107s: no resource manager: %s; " ADVICE, remote.paths[0],
		    remote_reason(errors[0]));
	return remote_fail(SCARD_E_NO_SERVICE, message,
	    "no resource manager: %.107s: %s; XDG_RUNTIME_DIR is not set; " ADVICE, remote.paths[0],
	    remote_reason(errors[0]));
}

/* A daemon that answers is taken at its word: only where none does, the next path is tried. */
LONG
remote_open_session(char *message)
{
	LONG code = SCARD_E_NO_SERVICE;
	int errors[REMOTE_PATHS_MAX] = { 0 };
	size_t path;

	while (remote.opening)
		remote_wait();
	if (remote.opened)
		return SCARD_S_SUCCESS;
	remote.opening = true;
	for (path = 0; path < remote.path_count; path++)
		if ((errors[path] = open_at(path, &code, message)) == 0)
			break;
	remote.opening = false;
	(void)pthread_cond_broadcast(&remote.changed);
	return path < remote.path_count ? code : nobody(errors, message);
}

size_t
remote_paths(const char *path, char ret_paths[static REMOTE_PATHS_MAX][REMOTE_PATH_SIZE])
{
	const char *runtime = secure_getenv("XDG_RUNTIME_DIR");

	(void)snprintf(ret_paths[0], REMOTE_PATH_SIZE, "%s", path != NULL ? path : SYSTEM_SOCKET);
	if (path != NULL || runtime == NULL || runtime[0] != '/')
		return 1;
	(void)snprintf(ret_paths[1], REMOTE_PATH_SIZE, "%s/" USER_SOCKET, runtime);
	return 2;
}

/* Which paths are tried from now on. The lock is held. */
static void
choose_paths(const char *path)
{
	remote.named = path != NULL;
	remote.path_count = remote_paths(path, remote.paths);
}

const struct rm_calls *
api_remote_open(const char *path, LONG *ret_code, char *message)
{
	(void)pthread_mutex_lock(&remote.lock);
	if (!remote.opened && !remote.opening)
		choose_paths(path);
	*ret_code = remote.opened ? SCARD_S_SUCCESS : remote_open_session(message);
	(void)pthread_mutex_unlock(&remote.lock);
	return *ret_code == SCARD_S_SUCCESS ? &remote_calls : NULL;
}
