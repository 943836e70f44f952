/* SPDX-License-Identifier: BSD-2-Clause */
/* IPersistFile::GetCurFile gives a text that the object frees, too. */
#include "tests/conformance/broken/thing.h"

static const IID IID_file = { 0x0000010B, 0, 0, { 0xC0, 0, 0, 0, 0, 0, 0, 0x46 } };

static OLECHAR *kept;

static HRESULT
get_class_id(void *This, CLSID *clsid)
{
	(void)This;
	if (clsid == NULL)
		return E_POINTER;
	*clsid = CLSID_Thing;
	return S_OK;
}

static HRESULT
get_cur_file(void *This, LPOLESTR *name)
{
	const OLECHAR text[] = u"*.thing";

	(void)This;
	if (name == NULL)
		return E_POINTER;
	*name = kept = CoTaskMemAlloc(sizeof text);
	if (kept == NULL)
		return E_OUTOFMEMORY;
	memcpy(kept, text, sizeof text);
	return S_FALSE;
}

static void
end(struct thing *self)
{
	CoTaskMemFree(kept);
	kept = NULL;
	thing_free(self);
}

static const slot file_table[] = { (slot)face_query, (slot)face_add_ref, (slot)face_release,
	(slot)get_class_id, (slot)not_implemented, (slot)not_implemented, (slot)not_implemented,
	(slot)not_implemented, (slot)get_cur_file };

#define DESTROY end
#define EXTRA_IID &IID_file
#define EXTRA_TABLE file_table
#include "tests/conformance/broken/thing_module.h"
