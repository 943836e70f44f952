/* SPDX-License-Identifier: BSD-2-Clause */
/* What all commands do alike: taking options, --help, and saying what went wrong. */
#ifndef TESSERA_RUNTIME_COMREG_OPTIONS_H
#define TESSERA_RUNTIME_COMREG_OPTIONS_H

#include <getopt.h>
#include <stdbool.h>

#include <glib.h>

#include "runtime/layers.h"

/* The last rows of a command's table of options; their values are taken. */
#define OPTIONS_HELP                        \
	{ "help", no_argument, NULL, 'h' }, \
	{                                   \
		0                           \
	}

/* From options_next, beside the value of an option. */
enum {
	OPTIONS_END = -1,   /* the arguments begin at optind */
	OPTIONS_LEAVE = -2, /* help was printed or an error was: return *ret_status */
};

/*
 * options_next: the value of the command's next option, its argument in optarg.
 * @help: what --help prints, the line with the usage first
 */
int
options_next(int argc, char **argv, const struct option *known, const char *help, int *ret_status);

/* Takes the layer of an option's argument; false after saying that there is none of that name. */
bool options_layer(const char *command, const char *name, enum layer_kind *ret_kind);

/* Takes a number of seconds, 1 to an hour; false after saying that it is none. */
bool options_time_limit(const char *command, const char *text, int *ret_ms);

/* One line on standard error, "comreg: ...", control characters made visible: COMREG_PROBLEM. */
int comreg_problem(const char *format, ...) G_GNUC_PRINTF(1, 2);
/* The same, naming the help to read; @command may be NULL: COMREG_USAGE. */
int comreg_wrong_use(const char *command, const char *format, ...) G_GNUC_PRINTF(2, 3);

#endif
