/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looking one class up for activation. What is handed out is a copy: it lives as long as the caller
 * likes, whatever happens to the registry meanwhile. Any thread.
 */
#ifndef TESSERA_RUNTIME_LOOKUP_H
#define TESSERA_RUNTIME_LOOKUP_H

#include <stdbool.h>

#include <wtypes.h>

#include "runtime/layers.h"

/* What activation needs to know of a class; TreatAs followed. Strings owned by the struct. */
struct lookup_class {
	CLSID clsid; /* the class that serves, after TreatAs */
	char *name;
	char *module_path; /* where the module is, else where it should be */
	char *manifest_path;
	char *threading_model; /* NULL: none given */
	bool resident;
	bool module_is_bare; /* Module= has no slash: it may be beside the manifest or elsewhere */
	enum layer_kind layer;
};

/*
 * lookup_class: the class that serves @clsid, TreatAs followed.
 * @ret_cause: (transfer full): why not: where was looked, what was left out there as broken, masked
 *  or disabled, by which file in which layer; or where a chain of TreatAs breaks. g_free
 *
 * S_OK; REGDB_E_CLASSNOTREG with *ret_cause, and then @ret holds nothing.
 */
HRESULT lookup_class(const CLSID *clsid, struct lookup_class *ret, char **ret_cause);

/* lookup_progid: the class with a ProgID, or the newest with a version-independent one, in any
 * case. CO_E_CLASSSTRING: *ret_cause says where was looked. TreatAs is not followed. */
HRESULT lookup_progid(const char *progid, CLSID *ret_clsid, char **ret_cause);

/* lookup_progid_of: (transfer full): NULL: it has none, or there is no such class. */
char *lookup_progid_of(const CLSID *clsid, bool *ret_is_registered);

/* What a class is treated as. Strings owned by the struct. */
struct lookup_treatment {
	CLSID treat_as; /* one step; GUID_NULL: itself */
	char *name;     /* of the class */
	/* The highest file that has a say: the class's manifest, or an override above it. */
	char *path;
	enum layer_kind layer;
};

/* False: no such class, and then @ret holds nothing. */
bool lookup_treatment(const CLSID *clsid, struct lookup_treatment *ret);
void lookup_treatment_clear(struct lookup_treatment *treatment);

/* The end of its chain of TreatAs, registered or not; itself when the chain has no end. */
void lookup_treat_as_end(const CLSID *clsid, CLSID *ret_end);

/*
 * lookup_hidden: (transfer full): what a reader of a message about the class should know, "hides
 * class X of /path (vendor layer)"; NULL: it hides nothing of the administrator's or the vendor's.
 * @clsid: as lookup_class gave it
 */
char *lookup_hidden(const CLSID *clsid);

/* Frees what lookup_class filled in, not the struct. */
void lookup_class_clear(struct lookup_class *class);

#endif
