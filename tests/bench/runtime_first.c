/* SPDX-License-Identifier: BSD-2-Clause */
/* A whole process for one object: the runtime finds the class, loads its module, makes the object.
 */
#define COBJMACROS
#include <objbase.h>

#include "counter.h"

int
main(void)
{
	ICounter *object;
	LONG value;
	HRESULT hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);

	if (SUCCEEDED(hr))
		hr = CoCreateInstance(
		    &CLSID_Hermit, NULL, CLSCTX_INPROC_SERVER, &IID_ICounter, (void **)&object);
	if (FAILED(hr))
		return 1;
	hr = ICounter_Next(object, &value);
	ICounter_Release(object);
	CoUninitialize();
	return FAILED(hr);
}
