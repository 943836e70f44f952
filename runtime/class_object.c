/* SPDX-License-Identifier: BSD-2-Clause */
/* IClassFactory is what nearly all have; a class object with an activation of its own may not. */
#include "runtime/class_object.h"

HRESULT
class_object_get(struct class_entry *entry)
{
	void *found = NULL;
	HRESULT hr = entry->module->entry(&entry->serves, &IID_IClassFactory, &found);

	if (SUCCEEDED(hr) && found != NULL) {
		entry->factory = found;
		hr = entry->factory->lpVtbl->QueryInterface(
		    entry->factory, &IID_IUnknown, (void **)&entry->object);
		if (FAILED(hr)) {
			entry->factory->lpVtbl->Release(entry->factory);
			entry->factory = NULL;
			entry->object = NULL;
		}
	} else if (hr == E_NOINTERFACE) {
		hr = entry->module->entry(&entry->serves, &IID_IUnknown, (void **)&entry->object);
	}
	if (FAILED(hr))
		return hr;
	if (entry->object == NULL) {
		if (entry->factory != NULL)
			entry->factory->lpVtbl->Release(entry->factory);
		entry->factory = NULL;
		return E_UNEXPECTED;
	}
	loader_count_class_objects(entry->module, entry->factory != NULL ? 2 : 1);
	return S_OK;
}
