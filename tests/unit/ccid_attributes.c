/* SPDX-License-Identifier: BSD-2-Clause */
/* Attributes of reader and card. */
#include <stdlib.h>
#include <string.h>

#include <winsmcrd.h>

#include "ccid/attributes.h"
#include "tests/suite.h"

static const struct ccid_descriptor descriptor = {
	.protocols = 3,
	.default_clock = 4000,
	.maximum_clock = 8000,
	.data_rate = 10753,
	.maximum_rate = 250000,
	.ifsd = 254,
	.synchronous = 0x12,
	.mechanical = 0x0F,
	.pin_support = 1,
	.message_max = 271,
};

static const struct ccid_facts with_card = {
	.descriptor = &descriptor,
	.vendor_name = "Maker",
	.product_name = "Model",
	.serial = "A17",
	.release = 0x0209,
	.bus = 3,
	.address = 17,
	.card = { .present = true,
	    .powered = true,
	    .atr = { 0x3B, 0x02, 0x14, 0x50 },
	    .atr_length = 4,
	    .protocol = 1,
	    .factors = 0x95,
	    .guard = 255,
	    .wi = 10,
	    .ifsc = 253,
	    .ifsd = 252,
	    .bwi = 4,
	    .cwi = 5,
	    .crc = true },
};

static const struct ccid_facts without_card = {
	.descriptor = &descriptor,
};

static void
number(const struct ccid_facts *facts, uint32_t id, uint32_t expected)
{
	uint32_t value = 0xA5A5A5A5;
	size_t length;

	if (!SUITE_EQUAL_INT(
		ccid_attribute_read(facts, id, (uint8_t *)&value, sizeof value, &length), CCID_OK))
		SUITE_EQUAL_HEX(id, 0);
	SUITE_EQUAL_INT(length, 4);
	SUITE_EQUAL_HEX(value, expected);
}

static void
unsupported(const struct ccid_facts *facts, uint32_t id)
{
	uint8_t value[64];
	size_t length = 99;

	if (!SUITE_EQUAL_INT(
		ccid_attribute_read(facts, id, value, sizeof value, &length), CCID_UNSUPPORTED))
		SUITE_EQUAL_HEX(id, 0);
	SUITE_EQUAL_INT(length, 0);
}

static void
of_reader(void)
{
	static const struct {
		uint32_t id, value;
	} rows[] = {
		{ SCARD_ATTR_VENDOR_IFD_VERSION, 0x02090000 },
		{ SCARD_ATTR_CHANNEL_ID, 0x00200311 },
		{ SCARD_ATTR_PROTOCOL_TYPES, 3 },
		{ SCARD_ATTR_DEFAULT_CLK, 4000 },
		{ SCARD_ATTR_MAX_CLK, 8000 },
		{ SCARD_ATTR_DEFAULT_DATA_RATE, 10753 },
		{ SCARD_ATTR_MAX_DATA_RATE, 250000 },
		{ SCARD_ATTR_MAX_IFSD, 254 },
		{ 0x00030126, 0x12 },
		{ SCARD_ATTR_POWER_MGMT_SUPPORT, 1 },
		{ SCARD_ATTR_USER_TO_CARD_AUTH_DEVICE, 0 },
		{ SCARD_ATTR_USER_AUTH_INPUT_DEVICE, 2 },
		{ SCARD_ATTR_CHARACTERISTICS, 7 },
		{ SCARD_ATTR_MAXINPUT, 261 },
	};
	struct ccid_descriptor plain = descriptor;
	struct ccid_facts facts = with_card;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		number(&with_card, rows[i].id, rows[i].value);
	plain.pin_support = 0;
	facts.descriptor = &plain;
	number(&facts, SCARD_ATTR_USER_AUTH_INPUT_DEVICE, 0);
	facts.release = 0xFFFF;
	number(&facts, SCARD_ATTR_VENDOR_IFD_VERSION, 0xFFFF0000);
	facts.bus = 0x1FF;
	number(&facts, SCARD_ATTR_CHANNEL_ID, 0x0020FF11);
}

static const struct {
	uint32_t id, value;
} of_card_rows[] = {
	{ SCARD_ATTR_CURRENT_CLK, 4000 },
	{ SCARD_ATTR_CURRENT_F, 512 },
	{ SCARD_ATTR_CURRENT_D, 16 },
	{ SCARD_ATTR_CURRENT_N, 255 },
	{ SCARD_ATTR_CURRENT_W, 10 },
	{ SCARD_ATTR_CURRENT_IFSC, 253 },
	{ SCARD_ATTR_CURRENT_IFSD, 252 },
	{ SCARD_ATTR_CURRENT_BWT, 4 },
	{ SCARD_ATTR_CURRENT_CWT, 5 },
	{ SCARD_ATTR_CURRENT_EBC_ENCODING, 1 },
};

static void
of_card(void)
{
	struct ccid_facts facts = with_card;

	for (size_t i = 0; i < sizeof of_card_rows / sizeof of_card_rows[0]; i++)
		number(&with_card, of_card_rows[i].id, of_card_rows[i].value);
	number(&with_card, SCARD_ATTR_CURRENT_PROTOCOL_TYPE, 2);
	facts.card.protocol = 0;
	number(&facts, SCARD_ATTR_CURRENT_PROTOCOL_TYPE, 1);
	facts.card.protocol = -1;
	number(&facts, SCARD_ATTR_CURRENT_PROTOCOL_TYPE, 0);
}

static void
byte(const struct ccid_facts *facts, uint32_t id, uint8_t expected)
{
	uint8_t value = 0xA5;
	size_t length;

	SUITE_EQUAL_INT(ccid_attribute_read(facts, id, &value, 1, &length), CCID_OK);
	SUITE_EQUAL_INT(length, 1);
	SUITE_EQUAL_HEX(value, expected);
}

static void
no_card(void)
{
	struct ccid_facts mute = without_card;
	uint8_t value;
	size_t length;

	for (size_t i = 0; i < sizeof of_card_rows / sizeof of_card_rows[0]; i++)
		unsupported(&without_card, of_card_rows[i].id);
	number(&without_card, SCARD_ATTR_CURRENT_PROTOCOL_TYPE, 0);
	byte(&without_card, SCARD_ATTR_ICC_PRESENCE, 0);
	byte(&without_card, SCARD_ATTR_ICC_INTERFACE_STATUS, 0);
	byte(&without_card, SCARD_ATTR_ICC_TYPE_PER_ATR, 0);
	SUITE_EQUAL_INT(
	    ccid_attribute_read(&without_card, SCARD_ATTR_ATR_STRING, &value, 1, &length), CCID_OK);
	SUITE_EQUAL_INT(length, 0);
	mute.card.present = true;
	byte(&mute, SCARD_ATTR_ICC_PRESENCE, 2);
	byte(&mute, SCARD_ATTR_ICC_TYPE_PER_ATR, 0);
}

static void
bytes(void)
{
	uint8_t value[33];
	size_t length;

	byte(&with_card, SCARD_ATTR_ICC_PRESENCE, 2);
	byte(&with_card, SCARD_ATTR_ICC_INTERFACE_STATUS, 1);
	byte(&with_card, SCARD_ATTR_ICC_TYPE_PER_ATR, 1);
	SUITE_EQUAL_INT(
	    ccid_attribute_read(&with_card, SCARD_ATTR_ATR_STRING, value, sizeof value, &length),
	    CCID_OK);
	SUITE_EQUAL_BYTES(value, length, "3B 02 14 50");
}

static void
texts(void)
{
	static const struct {
		uint32_t id;
		const char *text;
	} rows[] = {
		{ SCARD_ATTR_VENDOR_NAME, "Maker" },
		{ SCARD_ATTR_VENDOR_IFD_TYPE, "Model" },
		{ SCARD_ATTR_VENDOR_IFD_SERIAL_NO, "A17" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char value[32];
		size_t length;

		SUITE_EQUAL_INT(ccid_attribute_read(&with_card, rows[i].id, (uint8_t *)value,
				    sizeof value, &length),
		    CCID_OK);
		SUITE_EQUAL_INT(length, strlen(rows[i].text) + 1);
		SUITE_EQUAL_STRING(value, rows[i].text);
		SUITE_EQUAL_INT(ccid_attribute_read(&without_card, rows[i].id, (uint8_t *)value,
				    sizeof value, &length),
		    CCID_OK);
		SUITE_EQUAL_INT(length, 0);
	}
}

static void
little_room(void)
{
	static const struct {
		uint32_t id;
		size_t length;
	} rows[] = {
		{ SCARD_ATTR_VENDOR_NAME, 6 },
		{ SCARD_ATTR_MAXINPUT, 4 },
		{ SCARD_ATTR_CURRENT_F, 4 },
		{ SCARD_ATTR_ICC_PRESENCE, 1 },
		{ SCARD_ATTR_ATR_STRING, 4 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint8_t *exact = malloc(rows[i].length - 1 + (rows[i].length == 1));
		size_t length = 0;

		SUITE_EQUAL_INT(
		    ccid_attribute_read(&with_card, rows[i].id, NULL, 0, &length), CCID_OK);
		SUITE_EQUAL_INT(length, rows[i].length);
		length = 0;
		SUITE_EQUAL_INT(
		    ccid_attribute_read(&with_card, rows[i].id, exact, rows[i].length - 1, &length),
		    CCID_SMALL);
		SUITE_EQUAL_INT(length, rows[i].length);
		free(exact);
	}
}

static void
others(void)
{
	static const uint32_t ids[] = { 0, 0xFFFFFFFF, SCARD_ATTR_DEVICE_UNIT,
		SCARD_ATTR_DEVICE_FRIENDLY_NAME_A, SCARD_ATTR_DEVICE_SYSTEM_NAME_A,
		SCARD_ATTR_DEVICE_FRIENDLY_NAME_W, SCARD_ATTR_ESC_RESET,
		SCARD_ATTR_CURRENT_IO_STATE };

	for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
		unsupported(&with_card, ids[i]);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "numbers of the reader", of_reader },
		{ "numbers of the card", of_card },
		{ "bytes of the card", bytes },
		{ "without a card, and with a mute one", no_card },
		{ "texts", texts },
		{ "R88 length alone, and too little room", little_room },
		{ "R83 others", others },
	};

	return suite_run("attributes", tests, sizeof tests / sizeof tests[0]);
}
