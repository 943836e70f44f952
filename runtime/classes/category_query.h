/* SPDX-License-Identifier: BSD-2-Clause */
/* What the registry and common knowledge together say about categories. */
#ifndef TESSERA_RUNTIME_CLASSES_CATEGORY_QUERY_H
#define TESSERA_RUNTIME_CLASSES_CATEGORY_QUERY_H

#include <wtypes.h>

#include "runtime/registry.h"

#define CATEGORY_ENGLISH 0x409u
#define CATEGORY_ANY ((ULONG)-1) /* a count: whatever it is, it will do */

/* Two lists that select classes; see ICatInformation. */
struct category_selection {
	ULONG implemented_count;
	const CATID *implemented;
	ULONG required_count;
	const CATID *required;
};

/*
 * category_describe: in the language nearest to `lcid`, UTF-8; NULL: nobody describes it.
 * @ret_lcid: the language asked for, or English when it had to do
 */
const char *
category_describe(const struct registry *registry, const CATID *catid, LCID lcid, LCID *ret_lcid);

/* Described, or named by a class. */
bool category_exists(const struct registry *registry, const CATID *catid);

/* (transfer full): all that exist, of CATID. */
GArray *category_list(const struct registry *registry);

bool category_selects(const struct registry *registry, const struct registry_class *class,
    const struct category_selection *selection);

#endif
