/* SPDX-License-Identifier: BSD-2-Clause */
/* comreg check: the command line, and the order of the checks. */
#include "runtime/comreg/check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/comreg/check_known.h"
#include "runtime/comreg/class_search.h"
#include "runtime/comreg/comreg.h"
#include "runtime/comreg/json.h"
#include "runtime/comreg/options.h"

struct options {
	bool json, list;
	unsigned seconds;
	GArray *classes, *iids;
	GPtrArray *checks;            /* names; empty: all */
	const char *child, *manifest; /* of the process of one check */
};

static const char help[] =
    "usage: comreg check [OPTION]... MODULE|CLSID|PROGID\n"
    "       comreg check --list\n"
    "\n"
    "Tries a component on the rules of the Component Object Model. Every check runs the module in\n"
    "a process of its own; a crash or a hang is a finding. Prints TAP.\n"
    "\n"
    "  --check NAME          only this check; may be repeated\n"
    "  --class CLSID         only this class; may be repeated; needed without a manifest\n"
    "  --iid IID             an interface to ask for as well; may be repeated\n"
    "  --time-limit SECONDS  for each check; 10 unless told, at most 600\n"
    "  --json                for programs; see comreg(1)\n"
    "  --list                the checks: name, rule, where it is written\n"
    "\n"
    "Exit status: 0 nothing found, 1 a rule is broken, 2 wrong use, 3 a check could not be run.\n";

static void
list_as_json(void)
{
	struct json json = { 0 };
	const struct check *check;

	json_open(&json, NULL, '[');
	for (size_t i = 0; (check = check_at(i)) != NULL; i++) {
		json_open(&json, NULL, '{');
		json_string(&json, "check", check->name);
		json_string(&json, "rule", check->rule);
		json_string(&json, "source", check->source);
		json_close(&json, '}');
	}
	json_close(&json, ']');
}

static int
print_list(bool json)
{
	const struct check *check;

	if (json)
		list_as_json();
	else
		for (size_t i = 0; (check = check_at(i)) != NULL; i++)
			printf("%s\t%s\t%s\n", check->name, check->rule, check->source);
	return COMREG_OK;
}

static bool
add_guid(GArray *guids, const char *text)
{
	GUID guid;

	if (!class_search_guid(text, &guid)) {
		(void)comreg_wrong_use("check", "\"%s\" is not an identifier", text);
		return false;
	}
	if (guids->len == CHECK_IIDS_MAX) {
		(void)comreg_wrong_use("check", "more than %u identifiers", CHECK_IIDS_MAX);
		return false;
	}
	g_array_append_val(guids, guid);
	return true;
}

static bool
take_seconds(const char *text, unsigned *ret_seconds)
{
	char *end;
	unsigned long seconds = strtoul(text, &end, 10);

	if (text[0] < '0' || text[0] > '9' || *end != '\0' || seconds == 0 ||
	    seconds > CHECK_SECONDS_MAX) {
		(void)comreg_wrong_use(
		    "check", "--time-limit \"%s\": 1 to %u seconds", text, CHECK_SECONDS_MAX);
		return false;
	}
	*ret_seconds = (unsigned)seconds;
	return true;
}

static bool
add_check(GPtrArray *checks, char *name)
{
	if (check_find(name) == NULL) {
		(void)comreg_wrong_use("check", "no check is called \"%s\"; --list has them", name);
		return false;
	}
	g_ptr_array_add(checks, name);
	return true;
}

static bool
is_wanted(const struct options *options, const struct check *check, enum check_scope scope)
{
	return check->scope == scope &&
	    (options->checks->len == 0 ||
		g_ptr_array_find_with_equal_func(options->checks, check->name, g_str_equal, NULL));
}

static void
add_unless_there(GArray *iids, const IID *iid)
{
	for (guint i = 0; i < iids->len; i++)
		if (IsEqualIID(&g_array_index(iids, IID, i), iid))
			return;
	g_array_append_val(iids, *iid);
}

/* What is worth asking for: declared in the manifest, named by the user, well known. */
static void
settle_candidates(struct check_target *target)
{
	const struct check_known *known;

	for (guint i = 0; target->manifest != NULL && i < target->manifest->classes->len; i++) {
		const struct manifest_class *class =
		    g_ptr_array_index(target->manifest->classes, i);

		for (guint k = 0; k < class->interfaces->len; k++)
			add_unless_there(target->iids, &g_array_index(class->interfaces, IID, k));
	}
	for (guint i = 0; target->manifest != NULL && i < target->manifest->interfaces->len; i++) {
		const struct manifest_interface *interface =
		    g_ptr_array_index(target->manifest->interfaces, i);

		add_unless_there(target->iids, &interface->iid);
	}
	for (size_t i = 0; (known = check_known_at(i)) != NULL; i++)
		add_unless_there(target->iids, &known->iid);
}

static bool
is_answered(const GArray *answered, const IID *iid)
{
	for (guint i = 0; i < answered->len; i++)
		if (IsEqualIID(&g_array_index(answered, IID, i), iid))
			return true;
	return false;
}

/* What a class lacks needs no process to tell. */
static void
skip(const char *interface, struct check_result *ret_result)
{
	*ret_result = (struct check_result){ .verdict = CHECK_SKIPPED,
		.lines = g_ptr_array_new_with_free_func(g_free),
		.answered = g_array_new(FALSE, FALSE, sizeof(IID)) };
	g_ptr_array_add(
	    ret_result->lines, g_strdup_printf("the class does not answer %s", interface));
}

static void
run_module(
    struct check_report *report, const struct check_target *target, const struct options *options)
{
	g_autoptr(GArray) none = g_array_new(FALSE, FALSE, sizeof(IID));
	const struct check *check;
	struct check_result result;

	for (size_t i = 0; (check = check_at(i)) != NULL; i++) {
		if (!is_wanted(options, check, CHECK_MODULE))
			continue;
		check_run(check->name, check->flags, target, NULL, none, options->seconds, &result);
		check_report_add(report, check, NULL, &result);
		check_result_clear(&result);
	}
}

static void
run_class(struct check_report *report, const struct check_target *target, const CLSID *clsid,
    const struct options *options)
{
	g_autofree char *name = check_target_class_name(target, clsid);
	struct check_result found, result;
	const struct check *check;

	check_run(CHECK_DISCOVER, 0, target, clsid, target->iids, options->seconds, &found);
	for (size_t i = 0; (check = check_at(i)) != NULL; i++) {
		const IID *needs = check_needs(i);

		if (!is_wanted(options, check, CHECK_CLASS))
			continue;
		if (strcmp(check->name, CHECK_DISCOVER) == 0) {
			check_report_add(report, check, name, &found);
			continue;
		}
		if (needs != NULL && !is_answered(found.answered, needs))
			skip(check_known_find(needs)->name, &result);
		else
			check_run(check->name, check->flags, target, clsid, found.answered,
			    options->seconds, &result);
		check_report_add(report, check, name, &result);
		check_result_clear(&result);
	}
	check_result_clear(&found);
}

static int
run_all(struct check_target *target, const struct options *options)
{
	struct check_report *report = check_report_begin(target, options->json);

	settle_candidates(target);
	run_module(report, target, options);
	for (guint c = 0; c < target->classes->len; c++)
		run_class(report, target, &g_array_index(target->classes, CLSID, c), options);
	return check_report_end(report);
}

/* The process of one check: what the tool found out comes as arguments. */
static int
run_child(const struct options *options, const char *module)
{
	struct check_target target = { .module = g_strdup(module),
		.manifest_path = g_strdup(options->manifest),
		.classes = options->classes,
		.iids = options->iids };
	g_autofree char *data = NULL, *problem = NULL;
	gsize size;
	int report = fcntl(3, F_DUPFD_CLOEXEC, 200);

	(void)close(3);
	if (report < 0)
		return comreg_wrong_use("check", "--child is for comreg itself");
	if (target.manifest_path != NULL &&
	    g_file_get_contents(target.manifest_path, &data, &size, NULL) &&
	    size <= MANIFEST_SIZE_MAX)
		target.manifest = manifest_parse(data, size, &problem);
	check_child(options->child, &target, report);
}

static int
run(const struct options *options, const char *what)
{
	struct check_target target;
	int status = check_target_find(&target, what, options->classes, options->iids);

	if (status == COMREG_OK)
		status = run_all(&target, options);
	check_target_clear(&target);
	return status;
}

/* OPTIONS_END, or a status to leave with. */
static bool
take_options(int argc, char **argv, struct options *options, int *ret_status)
{
	static const struct option known[] = {
		{ "check", required_argument, NULL, 'k' },
		{ "class", required_argument, NULL, 'c' },
		{ "iid", required_argument, NULL, 'i' },
		{ "time-limit", required_argument, NULL, 't' },
		{ "json", no_argument, NULL, 'j' },
		{ "list", no_argument, NULL, 'l' },
		{ "child", required_argument, NULL, 'x' },
		{ "manifest", required_argument, NULL, 'm' },
		OPTIONS_HELP,
	};
	bool is_good = true;
	int option;

	*ret_status = COMREG_USAGE;
	while (
	    is_good && (option = options_next(argc, argv, known, help, ret_status)) != OPTIONS_END)
		switch (option) {
		case 'k':
			is_good = add_check(options->checks, optarg);
			break;
		case 'c':
			is_good = add_guid(options->classes, optarg);
			break;
		case 'i':
			is_good = add_guid(options->iids, optarg);
			break;
		case 't':
			is_good = take_seconds(optarg, &options->seconds);
			break;
		case 'j':
			options->json = true;
			break;
		case 'l':
			options->list = true;
			break;
		case 'x':
			options->child = optarg;
			break;
		case 'm':
			options->manifest = optarg;
			break;
		default:
			return false;
		}
	return is_good;
}

int
comreg_check(int argc, char **argv)
{
	g_autoptr(GArray) classes = g_array_new(FALSE, FALSE, sizeof(CLSID));
	g_autoptr(GArray) iids = g_array_new(FALSE, FALSE, sizeof(IID));
	g_autoptr(GPtrArray) checks = g_ptr_array_new();
	struct options options = {
		.seconds = CHECK_SECONDS_DEFAULT, .checks = checks, .classes = classes, .iids = iids
	};
	int status;

	if (!take_options(argc, argv, &options, &status))
		return status;
	if (options.list)
		return optind == argc ? print_list(options.json)
				      : comreg_wrong_use("check", "--list takes no argument");
	if (optind + 1 != argc)
		return comreg_wrong_use(
		    "check", "one module, CLSID or ProgID, not %d", argc - optind);
	return options.child != NULL ? run_child(&options, argv[optind])
				     : run(&options, argv[optind]);
}
