/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/drivers/ifdhandler/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rm/drivers/ifdhandler/plist.h"

#define EXPECTED "expected library:PATH:DEVICE, bundle:PATH:DEVICE or configuration:PATH"

static int fail(char *message, const char *format, ...) __attribute__((format(printf, 2, 3)));

static int
fail(char *message, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(message, IFD_MESSAGE_SIZE, format, arguments);
	va_end(arguments);
	return -EINVAL;
}

static bool
parse_channel(const char *text, uint32_t *ret)
{
	bool hex = g_str_has_prefix(text, "0x") || g_str_has_prefix(text, "0X");
	guint64 wide;

	if (!g_ascii_string_to_unsigned(
		hex ? text + 2 : text, hex ? 16 : 10, 0, UINT32_MAX, &wide, NULL))
		return false;
	*ret = (uint32_t)wide;
	return true;
}

static int
set_device(struct ifd_settings *settings, const char *device, char *message)
{
	if (parse_channel(device, &settings->channel))
		return 0;
	if (g_strlcpy(settings->device, device, sizeof settings->device) >= sizeof settings->device)
		return fail(message, "ifdhandler: the device's name has more than %u bytes",
		    IFD_DEVICE_SIZE - 1);
	return 0;
}

static int
set_library(struct ifd_settings *settings, const char *path, char *message)
{
	/* A name alone would be looked for along the linker's search path. */
	if (path[0] != '/')
		return fail(message,
		    "ifdhandler: the library's path \"%.80s\" does not begin with /", path);
	if (g_strlcpy(settings->library, path, sizeof settings->library) >=
	    sizeof settings->library)
		return fail(message, "ifdhandler: the library's path has more than %u bytes",
		    IFD_PATH_SIZE - 1);
	return 0;
}

/* A whole file of limited size, with a NUL behind it. NULL, and *message. */
static char *
read_file(const char *path, size_t most, size_t *ret_length, char *message)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat status;
	size_t length = 0;
	char *text;

	if (fd < 0 || fstat(fd, &status) < 0 || !S_ISREG(status.st_mode) || status.st_size < 0 ||
	    (size_t)status.st_size > most) {
		(void)fail(message, "ifdhandler: cannot read %.200s: %s", path,
		    fd < 0 ? g_strerror(errno) : "not a file of reasonable size");
		if (fd >= 0)
			(void)close(fd);
		return NULL;
	}
	text = g_malloc((size_t)status.st_size + 1);
	while (length < (size_t)status.st_size) {
		ssize_t n = read(fd, text + length, (size_t)status.st_size - length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		length += (size_t)n;
	}
	text[length] = '\0';
	*ret_length = length;
	(void)close(fd);
	return text;
}

static int
parse_bundle(const char *path, const char *device, struct ifd_settings *settings, char *message)
{
	g_autofree char *folder = strchr(path, '/') != NULL
	    ? g_strdup(path)
	    : g_build_filename(IFD_DRIVERS_FOLDER, path, NULL);
	g_autofree char *file = g_build_filename(folder, "Contents", "Info.plist", NULL);
	g_autofree char *library = NULL;
	char wrong[IFD_PLIST_MESSAGE_SIZE];
	struct ifd_plist plist;
	const char *name;
	size_t length;
	char *text;
	int r;

	if ((text = read_file(file, IFD_PLIST_SIZE_MAX, &length, message)) == NULL)
		return -EINVAL;
	r = ifd_plist_parse(text, length, &plist, wrong);
	g_free(text);
	if (r < 0)
		return fail(message, "ifdhandler: %.200s: %s", file, wrong);
	library = g_build_filename(folder, "Contents", "Linux", plist.executable, NULL);
	if ((name = ifd_plist_name(&plist, device)) != NULL)
		(void)g_strlcpy(settings->name, name, sizeof settings->name);
	ifd_plist_clear(&plist);
	r = set_library(settings, library, message);
	return r < 0 ? r : set_device(settings, device, message);
}

static int
parse_line(char **words, struct ifd_settings *settings, unsigned *seen, char *message)
{
	static const char *const names[] = { "FRIENDLYNAME", "DEVICENAME", "LIBPATH", "CHANNELID" };
	unsigned n = 0;

	while (n < G_N_ELEMENTS(names) && strcmp(words[0], names[n]) != 0)
		n++;
	if (n == G_N_ELEMENTS(names) || words[1] == NULL || words[2] != NULL)
		return fail(message,
		    "ifdhandler: configuration: \"%.40s\" is not FRIENDLYNAME, DEVICENAME, LIBPATH "
		    "or CHANNELID with one value",
		    words[0]);
	if ((*seen >> n & 1) != 0)
		return fail(message,
		    "ifdhandler: configuration: %s comes twice; one file describes one reader",
		    names[n]);
	*seen |= 1u << n;
	switch (n) {
	case 0:
		(void)g_strlcpy(settings->name, words[1], sizeof settings->name);
		return 0;
	case 1:
		if (g_strlcpy(settings->device, words[1], sizeof settings->device) >=
		    sizeof settings->device)
			return fail(message, "ifdhandler: configuration: DEVICENAME is too long");
		return 0;
	case 2:
		return set_library(settings, words[1], message);
	default:
		if (!parse_channel(words[1], &settings->channel))
			return fail(message,
			    "ifdhandler: configuration: CHANNELID \"%.40s\" is not a number",
			    words[1]);
		return 0;
	}
}

int
ifd_settings_configuration(const char *text, struct ifd_settings *ret, char *message)
{
	struct ifd_settings settings = { .channel = 0 };
	g_auto(GStrv) lines = NULL;
	unsigned seen = 0;

	if (!g_utf8_validate(text, -1, NULL))
		return fail(message, "ifdhandler: configuration: not UTF-8");
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line != NULL; line++) {
		g_auto(GStrv) words = NULL;
		g_autoptr(GError) error = NULL;

		/* Comments are as in a shell, and the quotes too. */
		if (!g_shell_parse_argv(*line, NULL, &words, &error)) {
			if (g_error_matches(error, G_SHELL_ERROR, G_SHELL_ERROR_EMPTY_STRING))
				continue;
			return fail(message, "ifdhandler: configuration: %.200s", error->message);
		}
		if (parse_line(words, &settings, &seen, message) < 0)
			return -EINVAL;
	}
	if (settings.library[0] == '\0')
		return fail(message, "ifdhandler: configuration: LIBPATH is missing");
	if ((seen & (1u << 1 | 1u << 3)) == 0)
		return fail(message,
		    "ifdhandler: configuration: DEVICENAME and CHANNELID are missing; one of them "
		    "says "
		    "where the reader is");
	*ret = settings;
	return 0;
}

static int
parse_configuration(const char *path, struct ifd_settings *settings, char *message)
{
	size_t length;
	char *text = read_file(path, IFD_CONFIGURATION_SIZE_MAX, &length, message);
	int r = text != NULL ? ifd_settings_configuration(text, settings, message) : -EINVAL;

	g_free(text);
	return r;
}

int
ifd_settings_parse(const char *text, struct ifd_settings *ret, char *message)
{
	struct ifd_settings settings = { .channel = 0 };
	g_auto(GStrv) words = NULL;
	int r;

	if (text == NULL || text[0] == '\0')
		return fail(message,
		    "ifdhandler: no handler is named, and devices are not looked for by themselves "
		    "yet; " EXPECTED);
	words = g_strsplit(text, ":", 3);
	if (strcmp(words[0], "configuration") == 0 && words[1] != NULL) {
		r = parse_configuration(text + strlen("configuration:"), &settings, message);
	} else if (strcmp(words[0], "library") != 0 && strcmp(words[0], "bundle") != 0) {
		return fail(message, "ifdhandler: \"%.40s\" is not understood; " EXPECTED, text);
	} else if (words[1] == NULL || words[1][0] == '\0' || words[2] == NULL ||
	    words[2][0] == '\0') {
		return fail(message,
		    "ifdhandler: \"%.80s\" names no device; " EXPECTED
		    ", DEVICE as the handler calls it",
		    text);
	} else if (strcmp(words[0], "bundle") == 0) {
		r = parse_bundle(words[1], words[2], &settings, message);
	} else {
		r = set_library(&settings, words[1], message);
		if (r == 0)
			r = set_device(&settings, words[2], message);
	}
	if (r == 0)
		*ret = settings;
	return r;
}
