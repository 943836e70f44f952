/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cards that come, go and misbehave in the virtual reader: no movement is lost, and whatever ends
 * an exchange gives its result and leaves the reader fit for the next card.
 */
#define COBJMACROS
#include <glib.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/socket.h>
#include <unistd.h>

#include <objbase.h>
#include <scarderr.h>
#include <winsmcrd.h>

#include "tests/suite.h"
#include "tests/unit/driver_sink.h"
#include "tests/unit/vpcd_card.h"
#include "tests/unit/vpcd_fixture.h"

#define T1 SCARD_PROTOCOL_T1

/* Each misbehaviour, what the exchange gives, and that the card is taken out. */
static void
misbehaving_cards(void)
{
	static const struct {
		enum card_manner manner;
		HRESULT result;
	} rows[] = {
		{ CARD_EMPTY, SCARD_E_COMM_DATA_LOST },
		{ CARD_ONE_BYTE, SCARD_E_COMM_DATA_LOST },
		{ CARD_LEAVES, SCARD_E_NO_SMARTCARD },
		{ CARD_LEAVES_HALF, SCARD_E_NO_SMARTCARD },
	};

	for (int tcp = 0; tcp < 2; tcp++) {
		struct fixture f = tcp ? fixture_start_tcp() : fixture_start();

		for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
			struct card card;
			BYTE reply[16];
			ULONG length = sizeof reply;
			BOOL present = TRUE;

			fixture_insert(&f, &card, rows[i].manner);
			SUITE_EQUAL_HEX(
			    fixture_transmit(f.readers[0], driver_deadline(20000), reply, &length),
			    rows[i].result);
			SUITE_EQUAL_INT(length, sizeof reply);
			fixture_check_removed(&f, 2 * i + 2);
			card_end(&card);
			ISCardReader_GetPresence(f.readers[0], 0, &present);
			SUITE_EQUAL_INT(present, FALSE);
			SUITE_EQUAL_HEX(
			    fixture_transmit(f.readers[0], driver_deadline(20000), reply, &length),
			    SCARD_E_NO_SMARTCARD);
		}
		fixture_stop(&f);
	}
}

/* What nobody asked for must not be taken for the answer to the next command. */
static void
talkative_card(void)
{
	static const BYTE unasked[] = { 0x00, 0x02, 0x6F, 0x00 };
	struct fixture f = fixture_start();
	struct card card;
	BYTE reply[16];
	ULONG length = sizeof reply;
	HRESULT hr;

	/* Two answers at once. */
	fixture_insert(&f, &card, CARD_TWICE);
	hr = fixture_transmit(f.readers[0], driver_deadline(20000), reply, &length);
	SUITE_EQUAL_HEX(hr, SCARD_E_COMM_DATA_LOST);
	fixture_check_removed(&f, 2);
	card_end(&card);

	/* Between two exchanges. */
	fixture_insert(&f, &card, CARD_ECHO);
	fixture_check_echo(f.readers[0]);
	SUITE_EQUAL_INT(send(card.fd, unasked, sizeof unasked, MSG_NOSIGNAL), sizeof unasked);
	hr = fixture_transmit(f.readers[0], driver_deadline(20000), reply, &length);
	SUITE_EQUAL_HEX(hr, SCARD_E_COMM_DATA_LOST);
	fixture_check_removed(&f, 4);
	card_end(&card);

	fixture_insert(&f, &card, CARD_ECHO);
	fixture_check_echo(f.readers[0]);
	SUITE_EQUAL_INT(send(card.fd, unasked, sizeof unasked, MSG_NOSIGNAL), sizeof unasked);
	SUITE_EQUAL_HEX(
	    fixture_power(f.readers[0], SCARDREADER_WARM_RESET), SCARD_E_COMM_DATA_LOST);
	fixture_check_removed(&f, 6);
	card_end(&card);
	fixture_stop(&f);
}

static void
deadline_ends_an_exchange(void)
{
	static const enum card_manner manners[] = { CARD_MUTE, CARD_HALF };
	struct fixture f = fixture_start();

	for (size_t i = 0; i < G_N_ELEMENTS(manners); i++) {
		struct card card;
		BYTE reply[16];
		ULONG length = sizeof reply;
		uint64_t deadline;

		fixture_insert(&f, &card, manners[i]);
		deadline = driver_deadline(50);
		SUITE_EQUAL_HEX(
		    fixture_transmit(f.readers[0], deadline, reply, &length), SCARD_E_TIMEOUT);
		CU_ASSERT_TRUE(driver_deadline(0) >= deadline);
		CU_ASSERT_TRUE(driver_deadline(0) < deadline + 10000000000u);
		/* The stream is out of step: the card is taken out. */
		fixture_check_removed(&f, 2 * i + 2);
		card_end(&card);
	}
	fixture_stop(&f);
}

static void
late_from_the_start(void)
{
	struct fixture f = fixture_start();
	struct card card;
	BYTE reply[16];
	ULONG length = sizeof reply;

	fixture_insert(&f, &card, CARD_ECHO);
	SUITE_EQUAL_HEX(fixture_transmit(f.readers[0], 1, reply, &length), SCARD_E_TIMEOUT);
	/* Nothing was sent, so nothing is out of step. */
	fixture_check_echo(f.readers[0]);
	SUITE_EQUAL_INT(sink_count(f.sink), 2);
	card_end(&card);
	fixture_stop(&f);
}

struct caller {
	ISCardReader *reader;
	HRESULT result;
};

static void *
call(void *data)
{
	struct caller *caller = data;
	BYTE reply[16];
	ULONG length = sizeof reply;

	/* Without a deadline: only what the test does ends it. */
	caller->result = fixture_transmit(caller->reader, 0, reply, &length);
	return NULL;
}

static void
cancel_ends_an_exchange(void)
{
	struct fixture f = fixture_start();
	struct card card;
	struct caller caller = { .reader = f.readers[0] };
	pthread_t thread;

	/* With nothing in progress it does nothing, neither now nor later. */
	SUITE_EQUAL_HEX(ISCardReader_Cancel(f.readers[0]), S_OK);
	fixture_insert(&f, &card, CARD_ECHO);
	SUITE_EQUAL_HEX(ISCardReader_Cancel(f.readers[0]), S_OK);
	fixture_check_echo(f.readers[0]);
	card_end(&card);
	fixture_check_removed(&f, 2);

	fixture_insert(&f, &card, CARD_MUTE);
	pthread_create(&thread, NULL, call, &caller);
	sem_wait(&card.commanded);
	SUITE_EQUAL_HEX(ISCardReader_Cancel(f.readers[0]), S_OK);
	pthread_join(thread, NULL);
	SUITE_EQUAL_HEX(caller.result, SCARD_E_CANCELLED);
	fixture_check_removed(&f, 4);
	card_end(&card);

	fixture_insert(&f, &card, CARD_ECHO);
	fixture_check_echo(f.readers[0]);
	card_end(&card);
	fixture_stop(&f);
}

static void
stop_ends_an_exchange(void)
{
	struct fixture f = fixture_start_settings("unix:card+2");
	struct card card;
	struct caller caller = { .reader = f.readers[0] };
	ISCardReader *reader = f.readers[0];
	SCARDREADER_INFO info = { .cbSize = sizeof info };
	BYTE buffer[SCARDREADER_ATR_MAX];
	ULONG length = sizeof buffer, active;
	pthread_t thread;
	BOOL present;

	fixture_insert(&f, &card, CARD_MUTE);
	ISCardReader_AddRef(reader);
	pthread_create(&thread, NULL, call, &caller);
	sem_wait(&card.commanded);
	SUITE_EQUAL_HEX(ISCardReaderDriver_Stop(f.driver), S_OK);
	pthread_join(thread, NULL);
	card_end(&card);
	SUITE_EQUAL_HEX(caller.result, SCARD_E_READER_UNAVAILABLE);
	SUITE_EQUAL_INT(sink_count(f.sink), 3);

	/* Gone for ever. */
	SUITE_EQUAL_HEX(ISCardReader_GetInfo(reader, &info), S_OK);
	SUITE_EQUAL_HEX(ISCardReader_GetPresence(reader, 0, &present), SCARD_E_READER_UNAVAILABLE);
	SUITE_EQUAL_HEX(fixture_power(reader, SCARDREADER_COLD_RESET), SCARD_E_READER_UNAVAILABLE);
	SUITE_EQUAL_HEX(fixture_power(reader, SCARDREADER_POWER_DOWN), SCARD_E_READER_UNAVAILABLE);
	SUITE_EQUAL_HEX(
	    ISCardReader_SetProtocol(reader, 3, 0, &active), SCARD_E_READER_UNAVAILABLE);
	SUITE_EQUAL_HEX(fixture_transmit(reader, 0, buffer, &length), SCARD_E_READER_UNAVAILABLE);
	SUITE_EQUAL_HEX(
	    ISCardReader_Control(reader, CM_IOCTL_GET_FEATURE_REQUEST, NULL, 0, 0, buffer, &length),
	    SCARD_E_READER_UNAVAILABLE);
	SUITE_EQUAL_HEX(
	    ISCardReader_GetAttribute(reader, SCARD_ATTR_PROTOCOL_TYPES, 0, buffer, &length),
	    SCARD_E_READER_UNAVAILABLE);
	SUITE_EQUAL_HEX(
	    ISCardReader_SetAttribute(reader, 1, buffer, 1, 0), SCARD_E_READER_UNAVAILABLE);
	SUITE_EQUAL_HEX(
	    ISCardReader_Move(reader, SCARDREADER_EJECT, 0), SCARD_E_READER_UNAVAILABLE);
	SUITE_EQUAL_HEX(ISCardReader_Cancel(reader), S_OK);
	SUITE_EQUAL_INT(card_connect(&f.settings, 0), -1);
	SUITE_EQUAL_HEX(ISCardReaderDriver_Start(f.driver, f.text, f.sink, 0), E_UNEXPECTED);
	ISCardReader_Release(reader);
	fixture_stop(&f);
}

/* @count movements in and out, from event number `first` on, in order. */
static void
check_movements(struct fixture *f, size_t first, size_t count)
{
	CU_ASSERT_TRUE(sink_wait(f->sink, first + 2 * count));
	SUITE_EQUAL_INT(sink_count(f->sink), first + 2 * count);
	for (size_t i = 0; i < 2 * count; i++)
		SUITE_EQUAL_INT(sink_event(f->sink, first + i, NULL),
		    i % 2 == 0 ? SINK_INSERTED : SINK_REMOVED);
}

static void
no_movement_is_lost(void)
{
	for (int tcp = 0; tcp < 2; tcp++) {
		struct fixture f = tcp ? fixture_start_tcp() : fixture_start();

		/* As fast as it goes: the thread may see none of them before they have left. */
		for (int i = 0; i < 100; i++) {
			int fd = card_connect(&f.settings, 0);

			CU_ASSERT_TRUE(fd >= 0);
			close(fd);
		}
		check_movements(&f, 1, 100);
		/* And each one waited for. */
		for (size_t i = 0; i < 100; i++) {
			int fd = card_connect(&f.settings, 0);

			CU_ASSERT_TRUE(sink_wait(f.sink, 201 + 2 * i + 1));
			close(fd);
			CU_ASSERT_TRUE(sink_wait(f.sink, 201 + 2 * i + 2));
		}
		check_movements(&f, 201, 100);
		fixture_stop(&f);
	}
}

static void
one_card_a_slot(void)
{
	struct fixture f = fixture_start_settings("unix:card+2");
	struct card first, second;
	ISCardReader *reader = NULL;
	char byte;
	int fd;

	fixture_insert(&f, &first, CARD_ECHO);
	fd = card_connect(&f.settings, 0);
	CU_ASSERT_TRUE(fd >= 0);
	SUITE_EQUAL_INT(recv(fd, &byte, 1, 0), 0); /* closed at once */
	close(fd);
	fixture_check_echo(f.readers[0]);

	card_begin(&second, &f.settings, 1, CARD_ECHO, NULL, 0);
	CU_ASSERT_TRUE(sink_wait(f.sink, 4));
	SUITE_EQUAL_INT(sink_event(f.sink, 3, &reader), SINK_INSERTED);
	CU_ASSERT_PTR_EQUAL(reader, f.readers[1]);
	card_end(&first);
	fixture_check_removed(&f, 4);
	sink_event(f.sink, 4, &reader);
	CU_ASSERT_PTR_EQUAL(reader, f.readers[0]);
	SUITE_EQUAL_HEX(fixture_power(f.readers[1], SCARDREADER_COLD_RESET), S_OK);
	card_end(&second);
	fixture_check_removed(&f, 5);
	fixture_stop(&f);
}

/* One slot waits for its mute card; the other one goes on. */
static void
slots_are_independent(void)
{
	struct fixture f = fixture_start_settings("unix:card+2");
	struct card mute, echo;
	struct caller caller = { .reader = f.readers[0] };
	pthread_t thread;
	ULONG active;

	fixture_insert(&f, &mute, CARD_MUTE);
	card_begin(&echo, &f.settings, 1, CARD_ECHO, NULL, 0);
	CU_ASSERT_TRUE(sink_wait(f.sink, 4));
	pthread_create(&thread, NULL, call, &caller);
	sem_wait(&mute.commanded);
	SUITE_EQUAL_HEX(fixture_power(f.readers[1], SCARDREADER_COLD_RESET), S_OK);
	ISCardReader_SetProtocol(f.readers[1], SCARD_PROTOCOL_T1, 0, &active);
	for (int i = 0; i < 20; i++)
		fixture_check_echo(f.readers[1]);
	card_end(&mute);
	pthread_join(thread, NULL);
	SUITE_EQUAL_HEX(caller.result, SCARD_E_NO_SMARTCARD);
	card_end(&echo);
	fixture_stop(&f);
}

struct juggler {
	const struct vpcd_settings *settings;
	int rounds;
};

/* Cards that come, answer a little, and leave in the middle of an exchange. */
static void *
juggle(void *data)
{
	const struct juggler *juggler = data;

	for (int i = 0; i < juggler->rounds; i++) {
		struct card card;

		card_begin(&card, juggler->settings, 0, i % 2 == 0 ? CARD_LEAVES : CARD_LEAVES_HALF,
		    NULL, 0);
		card_wait(&card);
	}
	return NULL;
}

static void
cards_change_under_the_exchanges(void)
{
	struct fixture f = fixture_start();
	struct juggler juggler = { .settings = &f.settings, .rounds = 50 };
	pthread_t thread;
	int odd = 0;

	pthread_create(&thread, NULL, juggle, &juggler);
	/* Each card leaves only when it is sent a command; one exchange a card is enough. */
	for (size_t i = 0; i < 50; i++) {
		BYTE reply[16];
		ULONG length = sizeof reply, active;
		HRESULT hr;

		CU_ASSERT_TRUE(sink_wait(f.sink, 2 * i + 2));
		hr = fixture_power(f.readers[0], SCARDREADER_COLD_RESET);
		odd += hr != S_OK;
		hr = ISCardReader_SetProtocol(f.readers[0], T1, 0, &active);
		odd += hr != S_OK;
		hr = fixture_transmit(f.readers[0], driver_deadline(20000), reply, &length);
		odd += hr != SCARD_E_NO_SMARTCARD;
	}
	pthread_join(thread, NULL);
	SUITE_EQUAL_INT(odd, 0);
	check_movements(&f, 1, 50);
	fixture_stop(&f);
}

/* A card of which nobody could be told is not there. */
static void
insertion_without_memory(void)
{
	struct fixture f = fixture_start();
	char byte;
	int fd;

	sink_fail_at(f.sink, 1);
	fd = card_connect(&f.settings, 0);
	SUITE_EQUAL_INT(recv(fd, &byte, 1, 0), 0);
	close(fd);
	fd = card_connect(&f.settings, 0);
	CU_ASSERT_TRUE(sink_wait(f.sink, 3));
	SUITE_EQUAL_INT(sink_event(f.sink, 2, NULL), SINK_INSERTED);
	close(fd);
	fixture_check_removed(&f, 3);
	fixture_stop(&f);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "cards that misbehave", misbehaving_cards },
		{ "a card that says what nobody asked for", talkative_card },
		{ "the deadline ends an exchange", deadline_ends_an_exchange },
		{ "late from the start", late_from_the_start },
		{ "Cancel ends an exchange", cancel_ends_an_exchange },
		{ "Stop ends an exchange", stop_ends_an_exchange },
		{ "no movement is lost", no_movement_is_lost },
		{ "one card a slot", one_card_a_slot },
		{ "slots are independent", slots_are_independent },
		{ "cards change under the exchanges", cards_change_under_the_exchanges },
		{ "an insertion that cannot be told", insertion_without_memory },
	};
	int result;

	if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
		return 1;
	result = suite_run("cards in vpcd", tests, G_N_ELEMENTS(tests));
	CoUninitialize();
	return result;
}
