/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IConnectionPoint: sinks come, go and are told. A connection point lies in the object whose events
 * it stands for and counts on that object, but has an identity of its own.
 */
#include "runtime/connection_point.h"

#include <stdlib.h>

#include <tessera_enum.h>

#include "runtime/export.h"
#include "runtime/sinks.h"

static inline struct tessera_connection_point *
point_from_iface(IConnectionPoint *iface)
{
	return (struct tessera_connection_point *)(void *)iface;
}

static ULONG
point_AddRef(IConnectionPoint *iface)
{
	return tessera_object_add_ref(&point_from_iface(iface)->owner->container);
}

static ULONG
point_Release(IConnectionPoint *iface)
{
	return tessera_object_release(&point_from_iface(iface)->owner->container);
}

static HRESULT
point_QueryInterface(IConnectionPoint *iface, REFIID riid, void **ppvObject)
{
	if (ppvObject == NULL)
		return E_POINTER;
	*ppvObject = NULL;
	if (riid == NULL)
		return E_INVALIDARG;
	if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IConnectionPoint))
		return E_NOINTERFACE;
	point_AddRef(iface);
	*ppvObject = iface;
	return S_OK;
}

static HRESULT
point_GetConnectionInterface(IConnectionPoint *iface, IID *pIID)
{
	if (pIID == NULL)
		return E_POINTER;
	*pIID = *point_from_iface(iface)->iid;
	return S_OK;
}

static HRESULT
point_GetConnectionPointContainer(IConnectionPoint *iface, IConnectionPointContainer **ppCPC)
{
	struct tessera_connection_point *self = point_from_iface(iface);

	if (ppCPC == NULL)
		return E_POINTER;
	point_AddRef(iface);
	*ppCPC = &self->owner->container.iface;
	return S_OK;
}

/* With the lock held. A number comes back only after all others have been used. */
static DWORD
new_cookie(struct tessera_connection_point *self)
{
	do
		self->last_cookie++;
	while (self->last_cookie == 0 ||
	    sinks_find(self->sinks, self->last_cookie) != sinks_count(self->sinks));
	return self->last_cookie;
}

/* Takes over the reference to `sink` if it succeeds. */
static HRESULT
add(struct tessera_connection_point *self, IUnknown *sink, DWORD *ret_cookie)
{
	struct tessera_sinks *before = NULL, *list;
	HRESULT hr = S_OK;
	DWORD cookie;

	pthread_mutex_lock(&self->lock);
	if (sinks_count(self->sinks) >= TESSERA_CONNECTIONS_MAX) {
		hr = CONNECT_E_ADVISELIMIT;
	} else {
		cookie = new_cookie(self);
		list = sinks_with(self->sinks, sink, cookie);
		if (list == NULL) {
			hr = E_OUTOFMEMORY;
		} else {
			before = self->sinks;
			self->sinks = list;
			*ret_cookie = cookie;
		}
	}
	pthread_mutex_unlock(&self->lock);
	sinks_unref(before);
	return hr;
}

static HRESULT
point_Advise(IConnectionPoint *iface, IUnknown *pUnkSink, DWORD *pdwCookie)
{
	struct tessera_connection_point *self = point_from_iface(iface);
	IUnknown *sink = NULL;
	HRESULT hr;

	if (pdwCookie == NULL)
		return E_POINTER;
	*pdwCookie = 0;
	if (pUnkSink == NULL)
		return E_POINTER;
	if (FAILED(pUnkSink->lpVtbl->QueryInterface(pUnkSink, self->iid, (void **)&sink)))
		return CONNECT_E_CANNOTCONNECT;
	hr = add(self, sink, pdwCookie);
	if (FAILED(hr))
		sink->lpVtbl->Release(sink);
	return hr;
}

static HRESULT
point_Unadvise(IConnectionPoint *iface, DWORD dwCookie)
{
	struct tessera_connection_point *self = point_from_iface(iface);
	struct tessera_sinks *before = NULL;
	HRESULT hr = S_OK;
	size_t place;

	pthread_mutex_lock(&self->lock);
	place = sinks_find(self->sinks, dwCookie);
	if (place == sinks_count(self->sinks)) {
		hr = CONNECT_E_NOCONNECTION;
	} else {
		before = self->sinks;
		self->sinks = sinks_without(before, place);
	}
	pthread_mutex_unlock(&self->lock);
	/* The sink may hold the last reference to this object. */
	sinks_unref(before);
	return hr;
}

static struct tessera_sinks *
snapshot(struct tessera_connection_point *self)
{
	struct tessera_sinks *sinks;

	pthread_mutex_lock(&self->lock);
	sinks = sinks_ref(self->sinks);
	pthread_mutex_unlock(&self->lock);
	return sinks;
}

/* A CONNECTDATA begins with its interface; the number is copied with it. */
static HRESULT
copy_connection(void *to, const void *from)
{
	const CONNECTDATA *data = from;

	*(CONNECTDATA *)to = *data;
	return tessera_item_copy_interface(to, from);
}

static const struct tessera_enum connections_kind = {
	.iid = &IID_IEnumConnections,
	.item_size = sizeof(CONNECTDATA),
	.copy = copy_connection,
	.clear = tessera_item_clear_interface,
};

static HRESULT
point_EnumConnections(IConnectionPoint *iface, IEnumConnections **ppEnum)
{
	struct tessera_sinks *sinks;
	CONNECTDATA *data;
	size_t count = 0;
	HRESULT hr = E_OUTOFMEMORY;

	if (ppEnum == NULL)
		return E_POINTER;
	*ppEnum = NULL;
	sinks = snapshot(point_from_iface(iface));
	data = calloc(sinks_count(sinks) + 1, sizeof *data);
	for (size_t i = 0; data != NULL && i < sinks_count(sinks); i++)
		if (!sink_is_removed(sinks->sinks[i]))
			data[count++] =
			    (CONNECTDATA){ sinks->sinks[i]->iface, sinks->sinks[i]->cookie };
	if (data != NULL)
		hr = tessera_enum_create(
		    &connections_kind, data, count, (IUnknown *)(void *)iface, (void **)ppEnum);
	free(data);
	sinks_unref(sinks);
	return hr;
}

static const IConnectionPointVtbl point_vtbl = {
	.QueryInterface = point_QueryInterface,
	.AddRef = point_AddRef,
	.Release = point_Release,
	.GetConnectionInterface = point_GetConnectionInterface,
	.GetConnectionPointContainer = point_GetConnectionPointContainer,
	.Advise = point_Advise,
	.Unadvise = point_Unadvise,
	.EnumConnections = point_EnumConnections,
};

void
connection_point_begin(
    struct tessera_connection_point *self, struct tessera_connections *owner, const IID *iid)
{
	*self = (struct tessera_connection_point){
		.iface.lpVtbl = &point_vtbl,
		.owner = owner,
		.iid = iid,
	};
	pthread_mutex_init(&self->lock, NULL);
}

void
connection_point_end(struct tessera_connection_point *self)
{
	struct tessera_sinks *sinks = self->sinks;

	self->sinks = NULL;
	sinks_unref(sinks);
	pthread_mutex_destroy(&self->lock);
}

TESSERA_EXPORT void
tessera_connection_fire(
    struct tessera_connection_point *point, void (*call)(void *sink, void *data), void *data)
{
	struct tessera_sinks *sinks = snapshot(point);

	if (sinks == NULL)
		return;
	/* A sink may give back the last reference to the object. */
	point_AddRef(&point->iface);
	for (size_t i = 0; i < sinks->count; i++)
		if (!sink_is_removed(sinks->sinks[i]))
			call(sinks->sinks[i]->iface, data);
	sinks_unref(sinks);
	point_Release(&point->iface);
}
