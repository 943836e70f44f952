/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tables of facts about the binary interface, one row a fact, and their comparison. The expected
 * side of every row is written by hand from the published tables, never taken from a header.
 */
#ifndef TESTS_UNIT_ABI_TABLE_H
#define TESTS_UNIT_ABI_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include <wtypes.h>

#define ABI_COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* A number: a size, an offset, a truth. */
struct abi_fact {
	const char *text;
	unsigned long long actual;
	unsigned long long expected;
};
#define ABI_FACT(expression, expected)                                  \
	{                                                               \
#expression, (unsigned long long)(expression), expected \
	}
#define ABI_SAME_TYPE(a, b) ABI_FACT(__builtin_types_compatible_p(a, b), 1)
void abi_check_facts(const struct abi_fact *facts, size_t count);

/* A constant of 32 bits: its value, and that it has no more than 32 bits. */
struct abi_constant {
	const char *name;
	uint32_t actual;
	size_t size;
	uint32_t expected;
};
#define ABI_CONSTANT(name, expected)                            \
	{                                                       \
#name, (uint32_t)(name), sizeof(name), expected \
	}
void abi_check_constants(const struct abi_constant *constants, size_t count);

/* A method: its place in the table of functions, and its result and parameters. */
struct abi_slot {
	unsigned slot;
	const char *name;
	size_t offset;
	int same_signature;
};
#define ABI_SLOT(iface, slot, method, result, parameters)                                \
	{                                                                                \
		slot, #iface "::" #method, offsetof(iface##Vtbl, method),                \
		    __builtin_types_compatible_p(                                        \
			__typeof__(((iface##Vtbl *)NULL)->method), result(*) parameters) \
	}
#define ABI_UNKNOWN_SLOTS(iface)                                                       \
	ABI_SLOT(iface, 0, QueryInterface, HRESULT, (iface *, const GUID *, void **)), \
	    ABI_SLOT(iface, 1, AddRef, ULONG, (iface *)),                              \
	    ABI_SLOT(iface, 2, Release, ULONG, (iface *))
#define ABI_DISPATCH_SLOTS(iface)                                                                 \
	ABI_UNKNOWN_SLOTS(iface),                                                                 \
	    ABI_SLOT(iface, 3, GetTypeInfoCount, HRESULT, (iface *, UINT *)),                     \
	    ABI_SLOT(iface, 4, GetTypeInfo, HRESULT, (iface *, UINT, LCID, ITypeInfo **)),        \
	    ABI_SLOT(iface, 5, GetIDsOfNames, HRESULT,                                            \
		(iface *, const GUID *, LPOLESTR *, UINT, LCID, DISPID *)),                       \
	    ABI_SLOT(iface, 6, Invoke, HRESULT,                                                   \
		(iface *, DISPID, const GUID *, LCID, WORD, DISPPARAMS *, VARIANT *, EXCEPINFO *, \
		    UINT *))
/* The rows are all the slots in order, nothing else is in the table of functions. */
void abi_check_slots(const struct abi_slot *slots, size_t count, size_t table_size);
#define ABI_CHECK_SLOTS(iface, slots) abi_check_slots(slots, ABI_COUNT(slots), sizeof(iface##Vtbl))

/* An identifier: its 16 bytes in memory against its text. */
struct abi_identifier {
	const char *name;
	const GUID *actual;
	const char *text;
};
#define ABI_IDENTIFIER(name, text)   \
	{                            \
#name, &(name), text \
	}
void abi_check_identifiers(const struct abi_identifier *identifiers, size_t count);

#endif
