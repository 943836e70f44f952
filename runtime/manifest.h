/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The manifest of one module: which classes it serves and how they may be used. A GKeyFile:
 *
 *	[Component]
 *	Module=counter.so                    without slash: looked for beside the manifest first
 *	Resident=true                        never unmapped; default false
 *	Priority=10                          against the same class in another file of the layer
 *
 *	[Class {CLSID}]
 *	Name=Counter                         required
 *	Description=, ProgID=, VersionIndependentProgID=, ThreadingModel=, TreatAs={CLSID}
 *	Interfaces={IID};{IID}               also Categories={CATID}
 *
 *	[Interface {IID}]
 *	Name=ICounter                        required
 *
 * Unknown groups and keys are left for later releases. Parsing is pure: no file is touched.
 */
#ifndef TESSERA_RUNTIME_MANIFEST_H
#define TESSERA_RUNTIME_MANIFEST_H

#include <stdbool.h>

#include <glib.h>
#include <guiddef.h>

#define MANIFEST_SIZE_MAX (256u * 1024u)
#define MANIFEST_CLASSES_MAX 4096u
#define MANIFEST_INTERFACES_MAX 4096u /* groups of a manifest */
#define MANIFEST_LIST_MAX 1024u       /* identifiers in one list */
#define MANIFEST_NAME_MAX 255u
#define MANIFEST_DESCRIPTION_MAX 4096u
#define MANIFEST_MODULE_MAX 4095u
#define MANIFEST_PROGID_MAX 39u /* a rule of the Windows registry */

struct manifest_interface {
	IID iid;
	char *name;
};

struct manifest_class {
	CLSID clsid;
	char *name;
	char *description; /* these four may be NULL */
	char *progid;
	char *vi_progid;
	char *threading_model;
	GArray *interfaces; /* of IID */
	GArray *categories; /* of CATID */
	CLSID treat_as;     /* GUID_NULL: itself */
};

struct manifest {
	char *module;
	bool resident;
	int priority;
	GPtrArray *classes;    /* of struct manifest_class */
	GPtrArray *interfaces; /* of struct manifest_interface */
};

/*
 * manifest_parse:
 * @data: contents of the file, not terminated
 * @ret_problem: (transfer full): on failure, what is wrong and where ("line 3: ..."); g_free
 *
 * (transfer full): the manifest, or NULL. The whole file is refused if anything in it is wrong.
 */
struct manifest *manifest_parse(const char *data, size_t size, char **ret_problem);

/* NULL is fine. */
void manifest_free(struct manifest *manifest);

#endif
