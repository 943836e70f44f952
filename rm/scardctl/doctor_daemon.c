/* SPDX-License-Identifier: BSD-2-Clause */
/* scardctl doctor: whether scardd can be reached, and whether pcscd is in its way. */
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <tessera_scard.h>

#include "rm/scardctl/doctor.h"

#define SYSTEM_SOCKET "/run/tessera/scardd.sock"
#define USER_SOCKET "tessera/scardd.sock"
#define PCSCD_SOCKET "/run/pcscd/pcscd.comm"
#define START_SYSTEM "start it: systemctl enable --now scardd.socket"
#define START_USER                                                                                \
	"start it: scardd --driver NAME, or for a soft card to try things with: scardctl sim -- " \
	"COMMAND"

/* 0, or the errno of connecting. */
static int
try_socket(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, error = 0;

	if (strlen(path) >= sizeof address.sun_path)
		return ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path));
	if ((fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) < 0)
		return errno;
	if (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0)
		error = errno;
	(void)close(fd);
	/* It is there, and has much to do. */
	return error == EAGAIN ? 0 : error;
}

/* The first folder above a socket that may not be entered. (transfer full), NULL: none. */
static char *
closed_folder(const char *path)
{
	char *folder = g_path_get_dirname(path), *closed = NULL;

	while (strcmp(folder, "/") != 0 && strcmp(folder, ".") != 0) {
		char *above = g_path_get_dirname(folder);

		if (access(folder, X_OK) != 0 && errno == EACCES) {
			g_free(closed);
			closed = g_strdup(folder);
		}
		g_free(folder);
		folder = above;
	}
	g_free(folder);
	return closed;
}

static void
note_no_right(struct doctor *doctor, const char *path)
{
	g_autofree char *closed = closed_folder(path), *next = NULL;
	struct stat status;
	const struct group *group;

	if (closed != NULL || stat(path, &status) != 0) {
		doctor_note(doctor, DOCTOR_ERROR, "permission", closed != NULL ? closed : path,
		    "ask the owner of the folder, or use another resource manager (TESSERA_RM)",
		    "this user may not enter the folder of the socket");
		return;
	}
	group = getgrgid(status.st_gid);
	if ((status.st_mode & S_IWGRP) != 0 && status.st_gid != 0 && group != NULL)
		next = g_strdup_printf(
		    "usermod -aG %s USER as root, and log in again", group->gr_name);
	else
		next = g_strdup(
		    "set SocketMode= in scardd.conf(5), or SocketMode= of scardd.socket when "
		    "systemd makes the socket, and restart both");
	doctor_note(doctor, DOCTOR_ERROR, "permission", path, next,
	    "this user may not write to the socket: mode %04o, user %u, group %s",
	    (unsigned)(status.st_mode & 07777), (unsigned)status.st_uid,
	    group != NULL ? group->gr_name : "unknown");
}

static void
note_socket(struct doctor *doctor, const char *path, int error)
{
	const char *start = doctor->system ? START_SYSTEM : START_USER;

	switch (error) {
	case ENOENT:
	case ENOTDIR:
		doctor_note(doctor, DOCTOR_ERROR, "no-daemon", path, start,
		    "no scardd: there is no socket");
		break;
	case ECONNREFUSED:
		doctor_note(doctor, DOCTOR_ERROR, "stale-socket", path,
		    doctor->system ? "systemctl restart scardd.socket, which replaces it"
				   : "start scardd again, which replaces it",
		    "no scardd: nobody listens at the socket, whose scardd has ended without "
		    "taking "
		    "it away");
		break;
	case EACCES:
		note_no_right(doctor, path);
		break;
	case EPROTOTYPE:
		doctor_note(doctor, DOCTOR_ERROR, "foreign-socket", path,
		    "end the other program, or name another socket in scardd.conf(5) and "
		    "TESSERA_RM",
		    "somebody listens there who is no scardd: the socket is of another kind");
		break;
	default:
		doctor_note(doctor, DOCTOR_ERROR, "no-daemon", path, start,
		    "no scardd: connecting to the socket failed: %s", strerror(error));
		break;
	}
}

/* One that is named, or the usual ones in their order. (transfer full) */
static char *
find_socket(struct doctor *doctor, const char *setting, int *ret_error)
{
	const char *runtime = secure_getenv("XDG_RUNTIME_DIR");
	char *path, *user;

	doctor->system = setting == NULL;
	path = setting != NULL ? g_strdup(setting) : doctor_path(doctor, SYSTEM_SOCKET);
	*ret_error = try_socket(path);
	if (setting != NULL || runtime == NULL || *ret_error != ENOENT)
		return path;
	user = g_build_filename(runtime, USER_SOCKET, NULL);
	if ((*ret_error = try_socket(user)) == ENOENT) {
		g_free(user);
		return path;
	}
	doctor->system = false;
	g_free(path);
	return user;
}

/* Whether what is there works as a resource manager. */
static void
try_manager(struct doctor *doctor, const char *object)
{
	SCARDCONTEXT context;
	LONG code = SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context);

	if (code == SCARD_S_SUCCESS) {
		doctor->answers = true;
		(void)SCardReleaseContext(context);
		return;
	}
	doctor_note(doctor, DOCTOR_ERROR, "daemon", object,
	    "see what the resource manager says of it: journalctl -u scardd, or its standard error",
	    "it does not work: %s: %s", tessera_scard_error(code), tessera_scard_message());
}

void
doctor_examine_daemon(struct doctor *doctor)
{
	const char *setting = secure_getenv("TESSERA_RM"), *path = NULL;
	g_autofree char *socket = NULL;
	int error;

	if (setting != NULL && g_str_has_prefix(setting, "unix:"))
		path = setting + strlen("unix:");
	else if (setting != NULL && setting[0] != '\0') {
		doctor->embedded = true;
		try_manager(doctor, "TESSERA_RM");
		return;
	}
	socket = find_socket(doctor, path, &error);
	if (error == 0)
		try_manager(doctor, socket);
	else
		note_socket(doctor, socket, error);
}

/* "socket:[N]" of what listens at a path of the file system; NULL: nobody. (transfer full) */
static char *
listener(const struct doctor *doctor, const char *path)
{
	g_autofree char *table = doctor_path(doctor, "/proc/net/unix"), *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (!g_file_get_contents(table, &text, NULL, NULL))
		return NULL;
	lines = g_strsplit(text, "\n", -1);
	for (size_t i = 0; lines[i] != NULL; i++) {
		unsigned flags;
		unsigned long inode;
		int at = 0;

		/* Num: RefCount Protocol Flags Type State Inode Path; the flag is that it listens.
		 */
		if (sscanf(lines[i], "%*s %*x %*x %x %*x %*x %lu %n", &flags, &inode, &at) == 2 &&
		    at > 0 && (flags & 0x10000) != 0 && strcmp(lines[i] + at, path) == 0)
			return g_strdup_printf("socket:[%lu]", inode);
	}
	return NULL;
}

void
doctor_examine_pcscd(struct doctor *doctor)
{
	g_autoptr(GPtrArray) running = doctor_named(doctor, "pcscd"), owners = NULL;
	g_autofree char *text = doctor_process_text(running), *socket = NULL;

	if (running->len > 0) {
		doctor_note(doctor, DOCTOR_WARNING, "pcscd", text,
		    "systemctl disable --now pcscd.socket pcscd.service; the README says how to "
		    "move "
		    "a machine",
		    "pcscd is running: it takes readers for itself, which scardd then cannot have");
		return;
	}
	if ((socket = listener(doctor, PCSCD_SOCKET)) == NULL)
		return;
	owners = doctor_who_has(doctor, socket);
	for (guint i = 0; i < owners->len; i++)
		if (strcmp(((struct doctor_process *)owners->pdata[i])->name, "scardd") == 0)
			return;
	doctor_note(doctor, DOCTOR_WARNING, "pcscd-socket", PCSCD_SOCKET,
	    "systemctl disable --now pcscd.socket, unless this is scardd's own socket for "
	    "pcsc-lite's library (PcscliteSocket= in scardd.conf(5), scardd-pcsclite.socket)",
	    "pcscd is not running, but whoever listens at its socket may start it for the first "
	    "program that asks");
}
