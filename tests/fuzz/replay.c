/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs a fuzzing harness on stored inputs: one test each, of the input and of every beginning of
 * it, since most readers break where data end early.
 *
 *   NAME             the folder tests/fuzz/NAME.in of TESSERA_SRC, NAME being the program's own
 *   NAME FILE...     those files, to look into one of them
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

/* Longer inputs are cut at this many places only. */
#define BEGINNINGS_MAX 2048u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int number;

/* A copy of exactly that size, so that a sanitizer sees the first byte read beyond it. */
static void
run_copy(const char *text, size_t size)
{
	uint8_t *copy = g_memdup2(text, size > 0 ? size : 1);

	LLVMFuzzerTestOneInput(copy, size);
	g_free(copy);
}

static int
run_file(const char *path)
{
	g_autofree char *text = NULL, *name = g_path_get_basename(path);
	gsize size = 0, step;

	if (!g_file_get_contents(path, &text, &size, NULL)) {
		printf("not ok %d - %s cannot be read\n", ++number, name);
		return 1;
	}
	step = size / BEGINNINGS_MAX + 1;
	for (gsize i = 0; i < size; i += step)
		run_copy(text, i);
	run_copy(text, size);
	printf("ok %d - %s\n", ++number, name);
	return 0;
}

static int
run_folder(const char *program)
{
	const char *source = getenv("TESSERA_SRC");
	g_autofree char *name = g_path_get_basename(program);
	g_autofree char *inputs = g_strdup_printf("%s.in", name);
	g_autofree char *path =
	    g_build_filename(source != NULL ? source : ".", "tests", "fuzz", inputs, NULL);
	g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
	const char *entry;
	int failures = 0;

	if (folder == NULL) {
		printf("not ok 1 - %s cannot be read\n", path);
		return 1;
	}
	while ((entry = g_dir_read_name(folder)) != NULL)
		g_ptr_array_add(files, g_build_filename(path, entry, NULL));
	for (guint i = 0; i < files->len; i++)
		failures += run_file(g_ptr_array_index(files, i));
	return failures;
}

int
main(int argc, char **argv)
{
	int failures = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 1)
		failures = run_folder(argv[0]);
	for (int i = 1; i < argc; i++)
		failures += run_file(argv[i]);
	return failures != 0;
}
