/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of thing_stream.h. */
#ifndef STREAM_READ
#define STREAM_READ stream_read
#endif
#ifndef STREAM_WRITE
#define STREAM_WRITE stream_write
#endif
#ifndef STREAM_SEEK
#define STREAM_SEEK stream_seek
#endif
#ifndef STREAM_SIZE
#define STREAM_SIZE stream_size
#endif
#ifndef STREAM_STAT
#define STREAM_STAT stream_stat
#endif
#ifndef STREAM_CLONE
#define STREAM_CLONE stream_clone
#endif

static const slot stream_table[] = { (slot)face_query, (slot)face_add_ref, (slot)face_release,
	(slot)STREAM_READ, (slot)STREAM_WRITE, (slot)STREAM_SEEK, (slot)STREAM_SIZE,
	(slot)not_implemented, (slot)not_implemented, (slot)not_implemented, (slot)not_implemented,
	(slot)not_implemented, (slot)STREAM_STAT, (slot)STREAM_CLONE };
#define EXTRA_IID &IID_IStream
#define EXTRA_TABLE stream_table
#include "tests/conformance/broken/thing_module.h"
