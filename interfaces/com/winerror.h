/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * HRESULT: the result of every COM method. Bit 31 set means failure; bits 16 to 26 name the
 * facility that defined the code, bits 0 to 15 the code. Values and spelling are those of the
 * Windows SDK.
 *
 * Test with SUCCEEDED and FAILED. `== S_OK` is right only for a method that documents S_FALSE as
 * "no". A failure code that you do not know is to be treated as E_UNEXPECTED. The smart card codes
 * (facility 0x10) are in <scarderr.h>; they are HRESULTs already and are passed on unchanged.
 */
#ifndef WINERROR_H
#define WINERROR_H

#include <wtypes.h>

#define SUCCEEDED(hr) ((HRESULT)(hr) >= 0)
#define FAILED(hr) ((HRESULT)(hr) < 0)
#define IS_ERROR(hr) ((((DWORD)(hr)) >> 31) == SEVERITY_ERROR)

#define SEVERITY_SUCCESS 0u
#define SEVERITY_ERROR 1u

#define FACILITY_NULL 0
#define FACILITY_RPC 1
#define FACILITY_DISPATCH 2
#define FACILITY_STORAGE 3
#define FACILITY_ITF 4 /* meaning set by the interface; authors use 0x0200 to 0xFFFF */
#define FACILITY_WIN32 7
#define FACILITY_WINDOWS 8
#define FACILITY_SECURITY 9
#define FACILITY_SSPI 9
#define FACILITY_CONTROL 10
#define FACILITY_CERT 11
#define FACILITY_INTERNET 12
#define FACILITY_SCARD 16

#define HRESULT_CODE(hr) ((hr)&0xFFFF)
#define HRESULT_FACILITY(hr) ((int)(((DWORD)(hr) >> 16) & 0x7FFu))
#define HRESULT_SEVERITY(hr) ((DWORD)(hr) >> 31)
#define SCODE_CODE(sc) HRESULT_CODE(sc)
#define SCODE_FACILITY(sc) HRESULT_FACILITY(sc)
#define SCODE_SEVERITY(sc) HRESULT_SEVERITY(sc)

/* MAKE_HRESULT(SEVERITY_ERROR, FACILITY_ITF, 0x200): a constant expression if its arguments are. */
#define MAKE_HRESULT(severity, facility, code) \
	((HRESULT)(((DWORD)(severity) << 31) | ((DWORD)(facility) << 16) | ((DWORD)(code))))
#define MAKE_SCODE(severity, facility, code) MAKE_HRESULT(severity, facility, code)

/*
 * A Win32 code or the LONG result of a winscard function as HRESULT: 0 stays 0, what is negative is
 * an HRESULT already and stays, the rest gets FACILITY_WIN32. The form with underscores evaluates
 * its argument more than once and can stand in a constant expression.
 */
#define HRESULT_FROM_WIN32(code) tessera_hresult_from_win32((LONG)(code))
#define __HRESULT_FROM_WIN32(code)           \
	((LONG)(code) <= 0 ? (HRESULT)(code) \
			   : MAKE_HRESULT(SEVERITY_ERROR, FACILITY_WIN32, (DWORD)(code)&0xFFFFu))

static inline HRESULT
tessera_hresult_from_win32(LONG code)
{
	return __HRESULT_FROM_WIN32(code);
}

/* clang-format off */

/* General. */
#define S_OK ((HRESULT)0x00000000) /* done */
#define S_FALSE ((HRESULT)0x00000001) /* done, and the answer is no */
#define E_NOTIMPL ((HRESULT)0x80004001) /* not implemented */
#define E_NOINTERFACE ((HRESULT)0x80004002) /* interface not supported */
#define E_POINTER ((HRESULT)0x80004003) /* a required pointer is NULL */
#define E_ABORT ((HRESULT)0x80004004) /* aborted */
#define E_FAIL ((HRESULT)0x80004005) /* failed, cause unknown */
#define E_PENDING ((HRESULT)0x8000000A) /* data not there yet */
#define E_BOUNDS ((HRESULT)0x8000000B) /* index out of bounds */
#define E_UNEXPECTED ((HRESULT)0x8000FFFF) /* impossible in this state */
#define E_ACCESSDENIED ((HRESULT)0x80070005) /* access denied */
#define E_HANDLE ((HRESULT)0x80070006) /* invalid handle */
#define E_OUTOFMEMORY ((HRESULT)0x8007000E) /* out of memory */
#define E_INVALIDARG ((HRESULT)0x80070057) /* an argument is not acceptable */

/* Activation: class objects, registry, categories. */
#define CLASS_E_NOAGGREGATION ((HRESULT)0x80040110) /* class cannot be aggregated */
#define CLASS_E_CLASSNOTAVAILABLE ((HRESULT)0x80040111) /* module does not serve this class */
#define CLASS_E_NOTLICENSED ((HRESULT)0x80040112) /* no licence to create this class */
#define CO_S_NOTALLINTERFACES ((HRESULT)0x00080012) /* some interfaces asked for are missing */
#define REGDB_E_READREGDB ((HRESULT)0x80040150) /* registry cannot be read */
#define REGDB_E_WRITEREGDB ((HRESULT)0x80040151) /* registry cannot be written */
#define REGDB_E_KEYMISSING ((HRESULT)0x80040152) /* registry entry missing */
#define REGDB_E_INVALIDVALUE ((HRESULT)0x80040153) /* registry value not valid */
#define REGDB_E_CLASSNOTREG ((HRESULT)0x80040154) /* class not registered */
#define REGDB_E_IIDNOTREG ((HRESULT)0x80040155) /* interface not registered */
#define CAT_E_CATIDNOEXIST ((HRESULT)0x80040160) /* category does not exist */
#define CAT_E_NODESCRIPTION ((HRESULT)0x80040161) /* category has no description */
#define SELFREG_E_TYPELIB ((HRESULT)0x80040200) /* type library not registered */
#define SELFREG_E_CLASS ((HRESULT)0x80040201) /* class not registered */
#define CO_E_NOTINITIALIZED ((HRESULT)0x800401F0) /* CoInitializeEx was not called */
#define CO_E_ALREADYINITIALIZED ((HRESULT)0x800401F1) /* already initialised */
#define CO_E_CANTDETERMINECLASS ((HRESULT)0x800401F2) /* class of the object unknown */
#define CO_E_CLASSSTRING ((HRESULT)0x800401F3) /* not the text of a class id */
#define CO_E_IIDSTRING ((HRESULT)0x800401F4) /* not the text of an interface id */
#define CO_E_APPNOTFOUND ((HRESULT)0x800401F5) /* application not found */
#define CO_E_APPSINGLEUSE ((HRESULT)0x800401F6) /* application serves one client only */
#define CO_E_ERRORINAPP ((HRESULT)0x800401F7) /* error in the application */
#define CO_E_DLLNOTFOUND ((HRESULT)0x800401F8) /* module file not found */
#define CO_E_ERRORINDLL ((HRESULT)0x800401F9) /* module cannot be loaded */
#define CO_E_WRONGOSFORAPP ((HRESULT)0x800401FA) /* application is for another system */
#define CO_E_OBJNOTREG ((HRESULT)0x800401FB) /* object not registered */
#define CO_E_OBJISREG ((HRESULT)0x800401FC) /* object already registered */
#define CO_E_OBJNOTCONNECTED ((HRESULT)0x800401FD) /* object not connected */
#define CO_E_APPDIDNTREG ((HRESULT)0x800401FE) /* application registered no class object */
#define CO_E_RELEASED ((HRESULT)0x800401FF) /* object already released */
#define CO_E_CLASS_CREATE_FAILED ((HRESULT)0x80080001) /* class object not created */
#define CO_E_SERVER_EXEC_FAILURE ((HRESULT)0x80080005) /* server did not run */
#define CO_E_SERVER_STOPPING ((HRESULT)0x80080008) /* server is stopping */
#define CO_E_CANT_REMOTE ((HRESULT)0x80004013) /* operation cannot be remote */
#define CO_E_CREATEPROCESS_FAILURE ((HRESULT)0x80004018) /* server process not created */
#define CO_E_LAUNCH_PERMSSION_DENIED ((HRESULT)0x8000401B) /* launch refused; name as on Windows */
#define CO_E_SERVER_START_TIMEOUT ((HRESULT)0x8000401E) /* server did not register in time */
#define CO_E_NOT_SUPPORTED ((HRESULT)0x80004021) /* e.g. a threading model */
#define CO_E_CLASS_DISABLED ((HRESULT)0x80004027) /* class disabled by the administrator */
#define CO_E_SERVER_INIT_TIMEOUT ((HRESULT)0x8000402A) /* server did not initialise in time */

/* Connection points. Values shared with SELFREG_E_*: FACILITY_ITF means what the interface says. */
#define CONNECT_E_NOCONNECTION ((HRESULT)0x80040200) /* no such connection */
#define CONNECT_E_ADVISELIMIT ((HRESULT)0x80040201) /* no room for another sink */
#define CONNECT_E_CANNOTCONNECT ((HRESULT)0x80040202) /* sink not suitable */
#define CONNECT_E_OVERRIDDEN ((HRESULT)0x80040203) /* overridden by a derived connection */

/* Calls between threads and processes. */
#define RPC_E_CALL_REJECTED ((HRESULT)0x80010001) /* callee refused */
#define RPC_E_CALL_CANCELED ((HRESULT)0x80010002) /* call cancelled */
#define RPC_E_CONNECTION_TERMINATED ((HRESULT)0x80010006) /* connection ended */
#define RPC_E_SERVER_DIED ((HRESULT)0x80010007) /* callee died, may have run the call */
#define RPC_E_CLIENT_DIED ((HRESULT)0x80010008) /* caller died */
#define RPC_E_INVALID_DATAPACKET ((HRESULT)0x80010009) /* packet not valid */
#define RPC_E_CLIENT_CANTMARSHAL_DATA ((HRESULT)0x8001000B) /* client cannot pack */
#define RPC_E_CLIENT_CANTUNMARSHAL_DATA ((HRESULT)0x8001000C) /* client cannot unpack */
#define RPC_E_SERVER_CANTMARSHAL_DATA ((HRESULT)0x8001000D) /* server cannot pack */
#define RPC_E_SERVER_CANTUNMARSHAL_DATA ((HRESULT)0x8001000E) /* server cannot unpack */
#define RPC_E_INVALID_DATA ((HRESULT)0x8001000F) /* data not valid */
#define RPC_E_SERVER_DIED_DNE ((HRESULT)0x80010012) /* callee died, did not run the call */
#define RPC_E_SYS_CALL_FAILED ((HRESULT)0x80010100) /* system call failed */
#define RPC_E_OUT_OF_RESOURCES ((HRESULT)0x80010101) /* out of resources */
#define RPC_E_NOT_REGISTERED ((HRESULT)0x80010103) /* interface not registered for calls */
#define RPC_E_FAULT ((HRESULT)0x80010104) /* fault in the call */
#define RPC_E_SERVERFAULT ((HRESULT)0x80010105) /* callee raised an exception */
#define RPC_E_CHANGED_MODE ((HRESULT)0x80010106) /* thread has the other threading model */
#define RPC_E_INVALIDMETHOD ((HRESULT)0x80010107) /* no such method */
#define RPC_E_DISCONNECTED ((HRESULT)0x80010108) /* object disconnected from its clients */
#define RPC_E_SERVERCALL_RETRYLATER ((HRESULT)0x8001010A) /* callee busy, retry */
#define RPC_E_WRONG_THREAD ((HRESULT)0x8001010E) /* interface belongs to another thread */
#define RPC_E_THREAD_NOT_INIT ((HRESULT)0x8001010F) /* thread not initialised */
#define RPC_E_VERSION_MISMATCH ((HRESULT)0x80010110) /* versions do not match */
#define RPC_E_INVALID_HEADER ((HRESULT)0x80010111) /* header not valid */
#define RPC_E_INVALID_IPID ((HRESULT)0x80010113) /* interface pointer id not valid */
#define RPC_E_INVALID_OBJECT ((HRESULT)0x80010114) /* object does not exist */
#define RPC_E_CALL_COMPLETE ((HRESULT)0x80010117) /* call already complete */
#define RPC_E_ACCESS_DENIED ((HRESULT)0x8001011B) /* access denied */
#define RPC_E_INVALID_OBJREF ((HRESULT)0x8001011D) /* object reference not valid */
#define RPC_E_TIMEOUT ((HRESULT)0x8001011F) /* call took too long */
#define RPC_E_UNEXPECTED ((HRESULT)0x8001FFFF) /* internal error */

/* Automation. */
#define DISP_E_UNKNOWNINTERFACE ((HRESULT)0x80020001) /* riid is not IID_NULL */
#define DISP_E_MEMBERNOTFOUND ((HRESULT)0x80020003) /* no such member */
#define DISP_E_PARAMNOTFOUND ((HRESULT)0x80020004) /* no such parameter; marks an omitted one */
#define DISP_E_TYPEMISMATCH ((HRESULT)0x80020005) /* type cannot be converted */
#define DISP_E_UNKNOWNNAME ((HRESULT)0x80020006) /* name not known */
#define DISP_E_NONAMEDARGS ((HRESULT)0x80020007) /* named arguments not supported */
#define DISP_E_BADVARTYPE ((HRESULT)0x80020008) /* not a type a VARIANT can have */
#define DISP_E_EXCEPTION ((HRESULT)0x80020009) /* see the EXCEPINFO */
#define DISP_E_OVERFLOW ((HRESULT)0x8002000A) /* value out of range */
#define DISP_E_BADINDEX ((HRESULT)0x8002000B) /* index out of range */
#define DISP_E_UNKNOWNLCID ((HRESULT)0x8002000C) /* locale not known */
#define DISP_E_ARRAYISLOCKED ((HRESULT)0x8002000D) /* array is locked */
#define DISP_E_BADPARAMCOUNT ((HRESULT)0x8002000E) /* wrong number of arguments */
#define DISP_E_PARAMNOTOPTIONAL ((HRESULT)0x8002000F) /* a required argument is missing */
#define DISP_E_BADCALLEE ((HRESULT)0x80020010) /* callee not valid */
#define DISP_E_NOTACOLLECTION ((HRESULT)0x80020011) /* not a collection */
#define DISP_E_DIVBYZERO ((HRESULT)0x80020012) /* division by zero */

/* Type information. */
#define TYPE_E_BUFFERTOOSMALL ((HRESULT)0x80028016) /* buffer too small */
#define TYPE_E_INVDATAREAD ((HRESULT)0x80028018) /* type library damaged */
#define TYPE_E_UNSUPFORMAT ((HRESULT)0x80028019) /* type library of another format */
#define TYPE_E_REGISTRYACCESS ((HRESULT)0x8002801C) /* registry cannot be used */
#define TYPE_E_LIBNOTREGISTERED ((HRESULT)0x8002801D) /* type library not registered */
#define TYPE_E_UNDEFINEDTYPE ((HRESULT)0x80028027) /* type not defined */
#define TYPE_E_QUALIFIEDNAMEDISALLOWED ((HRESULT)0x80028028) /* qualified name not allowed */
#define TYPE_E_INVALIDSTATE ((HRESULT)0x80028029) /* invalid state */
#define TYPE_E_WRONGTYPEKIND ((HRESULT)0x8002802A) /* wrong kind of type */
#define TYPE_E_ELEMENTNOTFOUND ((HRESULT)0x8002802B) /* element not found */
#define TYPE_E_AMBIGUOUSNAME ((HRESULT)0x8002802C) /* name ambiguous */
#define TYPE_E_NAMECONFLICT ((HRESULT)0x8002802D) /* name used twice */
#define TYPE_E_UNKNOWNLCID ((HRESULT)0x8002802E) /* locale not known */
#define TYPE_E_BADMODULEKIND ((HRESULT)0x800288BD) /* wrong kind of module */
#define TYPE_E_DUPLICATEID ((HRESULT)0x800288C6) /* id used twice */
#define TYPE_E_INVALIDID ((HRESULT)0x800288CF) /* id not valid */
#define TYPE_E_TYPEMISMATCH ((HRESULT)0x80028CA0) /* types do not match */
#define TYPE_E_OUTOFBOUNDS ((HRESULT)0x80028CA1) /* out of bounds */
#define TYPE_E_IOERROR ((HRESULT)0x80028CA2) /* input or output failed */
#define TYPE_E_CANTLOADLIBRARY ((HRESULT)0x80029C4A) /* type library cannot be loaded */
#define TYPE_E_CIRCULARTYPE ((HRESULT)0x80029C84) /* type contains itself */

/* Streams and storage. */
#define STG_E_INVALIDFUNCTION ((HRESULT)0x80030001) /* operation not possible here */
#define STG_E_FILENOTFOUND ((HRESULT)0x80030002) /* file not found */
#define STG_E_PATHNOTFOUND ((HRESULT)0x80030003) /* path not found */
#define STG_E_TOOMANYOPENFILES ((HRESULT)0x80030004) /* too many open files */
#define STG_E_ACCESSDENIED ((HRESULT)0x80030005) /* access denied */
#define STG_E_INVALIDHANDLE ((HRESULT)0x80030006) /* invalid handle */
#define STG_E_INSUFFICIENTMEMORY ((HRESULT)0x80030008) /* out of memory */
#define STG_E_INVALIDPOINTER ((HRESULT)0x80030009) /* a required pointer is NULL */
#define STG_E_SEEKERROR ((HRESULT)0x80030019) /* position not valid */
#define STG_E_WRITEFAULT ((HRESULT)0x8003001D) /* write failed */
#define STG_E_READFAULT ((HRESULT)0x8003001E) /* read failed */
#define STG_E_SHAREVIOLATION ((HRESULT)0x80030020) /* in use by another */
#define STG_E_LOCKVIOLATION ((HRESULT)0x80030021) /* region locked by another */
#define STG_E_FILEALREADYEXISTS ((HRESULT)0x80030050) /* file exists */
#define STG_E_INVALIDPARAMETER ((HRESULT)0x80030057) /* an argument is not acceptable */
#define STG_E_MEDIUMFULL ((HRESULT)0x80030070) /* no space left */
#define STG_E_INVALIDNAME ((HRESULT)0x800300FC) /* name not valid */
#define STG_E_INVALIDFLAG ((HRESULT)0x800300FF) /* flag not valid */
#define STG_E_REVERTED ((HRESULT)0x80030102) /* object reverted */
#define STG_E_CANTSAVE ((HRESULT)0x80030103) /* cannot save */

/* Monikers. */
#define MK_E_EXCEEDEDDEADLINE ((HRESULT)0x800401E1) /* time limit passed */
#define MK_E_UNAVAILABLE ((HRESULT)0x800401E3) /* object not available */
#define MK_E_SYNTAX ((HRESULT)0x800401E4) /* name cannot be parsed */
#define MK_E_NOOBJECT ((HRESULT)0x800401E5) /* no such object */
#define MK_E_INTERMEDIATEINTERFACENOTSUPPORTED ((HRESULT)0x800401E7) /* interface missing */
#define MK_E_NOTBINDABLE ((HRESULT)0x800401E8) /* cannot be bound */
#define MK_E_CANTOPENFILE ((HRESULT)0x800401EA) /* file cannot be opened */
#define MK_E_NOINVERSE ((HRESULT)0x800401EC) /* no inverse */
#define MK_E_NOSTORAGE ((HRESULT)0x800401ED) /* no storage */
#define MK_E_NOPREFIX ((HRESULT)0x800401EE) /* no common prefix */
#define MK_S_REDUCED_TO_SELF ((HRESULT)0x000401E2) /* already in simplest form */
#define MK_S_ME ((HRESULT)0x000401E4) /* common prefix is this one */
#define MK_S_HIM ((HRESULT)0x000401E5) /* common prefix is the other one */
#define MK_S_MONIKERALREADYREGISTERED ((HRESULT)0x000401E7) /* registered before; a success */

/* clang-format on */

/*
 * Win32 codes. The winscard functions return some of them as they are; as HRESULTs they are wrapped
 * by HRESULT_FROM_WIN32.
 */
#define NO_ERROR 0
#define NOERROR 0
#define ERROR_SUCCESS 0
#define ERROR_INVALID_FUNCTION 1 /* the reader driver does not know the control code */
#define ERROR_FILE_NOT_FOUND 2
#define ERROR_PATH_NOT_FOUND 3
#define ERROR_ACCESS_DENIED 5
#define ERROR_INVALID_HANDLE 6 /* context or card handle is 0, unknown or released */
#define ERROR_NOT_ENOUGH_MEMORY 8
#define ERROR_BAD_FORMAT 11
#define ERROR_OUTOFMEMORY 14
#define ERROR_NOT_READY 21
#define ERROR_BAD_COMMAND 22 /* the reader refuses the command */
#define ERROR_GEN_FAILURE 31 /* the reader does not work */
#define ERROR_SHARING_VIOLATION 32
#define ERROR_NOT_SUPPORTED 50 /* the attribute is not supported */
#define ERROR_FILE_EXISTS 80
#define ERROR_INVALID_PARAMETER 87
#define ERROR_BROKEN_PIPE 109 /* the session has no smart card redirection */
#define ERROR_SEM_TIMEOUT 121
#define ERROR_INSUFFICIENT_BUFFER 122
#define ERROR_MOD_NOT_FOUND 126
#define ERROR_PROC_NOT_FOUND 127
#define ERROR_BUSY 170
#define ERROR_ALREADY_EXISTS 183
#define ERROR_BAD_EXE_FORMAT 193
#define ERROR_MORE_DATA 234
#define ERROR_OPERATION_ABORTED 995
#define ERROR_IO_DEVICE 1117 /* input or output with the reader failed */
#define ERROR_DEVICE_NOT_CONNECTED 1167
#define ERROR_NOT_FOUND 1168
#define ERROR_CANCELLED 1223
#define ERROR_TIMEOUT 1460
#define RPC_S_SERVER_UNAVAILABLE 1722 /* wrapped: 0x800706BA */
#define RPC_S_CALL_FAILED 1726        /* wrapped: 0x800706BE */

#endif
