/* SPDX-License-Identifier: BSD-2-Clause */
/* comreg why: the decisions of one activation, one after another, and what to do. */
#include "runtime/comreg/why.h"

#include <stdarg.h>
#include <string.h>

#include "runtime/comreg/child.h"
#include "runtime/comreg/comreg.h"
#include "runtime/comreg/json.h"
#include "runtime/comreg/options.h"
#include "runtime/comreg/terminal.h"
#include "runtime/guid_text.h"

static const char help[] =
    "usage: comreg why [--time-limit SECONDS] [--json] CLSID|PROGID|NAME\n"
    "\n"
    "Activates a class in a process of its own, tells each decision with the files it depends on,\n"
    "and says what to do. This runs code of the component; a crash or a hang is reported.\n"
    "\n"
    "  --time-limit SECONDS  for the component's code, 10 if not given\n"
    "  --json                for programs; see comreg(1)\n"
    "  --help                this text\n"
    "\n"
    "Exit status: 0 the class can be used, 1 it cannot, 2 wrong use.\n";

static void
free_step(void *data)
{
	struct why_step *step = data;

	g_free(step->what);
	g_free(step->result);
	g_free(step->text);
	g_free(step);
}

void
why_step(struct why *why, enum why_state state, const char *what, const char *result,
    const char *format, ...)
{
	struct why_step *step = g_new0(struct why_step, 1);
	va_list arguments;

	step->state = state;
	step->what = g_strdup(what);
	step->result = g_strdup(result);
	va_start(arguments, format);
	step->text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_ptr_array_add(why->steps, step);
}

/* The last word: after a step that failed, only remarks may follow. */
const struct why_step *
why_failure(const struct why *why)
{
	for (guint i = why->steps->len; i > 0; i--) {
		const struct why_step *step = g_ptr_array_index(why->steps, i - 1);

		if (step->state == WHY_FAILED)
			return step;
	}
	return NULL;
}

static void
print_output(const struct why *why)
{
	g_auto(GStrv) lines = g_strsplit(why->output != NULL ? why->output : "", "\n", -1);

	if (lines[0] != NULL)
		terminal_line(TERMINAL_PLAIN, "The module printed:");
	for (guint i = 0; lines[i] != NULL; i++)
		terminal_line(TERMINAL_PLAIN, "  | %s", lines[i]);
}

static void
print_text(const struct why *why, const char *advice)
{
	static const char *const marks[] = { "ok", "-", "FAILED" };
	static const enum terminal_style styles[] = { TERMINAL_GOOD, TERMINAL_DIM, TERMINAL_BAD };
	char clsid[GUID_TEXT_LENGTH + 1];

	terminal_line(TERMINAL_HEADING, "%s%s%s", why->asked, why->known ? " is " : "",
	    why->known ? guid_to_text(&why->clsid, clsid) : "");
	for (guint i = 0; i < why->steps->len; i++) {
		const struct why_step *step = g_ptr_array_index(why->steps, i);
		bool code = step->state == WHY_FAILED && step->result != NULL;

		terminal_put(styles[step->state], "  %-7s", marks[step->state]);
		terminal_line(TERMINAL_PLAIN, " %-22s %s%s%s", step->what, code ? step->result : "",
		    code ? ": " : "", step->text);
	}
	print_output(why);
	terminal_put(TERMINAL_HEADING, "What to do:");
	terminal_line(TERMINAL_PLAIN, " %s", advice);
}

static void
print_json(const struct why *why, const char *advice)
{
	static const char *const states[] = { "ok", "nothing", "failed" };
	const struct why_step *failure = why_failure(why);
	char clsid[GUID_TEXT_LENGTH + 1];
	struct json json = { 0 };

	json_open(&json, NULL, '{');
	json_string(&json, "asked", why->asked);
	json_string(&json, "clsid", why->known ? guid_to_text(&why->clsid, clsid) : NULL);
	json_boolean(&json, "usable", failure == NULL);
	json_open(&json, "steps", '[');
	for (guint i = 0; i < why->steps->len; i++) {
		const struct why_step *step = g_ptr_array_index(why->steps, i);

		json_open(&json, NULL, '{');
		json_string(&json, "what", step->what);
		json_string(&json, "state", states[step->state]);
		json_string(&json, "result", step->result);
		json_string(&json, "text", step->text);
		json_close(&json, '}');
	}
	json_close(&json, ']');
	json_string(&json, "failed", failure != NULL ? failure->what : NULL);
	json_string(&json, "result", failure != NULL ? failure->result : "S_OK");
	json_string(&json, "output", why->output);
	json_string(&json, "advice", advice);
	json_close(&json, '}');
}

static int
tell(const char *asked, int limit_ms, bool json)
{
	struct registry *registry = registry_get();
	struct why why = { .registry = registry, .asked = asked, .limit_ms = limit_ms };
	g_autofree char *advice = NULL;
	int status;

	why.steps = g_ptr_array_new_with_free_func(free_step);
	why_read_files(&why);
	if (why.known)
		why_trace(&why);
	advice = why_advice(&why);
	if (json)
		print_json(&why, advice);
	else
		print_text(&why, advice);
	status = why_failure(&why) == NULL ? COMREG_OK : COMREG_PROBLEM;
	g_ptr_array_unref(why.steps);
	g_free(why.output);
	registry_unref(registry);
	return status;
}

int
comreg_why(int argc, char **argv)
{
	static const struct option known[] = {
		{ "time-limit", required_argument, NULL, 't' },
		{ "json", no_argument, NULL, 'j' },
		OPTIONS_HELP,
	};
	bool json = false;
	int option, status, limit_ms = CHILD_LIMIT_MS;

	while ((option = options_next(argc, argv, known, help, &status)) != OPTIONS_END)
		switch (option) {
		case OPTIONS_LEAVE:
			return status;
		case 't':
			if (!options_time_limit(argv[0], optarg, &limit_ms))
				return COMREG_USAGE;
			break;
		default:
			json = true;
		}
	if (argc - optind != 1)
		return comreg_wrong_use(
		    argv[0], "why takes one CLSID, ProgID or name, not %d", argc - optind);
	return tell(argv[optind], limit_ms, json);
}
