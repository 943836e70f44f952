/* SPDX-License-Identifier: BSD-2-Clause */
/* Which classes and manifests a list is about. */
#ifndef TESSERA_RUNTIME_COMREG_SELECTION_H
#define TESSERA_RUNTIME_COMREG_SELECTION_H

#include "runtime/registry.h"

/* NULL and false: no such condition. Names in any case, identifiers with or without braces. */
struct selection {
	const struct registry *registry;
	bool by_layer;
	enum layer_kind layer;
	const char *category;  /* CATID or description */
	const char *interface; /* IID or name */
	const char *module;    /* path, or the file's name with or without .so */
};

/* Whether it asks for classes with something, beyond a layer. */
bool selection_is_narrow(const struct selection *selection);

bool selection_has_file(const struct selection *selection, const struct registry_file *file);
/* In effect or hidden: `hidden_by` is not looked at. */
bool selection_has_class(const struct selection *selection, const struct registry_class *class);
/* The same, and in effect. */
bool selection_lists(const struct selection *selection, const struct registry_class *class);

/* Whether a person may mean this identifier, or what is called @name (may be NULL), by @what. */
bool selection_means(const char *what, const GUID *guid, const char *name);
bool selection_means_module(const char *what, const char *path);

bool selection_guid_in(const GArray *guids, const GUID *guid);

#endif
