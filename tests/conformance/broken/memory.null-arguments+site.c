/* SPDX-License-Identifier: BSD-2-Clause */
/* IObjectWithSite::GetSite writes to where it was given no place. */
#include "tests/conformance/broken/thing.h"

static const IID IID_site = { 0xFC4801A3, 0x2BA9, 0x11CF,
	{ 0xA2, 0x29, 0x00, 0xAA, 0x00, 0x3D, 0x73, 0x52 } };

static HRESULT
set_site(void *This, IUnknown *site)
{
	(void)This;
	(void)site;
	return E_NOTIMPL;
}

static HRESULT
get_site(void *This, REFIID riid, void **ppv)
{
	(void)This;
	(void)riid;
	*ppv = NULL;
	return E_FAIL;
}

static const slot site_table[] = { (slot)face_query, (slot)face_add_ref, (slot)face_release,
	(slot)set_site, (slot)get_site };

#define EXTRA_IID &IID_site
#define EXTRA_TABLE site_table
#include "tests/conformance/broken/thing_module.h"
