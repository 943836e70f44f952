/* SPDX-License-Identifier: BSD-2-Clause */
/* comidl: arguments, files, exit status. Everything else works on memory. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "idl/emit.h"
#include "idl/limits.h"
#include "idl/preprocess.h"
#include "idl/source_file.h"

#ifndef TESSERA_VERSION
#define TESSERA_VERSION "unknown"
#endif

#define INCLUDES_MAX 64

enum {
	EXIT_OK = 0,
	EXIT_DIAGNOSTICS = 1,
	EXIT_USAGE = 2
};

/* Outputs in the order in which they are written. */
enum output {
	OUTPUT_HEADER,
	OUTPUT_IDS,
	OUTPUT_MANIFEST,
	OUTPUT_DEPFILE,
	OUTPUT_COUNT
};

struct arguments {
	const char *includes[INCLUDES_MAX];
	int include_count;
	bool is_lenient;
	const char *definitions[IDL_DEFINITIONS_MAX];
	guint definition_count;
	const char *outputs[OUTPUT_COUNT];
	const char *module;
	const char *input;
};

static const char usage[] =
    "usage: comidl [-I DIR]... [-D NAME[=VALUE]]... [--header FILE] [--ids FILE]\n"
    "              [--manifest FILE --module NAME] [--depfile FILE] INPUT.idl\n";

static const char help[] =
    "Compiles interface definitions into C and C++ headers, identifiers and manifests.\n"
    "\n"
    "  -I DIR            look for imported and included files in DIR too; may be repeated\n"
    "  -D NAME[=VALUE]   define a macro, as 1 without a value; may be repeated\n"
    "  --header FILE     write the C and C++ header\n"
    "  --ids FILE        write a C file that defines the identifiers\n"
    "  --manifest FILE   write the component manifest; needs --module\n"
    "  --module NAME     file name of the component's shared object, for the manifest\n"
    "  --depfile FILE    write a rule for make that names all files that were read\n"
    "  --lenient         rules of the language that are broken are warnings\n"
    "  --help            show this text\n"
    "  --version         show the version\n"
    "\n"
    "Without an output the input is only checked.\n"
    "Exit status: 0 success, 1 errors in the input or a file, 2 wrong usage.\n";

static bool
write_outputs(struct idl_unit *unit, const struct arguments *arguments)
{
	char *texts[OUTPUT_COUNT] = { NULL };
	bool ok = true;

	if (arguments->outputs[OUTPUT_HEADER] != NULL)
		texts[OUTPUT_HEADER] = idl_emit_header(unit);
	if (arguments->outputs[OUTPUT_IDS] != NULL)
		texts[OUTPUT_IDS] = idl_emit_ids(unit);
	if (arguments->outputs[OUTPUT_MANIFEST] != NULL)
		texts[OUTPUT_MANIFEST] = idl_emit_manifest(unit, arguments->module);
	if (arguments->outputs[OUTPUT_DEPFILE] != NULL)
		texts[OUTPUT_DEPFILE] = idl_emit_depfile(unit, arguments->outputs, OUTPUT_DEPFILE);

	for (int i = 0; i < OUTPUT_COUNT; i++) {
		g_autoptr(GError) error = NULL;

		if (texts[i] != NULL && ok &&
		    !g_file_set_contents_full(arguments->outputs[i], texts[i], -1,
			G_FILE_SET_CONTENTS_CONSISTENT, 0666, &error)) {
			fprintf(stderr, "comidl: cannot write '%s': %s\n", arguments->outputs[i],
			    error->message);
			ok = false;
		}
		g_free(texts[i]);
	}
	return ok;
}

static int
compile(const struct arguments *arguments)
{
	struct idl_source_files files;
	struct idl_diagnostics diagnostics;
	struct idl_unit unit;
	g_autofree char *path = NULL, *text = NULL, *error = NULL;
	gsize length = 0;
	bool ok;

	idl_source_files_init(&files, arguments->includes, (guint)arguments->include_count);
	if (!idl_source_file_read(&files, arguments->input, &path, &text, &length, &error)) {
		fprintf(stderr, "comidl: cannot read '%s': %s\n", arguments->input, error);
		idl_source_files_done(&files);
		return EXIT_DIAGNOSTICS;
	}
	idl_diagnostics_init(&diagnostics);
	diagnostics.is_lenient = arguments->is_lenient;
	idl_unit_init(&unit, &diagnostics, idl_source_file_find, &files);
	unit.definitions = arguments->definitions;
	unit.definition_count = arguments->definition_count;
	ok = idl_compile(&unit, path, text, length);
	fputs(diagnostics.text->str, stderr);
	if (ok)
		ok = write_outputs(&unit, arguments);
	idl_unit_done(&unit);
	idl_diagnostics_done(&diagnostics);
	idl_source_files_done(&files);
	return ok ? EXIT_OK : EXIT_DIAGNOSTICS;
}

static int
fail_usage(const char *text)
{
	fprintf(stderr, "comidl: %s\n%s", text, usage);
	return EXIT_USAGE;
}

static int
check_arguments(const struct arguments *arguments)
{
	const char *module = arguments->module;
	int others = 0;

	if ((arguments->outputs[OUTPUT_MANIFEST] != NULL) != (module != NULL))
		return fail_usage("--manifest and --module go together");
	if (module != NULL && (*module == '\0' || !g_utf8_validate(module, -1, NULL)))
		return fail_usage("--module expects the file name of a shared object");
	for (int i = 0; i < OUTPUT_COUNT; i++) {
		const char *output = arguments->outputs[i];

		if (output == NULL)
			continue;
		if (strcmp(output, arguments->input) == 0)
			return fail_usage("an output would overwrite the input");
		for (int j = 0; j < i; j++) {
			if (arguments->outputs[j] != NULL &&
			    strcmp(output, arguments->outputs[j]) == 0)
				return fail_usage("two outputs have the same name");
		}
		others += i != OUTPUT_DEPFILE;
	}
	if (arguments->outputs[OUTPUT_DEPFILE] != NULL && others == 0)
		return fail_usage("--depfile needs another output, which depends on the files");
	return EXIT_OK;
}

int
main(int argc, char **argv)
{
	enum {
		OPTION_OUTPUT = 256,
		OPTION_MODULE = OPTION_OUTPUT + OUTPUT_COUNT,
		OPTION_HELP,
		OPTION_VERSION,
		OPTION_LENIENT
	};
	static const struct option options[] = {
		{ "header", required_argument, NULL, OPTION_OUTPUT + OUTPUT_HEADER },
		{ "ids", required_argument, NULL, OPTION_OUTPUT + OUTPUT_IDS },
		{ "manifest", required_argument, NULL, OPTION_OUTPUT + OUTPUT_MANIFEST },
		{ "depfile", required_argument, NULL, OPTION_OUTPUT + OUTPUT_DEPFILE },
		{ "module", required_argument, NULL, OPTION_MODULE },
		{ "help", no_argument, NULL, OPTION_HELP },
		{ "lenient", no_argument, NULL, OPTION_LENIENT },
		{ "version", no_argument, NULL, OPTION_VERSION },
		{ NULL, 0, NULL, 0 },
	};
	struct arguments arguments = { .include_count = 0 };
	int option, status;

	while ((option = getopt_long(argc, argv, "D:I:", options, NULL)) != -1) {
		if (option == 'I') {
			if (arguments.include_count == INCLUDES_MAX)
				return fail_usage("too many -I");
			arguments.includes[arguments.include_count++] = optarg;
		} else if (option == 'D') {
			if (arguments.definition_count == IDL_DEFINITIONS_MAX)
				return fail_usage("too many -D");
			if (!idl_is_definition(optarg))
				return fail_usage("-D expects NAME or NAME=VALUE");
			arguments.definitions[arguments.definition_count++] = optarg;
		} else if (option >= OPTION_OUTPUT && option < OPTION_OUTPUT + OUTPUT_COUNT) {
			arguments.outputs[option - OPTION_OUTPUT] = optarg;
		} else if (option == OPTION_MODULE) {
			arguments.module = optarg;
		} else if (option == OPTION_HELP) {
			printf("%s\n%s", usage, help);
			return EXIT_OK;
		} else if (option == OPTION_LENIENT) {
			arguments.is_lenient = true;
		} else if (option == OPTION_VERSION) {
			puts("comidl " TESSERA_VERSION);
			return EXIT_OK;
		} else {
			fputs(usage, stderr);
			return EXIT_USAGE;
		}
	}
	if (argc - optind != 1)
		return fail_usage("expected one input file");
	arguments.input = argv[optind];
	status = check_arguments(&arguments);
	return status != EXIT_OK ? status : compile(&arguments);
}
