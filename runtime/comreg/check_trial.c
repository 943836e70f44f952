/* SPDX-License-Identifier: BSD-2-Clause */
/* Getting at the module, its class object and its objects, and small questions about them. */
#include "runtime/comreg/check_trial.h"

#include <dlfcn.h>
#include <string.h>

#include "runtime/comreg/check_known.h"

static void
find_entry(void *handle, const char *name, void *ret_function)
{
	void *symbol = dlsym(handle, name);

	memcpy(ret_function, &symbol, sizeof symbol);
}

bool
trial_load(struct trial *trial)
{
	/* Lazily, as the runtime does: whether all symbols resolve is a check of its own. */
	trial->handle = dlopen(trial->target->module, RTLD_LAZY | RTLD_LOCAL);
	if (trial->handle == NULL) {
		trial_skip(trial, "the module cannot be loaded, see module.symbols");
		return false;
	}
	find_entry(trial->handle, "DllGetClassObject", &trial->get_class_object);
	find_entry(trial->handle, "DllCanUnloadNow", &trial->can_unload_now);
	find_entry(trial->handle, "DllRegisterServer", &trial->register_server);
	find_entry(trial->handle, "DllUnregisterServer", &trial->unregister_server);
	if (trial->get_class_object == NULL) {
		trial_skip(trial, "there is no DllGetClassObject, see module.exports");
		return false;
	}
	return true;
}

IClassFactory *
trial_factory(struct trial *trial)
{
	void *factory = NULL;
	HRESULT hr = trial->get_class_object(&trial->clsid, &IID_IClassFactory, &factory);

	if (FAILED(hr) || factory == NULL) {
		trial_skip(
		    trial, "no class object (%s), see module.served", tessera_hresult_name(hr));
		return NULL;
	}
	return factory;
}

HRESULT
trial_create(struct trial *trial, IUnknown *outer, const IID *iid, void **ppv)
{
	void *found = NULL;
	IClassFactory *factory;
	HRESULT hr = trial->get_class_object(&trial->clsid, &IID_IClassFactory, &found);

	*ppv = CHECK_POISON;
	if (FAILED(hr) || found == NULL)
		return FAILED(hr) ? hr : E_UNEXPECTED;
	factory = found;
	hr = factory->lpVtbl->CreateInstance(factory, outer, iid, ppv);
	factory->lpVtbl->Release(factory);
	return hr;
}

IUnknown *
trial_object(struct trial *trial)
{
	IClassFactory *factory = trial_factory(trial);
	void *object = NULL;
	HRESULT hr;

	if (factory == NULL)
		return NULL;
	hr = factory->lpVtbl->CreateInstance(factory, NULL, &IID_IUnknown, &object);
	factory->lpVtbl->Release(factory);
	if (FAILED(hr) || object == NULL) {
		trial_skip(trial, "no object (%s), see unknown.declared", tessera_hresult_name(hr));
		return NULL;
	}
	return object;
}

bool
trial_is_answered(const struct trial *trial, const IID *iid)
{
	for (guint i = 0; i < trial->answered->len; i++)
		if (IsEqualIID(&g_array_index(trial->answered, IID, i), iid))
			return true;
	return false;
}

IUnknown *
trial_face(struct trial *trial, IUnknown *object, const IID *iid)
{
	void *face = NULL;
	HRESULT hr = object->lpVtbl->QueryInterface(object, iid, &face);

	if (SUCCEEDED(hr) && face != NULL)
		return face;
	trial_fail(trial, "%s, answered before, is now refused with %s", trial_iid_name(trial, iid),
	    tessera_hresult_name(hr));
	return NULL;
}

void *
trial_interface(struct trial *trial, const IID *iid)
{
	IUnknown *object, *face;

	if (!trial_is_answered(trial, iid)) {
		trial_skip(trial, "the class does not answer %s", trial_iid_name(trial, iid));
		return NULL;
	}
	object = trial_object(trial);
	if (object == NULL)
		return NULL;
	face = trial_face(trial, object, iid);
	object->lpVtbl->Release(object);
	return face;
}

HRESULT
trial_can_unload(const struct trial *trial)
{
	return trial->can_unload_now != NULL ? trial->can_unload_now() : E_NOTIMPL;
}

void
trial_expect_idle(struct trial *trial, const char *after_what)
{
	HRESULT hr = trial_can_unload(trial);

	if (hr != S_OK && hr != E_NOTIMPL)
		trial_fail(trial, "after %s DllCanUnloadNow gives %s, not S_OK: something is left",
		    after_what, tessera_hresult_name(hr));
}

ULONG
trial_count(IUnknown *object)
{
	object->lpVtbl->AddRef(object);
	return object->lpVtbl->Release(object);
}

IID
trial_random_iid(void)
{
	IID iid = { g_random_int(), (uint16_t)g_random_int(), 0x4000, { 0x80 } };

	for (size_t i = 1; i < sizeof iid.Data4; i++)
		iid.Data4[i] = (uint8_t)g_random_int();
	return iid;
}

const char *
trial_iid_name(const struct trial *trial, const IID *iid)
{
	static _Thread_local char buffers[4][GUID_TEXT_LENGTH + 1];
	static _Thread_local unsigned next;
	const struct check_known *known = check_known_find(iid);
	const struct manifest *manifest = trial->target->manifest;

	if (known != NULL)
		return known->name;
	for (guint i = 0; manifest != NULL && i < manifest->interfaces->len; i++) {
		const struct manifest_interface *interface =
		    g_ptr_array_index(manifest->interfaces, i);

		if (IsEqualIID(&interface->iid, iid))
			return interface->name;
	}
	return guid_to_text(iid, buffers[next++ % G_N_ELEMENTS(buffers)]);
}

bool
trial_refuses_null(HRESULT hr)
{
	return hr == E_POINTER || hr == E_INVALIDARG || hr == STG_E_INVALIDPOINTER;
}
