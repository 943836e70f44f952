/* SPDX-License-Identifier: BSD-2-Clause */
/* comreg new: a complete project for a component, to begin with. */
#include <string.h>

#include "runtime/comreg/comreg.h"
#include "runtime/comreg/new_project.h"
#include "runtime/comreg/options.h"
#include "runtime/comreg/terminal.h"
#include "runtime/layers.h"
#include "runtime/manifest.h"

#define DRIVER_PREFIX "SCardReaderDriver"
/* "SCardReaderDriver.NAME.1" and "VENDOR.NAME.1" are ProgIDs. */
#define NAME_MAX_LENGTH (MANIFEST_PROGID_MAX - sizeof DRIVER_PREFIX - sizeof "1")
#define VENDOR_MAX_LENGTH (MANIFEST_PROGID_MAX - NAME_MAX_LENGTH - 3)

static const char help[] =
    "usage: comreg new NAME [--kind class|wrapper|driver] [--vendor VENDOR] [--output FOLDER]\n"
    "\n"
    "Writes a project that builds, passes its test and can be installed as it is: IDL, C, "
    "Makefile,\n"
    "test, README. NAME and VENDOR are letters and digits, the first a capital letter.\n"
    "\n"
    "  --kind KIND      class: an interface and a class of your own (the default)\n"
    "                   wrapper: ISCardManage for one kind of smart card, and its .card file\n"
    "                   driver: a reader driver with one simulated reader\n"
    "  --vendor VENDOR  the first part of the ProgID, VENDOR.NAME (default: Example); a driver's\n"
    "                   is SCardReaderDriver.NAME\n"
    "  --output FOLDER  where to (default: NAME); must not exist, or be empty\n"
    "  --help           this text\n"
    "\n"
    "Exit status: 0 written, 1 not, 2 wrong use.\n";

static const struct kind {
	const char *name, *packages, *environment;
} kinds[] = {
	{ "class", "tessera-com", "" },
	{ "wrapper", "tessera-com tessera-scard", "TESSERA_RM=embedded:softcard " },
	{ "driver", "tessera-com tessera-scard", NULL }, /* its own name */
};

static const struct kind *
find_kind(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

/* In lower case it becomes the name of a file and of a structure. */
static bool
is_reserved(const char *name)
{
	static const char *const words[] = { "auto", "break", "case", "char", "const", "continue",
		"default", "do", "double", "else", "enum", "extern", "float", "for", "goto", "if",
		"inline", "int", "interface", "long", "manage", "object", "register", "restrict",
		"return", "short", "signed", "sizeof", "static", "struct", "support", "switch",
		"typedef", "union", "unknwn", "unsigned", "void", "volatile", "while" };

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (g_ascii_strcasecmp(name, words[i]) == 0)
			return true;
	return false;
}

static bool
is_name(const char *name, size_t longest)
{
	if (!g_ascii_isupper(name[0]) || strlen(name) > longest)
		return false;
	for (const char *at = name; *at != '\0'; at++)
		if (!g_ascii_isalnum(*at))
			return false;
	return true;
}

static int
write_project(const struct kind *kind, const char *name, const char *vendor, const char *folder)
{
	g_autofree char *lower = g_ascii_strdown(name, -1);
	bool is_driver = strcmp(kind->name, "driver") == 0;
	g_autofree char *progid =
	    g_strdup_printf("%s.%s", is_driver ? DRIVER_PREFIX : vendor, is_driver ? lower : name);
	g_autofree char *environment = is_driver ? g_strdup_printf("TESSERA_RM=embedded:%s ", lower)
						 : g_strdup(kind->environment);
	g_autofree char *data = layers_data_folder();
	g_autofree char *templates = g_build_filename(data != NULL ? data : "/", "templates", NULL);
	g_autofree char *problem = NULL;
	const struct new_project project = {
		.name = name,
		.vendor = vendor,
		.kind = kind->name,
		.progid = progid,
		.packages = kind->packages,
		.environment = environment,
	};

	if (!new_project_write(&project, templates, folder, &problem))
		return comreg_problem("%s", problem);
	terminal_line(TERMINAL_PLAIN, "%s: a %s, %s. Next: make -C %s check", folder, kind->name,
	    progid, folder);
	return COMREG_OK;
}

int
comreg_new(int argc, char **argv)
{
	static const struct option known[] = {
		{ "kind", required_argument, NULL, 'k' },
		{ "vendor", required_argument, NULL, 'v' },
		{ "output", required_argument, NULL, 'o' },
		OPTIONS_HELP,
	};
	const char *kind_name = "class", *vendor = "Example", *folder = NULL;
	const struct kind *kind;
	int option, status;

	while ((option = options_next(argc, argv, known, help, &status)) >= 0)
		switch (option) {
		case 'k':
			kind_name = optarg;
			break;
		case 'v':
			vendor = optarg;
			break;
		default:
			folder = optarg;
		}
	if (option == OPTIONS_LEAVE)
		return status;
	if (argc - optind != 1)
		return comreg_wrong_use(
		    "new", "say one name for the component, not %d", argc - optind);
	kind = find_kind(kind_name);
	if (kind == NULL)
		return comreg_wrong_use(
		    "new", "unknown kind \"%s\": class, wrapper or driver", kind_name);
	if (!is_name(argv[optind], NAME_MAX_LENGTH) || is_reserved(argv[optind]))
		return comreg_wrong_use("new",
		    "\"%s\" cannot be the name: letters and digits, a capital letter first, at "
		    "most "
		    "%zu, and no word of the C language or of the templates",
		    argv[optind], NAME_MAX_LENGTH);
	if (!is_name(vendor, VENDOR_MAX_LENGTH))
		return comreg_wrong_use("new",
		    "\"%s\" cannot be the vendor: letters and digits, a capital letter first, at "
		    "most "
		    "%zu",
		    vendor, VENDOR_MAX_LENGTH);
	return write_project(kind, argv[optind], vendor, folder != NULL ? folder : argv[optind]);
}
