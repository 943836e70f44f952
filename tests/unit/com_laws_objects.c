/* SPDX-License-Identifier: BSD-2-Clause */
/* The laws of COM over the runtime's own objects, which no registry lists. */
#include <comcat.h>
#include <stdlib.h>
#include <tessera_com.h>
#include <tessera_enum.h>

#include "runtime/comreg/check_outer.h"
#include "tests/suite.h"
#include "tests/unit/com_laws.h"
#include "tests/unit/com_source.h"

static GArray *candidates;

static HRESULT
ask_and_release(IUnknown *object, REFIID riid, void **ppv)
{
	HRESULT hr = object->lpVtbl->QueryInterface(object, riid, ppv);

	object->lpVtbl->Release(object);
	return hr;
}

static HRESULT
create_enumerator(IUnknown *outer, REFIID riid, void **ppv)
{
	static const GUID items[2] = { { 1, 0, 0, { 0 } }, { 2, 0, 0, { 0 } } };
	IUnknown *object = NULL;
	HRESULT hr;

	(void)outer;
	hr = tessera_enum_create(&tessera_enum_guid, items, 2, NULL, (void **)&object);
	return FAILED(hr) ? hr : ask_and_release(object, riid, ppv);
}

static HRESULT
create_point(IUnknown *outer, REFIID riid, void **ppv)
{
	IConnectionPointContainer *container = NULL;
	IConnectionPoint *point = NULL;
	HRESULT hr = source_create(NULL, &IID_IConnectionPointContainer, (void **)&container);

	(void)outer;
	if (FAILED(hr))
		return hr;
	hr = container->lpVtbl->FindConnectionPoint(container, &source_tick_iid, &point);
	container->lpVtbl->Release(container);
	return FAILED(hr) ? hr : ask_and_release((IUnknown *)point, riid, ppv);
}

static HRESULT
create_marshaler(IUnknown *outer, REFIID riid, void **ppv)
{
	IUnknown *object = NULL;
	HRESULT hr;

	if (ppv == NULL)
		return E_POINTER;
	*ppv = NULL;
	/* It has no factory; this is what one would do. */
	if (outer != NULL && !IsEqualIID(riid, &IID_IUnknown))
		return E_NOINTERFACE;
	hr = CoCreateFreeThreadedMarshaler(outer, &object);
	return FAILED(hr) ? hr : ask_and_release(object, riid, ppv);
}

static HRESULT
create_agile_reference(IUnknown *outer, REFIID riid, void **ppv)
{
	static struct check_outer target;
	IAgileReference *object = NULL;
	HRESULT hr;

	(void)outer;
	check_outer_init(&target);
	hr = CoGetAgileReference(AGILEREFERENCE_DEFAULT, &IID_IUnknown, &target.unknown, &object);
	return FAILED(hr) ? hr : ask_and_release((IUnknown *)object, riid, ppv);
}

static struct subject
subject(const char *name, const IID *declared,
    HRESULT (*create)(IUnknown *outer, REFIID riid, void **ppv))
{
	GArray *list = g_array_new(FALSE, FALSE, sizeof(IID));

	g_array_append_vals(list, declared, 1);
	return (struct subject){
		.name = name, .declared = list, .candidates = candidates, .create = create
	};
}

static void
obey(const struct subject *subject, const law laws[], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char *text = laws[i](subject);

		SUITE_EQUAL_STRING(text, NULL);
		g_free(text);
		SUITE_EQUAL_INT(law_live(subject), 0);
	}
	g_array_unref((GArray *)(void *)(uintptr_t)subject->declared);
}

/* Of all objects, and of those that can be made part of another one. */
static const law laws[] = { law_creation, law_identity, law_matrix, law_failed_queries, law_counts,
	law_tables };
static const law more_laws[] = { law_failed_creation, law_aggregation };

static void
enumerator(void)
{
	struct subject s = subject("Enumerator", &IID_IEnumGUID, create_enumerator);

	obey(&s, laws, G_N_ELEMENTS(laws));
}

static void
connection_point(void)
{
	struct subject s = subject("Source", &IID_IConnectionPoint, create_point);

	obey(&s, laws, G_N_ELEMENTS(laws));
}

static void
agile_reference(void)
{
	struct subject s = subject("AgileReference", &IID_IAgileReference, create_agile_reference);

	obey(&s, laws, G_N_ELEMENTS(laws));
}

static void
container(void)
{
	struct subject s = subject("Source", &IID_IConnectionPointContainer, source_create);

	g_array_ref((GArray *)(void *)(uintptr_t)s.declared);
	obey(&s, laws, G_N_ELEMENTS(laws));
	obey(&s, more_laws, G_N_ELEMENTS(more_laws));
}

static void
marshaler(void)
{
	struct subject s = subject("FreeThreadedMarshaler", &IID_IMarshal, create_marshaler);

	g_array_ref((GArray *)(void *)(uintptr_t)s.declared);
	obey(&s, laws, G_N_ELEMENTS(laws));
	obey(&s, more_laws, G_N_ELEMENTS(more_laws));
}

static void
collect_candidates(void)
{
	const IID known[] = { IID_IUnknown, IID_IDispatch, IID_IEnumGUID, IID_IEnumUnknown,
		IID_IConnectionPoint, IID_IConnectionPointContainer, IID_IMarshal, IID_IAgileObject,
		IID_IAgileReference, source_tick_iid };

	candidates = g_array_new(FALSE, FALSE, sizeof(IID));
	g_array_append_vals(candidates, known, G_N_ELEMENTS(known));
	for (unsigned i = 0; i < 3; i++) {
		IID random;

		if (FAILED(CoCreateGuid(&random)))
			abort();
		g_array_append_val(candidates, random);
	}
}

static const struct suite_test tests[] = {
	{ "enumerator", enumerator },
	{ "connection point", connection_point },
	{ "connection point container", container },
	{ "free-threaded marshaler", marshaler },
	{ "agile reference", agile_reference },
};

int
main(void)
{
	collect_candidates();
	return suite_run(
	    "laws of COM over the runtime's objects", tests, sizeof tests / sizeof tests[0]);
}
