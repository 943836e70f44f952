/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A file's times have the grain of the kernel's clock tick. Who reads a file and keeps the result
 * by its times may miss what is written to it later in the same tick; so of a file that young a
 * digest is kept as well, until it has aged.
 */
#include "runtime/manifest_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define TICK_NS 20000000       /* two ticks of the slowest kernel */
#define COARSE_NS 2000000000LL /* file systems that count whole seconds, or pairs of them */

static void set_state(struct manifest_file *file, enum registry_state state, const char *format,
    ...) G_GNUC_PRINTF(3, 4);

static void
set_state(struct manifest_file *file, enum registry_state state, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	file->reason = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	file->state = state;
}

static bool
is_young(const struct timespec *stamp, const struct timespec *now)
{
	gint64 age =
	    (gint64)(now->tv_sec - stamp->tv_sec) * 1000000000 + (now->tv_nsec - stamp->tv_nsec);

	return age < (stamp->tv_nsec == 0 ? COARSE_NS : TICK_NS);
}

/* Up to `size` bytes. -1: errno. */
static ssize_t
read_all(int fd, char *buffer, size_t size)
{
	size_t used = 0;

	while (used < size) {
		ssize_t n = read(fd, buffer + used, size - used);

		if (n == 0)
			break;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		used += (size_t)n;
	}
	return (ssize_t)used;
}

struct contents {
	char *data; /* NULL: not read */
	size_t size;
	bool young;
};

/* (transfer full): why it cannot be read; NULL: it was. */
static char *
read_contents(const char *path, struct contents *ret)
{
	/* O_NONBLOCK: a FIFO must not stop us. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct timespec now;
	struct stat status;
	ssize_t size = -1;
	char *problem = NULL;

	memset(ret, 0, sizeof *ret);
	if (fd < 0)
		return g_strdup_printf("cannot be opened: %s", g_strerror(errno));
	clock_gettime(CLOCK_REALTIME_COARSE, &now);
	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
		problem = g_strdup("is not a regular file");
	} else {
		ret->young = is_young(&status.st_mtim, &now) || is_young(&status.st_ctim, &now);
		ret->data = g_malloc(MANIFEST_SIZE_MAX + 1);
		/* One byte more than allowed tells that there are more. */
		size = read_all(fd, ret->data, MANIFEST_SIZE_MAX + 1);
		if (size < 0)
			problem = g_strdup_printf("cannot be read: %s", g_strerror(errno));
		else
			ret->size = (size_t)size;
	}
	close(fd);
	return problem;
}

static void
check_name(struct manifest_file *file, const char *path)
{
	bool is_overlay = file->manifest->module == NULL;
	bool should_be = strcmp(strrchr(path, '/') + 1, MANIFEST_OVERLAY_NAME) == 0;

	if (is_overlay == should_be)
		return;
	if (is_overlay)
		set_state(file, REGISTRY_BROKEN,
		    "line 1: there is no group [Component]; an overlay must be "
		    "called " MANIFEST_OVERLAY_NAME);
	else
		set_state(file, REGISTRY_BROKEN,
		    "line 1: [Component] in a file of this name, which is for overlays; call it "
		    "otherwise");
	manifest_free(file->manifest);
	file->manifest = NULL;
}

static void
parse(struct manifest_file *file, const char *path, const struct contents *contents)
{
	g_autofree char *problem = NULL;

	if (contents->size == 0) {
		set_state(file, REGISTRY_DISABLED, "the file is empty");
		return;
	}
	file->manifest = manifest_parse(contents->data, contents->size, &problem);
	if (file->manifest == NULL)
		set_state(file, REGISTRY_BROKEN, "%s", problem);
	else
		check_name(file, path);
}

static char *
digest(const struct contents *contents)
{
	return g_compute_checksum_for_data(
	    G_CHECKSUM_SHA256, (const guchar *)contents->data, contents->size);
}

struct manifest_file *
manifest_file_read(const char *path)
{
	struct manifest_file *file = g_new0(struct manifest_file, 1);
	struct contents contents;
	g_autofree char *problem = read_contents(path, &contents);

	if (problem != NULL)
		set_state(file, REGISTRY_BROKEN, "%s", problem);
	else
		parse(file, path, &contents);
	if (problem == NULL && contents.young)
		file->digest = digest(&contents);
	g_free(contents.data);
	return file;
}

void
manifest_file_free(struct manifest_file *file)
{
	if (file == NULL)
		return;
	g_free(file->reason);
	manifest_free(file->manifest);
	g_free(file->digest);
	g_free(file);
}

bool
manifest_file_has_changed(const struct manifest_file *file, const char *path)
{
	struct contents contents;
	g_autofree char *problem = NULL;
	g_autofree char *now = NULL;

	if (file->digest == NULL)
		return false;
	problem = read_contents(path, &contents);
	if (problem == NULL)
		now = digest(&contents);
	g_free(contents.data);
	return problem != NULL || strcmp(now, file->digest) != 0;
}
