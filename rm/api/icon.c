/* SPDX-License-Identifier: BSD-2-Clause */
/* The format is that of an icon file with one device independent bitmap, its rows from below. */
#include "rm/api/icon.h"

#include <stddef.h>
#include <string.h>

enum colour {
	NOTHING, /* the background shows */
	EDGE,
	BODY,
	SLOT,
	CARD,
	CHIP
};

static const uint8_t palette[][3] = { /* blue, green, red */
	[NOTHING] = { 0, 0, 0 },
	[EDGE] = { 0x40, 0x38, 0x30 },
	[BODY] = { 0xB0, 0xA8, 0xA0 },
	[SLOT] = { 0x20, 0x20, 0x20 },
	[CARD] = { 0xD8, 0xA0, 0x40 },
	[CHIP] = { 0x50, 0xC8, 0xF0 }
};

/* From the left and the top; later ones lie on earlier ones. */
static const struct {
	enum colour colour;
	unsigned left, top, right, bottom;
} parts[] = {
	{ EDGE, 60, 16, 196, 150 },
	{ CARD, 64, 20, 192, 150 },
	{ EDGE, 100, 60, 156, 108 },
	{ CHIP, 104, 64, 152, 104 },
	{ EDGE, 127, 64, 129, 104 },
	{ EDGE, 104, 83, 152, 85 },
	{ EDGE, 16, 128, 240, 240 },
	{ BODY, 20, 132, 236, 236 },
	{ SLOT, 48, 140, 208, 152 },
	{ CARD, 64, 132, 192, 146 },
	{ CHIP, 204, 208, 220, 220 },
};

static uint8_t *
put(uint8_t *at, uint32_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		*at++ = (uint8_t)(value >> 8 * i);
	return at;
}

static uint8_t *
put_headers(uint8_t *at)
{
	/* No reserved bits, an icon, one picture. */
	at = put(put(put(at, 0, 2), 1, 2), 1, 2);
	/* A side of 256 is written as 0. */
	at = put(put(put(put(at, 0, 1), 0, 1), ICON_COLOURS, 1), 0, 1);
	at = put(put(put(put(at, 1, 2), 4, 2), ICON_FILE_SIZE - 22, 4), 22, 4);
	/* The height counts the mask as well. */
	at = put(put(put(at, 40, 4), ICON_SIDE, 4), 2 * ICON_SIDE, 4);
	at = put(put(put(at, 1, 2), 4, 2), 0, 4);
	at = put(put(put(put(put(at, 0, 4), 0, 4), 0, 4), 0, 4), 0, 4);
	for (size_t i = 0; i < sizeof palette / sizeof palette[0]; i++)
		(void)memcpy(at + 4 * i, palette[i], sizeof palette[i]);
	return at + (size_t)4 * ICON_COLOURS;
}

static enum colour
colour_at(unsigned x, unsigned y)
{
	enum colour colour = NOTHING;

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (x >= parts[i].left && x < parts[i].right && y >= parts[i].top &&
		    y < parts[i].bottom)
			colour = parts[i].colour;
	return colour;
}

void
icon_draw(uint8_t file[static ICON_FILE_SIZE])
{
	uint8_t *pixels, *mask;

	memset(file, 0, ICON_FILE_SIZE);
	pixels = put_headers(file);
	mask = pixels + (size_t)ICON_SIDE * ICON_SIDE / 2;
	for (unsigned y = 0; y < ICON_SIDE; y++)
		for (unsigned x = 0; x < ICON_SIDE; x++) {
			unsigned colour = colour_at(x, ICON_SIDE - 1 - y);
			size_t n = (size_t)y * ICON_SIDE + x;

			pixels[n / 2] |= (uint8_t)(n % 2 != 0 ? colour : colour << 4);
			if (colour == NOTHING)
				mask[n / 8] |= (uint8_t)(0x80u >> n % 8);
		}
}
