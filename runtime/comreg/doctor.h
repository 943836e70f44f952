/* SPDX-License-Identifier: BSD-2-Clause */
/* The examination of the whole registry: the parts of comreg doctor, and what they find. */
#ifndef TESSERA_RUNTIME_COMREG_DOCTOR_H
#define TESSERA_RUNTIME_COMREG_DOCTOR_H

#include "runtime/registry.h"

enum doctor_severity {
	DOCTOR_WARNING, /* works, but should not stay so */
	DOCTOR_ERROR,   /* something registered does not work, or is not safe */
};

struct doctor_finding {
	enum doctor_severity severity;
	const char *check; /* a word that the manual explains */
	char *file;
	char *problem;
	char *next; /* what to do */
};

struct doctor {
	const struct registry *registry;
	bool run;            /* load modules, in child processes */
	int limit_ms;        /* for each of those */
	GPtrArray *findings; /* of struct doctor_finding */
};

void doctor_note(struct doctor *doctor, enum doctor_severity severity, const char *check,
    const char *file, const char *next, const char *format, ...) G_GNUC_PRINTF(6, 7);

/* Manifests that are not read, who may write them and the modules, names in the environment. */
void doctor_examine_files(struct doctor *doctor);
/* Caches that no reader can use. */
void doctor_examine_caches(struct doctor *doctor);
/* Identifiers: ProgIDs, TreatAs, interfaces, categories, threading models, who hides whom. */
void doctor_examine_classes(struct doctor *doctor);
/* The shared objects: there, of this machine, with entry points; run: answering. */
void doctor_examine_modules(struct doctor *doctor);

#endif
