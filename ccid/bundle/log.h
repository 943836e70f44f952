/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a line goes: to the manager that loaded the bundle, or to syslog where it has no log. */
#ifndef CCID_BUNDLE_LOG_H
#define CCID_BUNDLE_LOG_H

/* Priorities of managers of this kind. */
enum bundle_log {
	BUNDLE_LOG_DEBUG,
	BUNDLE_LOG_INFO,
	BUNDLE_LOG_ERROR,
	BUNDLE_LOG_CRITICAL
};

void
bundle_log(enum bundle_log priority, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
