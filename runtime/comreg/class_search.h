/* SPDX-License-Identifier: BSD-2-Clause */
/* Finding classes by what a person calls them, and where their activation would end. */
#ifndef TESSERA_RUNTIME_COMREG_CLASS_SEARCH_H
#define TESSERA_RUNTIME_COMREG_CLASS_SEARCH_H

#include "runtime/registry.h"

/* With or without braces. */
bool class_search_guid(const char *text, GUID *ret_guid);

/*
 * (transfer container): the classes in effect with this CLSID, ProgID or name, of struct
 * registry_class; several may have one name.
 */
GPtrArray *class_search_all(const struct registry *registry, const char *what);
/* The same; empty after saying that there is none. */
GPtrArray *class_search(const struct registry *registry, const char *what);

/* Where activation would end: after TreatAs, with the file looked at. */
struct class_target {
	const struct registry_class *class; /* NULL: nowhere, see cause */
	char *cause;
	char *module;
	bool module_exists;
};

void
class_target_find(struct class_target *target, const struct registry *registry, const CLSID *clsid);
void class_target_done(struct class_target *target);

/* Name or description of a category; NULL: nobody describes it. */
const char *category_name(const struct registry *registry, const CATID *catid);

#endif
