/* SPDX-License-Identifier: BSD-2-Clause */
/* comreg register, comreg unregister: putting a module into a layer, and taking it out. */
#include "runtime/comreg/register.h"

#include <string.h>

#include "runtime/comreg/child.h"
#include "runtime/comreg/comreg.h"
#include "runtime/comreg/elf_module.h"
#include "runtime/comreg/options.h"
#include "runtime/folder_picture.h"
#include "runtime/registry.h"

#define MODULE_SUFFIX ".so"

static const char register_help[] =
    "usage: comreg register [OPTION]... MODULE\n"
    "\n"
    "Installs the manifest of a module, MODULE.component beside MODULE.so, into a layer, with the\n"
    "module's absolute path. A module without manifest that exports DllRegisterServer registers\n"
    "itself, in a process of its own.\n"
    "\n"
    "  --layer LAYER         user, or administrator; user if not given\n"
    "  --manifest FILE       the manifest, where it is another file\n"
    "  --force               replace a manifest of this name that is another module's\n"
    "  --time-limit SECONDS  for the module's own function, 10 if not given\n"
    "  --help                this text\n"
    "\n"
    "Exit status: 0 registered, 1 not, 2 wrong use.\n";

static const char unregister_help[] =
    "usage: comreg unregister [OPTION]... MODULE\n"
    "\n"
    "Takes out of a layer what comreg register put there for this module, which need not exist "
    "any\n"
    "more. A module that registered itself takes itself out.\n"
    "\n"
    "  --layer LAYER         user, or administrator; user if not given\n"
    "  --manifest FILE       only the manifest of this name\n"
    "  --time-limit SECONDS  for the module's own function, 10 if not given\n"
    "  --help                this text\n"
    "\n"
    "Exit status: 0 not registered any more, 1 failed, 2 wrong use.\n";

static const struct option known[] = {
	{ "layer", required_argument, NULL, 'l' },
	{ "manifest", required_argument, NULL, 'm' },
	{ "time-limit", required_argument, NULL, 't' },
	{ "force", no_argument, NULL, 'f' },
	OPTIONS_HELP,
};

/* (transfer full): the manifest that goes with a module of this path. */
static char *
manifest_beside(const char *module)
{
	size_t length = strlen(module);

	if (g_str_has_suffix(module, MODULE_SUFFIX))
		length -= strlen(MODULE_SUFFIX);
	return g_strdup_printf("%.*s%s", (int)length, module, FOLDER_SUFFIX);
}

/* -1: go on; else the exit status. */
static int
take_options(struct registration *registration, const char **manifest, int argc, char **argv)
{
	bool registers = strcmp(argv[0], "register") == 0;
	int option, status;

	while ((option = options_next(argc, argv, known,
		    registers ? register_help : unregister_help, &status)) != OPTIONS_END)
		switch (option) {
		case OPTIONS_LEAVE:
			return status;
		case 'l':
			if (!options_layer(argv[0], optarg, &registration->layer))
				return COMREG_USAGE;
			if (registration->layer != LAYER_USER &&
			    registration->layer != LAYER_ADMINISTRATOR)
				return comreg_wrong_use(argv[0],
				    "the layer %s is not written to: user or administrator",
				    optarg);
			break;
		case 'm':
			*manifest = optarg;
			break;
		case 't':
			if (!options_time_limit(argv[0], optarg, &registration->limit_ms))
				return COMREG_USAGE;
			break;
		default:
			if (!registers)
				return comreg_wrong_use(argv[0], "unknown option \"--force\"");
			registration->force = true;
		}
	if (argc - optind != 1)
		return comreg_wrong_use(
		    argv[0], "%s takes one module, not %d", argv[0], argc - optind);
	registration->module = g_canonicalize_filename(argv[optind], NULL);
	registration->manifest = *manifest != NULL ? g_canonicalize_filename(*manifest, NULL)
						   : manifest_beside(registration->module);
	return -1;
}

static int
install(const struct registration *registration, bool manifest_given)
{
	g_autofree char *problem = NULL;
	struct elf_module module;
	bool described, serves, registers;

	if (!elf_module_read(&module, registration->module, &problem))
		return comreg_problem("%s: %s", registration->module, problem);
	described = manifest_given || g_file_test(registration->manifest, G_FILE_TEST_EXISTS);
	serves = !module.symbols_known || elf_module_exports(&module, "DllGetClassObject");
	registers = !module.symbols_known || elf_module_exports(&module, "DllRegisterServer");
	elf_module_done(&module);
	if (!serves)
		return comreg_problem("%s: it does not export DllGetClassObject, so it is no "
				      "component; nothing was registered",
		    registration->module);
	if (described)
		return register_manifest(registration);
	if (registers)
		return register_self(registration, "DllRegisterServer");
	return comreg_problem("%s: there is no manifest %s, and the module does not export "
			      "DllRegisterServer; --manifest names another file",
	    registration->module, registration->manifest);
}

static int
take_out(const struct registration *registration, bool manifest_given)
{
	g_autofree char *name = g_path_get_basename(registration->manifest);
	g_autofree char *problem = NULL;
	struct elf_module module;
	bool unregisters = false;

	if (!manifest_given && !g_file_test(registration->manifest, G_FILE_TEST_EXISTS) &&
	    elf_module_read(&module, registration->module, &problem)) {
		unregisters = elf_module_exports(&module, "DllUnregisterServer");
		elf_module_done(&module);
	}
	return unregisters ? register_self(registration, "DllUnregisterServer")
			   : unregister_manifest(registration, manifest_given ? name : NULL);
}

static int
run(int argc, char **argv, int (*work)(const struct registration *, bool))
{
	struct registration registration = { .layer = LAYER_USER, .limit_ms = CHILD_LIMIT_MS };
	const char *manifest = NULL;
	int status = take_options(&registration, &manifest, argc, argv);

	if (status == -1)
		status = work(&registration, manifest != NULL);
	g_free(registration.module);
	g_free(registration.manifest);
	return status;
}

int
comreg_register(int argc, char **argv)
{
	return run(argc, argv, install);
}

int
comreg_unregister(int argc, char **argv)
{
	return run(argc, argv, take_out);
}
