/* SPDX-License-Identifier: BSD-2-Clause */
/* Leaving and taking error texts, in UTF-8 and in one call. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <glib.h>
#include <tessera_class.h>
#include <tessera_com.h>

#include "runtime/export.h"

/* Bytes; a text may quote what a loader, a file or a component said. */
#define ERROR_TEXT_MAX 8192u

static gunichar2 *
to_utf16(const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);

	return g_utf8_to_utf16(valid, -1, NULL, NULL, NULL);
}

static void
leave(const IID *iid, const char *source, const char *text)
{
	g_autofree gunichar2 *wide_text = to_utf16(text);
	g_autofree gunichar2 *wide_source = source != NULL ? to_utf16(source) : NULL;
	ICreateErrorInfo *create = NULL;
	IErrorInfo *info = NULL;

	/* What an earlier failure left must not be taken for this one's. */
	SetErrorInfo(0, NULL);
	if (FAILED(CreateErrorInfo(&create)))
		return;
	if (iid != NULL)
		create->lpVtbl->SetGUID(create, iid);
	create->lpVtbl->SetSource(create, (LPOLESTR)wide_source);
	create->lpVtbl->SetDescription(create, (LPOLESTR)wide_text);
	if (SUCCEEDED(create->lpVtbl->QueryInterface(create, &IID_IErrorInfo, (void **)&info))) {
		SetErrorInfo(0, info);
		info->lpVtbl->Release(info);
	}
	create->lpVtbl->Release(create);
}

TESSERA_EXPORT HRESULT
tessera_error(HRESULT code, const IID *iid, const char *source, const char *format, ...)
{
	/* On the stack: what fails for want of memory must be able to say so. */
	char text[ERROR_TEXT_MAX + 1];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	if (length < 0)
		text[0] = '\0';
	else if ((size_t)length >= sizeof text)
		memcpy(text + ERROR_TEXT_MAX - 3, "...", 4);
	leave(iid, source, text);
	return code;
}

TESSERA_EXPORT char *
tessera_error_text(void)
{
	IErrorInfo *info;
	BSTR description = NULL;
	char *utf8 = NULL, *result = NULL;

	if (GetErrorInfo(0, &info) != S_OK)
		return NULL;
	if (SUCCEEDED(info->lpVtbl->GetDescription(info, &description)) && description != NULL)
		utf8 = g_utf16_to_utf8((const gunichar2 *)description,
		    (glong)SysStringLen(description), NULL, NULL, NULL);
	if (utf8 != NULL && (result = CoTaskMemAlloc(strlen(utf8) + 1)) != NULL)
		memcpy(result, utf8, strlen(utf8) + 1);
	g_free(utf8);
	SysFreeString(description);
	info->lpVtbl->Release(info);
	return result;
}

static HRESULT
support_InterfaceSupportsErrorInfo(ISupportErrorInfo *iface, REFIID riid)
{
	const struct tessera_class *type = ((struct tessera_face *)(void *)iface)->object->type;

	if (riid == NULL)
		return E_INVALIDARG;
	for (size_t i = 0; i < type->interface_count; i++)
		if (IsEqualIID(type->interfaces[i].iid, riid))
			return S_OK;
	return S_FALSE;
}

TESSERA_EXPORT const ISupportErrorInfoVtbl tessera_support_error_info_vtbl = {
	TESSERA_UNKNOWN_SLOTS(ISupportErrorInfo),
	.InterfaceSupportsErrorInfo = support_InterfaceSupportsErrorInfo,
};
