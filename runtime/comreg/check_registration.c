/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the manifest says, and registration by the module itself. The process of a registering check
 * has a new folder for home, data and temporary files, and stands in it; what the module writes
 * elsewhere on the machine is not seen.
 */
#include <string.h>

#include <comcat.h>

#include "runtime/comreg/check_folder.h"
#include "runtime/comreg/check_trial.h"
#include "runtime/registry.h"

#define FOREIGN "foreign.component"
#define FOREIGN_TEXT "[Component]\nModule=foreign.so\n"

/* The folder as it is now, with a manifest of somebody else in it; NULL after trial_skip. */
static char *
begin(struct trial *trial)
{
	g_autofree char *folder = NULL, *foreign = NULL;

	if (trial->register_server == NULL) {
		trial_skip(trial, "DllRegisterServer is not exported; the manifest registers");
		return NULL;
	}
	folder = g_build_filename(g_getenv("XDG_DATA_HOME"), "tessera", "components.d", NULL);
	foreign = g_build_filename(folder, FOREIGN, NULL);
	if (g_mkdir_with_parents(folder, 0700) != 0 ||
	    !g_file_set_contents(foreign, FOREIGN_TEXT, -1, NULL)) {
		trial_skip(trial, "the folder to register in cannot be made");
		return NULL;
	}
	return check_folder_read(g_getenv("XDG_DATA_HOME"));
}

static bool
register_once(struct trial *trial)
{
	HRESULT hr = trial->register_server();

	if (FAILED(hr))
		trial_fail(trial, "DllRegisterServer gives %s", tessera_hresult_name(hr));
	return SUCCEEDED(hr);
}

static void
run_twice(struct trial *trial)
{
	g_autofree char *before = begin(trial), *once = NULL, *twice = NULL;

	if (before == NULL || !register_once(trial))
		return;
	once = check_folder_read(g_getenv("XDG_DATA_HOME"));
	if (!register_once(trial))
		return;
	twice = check_folder_read(g_getenv("XDG_DATA_HOME"));
	if (strcmp(once, twice) != 0)
		trial_fail(trial, "registered once, it leaves \"%s\"; twice, \"%s\"", once, twice);
}

static void
run_inverse(struct trial *trial)
{
	g_autofree char *before = begin(trial), *after = NULL;
	HRESULT hr;

	if (before == NULL || !register_once(trial))
		return;
	if (trial->unregister_server == NULL) {
		trial_fail(trial, "DllRegisterServer is exported and DllUnregisterServer is not");
		return;
	}
	hr = trial->unregister_server();
	if (FAILED(hr))
		trial_fail(trial, "DllUnregisterServer gives %s", tessera_hresult_name(hr));
	after = check_folder_read(g_getenv("XDG_DATA_HOME"));
	if (strcmp(before, after) != 0)
		trial_fail(trial,
		    "before, there was \"%s\"; after registering and unregistering, "
		    "\"%s\"",
		    before, after);
}

static void
run_place(struct trial *trial)
{
	g_autofree char *before = begin(trial), *outside = NULL;

	if (before == NULL || !register_once(trial))
		return;
	outside = check_folder_outside(g_getenv("XDG_DATA_HOME"), "tessera");
	if (outside != NULL)
		trial_fail(trial, "registering writes %s, outside the registry", outside);
}

static void
run_progid(struct trial *trial)
{
	const char *progid = trial->class != NULL ? trial->class->progid : NULL;
	const char *vi = trial->class != NULL ? trial->class->vi_progid : NULL;
	const char *dot = progid != NULL ? strrchr(progid, '.') : NULL;
	g_autofree gunichar2 *wide = NULL, *wide_vi = NULL;
	CLSID clsid;
	HRESULT hr;

	if (progid == NULL) {
		trial_skip(trial, "the class has no ProgID");
		return;
	}
	wide = g_utf8_to_utf16(progid, -1, NULL, NULL, NULL);
	hr = CLSIDFromProgID((LPCOLESTR)wide, &clsid);
	if (FAILED(hr) || !IsEqualCLSID(&clsid, &trial->clsid))
		trial_fail(trial, "ProgID %s leads to %s", progid,
		    FAILED(hr) ? tessera_hresult_name(hr) : "another class");
	if (vi == NULL)
		return;
	if (dot == NULL || strlen(vi) != (size_t)(dot - progid) ||
	    g_ascii_strncasecmp(vi, progid, strlen(vi)) != 0)
		trial_fail(trial,
		    "the version-independent ProgID %s is not %s without its last "
		    "part",
		    vi, progid);
	wide_vi = g_utf8_to_utf16(vi, -1, NULL, NULL, NULL);
	hr = CLSIDFromProgID((LPCOLESTR)wide_vi, &clsid);
	if (FAILED(hr))
		trial_fail(trial, "the version-independent ProgID %s leads nowhere: %s", vi,
		    tessera_hresult_name(hr));
}

static void
run_treat_as(struct trial *trial)
{
	IUnknown *object = NULL;
	char *text;
	HRESULT hr;

	if (trial->class == NULL || IsEqualGUID(&trial->class->treat_as, &GUID_NULL)) {
		trial_skip(trial, "the class is not treated as another");
		return;
	}
	hr = CoGetClassObject(
	    &trial->clsid, CLSCTX_INPROC_SERVER, NULL, &IID_IUnknown, (void **)&object);
	if (SUCCEEDED(hr))
		return;
	text = tessera_error_text();
	trial_fail(trial, "TreatAs leads nowhere: %s", text != NULL ? text : "");
	CoTaskMemFree(text);
}

/* Categories that say how an object keeps its state, and the interface that does so. */
#define PERSISTS_TO(n)                                                 \
	{                                                              \
		n, 0x2BAA, 0x11CF,                                     \
		{                                                      \
			0xA2, 0x29, 0x00, 0xAA, 0x00, 0x3D, 0x73, 0x52 \
		}                                                      \
	}

static const struct {
	CATID catid;
	const char *category, *interface;
	const char *iid;
} promises[] = {
	{ PERSISTS_TO(0x0DE86A51), "PersistsToMoniker", "IPersistMoniker",
	    "{79EAC9C9-BAF9-11CE-8C82-00AA004BA90B}" },
	{ PERSISTS_TO(0x0DE86A52), "PersistsToStorage", "IPersistStorage",
	    "{0000010A-0000-0000-C000-000000000046}" },
	{ PERSISTS_TO(0x0DE86A53), "PersistsToStreamInit", "IPersistStreamInit",
	    "{7FD52380-4E07-101B-AE2D-08002B2EC713}" },
	{ PERSISTS_TO(0x0DE86A54), "PersistsToStream", "IPersistStream",
	    "{00000109-0000-0000-C000-000000000046}" },
	{ PERSISTS_TO(0x0DE86A55), "PersistsToMemory", "IPersistMemory",
	    "{BD1AE5E0-A6AE-11CE-BD37-504200C10000}" },
	{ PERSISTS_TO(0x0DE86A56), "PersistsToFile", "IPersistFile",
	    "{0000010B-0000-0000-C000-000000000046}" },
	{ PERSISTS_TO(0x0DE86A57), "PersistsToPropertyBag", "IPersistPropertyBag",
	    "{37D84F60-42CB-11CE-8135-00AA004BB851}" },
	{ { 0x40FC6ED5, 0x2438, 0x11CF, { 0xA3, 0xDB, 0x08, 0x00, 0x36, 0xF1, 0x25, 0x02 } },
	    "Programmable", "IDispatch", "{00020400-0000-0000-C000-000000000046}" },
};

static void
run_categories(struct trial *trial)
{
	if (trial->class == NULL || trial->class->categories->len == 0) {
		trial_skip(trial, "the class claims no category");
		return;
	}
	for (guint i = 0; i < trial->class->categories->len; i++)
		for (size_t p = 0; p < G_N_ELEMENTS(promises); p++) {
			const CATID *catid = &g_array_index(trial->class->categories, CATID, i);
			IID iid;

			if (IsEqualGUID(catid, &promises[p].catid) &&
			    guid_from_text(promises[p].iid, GUID_TEXT_LENGTH, &iid) &&
			    !trial_is_answered(trial, &iid))
				trial_fail(trial,
				    "category %s promises %s, which the object does "
				    "not answer",
				    promises[p].category, promises[p].interface);
		}
}

/* Those that Windows documents mean something everywhere, described here or not. */
static bool
is_published(const CATID *catid)
{
	static const CATID *const published[] = { &CATID_Insertable, &CATID_Control,
		&CATID_Programmable, &CATID_IsShortcut, &CATID_NeverShowExt, &CATID_DocObject,
		&CATID_Printable, &CATID_RequiresDataPathHost, &CATID_PersistsToMoniker,
		&CATID_PersistsToStorage, &CATID_PersistsToStreamInit, &CATID_PersistsToStream,
		&CATID_PersistsToMemory, &CATID_PersistsToFile, &CATID_PersistsToPropertyBag,
		&CATID_SafeForScripting, &CATID_SafeForInitializing };

	for (size_t i = 0; i < G_N_ELEMENTS(published); i++)
		if (IsEqualGUID(catid, published[i]))
			return true;
	return false;
}

static bool
is_in_manifest(const struct trial *trial, const CATID *catid)
{
	const GPtrArray *categories = trial->target->manifest->categories;

	for (guint i = 0; i < categories->len; i++) {
		const struct manifest_category *category = g_ptr_array_index(categories, i);

		if (IsEqualGUID(catid, &category->catid))
			return true;
	}
	return false;
}

static void
run_required(struct trial *trial)
{
	struct registry *registry;
	char text[GUID_TEXT_LENGTH + 1];

	if (trial->class == NULL || trial->class->required_categories->len == 0) {
		trial_skip(trial, "the class requires no category");
		return;
	}
	registry = registry_get();
	for (guint i = 0; i < trial->class->required_categories->len; i++) {
		const CATID *catid = &g_array_index(trial->class->required_categories, CATID, i);

		if (!is_published(catid) && !is_in_manifest(trial, catid) &&
		    !registry_has_category(registry, catid))
			trial_fail(trial,
			    "the class requires category %s of its clients, and no manifest "
			    "describes it",
			    guid_to_text(catid, text));
	}
	registry_unref(registry);
}

#define REGISTER "DllRegisterServer"

static const struct check checks[] = {
	{ "registration.twice", run_twice, "registering twice leaves what registering once does",
	    REGISTER, CHECK_MODULE, CHECK_REGISTERS },
	{ "registration.inverse", run_inverse,
	    "unregistering takes away what registering wrote, and nothing else",
	    "DllUnregisterServer", CHECK_MODULE, CHECK_REGISTERS },
	{ "registration.place", run_place, "registering writes to the registry alone", REGISTER,
	    CHECK_MODULE, CHECK_REGISTERS },
	{ "registration.progid", run_progid,
	    "the ProgID leads to the class, and without its last part to its current version",
	    "CLSIDFromProgID", CHECK_CLASS, 0 },
	{ "registration.treat-as", run_treat_as, "TreatAs leads to a class, not in a circle",
	    "CoTreatAsClass", CHECK_CLASS, 0 },
	{ "registration.categories", run_categories,
	    "the object has the interfaces that its categories promise", "Component Categories",
	    CHECK_CLASS, 0 },
	{ "registration.required", run_required,
	    "the categories that the class requires of its clients are described",
	    "Component Categories", CHECK_CLASS, 0 },
};
const struct check_group check_registration = CHECK_GROUP(checks);
