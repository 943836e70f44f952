/* SPDX-License-Identifier: BSD-2-Clause */
/* comreg cache: compiling the layers' folders, so that programs find a class without reading them.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <tessera_com.h>

#include "runtime/cache_format.h"
#include "runtime/cache_write.h"
#include "runtime/comreg/comreg.h"
#include "runtime/comreg/json.h"
#include "runtime/comreg/options.h"
#include "runtime/comreg/terminal.h"

static const char help[] =
    "usage: comreg cache [--layer LAYER] [--remove] [--json]\n"
    "\n"
    "Compiles the manifests of a layer, or of all layers that this user may write, into one file\n"
    "beside their folder. A cache is never wrong, only useless: programs look at the manifests\n"
    "that changed since. Run it again after a change.\n"
    "\n"
    "  --layer LAYER  only user, administrator or vendor\n"
    "  --remove       delete the caches\n"
    "  --json         for programs; see comreg(1)\n"
    "  --help         this text\n"
    "\n"
    "Exit status: 0 done, 1 a cache could not be written or deleted, 2 wrong use.\n";

struct request {
	bool by_layer;
	enum layer_kind layer;
	bool remove;
	struct json *json; /* NULL: text */
};

/* What was done with one layer. */
struct outcome {
	const struct layer_folder *folder;
	const char *state; /* written, removed, absent, denied, failed */
	struct cache_report report;
};

static HRESULT
remove_cache(const char *folder, struct cache_report *report)
{
	report->path = cache_path(folder);
	if (unlink(report->path) == 0)
		return S_OK;
	if (errno == ENOENT || errno == ENOTDIR)
		return S_FALSE;
	report->cause = g_strdup_printf("%s: %s", report->path, g_strerror(errno));
	return errno == EACCES || errno == EPERM || errno == EROFS ? E_ACCESSDENIED
								   : REGDB_E_WRITEREGDB;
}

static struct outcome
treat(const struct request *request, const struct layer_folder *folder)
{
	struct outcome outcome = { .folder = folder };
	HRESULT hr = request->remove ? remove_cache(folder->path, &outcome.report)
				     : cache_write(folder->path, &outcome.report);

	if (hr == S_OK)
		outcome.state = request->remove ? "removed" : "written";
	else if (hr == S_FALSE)
		outcome.state = "absent";
	else
		outcome.state = hr == E_ACCESSDENIED ? "denied" : "failed";
	return outcome;
}

static void
tell_written(const struct cache_report *report)
{
	terminal_line(TERMINAL_PLAIN, "wrote %s: %u classes of %u manifests, %llu bytes",
	    report->path, report->classes, report->files, (unsigned long long)report->bytes);
	if (report->left_out > 0)
		terminal_line(TERMINAL_WARNING,
		    "  %u broken manifests are left out; comreg doctor "
		    "names them",
		    report->left_out);
	if (report->too_new > 0)
		terminal_line(TERMINAL_WARNING,
		    "  %u manifests have a time in the future, and are read each time; touch them",
		    report->too_new);
}

static void
tell(const struct request *request, const struct outcome *outcome)
{
	const char *layer = layers_kind_name(outcome->folder->kind);

	if (outcome->report.cause != NULL && strcmp(outcome->state, "failed") == 0)
		(void)comreg_problem("%s layer: %s", layer, outcome->report.cause);
	else if (strcmp(outcome->state, "denied") == 0 && request->by_layer)
		(void)comreg_problem("%s layer: %s", layer, outcome->report.cause);
	else if (strcmp(outcome->state, "denied") == 0)
		terminal_line(
		    TERMINAL_DIM, "%s layer: not yours to write: %s", layer, outcome->report.cause);
	else if (strcmp(outcome->state, "written") == 0)
		tell_written(&outcome->report);
	else if (strcmp(outcome->state, "removed") == 0)
		terminal_line(TERMINAL_PLAIN, "removed %s", outcome->report.path);
	else
		terminal_line(TERMINAL_DIM, "%s layer: %s %s", layer,
		    request->remove ? "no cache of" : "there is no folder", outcome->folder->path);
}

static void
to_json(struct json *json, const struct outcome *outcome)
{
	json_open(json, NULL, '{');
	json_string(json, "layer", layers_kind_name(outcome->folder->kind));
	json_string(json, "folder", outcome->folder->path);
	json_string(json, "cache", outcome->report.path);
	json_string(json, "state", outcome->state);
	json_number(json, "manifests", (int)outcome->report.files);
	json_number(json, "classes", (int)outcome->report.classes);
	json_number(json, "leftOut", (int)outcome->report.left_out);
	json_number(json, "tooNew", (int)outcome->report.too_new);
	json_number(json, "bytes", (int)outcome->report.bytes);
	json_string(json, "problem", outcome->report.cause);
	json_close(json, '}');
}

/* A layer that was not named may be another's to write. */
static bool
is_failure(const struct request *request, const struct outcome *outcome)
{
	return strcmp(outcome->state, "failed") == 0 ||
	    (strcmp(outcome->state, "denied") == 0 && request->by_layer);
}

static int
treat_all(const struct request *request)
{
	g_autoptr(GPtrArray) folders = layers_folders();
	unsigned tried = 0, denied = 0;
	int status = COMREG_OK;

	for (guint i = 0; i < folders->len; i++) {
		const struct layer_folder *folder = g_ptr_array_index(folders, i);
		struct outcome outcome;

		if (folder->kind == LAYER_ENVIRONMENT ||
		    (request->by_layer && folder->kind != request->layer))
			continue;
		outcome = treat(request, folder);
		tried++;
		denied += strcmp(outcome.state, "denied") == 0;
		if (is_failure(request, &outcome))
			status = COMREG_PROBLEM;
		if (request->json != NULL)
			to_json(request->json, &outcome);
		else
			tell(request, &outcome);
		cache_report_clear(&outcome.report);
	}
	return tried > 0 && denied == tried ? COMREG_PROBLEM : status;
}

int
comreg_cache(int argc, char **argv)
{
	static const struct option known[] = {
		{ "layer", required_argument, NULL, 'l' },
		{ "remove", no_argument, NULL, 'r' },
		{ "json", no_argument, NULL, 'j' },
		OPTIONS_HELP,
	};
	struct request request = { 0 };
	struct json json = { 0 };
	int option, status;

	while ((option = options_next(argc, argv, known, help, &status)) != OPTIONS_END)
		switch (option) {
		case OPTIONS_LEAVE:
			return status;
		case 'l':
			if (!options_layer(argv[0], optarg, &request.layer))
				return COMREG_USAGE;
			if (request.layer == LAYER_ENVIRONMENT)
				return comreg_wrong_use(argv[0],
				    "the environment's folders have no cache: user, administrator "
				    "or vendor");
			request.by_layer = true;
			break;
		case 'r':
			request.remove = true;
			break;
		default:
			request.json = &json;
		}
	if (optind < argc)
		return comreg_wrong_use(
		    argv[0], "cache takes no argument, and \"%s\" is one", argv[optind]);
	if (request.json != NULL) {
		json_open(&json, NULL, '{');
		json_open(&json, "caches", '[');
	}
	status = treat_all(&request);
	if (request.json != NULL) {
		json_close(&json, ']');
		json_close(&json, '}');
	}
	return status;
}
