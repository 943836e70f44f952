/* SPDX-License-Identifier: BSD-2-Clause */
/* IServiceProvider::QueryService leaves an error object, and nobody said that it would. */
#include "tests/conformance/broken/thing.h"

#include <tessera_class.h>

static const IID IID_provider = { 0x6D5140C1, 0x7436, 0x11CE,
	{ 0x80, 0x34, 0x00, 0xAA, 0x00, 0x60, 0x09, 0xFA } };

static HRESULT
query_service(void *This, REFGUID service, REFIID riid, void **ppv)
{
	(void)This;
	(void)service;
	(void)riid;
	if (ppv == NULL)
		return E_POINTER;
	*ppv = NULL;
	return tessera_error(E_NOINTERFACE, NULL, NULL, "no such service");
}

static const slot provider_table[] = { (slot)face_query, (slot)face_add_ref, (slot)face_release,
	(slot)query_service };

#define EXTRA_IID &IID_provider
#define EXTRA_TABLE provider_table
#include "tests/conformance/broken/thing_module.h"
