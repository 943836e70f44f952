/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The component runtime: start-up, activation, memory, identifiers as text.
 *
 * Everything here may be called from any thread at the same time. Functions that return HRESULT
 * clear their pointer results on failure. After a failed activation GetErrorInfo (oleauto.h) has a
 * text that names the class, the file and the cause.
 */
#ifndef OBJBASE_H
#define OBJBASE_H

#include <wtypes.h>

#include <winerror.h>

#include <objidl.h>
#include <unknwn.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where code of a class may run. Only in-process servers exist here. */
typedef enum tagCLSCTX {
	CLSCTX_INPROC_SERVER = 0x1,
	CLSCTX_INPROC_HANDLER = 0x2,
	CLSCTX_LOCAL_SERVER = 0x4,
	CLSCTX_INPROC_SERVER16 = 0x8, /* this and the other 16-bit context: no effect */
	CLSCTX_REMOTE_SERVER = 0x10,
	CLSCTX_INPROC_HANDLER16 = 0x20,
	CLSCTX_NO_CODE_DOWNLOAD = 0x400,
	CLSCTX_NO_CUSTOM_MARSHAL = 0x1000,
	CLSCTX_ENABLE_CODE_DOWNLOAD = 0x2000,
	CLSCTX_NO_FAILURE_LOG = 0x4000,
	CLSCTX_DISABLE_AAA = 0x8000,
	CLSCTX_ENABLE_AAA = 0x10000,
	CLSCTX_FROM_DEFAULT_CONTEXT = 0x20000,
	CLSCTX_ACTIVATE_32_BIT_SERVER = 0x40000, /* from here on: of other processes, no effect */
	CLSCTX_ACTIVATE_64_BIT_SERVER = 0x80000,
	CLSCTX_ENABLE_CLOAKING = 0x100000,
	CLSCTX_APPCONTAINER = 0x400000,
	CLSCTX_ACTIVATE_AAA_AS_IU = 0x800000,
	CLSCTX_ACTIVATE_ARM32_SERVER = 0x2000000,
	CLSCTX_PS_DLL = (int)0x80000000
} CLSCTX;
#define CLSCTX_INPROC (CLSCTX_INPROC_SERVER | CLSCTX_INPROC_HANDLER)
#define CLSCTX_SERVER (CLSCTX_INPROC_SERVER | CLSCTX_LOCAL_SERVER | CLSCTX_REMOTE_SERVER)
#define CLSCTX_ALL (CLSCTX_INPROC_HANDLER | CLSCTX_SERVER)

typedef enum tagCOINIT {
	COINIT_MULTITHREADED = 0x0,
	COINIT_APARTMENTTHREADED = 0x2,
	COINIT_DISABLE_OLE1DDE = 0x4,
	COINIT_SPEED_OVER_MEMORY = 0x8
} COINIT;

/* Another machine; only NULL is accepted where it is a parameter. */
typedef struct _COSERVERINFO {
	DWORD dwReserved1;
	LPWSTR pwszName;
	PVOID pAuthInfo;
	DWORD dwReserved2;
} COSERVERINFO;
TESSERA_LAYOUT(COSERVERINFO, 32, 8);
TESSERA_MEMBER_AT(COSERVERINFO, dwReserved1, 0);
TESSERA_MEMBER_AT(COSERVERINFO, pwszName, 8);
TESSERA_MEMBER_AT(COSERVERINFO, pAuthInfo, 16);
TESSERA_MEMBER_AT(COSERVERINFO, dwReserved2, 24);

/* GUID_NULL is in <unknwn.h>. */
#define IID_NULL GUID_NULL
#define CLSID_NULL GUID_NULL
#define CATID_NULL GUID_NULL

/*
 * CoInitializeEx: declares that this thread uses components.
 *
 * @pvReserved: NULL, else E_INVALIDARG
 * @dwCoInit: COINIT_*; there is one apartment, every object may be used on every thread. The model
 *  asked for is kept only to answer as Windows does.
 *
 * Returns S_OK the first time on a thread; S_FALSE when repeated with the same model; both are to
 * be matched by a CoUninitialize. RPC_E_CHANGED_MODE: repeated with the other model; not to be
 * matched. A thread that never called it may activate as long as some thread of the process has.
 */
HRESULT CoInitializeEx(LPVOID pvReserved, DWORD dwCoInit);

/* CoInitialize: CoInitializeEx(NULL, COINIT_APARTMENTTHREADED). */
HRESULT CoInitialize(LPVOID pvReserved);

/* CoUninitialize: matches one successful CoInitializeEx on this thread. Unmatched: no effect. */
void CoUninitialize(void);

/*
 * CoGetClassObject: the class object (usually an IClassFactory) of a class.
 *
 * @rclsid: the class. @dwClsContext: must contain CLSCTX_INPROC_SERVER
 * @pServerInfo: NULL, else E_INVALIDARG (no other machines)
 * @ppv: receives the interface riid, one reference
 *
 * May load a module (blocking on the file system); a class found before is served from memory.
 *
 * Returns S_OK; CO_E_NOTINITIALIZED; REGDB_E_CLASSNOTREG: no readable manifest has the class (the
 * text names those that were skipped as broken), or its TreatAs leads nowhere, or no in-process
 * context was asked for; CO_E_DLLNOTFOUND: its module does not exist; CO_E_ERRORINDLL: the module
 * cannot be loaded or lacks DllGetClassObject; CO_E_NOT_SUPPORTED: its threading model is neither
 * Both, Free nor Neutral; E_NOINTERFACE; E_INVALIDARG; E_POINTER; E_OUTOFMEMORY; or what the
 * module's DllGetClassObject returned.
 */
HRESULT CoGetClassObject(
    REFCLSID rclsid, DWORD dwClsContext, COSERVERINFO *pServerInfo, REFIID riid, LPVOID *ppv);

/*
 * CoCreateInstance: a new object of a class; CoGetClassObject, then IClassFactory::CreateInstance.
 *
 * @pUnkOuter: controlling object when aggregating, and then riid must be IID_IUnknown; else NULL
 *
 * Returns what those two return.
 */
HRESULT CoCreateInstance(
    REFCLSID rclsid, IUnknown *pUnkOuter, DWORD dwClsContext, REFIID riid, LPVOID *ppv);

/* An interface wanted from CoCreateInstanceEx, and what became of it. */
typedef struct tagMULTI_QI {
	const IID *pIID; /* in */
	IUnknown *pItf;  /* NULL on entry; receives the interface, one reference */
	HRESULT hr;      /* S_OK, or why pItf is NULL */
} MULTI_QI;
TESSERA_LAYOUT(MULTI_QI, 24, 8);
TESSERA_MEMBER_AT(MULTI_QI, pIID, 0);
TESSERA_MEMBER_AT(MULTI_QI, pItf, 8);
TESSERA_MEMBER_AT(MULTI_QI, hr, 16);

/*
 * CoCreateInstanceEx: CoCreateInstance, then a QueryInterface for each of dwCount interfaces.
 *
 * @punkOuter: as in CoCreateInstance; any interfaces may be asked for
 * @pServerInfo: NULL, else E_INVALIDARG
 *
 * Returns S_OK: all; CO_S_NOTALLINTERFACES: some; E_NOINTERFACE: none, and the object is gone
 * again; E_INVALIDARG: dwCount is 0, a pIID is NULL, or a pItf is not; or what CoCreateInstance
 * returned. Every hr is filled in each case.
 */
HRESULT CoCreateInstanceEx(REFCLSID Clsid, IUnknown *punkOuter, DWORD dwClsCtx,
    COSERVERINFO *pServerInfo, DWORD dwCount, MULTI_QI *pResults);

/*
 * CoGetTreatAsClass: the class that activation uses instead of clsidOld (TreatAs= of its manifest,
 * or what CoTreatAsClass has set). One step: that class may have another in its place.
 *
 * Returns S_OK; S_FALSE: it stands for itself, or is not registered; *pClsidNew is clsidOld then.
 */
HRESULT CoGetTreatAsClass(REFCLSID clsidOld, LPCLSID pClsidNew);

/*
 * CoTreatAsClass: from now on clsidNew is activated instead of clsidOld.
 *
 * @clsidNew: CLSID_NULL: clsidOld stands for itself again; clsidOld: what its manifest says counts
 *  again
 *
 * Written to the registrations of the user (or where `comreg register` was told to), wholly or not
 * at all; this process sees it at once, others with their next activation of a class that they have
 * not used yet. Objects that exist are not affected. It is not checked that clsidNew is registered.
 *
 * Returns S_OK; REGDB_E_CLASSNOTREG: clsidOld is not registered; E_INVALIDARG: a NULL;
 * E_ACCESSDENIED: it is registered in a layer above that one, or the file may not be written;
 * REGDB_E_WRITEREGDB. The text names the file.
 */
HRESULT CoTreatAsClass(REFCLSID clsidOld, REFCLSID clsidNew);

/* How a published class object may be used. */
typedef enum tagREGCLS {
	REGCLS_SINGLEUSE = 0,
	REGCLS_MULTIPLEUSE = 1,
	REGCLS_MULTI_SEPARATE = 2,
	REGCLS_SUSPENDED = 4,
	REGCLS_SURROGATE = 8,
	REGCLS_AGILE = 0x10
} REGCLS;

/*
 * CoRegisterClassObject: publishes a class object of the running program.
 *
 * @pUnk: the class object, usually an IClassFactory; referenced until it is revoked
 * @dwClsContext: CLSCTX_INPROC_SERVER, CLSCTX_LOCAL_SERVER, or both
 * @flags: REGCLS_*
 * @lpdwRegister: receives the number for CoRevokeClassObject, never 0; 0 on failure
 *
 *	context \ flags   SINGLEUSE          MULTIPLEUSE              MULTI_SEPARATE
 *	INPROC_SERVER     E_INVALIDARG       in process               in process
 *	LOCAL_SERVER      other processes    others and in process    other processes
 *	both              E_INVALIDARG       both                     both
 *
 * What is published in process is found by CoGetClassObject and CoCreateInstance after TreatAs and
 * before any manifest, on every thread; the class need not be registered. This release has no
 * activation across processes: what is for other processes only is kept and found by nobody.
 * Registrations of one class are independent; the oldest that is in effect serves. With
 * REGCLS_SUSPENDED the object is hidden until CoResumeClassObjects. REGCLS_AGILE makes no
 * difference, every object is. REGCLS_SURROGATE goes with CLSCTX_LOCAL_SERVER alone.
 *
 * Returns S_OK; E_INVALIDARG: the table, unknown flags, or a NULL; CO_E_NOTINITIALIZED.
 */
HRESULT CoRegisterClassObject(
    REFCLSID rclsid, LPUNKNOWN pUnk, DWORD dwClsContext, DWORD flags, LPDWORD lpdwRegister);

/*
 * CoRevokeClassObject: ends a registration. The reference is given back before it returns, or by a
 * later call of these functions when a thread is in the middle of an activation (the calling one as
 * well). E_INVALIDARG: no such number, or revoked already.
 */
HRESULT CoRevokeClassObject(DWORD dwRegister);

/* Shows every class object registered with REGCLS_SUSPENDED, or suspended since. S_OK. */
HRESULT CoResumeClassObjects(void);
/* Hides all; activations that have begun still end. S_OK. */
HRESULT CoSuspendClassObjects(void);

/*
 * Reasons for a server process to stay: its objects and LockServer(TRUE) call
 * CoAddRefServerProcess, their end and LockServer(FALSE) call CoReleaseServerProcess. Both return
 * what is left. With the last one all class objects are suspended in the same step, so that no new
 * activation slips in; then the program ends. A release too many has no effect.
 */
ULONG CoAddRefServerProcess(void);
ULONG CoReleaseServerProcess(void);

/*
 * CoFreeUnusedLibrariesEx: unmaps modules that nobody uses; call it when there is time.
 *
 * @dwUnloadDelay: milliseconds between a module's two answers; 0: at once; INFINITE: ten minutes
 * @dwReserved: 0, else nothing happens
 *
 * A module goes when its DllCanUnloadNow says S_OK twice: the first makes it a candidate, the
 * second, in a call at least the delay later, ends it. A candidate that serves an activation is
 * none any more. With delay 0 both are asked in one call, which also ends candidates that others
 * made; do that only when no thread can be on its way out of a module whose last object it has
 * released. Never unmapped: a module with Resident=true in its manifest, without DllCanUnloadNow,
 * or with objects, locks or class objects in use; and none while TESSERA_KEEP_MODULES is set.
 *
 * Never blocks: what an activation on another thread may be using is left for the next call, and so
 * is everything while another thread is in this function. CoUninitialize unmaps nothing.
 */
void CoFreeUnusedLibrariesEx(DWORD dwUnloadDelay, DWORD dwReserved);

/* CoFreeUnusedLibrariesEx(INFINITE, 0). */
void CoFreeUnusedLibraries(void);

/*
 * CoGetApartmentType: always APTTYPE_MTA; the qualifier is APTTYPEQUALIFIER_IMPLICIT_MTA on a
 * thread that did not call CoInitializeEx. CO_E_NOTINITIALIZED: nor did any other; E_INVALIDARG:
 * NULL.
 */
HRESULT CoGetApartmentType(APTTYPE *pAptType, APTTYPEQUALIFIER *pAptQualifier);

/*
 * Interfaces between threads. All are valid on every thread here; these keep their contracts for
 * source that has more apartments in mind, and hand over the object's own pointer.
 *
 * CoMarshalInterThreadInterfaceInStream: a stream that holds interface riid of pUnk, once.
 * CoGetInterfaceAndReleaseStream: takes it out, as interface iid; the stream is released in any
 *  case. CO_E_OBJNOTREG: it was taken before; RPC_E_INVALID_OBJREF: the stream holds no interface
 * of this process. A stream that is released in another way keeps the object for ever, as on
 * Windows.
 */
HRESULT CoMarshalInterThreadInterfaceInStream(REFIID riid, IUnknown *pUnk, IStream **ppStm);
HRESULT CoGetInterfaceAndReleaseStream(IStream *pStm, REFIID iid, LPVOID *ppv);

/*
 * CoCreateFreeThreadedMarshaler: an object with IMarshal and IAgileObject to be aggregated by one
 * that may be called from any thread, which all objects of this runtime may.
 *
 * @punkOuter: who aggregates; NULL: nobody
 * @ppunkMarshal: its own IUnknown
 */
HRESULT CoCreateFreeThreadedMarshaler(IUnknown *punkOuter, IUnknown **ppunkMarshal);

typedef enum AgileReferenceOptions {
	AGILEREFERENCE_DEFAULT = 0,
	AGILEREFERENCE_DELAYEDMARSHAL = 1
} AgileReferenceOptions;

/*
 * CoGetAgileReference: an object that keeps interface riid of pUnk and gives it to any thread.
 * E_NOINTERFACE: pUnk has none; E_INVALIDARG: unknown options, or NULL.
 */
HRESULT CoGetAgileReference(
    AgileReferenceOptions options, REFIID riid, IUnknown *pUnk, IAgileReference **ppAgileReference);

/*
 * The task allocator: memory that one component allocates and another frees.
 * CoTaskMemAlloc: cb bytes aligned to 16; cb 0 gives a pointer to free; NULL: no memory.
 * CoTaskMemRealloc: pv NULL allocates; cb 0 frees and returns NULL; on failure pv stays.
 * CoTaskMemFree: NULL is fine.
 */
LPVOID CoTaskMemAlloc(SIZE_T cb);
LPVOID CoTaskMemRealloc(LPVOID pv, SIZE_T cb);
void CoTaskMemFree(LPVOID pv);

/*
 * The task allocator as an object, the same for all. dwMemContext: 1, else E_INVALIDARG.
 * Its DidAlloc cannot tell whose a block is (-1).
 */
#define MEMCTX_TASK 1
HRESULT CoGetMalloc(DWORD dwMemContext, IMalloc **ppMalloc);

/*
 * Watching the task allocator (IMallocSpy in <objidl.h>); for tests. Allocations of any thread are
 * shown, one at a time, as long as a spy is there.
 *
 * CoRegisterMallocSpy: CO_E_OBJISREG: there is one; E_INVALIDARG: not an IMallocSpy.
 * CoRevokeMallocSpy: CO_E_OBJNOTREG: there is none; E_ACCESSDENIED: blocks made while it watched
 * are still there. Then new blocks are no longer shown, those are, and the spy leaves with the
 * last.
 */
HRESULT CoRegisterMallocSpy(IMallocSpy *pMallocSpy);
HRESULT CoRevokeMallocSpy(void);

/* A new identifier that nobody else has: 122 random bits. E_INVALIDARG: NULL. */
HRESULT CoCreateGuid(GUID *pguid);

/* Identifiers as text: {XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}, upper case, 38 characters. */

/* Writes text and NUL; returns the characters written (39), 0 when cchMax is smaller. */
int StringFromGUID2(REFGUID rguid, LPOLESTR lpsz, int cchMax);
/* The same, allocated; freed with CoTaskMemFree. E_OUTOFMEMORY; E_POINTER. */
HRESULT StringFromCLSID(REFCLSID rclsid, LPOLESTR *lplpsz);
HRESULT StringFromIID(REFIID rclsid, LPOLESTR *lplpsz);
/* Reads braces form in any case; other text is tried as a ProgID; NULL gives CLSID_NULL.
 * CO_E_CLASSSTRING. */
HRESULT CLSIDFromString(LPCOLESTR lpsz, CLSID *pclsid);
/* Reads braces form in any case; NULL gives IID_NULL. E_INVALIDARG: length; CO_E_IIDSTRING: a
 * digit. */
HRESULT IIDFromString(LPCOLESTR lpsz, IID *lpiid);
/* The class of a ProgID, with or without version, in any case. CO_E_CLASSSTRING: no such ProgID. */
HRESULT CLSIDFromProgID(LPCOLESTR lpszProgID, CLSID *lpclsid);
/* The same: on Windows it may install the class first, and nothing installs one by being asked. */
HRESULT CLSIDFromProgIDEx(LPCOLESTR lpszProgID, CLSID *lpclsid);
/* The ProgID of a class; freed with CoTaskMemFree. REGDB_E_CLASSNOTREG: no class, or it has none.
 */
HRESULT ProgIDFromCLSID(REFCLSID clsid, LPOLESTR *lplpszProgID);

/*
 * Global memory: movable blocks named by a handle. uFlags without GMEM_MOVEABLE gives NULL, because
 * there are no fixed blocks whose handle is their address. A block never moves while it is locked.
 * GlobalSize is the size asked for. GlobalLock returns the address, NULL for a bad handle; locks
 * count. GlobalUnlock: TRUE while still locked. GlobalReAlloc keeps content, zeroes what is added
 * with GMEM_ZEROINIT, and fails (NULL) while locked; the handle stays the same. Bytes are wiped
 * before they are given back to the system. GlobalFree: NULL on success, the handle itself when it
 * is bad.
 */
#define GMEM_FIXED 0x0000u
#define GMEM_MOVEABLE 0x0002u
#define GMEM_ZEROINIT 0x0040u
#define GHND (GMEM_MOVEABLE | GMEM_ZEROINIT)
HGLOBAL GlobalAlloc(UINT uFlags, SIZE_T dwBytes);
HGLOBAL GlobalReAlloc(HGLOBAL hMem, SIZE_T dwBytes, UINT uFlags);
LPVOID GlobalLock(HGLOBAL hMem);
BOOL GlobalUnlock(HGLOBAL hMem);
SIZE_T GlobalSize(HGLOBAL hMem);
HGLOBAL GlobalFree(HGLOBAL hMem);

/*
 * CreateStreamOnHGlobal: a stream on a movable block.
 * @hGlobal: the block, or NULL for a new empty one
 * @fDeleteOnRelease: the block is freed with the last reference to the stream and its clones
 */
HRESULT CreateStreamOnHGlobal(HGLOBAL hGlobal, BOOL fDeleteOnRelease, IStream **ppstm);
/* The block under a stream made so; it stays the stream's. E_INVALIDARG for other streams. */
HRESULT GetHGlobalFromStream(IStream *pstm, HGLOBAL *phglobal);

/* Exports of a module (in-process server); written by TESSERA_MODULE of <tessera_class.h>. */
STDAPI DllGetClassObject(REFCLSID rclsid, REFIID riid, LPVOID *ppv);
STDAPI DllCanUnloadNow(void);
/* Exports that a module may have beside: it writes its manifest where `comreg register` wants it,
 * takes it away again, or does either as a command line says. */
STDAPI DllRegisterServer(void);
STDAPI DllUnregisterServer(void);
STDAPI DllInstall(BOOL bInstall, LPCWSTR pszCmdLine);

#ifdef __cplusplus
}
#endif

#endif
