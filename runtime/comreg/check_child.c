/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The process of one check. It ends with _exit: what a broken module has left for the end of the
 * process is another matter than what the check is about.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "runtime/comreg/check_report_line.h"
#include "runtime/comreg/check_trial.h"

static void
report(int fd, enum check_line kind, const char *format, va_list arguments) G_GNUC_PRINTF(3, 0);

/* No allocation: some checks make allocation fail. */
static void
report(int fd, enum check_line kind, const char *format, va_list arguments)
{
	char line[CHECK_LINE_MAX];
	size_t length, sent = 0;

	line[0] = (char)kind;
	(void)vsnprintf(line + 1, sizeof line - 2, format, arguments);
	length = strlen(line);
	for (size_t i = 0; i < length; i++)
		if (line[i] == '\n')
			line[i] = ' ';
	line[length++] = '\n';
	while (sent < length) {
		ssize_t wrote = write(fd, line + sent, length - sent);

		if (wrote < 0 && errno != EINTR)
			return;
		sent += wrote > 0 ? (size_t)wrote : 0;
	}
}

static void say(int fd, enum check_line kind, const char *format, ...) G_GNUC_PRINTF(3, 4);

static void
say(int fd, enum check_line kind, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	report(fd, kind, format, arguments);
	va_end(arguments);
}

void
trial_fail(struct trial *trial, const char *format, ...)
{
	va_list arguments;

	trial->has_failed = true;
	va_start(arguments, format);
	report(trial->report_fd, CHECK_LINE_FAIL, format, arguments);
	va_end(arguments);
}

void
trial_skip(struct trial *trial, const char *format, ...)
{
	va_list arguments;

	trial->is_skipped = true;
	va_start(arguments, format);
	report(trial->report_fd, CHECK_LINE_SKIP, format, arguments);
	va_end(arguments);
}

void
trial_note(struct trial *trial, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	report(trial->report_fd, CHECK_LINE_NOTE, format, arguments);
	va_end(arguments);
}

void
trial_step(struct trial *trial, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	report(trial->report_fd, CHECK_LINE_STEP, format, arguments);
	va_end(arguments);
}

void
trial_answers(struct trial *trial, const IID *iid)
{
	char text[GUID_TEXT_LENGTH + 1];

	say(trial->report_fd, CHECK_LINE_ANSWERS, "%s", guid_to_text(iid, text));
}

static void
find_class(struct trial *trial)
{
	const struct manifest *manifest = trial->target->manifest;

	if (trial->target->classes->len > 0)
		trial->clsid = g_array_index(trial->target->classes, CLSID, 0);
	for (guint i = 0; manifest != NULL && i < manifest->classes->len; i++) {
		const struct manifest_class *class = g_ptr_array_index(manifest->classes, i);

		if (IsEqualCLSID(&class->clsid, &trial->clsid))
			trial->class = class;
	}
}

void
check_child(const char *name, const struct check_target *target, int report_fd)
{
	const struct check *check = check_find(name);
	struct trial trial = { .target = target, .answered = target->iids, .report_fd = report_fd };

	find_class(&trial);
	if (check == NULL)
		say(report_fd, CHECK_LINE_BROKE, "no check is called %s", name);
	else if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
		say(report_fd, CHECK_LINE_BROKE, "CoInitializeEx failed");
	else if ((check->flags & CHECK_WATCHES_MEMORY) != 0 &&
	    dlsym(RTLD_DEFAULT, "tessera_alloc_watch") == NULL)
		say(report_fd, CHECK_LINE_BROKE, "the watching allocator was not loaded");
	else if ((check->flags & CHECK_LOADS_ITSELF) != 0 || trial_load(&trial))
		check->run(&trial);
	say(report_fd, CHECK_LINE_END, "%s", "");
	_exit(0);
}
