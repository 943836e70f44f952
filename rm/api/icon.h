/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The picture of a reader. No driver brings one, so there is one for all: a reader with a card in
 * it, 256 by 256 in 16 colours, drawn when it is asked for instead of stored.
 */
#ifndef RM_API_ICON_H
#define RM_API_ICON_H

#include <stdint.h>

#define ICON_SIDE 256u
#define ICON_COLOURS 16u
/* Header, one entry, bitmap header, palette, pixels of 4 bits, a mask of 1 bit. */
#define ICON_FILE_SIZE                                                     \
	(6u + 16u + 40u + 4u * ICON_COLOURS + ICON_SIDE * ICON_SIDE / 2u + \
	    ICON_SIDE * ICON_SIDE / 8u)

/* The content of an .ico file. */
void icon_draw(uint8_t file[static ICON_FILE_SIZE]);

#endif
