/* SPDX-License-Identifier: BSD-2-Clause */
/* IServiceProvider::QueryService fails and leaves the result as it was. */
#include "tests/conformance/broken/thing.h"

static const IID IID_provider = { 0x6D5140C1, 0x7436, 0x11CE,
	{ 0x80, 0x34, 0x00, 0xAA, 0x00, 0x60, 0x09, 0xFA } };

static HRESULT
query_service(void *This, REFGUID service, REFIID riid, void **ppv)
{
	(void)This;
	(void)service;
	(void)riid;
	(void)ppv;
	return E_NOINTERFACE;
}

static const slot provider_table[] = { (slot)face_query, (slot)face_add_ref, (slot)face_release,
	(slot)query_service };

#define EXTRA_IID &IID_provider
#define EXTRA_TABLE provider_table
#include "tests/conformance/broken/thing_module.h"
