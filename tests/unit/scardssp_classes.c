/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What every class of the module has in common: identity and the laws of QueryInterface,
 * aggregation, IDispatch without type information, ISupportErrorInfo, ProgIDs, the published
 * identifiers.
 */
#include "tests/unit/scardssp_fixture.h"

struct row {
	const char *name;
	const CLSID *clsid;
	const IID *iid;
	const OLECHAR *progid;
	const OLECHAR *version_independent;
	const OLECHAR *clsid_text;
};

static const struct row rows[] = {
	{ "CByteBuffer", &CLSID_CByteBuffer, &IID_IByteBuffer, u"SCardSSP.ByteBuffer.1",
	    u"SCardSSP.ByteBuffer", u"{E126F8FF-A7AF-11D0-B88A-00C04FD424B9}" },
	{ "CSCardTypeConv", &CLSID_CSCardTypeConv, &IID_ISCardTypeConv, u"SCardSSP.SCardTypeConv.1",
	    u"SCardSSP.SCardTypeConv", u"{53B6AA67-3F56-11D0-916B-00AA00C18068}" },
	{ "CSCardCmd", &CLSID_CSCardCmd, &IID_ISCardCmd, u"SCardSSP.SCardCmd.1",
	    u"SCardSSP.SCardCmd", u"{D5778AE7-43DE-11D0-9171-00AA00C18068}" },
	{ "CSCardISO7816", &CLSID_CSCardISO7816, &IID_ISCardISO7816, u"SCardSSP.SCardISO7816.1",
	    u"SCardSSP.SCardISO7816", u"{53B6AA6C-3F56-11D0-916B-00AA00C18068}" },
	{ "CSCard", &CLSID_CSCard, &IID_ISCard, u"SCardSSP.SCard.1", u"SCardSSP.SCard",
	    u"{1461AAC7-6810-11D0-918F-00AA00C18068}" },
};

static HRESULT
query(void *object, REFIID iid, void *ret)
{
	IUnknown *unknown = object;

	return unknown->lpVtbl->QueryInterface(unknown, iid, ret);
}

static void
release(void *object)
{
	IUnknown *unknown = object;

	unknown->lpVtbl->Release(unknown);
}

/* From each interface each other one, and always the same IUnknown. */
static void
query_interface(void)
{
	for (size_t r = 0; r < SSP_COUNT(rows); r++) {
		const IID *const iids[] = { &IID_IUnknown, rows[r].iid, &IID_IDispatch,
			&IID_ISupportErrorInfo };
		void *object = ssp_create(rows[r].clsid, &IID_IUnknown);

		for (size_t i = 0; i < SSP_COUNT(iids); i++) {
			void *face = NULL, *none = (void *)0x1;

			OK(query(object, iids[i], &face));
			for (size_t j = 0; j < SSP_COUNT(iids); j++) {
				void *other = NULL, *identity = NULL;

				OK(query(face, iids[j], &other));
				OK(query(other, &IID_IUnknown, &identity));
				CU_ASSERT(identity == object);
				release(identity);
				release(other);
			}
			EXPECT(query(face, &IID_IStream, &none), E_NOINTERFACE);
			CU_ASSERT(none == NULL);
			EXPECT(query(face, &IID_IUnknown, NULL), E_POINTER);
			SUITE_EQUAL_INT(ssp_references(face), 2);
			release(face);
		}
		SUITE_EQUAL_INT(ssp_references(object), 1);
		release(object);
	}
}

/* The least that can aggregate: an IUnknown that also answers for the inner object's interfaces. */
struct outer {
	IUnknown iface;
	ULONG references;
	IUnknown *inner;
};

static HRESULT
outer_QueryInterface(IUnknown *iface, REFIID riid, void **ppv)
{
	struct outer *self = (struct outer *)(void *)iface;

	if (!IsEqualIID(riid, &IID_IUnknown))
		return self->inner->lpVtbl->QueryInterface(self->inner, riid, ppv);
	self->references++;
	*ppv = iface;
	return S_OK;
}

static ULONG
outer_AddRef(IUnknown *iface)
{
	return ++((struct outer *)(void *)iface)->references;
}

static ULONG
outer_Release(IUnknown *iface)
{
	return --((struct outer *)(void *)iface)->references;
}

static const IUnknownVtbl outer_vtbl = { outer_QueryInterface, outer_AddRef, outer_Release };

static void
aggregation(void)
{
	for (size_t r = 0; r < SSP_COUNT(rows); r++) {
		struct outer outer = { { &outer_vtbl }, 1, NULL };
		void *face = (void *)0x1, *identity = NULL, *errors = NULL;

		EXPECT(CoCreateInstance(
			   rows[r].clsid, &outer.iface, CLSCTX_INPROC_SERVER, rows[r].iid, &face),
		    E_NOINTERFACE);
		CU_ASSERT(face == NULL);
		SUITE_EQUAL_INT(outer.references, 1);
		OK(CoCreateInstance(rows[r].clsid, &outer.iface, CLSCTX_INPROC_SERVER,
		    &IID_IUnknown, (void **)&outer.inner));
		SUITE_EQUAL_INT(outer.references, 1);

		OK(query(&outer.iface, rows[r].iid, &face));
		SUITE_EQUAL_INT(outer.references, 2);
		OK(query(face, &IID_IUnknown, &identity));
		CU_ASSERT(identity == &outer.iface);
		OK(query(face, &IID_ISupportErrorInfo, &errors));
		SUITE_EQUAL_INT(outer.references, 4);
		release(errors);
		release(identity);
		release(face);
		SUITE_EQUAL_INT(outer.references, 1);
		SUITE_EQUAL_INT(outer.inner->lpVtbl->Release(outer.inner), 0);
	}
}

/* The inner object works: an extension of ISO 7816 that aggregates the base provider. */
static void
aggregated_objects_work(void)
{
	struct outer outer = { { &outer_vtbl }, 1, NULL };
	ISCardISO7816 *iso = NULL;
	ISCardCmd *cmd = NULL;

	OK(CoCreateInstance(&CLSID_CSCardISO7816, &outer.iface, CLSCTX_INPROC_SERVER, &IID_IUnknown,
	    (void **)&outer.inner));
	OK(query(&outer.iface, &IID_ISCardISO7816, &iso));
	OK(ISCardISO7816_SetDefaultClassId(iso, 0x90));
	OK(ISCardISO7816_GetChallenge(iso, 8, &cmd));
	EXPECT_APDU(cmd, "9084000008");
	ISCardCmd_Release(cmd);
	ISCardISO7816_Release(iso);
	release(outer.inner);

	/* A byte buffer that is part of another object is still read as a whole. */
	IByteBuffer *buffer = NULL;
	cmd = NEW_CMD();
	OK(CoCreateInstance(&CLSID_CByteBuffer, &outer.iface, CLSCTX_INPROC_SERVER, &IID_IUnknown,
	    (void **)&outer.inner));
	OK(query(&outer.iface, &IID_IByteBuffer, &buffer));
	OK(IByteBuffer_Write(buffer, (BYTE *)"\x00\xB0\x00\x00\x05", 5, NULL));
	OK(ISCardCmd_put_Apdu(cmd, buffer));
	EXPECT_APDU(cmd, "00B0000005");
	IByteBuffer_Release(buffer);
	release(outer.inner);
	ISCardCmd_Release(cmd);
	SUITE_EQUAL_INT(outer.references, 1);
}

static void
dispatch(void)
{
	OLECHAR member[] = u"Read";
	LPOLESTR names[] = { member };

	for (size_t r = 0; r < SSP_COUNT(rows); r++) {
		IDispatch *object = ssp_create(rows[r].clsid, &IID_IDispatch);
		DISPPARAMS none = { NULL, NULL, 0, 0 };
		ITypeInfo *info = (ITypeInfo *)0x1;
		UINT count = 7;
		DISPID id = 7;

		OK(IDispatch_GetTypeInfoCount(object, &count));
		SUITE_EQUAL_INT(count, 0);
		EXPECT(IDispatch_GetTypeInfo(object, 0, 0, &info), E_NOTIMPL);
		CU_ASSERT(info == NULL);
		EXPECT(IDispatch_GetIDsOfNames(object, &IID_NULL, names, 1, 0, &id), E_NOTIMPL);
		EXPECT(IDispatch_Invoke(object, 0, &IID_NULL, 0, 1, &none, NULL, NULL, NULL),
		    E_NOTIMPL);
		IDispatch_Release(object);
	}
}

static void
error_info(void)
{
	for (size_t r = 0; r < SSP_COUNT(rows); r++) {
		ISupportErrorInfo *errors = ssp_create(rows[r].clsid, &IID_ISupportErrorInfo);

		EXPECT(ISupportErrorInfo_InterfaceSupportsErrorInfo(errors, rows[r].iid), S_OK);
		EXPECT(ISupportErrorInfo_InterfaceSupportsErrorInfo(errors, &IID_IStream), S_FALSE);
		ISupportErrorInfo_Release(errors);
	}
}

/* An error object says who speaks. */
static void
error_source(void)
{
	ISCardCmd *cmd = NEW_CMD();
	IErrorInfo *info = NULL;
	BSTR source = NULL;
	GUID iid;
	BYTE byte;

	EXPECT(ISCardCmd_get_AlternateClassId(cmd, &byte), E_ACCESSDENIED);
	EXPECT(GetErrorInfo(0, &info), S_OK);
	OK(info->lpVtbl->GetSource(info, &source));
	OK(info->lpVtbl->GetGUID(info, &iid));
	CU_ASSERT(IsEqualIID(&iid, &IID_ISCardCmd));
	SUITE_EQUAL_INT(SysStringLen(source), 19);
	for (UINT i = 0; i < SysStringLen(source); i++)
		SUITE_EQUAL_INT(source[i], u"SCardSSP.SCardCmd.1"[i]);
	SysFreeString(source);
	info->lpVtbl->Release(info);
	ISCardCmd_Release(cmd);
}

static void
identifiers(void)
{
	for (size_t r = 0; r < SSP_COUNT(rows); r++) {
		const OLECHAR *const progids[] = { rows[r].progid, rows[r].version_independent };
		CLSID clsid;

		OK(CLSIDFromString(rows[r].clsid_text, &clsid));
		CU_ASSERT(IsEqualCLSID(&clsid, rows[r].clsid));
		for (size_t i = 0; i < 2; i++) {
			OK(CLSIDFromProgID(progids[i], &clsid));
			CU_ASSERT(IsEqualCLSID(&clsid, rows[r].clsid));
		}
	}
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "QueryInterface", query_interface },
		{ "aggregation", aggregation },
		{ "aggregated objects work", aggregated_objects_work },
		{ "IDispatch without type information", dispatch },
		{ "ISupportErrorInfo", error_info },
		{ "an error object says who speaks", error_source },
		{ "CLSIDs and ProgIDs", identifiers },
	};

	return ssp_run("scardssp classes", tests, SSP_COUNT(tests));
}
