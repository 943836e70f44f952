/* SPDX-License-Identifier: BSD-2-Clause */
/* The class objects found so far. */
#ifndef TESSERA_RUNTIME_CLASS_TABLE_H
#define TESSERA_RUNTIME_CLASS_TABLE_H

#include <objbase.h>

/* Immutable once in the table; kept to the process's end. */
struct class_entry {
	CLSID clsid;            /* as asked for; TreatAs may have led to another class's object */
	IUnknown *object;       /* one reference */
	IClassFactory *factory; /* one reference; NULL: it does not answer IClassFactory */
	char *name;
	char *module_path;
	char *manifest_path;
};

/* NULL: not found before. Takes no lock and writes nothing. */
const struct class_entry *class_table_find(const CLSID *clsid);

/*
 * class_table_add: puts *entry into the table, or finds that another thread was faster.
 * @entry: (transfer full): from g_new
 *
 * The entry in the table, which is the other thread's in the second case; NULL: no memory.
 */
const struct class_entry *class_table_add(struct class_entry *entry);

#endif
