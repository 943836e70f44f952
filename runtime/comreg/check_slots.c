/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/comreg/check_slots.h"

#include <string.h>

#include <oleauto.h>

#include "runtime/comreg/check_known.h"

static HRESULT
use_container(void *face, void **result)
{
	const struct slots_container *container = face;

	return container->table->enum_points(face, result);
}

static HRESULT
use_class_info(void *face, void **result)
{
	const struct slots_class_info *info = face;

	return info->table->get_class_info(face, result);
}

static HRESULT
use_clone(void *face, void **result)
{
	const struct slots_enumerator *enumerator = face;

	return enumerator->table->clone(face, result);
}

static HRESULT
use_stream_clone(void *face, void **result)
{
	IStream *stream = face;

	return stream->lpVtbl->Clone(stream, (IStream **)(void *)result);
}

static HRESULT
use_persist(void *face, void **result)
{
	static CLSID clsid;
	const struct slots_persist *persist = face;

	return persist->table->get_class_id(face, result != NULL ? &clsid : NULL);
}

static HRESULT
use_type_info_count(void *face, void **result)
{
	static UINT count;
	IDispatch *dispatch = face;

	return dispatch->lpVtbl->GetTypeInfoCount(dispatch, result != NULL ? &count : NULL);
}

static HRESULT
use_stat(void *face, void **result)
{
	IStream *stream = face;
	STATSTG status;
	HRESULT hr;

	if (result == NULL)
		return stream->lpVtbl->Stat(stream, NULL, STATFLAG_NONAME);
	memset(&status, 0, sizeof status);
	hr = stream->lpVtbl->Stat(stream, &status, STATFLAG_DEFAULT);
	if (SUCCEEDED(hr))
		CoTaskMemFree(status.pwcsName);
	return hr;
}

/* Methods that give something and change nothing. */
static const struct {
	const char *interface, *method;
	HRESULT (*use)(void *face, void **result);
} uses[] = {
	{ "IConnectionPointContainer", "EnumConnectionPoints", use_container },
	{ "IProvideClassInfo", "GetClassInfo", use_class_info },
	{ "IPersist", "GetClassID", use_persist },
	{ "IPersistStream", "GetClassID", use_persist },
	{ "IPersistStreamInit", "GetClassID", use_persist },
	{ "IDispatch", "GetTypeInfoCount", use_type_info_count },
	{ "IStream", "Clone", use_stream_clone },
	{ "IStream", "Stat", use_stat },
	{ "IEnumUnknown", "Clone", use_clone },
	{ "IEnumString", "Clone", use_clone },
	{ "IEnumVARIANT", "Clone", use_clone },
	{ "IEnumGUID", "Clone", use_clone },
	{ "IEnumConnections", "Clone", use_clone },
	{ "IEnumConnectionPoints", "Clone", use_clone },
};

static HRESULT
fail_find_point(void *face, REFIID iid, void **result)
{
	const struct slots_container *container = face;

	return container->table->find_point(face, iid, result);
}

static HRESULT
fail_query_service(void *face, REFIID iid, void **result)
{
	const struct slots_service_provider *provider = face;

	return provider->table->query_service(face, iid, iid, result);
}

static HRESULT
fail_get_site(void *face, REFIID iid, void **result)
{
	const struct slots_site *site = face;

	return site->table->get_site(face, iid, result);
}

static HRESULT
fail_type_info(void *face, REFIID iid, void **result)
{
	IDispatch *dispatch = face;

	(void)iid;
	return dispatch->lpVtbl->GetTypeInfo(dispatch, 1000, 0, (ITypeInfo **)(void *)result);
}

/* Failing, because nobody has the identifier that is asked for. */
static const struct {
	const char *interface, *method;
	HRESULT (*fail)(void *face, REFIID iid, void **result);
} failures[] = {
	{ "IConnectionPointContainer", "FindConnectionPoint", fail_find_point },
	{ "IServiceProvider", "QueryService", fail_query_service },
	{ "IObjectWithSite", "GetSite", fail_get_site },
	{ "IDispatch", "GetTypeInfo", fail_type_info },
};

IUnknown *
check_slots_face(struct trial *trial, IUnknown *object, const char *interface)
{
	const struct check_known *known = check_known_called(interface);

	return trial_is_answered(trial, &known->iid) ? trial_face(trial, object, &known->iid)
						     : NULL;
}

/* A struct or count is no object; only these give one. */
static bool
gives_object(HRESULT (*use)(void *, void **))
{
	return use != use_persist && use != use_type_info_count && use != use_stat;
}

void
check_slots_use(struct trial *trial, IUnknown *object, check_slots_seen seen)
{
	for (size_t i = 0; i < G_N_ELEMENTS(uses); i++) {
		IUnknown *face = check_slots_face(trial, object, uses[i].interface), *found = NULL;
		HRESULT hr;

		if (face == NULL)
			continue;
		trial_step(trial, "%s::%s", uses[i].interface, uses[i].method);
		hr = uses[i].use(face, (void **)&found);
		if (seen != NULL)
			seen(trial, object, uses[i].interface, uses[i].method, hr);
		if (SUCCEEDED(hr) && found != NULL && gives_object(uses[i].use))
			found->lpVtbl->Release(found);
		face->lpVtbl->Release(face);
	}
}

bool
check_slots_null(struct trial *trial, IUnknown *object)
{
	bool has_any = false;

	for (size_t i = 0; i < G_N_ELEMENTS(uses); i++) {
		IUnknown *face = check_slots_face(trial, object, uses[i].interface);
		HRESULT hr;

		if (face == NULL)
			continue;
		has_any = true;
		trial_step(trial, "%s::%s with NULL", uses[i].interface, uses[i].method);
		hr = uses[i].use(face, NULL);
		if (!trial_refuses_null(hr) && hr != E_NOTIMPL)
			trial_fail(trial, "%s::%s with NULL gives %s", uses[i].interface,
			    uses[i].method, tessera_hresult_name(hr));
		face->lpVtbl->Release(face);
	}
	return check_slots_null_more(trial, object) || has_any;
}

void
check_slots_fail(struct trial *trial, IUnknown *object, void (*before)(void), check_slots_seen seen)
{
	IID random = trial_random_iid();

	for (size_t i = 0; i < G_N_ELEMENTS(failures); i++) {
		IUnknown *face = check_slots_face(trial, object, failures[i].interface);
		void *result = NULL;
		HRESULT hr;

		if (face == NULL)
			continue;
		trial_step(
		    trial, "%s::%s that must fail", failures[i].interface, failures[i].method);
		before();
		hr = failures[i].fail(face, &random, &result);
		if (FAILED(hr))
			seen(trial, object, failures[i].interface, failures[i].method, hr);
		face->lpVtbl->Release(face);
	}
}

bool
check_slots_cleared(struct trial *trial, IUnknown *object)
{
	IID random = trial_random_iid();
	bool has_any = false;

	for (size_t i = 0; i < G_N_ELEMENTS(failures); i++) {
		IUnknown *face = check_slots_face(trial, object, failures[i].interface);
		void *result = CHECK_POISON;
		HRESULT hr;

		if (face == NULL)
			continue;
		has_any = true;
		trial_step(
		    trial, "%s::%s that must fail", failures[i].interface, failures[i].method);
		hr = failures[i].fail(face, &random, &result);
		if (SUCCEEDED(hr))
			trial_fail(trial, "%s::%s for what nobody has gives %s",
			    failures[i].interface, failures[i].method, tessera_hresult_name(hr));
		else if (result != NULL)
			trial_fail(trial, "%s::%s fails and leaves its result uncleared",
			    failures[i].interface, failures[i].method);
		face->lpVtbl->Release(face);
	}
	return has_any;
}
