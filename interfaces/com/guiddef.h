/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * GUID: the 16-byte identifier of interfaces (IID), classes (CLSID), categories (CATID), formats.
 *
 * DEFINE_GUID(name, ...) normally only declares `name`; its definition comes from libtessera-uuid.a
 * (for the identifiers of Tessera) or from the `_i.c` file that comidl writes (for yours). A source
 * file that includes <initguid.h> first defines every identifier it sees instead. Definitions are
 * weak and hidden: any number of objects may carry one, each module keeps its own copy, and no
 * module's constant is ever replaced by another's.
 */
#ifndef GUIDDEF_H
#define GUIDDEF_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * Layouts are part of the binary interface, so whoever includes a header has them checked by his
 * own compiler and with his own options: after TESSERA_LAYOUT of a type its members. Windows's
 * 64-bit layouts are those of LP64; there is no promise elsewhere.
 */
#ifndef __LP64__
#define TESSERA_ASSERT_LAYOUT(condition) typedef int tessera_no_layout
#elif defined(__cplusplus)
#define TESSERA_ASSERT_LAYOUT(condition) static_assert(condition, "layout of the binary interface")
#else
#define TESSERA_ASSERT_LAYOUT(condition) _Static_assert(condition, "layout of the binary interface")
#endif
#ifdef __cplusplus
#define TESSERA_LAYOUT(type, size, alignment) \
	TESSERA_ASSERT_LAYOUT(sizeof(type) == (size) && alignof(type) == (alignment))
#else
#define TESSERA_LAYOUT(type, size, alignment) \
	TESSERA_ASSERT_LAYOUT(sizeof(type) == (size) && _Alignof(type) == (alignment))
#endif
#define TESSERA_MEMBER_AT(type, member, offset) \
	TESSERA_ASSERT_LAYOUT(offsetof(type, member) == (offset))

#ifdef __cplusplus
#define EXTERN_C extern "C"
#define TESSERA_GUID_STORAGE extern "C"
#else
#define EXTERN_C extern
#define TESSERA_GUID_STORAGE
#endif

#ifndef GUID_DEFINED
#define GUID_DEFINED
typedef struct _GUID {
	uint32_t Data1;
	uint16_t Data2;
	uint16_t Data3;
	uint8_t Data4[8];
} GUID;
#endif
TESSERA_LAYOUT(GUID, 16, 4);
TESSERA_MEMBER_AT(GUID, Data1, 0);
TESSERA_MEMBER_AT(GUID, Data2, 4);
TESSERA_MEMBER_AT(GUID, Data3, 6);
TESSERA_MEMBER_AT(GUID, Data4, 8);

typedef GUID UUID;
typedef GUID IID;
typedef GUID CLSID;
typedef GUID CATID;
typedef GUID FMTID;
typedef GUID *LPGUID;
typedef const GUID *LPCGUID;
typedef IID *LPIID;
typedef CLSID *LPCLSID;

/* Identifiers are passed by constant reference; never NULL. */
#ifdef __cplusplus
typedef const GUID &REFGUID;
typedef const IID &REFIID;
typedef const CLSID &REFCLSID;
typedef const CATID &REFCATID;
typedef const FMTID &REFFMTID;
#else
typedef const GUID *REFGUID;
typedef const IID *REFIID;
typedef const CLSID *REFCLSID;
typedef const CATID *REFCATID;
typedef const FMTID *REFFMTID;
#endif

/* One initialiser, whether the identifier is declared, defined or part of a table. */
#define TESSERA_GUID_INIT(l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8)   \
	{                                                              \
		(l), (w1), (w2),                                       \
		{                                                      \
			(b1), (b2), (b3), (b4), (b5), (b6), (b7), (b8) \
		}                                                      \
	}

#define TESSERA_GUID_DECLARE(name) EXTERN_C const GUID name
#define TESSERA_GUID_DEFINE(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8)               \
	EXTERN_C const GUID name;                                                          \
	TESSERA_GUID_STORAGE __attribute__((weak, visibility("hidden"))) const GUID name = \
	    TESSERA_GUID_INIT(l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8)

/* Equality of all 16 bytes; version and variant bits carry no meaning. */
#ifdef __cplusplus
inline int
IsEqualGUID(REFGUID a, REFGUID b)
{
	return memcmp(&a, &b, sizeof(GUID)) == 0;
}
inline bool
operator==(REFGUID a, REFGUID b)
{
	return IsEqualGUID(a, b) != 0;
}
inline bool
operator!=(REFGUID a, REFGUID b)
{
	return IsEqualGUID(a, b) == 0;
}
#else
static inline int
IsEqualGUID(REFGUID a, REFGUID b)
{
	return memcmp(a, b, sizeof(GUID)) == 0;
}
#endif
#define IsEqualIID(a, b) IsEqualGUID(a, b)
#define IsEqualCLSID(a, b) IsEqualGUID(a, b)

#endif

/* Outside the guard: <initguid.h> may change the meaning for the headers that follow it. */
#undef DEFINE_GUID
#ifdef INITGUID
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8) \
	TESSERA_GUID_DEFINE(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8)
#else
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8) TESSERA_GUID_DECLARE(name)
#endif
#undef DEFINE_OLEGUID
#define DEFINE_OLEGUID(name, l, w1, w2) \
	DEFINE_GUID(name, l, w1, w2, 0xC0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
