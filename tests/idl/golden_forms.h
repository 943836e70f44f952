/* SPDX-License-Identifier: BSD-2-Clause */
/* Between golden_forms.c and golden_forms.cc. */
#ifndef TESTS_GOLDEN_FORMS_H
#define TESTS_GOLDEN_FORMS_H

#include <forms.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Calls each method; *arrived is the slot that was called last. The number of wrong arrivals. */
int golden_call_forms(IForms *forms, const int *arrived);
int golden_call_events(DFormsEvents *events, const int *arrived);
int golden_call_local(IFormsLocal *local, const int *arrived);

/* Sizes and places of members as C++ sees them: the number that differ from these of C. */
int golden_layout(const size_t *values, size_t count);

/* From golden_forms.c: prints what failed through report. */
void golden_forms(void (*report)(const char *name, int ok));

#ifdef __cplusplus
}
#endif

/* What both languages must agree on. */
#define GOLDEN_LAYOUT                                                                        \
	{                                                                                    \
		sizeof(CHOICE), offsetof(CHOICE, value), sizeof(UNNAMED_CHOICE),             \
		    offsetof(UNNAMED_CHOICE, tagged_union), sizeof(ARMS), sizeof(HOLDER),    \
		    offsetof(HOLDER, arms), offsetof(HOLDER, low), offsetof(HOLDER, second), \
		    offsetof(HOLDER, point), offsetof(HOLDER, grid), offsetof(HOLDER, tail), \
		    sizeof(FORM), sizeof(FORMS_CALLBACK)                                     \
	}

#endif
