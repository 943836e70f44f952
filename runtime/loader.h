/* SPDX-License-Identifier: BSD-2-Clause */
/* The modules that are mapped. When one may go is decided in unload.c. */
#ifndef TESSERA_RUNTIME_LOADER_H
#define TESSERA_RUNTIME_LOADER_H

#include <stdbool.h>

#include <glib.h>
#include <gmodule.h>
#include <objbase.h>

typedef HRESULT (*loader_get_class_object)(REFCLSID rclsid, REFIID riid, LPVOID *ppv);
typedef HRESULT (*loader_can_unload_now)(void);

struct module {
	char *path; /* these five are written once */
	GModule *handle;
	loader_get_class_object entry;
	loader_can_unload_now can_unload; /* NULL: never unmapped */
	unsigned users;                   /* activations between loader_open and loader_done */
	int64_t class_objects; /* references that the runtime holds to its class objects */
	bool resident;
	bool candidate;   /* said that it can go, and has served nobody since */
	GPtrArray *taken; /* the unloader's: of struct class_entry, out of the table; or NULL */
	unsigned version; /* the unloader's: of the table before */
	uintptr_t quiet;  /* the unloader's: nobody uses `taken` once this generation has passed */
	gint64 due;       /* the unloader's: when a candidate may go */
};

enum loader_step {
	LOADER_FILE,
	LOADER_MAP,
	LOADER_ENTRY,
};

struct loader_failure {
	enum loader_step step;
	char *cause; /* in the loader's words where it has any; g_free */
};

/*
 * loader_open: the module in the file `path`, loading it if need be; loader_done ends the use.
 * @resident: the manifest wants it never unmapped
 * @ret_failure: on failure, where and why
 *
 * Any thread; a module is mapped once. No lock of ours is held while its constructors run.
 *
 * Returns S_OK; CO_E_DLLNOTFOUND: no such file; CO_E_ERRORINDLL: it is not a module for this
 * machine, or misses a symbol, or has no DllGetClassObject.
 */
HRESULT
loader_open(const char *path, bool resident, struct module **ret_module,
    struct loader_failure *ret_failure);
void loader_done(struct module *module);

/* The runtime holds more or fewer references to class objects of the module. */
void loader_count_class_objects(struct module *module, int difference);

/* For the unloader, of which there is one at a time. */

/* (transfer container): of struct module, those that may go when they say so. */
GPtrArray *loader_unloadable(void);
/* Is no activation between open and done? And how many references to class objects are held. */
bool loader_is_idle(struct module *module, int64_t *ret_class_objects);
/* False: it serves an activation, or the runtime holds class objects of it. */
bool loader_make_candidate(struct module *module);
void loader_no_candidate(struct module *module);
bool loader_is_candidate(struct module *module);
/* Unmaps a candidate and frees it. False: it has served an activation meanwhile. */
bool loader_unload(struct module *module);

#endif
