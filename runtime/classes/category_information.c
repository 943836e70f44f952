/* SPDX-License-Identifier: BSD-2-Clause */
/* ICatInformation: each answer is of the registry as it is at the time of the call. */
#include <tessera_enum.h>

#include "runtime/classes/category_manager.h"
#include "runtime/classes/category_query.h"
#include "runtime/guid_text.h"

static const struct tessera_enum category_info_kind = {
	.iid = &IID_IEnumCATEGORYINFO,
	.item_size = sizeof(CATEGORYINFO),
};

static HRESULT
enumerate_guids(const GArray *guids, IEnumGUID **ret_enumerator)
{
	return tessera_enum_create(
	    &tessera_enum_guid, guids->data, guids->len, NULL, (void **)ret_enumerator);
}

/* As much as there is room for, without half of a pair. NULL gives no text. */
static void
set_description(CATEGORYINFO *info, const char *text)
{
	const size_t room = G_N_ELEMENTS(info->szDescription) - 1;
	glong length = 0;
	g_autofree gunichar2 *wide =
	    text != NULL ? g_utf8_to_utf16(text, -1, NULL, &length, NULL) : NULL;
	size_t count = wide != NULL ? (size_t)length : 0;

	if (count > room) {
		count = room;
		if ((wide[count - 1] & 0xFC00u) == 0xD800u)
			count--;
	}
	for (size_t i = 0; i < count; i++)
		info->szDescription[i] = (OLECHAR)wide[i];
}

static HRESULT
information_EnumCategories(
    ICatInformation *iface, LCID lcid, IEnumCATEGORYINFO **ppenumCategoryInfo)
{
	struct registry *registry;
	CATEGORYINFO *infos;
	GArray *list;
	HRESULT hr;

	(void)iface;
	if (ppenumCategoryInfo == NULL)
		return E_POINTER;
	*ppenumCategoryInfo = NULL;
	registry = registry_get();
	list = category_list(registry);
	infos = g_new0(CATEGORYINFO, list->len + 1);
	for (guint i = 0; i < list->len; i++) {
		infos[i].catid = g_array_index(list, CATID, i);
		set_description(
		    &infos[i], category_describe(registry, &infos[i].catid, lcid, &infos[i].lcid));
	}
	hr = tessera_enum_create(
	    &category_info_kind, infos, list->len, NULL, (void **)ppenumCategoryInfo);
	g_free(infos);
	g_array_unref(list);
	registry_unref(registry);
	return hr;
}

static HRESULT
copy_text(const char *text, LPWSTR *ret_copy)
{
	glong length = 0;
	g_autofree gunichar2 *wide = g_utf8_to_utf16(text, -1, NULL, &length, NULL);

	if (wide == NULL)
		return E_UNEXPECTED;
	*ret_copy = CoTaskMemAlloc(((size_t)length + 1) * sizeof(WCHAR));
	if (*ret_copy == NULL)
		return E_OUTOFMEMORY;
	for (glong i = 0; i <= length; i++)
		(*ret_copy)[i] = (WCHAR)wide[i];
	return S_OK;
}

static HRESULT
without_description(const struct registry *registry, const CATID *catid)
{
	char text[GUID_TEXT_LENGTH + 1];

	guid_to_text(catid, text);
	if (category_exists(registry, catid))
		return tessera_error(CAT_E_NODESCRIPTION, &IID_ICatInformation, CATEGORY_SOURCE,
		    "category %s is named by a class, but no manifest describes it in the "
		    "language asked for or in English; register a description with "
		    "ICatRegister::RegisterCategories",
		    text);
	return tessera_error(CAT_E_CATIDNOEXIST, &IID_ICatInformation, CATEGORY_SOURCE,
	    "no manifest describes category %s, and no class names it", text);
}

static HRESULT
information_GetCategoryDesc(ICatInformation *iface, REFCATID rcatid, LCID lcid, LPWSTR *pszDesc)
{
	struct registry *registry;
	const char *text;
	HRESULT hr;
	LCID found;

	(void)iface;
	if (pszDesc == NULL)
		return E_POINTER;
	*pszDesc = NULL;
	if (rcatid == NULL)
		return E_INVALIDARG;
	registry = registry_get();
	text = category_describe(registry, rcatid, lcid, &found);
	hr = text != NULL ? copy_text(text, pszDesc) : without_description(registry, rcatid);
	registry_unref(registry);
	return hr;
}

static bool
is_list(ULONG count, const CATID *list)
{
	return count == 0 || count == CATEGORY_ANY || list != NULL;
}

static HRESULT
information_EnumClassesOfCategories(ICatInformation *iface, ULONG cImplemented,
    const CATID *rgcatidImpl, ULONG cRequired, const CATID *rgcatidReq, IEnumGUID **ppenumClsid)
{
	const struct category_selection selection = { cImplemented, rgcatidImpl, cRequired,
		rgcatidReq };
	g_autoptr(GArray) found = NULL;
	const GPtrArray *classes;
	struct registry *registry;

	(void)iface;
	if (ppenumClsid == NULL)
		return E_POINTER;
	*ppenumClsid = NULL;
	if (cImplemented == 0 || !is_list(cImplemented, rgcatidImpl) ||
	    !is_list(cRequired, rgcatidReq))
		return E_INVALIDARG;
	found = g_array_new(FALSE, FALSE, sizeof(CLSID));
	registry = registry_get();
	classes = registry_classes(registry);
	for (guint i = 0; i < classes->len; i++) {
		const struct registry_class *class = g_ptr_array_index(classes, i);

		if (class->hidden_by == NULL && category_selects(registry, class, &selection))
			g_array_append_val(found, class->info->clsid);
	}
	registry_unref(registry);
	return enumerate_guids(found, ppenumClsid);
}

static HRESULT
no_such_class(const CLSID *clsid)
{
	char text[GUID_TEXT_LENGTH + 1];

	return tessera_error(REGDB_E_CLASSNOTREG, &IID_ICatInformation, CATEGORY_SOURCE,
	    "class %s is not registered; see `comreg list`", guid_to_text(clsid, text));
}

static HRESULT
information_IsClassOfCategories(ICatInformation *iface, REFCLSID rclsid, ULONG cImplemented,
    const CATID *rgcatidImpl, ULONG cRequired, const CATID *rgcatidReq)
{
	const struct category_selection selection = { cImplemented, rgcatidImpl, cRequired,
		rgcatidReq };
	const struct registry_class *class;
	struct registry *registry;
	HRESULT hr;

	(void)iface;
	if (rclsid == NULL || !is_list(cImplemented, rgcatidImpl) ||
	    !is_list(cRequired, rgcatidReq))
		return E_INVALIDARG;
	registry = registry_get();
	class = registry_find_class(registry, rclsid);
	if (class == NULL)
		hr = no_such_class(rclsid);
	else
		hr = category_selects(registry, class, &selection) ? S_OK : S_FALSE;
	registry_unref(registry);
	return hr;
}

static HRESULT
enumerate_of_class(const CLSID *clsid, bool required, IEnumGUID **ret_enumerator)
{
	const struct registry_class *class;
	struct registry *registry;
	GArray *categories;
	HRESULT hr;

	if (ret_enumerator == NULL)
		return E_POINTER;
	*ret_enumerator = NULL;
	if (clsid == NULL)
		return E_INVALIDARG;
	registry = registry_get();
	class = registry_find_class(registry, clsid);
	if (class != NULL) {
		categories = registry_class_categories(registry, class, required);
		hr = enumerate_guids(categories, ret_enumerator);
		g_array_unref(categories);
	} else {
		hr = no_such_class(clsid);
	}
	registry_unref(registry);
	return hr;
}

static HRESULT
information_EnumImplCategoriesOfClass(
    ICatInformation *iface, REFCLSID rclsid, IEnumGUID **ppenumCatid)
{
	(void)iface;
	return enumerate_of_class(rclsid, false, ppenumCatid);
}

static HRESULT
information_EnumReqCategoriesOfClass(
    ICatInformation *iface, REFCLSID rclsid, IEnumGUID **ppenumCatid)
{
	(void)iface;
	return enumerate_of_class(rclsid, true, ppenumCatid);
}

const ICatInformationVtbl category_information_vtbl = {
	TESSERA_UNKNOWN_SLOTS(ICatInformation),
	.EnumCategories = information_EnumCategories,
	.GetCategoryDesc = information_GetCategoryDesc,
	.EnumClassesOfCategories = information_EnumClassesOfCategories,
	.IsClassOfCategories = information_IsClassOfCategories,
	.EnumImplCategoriesOfClass = information_EnumImplCategoriesOfClass,
	.EnumReqCategoriesOfClass = information_EnumReqCategoriesOfClass,
};
