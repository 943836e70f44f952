/* SPDX-License-Identifier: BSD-2-Clause */
/* comreg: the table of commands. See comreg(1). */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "runtime/comreg/comreg.h"
#include "runtime/comreg/options.h"

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *synopsis;
	const char *summary;
} commands[] = {
	{ "list", comreg_list, "[classes|categories|interfaces|modules|layers] [OPTION]...",
	    "what is registered, and what is masked, disabled or broken" },
	{ "show", comreg_show, "[--json] CLSID|PROGID|NAME|IID|CATID|MODULE",
	    "all that is known of a class, an interface, a category or a module" },
	{ "find", comreg_find, "[--json] TEXT",
	    "a text, in names, identifiers, descriptions and paths" },
	{ "why", comreg_why, "[--time-limit SECONDS] [--json] CLSID|PROGID|NAME",
	    "how a class is activated, step by step, and what to do" },
	{ "doctor", comreg_doctor, "[--run] [--time-limit SECONDS] [--json]",
	    "what is wrong anywhere in the registry, and what to do" },
	{ "register", comreg_register, "[OPTION]... MODULE", "put a module into a layer" },
	{ "unregister", comreg_unregister, "[OPTION]... MODULE", "take a module out of a layer" },
	{ "cache", comreg_cache, "[--layer LAYER] [--remove] [--json]",
	    "compile the manifests of a layer" },
	{ "new", comreg_new, "NAME [--kind class|wrapper|driver] [OPTION]...",
	    "a project for a component of your own" },
	{ "graph", comreg_graph, "[--svg] [CLSID|PROGID|NAME]...",
	    "components, categories and interfaces as a picture" },
	{ "check", comreg_check, "[OPTION]... MODULE|CLSID|PROGID",
	    "try a component on the rules it has to keep" },
};

static void
print_help(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		printf("%s comreg %s %s\n", i == 0 ? "usage:" : "      ", commands[i].name,
		    commands[i].synopsis);
	puts("       comreg help [COMMAND]\n"
	     "       comreg --help | --version\n"
	     "\n"
	     "Shows and changes which component classes are registered.\n");
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		printf("  %-11s %s\n", commands[i].name, commands[i].summary);
	puts("\n"
	     "comreg COMMAND --help says more of one. Exit status: 0 done, 1 not found or broken, "
	     "2 wrong use.");
}

/* (transfer full): "list, show or why" */
static char *
name_commands(void)
{
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		g_string_append_printf(text, "%s%s",
		    i == 0                               ? ""
			: i + 1 < G_N_ELEMENTS(commands) ? ", "
							 : " or ",
		    commands[i].name);
	return g_string_free(text, FALSE);
}

static const struct command *
find_command(const char *name)
{
	g_autofree char *names = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	names = name_commands();
	(void)comreg_wrong_use(NULL, "unknown command \"%s\": %s", name, names);
	return NULL;
}

static int
help_for(const char *name)
{
	const struct command *command = name != NULL ? find_command(name) : NULL;
	char own_name[32], option[] = "--help";
	char *arguments[] = { own_name, option, NULL };

	if (name == NULL) {
		print_help();
		return COMREG_OK;
	}
	if (command == NULL)
		return COMREG_USAGE;
	g_strlcpy(own_name, command->name, sizeof own_name);
	return command->run(2, arguments);
}

static int
run(int argc, char **argv)
{
	static const struct option known[] = {
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	g_autofree char *names = name_commands();
	const struct command *command;
	int option;

	opterr = 0;
	if ((option = getopt_long(argc, argv, "+:hV", known, NULL)) == 'h')
		return help_for(NULL);
	if (option == 'V') {
		puts("comreg " TESSERA_VERSION);
		return COMREG_OK;
	}
	if (option != -1)
		return comreg_wrong_use(NULL, "unknown option \"%s\"", argv[optind - 1]);
	argc -= optind;
	argv += optind;
	optind = 0; /* the command begins anew */
	if (argc == 0)
		return comreg_wrong_use(NULL, "say what to do: %s", names);
	if (strcmp(argv[0], "help") == 0)
		return help_for(argv[1]);
	command = find_command(argv[0]);
	return command != NULL ? command->run(argc, argv) : COMREG_USAGE;
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
	setlocale(LC_CTYPE, "");
	return finish(run(argc, argv));
}
