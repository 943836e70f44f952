/* SPDX-License-Identifier: BSD-2-Clause */
/* Asking for class objects. */
#ifndef TESSERA_RUNTIME_CLASS_OBJECT_H
#define TESSERA_RUNTIME_CLASS_OBJECT_H

#include "runtime/class_table.h"

/*
 * class_object_get: asks entry->module for the class entry->serves; fills `object` and `factory`.
 * The module must be kept by the caller (loader_open, or being the unloader). Returns S_OK, or what
 * DllGetClassObject returned; E_UNEXPECTED when it claimed success and gave nothing.
 */
HRESULT class_object_get(struct class_entry *entry);

#endif
