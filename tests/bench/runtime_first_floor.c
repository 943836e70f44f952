/* SPDX-License-Identifier: BSD-2-Clause */
/* The floor: a process that knows the module's path, loads it with GModule and calls its factory.
 */
#define COBJMACROS
#include <gmodule.h>
#include <objbase.h>
#include <string.h>

#include "counter.h"

int
main(int argc, char **argv)
{
	HRESULT (*get)(REFCLSID, REFIID, LPVOID *);
	GModule *module = argc == 2 ? g_module_open(argv[1], G_MODULE_BIND_LAZY) : NULL;
	IClassFactory *factory;
	ICounter *object;
	gpointer symbol;
	LONG value;
	HRESULT hr;

	if (module == NULL || !g_module_symbol(module, "DllGetClassObject", &symbol))
		return 1;
	memcpy(&get, &symbol, sizeof get);
	hr = get(&CLSID_Hermit, &IID_IClassFactory, (void **)&factory);
	if (SUCCEEDED(hr))
		hr = IClassFactory_CreateInstance(factory, NULL, &IID_ICounter, (void **)&object);
	if (FAILED(hr))
		return 1;
	hr = ICounter_Next(object, &value);
	ICounter_Release(object);
	IClassFactory_Release(factory);
	return FAILED(hr);
}
