/* SPDX-License-Identifier: BSD-2-Clause */
/* What writer and reader of the status page alone know. */
#ifndef RM_WIRE_PAGE_LAYOUT_H
#define RM_WIRE_PAGE_LAYOUT_H

#define PAGE_MAGIC 0x67705354u /* "TSpg", where numbers are little-endian */
#define PAGE_LAYOUT 1u

#endif
