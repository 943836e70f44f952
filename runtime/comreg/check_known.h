/* SPDX-License-Identifier: BSD-2-Clause */
/* Published interfaces that any class may have: what to ask for, and how long their tables are. */
#ifndef TESSERA_RUNTIME_COMREG_CHECK_KNOWN_H
#define TESSERA_RUNTIME_COMREG_CHECK_KNOWN_H

#include <objbase.h>

struct check_known {
	IID iid;
	const char *name;
	unsigned slots;     /* with those of IUnknown */
	unsigned item;      /* enumerators: bytes of an item; else 0 */
	unsigned ownership; /* enumerators: enum check_ownership */
};

/* What the caller of IEnumX::Next owns. */
enum check_ownership {
	CHECK_OWNS_NOTHING,
	CHECK_OWNS_INTERFACE, /* a pointer is the first word of the item */
	CHECK_OWNS_TASK_MEMORY,
	CHECK_OWNS_VARIANT
};

/* NULL after the last. */
const struct check_known *check_known_at(size_t index);
const struct check_known *check_known_find(const IID *iid);
const struct check_known *check_known_called(const char *name);

extern const IID check_iid_connection_point_container, check_iid_connection_point;

#endif
