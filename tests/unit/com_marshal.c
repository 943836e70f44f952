/* SPDX-License-Identifier: BSD-2-Clause */
/* Interfaces between threads: apartment type, streams, the free-threaded marshaler, agile
 * references. */
#include <objbase.h>
#include <pthread.h>
#include <stdlib.h>
#include <tessera_com.h>

#include "runtime/comreg/check_outer.h"
#include "tests/suite.h"
#include "tests/unit/com_scratch.h"

#define THREADS 4
#define ROUNDS 200
#define POISON ((void *)(uintptr_t)0xDEADBEEF)

/* An object that counts: an outer object without an inner one. */
static struct check_outer
new_object(void)
{
	struct check_outer object;

	check_outer_init(&object);
	return object;
}

static void *
ask_apartment(void *unused)
{
	APTTYPE type = APTTYPE_STA;
	APTTYPEQUALIFIER qualifier = APTTYPEQUALIFIER_NONE;

	(void)unused;
	EXPECT_HRESULT(CoGetApartmentType(&type, &qualifier), S_OK);
	SUITE_EQUAL_INT(type, APTTYPE_MTA);
	SUITE_EQUAL_INT(qualifier, APTTYPEQUALIFIER_IMPLICIT_MTA);
	return NULL;
}

static void
apartment_type(void)
{
	APTTYPE type = APTTYPE_STA;
	APTTYPEQUALIFIER qualifier = APTTYPEQUALIFIER_NA_ON_MTA;
	pthread_t thread;

	EXPECT_HRESULT(CoGetApartmentType(&type, &qualifier), CO_E_NOTINITIALIZED);
	SUITE_EQUAL_INT(type, APTTYPE_CURRENT);
	SUITE_EQUAL_INT(qualifier, APTTYPEQUALIFIER_NONE);
	EXPECT_HRESULT(CoGetApartmentType(NULL, &qualifier), E_INVALIDARG);
	EXPECT_HRESULT(CoGetApartmentType(&type, NULL), E_INVALIDARG);
	EXPECT_HRESULT(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), S_OK);
	EXPECT_HRESULT(CoGetApartmentType(&type, &qualifier), S_OK);
	SUITE_EQUAL_INT(type, APTTYPE_MTA);
	SUITE_EQUAL_INT(qualifier, APTTYPEQUALIFIER_NONE);
	if (pthread_create(&thread, NULL, ask_apartment, NULL) != 0)
		abort();
	pthread_join(thread, NULL);
	CoUninitialize();
}

static void
through_a_stream(void)
{
	struct check_outer object = new_object();
	IStream *stream = NULL, *second = NULL;
	IUnknown *got = NULL;

	EXPECT_HRESULT(
	    CoMarshalInterThreadInterfaceInStream(&IID_IUnknown, &object.unknown, &stream), S_OK);
	CU_ASSERT_PTR_NOT_NULL_FATAL(stream);
	SUITE_EQUAL_INT(object.references, 2);
	EXPECT_HRESULT(stream->lpVtbl->Clone(stream, &second), S_OK);
	EXPECT_HRESULT(CoGetInterfaceAndReleaseStream(stream, &IID_IUnknown, (void **)&got), S_OK);
	CU_ASSERT_PTR_EQUAL(got, &object.unknown);
	SUITE_EQUAL_INT(object.references, 2);
	got->lpVtbl->Release(got);
	/* Only once, whatever is left of the bytes. */
	EXPECT_HRESULT(
	    CoGetInterfaceAndReleaseStream(second, &IID_IUnknown, (void **)&got), CO_E_OBJNOTREG);
	CU_ASSERT_PTR_NULL(got);
	SUITE_EQUAL_INT(object.references, 1);
}

static void
stream_failures(void)
{
	struct check_outer object = new_object();
	IStream *stream = POISON;
	void *got = POISON;
	char made_up[32] = "this is no interface of this pr";

	EXPECT_HRESULT(
	    CoMarshalInterThreadInterfaceInStream(&IID_IStream, &object.unknown, &stream),
	    E_NOINTERFACE);
	CU_ASSERT_PTR_NULL(stream);
	EXPECT_HRESULT(
	    CoMarshalInterThreadInterfaceInStream(&IID_IUnknown, NULL, &stream), E_INVALIDARG);
	EXPECT_HRESULT(
	    CoMarshalInterThreadInterfaceInStream(NULL, &object.unknown, &stream), E_INVALIDARG);
	EXPECT_HRESULT(
	    CoMarshalInterThreadInterfaceInStream(&IID_IUnknown, &object.unknown, NULL), E_POINTER);
	SUITE_EQUAL_INT(object.references, 1);
	EXPECT_HRESULT(CoGetInterfaceAndReleaseStream(NULL, &IID_IUnknown, &got), E_INVALIDARG);
	CU_ASSERT_PTR_NULL(got);
	/* An empty stream, and one with foreign bytes; both are released. */
	EXPECT_HRESULT(CreateStreamOnHGlobal(NULL, TRUE, &stream), S_OK);
	EXPECT_HRESULT(
	    CoGetInterfaceAndReleaseStream(stream, &IID_IUnknown, &got), RPC_E_INVALID_OBJREF);
	EXPECT_HRESULT(CreateStreamOnHGlobal(NULL, TRUE, &stream), S_OK);
	EXPECT_HRESULT(stream->lpVtbl->Write(stream, made_up, sizeof made_up, NULL), S_OK);
	EXPECT_HRESULT(
	    stream->lpVtbl->Seek(stream, (LARGE_INTEGER){ .QuadPart = 0 }, STREAM_SEEK_SET, NULL),
	    S_OK);
	EXPECT_HRESULT(
	    CoGetInterfaceAndReleaseStream(stream, &IID_IUnknown, &got), RPC_E_INVALID_OBJREF);
	/* The stream goes also when there is no place for the result, or another is wanted. */
	EXPECT_HRESULT(
	    CoMarshalInterThreadInterfaceInStream(&IID_IUnknown, &object.unknown, &stream), S_OK);
	got = POISON;
	EXPECT_HRESULT(CoGetInterfaceAndReleaseStream(stream, &IID_IStream, &got), E_NOINTERFACE);
	CU_ASSERT_PTR_NULL(got);
	SUITE_EQUAL_INT(object.references, 1);
	EXPECT_HRESULT(
	    CoMarshalInterThreadInterfaceInStream(&IID_IUnknown, &object.unknown, &stream), S_OK);
	EXPECT_HRESULT(CoGetInterfaceAndReleaseStream(stream, &IID_IUnknown, NULL), E_POINTER);
	SUITE_EQUAL_INT(object.references, 1);
	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 0);
}

/* The marshaler of an object, and a stream to try it with. */
struct route {
	struct check_outer object;
	IMarshal *marshal;
	IStream *stream;
};

static void
open_route(struct route *route)
{
	check_outer_init(&route->object);
	route->marshal = NULL;
	EXPECT_HRESULT(
	    CoCreateFreeThreadedMarshaler(&route->object.unknown, &route->object.inner), S_OK);
	SUITE_EQUAL_INT(route->object.references, 1);
	EXPECT_HRESULT(route->object.unknown.lpVtbl->QueryInterface(
			   &route->object.unknown, &IID_IMarshal, (void **)&route->marshal),
	    S_OK);
	EXPECT_HRESULT(CreateStreamOnHGlobal(NULL, TRUE, &route->stream), S_OK);
	if (route->marshal == NULL)
		abort();
}

static void
close_route(struct route *route)
{
	route->stream->lpVtbl->Release(route->stream);
	route->marshal->lpVtbl->Release(route->marshal);
	route->object.inner->lpVtbl->Release(route->object.inner);
	SUITE_EQUAL_INT(route->object.references, 1);
	SUITE_EQUAL_INT(tessera_live_objects(NULL, NULL), 0);
}

static void
rewind_to(IStream *stream, LONGLONG place)
{
	EXPECT_HRESULT(stream->lpVtbl->Seek(
			   stream, (LARGE_INTEGER){ .QuadPart = place }, STREAM_SEEK_SET, NULL),
	    S_OK);
}

static HRESULT
send(struct route *route, void *pv, DWORD context, DWORD flags)
{
	return route->marshal->lpVtbl->MarshalInterface(
	    route->marshal, route->stream, &IID_IUnknown, pv, context, NULL, flags);
}

static HRESULT
receive(struct route *route, IUnknown **ret)
{
	rewind_to(route->stream, 0);
	return route->marshal->lpVtbl->UnmarshalInterface(
	    route->marshal, route->stream, &IID_IUnknown, (void **)ret);
}

static void
marshaler(void)
{
	struct route route;
	IUnknown *got = NULL;

	open_route(&route);
	EXPECT_HRESULT(send(&route, &route.object.unknown, MSHCTX_INPROC, MSHLFLAGS_NORMAL), S_OK);
	SUITE_EQUAL_INT(route.object.references, 3);
	EXPECT_HRESULT(receive(&route, &got), S_OK);
	CU_ASSERT_PTR_EQUAL(got, &route.object.unknown);
	got->lpVtbl->Release(got);
	EXPECT_HRESULT(receive(&route, &got), CO_E_OBJNOTREG);
	CU_ASSERT_PTR_NULL(got);
	/* Without a pointer it is the aggregate itself; ended, it is not received. */
	rewind_to(route.stream, 0);
	EXPECT_HRESULT(send(&route, NULL, MSHCTX_CROSSCTX, MSHLFLAGS_NORMAL), S_OK);
	rewind_to(route.stream, 0);
	EXPECT_HRESULT(
	    route.marshal->lpVtbl->ReleaseMarshalData(route.marshal, route.stream), S_OK);
	SUITE_EQUAL_INT(route.object.references, 2);
	EXPECT_HRESULT(receive(&route, &got), CO_E_OBJNOTREG);
	EXPECT_HRESULT(route.marshal->lpVtbl->DisconnectObject(route.marshal, 0), S_OK);
	close_route(&route);
}

static void
marshaler_table(void)
{
	struct route route;
	IUnknown *got = NULL;

	open_route(&route);
	EXPECT_HRESULT(send(&route, NULL, MSHCTX_INPROC, MSHLFLAGS_TABLESTRONG), S_OK);
	for (unsigned i = 0; i < 3; i++) {
		EXPECT_HRESULT(receive(&route, &got), S_OK);
		CU_ASSERT_PTR_EQUAL(got, &route.object.unknown);
		got->lpVtbl->Release(got);
	}
	SUITE_EQUAL_INT(route.object.references, 3);
	rewind_to(route.stream, 0);
	EXPECT_HRESULT(
	    route.marshal->lpVtbl->ReleaseMarshalData(route.marshal, route.stream), S_OK);
	EXPECT_HRESULT(receive(&route, &got), CO_E_OBJNOTREG);
	EXPECT_HRESULT(send(&route, NULL, MSHCTX_INPROC, MSHLFLAGS_TABLEWEAK), E_NOTIMPL);
	EXPECT_HRESULT(send(&route, NULL, MSHCTX_INPROC, 8), E_INVALIDARG);
	close_route(&route);
}

static void
marshaler_contexts(void)
{
	static const struct {
		DWORD context;
		HRESULT hr;
	} rows[] = {
		{ MSHCTX_LOCAL, CO_E_CANT_REMOTE },
		{ MSHCTX_NOSHAREDMEM, CO_E_CANT_REMOTE },
		{ MSHCTX_DIFFERENTMACHINE, CO_E_CANT_REMOTE },
		{ MSHCTX_INPROC, S_OK },
		{ MSHCTX_CROSSCTX, S_OK },
		{ 5, E_INVALIDARG },
	};
	struct route route;

	open_route(&route);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		CLSID clsid = IID_IUnknown;
		DWORD size = 77;

		EXPECT_HRESULT(route.marshal->lpVtbl->GetUnmarshalClass(route.marshal,
				   &IID_IUnknown, NULL, rows[i].context, NULL, 0, &clsid),
		    rows[i].hr);
		CU_ASSERT(IsEqualCLSID(
		    &clsid, rows[i].hr == S_OK ? &CLSID_InProcFreeMarshaler : &CLSID_NULL));
		EXPECT_HRESULT(route.marshal->lpVtbl->GetMarshalSizeMax(route.marshal,
				   &IID_IUnknown, NULL, rows[i].context, NULL, 0, &size),
		    rows[i].hr);
		SUITE_EQUAL_INT(size, rows[i].hr == S_OK ? 32 : 0);
		if (rows[i].hr != S_OK)
			EXPECT_HRESULT(send(&route, NULL, rows[i].context, 0), rows[i].hr);
	}
	EXPECT_HRESULT(route.marshal->lpVtbl->MarshalInterface(
			   route.marshal, NULL, &IID_IUnknown, NULL, MSHCTX_INPROC, NULL, 0),
	    E_POINTER);
	EXPECT_HRESULT(
	    route.marshal->lpVtbl->ReleaseMarshalData(route.marshal, NULL), E_INVALIDARG);
	EXPECT_HRESULT(CoCreateFreeThreadedMarshaler(NULL, NULL), E_POINTER);
	close_route(&route);
}

static void
agile_reference(void)
{
	struct check_outer object = new_object();
	IAgileReference *reference = POISON;
	IUnknown *got = NULL;

	EXPECT_HRESULT(
	    CoGetAgileReference(AGILEREFERENCE_DEFAULT, &IID_IStream, &object.unknown, &reference),
	    E_NOINTERFACE);
	CU_ASSERT_PTR_NULL(reference);
	EXPECT_HRESULT(CoGetAgileReference(
			   (AgileReferenceOptions)2, &IID_IUnknown, &object.unknown, &reference),
	    E_INVALIDARG);
	EXPECT_HRESULT(CoGetAgileReference(AGILEREFERENCE_DEFAULT, &IID_IUnknown, NULL, &reference),
	    E_INVALIDARG);
	EXPECT_HRESULT(
	    CoGetAgileReference(AGILEREFERENCE_DEFAULT, &IID_IUnknown, &object.unknown, NULL),
	    E_POINTER);
	SUITE_EQUAL_INT(object.references, 1);
	EXPECT_HRESULT(CoGetAgileReference(AGILEREFERENCE_DELAYEDMARSHAL, &IID_IUnknown,
			   &object.unknown, &reference),
	    S_OK);
	CU_ASSERT_PTR_NOT_NULL_FATAL(reference);
	SUITE_EQUAL_INT(object.references, 2);
	EXPECT_HRESULT(reference->lpVtbl->Resolve(reference, &IID_IUnknown, (void **)&got), S_OK);
	CU_ASSERT_PTR_EQUAL(got, &object.unknown);
	got->lpVtbl->Release(got);
	EXPECT_HRESULT(
	    reference->lpVtbl->Resolve(reference, &IID_IStream, (void **)&got), E_NOINTERFACE);
	CU_ASSERT_PTR_NULL(got);
	EXPECT_HRESULT(reference->lpVtbl->Resolve(reference, &IID_IUnknown, NULL), E_POINTER);
	SUITE_EQUAL_INT(reference->lpVtbl->Release(reference), 0);
	SUITE_EQUAL_INT(object.references, 1);
}

static void *
carry(void *data)
{
	IUnknown *object = data, *got;
	IStream *stream;

	for (unsigned i = 0; i < ROUNDS; i++) {
		if (CoMarshalInterThreadInterfaceInStream(&IID_IUnknown, object, &stream) != S_OK ||
		    CoGetInterfaceAndReleaseStream(stream, &IID_IUnknown, (void **)&got) != S_OK)
			return data;
		got->lpVtbl->Release(got);
	}
	return NULL;
}

static void
many_threads(void)
{
	struct check_outer object = new_object();
	pthread_t threads[THREADS];
	void *failed;

	for (unsigned i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, carry, &object.unknown) != 0)
			abort();
	for (unsigned i = 0; i < THREADS; i++) {
		pthread_join(threads[i], &failed);
		CU_ASSERT_PTR_NULL(failed);
	}
	SUITE_EQUAL_INT(object.references, 1);
}

static const struct suite_test tests[] = {
	{ "apartment type", apartment_type },
	{ "an interface in a stream, once", through_a_stream },
	{ "streams: failures", stream_failures },
	{ "free-threaded marshaler", marshaler },
	{ "free-threaded marshaler: until ended", marshaler_table },
	{ "free-threaded marshaler: contexts", marshaler_contexts },
	{ "agile reference", agile_reference },
	{ "streams on many threads", many_threads },
};

int
main(void)
{
	return suite_run("marshaling", tests, sizeof tests / sizeof tests[0]);
}
