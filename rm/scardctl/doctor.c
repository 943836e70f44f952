/* SPDX-License-Identifier: BSD-2-Clause */
/* scardctl doctor: what keeps a card from working, with the next step for each. */
#include "rm/scardctl/doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "rm/scardctl/json.h"

#define ROOT_VARIABLE "TESSERA_SCARDCTL_ROOT"

static void
free_finding(void *data)
{
	struct doctor_finding *finding = data;

	g_free(finding->object);
	g_free(finding->problem);
	g_free(finding->next);
	g_free(finding);
}

void
doctor_note(struct doctor *doctor, enum doctor_severity severity, const char *check,
    const char *object, const char *next, const char *format, ...)
{
	struct doctor_finding *finding = g_new0(struct doctor_finding, 1);
	va_list arguments;

	finding->severity = severity;
	finding->check = check;
	finding->object = g_strdup(object);
	finding->next = g_strdup(next);
	va_start(arguments, format);
	finding->problem = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_ptr_array_add(doctor->findings, finding);
}

char *
doctor_path(const struct doctor *doctor, const char *path)
{
	return g_strconcat(doctor->root, path, NULL);
}

static unsigned
count(const struct doctor *doctor, enum doctor_severity severity)
{
	unsigned number = 0;

	for (guint i = 0; i < doctor->findings->len; i++) {
		const struct doctor_finding *finding = doctor->findings->pdata[i];

		number += finding->severity == severity;
	}
	return number;
}

static const char *
severity_name(enum doctor_severity severity)
{
	return severity == DOCTOR_ERROR ? "error" : "warning";
}

/* Errors first. */
static void
print_text(const struct doctor *doctor)
{
	unsigned errors = count(doctor, DOCTOR_ERROR), warnings = count(doctor, DOCTOR_WARNING);

	for (int severity = DOCTOR_ERROR; severity >= DOCTOR_WARNING; severity--)
		for (guint i = 0; i < doctor->findings->len; i++) {
			const struct doctor_finding *finding = doctor->findings->pdata[i];

			if ((int)finding->severity == severity)
				printf("%s: %s: %s\n  next: %s\n", severity_name(finding->severity),
				    finding->object, finding->problem, finding->next);
		}
	printf("%u error%s, %u warning%s; %u reader%s examined\n", errors, errors == 1 ? "" : "s",
	    warnings, warnings == 1 ? "" : "s", doctor->readers, doctor->readers == 1 ? "" : "s");
}

static void
print_json(const struct doctor *doctor)
{
	struct json json;

	json_init(&json);
	json_open(&json, NULL, '{');
	json_number(&json, "errors", count(doctor, DOCTOR_ERROR));
	json_number(&json, "warnings", count(doctor, DOCTOR_WARNING));
	json_number(&json, "readers", doctor->readers);
	json_open(&json, "findings", '[');
	for (guint i = 0; i < doctor->findings->len; i++) {
		const struct doctor_finding *finding = doctor->findings->pdata[i];

		json_open(&json, NULL, '{');
		json_string(&json, "severity", severity_name(finding->severity));
		json_string(&json, "check", finding->check);
		json_string(&json, "object", finding->object);
		json_string(&json, "problem", finding->problem);
		json_string(&json, "next", finding->next);
		json_close(&json, '}');
	}
	json_close(&json, ']');
	json_close(&json, '}');
	json_print(&json);
}

int
scardctl_doctor(const struct scardctl_options *options, char **arguments)
{
	struct doctor doctor = { .options = options };
	const char *root = secure_getenv(ROOT_VARIABLE);
	int result;

	doctor.root = root != NULL ? root : "";
	doctor.reader = options->reader != NULL ? options->reader : arguments[0];
	doctor.findings = g_ptr_array_new_with_free_func(free_finding);
	doctor_examine_daemon(&doctor);
	doctor_examine_pcscd(&doctor);
	doctor_examine_components(&doctor);
	if (doctor.answers)
		doctor_examine_cards(&doctor);
	doctor_examine_usb(&doctor);
	if (options->json)
		print_json(&doctor);
	else
		print_text(&doctor);
	result = count(&doctor, DOCTOR_ERROR) > 0 ? SCARDCTL_FAILURE : SCARDCTL_OK;
	g_ptr_array_free(doctor.findings, TRUE);
	return result;
}
