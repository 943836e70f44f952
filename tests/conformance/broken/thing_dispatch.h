/* SPDX-License-Identifier: BSD-2-Clause */
/* IDispatch with one number, Value (1), as the extra interface of a thing; right. */
#include "tests/conformance/broken/thing.h"

enum {
	CALL = 1,
	GET = 2,
	PUT = 4,
	PUT_NAME = -3,
	VALUE = 1,
};

static LONG value;

static SPARE HRESULT
dispatch_count(void *This, UINT *count)
{
	(void)This;
	if (count == NULL)
		return E_POINTER;
	*count = 0;
	return S_OK;
}

static SPARE HRESULT
dispatch_type_info(void *This, UINT index, LCID lcid, void **info)
{
	(void)This;
	(void)index;
	(void)lcid;
	if (info == NULL)
		return E_POINTER;
	*info = NULL;
	return DISP_E_BADINDEX;
}

static SPARE bool
is_value(const OLECHAR *name)
{
	static const char upper[] = "VALUE";
	size_t i = 0;

	while (upper[i] != '\0' && (name[i] & ~0x20) == upper[i])
		i++;
	return upper[i] == '\0' && name[i] == 0;
}

static SPARE HRESULT
dispatch_names(void *This, REFIID riid, LPOLESTR *names, UINT count, LCID lcid, DISPID *ids)
{
	(void)This;
	(void)lcid;
	if (!IsEqualIID(riid, &IID_NULL))
		return DISP_E_UNKNOWNINTERFACE;
	for (UINT i = 0; i < count; i++)
		ids[i] = -1;
	if (count > 0 && is_value(names[0]))
		ids[0] = VALUE;
	/* The member takes no arguments, so there are no names of any. */
	return count == 1 && ids[0] == VALUE ? S_OK : DISP_E_UNKNOWNNAME;
}

static SPARE void
give(VARIANT *result)
{
	const VARTYPE vt = VT_I4;

	if (result == NULL)
		return;
	memset(result, 0, sizeof *result);
	memcpy(result, &vt, sizeof vt);
	memcpy((char *)result + 8, &value, sizeof value);
}

/* Of the arguments, the only one is meant. */
static SPARE HRESULT
at_first(HRESULT hr, UINT *wrong)
{
	if (wrong != NULL)
		*wrong = 0;
	return hr;
}

static SPARE HRESULT
dispatch_invoke(void *This, DISPID id, REFIID riid, LCID lcid, WORD flags, DISPPARAMS *arguments,
    VARIANT *result, EXCEPINFO *exception, UINT *wrong)
{
	(void)This;
	(void)lcid;
	(void)exception;
	if (!IsEqualIID(riid, &IID_NULL))
		return DISP_E_UNKNOWNINTERFACE;
	if (id != VALUE)
		return DISP_E_MEMBERNOTFOUND;
	if ((flags & PUT) != 0) {
		if (arguments->cArgs != 1)
			return DISP_E_BADPARAMCOUNT;
		if (arguments->cNamedArgs != 1 || arguments->rgdispidNamedArgs[0] != PUT_NAME)
			return at_first(DISP_E_PARAMNOTFOUND, wrong);
		if (arguments->rgvarg[0].vt != VT_I4)
			return at_first(DISP_E_TYPEMISMATCH, wrong);
		memcpy(&value, (char *)arguments->rgvarg + 8, sizeof value);
		return S_OK;
	}
	if (arguments->cArgs != 0)
		return DISP_E_BADPARAMCOUNT;
	give(result);
	return S_OK;
}
