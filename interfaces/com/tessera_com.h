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

/*
 * tessera_register_manifest: puts a manifest among the registrations of the user, or where `comreg
 * register` was told to; for a module's DllRegisterServer. Wholly or not at all, replacing one of
 * that name.
 * @name: the file's, such as "counter.component"
 * @text: what tessera-component(5) describes, in UTF-8
 *
 * S_OK; E_INVALIDARG for a name or text that is no manifest; E_ACCESSDENIED; REGDB_E_WRITEREGDB.
 * The thread's error object says what and where.
 */
HRESULT tessera_register_manifest(LPCSTR name, LPCSTR text);

/* tessera_unregister_manifest: takes it away; S_FALSE when there is none of that name. */
HRESULT tessera_unregister_manifest(LPCSTR name);

/*
 * tessera_trace_activation: activates a class up to its IClassFactory as if for the first time, and
 * tells each decision as it is taken.
 * @step: called on this thread with one of the words
 *	lookup, treat-as, published class object, threading model, module file, loader, entry point,
 *	class object, factory
 *  in this order as far as activation gets; result: S_OK, S_FALSE (nothing to do), or the failure;
 *  text: in UTF-8, naming the files; it lasts for the call
 *
 * What was found before is not used, and what is found is not kept; a module that is mapped stays
 * so until CoFreeUnusedLibraries. Returns what CoGetClassObject for IClassFactory would.
 */
HRESULT tessera_trace_activation(REFCLSID rclsid,
    void (*step)(LPCSTR what, HRESULT result, LPCSTR text, void *data), void *data);

#ifdef __cplusplus
}
#endif

#endif
