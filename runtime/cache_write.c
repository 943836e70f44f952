/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The snapshot is taken from the file system's own clock: the time that it gives to a new file
 * beside the folder, before the folder is listed. Whatever changes later gets a time that is not
 * older, and is therefore not believed; nor is what was changed just before, which is why we wait.
 */
#include "runtime/cache_write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <winerror.h>

#include "runtime/cache_image.h"
#include "runtime/folder_picture.h"

/* Two seconds is the grain of the coarsest file system there is. */
#define WAIT_MAX_NS 2100000000LL
#define TICK_NS 10000000LL

struct writer {
	const char *folder;
	char *temporary;
	int fd;
	struct cache_report *report;
};

static HRESULT
failed(struct writer *writer, const char *what, const char *path, int error)
{
	writer->report->cause = g_strdup_printf("%s %s: %s", what, path, g_strerror(error));
	return error == EACCES || error == EPERM || error == EROFS ? E_ACCESSDENIED
								   : REGDB_E_WRITEREGDB;
}

static gint64
nanoseconds_between(const struct timespec *from, const struct timespec *to)
{
	return (gint64)(to->tv_sec - from->tv_sec) * 1000000000 + (to->tv_nsec - from->tv_nsec);
}

/* The file system's clock, as it stamps what we write. */
static bool
read_clock(const struct writer *writer, struct timespec *ret_now)
{
	struct stat status;

	if (futimens(writer->fd, NULL) != 0 || fstat(writer->fd, &status) != 0)
		return false;
	*ret_now = status.st_mtim;
	return true;
}

static void
take_newer(struct timespec *newest, const struct stat *status)
{
	if (nanoseconds_between(newest, &status->st_mtim) > 0)
		*newest = status->st_mtim;
	if (nanoseconds_between(newest, &status->st_ctim) > 0)
		*newest = status->st_ctim;
}

/* Once, and not longer than a file system's grain: a time in the future stays one. */
static void
wait_until_past(const struct timespec *newest, const struct timespec *now)
{
	gint64 wait = nanoseconds_between(now, newest) + TICK_NS;
	struct timespec until;

	if (newest->tv_nsec == 0)
		wait += 1000000000;
	if (wait <= 0 || wait > WAIT_MAX_NS)
		return;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += wait % 1000000000;
	until.tv_sec += wait / 1000000000 + until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
		continue;
}

static void
find_newest(
    const struct folder_listing *listing, const struct stat *folder, struct timespec *ret_newest)
{
	memset(ret_newest, 0, sizeof *ret_newest);
	take_newer(ret_newest, folder);
	for (guint i = 0; i < listing->entries->len; i++)
		take_newer(
		    ret_newest, &((const struct folder_entry *)listing->entries->pdata[i])->status);
}

/* Takes the snapshot, then lists: once, or a second time after a wait. */
static HRESULT
list(struct writer *writer, struct timespec *ret_snapshot, struct stat *ret_folder,
    struct folder_listing **ret_listing)
{
	struct timespec newest;

	for (unsigned attempt = 0;; attempt++) {
		struct folder_listing *listing;

		if (!read_clock(writer, ret_snapshot))
			return failed(writer, "cannot read the time of", writer->temporary, errno);
		if (stat(writer->folder, ret_folder) != 0)
			return failed(writer, "cannot examine", writer->folder, errno);
		listing = folder_list(writer->folder, FOLDER_SUFFIX, FOLDER_FILES_MAX);
		if (listing->overfull || listing->error != 0) {
			writer->report->cause = listing->overfull
			    ? g_strdup_printf(
				  "%s has more than %u manifests", writer->folder, FOLDER_FILES_MAX)
			    : g_strdup_printf(
				  "cannot read %s: %s", writer->folder, g_strerror(listing->error));
			folder_listing_free(listing);
			return REGDB_E_WRITEREGDB;
		}
		find_newest(listing, ret_folder, &newest);
		if (attempt > 0 || nanoseconds_between(&newest, ret_snapshot) > 0) {
			*ret_listing = listing;
			return S_OK;
		}
		folder_listing_free(listing);
		wait_until_past(&newest, ret_snapshot);
	}
}

static GByteArray *
compile(struct writer *writer, const struct folder_listing *listing, const struct stat *folder,
    const struct timespec *snapshot)
{
	struct cache_image *image = cache_image_new();
	struct cache_report *report = writer->report;
	GByteArray *bytes;

	for (guint i = 0; i < listing->entries->len; i++) {
		const struct folder_entry *entry = g_ptr_array_index(listing->entries, i);
		g_autofree char *path = g_build_filename(writer->folder, entry->name, NULL);
		struct manifest_file *file = manifest_file_read(path);

		cache_image_add(image, entry->name, &entry->status, file);
		report->files++;
		report->left_out += file->state == REGISTRY_BROKEN;
		report->too_new += nanoseconds_between(snapshot, &entry->status.st_mtim) >= 0 ||
		    nanoseconds_between(snapshot, &entry->status.st_ctim) >= 0;
		manifest_file_free(file);
	}
	report->classes = cache_image_classes(image);
	bytes = cache_image_finish(image, folder, snapshot);
	cache_image_free(image);
	return bytes;
}

static HRESULT
write_bytes(struct writer *writer, const GByteArray *bytes)
{
	size_t done = 0;

	while (done < bytes->len) {
		ssize_t n = write(writer->fd, bytes->data + done, bytes->len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return failed(writer, "cannot write", writer->temporary, errno);
		done += (size_t)n;
	}
	if (fchmod(writer->fd, 0644) != 0 || fsync(writer->fd) != 0)
		return failed(writer, "cannot write", writer->temporary, errno);
	if (rename(writer->temporary, writer->report->path) != 0)
		return failed(writer, "cannot replace", writer->report->path, errno);
	writer->report->bytes = bytes->len;
	return S_OK;
}

static HRESULT
make(struct writer *writer)
{
	struct folder_listing *listing = NULL;
	struct timespec snapshot;
	struct stat folder;
	GByteArray *bytes;
	HRESULT hr = list(writer, &snapshot, &folder, &listing);

	if (FAILED(hr))
		return hr;
	bytes = compile(writer, listing, &folder, &snapshot);
	folder_listing_free(listing);
	if (bytes == NULL) {
		writer->report->cause =
		    g_strdup_printf("%s has too much for a cache", writer->folder);
		return REGDB_E_WRITEREGDB;
	}
	hr = write_bytes(writer, bytes);
	g_byte_array_unref(bytes);
	return hr;
}

HRESULT
cache_write(const char *folder, struct cache_report *ret_report)
{
	struct writer writer = { .folder = folder, .fd = -1, .report = ret_report };
	HRESULT hr;

	memset(ret_report, 0, sizeof *ret_report);
	ret_report->path = cache_path(folder);
	if (access(folder, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR)) {
		(void)unlink(ret_report->path);
		return S_FALSE;
	}
	writer.temporary = g_strconcat(ret_report->path, ".XXXXXX", NULL);
	writer.fd = mkostemp(writer.temporary, O_CLOEXEC);
	if (writer.fd < 0) {
		hr = failed(&writer, "cannot make", writer.temporary, errno);
	} else {
		hr = make(&writer);
		close(writer.fd);
		if (FAILED(hr))
			(void)unlink(writer.temporary);
	}
	g_free(writer.temporary);
	return hr;
}

void
cache_report_clear(struct cache_report *report)
{
	g_free(report->path);
	g_free(report->cause);
	memset(report, 0, sizeof *report);
}
