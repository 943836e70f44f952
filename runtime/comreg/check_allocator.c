/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the watching allocator is, and when it cannot be used. */
#include <dlfcn.h>

#include <glib.h>

#include "runtime/comreg/check.h"

#define ALLOCATOR "tessera/libtessera-alloc.so"

char *
check_allocator(const char **ret_why)
{
	g_autofree char *folder = NULL, *path = NULL;
	Dl_info library;

	*ret_why = NULL;
	if (dlsym(RTLD_DEFAULT, "__asan_init") != NULL ||
	    dlsym(RTLD_DEFAULT, "__tsan_init") != NULL) {
		*ret_why = "built with a sanitizer, which watches allocation itself";
		return NULL;
	}
	if (dladdr(dlsym(RTLD_DEFAULT, "CoTaskMemAlloc"), &library) == 0) {
		*ret_why = "the place of the runtime cannot be found";
		return NULL;
	}
	folder = g_path_get_dirname(library.dli_fname);
	path = g_build_filename(folder, ALLOCATOR, NULL);
	if (!g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
		*ret_why = "the watching allocator " ALLOCATOR " is not installed";
		return NULL;
	}
	return g_steal_pointer(&path);
}
