/* SPDX-License-Identifier: BSD-2-Clause */
/* An aggregating object that keeps a log: who asked, added, released. */
#ifndef TESTS_UNIT_COM_OUTER_H
#define TESTS_UNIT_COM_OUTER_H

#include <objbase.h>

struct outer {
	IUnknown unknown;
	IUnknown *inner;  /* the inner object's own IUnknown; NULL until there is one */
	ULONG references; /* these are changed atomically */
	ULONG queries;
	ULONG add_refs;
	ULONG releases;
};

/* One reference. Other interfaces than IUnknown are the inner's. */
void outer_init(struct outer *outer);

#endif
