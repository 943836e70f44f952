/* SPDX-License-Identifier: BSD-2-Clause */
/* What activation says of itself: causes that com_activation.c does not have, and the trace. */
#include <glib.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <tessera_com.h>

#include "counter.h"
#include "tests/suite.h"
#include "tests/unit/com_scratch.h"

#define TEXT_CLASS "{B0000000-0000-4000-8000-000000000001}"

static HRESULT
create(const char *clsid)
{
	CLSID guid = scratch_guid(clsid);
	IUnknown *object = (IUnknown *)0x1;
	HRESULT hr =
	    CoCreateInstance(&guid, NULL, CLSCTX_INPROC_SERVER, &IID_IUnknown, (void **)&object);

	if (FAILED(hr))
		CU_ASSERT_PTR_NULL(object);
	if (SUCCEEDED(hr))
		object->lpVtbl->Release(object);
	return hr;
}

static void
unresolved_symbol(void)
{
	const char *folder = scratch_folder();
	const char *module = scratch_built("tests/modules/unresolved.so");
	const char *manifest = scratch_write(folder, "unresolved.component",
	    scratch_manifest(module, TEXT_CLASS, "Unresolved", "ThreadingModel=Both\n"));

	scratch_use(folder);
	EXPECT_HRESULT(create(TEXT_CLASS), CO_E_ERRORINDLL);
	SCRATCH_TEXT_HAS("class Unresolved " TEXT_CLASS, manifest, module,
	    "function_that_no_library_has", "the loader refused it");
}

/* The vendor's class is there, and would work; the text says who stands before it. */
static void
hidden_by_a_layer(void)
{
	const char *folder = scratch_folder();
	const char *manifest = scratch_write(folder, "mine.component",
	    scratch_manifest("mine.so", "{1461AAC7-6810-11D0-918F-00AA00C18068}", "Mine",
		"ThreadingModel=Both\n"));
	g_autofree char *of_vendor = NULL;

	if (!g_file_test(
		scratch_built("share/tessera/components.d/scardssp.component"), G_FILE_TEST_EXISTS))
		suite_skip("the base service providers are not built");
	of_vendor = g_strdup("share/tessera/components.d/scardssp.component (vendor layer)");
	scratch_use(folder);
	EXPECT_HRESULT(create("{1461AAC7-6810-11D0-918F-00AA00C18068}"), CO_E_DLLNOTFOUND);
	SCRATCH_TEXT_HAS("class Mine", manifest, "hides class", of_vendor, "mine.so");
}

/* An empty file takes away the manifest of that name in a lower layer. */
static void
masked_by_a_layer(void)
{
	const char *high = scratch_folder(), *low = scratch_folder();
	const char *mask = scratch_write(high, "masked.component", "");
	const char *masked = scratch_write(low, "masked.component",
	    scratch_manifest("masked.so", TEXT_CLASS, "Masked", "ThreadingModel=Both\n"));
	g_autofree char *both = g_strdup_printf("%s:%s", high, low);

	scratch_use(both);
	EXPECT_HRESULT(create(TEXT_CLASS), REGDB_E_CLASSNOTREG);
	SCRATCH_TEXT_HAS(TEXT_CLASS, mask, masked);
}

struct steps {
	GString *words;
	char *last_text;
	HRESULT last;
};

static void
note(LPCSTR what, HRESULT result, LPCSTR text, void *data)
{
	struct steps *steps = data;

	g_string_append_printf(steps->words, "%s%s=%s", steps->words->len > 0 ? ", " : "", what,
	    tessera_hresult_name(result));
	g_free(steps->last_text);
	steps->last_text = g_strdup(text);
	steps->last = result;
}

/* Traces; compares the steps, and looks for `text` in the last one. */
static void
traces(const char *clsid, HRESULT expected, const char *words, const char *text)
{
	struct steps steps = { g_string_new(NULL), NULL, E_FAIL };
	CLSID guid = scratch_guid(clsid);

	EXPECT_HRESULT(tessera_trace_activation(&guid, note, &steps), expected);
	SUITE_EQUAL_STRING(steps.words->str, words);
	CU_ASSERT(steps.last_text != NULL && strstr(steps.last_text, text) != NULL);
	if (steps.last_text == NULL || strstr(steps.last_text, text) == NULL)
		SUITE_EQUAL_STRING(steps.last_text, text);
	g_string_free(steps.words, TRUE);
	g_free(steps.last_text);
	CoTaskMemFree(tessera_error_text());
}

static void
trace_of_success(void)
{
	static const char counter[] = "{5D1B6A52-0C3E-4B0F-9E0B-3A6D0E1F7A11}";
	static const char words[] = "lookup=S_OK, treat-as=S_FALSE, "
				    "published class object=S_FALSE, threading model=S_OK, "
				    "module file=S_OK, loader=S_OK, entry point=S_OK, "
				    "class object=S_OK, factory=S_OK";

	scratch_use(scratch_built("tests/components"));
	traces(counter, S_OK, words, "counter.so");
	/* A warm class is traced like a cold one. */
	EXPECT_HRESULT(create("{5D1B6A52-0C3E-4B0F-9E0B-3A6D0E1F7A12}"), S_OK);
	traces("{5D1B6A52-0C3E-4B0F-9E0B-3A6D0E1F7A12}", S_OK, words, "counter.so");
}

static void
trace_of_failures(void)
{
	static const struct {
		const char *module, *more;
		HRESULT expected;
		const char *words, *text;
	} rows[] = {
		{ "gone.so", "", CO_E_NOT_SUPPORTED,
		    "lookup=S_OK, treat-as=S_FALSE, published class object=S_FALSE, "
		    "threading model=CO_E_NOT_SUPPORTED",
		    "gives no ThreadingModel" },
		{ "./gone.so", "ThreadingModel=Both\n", CO_E_DLLNOTFOUND,
		    "lookup=S_OK, treat-as=S_FALSE, published class object=S_FALSE, "
		    "threading model=S_OK, module file=CO_E_DLLNOTFOUND",
		    "/gone.so" },
		{ "./traced.component", "ThreadingModel=Both\n", CO_E_ERRORINDLL,
		    "lookup=S_OK, treat-as=S_FALSE, published class object=S_FALSE, "
		    "threading model=S_OK, module file=S_OK, loader=CO_E_ERRORINDLL",
		    "not an ELF file" },
		{ "tests/faulty/plain.so", "ThreadingModel=Both\n", CO_E_ERRORINDLL,
		    "lookup=S_OK, treat-as=S_FALSE, published class object=S_FALSE, "
		    "threading model=S_OK, module file=S_OK, loader=S_OK, "
		    "entry point=CO_E_ERRORINDLL",
		    "DllGetClassObject" },
		{ "tests/components/counter.so", "ThreadingModel=Both\n", CLASS_E_CLASSNOTAVAILABLE,
		    "lookup=S_OK, treat-as=S_FALSE, published class object=S_FALSE, "
		    "threading model=S_OK, module file=S_OK, loader=S_OK, entry point=S_OK, "
		    "class object=CLASS_E_CLASSNOTAVAILABLE",
		    "counter.so" },
		{ "gone.so", "TreatAs={5D1B6A52-0C3E-4B0F-9E0B-3A6D0E1F7A11}\n", S_OK,
		    "lookup=S_OK, treat-as=S_OK, published class object=S_FALSE, "
		    "threading model=S_OK, module file=S_OK, loader=S_OK, entry point=S_OK, "
		    "class object=S_OK, factory=S_OK",
		    "counter.so" },
	};
	const char *folder = scratch_folder();
	g_autofree char *both = g_strdup_printf("%s:%s", folder, scratch_built("tests/components"));

	scratch_use(both);
	traces(TEXT_CLASS, REGDB_E_CLASSNOTREG,
	    "lookup=REGDB_E_CLASSNOTREG, published class object=S_FALSE", "");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const bool built = strncmp(rows[i].module, "tests/", 6) == 0;

		scratch_write(folder, "traced.component",
		    scratch_manifest(built ? scratch_built(rows[i].module) : rows[i].module,
			TEXT_CLASS, "Traced", rows[i].more));
		traces(TEXT_CLASS, rows[i].expected, rows[i].words, rows[i].text);
	}
}

static void
trace_refused(void)
{
	struct steps steps = { g_string_new(NULL), NULL, E_FAIL };

	EXPECT_HRESULT(tessera_trace_activation(NULL, note, &steps), E_INVALIDARG);
	EXPECT_HRESULT(tessera_trace_activation(&CLSID_Counter, NULL, NULL), E_INVALIDARG);
	CoUninitialize();
	EXPECT_HRESULT(tessera_trace_activation(&CLSID_Counter, note, &steps), CO_E_NOTINITIALIZED);
	CoTaskMemFree(tessera_error_text());
	EXPECT_HRESULT(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
	SUITE_EQUAL_STRING(steps.words->str, "");
	g_string_free(steps.words, TRUE);
}

static const struct suite_test tests[] = {
	{ "a symbol that no library has", unresolved_symbol },
	{ "a class hidden by a layer", hidden_by_a_layer },
	{ "a manifest masked by a layer", masked_by_a_layer },
	{ "the trace of a success", trace_of_success },
	{ "the trace of failures", trace_of_failures },
	{ "what is not traced", trace_refused },
};

int
main(void)
{
	if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
		return 1;
	return suite_run("explanations", tests, sizeof tests / sizeof tests[0]);
}
