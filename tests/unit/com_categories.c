/* SPDX-License-Identifier: BSD-2-Clause */
/* The category manager, over manifests in the user's layer and what it writes beside them. */
#include <comcat.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <objbase.h>
#include <scardssp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <tessera_com.h>

#include "tests/suite.h"
#include "tests/unit/com_scratch.h"

#define ENGLISH 0x409
#define GERMAN 0x407
#define SWISS_GERMAN 0x807
#define FRENCH 0x40C
#define ANY ((ULONG)-1)
#define POISON ((void *)(uintptr_t)0xDEADBEEF)

/* Round: implements A. Square: implements A and B, requires P. Plain: nothing. */
#define ROUND "{A0000001-0000-4000-8000-000000000001}"
#define SQUARE "{A0000001-0000-4000-8000-000000000002}"
#define PLAIN "{A0000001-0000-4000-8000-000000000003}"
#define A "{C0000001-0000-4000-8000-00000000000A}"
#define B "{C0000001-0000-4000-8000-00000000000B}"
#define P "{C0000001-0000-4000-8000-00000000000C}"
#define FRESH "{C0000001-0000-4000-8000-00000000000D}"

static const char manifest[] =
    "[Component]\nModule=shapes.so\n"
    "[Class " ROUND "]\nName=Round\nCategories=" A ";\n"
    "[Class " SQUARE "]\nName=Square\nCategories=" A ";" B ";\nRequiredCategories=" P ";\n"
    "[Class " PLAIN "]\nName=Plain\n"
    "[Category " A "]\nDescription=Shapes\nDescription[407]=Formen\n"
    "[Category " B "]\nDescription[409]=Corners\n";

static CLSID class_round, class_square, class_plain, class_unknown;
static CATID cat_a, cat_b, cat_p, cat_fresh, cat_unknown;
static ICatInformation *information;
static ICatRegister *registration;
static const char *layer;

/* A new user layer with the manifest and nothing else. */
static void
start(void)
{
	g_autofree char *folder = g_build_filename(scratch_folder(), "tessera", NULL);
	g_autofree char *data = g_path_get_dirname(folder);

	scratch_write(folder, "components.d/shapes.component", manifest);
	setenv("XDG_DATA_HOME", data, 1);
	layer = g_intern_string(folder);
}

static bool
overlay_exists(void)
{
	g_autofree char *path = g_build_filename(layer, "components.d", "local.component", NULL);

	return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* Takes the enumerator; expects exactly the identifiers, in any order. */
static void
expect_guids(IEnumGUID *e, size_t count, const GUID *const *expected, unsigned line)
{
	GUID found[64];
	ULONG fetched = 0;
	bool all = e != NULL;

	if (e != NULL) {
		e->lpVtbl->Next(e, 64, found, &fetched);
		e->lpVtbl->Release(e);
	}
	for (size_t i = 0; i < count && all; i++) {
		bool there = false;

		for (ULONG j = 0; j < fetched; j++)
			there |= IsEqualGUID(&found[j], expected[i]) != 0;
		all = there;
	}
	suite_equal_int(fetched, (long long)count, "identifiers", "as many", __FILE__, line);
	suite_equal_int(all, 1, "those expected are there", "true", __FILE__, line);
}
#define EXPECT_GUIDS(e, ...)                                                              \
	expect_guids((e), sizeof((const GUID *[]){ __VA_ARGS__ }) / sizeof(const GUID *), \
	    (const GUID *[]){ __VA_ARGS__ }, __LINE__)
#define EXPECT_NO_GUIDS(e) expect_guids((e), 0, NULL, __LINE__)

static IEnumGUID *
select_classes(
    ULONG implemented_count, const CATID *implemented, ULONG required_count, const CATID *required)
{
	IEnumGUID *e = NULL;

	EXPECT_HRESULT(information->lpVtbl->EnumClassesOfCategories(information, implemented_count,
			   implemented, required_count, required, &e),
	    S_OK);
	return e;
}

static void
selection(void)
{
	CATID a_and_b[2];

	start();
	a_and_b[0] = cat_a;
	a_and_b[1] = cat_b;
	EXPECT_GUIDS(select_classes(1, &cat_a, ANY, NULL), &class_round, &class_square);
	EXPECT_GUIDS(select_classes(1, &cat_a, 0, NULL), &class_round);
	EXPECT_GUIDS(select_classes(1, &cat_a, 1, &cat_p), &class_round, &class_square);
	EXPECT_GUIDS(select_classes(1, &cat_a, 2, a_and_b), &class_round);
	EXPECT_GUIDS(select_classes(1, &cat_b, ANY, NULL), &class_square);
	EXPECT_GUIDS(select_classes(2, a_and_b, ANY, NULL), &class_round, &class_square);
	EXPECT_NO_GUIDS(select_classes(1, &cat_unknown, ANY, NULL));
}

static void
one_class(void)
{
	static const struct {
		const CLSID *clsid;
		ULONG implemented_count;
		const CATID *implemented;
		ULONG required_count;
		const CATID *required;
		HRESULT hr;
	} rows[] = {
		{ &class_round, 1, &cat_a, 0, NULL, S_OK },
		{ &class_round, 1, &cat_b, 0, NULL, S_FALSE },
		{ &class_round, ANY, NULL, 0, NULL, S_OK },
		{ &class_round, 0, NULL, ANY, NULL, S_FALSE },
		{ &class_square, 1, &cat_b, 0, NULL, S_FALSE },
		{ &class_square, 1, &cat_b, 1, &cat_p, S_OK },
		{ &class_square, 1, &cat_b, 1, &cat_a, S_FALSE },
		{ &class_square, 1, &cat_b, ANY, NULL, S_OK },
		{ &class_plain, 1, &cat_a, ANY, NULL, S_FALSE },
		{ &class_plain, ANY, NULL, ANY, NULL, S_OK },
		{ &class_unknown, ANY, NULL, ANY, NULL, REGDB_E_CLASSNOTREG },
		{ NULL, ANY, NULL, ANY, NULL, E_INVALIDARG },
		{ &class_plain, 1, NULL, ANY, NULL, E_INVALIDARG },
		{ &class_plain, ANY, NULL, 1, NULL, E_INVALIDARG },
	};
	IEnumGUID *e = POISON;

	start();
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		EXPECT_HRESULT(information->lpVtbl->IsClassOfCategories(information, rows[i].clsid,
				   rows[i].implemented_count, rows[i].implemented,
				   rows[i].required_count, rows[i].required),
		    rows[i].hr);
	EXPECT_HRESULT(
	    information->lpVtbl->EnumImplCategoriesOfClass(information, &class_square, &e), S_OK);
	EXPECT_GUIDS(e, &cat_a, &cat_b);
	EXPECT_HRESULT(
	    information->lpVtbl->EnumReqCategoriesOfClass(information, &class_square, &e), S_OK);
	EXPECT_GUIDS(e, &cat_p);
	EXPECT_HRESULT(
	    information->lpVtbl->EnumReqCategoriesOfClass(information, &class_round, &e), S_OK);
	EXPECT_NO_GUIDS(e);
	e = POISON;
	EXPECT_HRESULT(
	    information->lpVtbl->EnumImplCategoriesOfClass(information, &class_unknown, &e),
	    REGDB_E_CLASSNOTREG);
	CU_ASSERT_PTR_NULL(e);
	SCRATCH_TEXT_HAS("is not registered", "comreg list");
	EXPECT_HRESULT(
	    information->lpVtbl->EnumReqCategoriesOfClass(information, NULL, &e), E_INVALIDARG);
	EXPECT_HRESULT(
	    information->lpVtbl->EnumReqCategoriesOfClass(information, &class_round, NULL),
	    E_POINTER);
	e = POISON;
	EXPECT_HRESULT(
	    information->lpVtbl->EnumClassesOfCategories(information, 0, &cat_a, ANY, NULL, &e),
	    E_INVALIDARG);
	CU_ASSERT_PTR_NULL(e);
	EXPECT_HRESULT(
	    information->lpVtbl->EnumClassesOfCategories(information, 1, NULL, ANY, NULL, &e),
	    E_INVALIDARG);
	EXPECT_HRESULT(
	    information->lpVtbl->EnumClassesOfCategories(information, ANY, NULL, ANY, NULL, NULL),
	    E_POINTER);
}

static void
expect_text(const CATID *catid, LCID lcid, const char *expected, unsigned line)
{
	LPWSTR wide = NULL;
	g_autofree char *text = NULL;

	EXPECT_HRESULT(information->lpVtbl->GetCategoryDesc(information, catid, lcid, &wide), S_OK);
	if (wide != NULL)
		text = g_utf16_to_utf8((const gunichar2 *)wide, -1, NULL, NULL, NULL);
	CoTaskMemFree(wide);
	suite_equal_string(text, expected, "description", __FILE__, line);
}
#define EXPECT_TEXT(catid, lcid, expected) expect_text((catid), (lcid), (expected), __LINE__)

static void
descriptions(void)
{
	LPWSTR text = POISON;

	start();
	EXPECT_TEXT(&cat_a, GERMAN, "Formen");
	EXPECT_TEXT(&cat_a, SWISS_GERMAN, "Formen");
	EXPECT_TEXT(&cat_a, ENGLISH, "Shapes");
	EXPECT_TEXT(&cat_a, FRENCH, "Shapes");
	EXPECT_TEXT(&cat_b, FRENCH, "Corners");
	EXPECT_TEXT(&CATID_SafeForScripting, GERMAN, "Objects that untrusted scripts may drive");
	EXPECT_TEXT(&CATID_SCardServiceProvider, ENGLISH, "Smart card service providers");
	EXPECT_HRESULT(
	    information->lpVtbl->GetCategoryDesc(information, &cat_unknown, ENGLISH, &text),
	    CAT_E_CATIDNOEXIST);
	CU_ASSERT_PTR_NULL(text);
	SCRATCH_TEXT_HAS("no class names it");
	/* A class requires it, nobody says what it is. */
	EXPECT_HRESULT(information->lpVtbl->GetCategoryDesc(information, &cat_p, ENGLISH, &text),
	    CAT_E_NODESCRIPTION);
	EXPECT_HRESULT(
	    information->lpVtbl->GetCategoryDesc(information, NULL, ENGLISH, &text), E_INVALIDARG);
	EXPECT_HRESULT(
	    information->lpVtbl->GetCategoryDesc(information, &cat_a, ENGLISH, NULL), E_POINTER);
	CoTaskMemFree(tessera_error_text());
}

static bool
find_info(LCID lcid, const CATID *catid, CATEGORYINFO *ret_info)
{
	IEnumCATEGORYINFO *e = NULL;
	bool found = false;

	EXPECT_HRESULT(information->lpVtbl->EnumCategories(information, lcid, &e), S_OK);
	while (e != NULL && !found && e->lpVtbl->Next(e, 1, ret_info, NULL) == S_OK)
		found = IsEqualGUID(&ret_info->catid, catid) != 0;
	if (e != NULL)
		e->lpVtbl->Release(e);
	return found;
}

static void
all_categories(void)
{
	CATEGORYINFO info;

	start();
	CU_ASSERT(find_info(GERMAN, &cat_a, &info));
	SUITE_EQUAL_INT(info.lcid, GERMAN);
	SUITE_EQUAL_BYTES(info.szDescription, 14, "46006F0072006D0065006E000000");
	CU_ASSERT(find_info(GERMAN, &cat_b, &info));
	SUITE_EQUAL_INT(info.lcid, ENGLISH);
	CU_ASSERT(find_info(ENGLISH, &cat_p, &info)); /* named only */
	SUITE_EQUAL_INT(info.szDescription[0], 0);
	CU_ASSERT(find_info(ENGLISH, &CATID_Printable, &info));
	CU_ASSERT_FALSE(find_info(ENGLISH, &cat_unknown, &info));
	EXPECT_HRESULT(information->lpVtbl->EnumCategories(information, ENGLISH, NULL), E_POINTER);
}

static CATEGORYINFO
category_info(const CATID *catid, LCID lcid, const char16_t *text)
{
	CATEGORYINFO info = { .catid = *catid, .lcid = lcid };

	for (size_t i = 0; text[i] != 0 && i < 128; i++)
		info.szDescription[i] = text[i];
	return info;
}

static void
registering_categories(void)
{
	CATEGORYINFO infos[2], longest;

	start();
	infos[0] = category_info(&cat_fresh, ENGLISH, u"Fresh \u20AC");
	infos[1] = category_info(&cat_fresh, FRENCH, u"Frais");
	EXPECT_HRESULT(registration->lpVtbl->RegisterCategories(registration, 2, infos), S_OK);
	EXPECT_HRESULT(registration->lpVtbl->RegisterCategories(registration, 2, infos), S_OK);
	EXPECT_TEXT(&cat_fresh, ENGLISH, "Fresh \u20AC");
	EXPECT_TEXT(&cat_fresh, FRENCH, "Frais");
	infos[0] = category_info(&cat_fresh, ENGLISH, u"Fresher");
	EXPECT_HRESULT(registration->lpVtbl->RegisterCategories(registration, 1, infos), S_OK);
	EXPECT_TEXT(&cat_fresh, ENGLISH, "Fresher");
	EXPECT_TEXT(&cat_fresh, FRENCH, "Frais");
	EXPECT_HRESULT(
	    registration->lpVtbl->UnRegisterCategories(registration, 1, &cat_fresh), S_OK);
	EXPECT_HRESULT(
	    registration->lpVtbl->UnRegisterCategories(registration, 1, &cat_fresh), S_OK);
	CU_ASSERT_FALSE(find_info(ENGLISH, &cat_fresh, &longest));
	CU_ASSERT_FALSE(overlay_exists());
	/* 127 units and their terminator are the most; 128 without one are refused. */
	longest = category_info(&cat_fresh, ENGLISH, u"");
	EXPECT_HRESULT(
	    registration->lpVtbl->RegisterCategories(registration, 1, &longest), E_INVALIDARG);
	for (size_t i = 0; i < 128; i++)
		longest.szDescription[i] = u'x';
	EXPECT_HRESULT(
	    registration->lpVtbl->RegisterCategories(registration, 1, &longest), E_INVALIDARG);
	SCRATCH_TEXT_HAS("categories were not registered", "127");
	longest.szDescription[127] = 0;
	EXPECT_HRESULT(registration->lpVtbl->RegisterCategories(registration, 1, &longest), S_OK);
	CU_ASSERT(find_info(ENGLISH, &cat_fresh, &infos[0]));
	SUITE_EQUAL_INT(memcmp(&infos[0], &longest, sizeof longest), 0);
	longest.szDescription[0] = 0xD800; /* half of a pair */
	EXPECT_HRESULT(
	    registration->lpVtbl->RegisterCategories(registration, 1, &longest), E_INVALIDARG);
	EXPECT_HRESULT(
	    registration->lpVtbl->RegisterCategories(registration, 1, NULL), E_INVALIDARG);
	EXPECT_HRESULT(registration->lpVtbl->RegisterCategories(registration, 0, NULL), S_OK);
	EXPECT_HRESULT(
	    registration->lpVtbl->UnRegisterCategories(registration, 1025, &cat_a), E_INVALIDARG);
	CoTaskMemFree(tessera_error_text());
}

static void
registering_classes(void)
{
	CATID both[2];
	IEnumGUID *e = NULL;

	start();
	both[0] = cat_fresh;
	both[1] = cat_b;
	EXPECT_HRESULT(
	    registration->lpVtbl->RegisterClassImplCategories(registration, &class_plain, 2, both),
	    S_OK);
	EXPECT_HRESULT(
	    registration->lpVtbl->RegisterClassReqCategories(registration, &class_plain, 1, &cat_p),
	    S_OK);
	EXPECT_GUIDS(select_classes(1, &cat_fresh, ANY, NULL), &class_plain);
	EXPECT_NO_GUIDS(select_classes(1, &cat_fresh, 0, NULL));
	EXPECT_GUIDS(select_classes(1, &cat_b, 1, &cat_p), &class_square, &class_plain);
	EXPECT_HRESULT(registration->lpVtbl->UnRegisterClassImplCategories(
			   registration, &class_plain, 1, &cat_fresh),
	    S_OK);
	EXPECT_NO_GUIDS(select_classes(1, &cat_fresh, ANY, NULL));
	/* What the class's own manifest says stays. */
	EXPECT_HRESULT(registration->lpVtbl->UnRegisterClassImplCategories(
			   registration, &class_square, 1, &cat_b),
	    S_OK);
	EXPECT_HRESULT(
	    information->lpVtbl->EnumImplCategoriesOfClass(information, &class_square, &e), S_OK);
	EXPECT_GUIDS(e, &cat_a, &cat_b);
	EXPECT_HRESULT(registration->lpVtbl->UnRegisterClassImplCategories(
			   registration, &class_plain, 2, both),
	    S_OK);
	EXPECT_HRESULT(registration->lpVtbl->UnRegisterClassReqCategories(
			   registration, &class_plain, 1, &cat_p),
	    S_OK);
	CU_ASSERT_FALSE(overlay_exists());
	EXPECT_HRESULT(
	    registration->lpVtbl->RegisterClassImplCategories(registration, NULL, 1, &cat_a),
	    E_INVALIDARG);
	EXPECT_HRESULT(
	    registration->lpVtbl->RegisterClassReqCategories(registration, &class_plain, 1, NULL),
	    E_INVALIDARG);
	EXPECT_HRESULT(
	    registration->lpVtbl->RegisterClassReqCategories(registration, &class_plain, 0, NULL),
	    S_OK);
	CU_ASSERT_FALSE(overlay_exists());
}

/* A folder that cannot be made is told with its name. */
static void
cannot_write(void)
{
	const char *folder = scratch_folder();

	scratch_write(folder, "tessera", "a file in the way");
	setenv("XDG_DATA_HOME", folder, 1);
	CU_ASSERT(FAILED(registration->lpVtbl->RegisterClassImplCategories(
	    registration, &class_plain, 1, &cat_a)));
	SCRATCH_TEXT_HAS("categories were not registered", folder);
}

static const struct suite_test tests[] = {
	{ "classes of categories", selection },
	{ "one class and its categories", one_class },
	{ "descriptions", descriptions },
	{ "all categories", all_categories },
	{ "registering categories", registering_categories },
	{ "registering categories of classes", registering_classes },
	{ "a layer that cannot be written", cannot_write },
};

int
main(void)
{
	int status = 1;

	class_round = scratch_guid(ROUND);
	class_square = scratch_guid(SQUARE);
	class_plain = scratch_guid(PLAIN);
	cat_a = scratch_guid(A);
	cat_b = scratch_guid(B);
	cat_p = scratch_guid(P);
	cat_fresh = scratch_guid(FRESH);
	if (FAILED(CoCreateGuid(&class_unknown)) || FAILED(CoCreateGuid(&cat_unknown)) ||
	    FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
		return 1;
	if (SUCCEEDED(CoCreateInstance(&CLSID_StdComponentCategoriesMgr, NULL, CLSCTX_INPROC_SERVER,
		&IID_ICatInformation, (void **)&information)) &&
	    SUCCEEDED(information->lpVtbl->QueryInterface(
		information, &IID_ICatRegister, (void **)&registration))) {
		status = suite_run("categories", tests, sizeof tests / sizeof tests[0]);
		registration->lpVtbl->Release(registration);
		information->lpVtbl->Release(information);
	}
	CoUninitialize();
	return status;
}
