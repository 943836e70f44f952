/* SPDX-License-Identifier: BSD-2-Clause */
/* The registry over several folders: layers, masking, priority, ProgIDs, keeping current. */
#include <fcntl.h>
#include <glib.h>
#include <objbase.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tessera_com.h>
#include <unistd.h>

#include "runtime/folder_picture.h"
#include "runtime/guid_text.h"
#include "runtime/registry.h"
#include "tests/suite.h"
#include "tests/unit/com_scratch.h"

#define ID_1 "{11111111-0000-4000-8000-000000000001}"
#define ID_2 "{22222222-0000-4000-8000-000000000002}"
#define ID_3 "{33333333-0000-4000-8000-000000000003}"

static void
use_folders(const char *first, const char *second)
{
	g_autofree char *list = g_strdup_printf("%s:%s", first, second);

	scratch_use(list);
}

static const struct registry_class *
find(const struct registry *registry, const char *clsid)
{
	GUID guid = scratch_guid(clsid);

	return registry_find_class(registry, &guid);
}

/* The name that the class has now; NULL: not there. */
static char *
name_of(const char *clsid)
{
	struct registry *registry = registry_get();
	const struct registry_class *class = find(registry, clsid);
	char *name = class != NULL ? g_strdup(class->info->name) : NULL;

	registry_unref(registry);
	return name;
}

static void
is_named(const char *clsid, const char *expected)
{
	g_autofree char *name = name_of(clsid);

	SUITE_EQUAL_STRING(name, expected);
}

static void
file_is(const char *path, enum registry_state state, const char *reason)
{
	struct registry *registry = registry_get();
	const GPtrArray *files = registry_files(registry);
	const struct registry_file *found = NULL;

	for (guint i = 0; i < files->len; i++) {
		const struct registry_file *file = g_ptr_array_index(files, i);

		if (strcmp(file->path, path) == 0)
			found = file;
	}
	CU_ASSERT_PTR_NOT_NULL_FATAL(found);
	SUITE_EQUAL_INT(found->state, state);
	if (reason == NULL)
		SUITE_EQUAL_STRING(found->reason, NULL);
	else if (found->reason == NULL || strstr(found->reason, reason) == NULL)
		SUITE_EQUAL_STRING(found->reason, reason);
	registry_unref(registry);
}

static const char *
put(const char *folder, const char *file, const char *clsid, const char *name)
{
	return scratch_write(folder, file, scratch_manifest("m.so", clsid, name, ""));
}

static void
order_of_layers(void)
{
	struct registry *registry;
	const GPtrArray *folders;
	const struct layer_folder *folder;
	g_autofree char *user =
	    g_build_filename(getenv("XDG_DATA_HOME"), "tessera/components.d", NULL);

	use_folders("/nonexistent/a", "/nonexistent/b/");
	registry = registry_get();
	folders = registry_folders(registry);
	SUITE_EQUAL_INT(folders->len, 7);
	folder = g_ptr_array_index(folders, 0);
	SUITE_EQUAL_STRING(folder->path, "/nonexistent/a");
	SUITE_EQUAL_INT(folder->kind, LAYER_ENVIRONMENT);
	folder = g_ptr_array_index(folders, 1);
	SUITE_EQUAL_STRING(folder->path, "/nonexistent/a/components.d");
	SUITE_EQUAL_INT(folder->rank, 0);
	folder = g_ptr_array_index(folders, 2);
	SUITE_EQUAL_STRING(folder->path, "/nonexistent/b");
	SUITE_EQUAL_INT(folder->rank, 1);
	folder = g_ptr_array_index(folders, 4);
	SUITE_EQUAL_STRING(folder->path, user);
	SUITE_EQUAL_INT(folder->kind, LAYER_USER);
	SUITE_EQUAL_INT(folder->rank, 2);
	folder = g_ptr_array_index(folders, 5);
	SUITE_EQUAL_INT(folder->kind, LAYER_ADMINISTRATOR);
	CU_ASSERT(g_str_has_suffix(folder->path, "/tessera/components.d"));
	folder = g_ptr_array_index(folders, 6);
	CU_ASSERT(g_str_has_suffix(folder->path, "/tessera/components.d"));
	SUITE_EQUAL_INT(folder->kind, LAYER_VENDOR);
	registry_unref(registry);
}

static void
user_folder(void)
{
	g_autofree char *data = g_strdup(getenv("XDG_DATA_HOME"));
	g_autofree char *below = g_build_filename(data, "tessera/components.d", NULL);
	const char *home = scratch_folder();
	g_autofree char *in_home =
	    g_build_filename(home, ".local/share/tessera/components.d", NULL);
	const char *in_data;

	scratch_use("");
	in_data = put(below, "u.component", ID_1, "InData");
	is_named(ID_1, "InData");
	put(in_home, "u.component", ID_1, "InHome");
	setenv("HOME", home, 1);
	setenv("XDG_DATA_HOME", "relative", 1);
	is_named(ID_1, "InHome");
	unsetenv("XDG_DATA_HOME");
	is_named(ID_1, "InHome");
	unsetenv("HOME");
	is_named(ID_1, NULL);
	setenv("XDG_DATA_HOME", data, 1);
	setenv("HOME", home, 1);
	is_named(ID_1, "InData");
	use_folders(home, home);
	/* A layer above it. */
	put(home, "other.component", ID_1, "Above");
	is_named(ID_1, "Above");
	CU_ASSERT_EQUAL_FATAL(unlink(in_data), 0);
}

static void
masking(void)
{
	const char *high = scratch_folder(), *low = scratch_folder();
	const char *masked;

	use_folders(high, low);
	masked = put(low, "a.component", ID_1, "Low");
	put(low, "b.component", ID_2, "Other");
	is_named(ID_1, "Low");
	/* A file of that name, though it has another class. */
	put(high, "a.component", ID_3, "High");
	is_named(ID_1, NULL);
	is_named(ID_2, "Other");
	is_named(ID_3, "High");
	file_is(masked, REGISTRY_MASKED, high);
	/* An empty one disables. */
	file_is(scratch_write(high, "a.component", ""), REGISTRY_DISABLED, "empty");
	file_is(masked, REGISTRY_MASKED, "a.component");
	is_named(ID_1, NULL);
	is_named(ID_3, NULL);
	/* So does a broken one: what was to replace the lower file must not bring it back. */
	file_is(scratch_write(high, "a.component", "rubbish"), REGISTRY_BROKEN, "line 1");
	is_named(ID_1, NULL);
	/* Other names and hidden files are no manifests. */
	put(high, "c.txt", ID_1, "Text");
	put(high, ".component", ID_1, "Hidden");
	put(high, ".x.component", ID_1, "Hidden");
	put(high, "x.component~", ID_1, "Backup");
	is_named(ID_1, NULL);
}

static void
subfolder(void)
{
	const char *folder = scratch_folder();
	const char *masked;

	scratch_use(folder);
	masked = put(folder, "components.d/s.component", ID_1, "InSubfolder");
	is_named(ID_1, "InSubfolder");
	put(folder, "s.component", ID_1, "Directly");
	is_named(ID_1, "Directly");
	file_is(masked, REGISTRY_MASKED, "s.component");
}

static void
which_of_several(void)
{
	const char *high = scratch_folder(), *low = scratch_folder();
	struct registry *registry;
	const GPtrArray *classes;
	unsigned hidden = 0;

	use_folders(high, low);
	put(high, "b.component", ID_1, "B");
	put(high, "c.component", ID_1, "C");
	is_named(ID_1, "B");
	scratch_write(high, "c.component",
	    "[Component]\nModule=m.so\nPriority=1\n[Class " ID_1 "]\nName=C\n");
	is_named(ID_1, "C");
	scratch_write(high, "b.component",
	    "[Component]\nModule=m.so\nPriority=2\n[Class " ID_1 "]\nName=B\n");
	is_named(ID_1, "B");
	/* Priority does not reach into another layer. */
	scratch_write(low, "a.component",
	    "[Component]\nModule=m.so\nPriority=99\n[Class " ID_1 "]\nName=A\n");
	is_named(ID_1, "B");
	registry = registry_get();
	classes = registry_classes(registry);
	for (guint i = 0; i < classes->len; i++) {
		const struct registry_class *class = g_ptr_array_index(classes, i);

		if (class->hidden_by != NULL && class->hidden_by == find(registry, ID_1))
			hidden++;
	}
	SUITE_EQUAL_INT(hidden, 2);
	registry_unref(registry);
}

static HRESULT
clsid_of(const char *progid, GUID *ret_guid)
{
	g_autofree gunichar2 *wide = g_utf8_to_utf16(progid, -1, NULL, NULL, NULL);
	GUID again;
	HRESULT hr;

	memset(ret_guid, 0xAA, sizeof *ret_guid);
	hr = CLSIDFromProgID((LPCOLESTR)wide, ret_guid);
	SUITE_EQUAL_INT(CLSIDFromProgIDEx((LPCOLESTR)wide, &again), hr);
	SUITE_EQUAL_INT(IsEqualGUID(&again, ret_guid), TRUE);
	return hr;
}

static void
progid_is(const char *progid, const char *clsid)
{
	char text[GUID_TEXT_LENGTH + 1];
	GUID guid;
	HRESULT hr = clsid_of(progid, &guid);

	EXPECT_HRESULT(hr, clsid != NULL ? S_OK : CO_E_CLASSSTRING);
	SUITE_EQUAL_STRING(guid_to_text(&guid, text),
	    clsid != NULL ? clsid : "{00000000-0000-0000-0000-000000000000}");
	if (FAILED(hr))
		SCRATCH_TEXT_HAS("ProgID");
}

static void
progids(void)
{
	const char *high = scratch_folder(), *low = scratch_folder();
	GUID guid = scratch_guid(ID_2);
	LPOLESTR progid = NULL;
	g_autofree char *narrow = NULL;

	use_folders(high, low);
	scratch_write(high, "p.component",
	    "[Component]\nModule=m.so\n"
	    "[Class " ID_1 "]\nName=One\nProgID=Vendor.Thing.9\n"
	    "VersionIndependentProgID=Vendor.Thing\n"
	    "[Class " ID_2 "]\nName=Two\nProgID=Vendor.Thing.10\n"
	    "VersionIndependentProgID=Vendor.Thing\n");
	scratch_write(low, "q.component",
	    "[Component]\nModule=m.so\n[Class " ID_3 "]\nName=Three\nProgID=Vendor.Thing.11\n"
	    "VersionIndependentProgID=Vendor.Thing\n");
	progid_is("Vendor.Thing.9", ID_1);
	progid_is("vendor.THING.10", ID_2);
	progid_is("Vendor.Thing.11", ID_3);
	/* The current version is the newest of the highest layer; 10 is newer than 9. */
	progid_is("Vendor.Thing", ID_2);
	progid_is("VENDOR.thing", ID_2);
	progid_is("Vendor.Thing.12", NULL);
	progid_is("Vendor", NULL);
	progid_is("", NULL);
	progid_is("Vendor.Thing.9 ", NULL);
	progid_is("Vendor.Th\xC3\xADng.9", NULL);
	progid_is("A23456789.123456789.123456789.123456789.123456789", NULL);
	EXPECT_HRESULT(ProgIDFromCLSID(&guid, &progid), S_OK);
	narrow = g_utf16_to_utf8(progid, -1, NULL, NULL, NULL);
	SUITE_EQUAL_STRING(narrow, "Vendor.Thing.10");
	CoTaskMemFree(progid);
	EXPECT_HRESULT(CLSIDFromString(u"Vendor.Thing", &guid), S_OK);
	CU_ASSERT_EQUAL(guid.Data1, 0x22222222);
	EXPECT_HRESULT(CLSIDFromString(u"Vendor.Nothing", &guid), CO_E_CLASSSTRING);
	SCRATCH_TEXT_HAS("Vendor.Nothing", high, low, "comreg list");
	put(high, "n.component", ID_3, "NoProgID");
	guid = scratch_guid(ID_3);
	EXPECT_HRESULT(ProgIDFromCLSID(&guid, &progid), REGDB_E_CLASSNOTREG);
	CU_ASSERT_PTR_NULL(progid);
	SCRATCH_TEXT_HAS(ID_3, "no ProgID");
	/* A class that is hidden does not lend its ProgID. */
	progid_is("Vendor.Thing.11", NULL);
	guid.Data1++;
	EXPECT_HRESULT(ProgIDFromCLSID(&guid, &progid), REGDB_E_CLASSNOTREG);
	SCRATCH_TEXT_HAS("not registered");
	EXPECT_HRESULT(ProgIDFromCLSID(&guid, NULL), E_POINTER);
}

static void
interface_names(void)
{
	const char *folder = scratch_folder();
	struct registry *registry;
	GUID iid = scratch_guid(ID_2);

	scratch_use(folder);
	scratch_write(
	    folder, "i.component", "[Component]\nModule=m.so\n[Interface " ID_2 "]\nName=ITwo\n");
	registry = registry_get();
	SUITE_EQUAL_STRING(registry_interface_name(registry, &iid), "ITwo");
	iid.Data1++;
	CU_ASSERT_PTR_NULL(registry_interface_name(registry, &iid));
	registry_unref(registry);
}

static void
module_is(const char *folder, const char *line, const char *expected)
{
	g_autofree char *path = NULL;
	struct registry *registry;
	const struct registry_class *class;

	scratch_write(folder, "m.component", scratch_manifest(line, ID_1, "M", ""));
	registry = registry_get();
	class = find(registry, ID_1);
	CU_ASSERT_PTR_NOT_NULL_FATAL(class);
	path = registry_module_path(class->file);
	SUITE_EQUAL_STRING(path, expected);
	registry_unref(registry);
}

static void
module_places(void)
{
	const char *folder = scratch_folder();
	g_autofree char *beside = g_build_filename(folder, "here.so", NULL);
	g_autofree char *below = g_build_filename(folder, "lib/here.so", NULL);
	g_autofree char *parent = g_path_get_dirname(folder);
	g_autofree char *above = g_build_filename(parent, "here.so", NULL);
	const char *library = getenv("TESSERA_LIB");
	char *real = realpath(library != NULL ? library : scratch_built("lib"), NULL);
	g_autofree char *components = g_build_filename(real, "tessera/components/here.so", NULL);

	scratch_use(folder);
	/* Nowhere: where it should be is with the runtime's own. */
	module_is(folder, "here.so", components);
	scratch_write(folder, "here.so", "");
	module_is(folder, "here.so", beside);
	module_is(folder, "./here.so", beside);
	module_is(folder, "lib/here.so", below);
	module_is(folder, "../here.so", above);
	module_is(folder, "/opt/here.so", "/opt/here.so");
	free(real);
}

static void
strange_files(void)
{
	const char *folder = scratch_folder();
	g_autofree char *fifo = g_build_filename(folder, "fifo.component", NULL);
	g_autofree char *link = g_build_filename(folder, "link.component", NULL);
	g_autofree char *directory = g_build_filename(folder, "folder.component", NULL);
	g_autofree char *large = g_strnfill(MANIFEST_SIZE_MAX + 1, '#');

	scratch_use(folder);
	CU_ASSERT_EQUAL_FATAL(mkfifo(fifo, 0600), 0);
	CU_ASSERT_EQUAL_FATAL(symlink("/nonexistent/target", link), 0);
	CU_ASSERT_EQUAL_FATAL(mkdir(directory, 0700), 0);
	put(folder, "good.component", ID_1, "Good");
	file_is(fifo, REGISTRY_BROKEN, "not a regular file");
	file_is(link, REGISTRY_BROKEN, "cannot be opened");
	file_is(directory, REGISTRY_BROKEN, "not a regular file");
	file_is(scratch_write(folder, "large.component", large), REGISTRY_BROKEN,
	    "larger than 262144 bytes");
	file_is(scratch_write(folder, "broken.component", "[Component]\nModule=x\nrubbish\n"),
	    REGISTRY_BROKEN, "line 3");
	is_named(ID_1, "Good");
	scratch_use(link);
	is_named(ID_1, NULL);
	/* A file where a folder should be. */
	{
		g_autofree char *good = g_build_filename(folder, "good.component", NULL);

		scratch_use(good);
		file_is(good, REGISTRY_BROKEN, "the folder cannot be read");
	}
}

static void
too_many_files(void)
{
	const char *folder = scratch_folder(), *other = scratch_folder();

	use_folders(folder, other);
	put(other, "good.component", ID_1, "Good");
	for (unsigned i = 0; i <= FOLDER_FILES_MAX; i++) {
		g_autofree char *path = g_strdup_printf("%s/%u.component", folder, i);
		FILE *file = fopen(path, "we");

		if (file == NULL || fclose(file) != 0)
			abort();
	}
	is_named(ID_1, "Good");
	file_is(folder, REGISTRY_BROKEN, "more than 10000 manifests");
}

static void
keeping_current(void)
{
	const char *folder = scratch_folder();
	struct registry *first, *second;
	const char *path;

	scratch_use(folder);
	is_named(ID_1, NULL);
	path = put(folder, "k.component", ID_1, "Added");
	is_named(ID_1, "Added");
	first = registry_get();
	second = registry_get();
	CU_ASSERT_PTR_EQUAL(first, second); /* nothing changed, nothing read */
	registry_unref(second);
	put(folder, "k.component", ID_1, "Altered");
	is_named(ID_1, "Altered");
	/* What was handed out stays as it was. */
	SUITE_EQUAL_STRING(find(first, ID_1)->info->name, "Added");
	registry_unref(first);
	CU_ASSERT_EQUAL_FATAL(unlink(path), 0);
	is_named(ID_1, NULL);
}

/* The same size, the same time: a replaced file is another file. */
static void
replaced_by_rename(void)
{
	const char *folder = scratch_folder();
	const char *path, *fresh;
	struct stat status;
	struct timespec times[2];

	scratch_use(folder);
	path = put(folder, "r.component", ID_1, "Old");
	is_named(ID_1, "Old");
	CU_ASSERT_EQUAL_FATAL(stat(path, &status), 0);
	fresh = put(folder, "r.new", ID_1, "New");
	times[0] = times[1] = status.st_mtim;
	CU_ASSERT_EQUAL_FATAL(utimensat(-1, fresh, times, 0), 0);
	CU_ASSERT_EQUAL_FATAL(rename(fresh, path), 0);
	is_named(ID_1, "New");
}

static void
treat_as_chains(void)
{
	const char *folder = scratch_folder();
	GString *text = g_string_new("[Component]\nModule=m.so\n");
	struct registry *registry;
	const struct registry_class *class;
	g_autofree char *cause = NULL;
	GUID guid;

	/* 1 to 2, ... 9 to 10: nine steps from 1, eight from 2. */
	for (unsigned i = 1; i <= 10; i++) {
		g_string_append_printf(
		    text, "[Class {%08X-0000-4000-8000-000000000000}]\nName=C%u\n", i, i);
		if (i < 10)
			g_string_append_printf(
			    text, "TreatAs={%08X-0000-4000-8000-000000000000}\n", i + 1);
	}
	scratch_write(folder, "chain.component", text->str);
	g_string_free(text, TRUE);
	scratch_use(folder);
	registry = registry_get();
	guid = scratch_guid("{00000002-0000-4000-8000-000000000000}");
	class = registry_resolve(registry, &guid, &cause);
	CU_ASSERT_PTR_NOT_NULL_FATAL(class);
	SUITE_EQUAL_STRING(class->info->name, "C10");
	guid.Data1 = 1;
	CU_ASSERT_PTR_NULL(registry_resolve(registry, &guid, &cause));
	CU_ASSERT(cause != NULL && strstr(cause, "more than 8 steps") != NULL);
	registry_unref(registry);
}

static const struct suite_test tests[] = {
	{ "order of layers", order_of_layers },
	{ "the user's folder", user_folder },
	{ "masking and disabling", masking },
	{ "components.d below a folder of TESSERA_COMPONENT_PATH", subfolder },
	{ "one class in several manifests", which_of_several },
	{ "ProgIDs", progids },
	{ "names of interfaces", interface_names },
	{ "where the module is", module_places },
	{ "files that are no manifests", strange_files },
	{ "too many files in a folder", too_many_files },
	{ "a file added, altered, removed", keeping_current },
	{ "a file replaced by another of the same size and time", replaced_by_rename },
	{ "chains of TreatAs", treat_as_chains },
};

int
main(void)
{
	return suite_run("registry", tests, sizeof tests / sizeof tests[0]);
}
