/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The manifest of one module: which classes it serves and how they may be used; or an overlay,
 * which says more about classes of other manifests. tessera-component(5) describes the groups and
 * keys.
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
#define MANIFEST_OVERRIDES_MAX 4096u
#define MANIFEST_CATEGORIES_MAX 4096u
#define MANIFEST_LANGUAGES_MAX 256u /* of one category's description */
#define MANIFEST_LIST_MAX 1024u     /* identifiers in one list */
#define MANIFEST_METHODS_MAX 65535  /* of an interface */
#define MANIFEST_NAME_MAX 255u
#define MANIFEST_DESCRIPTION_MAX 4096u
#define MANIFEST_MODULE_MAX 4095u
#define MANIFEST_PROGID_MAX 39u /* a rule of the Windows registry */

struct manifest_interface {
	IID iid;
	char *name;
	IID base;           /* GUID_NULL: not said */
	int methods;        /* inherited ones included; 0: not said */
	char *type_library; /* a file, as Module= names one; NULL: none */
};

struct manifest_class {
	CLSID clsid;
	char *name;
	char *description; /* these four may be NULL */
	char *progid;
	char *vi_progid;
	char *threading_model;
	GArray *interfaces;          /* of IID */
	GArray *categories;          /* of CATID: implemented */
	GArray *required_categories; /* of CATID */
	CLSID treat_as;              /* GUID_NULL: itself */
	CLSID auto_treat_as;         /* what CoTreatAsClass goes back to; GUID_NULL: none */
};

/* What an overlay adds to a class of another manifest. */
struct manifest_override {
	CLSID clsid;
	bool has_treat_as;
	CLSID treat_as; /* GUID_NULL with has_treat_as: itself, whatever its manifest says */
	GArray *categories;
	GArray *required_categories;
};

struct manifest_description {
	guint32 lcid; /* 0: any language */
	char *text;
};

struct manifest_category {
	CATID catid;
	GPtrArray *descriptions; /* of struct manifest_description */
};

struct manifest {
	char *module; /* NULL: an overlay, without classes and interfaces */
	bool resident;
	int priority;
	GPtrArray *classes;    /* of struct manifest_class */
	GPtrArray *interfaces; /* of struct manifest_interface */
	GPtrArray *overrides;  /* of struct manifest_override; in overlays only */
	GPtrArray *categories; /* of struct manifest_category */
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
