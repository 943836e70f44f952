/* SPDX-License-Identifier: BSD-2-Clause */
/* comreg doctor: everything in the registry that is wrong, with the next step for each. */
#include "runtime/comreg/doctor.h"

#include <stdarg.h>

#include "runtime/comreg/child.h"
#include "runtime/comreg/comreg.h"
#include "runtime/comreg/json.h"
#include "runtime/comreg/options.h"
#include "runtime/comreg/terminal.h"

static const char help[] =
    "usage: comreg doctor [--run] [--time-limit SECONDS] [--json]\n"
    "\n"
    "Examines all manifests, classes and modules of all layers, and says what is wrong, in which\n"
    "file, and what to do. Runs no component unless told to.\n"
    "\n"
    "  --run                 load each module in a process of its own and ask for each class\n"
    "  --time-limit SECONDS  for each of these processes, 10 if not given\n"
    "  --json                for programs; see comreg(1)\n"
    "  --help                this text\n"
    "\n"
    "Exit status: 0 no errors (warnings or nothing), 1 errors, 2 wrong use.\n";

static void
free_finding(void *data)
{
	struct doctor_finding *finding = data;

	g_free(finding->file);
	g_free(finding->problem);
	g_free(finding->next);
	g_free(finding);
}

void
doctor_note(struct doctor *doctor, enum doctor_severity severity, const char *check,
    const char *file, const char *next, const char *format, ...)
{
	struct doctor_finding *finding = g_new0(struct doctor_finding, 1);
	va_list arguments;

	finding->severity = severity;
	finding->check = check;
	finding->file = g_strdup(file);
	finding->next = g_strdup(next);
	va_start(arguments, format);
	finding->problem = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_ptr_array_add(doctor->findings, finding);
}

static unsigned
count(const struct doctor *doctor, enum doctor_severity severity)
{
	unsigned number = 0;

	for (guint i = 0; i < doctor->findings->len; i++) {
		const struct doctor_finding *finding = g_ptr_array_index(doctor->findings, i);

		number += finding->severity == severity;
	}
	return number;
}

static void
print_finding(const struct doctor_finding *finding)
{
	bool error = finding->severity == DOCTOR_ERROR;

	terminal_put(error ? TERMINAL_BAD : TERMINAL_WARNING, "%s", error ? "error" : "warning");
	terminal_line(TERMINAL_PLAIN, ": %s: %s", finding->file, finding->problem);
	terminal_line(TERMINAL_DIM, "  next: %s", finding->next);
}

static void
print_text(const struct doctor *doctor)
{
	unsigned errors = count(doctor, DOCTOR_ERROR), warnings = count(doctor, DOCTOR_WARNING);

	/* Errors first. */
	for (int severity = DOCTOR_ERROR; severity >= DOCTOR_WARNING; severity--)
		for (guint i = 0; i < doctor->findings->len; i++) {
			const struct doctor_finding *finding =
			    g_ptr_array_index(doctor->findings, i);

			if ((int)finding->severity == severity)
				print_finding(finding);
		}
	terminal_line(errors > 0 ? TERMINAL_BAD
		: warnings > 0   ? TERMINAL_WARNING
				 : TERMINAL_GOOD,
	    "%u error%s, %u warning%s; %u manifests and %u classes examined%s", errors,
	    errors == 1 ? "" : "s", warnings, warnings == 1 ? "" : "s",
	    registry_files(doctor->registry)->len, registry_classes(doctor->registry)->len,
	    doctor->run ? ", modules run" : "");
}

static void
print_json(const struct doctor *doctor)
{
	struct json json = { 0 };

	json_open(&json, NULL, '{');
	json_number(&json, "errors", (int)count(doctor, DOCTOR_ERROR));
	json_number(&json, "warnings", (int)count(doctor, DOCTOR_WARNING));
	json_number(&json, "manifests", (int)registry_files(doctor->registry)->len);
	json_number(&json, "classes", (int)registry_classes(doctor->registry)->len);
	json_boolean(&json, "run", doctor->run);
	json_open(&json, "findings", '[');
	for (guint i = 0; i < doctor->findings->len; i++) {
		const struct doctor_finding *finding = g_ptr_array_index(doctor->findings, i);

		json_open(&json, NULL, '{');
		json_string(
		    &json, "severity", finding->severity == DOCTOR_ERROR ? "error" : "warning");
		json_string(&json, "check", finding->check);
		json_string(&json, "file", finding->file);
		json_string(&json, "problem", finding->problem);
		json_string(&json, "next", finding->next);
		json_close(&json, '}');
	}
	json_close(&json, ']');
	json_close(&json, '}');
}

static int
examine(bool run, int limit_ms, bool json)
{
	struct registry *registry = registry_get();
	struct doctor doctor = { .registry = registry, .run = run, .limit_ms = limit_ms };
	int status;

	doctor.findings = g_ptr_array_new_with_free_func(free_finding);
	doctor_examine_files(&doctor);
	doctor_examine_caches(&doctor);
	doctor_examine_classes(&doctor);
	doctor_examine_modules(&doctor);
	if (json)
		print_json(&doctor);
	else
		print_text(&doctor);
	status = count(&doctor, DOCTOR_ERROR) > 0 ? COMREG_PROBLEM : COMREG_OK;
	g_ptr_array_unref(doctor.findings);
	registry_unref(registry);
	return status;
}

int
comreg_doctor(int argc, char **argv)
{
	static const struct option known[] = {
		{ "run", no_argument, NULL, 'r' },
		{ "time-limit", required_argument, NULL, 't' },
		{ "json", no_argument, NULL, 'j' },
		OPTIONS_HELP,
	};
	bool run = false, json = false;
	int option, status, limit_ms = CHILD_LIMIT_MS;

	while ((option = options_next(argc, argv, known, help, &status)) != OPTIONS_END)
		switch (option) {
		case OPTIONS_LEAVE:
			return status;
		case 'r':
			run = true;
			break;
		case 't':
			if (!options_time_limit(argv[0], optarg, &limit_ms))
				return COMREG_USAGE;
			break;
		default:
			json = true;
		}
	if (optind < argc)
		return comreg_wrong_use(argv[0],
		    "doctor takes no argument, and \"%s\" is one: it examines everything",
		    argv[optind]);
	return examine(run, limit_ms, json);
}
