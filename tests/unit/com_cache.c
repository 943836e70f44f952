/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The compiled registry: what it answers, that it is not believed a moment too long, and what
 * becomes of one that is damaged, foreign, or cut short while it is read.
 */
#include <fcntl.h>
#include <glib.h>
#include <objbase.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/cache.h"
#include "runtime/cache_write.h"
#include "runtime/lookup.h"
#include "tests/suite.h"
#include "tests/unit/com_layers.h"
#include "tests/unit/com_scratch.h"

#define ID_1 "{11111111-0000-4000-8000-000000000001}"
#define ID_2 "{22222222-0000-4000-8000-000000000002}"
#define ROUNDS 200

static const char *
put(enum layer_kind layer, const char *file, const char *clsid, const char *name)
{
	return scratch_write(
	    test_layers_folder(layer), file, scratch_manifest("m.so", clsid, name, ""));
}

/* (transfer full): the class's name; NULL: not there, and *ret_cause says why. */
static char *
find(const char *clsid, char **ret_cause)
{
	GUID guid = scratch_guid(clsid);
	struct lookup_class class;
	char *name;

	(void)lookup_class(&guid, &class, ret_cause);
	name = g_strdup(class.name);
	lookup_class_clear(&class);
	return name;
}

static void
is_named(const char *clsid, const char *expected)
{
	char *cause = NULL;
	g_autofree char *name = find(clsid, &cause);

	SUITE_EQUAL_STRING(name, expected);
	g_free(cause);
}

static char *
cache_of(enum layer_kind layer)
{
	return cache_path(test_layers_folder(layer));
}

static void
what_is_written(void)
{
	struct cache_report report;
	struct cache_file_record record = { 0 };
	const char *folder;
	g_autofree char *path = NULL;
	g_autoptr(GPtrArray) entries = NULL;
	struct cache *cache;
	struct stat status;
	GUID guid = scratch_guid(ID_1);

	test_layers_begin();
	folder = test_layers_folder(LAYER_VENDOR);
	path = cache_of(LAYER_VENDOR);
	put(LAYER_VENDOR, "b.component", ID_1, "B");
	scratch_write(folder, "a.component",
	    "[Component]\nModule=sub/a.so\nResident=true\nPriority=-1\n"
	    "[Class " ID_1 "]\nName=A\nThreadingModel=Both\nTreatAs=" ID_2 "\n");
	scratch_write(folder, "broken.component", "rubbish");
	scratch_write(folder, "empty.component", "");
	scratch_write(folder, "local.component", "[Override " ID_2 "]\nTreatAs=" ID_1 "\n");
	EXPECT_HRESULT(cache_write(folder, &report), S_OK);
	SUITE_EQUAL_STRING(report.path, path);
	SUITE_EQUAL_INT(report.files, 5);
	SUITE_EQUAL_INT(report.classes, 2);
	SUITE_EQUAL_INT(report.left_out, 1);
	SUITE_EQUAL_INT(report.too_new, 0);
	SUITE_EQUAL_STRING(report.cause, NULL);
	CU_ASSERT_EQUAL(stat(path, &status), 0);
	SUITE_EQUAL_INT(status.st_size, report.bytes);
	SUITE_EQUAL_INT(status.st_mode & 07777, 0644);
	cache_report_clear(&report);

	cache = cache_open(folder);
	CU_ASSERT_PTR_NOT_NULL_FATAL(cache);
	SUITE_EQUAL_INT(cache_files(cache), 5);
	SUITE_EQUAL_INT(cache_overlay(cache), 4);
	CU_ASSERT_EQUAL(stat(folder, &status), 0);
	CU_ASSERT(cache_folder_is_current(cache, &status));
	CU_ASSERT(cache_file(cache, 0, &record));
	SUITE_EQUAL_STRING(record.name, "a.component");
	SUITE_EQUAL_STRING(record.module, "sub/a.so");
	SUITE_EQUAL_STRING(record.reason, NULL);
	SUITE_EQUAL_INT(record.priority, -1);
	CU_ASSERT(record.resident);
	cache_file_record_clear(&record);
	CU_ASSERT(cache_file(cache, 2, &record));
	SUITE_EQUAL_INT(record.state, REGISTRY_BROKEN);
	SUITE_EQUAL_STRING(record.module, NULL);
	CU_ASSERT(record.reason != NULL && strstr(record.reason, "line 1") != NULL);
	cache_file_record_clear(&record);
	CU_ASSERT(cache_find(cache, &guid, &entries));
	SUITE_EQUAL_INT(entries->len, 2);
	if (entries->len == 2) {
		const struct cache_entry_record *first = g_ptr_array_index(entries, 0);
		const struct cache_entry_record *second = g_ptr_array_index(entries, 1);

		SUITE_EQUAL_STRING(first->name, "B");
		SUITE_EQUAL_STRING(first->threading_model, NULL);
		SUITE_EQUAL_STRING(second->name, "A");
		SUITE_EQUAL_STRING(second->threading_model, "Both");
	}
	cache_close(cache);
	is_named(ID_1, "B");
	is_named(ID_2, NULL);
}

/* Nothing but the file of the answer is opened: the others could be anything. */
static void
only_its_own_manifest(void)
{
	const char *other;
	struct stat status;
	struct timespec times[2];
	char *cause = NULL;

	test_layers_begin();
	put(LAYER_VENDOR, "a.component", ID_1, "One");
	other = put(LAYER_VENDOR, "b.component", ID_2, "Two");
	test_layers_cache();
	CU_ASSERT_EQUAL(stat(other, &status), 0);
	times[0].tv_nsec = UTIME_OMIT;
	times[1] = (struct timespec){ .tv_sec = status.st_mtim.tv_sec + 1000 };
	/* Changed, and then unreadable by name. */
	CU_ASSERT_EQUAL(utimensat(-1, other, times, 0), 0);
	is_named(ID_1, "One");
	is_named(ID_2, "Two");
	g_free(find("{33333333-0000-4000-8000-000000000003}", &cause));
	CU_ASSERT(cause != NULL && strstr(cause, "no manifest has it") != NULL);
	g_free(cause);
}

/* In one tick of the clock, with sizes that stay the same. No waiting but that of cache_write. */
static void
added(void)
{
	for (unsigned i = 0; i < ROUNDS; i++) {
		test_layers_begin();
		put(LAYER_VENDOR, "other.component", ID_2, "Other");
		test_layers_cache();
		put(LAYER_VENDOR, "new.component", ID_1, "New");
		is_named(ID_1, "New");
		is_named(ID_2, "Other");
	}
}

static void
replaced(void)
{
	for (unsigned i = 0; i < ROUNDS; i++) {
		const char *old, *fresh;

		test_layers_begin();
		old = put(LAYER_VENDOR, "one.component", ID_1, "Old");
		test_layers_cache();
		fresh = put(LAYER_VENDOR, "one.new", ID_1, "New");
		CU_ASSERT_EQUAL(rename(fresh, old), 0);
		is_named(ID_1, "New");
	}
}

static void
edited_in_place(void)
{
	for (unsigned i = 0; i < ROUNDS; i++) {
		test_layers_begin();
		put(LAYER_VENDOR, "one.component", ID_1, "Old");
		test_layers_cache();
		put(LAYER_VENDOR, "one.component", ID_1, "New");
		is_named(ID_1, "New");
		/* And twice within the tick, after a look that parsed it. */
		put(LAYER_VENDOR, "one.component", ID_1, "Two");
		is_named(ID_1, "Two");
	}
}

static void
deleted(void)
{
	for (unsigned i = 0; i < ROUNDS; i++) {
		const char *path;

		test_layers_begin();
		path = put(LAYER_VENDOR, "one.component", ID_1, "Old");
		test_layers_cache();
		CU_ASSERT_EQUAL(unlink(path), 0);
		is_named(ID_1, NULL);
	}
}

/* A writer that is quick enough to fall into the tick of the snapshot itself. */
static void *
rewrite(void *stop)
{
	for (unsigned i = 0; !__atomic_load_n((bool *)stop, __ATOMIC_ACQUIRE); i++) {
		g_autofree char *path =
		    g_build_filename(test_layers_folder(LAYER_VENDOR), "moving.component", NULL);
		g_autofree char *text =
		    g_strdup_printf("[Component]\nModule=m.so\n[Class " ID_1 "]\nName=%08u\n", i);

		g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_NONE, 0644, NULL);
	}
	return NULL;
}

static void
edited_while_compiled(void)
{
	for (unsigned i = 0; i < 20; i++) {
		pthread_t thread;
		bool stop = false;
		g_autofree char *path = NULL, *text = NULL, *name = NULL;
		char *cause = NULL;

		test_layers_begin();
		put(LAYER_VENDOR, "moving.component", ID_1, "Start");
		if (pthread_create(&thread, NULL, rewrite, &stop) != 0)
			abort();
		test_layers_cache();
		__atomic_store_n(&stop, true, __ATOMIC_RELEASE);
		pthread_join(thread, NULL);
		path = g_build_filename(test_layers_folder(LAYER_VENDOR), "moving.component", NULL);
		CU_ASSERT(g_file_get_contents(path, &text, NULL, NULL));
		name = find(ID_1, &cause);
		CU_ASSERT(name != NULL && strstr(text, name) != NULL);
		g_free(cause);
	}
}

/* What lies above decides, whether it is compiled or not. */
static void
layers_above(void)
{
	char *cause = NULL;
	g_autofree char *above = NULL, *expected = NULL;
	const char *edited;

	test_layers_begin();
	put(LAYER_VENDOR, "one.component", ID_1, "Vendor");
	edited = put(LAYER_ADMINISTRATOR, "x.component", ID_2, "Two");
	test_layers_cache();
	is_named(ID_1, "Vendor");
	/* Edited in place, above: the folder's times say nothing. */
	scratch_write(test_layers_folder(LAYER_ADMINISTRATOR), "x.component",
	    scratch_manifest("m.so", ID_1, "Administrator", ""));
	is_named(ID_1, "Administrator");
	is_named(ID_2, NULL);
	CU_ASSERT_EQUAL(unlink(edited), 0);
	is_named(ID_1, "Vendor");
	above = g_strdup(scratch_write(test_layers_folder(LAYER_USER), "one.component", ""));
	test_layers_cache();
	g_free(find(ID_1, &cause));
	expected = g_strdup_printf("%s/one.component (vendor layer) has it, but is disabled by %s "
				   "in the user layer; looked in ",
	    test_layers_folder(LAYER_VENDOR), above);
	CU_ASSERT(cause != NULL && g_str_has_prefix(cause, expected));
	g_free(cause);
	put(LAYER_USER, "one.component", ID_2, "Mask");
	g_free(find(ID_1, &cause));
	g_free(expected);
	expected = g_strdup_printf("has it, but is masked by %s in the user layer;", above);
	CU_ASSERT(cause != NULL && strstr(cause, expected) != NULL);
	g_free(cause);
}

static void
note_of_hiding(void)
{
	struct lookup_class class;
	GUID guid = scratch_guid(ID_1);
	char *cause = NULL, *note;
	g_autofree char *expected = NULL;

	test_layers_begin();
	put(LAYER_USER, "mine.component", ID_1, "Mine");
	expected = g_strdup_printf("hides class Vendor of %s (vendor layer)",
	    put(LAYER_VENDOR, "one.component", ID_1, "Vendor"));
	for (unsigned i = 0; i < 2; i++) {
		EXPECT_HRESULT(lookup_class(&guid, &class, &cause), S_OK);
		SUITE_EQUAL_STRING(class.name, "Mine");
		note = lookup_hidden(&guid);
		SUITE_EQUAL_STRING(note, expected);
		g_free(note);
		lookup_class_clear(&class);
		test_layers_cache();
	}
}

static void
copy_of(enum layer_kind layer, char **ret_bytes, gsize *ret_size)
{
	g_autofree char *path = cache_of(layer);

	if (!g_file_get_contents(path, ret_bytes, ret_size, NULL))
		abort();
}

static void
write_cache(enum layer_kind layer, const char *bytes, size_t size)
{
	g_autofree char *path = cache_of(layer);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0 || write(fd, bytes, size) != (ssize_t)size || close(fd) != 0)
		abort();
}

/* Cut anywhere, or with any byte wrong: the answers are those of the manifests. */
static void
damage(void)
{
	g_autofree char *good = NULL;
	gsize size;

	test_layers_begin();
	put(LAYER_VENDOR, "one.component", ID_1, "One");
	scratch_write(test_layers_folder(LAYER_VENDOR), "local.component",
	    "[Override " ID_2 "]\nTreatAs=" ID_1 "\n");
	put(LAYER_VENDOR, "two.component", ID_2, "Two");
	test_layers_cache();
	copy_of(LAYER_VENDOR, &good, &size);
	for (gsize cut = 0; cut < size; cut += 7) {
		write_cache(LAYER_VENDOR, good, cut);
		is_named(ID_1, "One");
		is_named(ID_2, "One");
	}
	for (gsize i = 0; i < size; i++) {
		g_autofree char *bad = g_memdup2(good, size);

		bad[i] = (char)~bad[i];
		write_cache(LAYER_VENDOR, bad, size);
		is_named(ID_1, "One");
		is_named(ID_2, "One");
	}
}

/* (transfer full): what a lookup says on standard error with this cache. */
static char *
said_about(const char *log, const char *bytes, size_t size, mode_t mode)
{
	g_autofree char *path = NULL;
	char *text = NULL;
	FILE *file = tmpfile();
	int saved = dup(STDERR_FILENO);
	long length;

	test_layers_begin();
	put(LAYER_VENDOR, "one.component", ID_1, "One");
	path = cache_of(LAYER_VENDOR);
	write_cache(LAYER_VENDOR, bytes, size);
	if (file == NULL || saved < 0 || chmod(path, mode) != 0)
		abort();
	if (log != NULL)
		setenv("TESSERA_LOG", log, 1);
	fflush(stderr);
	dup2(fileno(file), STDERR_FILENO);
	is_named(ID_1, "One");
	is_named(ID_1, "One");
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	unsetenv("TESSERA_LOG");
	length = lseek(fileno(file), 0, SEEK_END);
	text = g_malloc0((gsize)length + 1);
	if (pread(fileno(file), text, (size_t)length, 0) != length)
		abort();
	fclose(file);
	return text;
}

static void
one_line_of_log(void)
{
	static const struct {
		const char *bytes, *said;
		mode_t mode;
	} cases[] = {
		{ "", "is not of a cache's size", 0644 },
		{ "short", "is not of a cache's size", 0644 },
		{ NULL, "is not a cache of this version and machine", 0644 },
		{ NULL, "others may write to it", 0666 },
	};
	g_autofree char *zeros = g_malloc0(4096), *quiet = said_about(NULL, "", 0, 0644);

	SUITE_EQUAL_STRING(quiet, "");
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const char *bytes = cases[i].bytes != NULL ? cases[i].bytes : zeros;
		size_t size = cases[i].bytes != NULL ? strlen(bytes) : 4096;
		g_autofree char *said = said_about("error", bytes, size, cases[i].mode);
		g_autofree char *path = cache_of(LAYER_VENDOR);
		g_autofree char *expected = g_strdup_printf(
		    "tessera: %s: %s; it is ignored, `comreg cache` makes it anew\n", path,
		    cases[i].said);

		SUITE_EQUAL_STRING(said, expected);
	}
}

static void
of_a_stranger(void)
{
	g_autofree char *path = NULL;

	if (geteuid() != 0)
		suite_skip("only root can give a file away");
	test_layers_begin();
	put(LAYER_VENDOR, "one.component", ID_1, "One");
	test_layers_cache();
	path = cache_of(LAYER_VENDOR);
	CU_ASSERT_EQUAL(chown(path, 12345, 12345), 0);
	CU_ASSERT_PTR_NULL(cache_open_file(path));
	is_named(ID_1, "One");
}

static void *
cut_and_restore(void *data)
{
	g_autofree char *path = cache_of(LAYER_VENDOR), *good = NULL;
	gsize size;
	int fd = open(path, O_RDWR | O_CLOEXEC);

	copy_of(LAYER_VENDOR, &good, &size);
	while (!__atomic_load_n((bool *)data, __ATOMIC_ACQUIRE))
		if (ftruncate(fd, 0) != 0 || pwrite(fd, good, size, 0) != (ssize_t)size ||
		    ftruncate(fd, (off_t)size / 2) != 0 ||
		    pwrite(fd, good, size, 0) != (ssize_t)size)
			abort();
	close(fd);
	return NULL;
}

static void
cut_under_a_reader(void)
{
	bool stop = false;
	pthread_t thread;

	test_layers_begin();
	for (unsigned i = 0; i < 100; i++) {
		g_autofree char *name = g_strdup_printf("%u.component", i);
		g_autofree char *clsid = g_strdup_printf("{%08u-0000-4000-8000-000000000001}", i);

		put(LAYER_VENDOR, name, clsid, "Other");
	}
	put(LAYER_VENDOR, "one.component", ID_1, "One");
	test_layers_cache();
	if (pthread_create(&thread, NULL, cut_and_restore, &stop) != 0)
		abort();
	for (unsigned i = 0; i < 300; i++)
		is_named(ID_1, "One");
	__atomic_store_n(&stop, true, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
}

static void
writing_fails(void)
{
	struct cache_report report;
	const char *folder;
	g_autofree char *gone = NULL, *path = NULL, *before = NULL, *after = NULL;
	gsize size;

	test_layers_begin();
	folder = test_layers_folder(LAYER_VENDOR);
	gone = g_strdup_printf("%s/nowhere/components.d", folder);
	EXPECT_HRESULT(cache_write(gone, &report), S_FALSE);
	cache_report_clear(&report);
	put(LAYER_VENDOR, "one.component", ID_1, "One");
	test_layers_cache();
	copy_of(LAYER_VENDOR, &before, &size);
	for (unsigned i = 0; i <= CACHE_FILES_MAX; i++) {
		g_autofree char *file = g_strdup_printf("%s/%u.component", folder, i);
		int fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

		if (fd < 0 || close(fd) != 0)
			abort();
	}
	EXPECT_HRESULT(cache_write(folder, &report), REGDB_E_WRITEREGDB);
	CU_ASSERT(report.cause != NULL && strstr(report.cause, "more than 10000") != NULL);
	path = g_strdup(report.path);
	cache_report_clear(&report);
	copy_of(LAYER_VENDOR, &after, &size);
	SUITE_EQUAL_INT(memcmp(before, after, size), 0);
	is_named(ID_1, NULL);
}

static void
time_in_the_future(void)
{
	struct cache_report report;
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = 4000000000 } };

	test_layers_begin();
	CU_ASSERT_EQUAL(
	    utimensat(-1, put(LAYER_VENDOR, "one.component", ID_1, "Old"), times, 0), 0);
	EXPECT_HRESULT(cache_write(test_layers_folder(LAYER_VENDOR), &report), S_OK);
	SUITE_EQUAL_INT(report.too_new, 1);
	cache_report_clear(&report);
	is_named(ID_1, "Old");
}

static const struct suite_test tests[] = {
	{ "what is written", what_is_written },
	{ "only its own manifest", only_its_own_manifest },
	{ "a manifest added in the tick of the cache", added },
	{ "a manifest replaced", replaced },
	{ "a manifest edited in place", edited_in_place },
	{ "a manifest deleted", deleted },
	{ "a manifest edited while the cache is made", edited_while_compiled },
	{ "layers above", layers_above },
	{ "a note of what is hidden", note_of_hiding },
	{ "damage", damage },
	{ "one line of log", one_line_of_log },
	{ "a stranger's cache", of_a_stranger },
	{ "cut under a reader", cut_under_a_reader },
	{ "writing fails", writing_fails },
	{ "a time in the future", time_in_the_future },
};

int
main(void)
{
	return suite_run("cache", tests, sizeof tests / sizeof tests[0]);
}
