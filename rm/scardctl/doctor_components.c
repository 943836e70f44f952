/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scardctl doctor: components. The runtime finds and loads them, here as for the programs that use
 * them; why it cannot, it says itself.
 */
#define COBJMACROS
#include <stdlib.h>
#include <string.h>

#include <comcat.h>
#include <objbase.h>
#include <scardreader.h>
#include <tessera_com.h>

#include "rm/scardctl/db.h"
#include "rm/scardctl/doctor.h"

#define PROGID_PREFIX "SCardReaderDriver."
#define CONFIGURATION "scardd.conf"
#define CONFIGURATION_SIZE_MAX 65536u

static const GUID catid_dialog = { 0xD04DAB01, 0x9569, 0x4867,
	{ 0xA8, 0xDD, 0xDC, 0xF3, 0xAD, 0xF9, 0xD0, 0xF6 } };

/* What the runtime says of a failure. (transfer full) */
static char *
reason(HRESULT hr)
{
	char *said = tessera_error_text();
	char *text = g_strdup_printf(
	    "%s%s%s", tessera_hresult_name(hr), said != NULL ? ": " : "", said != NULL ? said : "");

	CoTaskMemFree(said);
	return text;
}

char *
doctor_class_problem(const GUID *clsid)
{
	IClassFactory *factory;
	HRESULT hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);
	char *problem = NULL;

	if (FAILED(hr))
		return reason(hr);
	hr = CoGetClassObject(
	    clsid, CLSCTX_INPROC_SERVER, NULL, &IID_IClassFactory, (void **)&factory);
	if (FAILED(hr))
		problem = reason(hr);
	else
		(void)IClassFactory_Release(factory);
	CoUninitialize();
	return problem;
}

/* Of a driver as scardd.conf names it, without its settings. */
static void
examine_driver(struct doctor *doctor, const char *file, const char *name)
{
	g_autofree char *progid =
	    strpbrk(name, ".{") != NULL ? g_strdup(name) : g_strconcat(PROGID_PREFIX, name, NULL);
	g_autofree gunichar2 *wide = g_utf8_to_utf16(progid, -1, NULL, NULL, NULL);
	g_autofree char *problem = NULL;
	HRESULT hr = CO_E_CLASSSTRING;
	CLSID clsid;

	if (wide != NULL)
		hr = name[0] == '{' ? CLSIDFromString((LPCOLESTR)wide, &clsid)
				    : CLSIDFromProgID((LPCOLESTR)wide, &clsid);
	problem = FAILED(hr) ? reason(hr) : doctor_class_problem(&clsid);
	if (problem != NULL)
		doctor_note(doctor, DOCTOR_ERROR, "driver", file,
		    "install the driver's package, or correct Drivers=; comreg list shows what "
		    "there is",
		    "reader driver \"%s\" cannot be used: %s", name, problem);
}

/* The configuration of the daemon that is asked: the administrator's, but for a user's own.
 * (transfer full), NULL: there is no place for one. */
static char *
configuration(const struct doctor *doctor)
{
	const char *folder = doctor->system ? NULL : secure_getenv("TESSERA_CONFIG_DIR");
	g_autofree char *administrator = NULL;

	if (folder == NULL) {
		administrator = db_administrator_folder();
		folder = administrator;
	}
	return folder != NULL ? g_build_filename(folder, CONFIGURATION, NULL) : NULL;
}

static void
examine_drivers(struct doctor *doctor)
{
	g_autofree char *file = configuration(doctor);
	g_autoptr(GKeyFile) keys = g_key_file_new();
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) drivers = NULL;

	if (file == NULL || !g_file_test(file, G_FILE_TEST_EXISTS))
		return;
	if (!g_key_file_load_from_file(keys, file, G_KEY_FILE_NONE, &error)) {
		doctor_note(doctor, DOCTOR_ERROR, "configuration", file,
		    "correct the file; scardd.conf(5) describes it", "scardd does not start: %s",
		    error->message);
		return;
	}
	drivers = g_key_file_get_string_list(keys, "Daemon", "Drivers", NULL, NULL);
	for (size_t i = 0; drivers != NULL && drivers[i] != NULL; i++) {
		drivers[i][strcspn(drivers[i], "=")] = '\0';
		examine_driver(doctor, file, drivers[i]);
	}
}

static bool
has_class(const GUID *category)
{
	ICatInformation *information;
	IEnumCLSID *classes;
	ULONG count = 0;
	CATID wanted = *category;
	CLSID clsid;

	if (FAILED(CoCreateInstance(&CLSID_StdComponentCategoriesMgr, NULL, CLSCTX_INPROC_SERVER,
		&IID_ICatInformation, (void **)&information)))
		return false;
	if (SUCCEEDED(ICatInformation_EnumClassesOfCategories(
		information, 1, &wanted, (ULONG)-1, NULL, &classes))) {
		(void)IEnumGUID_Next(classes, 1, &clsid, &count);
		(void)IEnumGUID_Release(classes);
	}
	(void)ICatInformation_Release(information);
	return count > 0;
}

static void
examine_dialog(struct doctor *doctor)
{
	bool there;

	if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
		return;
	there = has_class(&catid_dialog);
	CoUninitialize();
	if (!there)
		doctor_note(doctor, DOCTOR_WARNING, "dialog", "CATID_SCardDialog",
		    "install a dialog component, where programs have the user choose a card",
		    "no dialog component is installed: SCardUIDlgSelectCard works only where no "
		    "window is needed");
}

void
doctor_examine_components(struct doctor *doctor)
{
	if (!doctor->embedded)
		examine_drivers(doctor);
	examine_dialog(doctor);
}
