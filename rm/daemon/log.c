/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The log: standard error, a line an event, written at once so that threads do not mix. Under
 * systemd each line has its priority in front.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rm/daemon/daemon.h"

#define LINE_MAX_BYTES 1024u

static enum log_level level_wanted = LOG_LEVEL_INFO;
static bool journal;

void
log_begin(void)
{
	const char *wish = secure_getenv("TESSERA_LOG");

	journal = secure_getenv("JOURNAL_STREAM") != NULL;
	if (wish == NULL || strcmp(wish, "info") == 0)
		return;
	if (strcmp(wish, "debug") == 0)
		level_wanted = LOG_LEVEL_DEBUG;
	else if (strcmp(wish, "error") == 0)
		level_wanted = LOG_LEVEL_ERROR;
	else
		log_line(LOG_LEVEL_ERROR,
		    "TESSERA_LOG: unknown level; accepted are error, info and debug; info is used");
}

bool
log_wants(enum log_level level)
{
	return level <= level_wanted;
}

void
log_line(enum log_level level, const char *format, ...)
{
	static const char *const priorities[] = { "<3>", "<6>", "<7>" };
	char line[LINE_MAX_BYTES];
	va_list arguments;
	size_t used;
	int added;

	if (!log_wants(level))
		return;
	used = (size_t)snprintf(line, sizeof line, "%s", journal ? priorities[level] : "scardd: ");
	va_start(arguments, format);
	added = vsnprintf(line + used, sizeof line - used - 1, format, arguments);
	va_end(arguments);
	if (added > 0)
		used = MIN(used + (size_t)added, sizeof line - 2);
	line[used++] = '\n';
	if (write(STDERR_FILENO, line, used) < 0)
		return; /* there is nobody to tell */
}

void
log_message(const struct lane *lane, const char *direction, const uint8_t *data, size_t size)
{
	char text[LINE_MAX_BYTES - 64];

	if (!log_wants(LOG_LEVEL_DEBUG))
		return;
	wire_describe(data, size, text, sizeof text);
	log_line(LOG_LEVEL_DEBUG, "client %d %s %s",
	    lane->session != NULL ? (int)lane->session->pid : 0, direction, text);
}
