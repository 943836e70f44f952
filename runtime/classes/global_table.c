/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * StdGlobalInterfaceTable. Objects of the class are thin: whichever a client makes, it speaks to
 * the one table of the process, and numbers outlive the object they were got from.
 *
 * An entry is shared by the table and those who are just reading it, so that objects, which are
 * foreign code, are asked and released without the lock.
 */
#include <pthread.h>
#include <stdbool.h>

#include <glib.h>

#include "runtime/classes/classes.h"

#define ENTRIES_MAX 1000000u

struct entry {
	IUnknown *object;
};

struct global_table {
	struct tessera_object object;
	TESSERA_INTERFACE(IGlobalInterfaceTable) table;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static GHashTable *entries; /* number to struct entry, an atomic reference-counted box */
static DWORD last_cookie;

static void
release_object(void *data)
{
	struct entry *entry = data;

	entry->object->lpVtbl->Release(entry->object);
}

static void
entry_unref(struct entry *entry)
{
	g_atomic_rc_box_release_full(entry, release_object);
}

/* With the lock held. A number comes back only after all others have been used. */
static DWORD
new_cookie(void)
{
	do
		last_cookie++;
	while (last_cookie == 0 || g_hash_table_contains(entries, GUINT_TO_POINTER(last_cookie)));
	return last_cookie;
}

/* Takes over the reference to `object` if it succeeds. */
static HRESULT
add(IUnknown *object, DWORD *ret_cookie)
{
	struct entry *entry;
	HRESULT hr = S_OK;

	pthread_mutex_lock(&lock);
	if (entries == NULL)
		entries = g_hash_table_new(NULL, NULL);
	if (g_hash_table_size(entries) >= ENTRIES_MAX) {
		hr = E_OUTOFMEMORY;
	} else {
		entry = g_atomic_rc_box_new(struct entry);
		entry->object = object;
		*ret_cookie = new_cookie();
		g_hash_table_insert(entries, GUINT_TO_POINTER(*ret_cookie), entry);
	}
	pthread_mutex_unlock(&lock);
	return hr;
}

/* The entry, for the caller to give back; NULL: no such number. */
static struct entry *
find(DWORD cookie, bool and_remove)
{
	struct entry *entry = NULL;

	pthread_mutex_lock(&lock);
	if (entries != NULL)
		entry = g_hash_table_lookup(entries, GUINT_TO_POINTER(cookie));
	if (entry != NULL && and_remove)
		g_hash_table_remove(entries, GUINT_TO_POINTER(cookie));
	else if (entry != NULL)
		g_atomic_rc_box_acquire(entry);
	pthread_mutex_unlock(&lock);
	return entry;
}

static HRESULT
no_such_cookie(DWORD cookie)
{
	return tessera_error(E_INVALIDARG, &IID_IGlobalInterfaceTable, "StdGlobalInterfaceTable",
	    "the global interface table has no interface with the number 0x%X; it was never "
	    "registered, or has been revoked",
	    cookie);
}

static HRESULT
table_RegisterInterfaceInGlobal(
    IGlobalInterfaceTable *iface, IUnknown *pUnk, REFIID riid, DWORD *pdwCookie)
{
	IUnknown *object = NULL;
	HRESULT hr;

	(void)iface;
	if (pdwCookie == NULL)
		return E_INVALIDARG;
	*pdwCookie = 0;
	if (pUnk == NULL || riid == NULL)
		return E_INVALIDARG;
	hr = pUnk->lpVtbl->QueryInterface(pUnk, riid, (void **)&object);
	if (FAILED(hr))
		return hr;
	hr = add(object, pdwCookie);
	if (FAILED(hr))
		object->lpVtbl->Release(object);
	return hr;
}

static HRESULT
table_RevokeInterfaceFromGlobal(IGlobalInterfaceTable *iface, DWORD dwCookie)
{
	struct entry *entry = find(dwCookie, true);

	(void)iface;
	if (entry == NULL)
		return no_such_cookie(dwCookie);
	entry_unref(entry);
	return S_OK;
}

static HRESULT
table_GetInterfaceFromGlobal(IGlobalInterfaceTable *iface, DWORD dwCookie, REFIID riid, void **ppv)
{
	struct entry *entry;
	HRESULT hr;

	(void)iface;
	if (ppv == NULL)
		return E_POINTER;
	*ppv = NULL;
	if (riid == NULL)
		return E_INVALIDARG;
	entry = find(dwCookie, false);
	if (entry == NULL)
		return no_such_cookie(dwCookie);
	hr = entry->object->lpVtbl->QueryInterface(entry->object, riid, ppv);
	entry_unref(entry);
	return hr;
}

static const IGlobalInterfaceTableVtbl table_vtbl = {
	TESSERA_UNKNOWN_SLOTS(IGlobalInterfaceTable),
	.RegisterInterfaceInGlobal = table_RegisterInterfaceInGlobal,
	.RevokeInterfaceFromGlobal = table_RevokeInterfaceFromGlobal,
	.GetInterfaceFromGlobal = table_GetInterfaceFromGlobal,
};

static const struct tessera_interface global_table_interfaces[] = {
	{ &IID_IGlobalInterfaceTable, offsetof(struct global_table, table), &table_vtbl },
};
static struct tessera_census global_table_census;
const struct tessera_class global_table_class = {
	.clsid = &CLSID_StdGlobalInterfaceTable,
	.name = "StdGlobalInterfaceTable",
	.size = sizeof(struct global_table),
	.interfaces = global_table_interfaces,
	.interface_count = 1,
	.flags = TESSERA_CLASS_NOT_AGGREGATABLE,
	.census = &global_table_census,
};
