/* SPDX-License-Identifier: BSD-2-Clause */
/* Error objects, the thread's place for one, and texts left in one call. */
#include <glib.h>
#include <oleauto.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <tessera_class.h>
#include <tessera_com.h>

#include "tests/suite.h"
#include "tests/unit/com_scratch.h"

static IErrorInfo *
new_error(ICreateErrorInfo **ret_create)
{
	IErrorInfo *info = NULL;

	CU_ASSERT_EQUAL_FATAL(CreateErrorInfo(ret_create), S_OK);
	CU_ASSERT_EQUAL_FATAL(
	    (*ret_create)->lpVtbl->QueryInterface(*ret_create, &IID_IErrorInfo, (void **)&info),
	    S_OK);
	return info;
}

static void
fields(void)
{
	ICreateErrorInfo *create;
	IErrorInfo *info = new_error(&create);
	BSTR text = (BSTR)0x1;
	GUID guid = IID_IStream;
	DWORD context = 1;

	EXPECT_HRESULT(info->lpVtbl->GetGUID(info, &guid), S_OK);
	CU_ASSERT(IsEqualGUID(&guid, &GUID_NULL));
	EXPECT_HRESULT(info->lpVtbl->GetSource(info, &text), S_OK);
	CU_ASSERT_PTR_NULL(text);
	EXPECT_HRESULT(info->lpVtbl->GetDescription(info, &text), S_OK);
	CU_ASSERT_PTR_NULL(text);
	EXPECT_HRESULT(info->lpVtbl->GetHelpFile(info, &text), S_OK);
	CU_ASSERT_PTR_NULL(text);
	EXPECT_HRESULT(info->lpVtbl->GetHelpContext(info, &context), S_OK);
	SUITE_EQUAL_INT(context, 0);

	EXPECT_HRESULT(create->lpVtbl->SetGUID(create, &IID_IStream), S_OK);
	EXPECT_HRESULT(create->lpVtbl->SetSource(create, (LPOLESTR)u"source"), S_OK);
	EXPECT_HRESULT(create->lpVtbl->SetDescription(create, (LPOLESTR)u"first"), S_OK);
	EXPECT_HRESULT(create->lpVtbl->SetDescription(create, (LPOLESTR)u"description"), S_OK);
	EXPECT_HRESULT(create->lpVtbl->SetHelpFile(create, (LPOLESTR)u"help"), S_OK);
	EXPECT_HRESULT(create->lpVtbl->SetHelpContext(create, 42), S_OK);

	EXPECT_HRESULT(info->lpVtbl->GetGUID(info, &guid), S_OK);
	CU_ASSERT(IsEqualGUID(&guid, &IID_IStream));
	EXPECT_HRESULT(info->lpVtbl->GetSource(info, &text), S_OK);
	CU_ASSERT(text != NULL && memcmp(text, u"source", 14) == 0);
	SysFreeString(text);
	EXPECT_HRESULT(info->lpVtbl->GetDescription(info, &text), S_OK);
	CU_ASSERT(text != NULL && memcmp(text, u"description", 24) == 0);
	SysFreeString(text);
	EXPECT_HRESULT(info->lpVtbl->GetHelpFile(info, &text), S_OK);
	CU_ASSERT(text != NULL && memcmp(text, u"help", 10) == 0);
	SysFreeString(text);
	EXPECT_HRESULT(info->lpVtbl->GetHelpContext(info, &context), S_OK);
	SUITE_EQUAL_INT(context, 42);
	EXPECT_HRESULT(create->lpVtbl->SetHelpFile(create, NULL), S_OK);
	EXPECT_HRESULT(info->lpVtbl->GetHelpFile(info, &text), S_OK);
	CU_ASSERT_PTR_NULL(text);
	EXPECT_HRESULT(info->lpVtbl->GetGUID(info, NULL), E_POINTER);
	EXPECT_HRESULT(info->lpVtbl->GetSource(info, NULL), E_POINTER);
	EXPECT_HRESULT(info->lpVtbl->GetDescription(info, NULL), E_POINTER);
	EXPECT_HRESULT(info->lpVtbl->GetHelpFile(info, NULL), E_POINTER);
	EXPECT_HRESULT(info->lpVtbl->GetHelpContext(info, NULL), E_POINTER);
	EXPECT_HRESULT(CreateErrorInfo(NULL), E_POINTER);
	create->lpVtbl->Release(create);
	SUITE_EQUAL_INT(info->lpVtbl->Release(info), 0);
}

static void
place_of_the_thread(void)
{
	ICreateErrorInfo *create;
	IErrorInfo *info = new_error(&create), *got = (IErrorInfo *)0x1;

	EXPECT_HRESULT(GetErrorInfo(0, &got), S_FALSE);
	CU_ASSERT_PTR_NULL(got);
	EXPECT_HRESULT(SetErrorInfo(1, info), E_INVALIDARG);
	EXPECT_HRESULT(SetErrorInfo(0, info), S_OK);
	got = (IErrorInfo *)0x1;
	EXPECT_HRESULT(GetErrorInfo(1, &got), E_INVALIDARG);
	CU_ASSERT_PTR_NULL(got);
	EXPECT_HRESULT(GetErrorInfo(0, NULL), E_POINTER);
	EXPECT_HRESULT(GetErrorInfo(0, &got), S_OK);
	CU_ASSERT_PTR_EQUAL(got, info);
	got->lpVtbl->Release(got);
	EXPECT_HRESULT(GetErrorInfo(0, &got), S_FALSE);
	/* Set twice, cleared: one reference each time. */
	EXPECT_HRESULT(SetErrorInfo(0, info), S_OK);
	EXPECT_HRESULT(SetErrorInfo(0, info), S_OK);
	EXPECT_HRESULT(SetErrorInfo(0, NULL), S_OK);
	EXPECT_HRESULT(GetErrorInfo(0, &got), S_FALSE);
	create->lpVtbl->Release(create);
	SUITE_EQUAL_INT(info->lpVtbl->Release(info), 0);
}

static void *
other_thread(void *info)
{
	IErrorInfo *got = NULL;
	intptr_t fine = GetErrorInfo(0, &got) == S_FALSE && SetErrorInfo(0, info) == S_OK;

	return (void *)fine; /* ends with the object in place */
}

static void
threads_are_apart(void)
{
	ICreateErrorInfo *create;
	IErrorInfo *info = new_error(&create), *got = NULL;
	pthread_t thread;
	void *fine = NULL;

	EXPECT_HRESULT(SetErrorInfo(0, info), S_OK);
	if (pthread_create(&thread, NULL, other_thread, info) != 0 ||
	    pthread_join(thread, &fine) != 0)
		abort();
	CU_ASSERT_PTR_NOT_NULL(fine);
	EXPECT_HRESULT(GetErrorInfo(0, &got), S_OK);
	CU_ASSERT_PTR_EQUAL(got, info);
	got->lpVtbl->Release(got);
	create->lpVtbl->Release(create);
	/* The ended thread gave its reference back. */
	SUITE_EQUAL_INT(info->lpVtbl->Release(info), 0);
}

static void
text_in_one_call(void)
{
	IErrorInfo *info = NULL;
	BSTR source = NULL;
	GUID guid;
	char *text;

	EXPECT_HRESULT(tessera_error(E_FAIL, NULL, NULL, "old"), E_FAIL);
	EXPECT_HRESULT(
	    tessera_error(E_ABORT, &IID_IStream, "Some.Class.1", "reader %d: \xC3\xA4", 7),
	    E_ABORT);
	EXPECT_HRESULT(GetErrorInfo(0, &info), S_OK);
	EXPECT_HRESULT(info->lpVtbl->GetGUID(info, &guid), S_OK);
	CU_ASSERT(IsEqualGUID(&guid, &IID_IStream));
	EXPECT_HRESULT(info->lpVtbl->GetSource(info, &source), S_OK);
	CU_ASSERT(source != NULL && memcmp(source, u"Some.Class.1", 26) == 0);
	SysFreeString(source);
	EXPECT_HRESULT(SetErrorInfo(0, info), S_OK);
	info->lpVtbl->Release(info);
	text = tessera_error_text();
	SUITE_EQUAL_STRING(text, "reader 7: \xC3\xA4");
	CoTaskMemFree(text);
	CU_ASSERT_PTR_NULL(tessera_error_text());
}

/* A file name may be any bytes, and a component may say anything of any length. */
static void
odd_texts(void)
{
	g_autofree char *longest = g_strnfill(100000, 'x');
	char *text;

	tessera_error(E_FAIL, NULL, NULL,
	    "file a\xFF"
	    "b");
	text = tessera_error_text();
	SUITE_EQUAL_STRING(text,
	    "file a\xEF\xBF\xBD"
	    "b");
	CoTaskMemFree(text);
	tessera_error(E_FAIL, NULL, NULL, "%s", longest);
	text = tessera_error_text();
	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	SUITE_EQUAL_INT(strlen(text), 8192);
	SUITE_EQUAL_STRING(text + 8188, "x...");
	CoTaskMemFree(text);
	tessera_error(E_FAIL, NULL, NULL, "%s", "");
	text = tessera_error_text();
	SUITE_EQUAL_STRING(text, "");
	CoTaskMemFree(text);
}

static void
count(const char *name, ULONG number, void *data)
{
	(void)name;
	*(ULONG *)data += number;
}

/* The runtime keeps error objects by itself; a program that ignores one has leaked nothing. */
static void
not_counted(void)
{
	ULONG seen = 0;

	tessera_error(E_FAIL, NULL, NULL, "ignored");
	SUITE_EQUAL_INT(tessera_live_objects(count, &seen), 0);
	SUITE_EQUAL_INT(seen, 0);
	SetErrorInfo(0, NULL);
}

static const struct suite_test tests[] = {
	{ "fields", fields },
	{ "the thread's place", place_of_the_thread },
	{ "threads are apart, and clean up", threads_are_apart },
	{ "tessera_error, tessera_error_text", text_in_one_call },
	{ "texts that are not UTF-8, too long, empty", odd_texts },
	{ "error objects are not live objects", not_counted },
};

int
main(void)
{
	return suite_run("error info", tests, sizeof tests / sizeof tests[0]);
}
