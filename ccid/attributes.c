/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/attributes.h"

#include <string.h>

#include "ccid/timing.h"

/* PC/SC part 3, 3.1.7; the same numbers on Windows and in pcsc-lite. */
enum attribute {
	VENDOR_NAME = 0x00010100,
	VENDOR_IFD_TYPE = 0x00010101,
	VENDOR_IFD_VERSION = 0x00010102,
	VENDOR_IFD_SERIAL_NO = 0x00010103,
	CHANNEL_ID = 0x00020110,
	ASYNC_PROTOCOL_TYPES = 0x00030120,
	DEFAULT_CLK = 0x00030121,
	MAX_CLK = 0x00030122,
	DEFAULT_DATA_RATE = 0x00030123,
	MAX_DATA_RATE = 0x00030124,
	MAX_IFSD = 0x00030125,
	SYNC_PROTOCOL_TYPES = 0x00030126,
	POWER_MGMT_SUPPORT = 0x00040131,
	USER_TO_CARD_AUTH_DEVICE = 0x00050140,
	USER_AUTH_INPUT_DEVICE = 0x00050142,
	CHARACTERISTICS = 0x00060150,
	MAXINPUT = 0x0007A007,
	CURRENT_PROTOCOL_TYPE = 0x00080201,
	CURRENT_CLK = 0x00080202,
	CURRENT_F = 0x00080203,
	CURRENT_D = 0x00080204,
	CURRENT_N = 0x00080205,
	CURRENT_W = 0x00080206,
	CURRENT_IFSC = 0x00080207,
	CURRENT_IFSD = 0x00080208,
	CURRENT_BWT = 0x00080209,
	CURRENT_CWT = 0x0008020A,
	CURRENT_EBC_ENCODING = 0x0008020B,
	ICC_PRESENCE = 0x00090300,
	ICC_INTERFACE_STATUS = 0x00090301,
	ATR_STRING = 0x00090303,
	ICC_TYPE_PER_ATR = 0x00090304
};

#define CHANNEL_USB (0x0020u << 16)
#define INPUT_NUMERIC_PAD 2u
#define MOVEMENTS 0x07u /* accept, eject, capture; the same bits as in dwMechanical */
#define PRESENCE_IN_PLACE 2u
#define TYPE_ASYNCHRONOUS 1u

static enum ccid_result
give(const void *bytes, size_t length, uint8_t *value, size_t room, size_t *ret_length)
{
	*ret_length = length;
	if (value == NULL || length == 0)
		return CCID_OK;
	if (length > room)
		return CCID_SMALL;
	memcpy(value, bytes, length);
	return CCID_OK;
}

static enum ccid_result
give_text(const char *text, uint8_t *value, size_t room, size_t *ret_length)
{
	return give(
	    text, text != NULL && text[0] != '\0' ? strlen(text) + 1 : 0, value, room, ret_length);
}

/* Numbers of the reader. */
static bool
reader_number(const struct ccid_facts *facts, uint32_t id, uint32_t *ret)
{
	const struct ccid_descriptor *descriptor = facts->descriptor;

	switch (id) {
	case VENDOR_IFD_VERSION:
		*ret = (uint32_t)facts->release << 16;
		return true;
	case CHANNEL_ID:
		*ret = CHANNEL_USB | (facts->bus & 0xFF) << 8 | (facts->address & 0xFF);
		return true;
	case ASYNC_PROTOCOL_TYPES:
		*ret = descriptor->protocols;
		return true;
	case DEFAULT_CLK:
		*ret = descriptor->default_clock;
		return true;
	case MAX_CLK:
		*ret = descriptor->maximum_clock;
		return true;
	case DEFAULT_DATA_RATE:
		*ret = descriptor->data_rate;
		return true;
	case MAX_DATA_RATE:
		*ret = descriptor->maximum_rate;
		return true;
	case MAX_IFSD:
		*ret = descriptor->ifsd;
		return true;
	case SYNC_PROTOCOL_TYPES:
		*ret = descriptor->synchronous;
		return true;
	case POWER_MGMT_SUPPORT:
		*ret = 1;
		return true;
	case USER_TO_CARD_AUTH_DEVICE:
		*ret = 0;
		return true;
	case USER_AUTH_INPUT_DEVICE:
		*ret = descriptor->pin_support != 0 ? INPUT_NUMERIC_PAD : 0;
		return true;
	case CHARACTERISTICS:
		*ret = descriptor->mechanical & MOVEMENTS;
		return true;
	case MAXINPUT:
		*ret = descriptor->message_max - CCID_HEADER;
		return true;
	case CURRENT_PROTOCOL_TYPE:
		*ret = facts->card.atr_length == 0 || facts->card.protocol < 0
		    ? 0
		    : 1u << facts->card.protocol;
		return true;
	default:
		return false;
	}
}

/* Numbers of a card that answered. */
static bool
card_number(const struct ccid_facts *facts, uint32_t id, uint32_t *ret)
{
	const struct ccid_card_facts *card = &facts->card;

	if (card->atr_length == 0)
		return false;
	switch (id) {
	case CURRENT_CLK:
		*ret = facts->descriptor->default_clock;
		return true;
	case CURRENT_F:
		*ret = ccid_fi(card->factors >> 4);
		return true;
	case CURRENT_D:
		*ret = ccid_di(card->factors & 0x0F);
		return true;
	case CURRENT_N:
		*ret = card->guard;
		return true;
	case CURRENT_W:
		*ret = card->wi;
		return true;
	case CURRENT_IFSC:
		*ret = card->ifsc;
		return true;
	case CURRENT_IFSD:
		*ret = card->ifsd;
		return true;
	case CURRENT_BWT:
		*ret = card->bwi;
		return true;
	case CURRENT_CWT:
		*ret = card->cwi;
		return true;
	case CURRENT_EBC_ENCODING:
		*ret = card->crc;
		return true;
	default:
		return false;
	}
}

/* Those of one byte. */
static bool
card_byte(const struct ccid_card_facts *card, uint32_t id, uint8_t *ret)
{
	switch (id) {
	case ICC_PRESENCE:
		*ret = card->present ? PRESENCE_IN_PLACE : 0;
		return true;
	case ICC_INTERFACE_STATUS:
		*ret = card->powered;
		return true;
	case ICC_TYPE_PER_ATR:
		*ret = card->atr_length != 0 ? TYPE_ASYNCHRONOUS : 0;
		return true;
	default:
		return false;
	}
}

enum ccid_result
ccid_attribute_read(
    const struct ccid_facts *facts, uint32_t id, uint8_t *value, size_t room, size_t *ret_length)
{
	uint32_t number;
	uint8_t byte;

	*ret_length = 0;
	switch (id) {
	case VENDOR_NAME:
		return give_text(facts->vendor_name, value, room, ret_length);
	case VENDOR_IFD_TYPE:
		return give_text(facts->product_name, value, room, ret_length);
	case VENDOR_IFD_SERIAL_NO:
		return give_text(facts->serial, value, room, ret_length);
	case ATR_STRING:
		return give(facts->card.atr, facts->card.atr_length, value, room, ret_length);
	default:
		break;
	}
	if (reader_number(facts, id, &number) || card_number(facts, id, &number))
		return give(&number, sizeof number, value, room, ret_length);
	if (card_byte(&facts->card, id, &byte))
		return give(&byte, sizeof byte, value, room, ret_length);
	return CCID_UNSUPPORTED;
}
