/* SPDX-License-Identifier: BSD-2-Clause */
/* Hash tables whose keys are identifiers. */
#ifndef TESSERA_RUNTIME_GUID_TABLE_H
#define TESSERA_RUNTIME_GUID_TABLE_H

#include <glib.h>

/* (transfer full): keys are pointers to GUID, not owned; `free_value` may be NULL. */
GHashTable *guid_table_new(GDestroyNotify free_value);

#endif
