/* SPDX-License-Identifier: BSD-2-Clause */
/* Claims error objects for IServiceProvider, and leaves that of another call where it fails. */
#include "tests/conformance/broken/thing.h"

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
	return E_NOINTERFACE;
}

static HRESULT
supports(void *This, REFIID riid)
{
	(void)This;
	return IsEqualIID(riid, &IID_provider) ? S_OK : S_FALSE;
}

static const slot provider_table[] = { (slot)face_query, (slot)face_add_ref, (slot)face_release,
	(slot)query_service };
static const slot errors_table[] = { (slot)face_query, (slot)face_add_ref, (slot)face_release,
	(slot)supports };

#define EXTRA_IID &IID_provider
#define EXTRA_TABLE provider_table
#define MORE_IID &IID_ISupportErrorInfo
#define MORE_TABLE errors_table
#include "tests/conformance/broken/thing_module.h"
