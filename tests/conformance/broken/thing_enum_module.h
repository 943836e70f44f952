/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of thing_enum.h. */
#ifndef ENUM_NEXT
#define ENUM_NEXT enum_next
#endif
#ifndef ENUM_SKIP
#define ENUM_SKIP enum_skip
#endif
#ifndef ENUM_RESET
#define ENUM_RESET enum_reset
#endif
#ifndef ENUM_CLONE
#define ENUM_CLONE enum_clone
#endif

static const slot enum_table[] = { (slot)face_query, (slot)face_add_ref, (slot)face_release,
	(slot)ENUM_NEXT, (slot)ENUM_SKIP, (slot)ENUM_RESET, (slot)ENUM_CLONE };
#define EXTRA_IID &IID_IEnumGUID_own
#define EXTRA_TABLE enum_table
#include "tests/conformance/broken/thing_module.h"
