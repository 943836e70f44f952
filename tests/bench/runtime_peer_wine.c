/* SPDX-License-Identifier: BSD-2-Clause */
/* Wine's COM: the same calls on a class of Wine's own, the category manager. */
#define COBJMACROS
#define INITGUID
#include <stdlib.h>

#include <objbase.h>

#include <comcat.h>

#include "tests/bench/runtime_peer.h"

DEFINE_GUID(CLSID_Manager, 0x0002E005, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46);

static ICatRegister *object;

static void
reference(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		ICatRegister_AddRef(object);
		ICatRegister_Release(object);
	}
}

static void
query_hit(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		ICatInformation *other;

		if (FAILED(
			ICatRegister_QueryInterface(object, &IID_ICatInformation, (void **)&other)))
			abort();
		ICatInformation_Release(other);
	}
}

static void
query_miss(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		void *none;

		if (SUCCEEDED(ICatRegister_QueryInterface(object, &IID_IStream, &none)))
			abort();
	}
}

static void
activation(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		ICatRegister *made;

		if (FAILED(CoCreateInstance(&CLSID_Manager, NULL, CLSCTX_INPROC_SERVER,
			&IID_ICatRegister, (void **)&made)))
			abort();
		ICatRegister_Release(made);
	}
}

int
main(int argc, char **argv)
{
	static const struct peer_row rows[] = {
		{ "reference", reference },
		{ "query-hit", query_hit },
		{ "query-miss", query_miss },
		{ "activation", activation },
	};

	if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)) ||
	    FAILED(CoCreateInstance(
		&CLSID_Manager, NULL, CLSCTX_INPROC_SERVER, &IID_ICatRegister, (void **)&object)))
		return 1;
	if (argc == 2 && strcmp(argv[1], "first") == 0)
		return 0;
	return peer_serve(rows, sizeof rows / sizeof rows[0]);
}
