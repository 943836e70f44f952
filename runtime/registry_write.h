/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registering by program. Each function changes one file of a layer, wholly or not at all. Any
 * thread, any process; they take turns.
 *
 * On failure *ret_cause (transfer full) says what is wrong, and what was there before stays:
 * E_INVALIDARG for a name or text that is no manifest, E_ACCESSDENIED, REGDB_E_WRITEREGDB. What is
 * to be removed and is not there gives S_FALSE.
 */
#ifndef TESSERA_RUNTIME_REGISTRY_WRITE_H
#define TESSERA_RUNTIME_REGISTRY_WRITE_H

#include <stdbool.h>

#include <wtypes.h>

#include "runtime/layers.h"

/* Where registrations of this process go: the user layer, unless TESSERA_REGISTER_LAYER says
 * "administrator". */
enum layer_kind registry_write_layer(void);

/* `name` is a file's, ending in .component. The text is checked before anything is written. */
HRESULT
registry_write_manifest(
    enum layer_kind layer, const char *name, const char *text, char **ret_cause);
HRESULT registry_remove_manifest(enum layer_kind layer, const char *name, char **ret_cause);

/*
 * registry_write_treat_as: the override of one class.
 * @to: NULL takes the override away, so that the class's own manifest counts again; GUID_NULL says
 *  that the class serves itself, whatever its manifest says
 */
HRESULT
registry_write_treat_as(
    enum layer_kind layer, const CLSID *clsid, const CLSID *to, char **ret_cause);

/* Adds to, or takes from, the categories that the layer's overlay gives a class. Those of the
 * class's own manifest stay. */
HRESULT
registry_write_class_categories(enum layer_kind layer, const CLSID *clsid, bool required,
    const CATID *categories, unsigned count, bool add, char **ret_cause);

/* Describes a category in a language; `lcid` 0: in all others; a NULL description takes it away. */
HRESULT
registry_write_category(enum layer_kind layer, const CATID *catid, guint32 lcid,
    const char *description, char **ret_cause);
HRESULT registry_remove_category(enum layer_kind layer, const CATID *catid, char **ret_cause);

#endif
