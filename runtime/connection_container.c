/* SPDX-License-Identifier: BSD-2-Clause */
/* IConnectionPointContainer of objects that embed a tessera_connections. */
#include <stdlib.h>

#include <tessera_enum.h>

#include "runtime/connection_point.h"
#include "runtime/export.h"

static inline struct tessera_connections *
connections_from_iface(IConnectionPointContainer *iface)
{
	return (struct tessera_connections *)(void *)iface;
}

static const struct tessera_enum points_kind = {
	.iid = &IID_IEnumConnectionPoints,
	.item_size = sizeof(IConnectionPoint *),
	.copy = tessera_item_copy_interface,
	.clear = tessera_item_clear_interface,
};

static HRESULT
container_EnumConnectionPoints(IConnectionPointContainer *iface, IEnumConnectionPoints **ppEnum)
{
	struct tessera_connections *self = connections_from_iface(iface);
	IConnectionPoint **points;
	HRESULT hr;

	if (ppEnum == NULL)
		return E_POINTER;
	*ppEnum = NULL;
	points = calloc(self->count + 1, sizeof(IConnectionPoint *));
	if (points == NULL)
		return E_OUTOFMEMORY;
	for (size_t i = 0; i < self->count; i++)
		points[i] = &self->points[i].iface;
	hr = tessera_enum_create(
	    &points_kind, points, self->count, (IUnknown *)(void *)iface, (void **)ppEnum);
	free(points);
	return hr;
}

static HRESULT
container_FindConnectionPoint(
    IConnectionPointContainer *iface, REFIID riid, IConnectionPoint **ppCP)
{
	struct tessera_connections *self = connections_from_iface(iface);

	if (ppCP == NULL)
		return E_POINTER;
	*ppCP = NULL;
	if (riid == NULL)
		return E_INVALIDARG;
	for (size_t i = 0; i < self->count; i++)
		if (IsEqualIID(riid, self->points[i].iid)) {
			tessera_object_add_ref(iface);
			*ppCP = &self->points[i].iface;
			return S_OK;
		}
	return CONNECT_E_NOCONNECTION;
}

TESSERA_EXPORT const IConnectionPointContainerVtbl tessera_connections_vtbl = {
	TESSERA_UNKNOWN_SLOTS(IConnectionPointContainer),
	.EnumConnectionPoints = container_EnumConnectionPoints,
	.FindConnectionPoint = container_FindConnectionPoint,
};

TESSERA_EXPORT void
tessera_connections_begin(struct tessera_connections *connections,
    struct tessera_connection_point *points, const IID *const *iids, size_t count)
{
	for (size_t i = 0; i < count; i++)
		connection_point_begin(&points[i], connections, iids[i]);
	connections->points = points;
	connections->count = count;
}

TESSERA_EXPORT void
tessera_connections_end(struct tessera_connections *connections)
{
	for (size_t i = 0; i < connections->count; i++)
		connection_point_end(&connections->points[i]);
	connections->count = 0;
}
