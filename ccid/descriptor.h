/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The class descriptor of a CCID interface (USB CCID 1.1, 5.1): found among the other descriptors,
 * read, and brought into the limits that the rest of the driver relies on. Pure.
 */
#ifndef CCID_DESCRIPTOR_H
#define CCID_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ccid/quirks.h"

#define CCID_DESCRIPTOR_SIZE 54u

/* dwFeatures */
#define CCID_AUTO_CONF_ATR 0x00000002u
#define CCID_AUTO_ACTIVATE 0x00000004u
#define CCID_AUTO_VOLTAGE 0x00000008u
#define CCID_AUTO_CLOCK 0x00000010u
#define CCID_AUTO_BAUD 0x00000020u
#define CCID_AUTO_PARAM_NEG 0x00000040u
#define CCID_AUTO_PPS 0x00000080u
#define CCID_CLOCK_STOP 0x00000100u
#define CCID_NAD_NONZERO 0x00000200u
#define CCID_AUTO_IFSD 0x00000400u
#define CCID_LEVELS 0x00070000u

enum ccid_level {
	CCID_CHARACTER,
	CCID_TPDU,
	CCID_SHORT_APDU,
	CCID_EXTENDED_APDU
};

/* As announced and then clamped; every number may be used without further checks. */
struct ccid_descriptor {
	uint16_t version;       /* bcdCCID */
	unsigned slots;         /* 1 to CCID_SLOTS_MAX */
	unsigned busy_slots;    /* commands at once, 1 to slots */
	unsigned voltages;      /* bit 0: 5 V, bit 1: 3 V, bit 2: 1.8 V; 0: not told */
	unsigned protocols;     /* bit 0: T=0, bit 1: T=1; never 0 */
	uint32_t default_clock; /* kHz, 1 to 40000 */
	uint32_t maximum_clock; /* kHz, not below the default */
	unsigned clock_count;   /* of GET_CLOCK_FREQUENCIES */
	uint32_t data_rate;     /* bps, as announced: for attributes alone */
	uint32_t maximum_rate;  /* bps, at least 9600 */
	unsigned rate_count;    /* of GET_DATA_RATES; 0: do not ask */
	unsigned ifsd;          /* 1 to 254 */
	uint32_t synchronous;   /* dwSynchProtocols */
	uint32_t mechanical;    /* bit 0 accept, 1 eject, 2 capture, 3 lock */
	uint32_t features;      /* CCID_AUTO_* ..., the levels cleared but one */
	enum ccid_level level;
	uint32_t message_max; /* header included: 64 to CCID_MESSAGE_MAX */
	uint8_t class_get_response, class_envelope;
	uint16_t lcd_layout;  /* high byte lines, low byte characters a line */
	unsigned pin_support; /* bit 0 verification, bit 1 modification */
};

/*
 * Walks a chain of descriptors for one of CCID_DESCRIPTOR_SIZE bytes and type 21 or FF.
 * Returns its place, or NULL: none, or the chain is broken before it.
 */
const uint8_t *ccid_descriptor_find(const uint8_t *extra, size_t length);

/*
 * Reads and clamps it.
 * @bytes: CCID_DESCRIPTOR_SIZE of them
 * @quirks: what is known of this model
 * @note: called with one line for each value that made no sense; may be NULL
 */
void ccid_descriptor_read(struct ccid_descriptor *ret, const uint8_t *bytes,
    const struct ccid_quirks *quirks, void (*note)(void *data, const char *line), void *data);

#endif
