/* SPDX-License-Identifier: BSD-2-Clause */
/* Loading modules. In this release a module that served a class stays mapped. */
#ifndef TESSERA_RUNTIME_LOADER_H
#define TESSERA_RUNTIME_LOADER_H

#include <objbase.h>

typedef HRESULT (*loader_get_class_object)(REFCLSID rclsid, REFIID riid, LPVOID *ppv);

/*
 * loader_open: the entry point of the module file `path`, loading it if need be.
 * @ret_cause: (transfer full): on failure, why, in the loader's words where it has any; g_free
 *
 * Any thread; a module is mapped once. No lock of ours is held while its constructors run.
 *
 * Returns S_OK; CO_E_DLLNOTFOUND: no such file; CO_E_ERRORINDLL: it is not a module for this
 * machine, or has no DllGetClassObject.
 */
HRESULT loader_open(const char *path, loader_get_class_object *ret_entry, char **ret_cause);

#endif
