/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What libtessera-com has beyond the published functions: a look at what is alive. Any thread.
 */
#ifndef TESSERA_COM_H
#define TESSERA_COM_H

#include <oleauto.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * tessera_live_objects: how many objects made with the class helper exist in this process.
 * @visit: called once for each class that has any, with its name and count; may be NULL
 *
 * Exact when no thread is creating or releasing meanwhile. Class objects and error objects are not
 * counted, nor are those of service classes (TESSERA_CLASS_SERVICE of tessera_class.h: reader
 * drivers), which the resource manager keeps to the end.
 */
ULONG
tessera_live_objects(void (*visit)(const char *class_name, ULONG count, void *data), void *data);

/* tessera_live_services: the same for service classes alone. */
ULONG
tessera_live_services(void (*visit)(const char *class_name, ULONG count, void *data), void *data);

/* tessera_live_locks: IClassFactory::LockServer(TRUE) calls not yet undone, in this process. */
ULONG tessera_live_locks(void);

/*
 * tessera_error_text: the text of the thread's error object in UTF-8, taking it off the thread.
 * NULL when there is none. The caller frees it with CoTaskMemFree.
 */
char *tessera_error_text(void);

/* tessera_hresult_name: "REGDB_E_CLASSNOTREG" and the like; "HRESULT 0x80041234" for codes without
 * a name, in a buffer of the calling thread that lasts until its next call. Never NULL. */
const char *tessera_hresult_name(HRESULT code);

#ifdef __cplusplus
}
#endif

#endif
