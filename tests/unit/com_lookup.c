/* SPDX-License-Identifier: BSD-2-Clause */
/* What activation learns of a class: where it is, what it hides, and why it is not there. */
#include <glib.h>
#include <objbase.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/lookup.h"
#include "tests/suite.h"
#include "tests/unit/com_scratch.h"

#define ID_1 "{11111111-0000-4000-8000-000000000001}"
#define ID_2 "{22222222-0000-4000-8000-000000000002}"

static void
found(void)
{
	const char *folder = scratch_folder();
	GUID asked = scratch_guid(ID_1), serves = scratch_guid(ID_2);
	g_autofree char *module = g_build_filename(folder, "sub/m.so", NULL);
	struct lookup_class class;
	char *cause = (char *)"unset";
	const char *manifest;

	scratch_use(folder);
	manifest = scratch_write(folder, "f.component",
	    "[Component]\nModule=sub/m.so\nResident=true\n"
	    "[Class " ID_1 "]\nName=One\nTreatAs=" ID_2 "\n"
	    "[Class " ID_2 "]\nName=Two\nThreadingModel=Both\n");
	EXPECT_HRESULT(lookup_class(&asked, &class, &cause), S_OK);
	CU_ASSERT_PTR_NULL(cause);
	CU_ASSERT(IsEqualGUID(&class.clsid, &serves));
	SUITE_EQUAL_STRING(class.name, "Two");
	SUITE_EQUAL_STRING(class.module_path, module);
	SUITE_EQUAL_STRING(class.manifest_path, manifest);
	SUITE_EQUAL_STRING(class.threading_model, "Both");
	CU_ASSERT_PTR_NULL(lookup_hidden(&serves));
	CU_ASSERT(class.resident);
	CU_ASSERT(!class.module_is_bare);
	SUITE_EQUAL_INT(class.layer, LAYER_ENVIRONMENT);
	lookup_class_clear(&class);
	CU_ASSERT_PTR_NULL(class.name);
}

static void
not_found(void)
{
	const char *folder = scratch_folder();
	GUID asked = scratch_guid(ID_1);
	struct lookup_class class;
	char *cause = NULL;

	scratch_use(folder);
	scratch_write(folder, "b.component", "rubbish\n");
	EXPECT_HRESULT(lookup_class(&asked, &class, &cause), REGDB_E_CLASSNOTREG);
	CU_ASSERT_PTR_NULL(class.name);
	CU_ASSERT_PTR_NOT_NULL_FATAL(cause);
	CU_ASSERT_PTR_NOT_NULL(strstr(cause, "no manifest has it; looked in"));
	CU_ASSERT_PTR_NOT_NULL(strstr(cause, folder));
	CU_ASSERT_PTR_NOT_NULL(strstr(cause, "b.component: line 1"));
	g_free(cause);
}

static void *
look_up_often(void *folder)
{
	GUID one = scratch_guid(ID_1);
	intptr_t wrong = 0;

	(void)folder;
	for (unsigned i = 0; i < 200; i++) {
		struct lookup_class class;
		char *cause = NULL;

		if (FAILED(lookup_class(&one, &class, &cause)) ||
		    (strcmp(class.name, "Old") != 0 && strcmp(class.name, "New") != 0))
			wrong++;
		lookup_class_clear(&class);
		g_free(cause);
	}
	return (void *)wrong;
}

/* One file replaced, another there all the time, and nobody sees anything between. */
static void
several_threads(void)
{
	const char *folder = scratch_folder();
	pthread_t threads[4];
	g_autofree char *path = g_build_filename(folder, "f.component", NULL);

	scratch_use(folder);
	scratch_write(folder, "f.component", scratch_manifest("m.so", ID_1, "Old", ""));
	for (unsigned i = 0; i < 4; i++)
		if (pthread_create(&threads[i], NULL, look_up_often, NULL) != 0)
			abort();
	for (unsigned i = 0; i < 50; i++) {
		const char *fresh = scratch_write(
		    folder, "f.new", scratch_manifest("m.so", ID_1, i % 2 ? "Old" : "New", ""));

		CU_ASSERT_EQUAL(rename(fresh, path), 0);
	}
	for (unsigned i = 0; i < 4; i++) {
		void *wrong;

		pthread_join(threads[i], &wrong);
		SUITE_EQUAL_INT((intptr_t)wrong, 0);
	}
}

static const struct suite_test tests[] = {
	{ "several threads, while a manifest changes", several_threads },
	{ "a class, through TreatAs", found },
	{ "no such class", not_found },
};

int
main(void)
{
	return suite_run("lookup", tests, sizeof tests / sizeof tests[0]);
}
