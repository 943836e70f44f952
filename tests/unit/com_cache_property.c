/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whatever lies in the layers, and whatever happens to it after it was compiled: a lookup through
 * the caches gives what a lookup without them gives, and what the whole picture says. The seed is
 * printed; another is taken from TESSERA_TEST_SEED.
 */
#include <fcntl.h>
#include <glib.h>
#include <objbase.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/guid_text.h"
#include "runtime/lookup.h"
#include "runtime/registry.h"
#include "tests/suite.h"
#include "tests/unit/com_layers.h"
#include "tests/unit/com_scratch.h"

#define TREES 25
#define EDITS 8
#define CLASSES 6 /* few, so that they meet */
#define NAMES 5
#define PROGIDS 3

static GRand *random_source;

static int
pick(int end)
{
	return g_rand_int_range(random_source, 0, end);
}

static const char *
clsid_text(int number)
{
	static char texts[4][64];
	static unsigned next;
	char *text = texts[next++ % 4];

	snprintf(text, sizeof texts[0], "{%08X-0000-4000-8000-000000000001}", number);
	return text;
}

static bool
has_class(const struct manifest *manifest, int number)
{
	GUID guid = scratch_guid(clsid_text(number));

	for (guint i = 0; manifest != NULL && i < manifest->classes->len; i++)
		if (IsEqualGUID(&guid, (GUID *)g_ptr_array_index(manifest->classes, i)))
			return true;
	return false;
}

/* (transfer full): a manifest of any kind, broken and empty ones among them. With `old`: one that
 * claims no more than that did. */
static char *
make_manifest(const struct manifest_file *old)
{
	GString *text = g_string_new("[Component]\n");
	int kind = pick(12), classes = pick(4), priority = pick(3) == 0 ? pick(3) - 1 : 0;
	bool used[CLASSES] = { false };

	if (old != NULL) {
		priority = old->manifest != NULL ? old->manifest->priority : 0;
		for (int i = 0; i < CLASSES; i++)
			used[i] = !has_class(old->manifest, i);
	}

	if (kind == 0)
		g_string_assign(text, "");
	else if (kind == 1)
		g_string_append(text, "rubbish\n");
	if (kind <= 1)
		return g_string_free(text, FALSE);
	g_string_append_printf(text, "Module=%sm%d.so\n", pick(2) ? "sub/" : "", pick(100));
	g_string_append_printf(text, "Priority=%d\n", priority);
	if (pick(3) == 0)
		g_string_append(text, "Resident=true\n");
	for (int i = 0; i < classes; i++) {
		int number = pick(CLASSES);

		if (used[number])
			continue;
		used[number] = true;
		g_string_append_printf(
		    text, "[Class %s]\nName=C%d\n", clsid_text(number), pick(1000));
		if (pick(2))
			g_string_append(text, "ThreadingModel=Both\n");
		if (old == NULL && pick(2))
			g_string_append_printf(text, "ProgID=T.%d.%d\n", pick(PROGIDS), pick(3));
		if (old == NULL && pick(2))
			g_string_append_printf(
			    text, "VersionIndependentProgID=T.%d\n", pick(PROGIDS));
		if (pick(4) == 0)
			g_string_append_printf(text, "TreatAs=%s\n", clsid_text(pick(CLASSES)));
	}
	return g_string_free(text, FALSE);
}

static char *
make_overlay(void)
{
	GString *text = g_string_new("");
	int first = pick(CLASSES);

	if (pick(6) == 0)
		g_string_append(text, "rubbish\n");
	g_string_append_printf(text, "[Override %s]\nTreatAs=%s\n", clsid_text(first),
	    pick(3) ? clsid_text(pick(CLASSES)) : "{00000000-0000-0000-0000-000000000000}");
	return g_string_free(text, FALSE);
}

static void
write_in_place(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) || close(fd) != 0)
		abort();
}

static void
replace(const char *path, const char *text)
{
	g_autofree char *temporary = g_strconcat(path, ".new", NULL);

	write_in_place(temporary, text);
	if (rename(temporary, path) != 0)
		abort();
}

/* What one manifest of a compiled layer comes to claim by an edit in place is not looked for while
 * another answers: tessera-component(5). So such an edit claims no more than what was there. */
static void
edit(const char *path)
{
	struct manifest_file *old = manifest_file_read(path);
	g_autofree char *text = make_manifest(access(path, F_OK) == 0 ? old : NULL);

	write_in_place(path, text);
	manifest_file_free(old);
}

/* Adds, replaces, edits or deletes one file in one layer. */
static void
change_something(void)
{
	enum layer_kind layer = (enum layer_kind)pick(LAYER_VENDOR + 1);
	bool overlay = pick(6) == 0;
	int how = pick(4);
	g_autofree char *name =
	    overlay ? g_strdup("local.component") : g_strdup_printf("%d.component", pick(NAMES));
	g_autofree char *path = g_build_filename(test_layers_folder(layer), name, NULL);
	g_autofree char *text = overlay ? make_overlay() : make_manifest(NULL);

	if (how == 0)
		(void)unlink(path);
	else if (how == 1)
		replace(path, text);
	else if (overlay)
		write_in_place(path, text);
	else
		edit(path);
}

/* (transfer full): all that a lookup says. */
static char *
answer(int number)
{
	GUID guid = scratch_guid(clsid_text(number));
	char text[GUID_TEXT_LENGTH + 1];
	struct lookup_class class;
	g_autofree char *cause = NULL;
	g_autofree char *hidden = NULL;
	char *result;

	if (FAILED(lookup_class(&guid, &class, &cause)))
		return g_steal_pointer(&cause);
	hidden = lookup_hidden(&class.clsid);
	result = g_strdup_printf("%s %s %s %s %s %s %d %d %s", guid_to_text(&class.clsid, text),
	    class.name, class.module_path, class.manifest_path, class.threading_model, hidden,
	    class.resident, class.module_is_bare, layers_kind_name(class.layer));
	lookup_class_clear(&class);
	return result;
}

/* The same from the whole picture, as far as that goes. */
static void
compare_with_picture(int number, const char *through_cache)
{
	GUID guid = scratch_guid(clsid_text(number));
	struct registry *registry = registry_get();
	g_autofree char *cause = NULL;
	const struct registry_class *class = registry_resolve(registry, &guid, &cause);
	char text[GUID_TEXT_LENGTH + 1];

	if (class != NULL) {
		g_autofree char *module = registry_module_path(class->file);
		g_autofree char *start =
		    g_strdup_printf("%s %s %s %s %s ", guid_to_text(&class->info->clsid, text),
			class->info->name, module, class->file->path, class->info->threading_model);

		if (!g_str_has_prefix(through_cache, start))
			SUITE_EQUAL_STRING(through_cache, start);
	} else if (g_str_has_prefix(cause, "no manifest has it")) {
		const char *where = strstr(through_cache, "looked in");

		SUITE_EQUAL_STRING(
		    where != NULL ? where : through_cache, cause + strlen("no manifest has it; "));
	} else {
		SUITE_EQUAL_STRING(through_cache, cause);
	}
	registry_unref(registry);
}

/* (transfer full): the class of each ProgID that there can be, or that it has none. */
static char *
progid_answers(void)
{
	GString *all = g_string_new("");
	char text[GUID_TEXT_LENGTH + 1];

	for (int i = 0; i < PROGIDS * 4; i++) {
		g_autofree char *cause = NULL;
		g_autofree char *progid = i % 4 == 3 ? g_strdup_printf("t.%d", i / 4)
						     : g_strdup_printf("T.%d.%d", i / 4, i % 4);
		CLSID clsid = GUID_NULL;

		if (FAILED(lookup_progid(progid, &clsid, &cause)))
			CU_ASSERT(g_str_has_prefix(cause, "looked in "));
		g_string_append_printf(all, "%s=%s ", progid, guid_to_text(&clsid, text));
	}
	for (int i = 0; i < CLASSES; i++) {
		GUID guid = scratch_guid(clsid_text(i));
		bool known;
		g_autofree char *progid = lookup_progid_of(&guid, &known);

		g_string_append_printf(all, "%d:%d:%s ", i, known, progid);
	}
	return g_string_free(all, FALSE);
}

/* The same from the whole picture. */
static char *
progids_of_picture(void)
{
	struct registry *registry = registry_get();
	GString *all = g_string_new("");
	char text[GUID_TEXT_LENGTH + 1];

	for (int i = 0; i < PROGIDS * 4; i++) {
		g_autofree char *progid = i % 4 == 3 ? g_strdup_printf("t.%d", i / 4)
						     : g_strdup_printf("T.%d.%d", i / 4, i % 4);
		const struct registry_class *class = registry_find_progid(registry, progid);

		g_string_append_printf(all, "%s=%s ", progid,
		    guid_to_text(class != NULL ? &class->info->clsid : &GUID_NULL, text));
	}
	for (int i = 0; i < CLASSES; i++) {
		GUID guid = scratch_guid(clsid_text(i));
		const struct registry_class *class = registry_find_class(registry, &guid);

		g_string_append_printf(
		    all, "%d:%d:%s ", i, class != NULL, class != NULL ? class->info->progid : NULL);
	}
	registry_unref(registry);
	return g_string_free(all, FALSE);
}

static void
compare_all(void)
{
	char *through[CLASSES + 1];
	char *caches[LAYER_VENDOR + 1] = { NULL }, *asides[LAYER_VENDOR + 1] = { NULL };

	g_autofree char *progids = progid_answers(), *without_caches = NULL, *picture = NULL;

	for (int i = 0; i <= CLASSES; i++)
		through[i] = answer(i);
	for (int i = LAYER_USER; i <= LAYER_VENDOR; i++) {
		caches[i] = g_strdup_printf(
		    "%s/../components.cache", test_layers_folder((enum layer_kind)i));
		asides[i] = g_strconcat(caches[i], ".aside", NULL);
		(void)rename(caches[i], asides[i]);
	}
	for (int i = 0; i <= CLASSES; i++) {
		g_autofree char *without = answer(i);

		SUITE_EQUAL_STRING(through[i], without);
		compare_with_picture(i, without);
		g_free(through[i]);
	}
	without_caches = progid_answers();
	picture = progids_of_picture();
	SUITE_EQUAL_STRING(progids, without_caches);
	SUITE_EQUAL_STRING(progids, picture);
	for (int i = LAYER_USER; i <= LAYER_VENDOR; i++) {
		(void)rename(asides[i], caches[i]);
		g_free(caches[i]);
		g_free(asides[i]);
	}
}

static void
caches_change_nothing(void)
{
	for (int tree = 0; tree < TREES; tree++) {
		int files = pick(12);

		test_layers_begin();
		for (int i = 0; i < files; i++)
			change_something();
		test_layers_cache();
		compare_all();
		for (int i = 0; i < EDITS; i++) {
			change_something();
			if (pick(6) == 0)
				test_layers_cache();
			compare_all();
		}
	}
}

static const struct suite_test tests[] = {
	{ "lookups through caches are lookups without", caches_change_nothing },
};

int
main(void)
{
	const char *wish = getenv("TESSERA_TEST_SEED");
	guint32 seed = wish != NULL ? (guint32)strtoul(wish, NULL, 10) : g_random_int();

	printf("# TESSERA_TEST_SEED=%u\n", seed);
	random_source = g_rand_new_with_seed(seed);
	return suite_run("cache", tests, sizeof tests / sizeof tests[0]);
}
