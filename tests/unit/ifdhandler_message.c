/* SPDX-License-Identifier: BSD-2-Clause */
/* What the driver and the hosting process tell each other, and the numbers in it. */
#include <glib.h>
#include <scarderr.h>
#include <string.h>
#include <winsmcrd.h>

#include "rm/drivers/ifdhandler/codes.h"
#include "rm/drivers/ifdhandler/handler.h"
#include "rm/drivers/ifdhandler/message.h"
#include "tests/suite.h"

#define BAD (-74) /* -EBADMSG */

static void
requests(void)
{
	static const struct {
		struct ifd_request request;
		int result;
	} rows[] = {
		{ { 1, IFD_DO_TRANSMIT, 1, 5 }, 0 },
		{ { 1, IFD_DO_TRANSMIT, 0, IFD_PAYLOAD_MAX }, 0 },
		{ { 1, IFD_DO_TRANSMIT, 0, IFD_PAYLOAD_MAX + 1 }, BAD },
		{ { 1, IFD_DO_TRANSMIT, 2, 5 }, BAD },
		{ { 1, IFD_DO_CONTROL, 0x42000D48, 0 }, 0 },
		{ { 1, IFD_DO_POWER, 500, 0 }, 0 },
		{ { 1, IFD_DO_POWER, 500, 1 }, BAD },
		{ { 1, IFD_DO_PROTOCOL, 2, 0 }, BAD },
		{ { 1, IFD_DO_SET, 0x10100, IFD_PAYLOAD_MAX }, 0 },
		{ { 1, 0, 0, 0 }, BAD },
		{ { 1, IFD_DO_LAST + 1, 0, 0 }, BAD },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		SUITE_EQUAL_INT(ifd_request_check(&rows[i].request), rows[i].result);
}

static void
replies(void)
{
	SUITE_EQUAL_INT(ifd_reply_check(&(struct ifd_reply){ .length = 0 }), 0);
	SUITE_EQUAL_INT(ifd_reply_check(&(struct ifd_reply){ .length = IFD_PAYLOAD_MAX }), 0);
	SUITE_EQUAL_INT(ifd_reply_check(&(struct ifd_reply){ .length = IFD_PAYLOAD_MAX + 1 }), BAD);
}

static void
events(void)
{
	static const struct {
		uint32_t kind, slot, value;
		unsigned slots;
		int result;
	} rows[] = {
		{ IFD_EVENT_READY, 0, 1, 0, 0 },
		{ IFD_EVENT_READY, 0, IFD_SLOTS_MAX, 0, 0 },
		{ IFD_EVENT_READY, 0, IFD_SLOTS_MAX + 1, 0, BAD },
		{ IFD_EVENT_READY, 0, 0, 0, BAD },
		{ IFD_EVENT_READY, 0, 1, 1, BAD },
		{ IFD_EVENT_FAILED, 0, 0, 0, 0 },
		{ IFD_EVENT_FAILED, 0, 0, 2, BAD },
		{ IFD_EVENT_PRESENCE, 1, 1, 2, 0 },
		{ IFD_EVENT_PRESENCE, 2, 1, 2, BAD },
		{ IFD_EVENT_PRESENCE, 1, 2, 2, BAD },
		{ IFD_EVENT_PRESENCE, 0, 1, 0, BAD },
		{ IFD_EVENT_GONE, 0, 0, 1, 0 },
		{ 0, 0, 0, 1, BAD },
		{ IFD_EVENT_LAST + 1, 0, 0, 1, BAD },
	};
	struct ifd_event event, checked;

	memset(&event, 'x', sizeof event);
	event.model[1] = '\n';
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		event.kind = rows[i].kind;
		event.slot = rows[i].slot;
		event.value = rows[i].value;
		SUITE_EQUAL_INT(
		    ifd_event_check(&event, sizeof event, rows[i].slots, &checked), rows[i].result);
	}
	event.kind = IFD_EVENT_GONE;
	SUITE_EQUAL_INT(ifd_event_check(&event, sizeof event - 1, 1, &checked), BAD);
	SUITE_EQUAL_INT(ifd_event_check(&event, sizeof event, 1, &checked), 0);
	SUITE_EQUAL_INT(strlen(checked.vendor), IFD_TEXT_SIZE - 1);
	SUITE_EQUAL_INT(checked.model[1], '?');
}

static void
results(void)
{
	static const struct {
		enum ifd_operation operation;
		int32_t code;
		HRESULT result;
	} rows[] = {
		{ IFD_DO_TRANSMIT, IFD_SUCCESS, 0 },
		{ IFD_DO_TRANSMIT, IFD_COMMUNICATION_ERROR, SCARD_E_COMM_DATA_LOST },
		{ IFD_DO_TRANSMIT, IFD_RESPONSE_TIMEOUT, SCARD_E_COMM_DATA_LOST },
		{ IFD_DO_TRANSMIT, IFD_ICC_NOT_PRESENT, SCARD_E_NO_SMARTCARD },
		{ IFD_DO_TRANSMIT, IFD_NOT_SUPPORTED, SCARD_E_COMM_DATA_LOST },
		{ IFD_DO_TRANSMIT, -1, SCARD_E_COMM_DATA_LOST },
		{ IFD_DO_POWER, IFD_ERROR_POWER_ACTION, SCARD_W_UNRESPONSIVE_CARD },
		{ IFD_DO_POWER, IFD_COMMUNICATION_ERROR, SCARD_W_UNRESPONSIVE_CARD },
		{ IFD_DO_POWER, IFD_NO_SUCH_DEVICE, SCARD_E_READER_UNAVAILABLE },
		{ IFD_DO_PROTOCOL, IFD_ERROR_PTS_FAILURE, SCARD_E_PROTO_MISMATCH },
		{ IFD_DO_PROTOCOL, IFD_PROTOCOL_NOT_SUPPORTED, SCARD_E_PROTO_MISMATCH },
		{ IFD_DO_CONTROL, IFD_ERROR_NOT_SUPPORTED, SCARD_E_UNSUPPORTED_FEATURE },
		{ IFD_DO_CONTROL, IFD_COMMUNICATION_ERROR, SCARD_E_COMM_DATA_LOST },
		{ IFD_DO_CONTROL, IFD_ERROR_INSUFFICIENT_BUFFER, SCARD_E_INSUFFICIENT_BUFFER },
		{ IFD_DO_GET, IFD_ERROR_TAG, SCARD_E_UNSUPPORTED_FEATURE },
		{ IFD_DO_SET, IFD_ERROR_VALUE_READ_ONLY, SCARD_E_UNSUPPORTED_FEATURE },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		SUITE_EQUAL_HEX(ifd_code_result(rows[i].operation, rows[i].code), rows[i].result);
}

static void
control_codes(void)
{
	uint8_t list[] = { 0x06, 4, 0x42, 0, 0x0D, 0x48, 0x12, 4, 1, 2, 3, 4, 0x07, 3, 0x42, 0, 0 };

	SUITE_EQUAL_HEX(ifd_code_control(SCARD_CTL_CODE(3400)), 0x42000D48);
	SUITE_EQUAL_HEX(ifd_code_control(SCARD_CTL_CODE(4095)), 0x42000FFF);
	SUITE_EQUAL_HEX(ifd_code_control(SCARD_CTL_CODE(1) | 1), SCARD_CTL_CODE(1) | 1);
	SUITE_EQUAL_HEX(ifd_code_control(1), 1);
	ifd_code_features(list, sizeof list);
	SUITE_EQUAL_BYTES(
	    list, sizeof list, "06 04 00 31 35 20  12 04 01 02 03 04  07 03 42 00 00");
}

static void
first_protocol(void)
{
	static const struct {
		uint8_t atr[8];
		size_t length;
		int protocol;
	} rows[] = {
		{ { 0x3B, 0x00 }, 2, 0 },
		{ { 0x3B, 0x80, 0x80, 0x01, 0x01 }, 5, 0 },
		{ { 0x3B, 0xF0, 0x11, 0x00, 0x00, 0x81, 0x31 }, 7, 1 },
		{ { 0x3B, 0x80, 0x0E, 0x00 }, 4, -1 },
		{ { 0x3B, 0xF0, 0x11 }, 3, -1 },
		{ { 0x3B }, 1, -1 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		SUITE_EQUAL_INT(
		    ifd_code_first_protocol(rows[i].atr, rows[i].length), rows[i].protocol);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "requests", requests },
		{ "replies", replies },
		{ "events", events },
		{ "results of a handler", results },
		{ "control codes", control_codes },
		{ "the protocol that a card begins with", first_protocol },
	};

	return suite_run("ifdhandler messages", tests, G_N_ELEMENTS(tests));
}
