/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/comreg/check_sink.h"

static struct check_sink *
sink_from(IUnknown *This)
{
	return (struct check_sink *)(void *)This;
}

static ULONG
sink_AddRef(IUnknown *This)
{
	return __atomic_add_fetch(&sink_from(This)->references, 1, __ATOMIC_RELAXED);
}

static ULONG
sink_Release(IUnknown *This)
{
	return __atomic_sub_fetch(&sink_from(This)->references, 1, __ATOMIC_ACQ_REL);
}

static HRESULT
sink_QueryInterface(IUnknown *This, REFIID riid, void **ppv)
{
	if (ppv == NULL)
		return E_POINTER;
	*ppv = NULL;
	if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &sink_from(This)->iid))
		return E_NOINTERFACE;
	sink_AddRef(This);
	*ppv = This;
	return S_OK;
}

static HRESULT
sink_event(void *This)
{
	(void)This;
	return S_OK;
}

/* However long the interface of the events is, within reason. */
static const struct {
	IUnknownVtbl unknown;
	HRESULT (*events[29])(void *);
} sink_vtbl = {
	{ sink_QueryInterface, sink_AddRef, sink_Release },
	{ sink_event, sink_event, sink_event, sink_event, sink_event, sink_event, sink_event,
	    sink_event, sink_event, sink_event, sink_event, sink_event, sink_event, sink_event,
	    sink_event, sink_event, sink_event, sink_event, sink_event, sink_event, sink_event,
	    sink_event, sink_event, sink_event, sink_event, sink_event, sink_event, sink_event,
	    sink_event },
};

void
check_sink_init(struct check_sink *sink, const IID *iid)
{
	*sink = (struct check_sink){
		.unknown.lpVtbl = &sink_vtbl.unknown, .iid = *iid, .references = 1
	};
}
