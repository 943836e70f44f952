/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing a new component's project from templates. */
#ifndef TESSERA_RUNTIME_COMREG_NEW_PROJECT_H
#define TESSERA_RUNTIME_COMREG_NEW_PROJECT_H

#include <stdbool.h>

#define NEW_TEMPLATE_SIZE_MAX (64u * 1024u)

struct new_project {
	const char *name;        /* letters and digits, the first a capital letter */
	const char *vendor;      /* the same */
	const char *kind;        /* the folder of its templates */
	const char *progid;      /* without version */
	const char *packages;    /* of pkg-config */
	const char *environment; /* before the test's command; empty, or with a blank at its end */
};

/*
 * new_project_write: all of it or nothing, into @folder, which must not exist or be empty.
 * @templates: the folder that has all/ and the kinds
 * @ret_problem: (transfer full): on failure what, why and what to do; g_free
 */
bool new_project_write(const struct new_project *project, const char *templates, const char *folder,
    char **ret_problem);

#endif
