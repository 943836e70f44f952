/* SPDX-License-Identifier: BSD-2-Clause */
/* The report: TAP version 13 for people and harnesses, JSON for programs. */
#include "runtime/comreg/check.h"

#include <stdio.h>

#include "runtime/comreg/comreg.h"
#include "runtime/comreg/json.h"
#include "runtime/comreg/terminal.h"
#include "runtime/guid_text.h"

struct check_report {
	bool is_json;
	struct json json;
	int number;
	int counts[CHECK_BROKE + 1];
};

static const char *const verdicts[] = { "passed", "failed", "not applicable", "not run" };

struct check_report *
check_report_begin(const struct check_target *target, bool json)
{
	struct check_report *report = g_new0(struct check_report, 1);

	report->is_json = json;
	if (json) {
		json_open(&report->json, NULL, '{');
		json_string(&report->json, "module", target->module);
		json_string(&report->json, "manifest", target->manifest_path);
		json_open(&report->json, "checks", '[');
		return report;
	}
	puts("TAP version 13");
	terminal_line(TERMINAL_DIM, "# module %s", target->module);
	if (target->manifest_path != NULL)
		terminal_line(TERMINAL_DIM, "# manifest %s", target->manifest_path);
	return report;
}

static void
add_json(struct json *json, const struct check *check, const char *class,
    const struct check_result *result)
{
	json_open(json, NULL, '{');
	json_string(json, "check", check->name);
	json_string(json, "class", class);
	json_string(json, "result", verdicts[result->verdict]);
	json_string(json, "rule", check->rule);
	json_string(json, "source", check->source);
	json_open(json, "evidence", '[');
	for (guint i = 0; i < result->lines->len; i++)
		json_string(json, NULL, g_ptr_array_index(result->lines, i));
	json_close(json, ']');
	json_close(json, '}');
}

static void
add_tap(int number, const struct check *check, const char *class, const struct check_result *result)
{
	const bool is_good = result->verdict == CHECK_PASSED || result->verdict == CHECK_SKIPPED;
	guint first = 0;

	terminal_put(is_good ? TERMINAL_PLAIN : TERMINAL_BAD, "%sok", is_good ? "" : "not ");
	terminal_put(TERMINAL_PLAIN, " %d - %s%s%s", number, check->name, class != NULL ? " " : "",
	    class != NULL ? class : "");
	if (result->verdict == CHECK_SKIPPED) {
		terminal_put(TERMINAL_DIM, " # SKIP %s",
		    result->lines->len > 0 ? (char *)g_ptr_array_index(result->lines, 0) : "");
		first = 1;
	}
	terminal_end_line();
	if (!is_good)
		terminal_line(TERMINAL_PLAIN, "#   rule: %s (%s)", check->rule, check->source);
	for (guint i = first; i < result->lines->len; i++)
		terminal_line(
		    TERMINAL_PLAIN, "#   %s", (char *)g_ptr_array_index(result->lines, i));
}

void
check_report_add(struct check_report *report, const struct check *check, const char *class,
    const struct check_result *result)
{
	report->counts[result->verdict]++;
	report->number++;
	if (report->is_json)
		add_json(&report->json, check, class, result);
	else
		add_tap(report->number, check, class, result);
	fflush(stdout);
}

int
check_report_end(struct check_report *report)
{
	const int *counts = report->counts;
	int status = counts[CHECK_BROKE] > 0 ? COMREG_BROKEN
	    : counts[CHECK_FAILED] > 0       ? COMREG_PROBLEM
					     : COMREG_OK;

	if (report->is_json) {
		json_close(&report->json, ']');
		json_number(&report->json, "passed", counts[CHECK_PASSED]);
		json_number(&report->json, "failed", counts[CHECK_FAILED]);
		json_number(&report->json, "notApplicable", counts[CHECK_SKIPPED]);
		json_number(&report->json, "notRun", counts[CHECK_BROKE]);
		json_close(&report->json, '}');
	} else {
		printf("1..%d\n", report->number);
		terminal_line(counts[CHECK_FAILED] > 0 ? TERMINAL_BAD : TERMINAL_PLAIN,
		    "# %d passed, %d failed, %d not applicable%s", counts[CHECK_PASSED],
		    counts[CHECK_FAILED], counts[CHECK_SKIPPED],
		    counts[CHECK_BROKE] > 0 ? "; some could not be run" : "");
	}
	g_free(report);
	return status;
}
