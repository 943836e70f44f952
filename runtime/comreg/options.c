/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/comreg/options.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "runtime/comreg/comreg.h"
#include "runtime/comreg/terminal.h"

static void say(const char *end, const char *format, va_list arguments) G_GNUC_PRINTF(2, 0);

static void
say(const char *end, const char *format, va_list arguments)
{
	g_autofree char *text = g_strdup_vprintf(format, arguments);
	g_autofree char *clean = terminal_clean(text);

	fprintf(stderr, "comreg: %s%s\n", clean, end);
}

int
comreg_problem(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say("", format, arguments);
	va_end(arguments);
	return COMREG_PROBLEM;
}

int
comreg_wrong_use(const char *command, const char *format, ...)
{
	g_autofree char *end = g_strdup_printf(
	    "; see comreg %s%s--help", command != NULL ? command : "", command != NULL ? " " : "");
	va_list arguments;

	va_start(arguments, format);
	say(end, format, arguments);
	va_end(arguments);
	return COMREG_USAGE;
}

int
options_next(int argc, char **argv, const struct option *known, const char *help, int *ret_status)
{
	int option = getopt_long(argc, argv, ":h", known, NULL);
	const char *given = argv[optind - 1];

	switch (option) {
	case 'h':
		fputs(help, stdout);
		*ret_status = COMREG_OK;
		return OPTIONS_LEAVE;
	case ':':
		*ret_status = comreg_wrong_use(argv[0], "%s needs a value", given);
		return OPTIONS_LEAVE;
	case '?':
		/* getopt names the option that it knows when only the value is wrong. */
		*ret_status = optopt != 0 && strchr(given, '=') != NULL
		    ? comreg_wrong_use(argv[0], "\"%s\": this option takes no value", given)
		    : comreg_wrong_use(argv[0], "unknown option \"%s\"", given);
		return OPTIONS_LEAVE;
	default:
		return option;
	}
}

bool
options_time_limit(const char *command, const char *text, int *ret_ms)
{
	guint64 seconds;

	if (!g_ascii_string_to_unsigned(text, 10, 1, 3600, &seconds, NULL)) {
		(void)comreg_wrong_use(command,
		    "--time-limit is \"%s\", and should be a number of seconds from 1 to 3600",
		    text);
		return false;
	}
	*ret_ms = (int)seconds * 1000;
	return true;
}

bool
options_layer(const char *command, const char *name, enum layer_kind *ret_kind)
{
	for (unsigned kind = LAYER_ENVIRONMENT; kind <= LAYER_VENDOR; kind++)
		if (strcmp(name, layers_kind_name((enum layer_kind)kind)) == 0) {
			*ret_kind = (enum layer_kind)kind;
			return true;
		}
	(void)comreg_wrong_use(
	    command, "unknown layer \"%s\": environment, user, administrator or vendor", name);
	return false;
}
