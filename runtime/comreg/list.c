/* SPDX-License-Identifier: BSD-2-Clause */
/* comreg list: what is registered, by class, category, interface, module or layer. */
#include "runtime/comreg/list.h"

#include <string.h>

#include "runtime/comreg/comreg.h"
#include "runtime/comreg/options.h"

static const struct list_subject *const subjects[] = { &list_classes, &list_categories,
	&list_interfaces, &list_modules, &list_layers };

static const char help[] =
    "usage: comreg list [classes|categories|interfaces|modules|layers] [OPTION]...\n"
    "\n"
    "Lists what is registered: the classes in effect and, with them, the manifests and classes\n"
    "that are not in effect, each with the reason; or one of the others.\n"
    "\n"
    "  --layer LAYER          only environment, user, administrator or vendor\n"
    "  --category CATEGORY    only of classes in this category: CATID or description\n"
    "  --interface INTERFACE  only of classes with this interface: IID or name\n"
    "  --module MODULE        only of this module: path or file name\n"
    "  --names                bare names, one a line\n"
    "  --json                 for programs; see comreg(1)\n"
    "  --help                 this text\n"
    "\n"
    "Exit status: 0 done, 1 a manifest is broken, 2 wrong use.\n";

struct request {
	const struct list_subject *subject;
	struct selection selection;
	bool names;
	bool json;
};

const char *
list_state_name(enum registry_state state)
{
	static const char *const names[] = { "active", "masked", "disabled", "broken" };

	return names[state];
}

static bool
has_broken_files(const struct selection *selection)
{
	const GPtrArray *files = registry_files(selection->registry);

	for (guint i = 0; i < files->len; i++) {
		const struct registry_file *file = g_ptr_array_index(files, i);

		if (file->state == REGISTRY_BROKEN && selection_has_file(selection, file))
			return true;
	}
	return false;
}

static int
print(struct request *request)
{
	const struct list_subject *subject = request->subject;
	struct registry *registry = registry_get();
	struct json json = { 0 };
	int status;

	request->selection.registry = registry;
	if (request->names) {
		subject->words(&request->selection);
	} else if (request->json) {
		json_open(&json, NULL, '{');
		subject->json(&json, &request->selection);
		json_close(&json, '}');
	} else {
		subject->text(&request->selection);
	}
	status = has_broken_files(&request->selection) ? COMREG_PROBLEM : COMREG_OK;
	registry_unref(registry);
	return status;
}

static int
take_subject(struct request *request, const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(subjects); i++)
		if (strcmp(subjects[i]->name, name) == 0) {
			request->subject = subjects[i];
			return COMREG_OK;
		}
	return comreg_wrong_use(
	    "list", "cannot list \"%s\": classes, categories, interfaces, modules or layers", name);
}

int
comreg_list(int argc, char **argv)
{
	static const struct option known[] = {
		{ "layer", required_argument, NULL, 'l' },
		{ "category", required_argument, NULL, 'c' },
		{ "interface", required_argument, NULL, 'i' },
		{ "module", required_argument, NULL, 'm' },
		{ "names", no_argument, NULL, 'n' },
		{ "json", no_argument, NULL, 'j' },
		OPTIONS_HELP,
	};
	struct request request = { .subject = &list_classes };
	struct selection *selection = &request.selection;
	int option, status;

	while ((option = options_next(argc, argv, known, help, &status)) != OPTIONS_END)
		switch (option) {
		case OPTIONS_LEAVE:
			return status;
		case 'l':
			if (!options_layer(argv[0], optarg, &selection->layer))
				return COMREG_USAGE;
			selection->by_layer = true;
			break;
		case 'c':
			selection->category = optarg;
			break;
		case 'i':
			selection->interface = optarg;
			break;
		case 'm':
			selection->module = optarg;
			break;
		case 'n':
			request.names = true;
			break;
		default:
			request.json = true;
		}
	if (argc - optind > 1)
		return comreg_wrong_use(
		    argv[0], "list takes one argument, and \"%s\" is one more", argv[optind + 1]);
	if (request.names && request.json)
		return comreg_wrong_use(argv[0], "--names and --json exclude each other");
	if (optind < argc && take_subject(&request, argv[optind]) != COMREG_OK)
		return COMREG_USAGE;
	return print(&request);
}
