/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A command APDU taken apart (ISO 7816-4, 5.1), and the status words that the card gives. Pure.
 */
#ifndef SOFTCARD_APDU_H
#define SOFTCARD_APDU_H

#include <stddef.h>
#include <stdint.h>

enum {
	ISO7816_INS_VERIFY = 0x20,
	ISO7816_INS_MANAGE_CHANNEL = 0x70,
	ISO7816_INS_GET_CHALLENGE = 0x84,
	ISO7816_INS_SELECT = 0xA4,
	ISO7816_INS_READ_BINARY = 0xB0,
	ISO7816_INS_GET_RESPONSE = 0xC0,
	ISO7816_INS_UPDATE_BINARY = 0xD6
};

enum {
	ISO7816_SW_OK = 0x9000,
	ISO7816_SW_MORE_DATA = 0x6100, /* + how much */
	ISO7816_SW_END_OF_FILE = 0x6282,
	ISO7816_SW_TRIES_LEFT = 0x63C0, /* + how many */
	ISO7816_SW_WRONG_LENGTH = 0x6700,
	ISO7816_SW_NO_CHANNELS = 0x6881,
	ISO7816_SW_NO_SECURE_MESSAGING = 0x6882,
	ISO7816_SW_NO_CHAINING = 0x6884,
	ISO7816_SW_SECURITY_STATUS = 0x6982,
	ISO7816_SW_BLOCKED = 0x6983,
	ISO7816_SW_CONDITIONS = 0x6985,
	ISO7816_SW_NO_CURRENT_EF = 0x6986,
	ISO7816_SW_FILE_NOT_FOUND = 0x6A82,
	ISO7816_SW_NO_SPACE = 0x6A84,
	ISO7816_SW_WRONG_P1P2 = 0x6A86,
	ISO7816_SW_LC_AGAINST_P1P2 = 0x6A87,
	ISO7816_SW_REFERENCE_NOT_FOUND = 0x6A88,
	ISO7816_SW_OFFSET = 0x6B00,
	ISO7816_SW_WRONG_LE = 0x6C00, /* + the right one */
	ISO7816_SW_WRONG_INS = 0x6D00,
	ISO7816_SW_WRONG_CLA = 0x6E00,
	ISO7816_SW_NO_DIAGNOSIS = 0x6F00
};

#define SOFTCARD_LE_SHORT_MAX 256u
#define SOFTCARD_LE_EXTENDED_MAX 65536u

struct softcard_apdu {
	uint8_t cla, ins, p1, p2;
	const uint8_t *data; /* part of the command it was parsed from */
	size_t lc;           /* 0: no data */
	size_t le;           /* 0: nothing expected; zero bytes in the field give the maximum */
};

/* Returns 0, or -EBADMSG: the length fields do not fit the length. */
int softcard_apdu_parse(const uint8_t *command, size_t length, struct softcard_apdu *ret);

#endif
