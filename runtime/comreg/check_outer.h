/* SPDX-License-Identifier: BSD-2-Clause */
/* An aggregating object that keeps a log: who asked, added, released. */
#ifndef TESSERA_RUNTIME_COMREG_CHECK_OUTER_H
#define TESSERA_RUNTIME_COMREG_CHECK_OUTER_H

#include <objbase.h>

struct check_outer {
	IUnknown unknown;
	IUnknown *inner;  /* the inner object's own IUnknown; NULL until there is one */
	ULONG references; /* these are changed atomically */
	ULONG queries;
	ULONG add_refs;
	ULONG releases;
};

/* One reference. Other interfaces than IUnknown are the inner's. */
void check_outer_init(struct check_outer *outer);

#endif
