/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The new file is complete and on disk before it gets its name; the old one keeps existing under
 * the temporary name until the folder is on disk as well, so that even then a failure can be
 * undone. The lock is an open file description's: it ends with its holder, whatever happens to
 * that.
 */
#include "runtime/layer_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <winerror.h>

static HRESULT
failed(const char *what, const char *path, int error, char **ret_cause)
{
	*ret_cause = g_strdup_printf("%s %s: %s", what, path, g_strerror(error));
	return error == EACCES || error == EPERM || error == EROFS ? E_ACCESSDENIED
								   : REGDB_E_WRITEREGDB;
}

static int
try_lock(int fd)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	return fcntl(fd, F_OFD_SETLK, &lock);
}

static int
remaining_ms(const struct timespec *start)
{
	struct timespec now;
	long long passed;

	clock_gettime(CLOCK_MONOTONIC, &now);
	passed = (long long)(now.tv_sec - start->tv_sec) * 1000 +
	    (now.tv_nsec - start->tv_nsec) / 1000000;
	return passed >= LAYER_WRITER_WAIT_MS ? 0 : (int)(LAYER_WRITER_WAIT_MS - passed);
}

/*
 * A holder unlocks, then closes; the closing wakes us. One that dies is closed first and unlocked a
 * moment later, which nothing announces, hence the last attempt when the time is over.
 */
static bool
wait_for_lock(int fd)
{
	g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
	int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK), left;
	char events[4096];
	struct timespec start;
	bool locked;

	if (watch < 0 || inotify_add_watch(watch, path, IN_CLOSE_WRITE) < 0) {
		if (watch >= 0)
			close(watch);
		return false;
	}
	clock_gettime(CLOCK_MONOTONIC, &start);
	do {
		struct pollfd wait = { .fd = watch, .events = POLLIN };

		locked = try_lock(fd) == 0;
		left = remaining_ms(&start);
		if (locked || left == 0)
			break;
		(void)poll(&wait, 1, left);
		while (read(watch, events, sizeof events) > 0)
			continue;
	} while (true);
	close(watch);
	return locked;
}

static HRESULT
take_lock(struct layer_writer *writer, const char *lock_file, char **ret_cause)
{
	g_autofree char *path = g_build_filename(writer->path, lock_file, NULL);
	int error;

	writer->lock = openat(
	    writer->folder, lock_file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0600);
	if (writer->lock < 0)
		return failed("cannot open", path, errno, ret_cause);
	if (try_lock(writer->lock) == 0)
		return S_OK;
	error = errno;
	if (error != EAGAIN && error != EACCES)
		return failed("cannot lock", path, error, ret_cause);
	if (wait_for_lock(writer->lock))
		return S_OK;
	*ret_cause =
	    g_strdup_printf("another program is writing to %s, and has held %s for %d seconds",
		writer->path, path, LAYER_WRITER_WAIT_MS / 1000);
	return REGDB_E_WRITEREGDB;
}

HRESULT
layer_writer_open_folder(
    const char *path, const char *lock_file, struct layer_writer *ret_writer, char **ret_cause)
{
	struct layer_writer writer = { .path = g_strdup(path), .folder = -1, .lock = -1 };
	HRESULT hr;

	*ret_cause = NULL;
	if (g_mkdir_with_parents(path, 0755) != 0)
		hr = failed("cannot make", path, errno, ret_cause);
	else if ((writer.folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
		hr = failed("cannot open", path, errno, ret_cause);
	else
		hr = take_lock(&writer, lock_file, ret_cause);
	if (FAILED(hr))
		layer_writer_close(&writer);
	else
		*ret_writer = writer;
	return hr;
}

void
layer_writer_close(struct layer_writer *writer)
{
	struct flock unlock = { .l_type = F_UNLCK, .l_whence = SEEK_SET };

	if (writer->lock >= 0) {
		(void)fcntl(writer->lock, F_OFD_SETLK, &unlock);
		close(writer->lock);
	}
	if (writer->folder >= 0)
		close(writer->folder);
	g_free(writer->path);
	writer->path = NULL;
	writer->folder = writer->lock = -1;
}

/* No manifest: hidden, and of another ending. We alone use it, so one that is there is left over.
 */
static char *
temporary_name(const char *name)
{
	return g_strdup_printf(".%s.new", name);
}

static int
write_all(int fd, const char *text, size_t size)
{
	while (size > 0) {
		ssize_t n = write(fd, text, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		text += n;
		size -= (size_t)n;
	}
	return 0;
}

static HRESULT
write_temporary(struct layer_writer *writer, const char *temporary, const char *text, size_t size,
    char **ret_cause)
{
	g_autofree char *path = g_build_filename(writer->path, temporary, NULL);
	HRESULT hr = S_OK;
	int fd;

	(void)unlinkat(writer->folder, temporary, 0);
	fd = openat(
	    writer->folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return failed("cannot make", path, errno, ret_cause);
	if (write_all(fd, text, size) != 0 || fchmod(fd, 0644) != 0 || fsync(fd) != 0)
		hr = failed("cannot write", path, errno, ret_cause);
	close(fd);
	return hr;
}

enum replacement {
	FAILED_TO_REPLACE, /* errno */
	EXCHANGED,         /* the old file has the temporary name now */
	NEW,               /* there was none */
	OVERWRITTEN,       /* this file system cannot exchange */
};

static enum replacement
replace(int folder, const char *temporary, const char *name)
{
	enum replacement otherwise;

	if (renameat2(folder, temporary, folder, name, RENAME_EXCHANGE) == 0)
		return EXCHANGED;
	if (errno != ENOENT && errno != EINVAL && errno != ENOSYS)
		return FAILED_TO_REPLACE;
	otherwise = errno == ENOENT ? NEW : OVERWRITTEN;
	return renameat(folder, temporary, folder, name) == 0 ? otherwise : FAILED_TO_REPLACE;
}

static void
undo(const struct layer_writer *writer, const char *temporary, const char *name,
    enum replacement how)
{
	if (how == EXCHANGED)
		(void)renameat(writer->folder, temporary, writer->folder, name);
	else if (how == NEW)
		(void)unlinkat(writer->folder, name, 0);
}

static HRESULT
put_in_place(struct layer_writer *writer, const char *temporary, const char *name, char **ret_cause)
{
	g_autofree char *path = g_build_filename(writer->path, name, NULL);
	enum replacement how = replace(writer->folder, temporary, name);
	HRESULT hr = S_OK;

	if (how == FAILED_TO_REPLACE)
		return failed("cannot replace", path, errno, ret_cause);
	if (fsync(writer->folder) != 0) {
		hr = failed("cannot bring to disk", writer->path, errno, ret_cause);
		undo(writer, temporary, name, how);
	}
	return hr;
}

HRESULT
layer_writer_put(
    struct layer_writer *writer, const char *name, const char *text, size_t size, char **ret_cause)
{
	g_autofree char *temporary = temporary_name(name);
	HRESULT hr = write_temporary(writer, temporary, text, size, ret_cause);

	if (SUCCEEDED(hr))
		hr = put_in_place(writer, temporary, name, ret_cause);
	(void)unlinkat(writer->folder, temporary, 0);
	return hr;
}

HRESULT
layer_writer_remove(struct layer_writer *writer, const char *name, char **ret_cause)
{
	g_autofree char *temporary = temporary_name(name);
	g_autofree char *path = g_build_filename(writer->path, name, NULL);

	if (renameat(writer->folder, name, writer->folder, temporary) != 0)
		return errno == ENOENT ? S_FALSE : failed("cannot remove", path, errno, ret_cause);
	if (fsync(writer->folder) != 0) {
		HRESULT hr = failed("cannot bring to disk", writer->path, errno, ret_cause);

		(void)renameat(writer->folder, temporary, writer->folder, name);
		return hr;
	}
	(void)unlinkat(writer->folder, temporary, 0);
	return S_OK;
}
