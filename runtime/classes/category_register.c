/* SPDX-License-Identifier: BSD-2-Clause */
/* ICatRegister: writes into the registration file of the user's layer. */
#include "runtime/classes/category_manager.h"
#include "runtime/manifest.h"
#include "runtime/registry_write.h"

/* What a program can register in one call; a list of a manifest has no more. */
#define REGISTER_MAX MANIFEST_LIST_MAX

/* Nothing to change is success here. */
static HRESULT
report(HRESULT hr, char *cause)
{
	if (FAILED(hr))
		hr = tessera_error(hr, &IID_ICatRegister, CATEGORY_SOURCE,
		    "categories were not registered: %s", cause != NULL ? cause : "no reason");
	g_free(cause);
	return FAILED(hr) ? hr : S_OK;
}

static bool
is_list(ULONG count, const void *list)
{
	return count == 0 || (count <= REGISTER_MAX && list != NULL);
}

/* (transfer full): UTF-8; NULL: no text, not terminated, or no UTF-16. */
static char *
get_description(const CATEGORYINFO *info)
{
	gunichar2 wide[G_N_ELEMENTS(info->szDescription)];
	size_t length = 0;

	while (length < G_N_ELEMENTS(wide) && info->szDescription[length] != 0) {
		wide[length] = info->szDescription[length];
		length++;
	}
	if (length == 0 || length == G_N_ELEMENTS(wide))
		return NULL;
	return g_utf16_to_utf8(wide, (glong)length, NULL, NULL, NULL);
}

static HRESULT
register_category(const CATEGORYINFO *info)
{
	g_autofree char *description = get_description(info);
	char *cause = NULL;
	HRESULT hr;

	if (description == NULL)
		return report(E_INVALIDARG,
		    g_strdup("a description is empty, longer than 127 units or not UTF-16"));
	hr = registry_write_category(
	    registry_write_layer(), &info->catid, info->lcid, description, &cause);
	return report(hr, cause);
}

static HRESULT
register_RegisterCategories(ICatRegister *iface, ULONG cCategories, CATEGORYINFO *rgCategoryInfo)
{
	HRESULT hr = S_OK;

	(void)iface;
	if (!is_list(cCategories, rgCategoryInfo))
		return E_INVALIDARG;
	for (ULONG i = 0; i < cCategories && SUCCEEDED(hr); i++)
		hr = register_category(&rgCategoryInfo[i]);
	return hr;
}

static HRESULT
register_UnRegisterCategories(ICatRegister *iface, ULONG cCategories, CATID *rgcatid)
{
	HRESULT hr = S_OK;

	(void)iface;
	if (!is_list(cCategories, rgcatid))
		return E_INVALIDARG;
	for (ULONG i = 0; i < cCategories && SUCCEEDED(hr); i++) {
		char *cause = NULL;

		hr = registry_remove_category(registry_write_layer(), &rgcatid[i], &cause);
		hr = report(hr, cause);
	}
	return hr;
}

static HRESULT
change_class(const CLSID *clsid, bool required, ULONG count, const CATID *categories, bool add)
{
	char *cause = NULL;
	HRESULT hr;

	if (clsid == NULL || !is_list(count, categories))
		return E_INVALIDARG;
	if (count == 0)
		return S_OK;
	hr = registry_write_class_categories(
	    registry_write_layer(), clsid, required, categories, count, add, &cause);
	return report(hr, cause);
}

static HRESULT
register_RegisterClassImplCategories(
    ICatRegister *iface, REFCLSID rclsid, ULONG cCategories, CATID *rgcatid)
{
	(void)iface;
	return change_class(rclsid, false, cCategories, rgcatid, true);
}

static HRESULT
register_UnRegisterClassImplCategories(
    ICatRegister *iface, REFCLSID rclsid, ULONG cCategories, CATID *rgcatid)
{
	(void)iface;
	return change_class(rclsid, false, cCategories, rgcatid, false);
}

static HRESULT
register_RegisterClassReqCategories(
    ICatRegister *iface, REFCLSID rclsid, ULONG cCategories, CATID *rgcatid)
{
	(void)iface;
	return change_class(rclsid, true, cCategories, rgcatid, true);
}

static HRESULT
register_UnRegisterClassReqCategories(
    ICatRegister *iface, REFCLSID rclsid, ULONG cCategories, CATID *rgcatid)
{
	(void)iface;
	return change_class(rclsid, true, cCategories, rgcatid, false);
}

const ICatRegisterVtbl category_register_vtbl = {
	TESSERA_UNKNOWN_SLOTS(ICatRegister),
	.RegisterCategories = register_RegisterCategories,
	.UnRegisterCategories = register_UnRegisterCategories,
	.RegisterClassImplCategories = register_RegisterClassImplCategories,
	.UnRegisterClassImplCategories = register_UnRegisterClassImplCategories,
	.RegisterClassReqCategories = register_RegisterClassReqCategories,
	.UnRegisterClassReqCategories = register_UnRegisterClassReqCategories,
};
