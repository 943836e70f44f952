/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Profiles from the file system. The path comes from whoever configures the driver and may name
 * anything: a pipe must not block, a device not be read without end.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rm/drivers/softcard/profile.h"

/* Reads up to `room` bytes. Returns how many, or -errno. */
static ssize_t
read_all(int fd, char *out, size_t room)
{
	size_t used = 0;

	while (used < room) {
		ssize_t n = read(fd, out + used, room - used);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		used += (size_t)n;
	}
	return (ssize_t)used;
}

struct softcard_profile *
softcard_profile_read(const char *path, char **ret_message)
{
	const size_t room =
	    SOFTCARD_PROFILE_SIZE_MAX + 1; /* one more, to see that it is too large */
	struct softcard_profile *profile = NULL;
	struct stat status;
	char *text = NULL;
	ssize_t length;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || fstat(fd, &status) < 0) {
		*ret_message = g_strdup_printf(
		    "soft card profile %s: cannot be opened: %s", path, g_strerror(errno));
		goto out;
	}
	if (!S_ISREG(status.st_mode)) {
		*ret_message =
		    g_strdup_printf("soft card profile %s: is not an ordinary file", path);
		goto out;
	}
	text = g_malloc(room);
	length = read_all(fd, text, room);
	if (length < 0) {
		*ret_message = g_strdup_printf(
		    "soft card profile %s: cannot be read: %s", path, g_strerror((int)-length));
		goto out;
	}
	profile = softcard_profile_parse(text, (size_t)length, path, ret_message);
	explicit_bzero(text, room);
out:
	g_free(text);
	if (fd >= 0)
		close(fd);
	return profile;
}
