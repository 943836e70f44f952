/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The CCID driver on an emulated reader, driven through its contract (scardreader.idl): what the
 * tests of its robustness begin with.
 */
#ifndef TESTS_EMULATOR_SESSION_H
#define TESTS_EMULATOR_SESSION_H

#include <objbase.h>
#include <scarderr.h>
#include <scardreader.h>
#include <winsmcrd.h>

#include "tests/emulator/reader.h"
#include "tests/suite.h"
#include "tests/unit/driver_sink.h"

#define SESSION_PATIENCE_MS 20000u
#define SESSION_SHORT_MS 200u /* for what is to run out */
#define SESSION_REPLY_MAX 65538u

/* T=0; T=1 at 512/16 if asked, IFSC 254; T=1 at the default rate. */
#define SESSION_ATR_T0 "3B 00"
#define SESSION_ATR_T1_FAST "3B 90 95 81 31 FE 45 8E"
#define SESSION_ATR_T1 "3B 80 81 31 FE 45 0B"

struct session {
	struct emu_reader *emulated;
	ISCardReaderDriver *driver;
	ISCardReaderSink *sink;
	ISCardReader *reader; /* the first that was announced; NULL: none. Belongs to the sink */
	ULONG protocol;
	BYTE atr[SCARDREADER_ATR_MAX];
	ULONG atr_length;
	BYTE reply[SESSION_REPLY_MAX + 16]; /* what is not the answer stays A5 */
	ULONG reply_length;
};

/*
 * Plugs a reader in, with the card in its first slot (NULL: none), and starts the driver.
 * @settings: NULL: none
 */
void session_start(struct session *s, const struct emu_reader_params *params, struct emu_card *card,
    const char *settings);
/* The same with the driver alone, and the reader that was plugged in before, or NULL. */
void session_start_driver(struct session *s, struct emu_reader *emulated, const char *settings);
/* The usual reader of a level, with an echo behind its card. */
void session_start_level(struct session *s, uint32_t level, const char *atr, unsigned protocol);
/* Stops the driver and takes the reader away; no object is left. */
void session_stop(struct session *s);

/* From now on these faults; the table stays the caller's. */
void session_fault(struct session *s, const struct emu_fault *fault);

HRESULT session_power(struct session *s);
HRESULT session_set_protocol(struct session *s);
/* Power and protocol. */
HRESULT session_connect(struct session *s);
/* A command in hex; the answer is in reply. */
HRESULT session_transmit(struct session *s, const char *hex);
HRESULT session_transmit_within(
    struct session *s, const BYTE *command, ULONG length, ULONG room, unsigned ms);
/* The echo says what it is told: the whole way works. */
void session_check_works(struct session *s);
/* The same after the card was reset: what is to be after any failure. */
void session_check_recovers(struct session *s);
bool session_is_present(struct session *s, HRESULT *ret_hr);

#endif
