/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver as an IFD handler: what each function says to a manager, and to a wrong one. */
#include <stdlib.h>
#include <string.h>

#include "tests/emulator/bundle.h"
#include "tests/suite.h"

static struct emu_reader *reader;

static void
plug(uint32_t level, struct emu_card *card)
{
	struct emu_reader_params params = emu_reader_defaults(level);

	reader = emu_reader_new(&params);
	if (card != NULL)
		emu_reader_insert(reader, 0, 0, card);
	emu_reader_plug(reader, 1, 2);
}

static void
start(uint32_t level, struct emu_card *card)
{
	plug(level, card);
	SUITE_EQUAL_INT(bundle_open(0, BUNDLE_DEVICE), IFD_SUCCESS);
}

static void
end(void)
{
	SUITE_EQUAL_INT(ifd.CloseChannel(0), IFD_SUCCESS);
	emu_reader_free(reader);
}

static void
opens_by_name(void)
{
	plug(EMU_LEVEL_TPDU, NULL);
	SUITE_EQUAL_INT(bundle_open(0x00030000, BUNDLE_MODEL), IFD_SUCCESS);
	SUITE_EQUAL_INT(ifd.CloseChannel(0x00030000), IFD_SUCCESS);
	SUITE_EQUAL_INT(bundle_open(0, BUNDLE_MODEL ":libusb-1.0:1:2:0"), IFD_SUCCESS);
	SUITE_EQUAL_INT(ifd.CloseChannel(0), IFD_SUCCESS);
	SUITE_EQUAL_INT(ifd.CreateChannel(0xFFFF0000, 0x00030001), IFD_SUCCESS);
	SUITE_EQUAL_INT(ifd.CreateChannel(0, 0x00030001), IFD_COMMUNICATION_ERROR);
	SUITE_EQUAL_INT(ifd.CloseChannel(0xFFFF0000), IFD_SUCCESS);
	emu_reader_free(reader);
	SUITE_EQUAL_INT(ifd.CreateChannel(0, 0), IFD_NO_SUCH_DEVICE);
}

static void
does_not_open(void)
{
	plug(EMU_LEVEL_TPDU, NULL);
	(void)bundle_line();
	/* What is not there is found out by trying, and no reason to speak. */
	SUITE_EQUAL_INT(bundle_open(0, BUNDLE_MODEL ":libusb-1.0:1:2:1"), IFD_NO_SUCH_DEVICE);
	SUITE_EQUAL_INT(bundle_open(0, BUNDLE_MODEL ":libusb-1.0:1:3:0"), IFD_NO_SUCH_DEVICE);
	SUITE_EQUAL_INT(bundle_open(0, "usb:1209/cc1e"), IFD_NO_SUCH_DEVICE);
	SUITE_EQUAL_INT(bundle_open(1, BUNDLE_DEVICE), IFD_NO_SUCH_DEVICE);
	SUITE_EQUAL_STRING(bundle_line(), "");
	SUITE_EQUAL_INT(bundle_open(0, "/dev/ttyS0"), IFD_COMMUNICATION_ERROR);
	SUITE_EQUAL_STRING(bundle_line(),
	    "tessera-ccid: /dev/ttyS0 cannot be opened: it is not named usb:VVVV/PPPP[:...], or "
	    "the number has more than 32 bits");
	SUITE_EQUAL_INT(ifd.CreateChannelByName(0, NULL), IFD_COMMUNICATION_ERROR);
	vusb_set_open_error(emu_reader_usb(reader), -13);
	SUITE_EQUAL_INT(bundle_open(0, BUNDLE_DEVICE), IFD_COMMUNICATION_ERROR);
	CU_ASSERT_PTR_NOT_NULL(
	    strstr(bundle_line(), "cannot be opened: access to the device is refused"));
	vusb_set_open_error(emu_reader_usb(reader), 0);
	SUITE_EQUAL_INT(bundle_open(0, BUNDLE_DEVICE), IFD_SUCCESS);
	end();
}

/* R87. */
static void
knows_what_is_open(void)
{
	const SCARD_IO_HEADER t1 = { 1, sizeof t1 };
	UCHAR byte = 1, bytes[MAX_ATR_SIZE];
	DWORD length = 1, returned = 7;

	start(EMU_LEVEL_TPDU, NULL);
	SUITE_EQUAL_INT(bundle_open(0, BUNDLE_DEVICE), IFD_COMMUNICATION_ERROR);
	SUITE_EQUAL_INT(bundle_open(0x10000, BUNDLE_DEVICE), IFD_COMMUNICATION_ERROR);
	SUITE_EQUAL_INT(bundle_open(0x100000000, BUNDLE_DEVICE), IFD_COMMUNICATION_ERROR);
	SUITE_EQUAL_INT(ifd.CloseChannel(0x100000000), IFD_COMMUNICATION_ERROR);
	SUITE_EQUAL_INT(ifd.CloseChannel(1), IFD_COMMUNICATION_ERROR);
	SUITE_EQUAL_INT(ifd.CloseChannel(0xFFFF), IFD_COMMUNICATION_ERROR);
	SUITE_EQUAL_INT(ifd.CloseChannel(0), IFD_SUCCESS);
	SUITE_EQUAL_INT(ifd.CloseChannel(0), IFD_COMMUNICATION_ERROR);
	SUITE_EQUAL_INT(ifd.ICCPresence(0), IFD_COMMUNICATION_ERROR);
	SUITE_EQUAL_INT(
	    ifd.GetCapabilities(0, TAG_IFD_SLOTS_NUMBER, &length, &byte), IFD_COMMUNICATION_ERROR);
	SUITE_EQUAL_INT(
	    ifd.SetCapabilities(0, TAG_IFD_DEVICE_REMOVED, 1, &byte), IFD_COMMUNICATION_ERROR);
	SUITE_EQUAL_INT(ifd.SetProtocolParameters(0, 1, 0, 0, 0, 0), IFD_COMMUNICATION_ERROR);
	SUITE_EQUAL_INT(ifd.PowerICC(0, IFD_POWER_UP, bytes, &returned), IFD_COMMUNICATION_ERROR);
	SUITE_EQUAL_INT(returned, 0);
	length = sizeof bytes;
	SUITE_EQUAL_INT(
	    ifd.TransmitToICC(0, t1, bytes, 5, bytes, &length, NULL), IFD_COMMUNICATION_ERROR);
	SUITE_EQUAL_INT(length, 0);
	SUITE_EQUAL_INT(ifd.Control(0, 0x42000D48, NULL, 0, bytes, sizeof bytes, &returned),
	    IFD_COMMUNICATION_ERROR);
	SUITE_EQUAL_INT(ifd.poll(0, 1), IFD_NO_SUCH_DEVICE);
	SUITE_EQUAL_INT(ifd.stop(0), IFD_NO_SUCH_DEVICE);
	emu_reader_free(reader);
}

static void
answers_tags(void)
{
	static const struct {
		DWORD tag;
		int value;
	} bytes[] = {
		{ TAG_IFD_SLOTS_NUMBER, 1 },
		{ TAG_IFD_SIMULTANEOUS_ACCESS, 255 },
		{ TAG_IFD_THREAD_SAFE, 1 },
		{ TAG_IFD_SLOT_THREAD_SAFE, 0 },
		{ TAG_IFD_POLLING_THREAD_KILLABLE, 0 },
		{ TAG_IFD_DEVICE_REMOVED, 1 },
		{ SCARD_ATTR_ICC_PRESENCE, 0 },
		{ SCARD_ATTR_ICC_INTERFACE_STATUS, 0 },
	};
	static const DWORD unknown[] = { TAG_IFD_SLOTNUM, TAG_IFD_POLLING_THREAD, 0, 0x0FB5,
		0xFFFFFFFF, 0x10000000000, SCARD_ATTR_DEVICE_FRIENDLY_NAME_A,
		SCARD_ATTR_CURRENT_CLK };
	UCHAR value[64] = { 0x55 };
	DWORD length;

	start(EMU_LEVEL_TPDU, NULL);
	for (size_t i = 0; i < sizeof bytes / sizeof bytes[0]; i++) {
		SUITE_EQUAL_INT(bundle_byte(0, bytes[i].tag), bytes[i].value);
		/* R88: the length alone; no room. */
		length = 0;
		SUITE_EQUAL_INT(ifd.GetCapabilities(0, bytes[i].tag, &length, NULL), IFD_SUCCESS);
		SUITE_EQUAL_INT(length, 1);
		length = 0;
		SUITE_EQUAL_INT(ifd.GetCapabilities(0, bytes[i].tag, &length, value),
		    IFD_ERROR_INSUFFICIENT_BUFFER);
		SUITE_EQUAL_INT(length, 1);
		SUITE_EQUAL_INT(ifd.SetCapabilities(0, bytes[i].tag, 1, value),
		    bytes[i].tag == TAG_IFD_DEVICE_REMOVED ? IFD_ERROR_SET_FAILURE
							   : IFD_ERROR_VALUE_READ_ONLY);
	}
	SUITE_EQUAL_INT(value[0], 0x55);
	for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
		length = sizeof value;
		SUITE_EQUAL_INT(ifd.GetCapabilities(0, unknown[i], &length, value), IFD_ERROR_TAG);
		SUITE_EQUAL_INT(ifd.SetCapabilities(0, unknown[i], 1, value), IFD_ERROR_TAG);
	}
	SUITE_EQUAL_INT(
	    ifd.GetCapabilities(0, TAG_IFD_SLOTS_NUMBER, NULL, value), IFD_COMMUNICATION_ERROR);
	length = sizeof(void *) - 1;
	SUITE_EQUAL_INT(ifd.GetCapabilities(0, TAG_IFD_POLLING_THREAD_WITH_TIMEOUT, &length, value),
	    IFD_ERROR_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(length, sizeof(void *));
	/* No card, no answer to reset; no serial number, no text. */
	length = sizeof value;
	SUITE_EQUAL_INT(ifd.GetCapabilities(0, TAG_IFD_ATR, &length, value), IFD_SUCCESS);
	SUITE_EQUAL_INT(length, 0);
	length = 4;
	SUITE_EQUAL_INT(ifd.GetCapabilities(0, SCARD_ATTR_CHANNEL_ID, &length, value), IFD_SUCCESS);
	SUITE_EQUAL_BYTES(value, length, "02 01 20 00");
	end();
}

static void
powers(void)
{
	UCHAR atr[MAX_ATR_SIZE];
	DWORD length = sizeof atr;

	start(EMU_LEVEL_TPDU, emu_card_t1(BUNDLE_ATR_T1, emu_application_echo()));
	SUITE_EQUAL_INT(ifd.ICCPresence(0), IFD_ICC_PRESENT);
	SUITE_EQUAL_INT(ifd.SetProtocolParameters(0, 2, 0, 0, 0, 0), IFD_COMMUNICATION_ERROR);
	SUITE_EQUAL_INT(bundle_echo(0, 1), IFD_COMMUNICATION_ERROR);
	SUITE_EQUAL_INT(bundle_power(0, IFD_POWER_UP, 2), IFD_SUCCESS);
	SUITE_EQUAL_INT(ifd.GetCapabilities(0, TAG_IFD_ATR, &length, atr), IFD_SUCCESS);
	SUITE_EQUAL_BYTES(atr, length, BUNDLE_ATR_T1);
	SUITE_EQUAL_INT(bundle_echo(0, 1), IFD_SUCCESS);
	SUITE_EQUAL_INT(bundle_echo(0, 0), IFD_PROTOCOL_NOT_SUPPORTED);
	SUITE_EQUAL_INT(bundle_power(0, IFD_RESET, 2), IFD_SUCCESS);
	SUITE_EQUAL_INT(bundle_echo(0, 1), IFD_SUCCESS);
	SUITE_EQUAL_INT(ifd.SetProtocolParameters(0, 1, 0, 0, 0, 0), IFD_PROTOCOL_NOT_SUPPORTED);
	SUITE_EQUAL_INT(ifd.SetProtocolParameters(0, 0, 0, 0, 0, 0), IFD_PROTOCOL_NOT_SUPPORTED);
	length = sizeof atr;
	SUITE_EQUAL_INT(ifd.PowerICC(0, IFD_POWER_DOWN, atr, &length), IFD_SUCCESS);
	SUITE_EQUAL_INT(length, 0);
	CU_ASSERT_FALSE(emu_reader_is_powered(reader, 0, 0));
	SUITE_EQUAL_INT(ifd.PowerICC(0, IFD_POWER_DOWN, NULL, NULL), IFD_SUCCESS);
	/* R83, R81. */
	SUITE_EQUAL_INT(ifd.PowerICC(0, 499, atr, &length), IFD_NOT_SUPPORTED);
	SUITE_EQUAL_INT(ifd.PowerICC(0, 0xFFFFFFFFFF, atr, &length), IFD_NOT_SUPPORTED);
	SUITE_EQUAL_INT(ifd.PowerICC(0, IFD_POWER_UP, NULL, &length), IFD_COMMUNICATION_ERROR);
	SUITE_EQUAL_INT(ifd.PowerICC(0, IFD_RESET, atr, NULL), IFD_COMMUNICATION_ERROR);
	SUITE_EQUAL_INT(bundle_power(0, IFD_POWER_UP, 2), IFD_SUCCESS);
	CU_ASSERT_TRUE(emu_reader_is_powered(reader, 0, 0));
	emu_reader_remove(reader, 0, 0);
	length = sizeof atr;
	SUITE_EQUAL_INT(ifd.PowerICC(0, IFD_POWER_UP, atr, &length), IFD_ERROR_POWER_ACTION);
	SUITE_EQUAL_INT(length, 0);
	SUITE_EQUAL_INT(ifd.ICCPresence(0), IFD_ICC_NOT_PRESENT);
	end();
}

/* R80 to R82. */
static void
checks_lengths(void)
{
	static UCHAR command[65545], reply[65538];
	const SCARD_IO_HEADER t1 = { 1, sizeof t1 };
	static const DWORD wrong[] = { 0, 1, 2, 3, 65545, 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF };
	size_t before;
	DWORD length;

	start(EMU_LEVEL_TPDU, emu_card_t1(BUNDLE_ATR_T1, emu_application_echo()));
	SUITE_EQUAL_INT(bundle_power(0, IFD_POWER_UP, 2), IFD_SUCCESS);
	before = emu_reader_messages(reader);
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		length = sizeof reply;
		SUITE_EQUAL_INT(ifd.TransmitToICC(0, t1, command, wrong[i], reply, &length, NULL),
		    IFD_COMMUNICATION_ERROR);
		SUITE_EQUAL_INT(length, 0);
	}
	for (DWORD room = 0; room < 2; room++) {
		length = room;
		SUITE_EQUAL_INT(ifd.TransmitToICC(0, t1, command, 5, reply, &length, NULL),
		    IFD_ERROR_INSUFFICIENT_BUFFER);
	}
	length = sizeof reply;
	SUITE_EQUAL_INT(
	    ifd.TransmitToICC(0, t1, NULL, 0, reply, &length, NULL), IFD_COMMUNICATION_ERROR);
	length = sizeof reply;
	SUITE_EQUAL_INT(
	    ifd.TransmitToICC(0, t1, command, 5, NULL, &length, NULL), IFD_COMMUNICATION_ERROR);
	SUITE_EQUAL_INT(
	    ifd.TransmitToICC(0, t1, command, 5, reply, NULL, NULL), IFD_COMMUNICATION_ERROR);
	SUITE_EQUAL_INT(emu_reader_messages(reader), before);
	/* An answer of 5 bytes with room for 4; the whole; 65,538. */
	memcpy(command, "\x00\x12\x00\x00\x03", 5);
	length = 4;
	SUITE_EQUAL_INT(ifd.TransmitToICC(0, t1, command, 5, reply, &length, NULL),
	    IFD_ERROR_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(length, 0);
	length = 5;
	SUITE_EQUAL_INT(ifd.TransmitToICC(0, t1, command, 5, reply, &length, NULL), IFD_SUCCESS);
	SUITE_EQUAL_BYTES(reply, length, "00 01 02 90 00");
	memcpy(command, "\x00\x12\x00\x00\x00\x00\x00", 7);
	length = sizeof reply;
	SUITE_EQUAL_INT(ifd.TransmitToICC(0, t1, command, 7, reply, &length, NULL), IFD_SUCCESS);
	SUITE_EQUAL_INT(length, 65538);
	end();
}

static void
passes_raw_bytes(void)
{
	const SCARD_IO_HEADER raw = { SCARD_PROTOCOL_RAW, sizeof raw };
	UCHAR block[] = { 0x00, 0x12, 0x00, 0x00, 0x03 }, reply[16];
	DWORD length = sizeof reply;

	start(EMU_LEVEL_TPDU, emu_card_t0(BUNDLE_ATR_T0, emu_application_echo()));
	SUITE_EQUAL_INT(ifd.TransmitToICC(0, raw, block, sizeof block, reply, &length, NULL),
	    IFD_COMMUNICATION_ERROR);
	SUITE_EQUAL_INT(ifd.PowerICC(0, IFD_POWER_UP, reply, &length), IFD_SUCCESS);
	length = sizeof reply;
	SUITE_EQUAL_INT(
	    ifd.TransmitToICC(0, raw, block, sizeof block, reply, &length, NULL), IFD_SUCCESS);
	SUITE_EQUAL_BYTES(reply, length, "00 01 02 90 00");
	SUITE_EQUAL_INT(bundle_echo(0, 0), IFD_PROTOCOL_NOT_SUPPORTED);
	SUITE_EQUAL_INT(bundle_power(0, IFD_POWER_UP, 1), IFD_SUCCESS);
	length = sizeof reply;
	SUITE_EQUAL_INT(ifd.TransmitToICC(0, raw, block, sizeof block, reply, &length, NULL),
	    IFD_PROTOCOL_NOT_SUPPORTED);
	end();
}

static void
controls(void)
{
	UCHAR in[] = { 0x02 }, out[64];
	DWORD returned = 99;
	const DWORD list = SCARD_CTL_CODE(3400);

	start(EMU_LEVEL_TPDU, emu_card_t0(BUNDLE_ATR_T0, emu_application_echo()));
	SUITE_EQUAL_INT(ifd.Control(0, list, NULL, 0, out, sizeof out, &returned), IFD_SUCCESS);
	/* The properties (12), in the coding of this family of managers. */
	SUITE_EQUAL_BYTES(out, returned, "12 04 42 33 00 12");
	/* R85. */
	SUITE_EQUAL_INT(
	    ifd.Control(0, list, NULL, 0, out, 3, &returned), IFD_ERROR_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(returned, 0);
	SUITE_EQUAL_INT(ifd.Control(0, list, NULL, 0, NULL, sizeof out, &returned),
	    IFD_ERROR_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(
	    ifd.Control(0, 0x42330012, NULL, 0, out, sizeof out, &returned), IFD_SUCCESS);
	CU_ASSERT_TRUE(returned > 10);
	/* R83, R84: no such function; a PIN pad that there is not; a vendor command. */
	returned = 99;
	SUITE_EQUAL_INT(ifd.Control(0, 0x12345678, NULL, 0, out, sizeof out, &returned),
	    IFD_ERROR_NOT_SUPPORTED);
	SUITE_EQUAL_INT(returned, 0);
	SUITE_EQUAL_INT(ifd.Control(0, 0x42330006, in, sizeof in, out, sizeof out, &returned),
	    IFD_ERROR_NOT_SUPPORTED);
	SUITE_EQUAL_INT(
	    ifd.Control(0, SCARD_CTL_CODE(1), in, sizeof in, out, sizeof out, &returned),
	    IFD_ERROR_NOT_SUPPORTED);
	SUITE_EQUAL_INT(emu_reader_count(reader, EMU_ESCAPE), 0);
	SUITE_EQUAL_INT(
	    ifd.Control(0, list, NULL, 1, out, sizeof out, &returned), IFD_COMMUNICATION_ERROR);
	SUITE_EQUAL_INT(ifd.Control(0, list, in, 0xFFFFFFFF, out, sizeof out, &returned),
	    IFD_COMMUNICATION_ERROR);
	SUITE_EQUAL_INT(
	    ifd.Control(0, list, NULL, 0, out, sizeof out, NULL), IFD_COMMUNICATION_ERROR);
	end();
}

static void
comes_and_goes(void)
{
	for (unsigned i = 0; i < 3; i++) {
		bundle_unload();
		bundle_load();
		start(EMU_LEVEL_EXTENDED, emu_card_t0(BUNDLE_ATR_T0, emu_application_echo()));
		SUITE_EQUAL_INT(bundle_power(0, IFD_POWER_UP, 1), IFD_SUCCESS);
		end();
	}
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "opens by name and by number", opens_by_name },
		{ "does not open what is not there or not allowed", does_not_open },
		{ "R87: no such channel", knows_what_is_open },
		{ "R83, R88: tags and attributes", answers_tags },
		{ "R81, R83: power", powers },
		{ "R80, R81, R82: lengths", checks_lengths },
		{ "raw exchanges", passes_raw_bytes },
		{ "R83, R84, R85: control codes", controls },
		{ "can be unloaded and loaded again", comes_and_goes },
	};

	bundle_load();
	return suite_run("ccid_bundle", tests, sizeof tests / sizeof tests[0]);
}
