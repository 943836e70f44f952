/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/bundle/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <syslog.h>

#define LINE_SIZE 512u

/* The manager's, if it has one. */
extern void log_msg(int priority, const char *format, ...) __attribute__((weak));

void
bundle_log(enum bundle_log priority, const char *format, ...)
{
	static const int levels[] = { LOG_DEBUG, LOG_INFO, LOG_ERR, LOG_CRIT };
	char line[LINE_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	if (log_msg != NULL)
		log_msg((int)priority, "tessera-ccid: %s", line);
	else
		syslog(LOG_USER | levels[priority], "tessera-ccid: %s", line);
}
