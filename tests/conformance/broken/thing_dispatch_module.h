/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of thing_dispatch.h. */
#ifndef DISPATCH_COUNT
#define DISPATCH_COUNT dispatch_count
#endif
#ifndef DISPATCH_TYPE_INFO
#define DISPATCH_TYPE_INFO dispatch_type_info
#endif
#ifndef DISPATCH_NAMES
#define DISPATCH_NAMES dispatch_names
#endif
#ifndef DISPATCH_INVOKE
#define DISPATCH_INVOKE dispatch_invoke
#endif

static const slot dispatch_table[] = { (slot)face_query, (slot)face_add_ref, (slot)face_release,
	(slot)DISPATCH_COUNT, (slot)DISPATCH_TYPE_INFO, (slot)DISPATCH_NAMES,
	(slot)DISPATCH_INVOKE };
#define EXTRA_IID &IID_IDispatch
#define EXTRA_TABLE dispatch_table
#include "tests/conformance/broken/thing_module.h"
