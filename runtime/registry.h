/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The registry: an immutable picture of all manifests in all layers.
 *
 * A picture is shared and counted; what it hands out lives as long as the caller's reference to it.
 * It is looked up from any thread without a lock. Nothing here runs code of a component.
 */
#ifndef TESSERA_RUNTIME_REGISTRY_H
#define TESSERA_RUNTIME_REGISTRY_H

#include "runtime/layers.h"
#include "runtime/manifest_file.h"

#define REGISTRY_TREAT_AS_MAX 8u /* steps of a chain */

/* A manifest, or a folder that cannot be read (then BROKEN). */
struct registry_file {
	char *path;
	const struct layer_folder *folder;
	enum registry_state state;
	char *reason;                    /* why it is not active; NULL when it is */
	const struct manifest *manifest; /* NULL unless active */
};

struct registry_class {
	const struct manifest_class *info;
	const struct registry_file *file;
	const struct registry_class *hidden_by;    /* the same CLSID, higher up; NULL: in effect */
	CLSID treat_as;                            /* overrides considered; GUID_NULL: itself */
	const struct registry_file *treat_as_file; /* who says so; NULL: nobody */
};

struct registry;

/* (transfer full): the registry as it is now, read again if any folder or file has changed. */
struct registry *registry_get(void);
void registry_unref(struct registry *registry);

/* NULL: no such class. TreatAs is not followed. */
const struct registry_class *
registry_find_class(const struct registry *registry, const CLSID *clsid);

/* By ProgID or version-independent ProgID, in any case. */
const struct registry_class *
registry_find_progid(const struct registry *registry, const char *progid);

/* NULL: no manifest has it. */
const struct manifest_interface *
registry_find_interface(const struct registry *registry, const IID *iid);

/* The interface's name; NULL: no manifest has it. */
const char *registry_interface_name(const struct registry *registry, const IID *iid);

/*
 * registry_resolve: the class that serves @clsid, TreatAs followed.
 * @ret_cause: (transfer full): on failure the reason: where it was looked for, what was found
 *  broken there; or where a chain of TreatAs breaks off or bites its tail. g_free
 */
const struct registry_class *
registry_resolve(const struct registry *registry, const CLSID *clsid, char **ret_cause);

/* (transfer full): of CATID; those the class implements or requires, overrides included. */
GArray *registry_class_categories(
    const struct registry *registry, const struct registry_class *class, bool required);

/* (transfer full): of CATID; those that have a [Category] group anywhere. */
GArray *registry_categories(const struct registry *registry);

bool registry_has_category(const struct registry *registry, const CATID *catid);

/* In that language, else in another of the same kind, else that for all, else NULL. */
const char *
registry_category_description(const struct registry *registry, const CATID *catid, guint32 lcid);

/* (transfer full): where was looked, and which manifests there were skipped as broken. */
char *registry_describe_search(const struct registry *registry);

/* All of them, hidden ones included: of struct registry_class, by layer and file. */
const GPtrArray *registry_classes(const struct registry *registry);
/* Of struct registry_file, by layer and name; in all states. */
const GPtrArray *registry_files(const struct registry *registry);
/* Of struct layer_folder, highest first. */
const GPtrArray *registry_folders(const struct registry *registry);

/* (transfer full): the module file of an active manifest: where it is, else where it should be. */
char *registry_module_path(const struct registry_file *file);

#endif
