/* SPDX-License-Identifier: BSD-2-Clause */
/* The usual items of enumerators: interfaces, strings, identifiers, values. */
#include <string.h>

#include <comcat.h>
#include <oleauto.h>
#include <tessera_enum.h>

#include "runtime/export.h"

/* Items come as untyped memory; these are their types. */
static IUnknown *
interface_at(const void *item)
{
	IUnknown *pointer;

	memcpy(&pointer, item, sizeof pointer);
	return pointer;
}

static LPOLESTR
string_at(const void *item)
{
	LPOLESTR text;

	memcpy(&text, item, sizeof text);
	return text;
}

TESSERA_EXPORT HRESULT
tessera_item_copy_interface(void *to, const void *from)
{
	IUnknown *pointer = interface_at(from);

	if (pointer != NULL)
		pointer->lpVtbl->AddRef(pointer);
	memcpy(to, &pointer, sizeof pointer);
	return S_OK;
}

TESSERA_EXPORT void
tessera_item_clear_interface(void *item)
{
	IUnknown *pointer = interface_at(item);

	if (pointer != NULL)
		pointer->lpVtbl->Release(pointer);
}

static size_t
size_of(LPCOLESTR text)
{
	size_t n = 0;

	while (text[n] != 0)
		n++;
	return (n + 1) * sizeof *text;
}

TESSERA_EXPORT HRESULT
tessera_item_copy_string(void *to, const void *from)
{
	LPOLESTR text = string_at(from), copy = NULL;

	if (text != NULL) {
		copy = CoTaskMemAlloc(size_of(text));
		if (copy == NULL)
			return E_OUTOFMEMORY;
		memcpy(copy, text, size_of(text));
	}
	memcpy(to, &copy, sizeof copy);
	return S_OK;
}

TESSERA_EXPORT void
tessera_item_clear_string(void *item)
{
	CoTaskMemFree(string_at(item));
}

TESSERA_EXPORT const struct tessera_enum tessera_enum_unknown = {
	.iid = &IID_IEnumUnknown,
	.item_size = sizeof(IUnknown *),
	.copy = tessera_item_copy_interface,
	.clear = tessera_item_clear_interface,
};

TESSERA_EXPORT const struct tessera_enum tessera_enum_string = {
	.iid = &IID_IEnumString,
	.item_size = sizeof(LPOLESTR),
	.copy = tessera_item_copy_string,
	.clear = tessera_item_clear_string,
};

TESSERA_EXPORT const struct tessera_enum tessera_enum_guid = {
	.iid = &IID_IEnumGUID,
	.item_size = sizeof(GUID),
};

static HRESULT
copy_variant(void *to, const void *from)
{
	VariantInit(to);
	return VariantCopy(to, from);
}

static void
clear_variant(void *item)
{
	VariantClear(item);
}

TESSERA_EXPORT const struct tessera_enum tessera_enum_variant = {
	.iid = &IID_IEnumVARIANT,
	.item_size = sizeof(VARIANT),
	.copy = copy_variant,
	.clear = clear_variant,
};
