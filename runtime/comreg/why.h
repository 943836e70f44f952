/* SPDX-License-Identifier: BSD-2-Clause */
/* The account of one activation, that comreg why gives. */
#ifndef TESSERA_RUNTIME_COMREG_WHY_H
#define TESSERA_RUNTIME_COMREG_WHY_H

#include "runtime/registry.h"

enum why_state {
	WHY_OK,
	WHY_NOTHING, /* nothing to do in this step, or a remark */
	WHY_FAILED,
};

struct why_step {
	enum why_state state;
	char *what;
	char *result; /* name of a code, or what the process ended with; NULL: a remark */
	char *text;
};

struct why {
	const struct registry *registry;
	const char *asked;
	int limit_ms; /* for what runs the component's code */
	bool known;   /* clsid is set */
	CLSID clsid;
	GPtrArray *steps; /* of struct why_step */
	char *output;     /* what the module printed; NULL: nothing */
};

void why_step(struct why *why, enum why_state state, const char *what, const char *result,
    const char *format, ...) G_GNUC_PRINTF(5, 6);

/* What the files say: layers, ProgID, the manifests with the class and what hides what. */
void why_read_files(struct why *why);
/* What happens: a trace of the activation in a child process. */
void why_trace(struct why *why);

/* NULL: nothing failed. */
const struct why_step *why_failure(const struct why *why);
/* (transfer full): one sentence, naming files. */
char *why_advice(const struct why *why);

/* A manifest that has the class but is masked or broken; NULL: none. */
const struct registry_file *why_left_out(const struct why *why);

#endif
