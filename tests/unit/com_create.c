/* SPDX-License-Identifier: BSD-2-Clause */
/* Creates an object of the class whose ProgID or CLSID is the argument; for comreg.sh. */
#include <glib.h>
#include <stdio.h>
#include <tessera_com.h>

int
main(int argc, char **argv)
{
	g_autofree gunichar2 *name =
	    argc == 2 ? g_utf8_to_utf16(argv[1], -1, NULL, NULL, NULL) : NULL;
	IUnknown *object = NULL;
	CLSID clsid;
	HRESULT hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);

	if (SUCCEEDED(hr))
		hr = CLSIDFromString((LPCOLESTR)name, &clsid);
	if (SUCCEEDED(hr))
		hr = CoCreateInstance(
		    &clsid, NULL, CLSCTX_INPROC_SERVER, &IID_IUnknown, (void **)&object);
	if (FAILED(hr)) {
		char *text = tessera_error_text();

		printf("%s: %s\n", tessera_hresult_name(hr), text != NULL ? text : "");
		CoTaskMemFree(text);
		return 1;
	}
	object->lpVtbl->Release(object);
	puts("created");
	return 0;
}
