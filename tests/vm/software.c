/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The software reader on the kernel's virtual host controller, at every exchange level, through a
 * resource manager: all cases of commands, sizes up to the card's, cards and readers that come and
 *go, and how much went over USB.
 *
 *	software READER-PROGRAM [KIND]
 *
 * For root in the guest of run.sh --modules vhci_hcd.
 */
#include <glib.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/process.h"
#include "tests/suite.h"
#include "tests/vm/client.h"

#define ANSWER_MS 5000
#define ROUNDS 20u
#define IDLE_MS 1000

struct kind {
	const char *name;
	const char *options; /* of the reader, with blanks between */
	const char *atr;
	unsigned slots, protocol;
	bool extended;  /* reaches the card */
	bool get_data;  /* a reply to data takes a second exchange */
	unsigned reads; /* transfers for a reply of 255 bytes */
};

#define ATR_T0 "3B 04 54 45 53 54"
#define ATR_T1 "3B 94 18 81 31 FE 45 54 45 53 54 91"

static const struct kind kinds[] = {
	{ "TPDU, T=0", "-0", ATR_T0, 1, SCARD_PROTOCOL_T0, true, true, 1 },
	{ "TPDU, T=1", "", ATR_T1, 1, SCARD_PROTOCOL_T1, true, false, 1 },
	{ "short APDU", "-f 0x000204BA", ATR_T1, 1, SCARD_PROTOCOL_T1, false, false, 1 },
	{ "extended APDU", "-f 0x000404BA -m 65556", ATR_T1, 1, SCARD_PROTOCOL_T1, true, false, 1 },
	{ "extended APDU in parts of 90 bytes", "-f 0x000404BA -m 100", ATR_T1, 1,
	    SCARD_PROTOCOL_T1, true, false, 0 },
	{ "two slots", "-n 2 -f 0x000204BA", ATR_T1, 2, SCARD_PROTOCOL_T1, false, false, 1 },
	{ "packets of 64 bytes, each end marked", "-l -z -f 0x000204BA", ATR_T1, 1,
	    SCARD_PROTOCOL_T1, false, false, 2 },
};

/* What a connection says whose reader has gone; pcsc-lite of that age has several answers. */
#ifdef TESTS_VM_PEER
#define GONE(code) CU_ASSERT((code) != SCARD_S_SUCCESS)
#else
#define GONE(code) SUITE_EQUAL_HEX((code), SCARD_E_READER_UNAVAILABLE)
#endif

static const char *program;
static const struct kind *kind;
static struct process reader;
static SCARDCONTEXT context;
static SCARDHANDLE cards[CLIENT_READERS];
static char names[CLIENT_READERS][CLIENT_NAME];
static unsigned protocol;
static uint8_t pattern[CLIENT_APDU];

static void
tell(const char *command)
{
	char answer[128];

	CU_ASSERT_FATAL(process_tell(&reader, "%s\n", command));
	CU_ASSERT_FATAL(process_hear(&reader, answer, sizeof answer, ANSWER_MS));
	SUITE_EQUAL_STRING(answer, "ok");
}

struct counts {
	unsigned transfer, status, parameters, other, in, empty, out, interrupts;
};

static struct counts
count(void)
{
	struct counts c = { 0 };
	char answer[256];

	CU_ASSERT_FATAL(process_tell(&reader, "count\n"));
	CU_ASSERT_FATAL(process_hear(&reader, answer, sizeof answer, ANSWER_MS));
	SUITE_EQUAL_INT(
	    sscanf(answer,
		"transfer %u status %u parameters %u other %u in %u empty %u out %u interrupt %u",
		&c.transfer, &c.status, &c.parameters, &c.other, &c.in, &c.empty, &c.out,
		&c.interrupts),
	    8);
	return c;
}

/* INS 10 and 40 give the data back. */
static void
echo(unsigned slot, uint8_t instruction, size_t length)
{
	static uint8_t command[CLIENT_APDU];
	const uint8_t header[4] = { 0x00, instruction, 0x00, 0x00 };
	size_t n = client_command(command, header, pattern, length, length > 255 ? 65536 : 256);
	const struct client_reply *reply = client_transmit(cards[slot], protocol, command, n);

	SUITE_EQUAL_HEX(reply->code, SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(reply->status, 0x9000);
	SUITE_EQUAL_INT(reply->length, length + 2);
	CU_ASSERT(reply->length == length + 2 && memcmp(reply->data, pattern, length) == 0);
}

/* INS B0 gives P1 P2 bytes. */
static void
read_bytes(unsigned slot, size_t length)
{
	const uint8_t header[4] = { 0x00, 0xB0, (uint8_t)(length >> 8), (uint8_t)length };
	uint8_t command[16];
	size_t n = client_command(command, header, NULL, 0, length > 256 ? 65536 : length),
	       wrong = 0;
	const struct client_reply *reply = client_transmit(cards[slot], protocol, command, n);

	SUITE_EQUAL_HEX(reply->code, SCARD_S_SUCCESS);
	SUITE_EQUAL_HEX(reply->status, 0x9000);
	SUITE_EQUAL_INT(reply->length, length + 2);
	for (size_t i = 0; i + 2 < reply->length; i++)
		wrong += reply->data[i] != (uint8_t)i;
	SUITE_EQUAL_INT(wrong, 0);
}

static void
plain(unsigned slot, const uint8_t *command, size_t length, unsigned status)
{
	const struct client_reply *reply = client_transmit(cards[slot], protocol, command, length);

	SUITE_EQUAL_HEX(reply->code, SCARD_S_SUCCESS);
	SUITE_EQUAL_INT(reply->length, 2);
	SUITE_EQUAL_HEX(reply->status, status);
}

static void
connect_card(unsigned slot)
{
	cards[slot] = client_connect(context, names[slot], &protocol);
	CU_ASSERT_FATAL(cards[slot] != 0);
	SUITE_EQUAL_INT(protocol, kind->protocol);
}

static void
card_is_there(unsigned slot)
{
	SCARD_READERSTATE state =
	    client_state(context, names[slot], SCARD_STATE_PRESENT, SCARD_STATE_MUTE);

	SUITE_EQUAL_BYTES(state.rgbAtr, state.cbAtr, kind->atr);
}

static void
start_reader(struct process *process, const char *text)
{
	char *words[16] = { (char *)(size_t)program };
	g_auto(GStrv) options = g_strsplit(text, " ", 14);

	for (size_t i = 0; options[i] != NULL && *options[i] != '\0'; i++)
		words[i + 1] = options[i];
	CU_ASSERT_FATAL(process_start(process, (const char *const *)words,
			    (const char *const[]){ NULL }, -1, "/vm/reader.log") == 0);
}

static void
test_arrives(void)
{
	start_reader(&reader, kind->options);
	CU_ASSERT_FATAL(client_readers(context, kind->slots, names));
	for (unsigned slot = 0; slot < kind->slots; slot++) {
		card_is_there(slot);
		connect_card(slot);
	}
}

static void
test_short_commands(void)
{
	static const uint8_t select[] = { 0x00, 0xA4, 0x04, 0x00, 0x02, 0x3F, 0x00 };
	static const uint8_t nothing[] = { 0x00, 0xA4, 0x00, 0x00 };
	static const uint8_t unknown[] = { 0x00, 0x7E, 0x00, 0x00 };
	static const size_t sizes[] = { 1, 5, 28, 52, 54, 118, 128, 254, 255 };

	for (unsigned slot = 0; slot < kind->slots; slot++) {
		plain(slot, nothing, sizeof nothing, 0x9000);
		plain(slot, select, sizeof select, 0x9000);
		plain(slot, unknown, sizeof unknown, 0x6D00);
		for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
			echo(slot, 0x10, sizes[i]);
			read_bytes(slot, sizes[i]);
		}
		read_bytes(slot, 256);
		echo(slot, 0x40, 5); /* the card asks for time */
	}
}

static void
test_extended_commands(void)
{
	static const size_t sizes[] = { 257, 300, 1014, 4096, 32768, 65535 };
	static uint8_t command[CLIENT_APDU];
	const uint8_t header[4] = { 0x00, 0x10, 0x00, 0x00 };

	if (!kind->extended) {
		size_t n = client_command(command, header, pattern, 300, 65536);

		/* It says so, and the connection is as good as before. */
		CU_ASSERT(client_transmit(cards[0], protocol, command, n)->code != SCARD_S_SUCCESS);
		echo(0, 0x10, 5);
		return;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
		echo(0, 0x10, sizes[i]);
		/* By T=0 no data without a command's data can be that many. */
		if (kind->protocol == SCARD_PROTOCOL_T1)
			read_bytes(0, sizes[i]);
	}
}

/* One message each way an exchange, and no other. */
static void
test_traffic(void)
{
	unsigned exchanges = kind->get_data ? 2 * ROUNDS : ROUNDS;
	struct counts c;

	(void)count();
	for (unsigned i = 0; i < ROUNDS; i++)
		echo(0, 0x10, 5);
	c = count();
	SUITE_EQUAL_INT(c.transfer, exchanges);
	SUITE_EQUAL_INT(c.status, 0);
	SUITE_EQUAL_INT(c.parameters, 0);
	SUITE_EQUAL_INT(c.other, 0);
	SUITE_EQUAL_INT(c.in, exchanges);
	SUITE_EQUAL_INT(c.out, exchanges);
	SUITE_EQUAL_INT(c.interrupts, 0);
	if (kind->reads == 0)
		return;
	for (unsigned i = 0; i < ROUNDS; i++)
		read_bytes(0, kind->protocol == SCARD_PROTOCOL_T1 ? 250 : 255);
	c = count();
	SUITE_EQUAL_INT(c.transfer, ROUNDS);
	SUITE_EQUAL_INT(c.status + c.parameters + c.other, 0);
	CU_ASSERT(c.in <= kind->reads * ROUNDS);
}

/* A wait for what does not happen, with a card connected, moves nothing on the bus. */
static void
test_idle(void)
{
	SCARD_READERSTATE state = client_state(context, names[0], SCARD_STATE_PRESENT, 0);
	struct counts c;

	state.dwCurrentState = state.dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
	(void)count();
	SUITE_EQUAL_HEX(SCardGetStatusChange(context, IDLE_MS, &state, 1), SCARD_E_TIMEOUT);
	c = count();
	SUITE_EQUAL_INT(c.transfer + c.status + c.parameters + c.other, 0);
	SUITE_EQUAL_INT(c.in + c.out + c.interrupts, 0);
}

static void
test_card_moves(void)
{
	for (unsigned slot = 0; slot < kind->slots; slot++) {
		g_autofree char *removed = g_strdup_printf("remove %u", slot);
		g_autofree char *inserted = g_strdup_printf("insert %u", slot);

		tell(removed);
		CU_ASSERT(client_state(context, names[slot], SCARD_STATE_EMPTY, SCARD_STATE_PRESENT)
			      .dwEventState != 0);
		SUITE_EQUAL_HEX(
		    client_transmit(cards[slot], protocol, pattern, 5)->code, SCARD_W_REMOVED_CARD);
		for (unsigned other = 0; other < kind->slots; other++)
			if (other != slot)
				echo(other, 0x10, 5);
		(void)SCardDisconnect(cards[slot], SCARD_LEAVE_CARD);
		tell(inserted);
		card_is_there(slot);
		connect_card(slot);
		echo(slot, 0x10, 5);
	}
}

static void
test_reader_moves(void)
{
	tell("unplug");
	CU_ASSERT(client_readers(context, 0, names));
	for (unsigned slot = 0; slot < kind->slots; slot++) {
		GONE(client_transmit(cards[slot], protocol, pattern, 5)->code);
		(void)SCardDisconnect(cards[slot], SCARD_LEAVE_CARD);
	}
	tell("plug");
	CU_ASSERT_FATAL(client_readers(context, kind->slots, names));
	for (unsigned slot = 0; slot < kind->slots; slot++) {
		card_is_there(slot);
		connect_card(slot);
		echo(slot, 0x10, 5);
	}
}

static void *
waiting_command(void *ret_code)
{
	static const uint8_t command[] = { 0x00, 0xA4, 0x00, 0x00 };

	*(LONG *)ret_code = client_transmit(cards[0], protocol, command, sizeof command)->code;
	return NULL;
}

/* The reader has the command and says nothing: a read is with the kernel when the device goes. */
static void
test_unplugged_meanwhile(void)
{
	char line[128];
	pthread_t thread;
	LONG code = SCARD_S_SUCCESS;

	tell("silence");
	CU_ASSERT_FATAL(pthread_create(&thread, NULL, waiting_command, &code) == 0);
	CU_ASSERT(process_hear(&reader, line, sizeof line, ANSWER_MS));
	SUITE_EQUAL_STRING(line, "silent");
	tell("unplug");
	(void)pthread_join(thread, NULL);
	GONE(code);
	CU_ASSERT(client_readers(context, 0, names));
}

static void
test_leaves(void)
{
	/* With its input the reader ends, and the device is gone. */
	CU_ASSERT(process_end(&reader, 0, ANSWER_MS));
	CU_ASSERT(client_readers(context, 0, names));
	for (unsigned slot = 0; slot < kind->slots; slot++)
		(void)SCardDisconnect(cards[slot], SCARD_LEAVE_CARD);
}

/* Equal but for the port: each has its name, and one's going is not the other's. */
static void
test_two_readers(void)
{
	struct process second = { 0 };

	kind = &kinds[1];
	start_reader(&reader, "");
	start_reader(&second, "-P 1");
	CU_ASSERT(client_readers(context, 2, names));
	CU_ASSERT(strcmp(names[0], names[1]) != 0);
	for (unsigned i = 0; i < 2; i++) {
		card_is_there(i);
		connect_card(i);
		echo(i, 0x10, 100);
	}
	tell("unplug");
	CU_ASSERT(client_readers(context, 1, names));
	/* Which of both it was is not known by the order of the list. */
	SUITE_EQUAL_INT((client_transmit(cards[0], protocol, pattern, 5)->code == SCARD_S_SUCCESS) +
		(client_transmit(cards[1], protocol, pattern, 5)->code == SCARD_S_SUCCESS),
	    1);
	for (unsigned i = 0; i < 2; i++)
		(void)SCardDisconnect(cards[i], SCARD_LEAVE_CARD);
	(void)process_end(&reader, 0, ANSWER_MS);
	(void)process_end(&second, 0, ANSWER_MS);
	CU_ASSERT(client_readers(context, 0, names));
}

static int
run_kind(const struct kind *which)
{
	static const struct suite_test tests[] = {
		{ "arrives with its cards", test_arrives },
		{ "short commands", test_short_commands },
		{ "extended commands", test_extended_commands },
		{ "what goes over USB", test_traffic },
		{ "nothing while idle", test_idle },
		{ "cards removed and inserted", test_card_moves },
		{ "unplugged and plugged in again", test_reader_moves },
		{ "unplugged while a command waits", test_unplugged_meanwhile },
		{ "leaves", test_leaves },
	};
	int result;

	kind = which;
	result = suite_run(which->name, tests, G_N_ELEMENTS(tests));
	(void)process_end(&reader, 0, ANSWER_MS);
	return result;
}

int
main(int argc, char **argv)
{
	static const struct suite_test two[] = { { "side by side", test_two_readers } };
	int result = 0;

	if (argc < 2 ||
	    SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context) != SCARD_S_SUCCESS) {
		printf("not ok - software reader: no resource manager\n");
		return 1;
	}
	program = argv[1];
	for (size_t i = 0; i < sizeof pattern; i++)
		pattern[i] = (uint8_t)(i * 7 + (i >> 8));
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (argc < 3 || strcmp(argv[2], kinds[i].name) == 0)
			result |= run_kind(&kinds[i]);
	if (argc < 3 || strcmp(argv[2], "two readers") == 0)
		result |= suite_run("two readers", two, G_N_ELEMENTS(two));
	(void)SCardReleaseContext(context);
	return result;
}
