/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looks the class up whose CLSID is the argument and says what came of it; for layers.sh, which
 * runs it with more rights than its caller. The loader follows no $ORIGIN then, so the registry is
 * part of the program, and the program's own place is the library's.
 */
#include <glib.h>
#include <objbase.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>

#include "runtime/guid_text.h"
#include "runtime/lookup.h"

/* runtime/layers.c goes by the place of this function. */
__attribute__((visibility("default"))) HRESULT
CoInitializeEx(LPVOID reserved, DWORD flags)
{
	(void)reserved;
	(void)flags;
	return S_OK;
}

int
main(int argc, char **argv)
{
	struct lookup_class class;
	g_autofree char *cause = NULL;
	CLSID clsid;

	if (argc != 2 || !guid_from_text(argv[1], strlen(argv[1]), &clsid))
		return 2;
	printf("%s: ", getauxval(AT_SECURE) != 0 ? "secure" : "ordinary");
	if (SUCCEEDED(lookup_class(&clsid, &class, &cause)))
		printf("%s (%s layer) %s\n", class.name, layers_kind_name(class.layer),
		    class.manifest_path);
	else
		printf("%s\n", cause);
	lookup_class_clear(&class);
	return 0;
}
