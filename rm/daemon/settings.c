/* SPDX-License-Identifier: BSD-2-Clause */
/* scardd.conf, and where things are when nobody says so. See scardd.conf(5). */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rm/daemon/daemon.h"

#define FILE_NAME "scardd.conf"
#define GROUP "Daemon"
#define FILE_MAX (64u * 1024u)
#define SYSTEM_SOCKET "/run/tessera/scardd.sock"
#define USER_SOCKET "tessera/scardd.sock"
#define MODE_DEFAULT 0666u
#define MODE_MAX 0777u
#define SESSIONS_MAX 1000000

/* The administrator's folder, as seen from the folder of this program; the build says it. */
#ifndef SYSCONF_FROM_BIN
#error "SYSCONF_FROM_BIN is not defined"
#endif

/* (transfer full): where the file is. */
static char *
default_config(void)
{
	const char *folder = secure_getenv("TESSERA_CONFIG_DIR");
	g_autofree char *program = NULL, *bin = NULL, *path = NULL;

	if (folder != NULL && folder[0] != '\0')
		return g_build_filename(folder, FILE_NAME, NULL);
	if ((program = g_file_read_link("/proc/self/exe", NULL)) == NULL)
		return NULL;
	bin = g_path_get_dirname(program);
	path = g_build_filename(bin, SYSCONF_FROM_BIN, "tessera", FILE_NAME, NULL);
	return g_canonicalize_filename(path, "/");
}

char *
settings_default_path(void)
{
	const char *folder = secure_getenv("XDG_RUNTIME_DIR");

	if (geteuid() == 0)
		return g_strdup(SYSTEM_SOCKET);
	if (folder != NULL && folder[0] == '/')
		return g_build_filename(folder, USER_SOCKET, NULL);
	log_line(LOG_LEVEL_ERROR,
	    "there is no place for the socket: XDG_RUNTIME_DIR is not set; name one with --socket");
	return NULL;
}

static bool
wrong(const char *file, const char *key, const char *text)
{
	log_line(LOG_LEVEL_ERROR, "%s: [" GROUP "] %s: %s", file, key, text);
	return false;
}

static bool
set_path(char **path, const char *file, const char *key, const char *value)
{
	if (value[0] != '/')
		return wrong(file, key, "expected an absolute path");
	g_free(*path);
	*path = g_strdup(value);
	return true;
}

static bool
set_mode(struct settings *settings, const char *file, const char *value)
{
	char *end;
	unsigned long mode = strtoul(value, &end, 8);

	if (value[0] < '0' || value[0] > '7' || *end != '\0' || mode > MODE_MAX)
		return wrong(file, "SocketMode", "expected an octal number up to 0777");
	settings->mode = (unsigned)mode;
	return true;
}

static bool
set_sessions(struct settings *settings, const char *file, const char *value)
{
	char *end;
	unsigned long count = strtoul(value, &end, 10);

	if (value[0] < '0' || value[0] > '9' || *end != '\0' || count == 0 || count > SESSIONS_MAX)
		return wrong(file, "MaxSessions", "expected a number from 1 to 1000000");
	settings->sessions_max = (unsigned)count;
	return true;
}

static bool
set_drivers(struct settings *settings, const char *file, char **values)
{
	settings->drivers_are_named = true;
	for (char **value = values; *value != NULL; value++) {
		if ((*value)[0] == '\0' || (*value)[0] == '=')
			return wrong(file, "Drivers", "expected NAME[=SETTINGS]; and so on");
		g_ptr_array_add(settings->drivers, g_strdup(*value));
	}
	return true;
}

/* One key; false: a text was logged. */
static bool
set_key(struct settings *settings, GKeyFile *keys, const char *file, const char *key)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *value = NULL;

	if (strcmp(key, "Drivers") == 0) {
		g_auto(GStrv) values = g_key_file_get_string_list(keys, GROUP, key, NULL, &error);

		return values != NULL ? set_drivers(settings, file, values)
				      : wrong(file, key, error->message);
	}
	if ((value = g_key_file_get_string(keys, GROUP, key, &error)) == NULL)
		return wrong(file, key, error->message);
	if (strcmp(key, "Socket") == 0)
		return set_path(&settings->path, file, key, value);
	if (strcmp(key, "PcscliteSocket") == 0)
		return set_path(&settings->pcsclite_path, file, key, value);
	if (strcmp(key, "SocketMode") == 0)
		return set_mode(settings, file, value);
	if (strcmp(key, "MaxSessions") == 0)
		return set_sessions(settings, file, value);
	return wrong(file, key,
	    "unknown key; accepted are Socket, PcscliteSocket, SocketMode, Drivers and "
	    "MaxSessions");
}

static bool
set_all(struct settings *settings, GKeyFile *keys, const char *file)
{
	g_auto(GStrv) groups = g_key_file_get_groups(keys, NULL);
	g_auto(GStrv) names = NULL;

	for (char **group = groups; *group != NULL; group++)
		if (strcmp(*group, GROUP) != 0) {
			log_line(LOG_LEVEL_ERROR,
			    "%s: [%s]: unknown group; accepted is [" GROUP "]", file, *group);
			return false;
		}
	names = g_key_file_get_keys(keys, GROUP, NULL, NULL);
	for (char **name = names; name != NULL && *name != NULL; name++)
		if (!set_key(settings, keys, file, *name))
			return false;
	return true;
}

/* No configuration is fine, unless it was named. */
static bool
read_file(struct settings *settings, const char *file, bool needed)
{
	g_autoptr(GKeyFile) keys = g_key_file_new();
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	gsize length = 0;

	if (!g_file_get_contents(file, &text, &length, &error)) {
		if (!needed && g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
			return true;
		log_line(LOG_LEVEL_ERROR, "%s", error->message);
		return false;
	}
	if (length > FILE_MAX) {
		log_line(
		    LOG_LEVEL_ERROR, "%s: longer than 64 KiB, which no configuration is", file);
		return false;
	}
	if (!g_key_file_load_from_data(keys, text, length, G_KEY_FILE_NONE, &error)) {
		log_line(LOG_LEVEL_ERROR, "%s: %s", file, error->message);
		return false;
	}
	return set_all(settings, keys, file);
}

bool
settings_read(struct settings *settings, const char *config_path)
{
	g_autofree char *file = config_path != NULL ? g_strdup(config_path) : default_config();

	*settings = (struct settings){ .mode = MODE_DEFAULT };
	settings->drivers = g_ptr_array_new_with_free_func(g_free);
	return file == NULL || read_file(settings, file, config_path != NULL);
}

void
settings_clear(struct settings *settings)
{
	g_free(settings->path);
	g_free(settings->pcsclite_path);
	if (settings->drivers != NULL)
		g_ptr_array_free(settings->drivers, TRUE);
	*settings = (struct settings){ 0 };
}
