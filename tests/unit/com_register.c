/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registering by program: what is written, and that a failure of any step leaves what was there.
 * The functions of the C library that write are ours here, and fail when told to.
 */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <objbase.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <tessera_com.h>
#include <unistd.h>

#include "runtime/registry.h"
#include "runtime/registry_write.h"
#include "tests/suite.h"
#include "tests/unit/com_scratch.h"

#define ID_1 "{11111111-0000-4000-8000-000000000001}"
#define ID_2 "{22222222-0000-4000-8000-000000000002}"
#define ID_3 "{33333333-0000-4000-8000-000000000003}"
#define MANIFEST(name) "[Component]\nModule=m.so\n[Class " ID_1 "]\nName=" name "\n"

/* Counts calls on files of the folder; the one with this number fails. 0: none. */
static unsigned failing, calls;

static bool
fails(void)
{
	if (failing == 0 || ++calls != failing)
		return false;
	errno = ENOSPC;
	return true;
}

int fsync(int fd);
int fchmod(int fd, mode_t mode);
int renameat(int from_fd, const char *from, int to_fd, const char *to);
int renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags);

int
fsync(int fd)
{
	return fails() ? -1 : (int)syscall(SYS_fsync, fd);
}

int
fchmod(int fd, mode_t mode)
{
	return fails() ? -1 : (int)syscall(SYS_fchmod, fd, mode);
}

int
renameat(int from_fd, const char *from, int to_fd, const char *to)
{
	return fails() ? -1 : (int)syscall(SYS_renameat2, from_fd, from, to_fd, to, 0);
}

int
renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags)
{
	return fails() ? -1 : (int)syscall(SYS_renameat2, from_fd, from, to_fd, to, flags);
}

static char *
user_file(const char *name)
{
	return g_build_filename(getenv("XDG_DATA_HOME"), "tessera/components.d", name, NULL);
}

static void
clear_user_layer(void)
{
	g_autofree char *folder = user_file("");
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = user_file(name);

		(void)remove(path);
	}
}

static int
compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* (transfer full): "NAME: contents" of all that is there, hidden files included. */
static char *
folder_contents(void)
{
	g_autofree char *folder = user_file("");
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = user_file(name);
		g_autofree char *text = NULL;

		g_file_get_contents(path, &text, NULL, NULL);
		g_ptr_array_add(all, g_strdup_printf("%s: %s", name, text));
	}
	g_ptr_array_sort(all, compare_texts);
	g_ptr_array_add(all, NULL);
	return g_strjoinv("\n", (char **)all->pdata);
}

static void
class_is(const char *clsid, const char *expected)
{
	struct registry *registry = registry_get();
	GUID guid = scratch_guid(clsid);
	const struct registry_class *class = registry_find_class(registry, &guid);

	SUITE_EQUAL_STRING(class != NULL ? class->info->name : NULL, expected);
	registry_unref(registry);
}

static void
exported(void)
{
	struct stat status;
	g_autofree char *path = user_file("one.component");

	clear_user_layer();
	EXPECT_HRESULT(tessera_register_manifest("one.component", MANIFEST("One")), S_OK);
	class_is(ID_1, "One");
	CU_ASSERT_EQUAL(stat(path, &status), 0);
	SUITE_EQUAL_INT(status.st_mode & 07777, 0644);
	EXPECT_HRESULT(tessera_register_manifest("one.component", MANIFEST("Two")), S_OK);
	class_is(ID_1, "Two");
	EXPECT_HRESULT(tessera_unregister_manifest("one.component"), S_OK);
	class_is(ID_1, NULL);
	EXPECT_HRESULT(tessera_unregister_manifest("one.component"), S_FALSE);
	EXPECT_HRESULT(tessera_register_manifest(NULL, ""), E_POINTER);
	EXPECT_HRESULT(tessera_register_manifest("one.component", NULL), E_POINTER);
	EXPECT_HRESULT(tessera_unregister_manifest(NULL), E_POINTER);
}

static const struct {
	const char *name, *text, *said;
} refused[] = {
	{ "one.txt", MANIFEST("One"), "does not end in .component" },
	{ "../one.component", MANIFEST("One"), "is no file's name" },
	{ ".one.component", MANIFEST("One"), "is no file's name" },
	{ "a\nb.component", MANIFEST("One"), "is no file's name" },
	{ "\xFF.component", MANIFEST("One"), "is no file's name" },
	{ "local.component", MANIFEST("One"), "is kept for overrides" },
	{ "one.component", "", "one.component: line 1: there is no group [Component]" },
	{ "one.component", "[Component]\nModule=m.so\nrubbish\n", "one.component: line 3" },
	{ "one.component", "[Override " ID_1 "]\n", "there is no group [Component]" },
};

static void
bad_requests(void)
{
	g_autofree char *long_name = g_strnfill(300, 'n');
	g_autofree char *long_file = g_strconcat(long_name, ".component", NULL);
	g_autofree char *contents = NULL;

	clear_user_layer();
	for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
		EXPECT_HRESULT(
		    tessera_register_manifest(refused[i].name, refused[i].text), E_INVALIDARG);
		SCRATCH_TEXT_HAS(refused[i].said);
	}
	EXPECT_HRESULT(tessera_register_manifest(long_file, MANIFEST("One")), E_INVALIDARG);
	EXPECT_HRESULT(tessera_unregister_manifest("../one.component"), E_INVALIDARG);
	contents = folder_contents();
	SUITE_EQUAL_STRING(contents, "");
}

/* Whatever step fails, the folder is as it was, to the last hidden file. */
static void
each_step_fails(void)
{
	static const char *const first[] = { NULL, MANIFEST("Old") };
	unsigned failures = 0;

	for (size_t had = 0; had < 2; had++)
		for (unsigned step = 1;; step++) {
			g_autofree char *before = NULL, *after = NULL, *cause = NULL;
			HRESULT hr;

			clear_user_layer();
			if (first[had] != NULL)
				EXPECT_HRESULT(
				    tessera_register_manifest("f.component", first[had]), S_OK);
			before = folder_contents();
			failing = step;
			calls = 0;
			hr = registry_write_manifest(
			    LAYER_USER, "f.component", MANIFEST("New"), &cause);
			failing = 0;
			if (SUCCEEDED(hr))
				break;
			failures++;
			EXPECT_HRESULT(hr, REGDB_E_WRITEREGDB);
			CU_ASSERT(cause != NULL && strstr(cause, "No space left") != NULL);
			after = folder_contents();
			SUITE_EQUAL_STRING(after, before);
			class_is(ID_1, had ? "Old" : NULL);
		}
	/* Mode, file, name and folder each time; a new name takes two attempts. */
	SUITE_EQUAL_INT(failures, 9);
}

static void
each_step_of_removing_fails(void)
{
	for (unsigned step = 1; step <= 3; step++) {
		g_autofree char *before = NULL, *after = NULL, *cause = NULL;
		HRESULT hr;

		clear_user_layer();
		EXPECT_HRESULT(tessera_register_manifest("f.component", MANIFEST("Old")), S_OK);
		before = folder_contents();
		failing = step;
		calls = 0;
		hr = registry_remove_manifest(LAYER_USER, "f.component", &cause);
		failing = 0;
		after = folder_contents();
		EXPECT_HRESULT(hr, step <= 2 ? REGDB_E_WRITEREGDB : S_OK);
		SUITE_EQUAL_STRING(after, step <= 2 ? before : "");
	}
}

/* A limit on the size of files is a disc that is full after so many bytes. */
static void
full_disc(void)
{
	struct rlimit limit;
	GString *text = g_string_new(MANIFEST("Large"));
	g_autofree char *before = NULL, *after = NULL, *cause = NULL;
	rlim_t was;

	clear_user_layer();
	EXPECT_HRESULT(tessera_register_manifest("f.component", MANIFEST("Old")), S_OK);
	before = folder_contents();
	while (text->len < 100000)
		g_string_append(text, "# something to fill the disc with\n");
	CU_ASSERT_EQUAL_FATAL(getrlimit(RLIMIT_FSIZE, &limit), 0);
	was = limit.rlim_cur;
	signal(SIGXFSZ, SIG_IGN);
	limit.rlim_cur = 50000;
	CU_ASSERT_EQUAL_FATAL(setrlimit(RLIMIT_FSIZE, &limit), 0);
	EXPECT_HRESULT(registry_write_manifest(LAYER_USER, "f.component", text->str, &cause),
	    REGDB_E_WRITEREGDB);
	limit.rlim_cur = was;
	CU_ASSERT_EQUAL_FATAL(setrlimit(RLIMIT_FSIZE, &limit), 0);
	CU_ASSERT(cause != NULL && strstr(cause, "File too large") != NULL);
	after = folder_contents();
	SUITE_EQUAL_STRING(after, before);
	g_string_free(text, TRUE);
}

/* Left over from a program that was killed. */
static void
leftovers(void)
{
	g_autofree char *folder = user_file("");
	g_autofree char *contents = NULL;

	clear_user_layer();
	scratch_write(folder, ".f.component.new", "half a manif");
	class_is(ID_1, NULL);
	EXPECT_HRESULT(tessera_register_manifest("f.component", MANIFEST("New")), S_OK);
	contents = folder_contents();
	SUITE_EQUAL_STRING(contents, "f.component: " MANIFEST("New"));
}

static void
no_folder_possible(void)
{
	g_autofree char *data = g_strdup(getenv("XDG_DATA_HOME"));
	const char *file = scratch_write(scratch_folder(), "file", "x");

	setenv("XDG_DATA_HOME", file, 1);
	EXPECT_HRESULT(
	    tessera_register_manifest("f.component", MANIFEST("New")), REGDB_E_WRITEREGDB);
	SCRATCH_TEXT_HAS("cannot make", file, "tessera/components.d");
	unsetenv("XDG_DATA_HOME");
	{
		g_autofree char *home = g_strdup(getenv("HOME"));

		unsetenv("HOME");
		EXPECT_HRESULT(
		    tessera_register_manifest("f.component", MANIFEST("New")), E_ACCESSDENIED);
		SCRATCH_TEXT_HAS("no user layer");
		setenv("HOME", home, 1);
	}
	setenv("XDG_DATA_HOME", data, 1);
}

static void
layer_of_choice(void)
{
	SUITE_EQUAL_INT(registry_write_layer(), LAYER_USER);
	setenv("TESSERA_REGISTER_LAYER", "administrator", 1);
	SUITE_EQUAL_INT(registry_write_layer(), LAYER_ADMINISTRATOR);
	setenv("TESSERA_REGISTER_LAYER", "vendor", 1);
	SUITE_EQUAL_INT(registry_write_layer(), LAYER_USER);
	unsetenv("TESSERA_REGISTER_LAYER");
}

static int
hold_lock(void)
{
	g_autofree char *path = user_file("../components.lock");
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || fcntl(fd, F_OFD_SETLK, &lock) != 0)
		abort();
	return fd;
}

static void
another_writer_for_ever(void)
{
	g_autofree char *cause = NULL;
	int fd;

	clear_user_layer();
	fd = hold_lock();
	EXPECT_HRESULT(registry_write_manifest(LAYER_USER, "f.component", MANIFEST("New"), &cause),
	    REGDB_E_WRITEREGDB);
	CU_ASSERT(cause != NULL && strstr(cause, "another program is writing to") != NULL);
	CU_ASSERT(cause != NULL && strstr(cause, "components.lock for 5 seconds") != NULL);
	class_is(ID_1, NULL);
	close(fd);
}

static void *
write_many(void *number)
{
	for (unsigned i = 0; i < 20; i++) {
		g_autofree char *name =
		    g_strdup_printf("%u-%u.component", *(unsigned *)number, i % 3);
		GUID class = { *(unsigned *)number + 1, 0, 0, { 0 } };
		char *cause = NULL;

		if (FAILED(registry_write_manifest(LAYER_USER, name, MANIFEST("M"), &cause)) ||
		    FAILED(registry_write_class_categories(
			LAYER_USER, &class, false, &IID_IUnknown, 1, i % 2 == 0, &cause)))
			g_printerr("%s\n", cause);
	}
	return NULL;
}

/* All wrote to one overlay; nothing of it is lost. */
static void
several_writers(void)
{
	pthread_t threads[4];
	unsigned numbers[4];
	g_autofree char *path = user_file(MANIFEST_OVERLAY_NAME);
	struct manifest_file *overlay;

	clear_user_layer();
	{
		const GUID kept = { 99, 0, 0, { 0 } };
		g_autofree char *cause = NULL;

		EXPECT_HRESULT(
		    registry_write_treat_as(LAYER_USER, &kept, &IID_IUnknown, &cause), S_OK);
	}
	for (unsigned i = 0; i < 4; i++) {
		numbers[i] = i;
		if (pthread_create(&threads[i], NULL, write_many, &numbers[i]) != 0)
			abort();
	}
	for (unsigned i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	overlay = manifest_file_read(path);
	SUITE_EQUAL_STRING(overlay->reason, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(overlay->manifest);
	SUITE_EQUAL_INT(overlay->manifest->overrides->len, 1);
	manifest_file_free(overlay);
}

static void
treat_as_is(const char *clsid, const char *expected)
{
	struct registry *registry = registry_get();
	GUID guid = scratch_guid(clsid);
	g_autofree char *cause = NULL;
	const struct registry_class *class = registry_resolve(registry, &guid, &cause);

	SUITE_EQUAL_STRING(class != NULL ? class->info->name : NULL, expected);
	registry_unref(registry);
}

static void
treat_as(void)
{
	const char *above = scratch_folder();
	GUID one = scratch_guid(ID_1), two = scratch_guid(ID_2), three = scratch_guid(ID_3);
	g_autofree char *cause = NULL, *path = user_file(MANIFEST_OVERLAY_NAME);

	clear_user_layer();
	EXPECT_HRESULT(tessera_register_manifest("t.component",
			   MANIFEST("One") "TreatAs=" ID_2 "\n[Class " ID_2
					   "]\nName=Two\n[Class " ID_3 "]\nName=Three\n"),
	    S_OK);
	treat_as_is(ID_1, "Two");
	EXPECT_HRESULT(registry_write_treat_as(LAYER_USER, &one, &three, &cause), S_OK);
	treat_as_is(ID_1, "Three");
	EXPECT_HRESULT(registry_write_treat_as(LAYER_USER, &one, &three, &cause), S_FALSE);
	EXPECT_HRESULT(registry_write_treat_as(LAYER_USER, &one, &GUID_NULL, &cause), S_OK);
	treat_as_is(ID_1, "One");
	EXPECT_HRESULT(registry_write_treat_as(LAYER_USER, &one, NULL, &cause), S_OK);
	treat_as_is(ID_1, "Two");
	CU_ASSERT_NOT_EQUAL(access(path, F_OK), 0);
	EXPECT_HRESULT(registry_write_treat_as(LAYER_USER, &one, NULL, &cause), S_FALSE);
	/* A layer above wins; one below does not reach a class put above it. */
	scratch_use(above);
	EXPECT_HRESULT(registry_write_treat_as(LAYER_USER, &one, &three, &cause), S_OK);
	scratch_write(above, "local.component", "[Override " ID_1 "]\nTreatAs=" ID_2 "\n");
	treat_as_is(ID_1, "Two");
	scratch_write(above, "local.component", "");
	treat_as_is(ID_1, "Three");
	scratch_write(above, "o.component", MANIFEST("Above"));
	treat_as_is(ID_1, "Above");
	scratch_use("");
	/* A broken overlay is left to its owner. */
	g_file_set_contents(path, "rubbish", -1, NULL);
	EXPECT_HRESULT(
	    registry_write_treat_as(LAYER_USER, &two, &three, &cause), REGDB_E_WRITEREGDB);
	CU_ASSERT(cause != NULL && strstr(cause, "local.component: line 1") != NULL);
}

static void
categories_are(const char *clsid, bool required, unsigned count)
{
	struct registry *registry = registry_get();
	GUID guid = scratch_guid(clsid);
	GArray *all =
	    registry_class_categories(registry, registry_find_class(registry, &guid), required);

	SUITE_EQUAL_INT(all->len, count);
	g_array_unref(all);
	registry_unref(registry);
}

static void
categories(void)
{
	GUID one = scratch_guid(ID_1);
	const CATID ids[] = { scratch_guid(ID_2), scratch_guid(ID_3) };
	g_autofree char *cause = NULL, *path = user_file(MANIFEST_OVERLAY_NAME);

	clear_user_layer();
	EXPECT_HRESULT(tessera_register_manifest("c.component",
			   MANIFEST("One") "Categories=" ID_2 "\nRequiredCategories=" ID_2 "\n"),
	    S_OK);
	categories_are(ID_1, false, 1);
	EXPECT_HRESULT(
	    registry_write_class_categories(LAYER_USER, &one, false, ids, 2, true, &cause), S_OK);
	categories_are(ID_1, false, 2);
	categories_are(ID_1, true, 1);
	EXPECT_HRESULT(
	    registry_write_class_categories(LAYER_USER, &one, true, &ids[1], 1, true, &cause),
	    S_OK);
	categories_are(ID_1, true, 2);
	EXPECT_HRESULT(
	    registry_write_class_categories(LAYER_USER, &one, false, ids, 2, false, &cause), S_OK);
	EXPECT_HRESULT(
	    registry_write_class_categories(LAYER_USER, &one, true, ids, 2, false, &cause), S_OK);
	categories_are(ID_1, false, 1);
	CU_ASSERT_NOT_EQUAL(access(path, F_OK), 0);
}

static void
description_is(const CATID *catid, guint32 lcid, const char *expected)
{
	struct registry *registry = registry_get();

	SUITE_EQUAL_STRING(registry_category_description(registry, catid, lcid), expected);
	registry_unref(registry);
}

static void
descriptions(void)
{
	const CATID catid = scratch_guid(ID_2);
	g_autofree char *cause = NULL;
	struct registry *registry;
	GArray *all;

	clear_user_layer();
	description_is(&catid, 0x407, NULL);
	EXPECT_HRESULT(registry_write_category(LAYER_USER, &catid, 0x407, "Katzen", &cause), S_OK);
	description_is(&catid, 0x407, "Katzen");
	description_is(&catid, 0x807, "Katzen"); /* Swiss German */
	description_is(&catid, 0x409, NULL);
	EXPECT_HRESULT(registry_write_category(LAYER_USER, &catid, 0, "Cats", &cause), S_OK);
	description_is(&catid, 0x409, "Cats");
	description_is(&catid, 0x807, "Katzen");
	EXPECT_HRESULT(registry_write_category(LAYER_USER, &catid, 0x407, NULL, &cause), S_OK);
	description_is(&catid, 0x407, "Cats");
	EXPECT_HRESULT(
	    registry_write_category(LAYER_USER, &catid, 0, "a\tb", &cause), E_INVALIDARG);
	CU_ASSERT(cause != NULL && strstr(cause, "control character") != NULL);
	g_clear_pointer(&cause, g_free);
	registry = registry_get();
	CU_ASSERT(registry_has_category(registry, &catid));
	all = registry_categories(registry);
	SUITE_EQUAL_INT(all->len, 1);
	g_array_unref(all);
	registry_unref(registry);
	EXPECT_HRESULT(registry_remove_category(LAYER_USER, &catid, &cause), S_OK);
	EXPECT_HRESULT(registry_remove_category(LAYER_USER, &catid, &cause), S_FALSE);
	description_is(&catid, 0, NULL);
}

static const struct suite_test tests[] = {
	{ "a module registers and takes itself away", exported },
	{ "names and texts that are no manifests", bad_requests },
	{ "each step of writing fails", each_step_fails },
	{ "each step of removing fails", each_step_of_removing_fails },
	{ "a full disc", full_disc },
	{ "what a killed program left", leftovers },
	{ "no folder to write to", no_folder_possible },
	{ "the layer", layer_of_choice },
	{ "another writer that does not end", another_writer_for_ever },
	{ "several writers", several_writers },
	{ "TreatAs", treat_as },
	{ "categories of a class", categories },
	{ "descriptions of a category", descriptions },
};

int
main(void)
{
	return suite_run("register", tests, sizeof tests / sizeof tests[0]);
}
