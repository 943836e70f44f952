/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Methods of published interfaces that may be called on any object: their tables, and calls that
 * are harmless everywhere. The tables are written out here because a kit that checks others takes
 * nothing from the headers that those others are built with.
 */
#ifndef TESSERA_RUNTIME_COMREG_CHECK_SLOTS_H
#define TESSERA_RUNTIME_COMREG_CHECK_SLOTS_H

#include "runtime/comreg/check_trial.h"

struct slots_persist {
	const struct {
		IUnknownVtbl unknown;
		HRESULT (*get_class_id)(void *, CLSID *);
	} * table;
};

struct slots_class_info {
	const struct {
		IUnknownVtbl unknown;
		HRESULT (*get_class_info)(void *, void **);
	} * table;
};

struct slots_service_provider {
	const struct {
		IUnknownVtbl unknown;
		HRESULT (*query_service)(void *, REFGUID, REFIID, void **);
	} * table;
};

struct slots_site {
	const struct {
		IUnknownVtbl unknown;
		HRESULT (*set_site)(void *, IUnknown *);
		HRESULT (*get_site)(void *, REFIID, void **);
	} * table;
};

struct slots_container {
	const struct slots_container_table {
		IUnknownVtbl unknown;
		HRESULT (*enum_points)(void *, void **);
		HRESULT (*find_point)(void *, REFIID, void **);
	} * table;
};

struct slots_point {
	const struct slots_point_table {
		IUnknownVtbl unknown;
		HRESULT (*get_interface)(void *, IID *);
		HRESULT (*get_container)(void *, void **);
		HRESULT (*advise)(void *, IUnknown *, DWORD *);
		HRESULT (*unadvise)(void *, DWORD);
		HRESULT (*enum_connections)(void *, void **);
	} * table;
};

/* All IEnumX have this shape. */
struct slots_enumerator {
	const struct slots_enumerator_table {
		IUnknownVtbl unknown;
		HRESULT (*next)(void *, ULONG, void *, ULONG *);
		HRESULT (*skip)(void *, ULONG);
		HRESULT (*reset)(void *);
		HRESULT (*clone)(void *, void **);
	} * table;
};

/* The object's published interface of that name; NULL: it was not found to answer it. */
IUnknown *check_slots_face(struct trial *trial, IUnknown *object, const char *interface);

/* Told after each call, before what it gave is released. */
typedef void (*check_slots_seen)(
    struct trial *trial, IUnknown *object, const char *interface, const char *method, HRESULT hr);

/* Calls what gives something back, and releases that. @seen: may be NULL */
void check_slots_use(struct trial *trial, IUnknown *object, check_slots_seen seen);
/* Calls with NULL for each result; false: the object has no such interface. */
bool check_slots_null(struct trial *trial, IUnknown *object);
/* Part of that: methods that are called for nothing else. */
bool check_slots_null_more(struct trial *trial, IUnknown *object);
/* Calls that fail. @before: each; @seen: of those that did */
void check_slots_fail(
    struct trial *trial, IUnknown *object, void (*before)(void), check_slots_seen seen);
/* Calls that fail; false: the object has no such interface. */
bool check_slots_cleared(struct trial *trial, IUnknown *object);

#endif
