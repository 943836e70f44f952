/* SPDX-License-Identifier: BSD-2-Clause */
/* comreg: the command line. See comreg(1). */
#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/comreg/comreg.h"

struct options {
	const char *layer;
	bool json;
};

static const char help[] =
    "usage: comreg list [--layer LAYER] [--json]\n"
    "       comreg show [--json] CLSID|PROGID|NAME\n"
    "       comreg --help | --version\n"
    "\n"
    "Shows the component classes that are registered. Runs no component.\n"
    "\n"
    "  list           all classes, and manifests that are masked, disabled or broken\n"
    "  show           all that is known of a class\n"
    "  --layer LAYER  only environment, user, administrator or vendor\n"
    "  --json         for programs; see comreg(1)\n"
    "  --help         this text\n"
    "  --version      the version\n"
    "\n"
    "Exit status: 0 done, 1 not found or broken, 2 wrong use.\n";

static int wrong_use(const char *format, ...) G_GNUC_PRINTF(1, 2);

static int
wrong_use(const char *format, ...)
{
	va_list arguments;

	fputs("comreg: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputs("; see comreg --help\n", stderr);
	return COMREG_USAGE;
}

static bool
is_layer(const char *name)
{
	for (unsigned kind = LAYER_ENVIRONMENT; kind <= LAYER_VENDOR; kind++)
		if (strcmp(name, layers_kind_name((enum layer_kind)kind)) == 0)
			return true;
	return false;
}

static int
run(const struct options *options, int argc, char **argv)
{
	const char *command = argc > 0 ? argv[0] : NULL;
	int result;
	struct registry *registry;

	if (command == NULL)
		return wrong_use("say what to do: list or show");
	if (strcmp(command, "list") != 0 && strcmp(command, "show") != 0)
		return wrong_use("unknown command \"%s\": list or show", command);
	if (command[0] == 'l' && argc > 1)
		return wrong_use("list takes no argument, and \"%s\" is one", argv[1]);
	if (command[0] == 's' && argc != 2)
		return wrong_use("show takes one CLSID, ProgID or name, not %d", argc - 1);
	if (command[0] == 's' && options->layer != NULL)
		return wrong_use("show has no option --layer: it shows the class in effect");
	registry = registry_get();
	result = command[0] == 'l' ? comreg_list(registry, options->layer, options->json)
				   : comreg_show(registry, argv[1], options->json);
	registry_unref(registry);
	return result;
}

static int
finish(int result)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return result;
	perror("comreg: standard output");
	return COMREG_PROBLEM;
}

int
main(int argc, char **argv)
{
	static const struct option known[] = {
		{ "layer", required_argument, NULL, 'l' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 },
	};
	struct options options = { 0 };
	int option;

	setlocale(LC_CTYPE, "");
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":hV", known, NULL)) != -1)
		switch (option) {
		case 'l':
			if (!is_layer(optarg))
				return wrong_use("unknown layer \"%s\": environment, user, "
						 "administrator or vendor",
				    optarg);
			options.layer = optarg;
			break;
		case 'j':
			options.json = true;
			break;
		case 'h':
			fputs(help, stdout);
			return finish(COMREG_OK);
		case 'V':
			puts("comreg " TESSERA_VERSION);
			return finish(COMREG_OK);
		case ':':
			return wrong_use("%s needs a value", argv[optind - 1]);
		default:
			return wrong_use("unknown option \"%s\"", argv[optind - 1]);
		}
	return finish(run(&options, argc - optind, argv + optind));
}
