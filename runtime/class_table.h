/* SPDX-License-Identifier: BSD-2-Clause */
/* The class objects found so far. */
#ifndef TESSERA_RUNTIME_CLASS_TABLE_H
#define TESSERA_RUNTIME_CLASS_TABLE_H

#include <glib.h>
#include <objbase.h>

#include "runtime/activity.h"
#include "runtime/loader.h"

/* Immutable while it is in the table; used between activity_enter and activity_leave. */
struct class_entry {
	struct activity_retired retired;
	CLSID asked;            /* the key */
	CLSID serves;           /* the class after TreatAs */
	IUnknown *object;       /* one reference */
	IClassFactory *factory; /* one reference; NULL: it does not answer IClassFactory */
	struct module *module;  /* NULL: published by this process; so are the three texts */
	char *name;
	char *module_path;
	char *manifest_path;
};

/* NULL: not found before. Takes no lock and writes nothing. */
const struct class_entry *class_table_find(const CLSID *clsid);

/* Counts what was taken out because it is not true any more. */
unsigned class_table_version(void);

/*
 * class_table_add: puts *entry into the table, or finds that another thread was faster.
 * @entry: (transfer full): from g_new
 * @version: of the table before it was looked for; when that has changed, or memory is short, it is
 *  not put in
 *
 * The entry that counts, good while the calling thread is inside: *entry, or the other thread's.
 */
const struct class_entry *class_table_add(struct class_entry *entry, unsigned version);

/*
 * (transfer full): takes the module's entries out; NULL: there are none.
 * @ret_quiet: when this generation has passed nobody uses them
 */
GPtrArray *class_table_take(const struct module *module, uintptr_t *ret_quiet);

/* Forgets what serves this class, NULL: everything; what it held is released when nobody uses it.
 */
void class_table_forget(const CLSID *serves);

/* Gives the class objects back. Foreign code. */
void class_entry_release_objects(struct class_entry *entry);
/* The same, and frees the entry. */
void class_entry_free(struct class_entry *entry);

#endif
