/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables of thing_connection.h. */
#ifndef POINT_CONTAINER
#define POINT_CONTAINER point_container
#endif
#ifndef POINT_ADVISE
#define POINT_ADVISE point_advise
#endif
#ifndef POINT_UNADVISE
#define POINT_UNADVISE point_unadvise
#endif
#ifndef CONTAINER_FIND
#define CONTAINER_FIND container_find
#endif

static const slot point_table[] = { (slot)point_query, (slot)static_count, (slot)static_count,
	(slot)point_interface, (slot)POINT_CONTAINER, (slot)POINT_ADVISE, (slot)POINT_UNADVISE,
	(slot)not_implemented };
static const slot points_table[] = { (slot)point_query, (slot)static_count, (slot)static_count,
	(slot)points_next, (slot)not_implemented, (slot)not_implemented, (slot)not_implemented };
static const slot container_table[] = { (slot)face_query, (slot)face_add_ref, (slot)face_release,
	(slot)container_enum, (slot)CONTAINER_FIND };
static struct face point = { TABLE(point_table), NULL };
static struct face points = { TABLE(points_table), NULL };
#define EXTRA_IID &IID_container
#define EXTRA_TABLE container_table
#include "tests/conformance/broken/thing_module.h"
