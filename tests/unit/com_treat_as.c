/* SPDX-License-Identifier: BSD-2-Clause */
/* CoTreatAsClass and CoGetTreatAsClass: what they write, read, and change in activation. */
#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <tessera_com.h>

#include "counter.h"
#include "tests/suite.h"
#include "tests/unit/com_scratch.h"

#define TEXT_OLD "{6E540001-4A10-4C22-8D01-5B1F20773101}"
#define TEXT_OTHER "{6E540002-4A10-4C22-8D01-5B1F20773101}"

static CLSID old, other;

/* The class that activation finds for `clsid` refuses, or it makes an object of Counter or Hermit:
 * only a Counter has a label. */
static HRESULT
label_of(const CLSID *clsid)
{
	void *object = NULL;
	HRESULT hr = CoCreateInstance(clsid, NULL, CLSCTX_INPROC_SERVER, &IID_ILabelled, &object);

	if (SUCCEEDED(hr))
		((ILabelled *)object)->lpVtbl->Release(object);
	CoTaskMemFree(tessera_error_text());
	return hr;
}

static void
treated_as(const CLSID *clsid, HRESULT expected, const CLSID *expected_class)
{
	CLSID found = GUID_NULL;

	EXPECT_HRESULT(CoGetTreatAsClass(clsid, &found), expected);
	CU_ASSERT(IsEqualCLSID(&found, expected_class));
}

static void
set_and_removed(void)
{
	treated_as(&old, S_FALSE, &old);
	EXPECT_HRESULT(label_of(&old), CO_E_DLLNOTFOUND);
	EXPECT_HRESULT(CoTreatAsClass(&old, &CLSID_Counter), S_OK);
	treated_as(&old, S_OK, &CLSID_Counter);
	EXPECT_HRESULT(label_of(&old), S_OK);
	/* Warm by now; the change is seen all the same. */
	EXPECT_HRESULT(CoTreatAsClass(&old, &CLSID_Hermit), S_OK);
	treated_as(&old, S_OK, &CLSID_Hermit);
	EXPECT_HRESULT(label_of(&old), E_NOINTERFACE);
	EXPECT_HRESULT(CoTreatAsClass(&old, &CLSID_NULL), S_OK);
	treated_as(&old, S_FALSE, &old);
	EXPECT_HRESULT(label_of(&old), CO_E_DLLNOTFOUND);
	EXPECT_HRESULT(CoTreatAsClass(&old, &CLSID_NULL), S_OK);
}

/* The manifest of `other` has a TreatAs of its own. */
static void
over_the_manifest(void)
{
	treated_as(&other, S_OK, &CLSID_Hermit);
	EXPECT_HRESULT(label_of(&other), E_NOINTERFACE);
	EXPECT_HRESULT(CoTreatAsClass(&other, &CLSID_Counter), S_OK);
	EXPECT_HRESULT(label_of(&other), S_OK);
	EXPECT_HRESULT(CoTreatAsClass(&other, &CLSID_NULL), S_OK);
	treated_as(&other, S_FALSE, &other);
	EXPECT_HRESULT(label_of(&other), CO_E_DLLNOTFOUND);
	EXPECT_HRESULT(CoTreatAsClass(&other, &other), S_OK);
	treated_as(&other, S_OK, &CLSID_Hermit);
	EXPECT_HRESULT(label_of(&other), E_NOINTERFACE);
}

static void
chain_and_circle(void)
{
	/* One step each; activation goes on to the end. */
	EXPECT_HRESULT(CoTreatAsClass(&old, &other), S_OK);
	treated_as(&old, S_OK, &other);
	EXPECT_HRESULT(label_of(&old), E_NOINTERFACE);
	EXPECT_HRESULT(CoTreatAsClass(&other, &old), S_OK);
	EXPECT_HRESULT(label_of(&old), REGDB_E_CLASSNOTREG);
	EXPECT_HRESULT(CoTreatAsClass(&other, &other), S_OK);
	EXPECT_HRESULT(CoTreatAsClass(&old, &CLSID_NULL), S_OK);
}

static void
refused(void)
{
	const CLSID unknown = scratch_guid("{6E540009-4A10-4C22-8D01-5B1F20773101}");
	CLSID found;

	EXPECT_HRESULT(CoTreatAsClass(&unknown, &CLSID_Counter), REGDB_E_CLASSNOTREG);
	SCRATCH_TEXT_HAS("{6E540009-4A10-4C22-8D01-5B1F20773101}", "not registered");
	EXPECT_HRESULT(CoTreatAsClass(NULL, &CLSID_Counter), E_INVALIDARG);
	EXPECT_HRESULT(CoTreatAsClass(&old, NULL), E_INVALIDARG);
	EXPECT_HRESULT(CoGetTreatAsClass(NULL, &found), E_INVALIDARG);
	EXPECT_HRESULT(CoGetTreatAsClass(&old, NULL), E_INVALIDARG);
	treated_as(&unknown, S_FALSE, &unknown);
}

/* A class of the environment cannot be changed from the user's layer, which is below. */
static void
class_of_a_higher_layer(void)
{
	EXPECT_HRESULT(CoTreatAsClass(&CLSID_Counter, &CLSID_Hermit), E_ACCESSDENIED);
	SCRATCH_TEXT_HAS("class Counter", "counter.component", "environment layer", "user layer");
	treated_as(&CLSID_Counter, S_FALSE, &CLSID_Counter);
}

/* Root may write anywhere, so a folder is put where the overlay would be. */
static void
cannot_be_written(void)
{
	g_autofree char *overlay = g_build_filename(
	    g_get_user_data_dir(), "tessera", "components.d", "local.component", NULL);

	CU_ASSERT(g_unlink(overlay) == 0 || errno == ENOENT);
	CU_ASSERT_FATAL(g_mkdir_with_parents(overlay, 0755) == 0);
	CU_ASSERT(FAILED(CoTreatAsClass(&old, &CLSID_Counter)));
	SCRATCH_TEXT_HAS(TEXT_OLD, "cannot be written", overlay);
	CU_ASSERT(g_rmdir(overlay) == 0);
	treated_as(&old, S_FALSE, &old);
}

static const struct suite_test tests[] = {
	{ "set, changed, removed; a warm class follows", set_and_removed },
	{ "over what the manifest says, and back to it", over_the_manifest },
	{ "chain and circle", chain_and_circle },
	{ "arguments that are refused", refused },
	{ "a class of a higher layer", class_of_a_higher_layer },
	{ "a place that cannot be written", cannot_be_written },
};

int
main(void)
{
	g_autofree char *folder =
	    g_build_filename(g_get_user_data_dir(), "tessera", "components.d", NULL);

	old = scratch_guid(TEXT_OLD);
	other = scratch_guid(TEXT_OTHER);
	scratch_write(folder, "old.component",
	    scratch_manifest("./nowhere.so", TEXT_OLD, "Old", "ThreadingModel=Both\n"));
	scratch_write(folder, "other.component",
	    scratch_manifest("./nowhere.so", TEXT_OTHER, "Other",
		"ThreadingModel=Both\nTreatAs={5D1B6A52-0C3E-4B0F-9E0B-3A6D0E1F7A12}\n"));
	scratch_use(scratch_built("tests/components"));
	if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
		return 1;
	return suite_run("TreatAs", tests, sizeof tests / sizeof tests[0]);
}
