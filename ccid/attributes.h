/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Attributes of a reader and its card (SCardGetAttrib, IFDHGetCapabilities) from what the driver
 * knows. Numbers are 32 bits of the machine's own byte order, texts are counted with their NUL.
 * Pure.
 */
#ifndef CCID_ATTRIBUTES_H
#define CCID_ATTRIBUTES_H

#include "ccid/descriptor.h"
#include "ccid/limits.h"
#include "ccid/result.h"

/* Of the card; all zero: none. */
struct ccid_card_facts {
	bool present, powered;
	uint8_t atr[ATR_LENGTH_MAX];
	size_t atr_length; /* 0: no power, or mute */
	int protocol;      /* 0 or 1; -1: not settled yet */
	uint8_t factors;   /* Fi and Di in use, coded as TA1 */
	uint8_t guard, wi;
	unsigned ifsc, ifsd;
	uint8_t bwi, cwi;
	bool crc;
};

struct ccid_facts {
	const struct ccid_descriptor *descriptor;
	/* Of ccid_name_text; empty or NULL: none. */
	const char *vendor_name, *product_name, *serial;
	uint16_t release;      /* bcdDevice */
	unsigned bus, address; /* of the device */
	struct ccid_card_facts card;
};

/*
 * @value: NULL: only the length is asked for
 * @ret_length: the value's length, also with CCID_SMALL; 0 for a text or an answer to reset that
 *  there is not
 * Returns CCID_UNSUPPORTED: no such attribute, or one of a card and there is none.
 */
enum ccid_result ccid_attribute_read(
    const struct ccid_facts *facts, uint32_t id, uint8_t *value, size_t room, size_t *ret_length);

#endif
