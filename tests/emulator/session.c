/* SPDX-License-Identifier: BSD-2-Clause */
#define COBJMACROS
#include "tests/emulator/session.h"

#include <string.h>

#define UNTOUCHED 0xA5
#define COMMAND_MAX 1024

void
session_start_driver(struct session *s, struct emu_reader *emulated, const char *settings)
{
	memset(s, 0, sizeof *s);
	s->emulated = emulated;
	s->driver = driver_new("ccid");
	s->sink = sink_new();
	SUITE_EQUAL_HEX(ISCardReaderDriver_Start(
			    s->driver, settings, s->sink, driver_deadline(SESSION_PATIENCE_MS)),
	    S_OK);
	if (sink_event(s->sink, 0, &s->reader) != SINK_ARRIVED)
		s->reader = NULL;
}

void
session_start(struct session *s, const struct emu_reader_params *params, struct emu_card *card,
    const char *settings)
{
	struct emu_reader *emulated = emu_reader_new(params);

	if (card != NULL)
		emu_reader_insert(emulated, 0, 0, card);
	emu_reader_plug(emulated, 1, 2);
	session_start_driver(s, emulated, settings);
}

void
session_start_level(struct session *s, uint32_t level, const char *atr, unsigned protocol)
{
	const struct emu_reader_params params = emu_reader_defaults(level);
	struct emu_application echo = emu_application_echo();

	session_start(
	    s, &params, protocol == 0 ? emu_card_t0(atr, echo) : emu_card_t1(atr, echo), NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s->reader);
}

void
session_stop(struct session *s)
{
	SUITE_EQUAL_HEX(ISCardReaderDriver_Stop(s->driver), S_OK);
	ISCardReaderDriver_Release(s->driver);
	ISCardReaderSink_Release(s->sink);
	emu_reader_free(s->emulated);
	driver_check_no_objects();
}

void
session_fault(struct session *s, const struct emu_fault *fault)
{
	emu_reader_faults(s->emulated, fault, fault != NULL ? 1 : 0);
}

HRESULT
session_power(struct session *s)
{
	return ISCardReader_Power(s->reader, SCARDREADER_COLD_RESET,
	    driver_deadline(SESSION_PATIENCE_MS), s->atr, &s->atr_length);
}

HRESULT
session_set_protocol(struct session *s)
{
	return ISCardReader_SetProtocol(
	    s->reader, SCARD_PROTOCOL_Tx, driver_deadline(SESSION_PATIENCE_MS), &s->protocol);
}

HRESULT
session_connect(struct session *s)
{
	HRESULT hr = session_power(s);

	return SUCCEEDED(hr) ? session_set_protocol(s) : hr;
}

HRESULT
session_transmit_within(
    struct session *s, const BYTE *command, ULONG length, ULONG room, unsigned ms)
{
	memset(s->reply, UNTOUCHED, sizeof s->reply);
	s->reply_length = room;
	return ISCardReader_Transmit(s->reader, s->protocol, command, length, driver_deadline(ms),
	    s->reply, &s->reply_length);
}

HRESULT
session_transmit(struct session *s, const char *hex)
{
	BYTE command[COMMAND_MAX];
	ULONG length = (ULONG)emu_hex(hex, command, sizeof command);

	return session_transmit_within(s, command, length, SESSION_REPLY_MAX, SESSION_PATIENCE_MS);
}

void
session_check_works(struct session *s)
{
	SUITE_EQUAL_HEX(session_transmit(s, "00 12 00 00 03"), S_OK);
	SUITE_EQUAL_BYTES(s->reply, s->reply_length, "00 01 02 90 00");
	SUITE_EQUAL_HEX(s->reply[s->reply_length], UNTOUCHED);
}

void
session_check_recovers(struct session *s)
{
	session_fault(s, NULL);
	SUITE_EQUAL_HEX(session_connect(s), S_OK);
	session_check_works(s);
}

bool
session_is_present(struct session *s, HRESULT *ret_hr)
{
	BOOL present = FALSE;

	*ret_hr =
	    ISCardReader_GetPresence(s->reader, driver_deadline(SESSION_PATIENCE_MS), &present);
	return present;
}
