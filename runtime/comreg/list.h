/* SPDX-License-Identifier: BSD-2-Clause */
/* The lists that comreg list can print. */
#ifndef TESSERA_RUNTIME_COMREG_LIST_H
#define TESSERA_RUNTIME_COMREG_LIST_H

#include "runtime/comreg/json.h"
#include "runtime/comreg/selection.h"

/* Name of a manifest's state, as the manual has it. */
const char *list_state_name(enum registry_state state);

/* Each as text, as the members of a JSON object, and as bare words, one a line, for scripts. */
struct list_subject {
	const char *name;
	void (*text)(const struct selection *selection);
	void (*json)(struct json *json, const struct selection *selection);
	void (*words)(const struct selection *selection);
};

extern const struct list_subject list_classes;
extern const struct list_subject list_categories;
extern const struct list_subject list_interfaces;
extern const struct list_subject list_modules;
extern const struct list_subject list_layers;

#endif
