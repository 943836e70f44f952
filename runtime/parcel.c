/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/parcel.h"

#include <pthread.h>
#include <stdbool.h>

#include <glib.h>

struct parcel {
	IUnknown *object;
	bool once;
};

/* What lies in the stream. */
struct label {
	GUID mark;
	uint64_t number;
	uint64_t reserved;
};
_Static_assert(sizeof(struct label) == PARCEL_SIZE, "no padding goes into a stream");

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static GHashTable *parcels; /* number to struct parcel */
static uint64_t last_number;
static GUID mark; /* of this process */

/* With the lock held. */
static HRESULT
prepare(void)
{
	if (parcels == NULL) {
		parcels = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
		CoCreateGuid(&mark);
	}
	return g_hash_table_size(parcels) < PARCELS_MAX ? S_OK : E_OUTOFMEMORY;
}

/* Takes over the reference to `object`, if it succeeds. */
static HRESULT
put(IUnknown *object, bool once, struct label *ret_label)
{
	HRESULT hr;

	*ret_label = (struct label){ 0 };
	pthread_mutex_lock(&lock);
	hr = prepare();
	if (SUCCEEDED(hr)) {
		struct parcel *parcel = g_atomic_rc_box_new(struct parcel);
		uint64_t *number = g_new(uint64_t, 1);

		*parcel = (struct parcel){ object, once };
		*number = ++last_number;
		g_hash_table_insert(parcels, number, parcel);
		ret_label->mark = mark;
		ret_label->number = *number;
	}
	pthread_mutex_unlock(&lock);
	return hr;
}

/* With the lock held. */
static struct parcel *
find(const struct label *label)
{
	if (parcels == NULL || !IsEqualGUID(&label->mark, &mark) || label->reserved != 0)
		return NULL;
	return g_hash_table_lookup(parcels, &label->number);
}

/* The parcel, for the caller to let go; it leaves the table if it was for once, or is to end. */
static HRESULT
take(const struct label *label, bool end, struct parcel **ret_parcel)
{
	struct parcel *parcel;
	HRESULT hr = S_OK;

	pthread_mutex_lock(&lock);
	parcel = find(label);
	if (parcel == NULL)
		hr = parcels != NULL && IsEqualGUID(&label->mark, &mark) ? CO_E_OBJNOTREG
									 : RPC_E_INVALID_OBJREF;
	else if (end || parcel->once)
		g_hash_table_remove(parcels, &label->number);
	else
		g_atomic_rc_box_acquire(parcel);
	pthread_mutex_unlock(&lock);
	*ret_parcel = parcel;
	return hr;
}

static void
release_object(void *data)
{
	struct parcel *parcel = data;

	parcel->object->lpVtbl->Release(parcel->object);
}

/* Never with the lock held: objects are foreign code. */
static void
let_go(struct parcel *parcel)
{
	g_atomic_rc_box_release_full(parcel, release_object);
}

static HRESULT
read_label(IStream *stream, struct label *ret_label)
{
	ULONG count = 0;
	HRESULT hr = stream->lpVtbl->Read(stream, ret_label, sizeof *ret_label, &count);

	if (SUCCEEDED(hr) && count != sizeof *ret_label)
		hr = RPC_E_INVALID_OBJREF;
	return hr;
}

static HRESULT
check_flags(DWORD flags)
{
	switch (flags & ~(DWORD)MSHLFLAGS_NOPING) {
	case MSHLFLAGS_NORMAL:
	case MSHLFLAGS_TABLESTRONG:
		return S_OK;
	case MSHLFLAGS_TABLEWEAK:
		return E_NOTIMPL;
	default:
		return E_INVALIDARG;
	}
}

HRESULT
parcel_send(IStream *stream, IUnknown *object, REFIID riid, DWORD flags)
{
	struct label label;
	struct parcel *parcel;
	IUnknown *face = NULL;
	ULONG written = 0;
	HRESULT hr = check_flags(flags);

	if (SUCCEEDED(hr))
		hr = object->lpVtbl->QueryInterface(object, riid, (void **)&face);
	if (FAILED(hr))
		return hr;
	hr = put(face, (flags & MSHLFLAGS_TABLESTRONG) == 0, &label);
	if (FAILED(hr)) {
		face->lpVtbl->Release(face);
		return hr;
	}
	hr = stream->lpVtbl->Write(stream, &label, sizeof label, &written);
	if (SUCCEEDED(hr) && written != sizeof label)
		hr = STG_E_MEDIUMFULL;
	if (FAILED(hr) && SUCCEEDED(take(&label, true, &parcel)))
		let_go(parcel);
	return hr;
}

HRESULT
parcel_receive(IStream *stream, REFIID riid, void **ppv)
{
	struct parcel *parcel;
	struct label label;
	HRESULT hr;

	*ppv = NULL;
	hr = read_label(stream, &label);
	if (SUCCEEDED(hr))
		hr = take(&label, false, &parcel);
	if (FAILED(hr))
		return hr;
	hr = parcel->object->lpVtbl->QueryInterface(parcel->object, riid, ppv);
	let_go(parcel);
	return hr;
}

HRESULT
parcel_end(IStream *stream)
{
	struct parcel *parcel;
	struct label label;
	HRESULT hr = read_label(stream, &label);

	if (SUCCEEDED(hr))
		hr = take(&label, true, &parcel);
	if (SUCCEEDED(hr))
		let_go(parcel);
	return hr;
}
