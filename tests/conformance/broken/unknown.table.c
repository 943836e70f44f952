/* SPDX-License-Identifier: BSD-2-Clause */
/* The last slot of IExternalConnection is empty. */
#include "tests/conformance/broken/thing.h"

static const IID IID_external = { 0x00000019, 0, 0, { 0xC0, 0, 0, 0, 0, 0, 0, 0x46 } };
static const slot external_table[5] = { (slot)face_query, (slot)face_add_ref, (slot)face_release,
	(slot)not_implemented };

#define EXTRA_IID &IID_external
#define EXTRA_TABLE external_table
#include "tests/conformance/broken/thing_module.h"
