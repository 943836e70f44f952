/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/com_source.h"

const IID source_tick_iid = { 0x4A6F0E01, 0x5D0C, 0x4B1B,
	{ 0x9A, 0x5E, 0x10, 0x0B, 0x37, 0x21, 0x5C, 0x01 } };
const IID source_other_iid = { 0x4A6F0E01, 0x5D0C, 0x4B1B,
	{ 0x9A, 0x5E, 0x10, 0x0B, 0x37, 0x21, 0x5C, 0x02 } };

static const IID *const events[SOURCE_POINTS] = { &source_tick_iid, &source_other_iid };

static HRESULT
source_construct(struct tessera_object *object)
{
	struct source *self = (struct source *)(void *)object;

	tessera_connections_begin(&self->connections, self->points, events, SOURCE_POINTS);
	return S_OK;
}

static void
source_destruct(struct tessera_object *object)
{
	tessera_connections_end(&((struct source *)(void *)object)->connections);
}

static const struct tessera_interface source_interfaces[] = {
	{ &IID_IConnectionPointContainer, offsetof(struct source, connections),
	    &tessera_connections_vtbl },
};
static struct tessera_census source_census;
static const struct tessera_class source_class = {
	.name = "Source",
	.size = sizeof(struct source),
	.interfaces = source_interfaces,
	.interface_count = 1,
	.construct = source_construct,
	.destruct = source_destruct,
	.census = &source_census,
};
TESSERA_CLASSES(&source_class);

HRESULT
source_create(IUnknown *outer, REFIID riid, void **ppv)
{
	return tessera_object_create(&source_class, outer, riid, ppv);
}

static HRESULT
ticker_QueryInterface(struct ticker *self, REFIID riid, void **ppv)
{
	*ppv = NULL;
	if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &source_tick_iid))
		return E_NOINTERFACE;
	self->lpVtbl->AddRef(self);
	*ppv = self;
	return S_OK;
}

static ULONG
ticker_AddRef(struct ticker *self)
{
	return __atomic_add_fetch(&self->references, 1, __ATOMIC_RELAXED);
}

static ULONG
ticker_Release(struct ticker *self)
{
	ULONG left = __atomic_sub_fetch(&self->references, 1, __ATOMIC_ACQ_REL);

	if (left == 0 && self->on_end != NULL)
		self->on_end(self);
	return left;
}

static HRESULT
ticker_Tick(struct ticker *self)
{
	__atomic_fetch_add(&self->ticks, 1, __ATOMIC_RELAXED);
	if (self->on_tick != NULL)
		self->on_tick(self);
	return S_OK;
}

static const struct ticker_vtbl ticker_vtbl = { ticker_QueryInterface, ticker_AddRef,
	ticker_Release, ticker_Tick };

void
ticker_init(struct ticker *self, void (*on_tick)(struct ticker *self))
{
	*self = (struct ticker){ .lpVtbl = &ticker_vtbl, .references = 1, .on_tick = on_tick };
}

static void
tick(void *sink, void *data)
{
	struct ticker *ticker = sink;

	(void)data;
	ticker->lpVtbl->Tick(ticker);
}

void
source_tick(struct source *source)
{
	tessera_connection_fire(&source->points[SOURCE_TICKS], tick, NULL);
}
