/* SPDX-License-Identifier: BSD-2-Clause */
/* scardd with much to do: a reader that blocks, clients that come and go at once. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/scardd_fixture.h"
#include "tests/unit/vpcd_card.h"

#define WAITERS 64
#define PROCESSES 8
#define ROUNDS 25
#define PNP "\\\\?PnP?\\Notification"

static struct answer answer;
static const uint8_t command[] = { 0x00, 0xA4, 0x00, 0x0C };

/* A daemon with a soft card, and a virtual reader. */
static struct vpcd_settings virtual;

static void
start(void)
{
	char message[VPCD_MESSAGE_SIZE], driver[160], path[108];

	(void)snprintf(path, sizeof path, "unix:%s/card", getenv("TMPDIR"));
	(void)snprintf(driver, sizeof driver, "vpcd=%s", path);
	SUITE_EQUAL_INT(vpcd_settings_parse(path, &virtual, message), 0);
	scardd_start((const char *const[]){ "--driver", "softcard", "--driver", driver, NULL });
}

/* The name of the virtual reader, which is the second. */
static void
virtual_name(int lane, uint64_t context, char name[128])
{
	const uint8_t *list = NULL;
	uint32_t length = 0;
	size_t first;

	CODE(ask(lane, &answer, WIRE_LIST_READERS, context, NULL, WIRE_ABSENT), SCARD_S_SUCCESS);
	wire_get_bytes(&answer.reader, &list, &length);
	first = strlen((const char *)list) + 1;
	(void)snprintf(name, 128, "%s", (const char *)list + first);
}

static void
wait_for_card(int lane, uint64_t context, const char *name)
{
	uint32_t state = 0;

	do {
		CODE(ask(lane, &answer, WIRE_STATUS_CHANGE, context, WIRE_ABSENT, name, state),
		    SCARD_S_SUCCESS);
		(void)wire_get_count(&answer.reader);
		state = wire_get_u32(&answer.reader) & ~(uint32_t)SCARD_STATE_CHANGED;
	} while (!(state & SCARD_STATE_PRESENT));
}

static uint64_t
connect_named(int lane, uint64_t context, const char *name)
{
	CODE(ask(lane, &answer, WIRE_CONNECT, context, name, SCARD_SHARE_SHARED, ANY),
	    SCARD_S_SUCCESS);
	return wire_get_u64(&answer.reader);
}

static void
say_transmit(int lane, uint64_t card)
{
	say(lane, WIRE_TRANSMIT, card, 0u, 65544u, command, (uint32_t)sizeof command);
}

/*
 * A card that never answers, one client inside, many behind it: another reader is served, those who
 * leave the queue are let go, and the removal of the card ends it for all.
 */
static void
test_blocked_reader(void)
{
	int lanes[WAITERS], free_lane, inside;
	uint64_t cards[WAITERS], context, card;
	struct card mute;
	char name[128];

	start();
	card_begin(&mute, &virtual, 0, CARD_MUTE, NULL, 0);
	inside = session_begin(NULL);
	context = establish(inside);
	virtual_name(inside, context, name);
	wait_for_card(inside, context, name);
	card = connect_named(inside, context, name);
	for (unsigned i = 0; i < WAITERS; i++) {
		lanes[i] = session_begin(NULL);
		cards[i] = connect_named(lanes[i], establish(lanes[i]), name);
	}
	say_transmit(inside, card);
	while (sem_wait(&mute.commanded) != 0 && errno == EINTR)
		;
	for (unsigned i = 0; i < WAITERS; i++)
		say_transmit(lanes[i], cards[i]);
	free_lane = session_begin(NULL);
	card = connect_card(free_lane, establish(free_lane));
	for (unsigned i = 0; i < 100; i++)
		transmit(free_lane, card);
	/* One inside, two spare, main, and the drivers'; not one for each client. */
	CU_ASSERT(scardd_threads() <= 12);
	for (unsigned i = 0; i < WAITERS; i += 2)
		(void)close(lanes[i]);
	for (unsigned i = 1; i < WAITERS; i += 2)
		CU_ASSERT(is_silent(lanes[i]));
	card_end(&mute);
	CU_ASSERT(hear(inside, &answer));
	CU_ASSERT(answer.header.result != SCARD_S_SUCCESS);
	for (unsigned i = 1; i < WAITERS; i += 2) {
		CU_ASSERT(hear(lanes[i], &answer));
		/*
		 * The removal has been announced; or the card was to be reset for one who left; or
		 * neither yet, and the reader itself says that there is none.
		 */
		CU_ASSERT(answer.header.result == SCARD_W_REMOVED_CARD ||
		    answer.header.result == SCARD_W_RESET_CARD ||
		    answer.header.result == SCARD_E_NO_SMARTCARD);
		(void)close(lanes[i]);
	}
	transmit(free_lane, card);
	(void)close(free_lane);
	(void)close(inside);
	SUITE_EQUAL_INT(scardd_stop(), 0);
}

/* A long answer, and the end while a driver is at work. */
static void
test_stop_inside_driver(void)
{
	const uint8_t *reply;
	struct card card_long;
	uint64_t context, card;
	uint32_t length = 0;
	char name[128];
	int lane;

	start();
	lane = session_begin(NULL);
	context = establish(lane);
	virtual_name(lane, context, name);
	card_begin(&card_long, &virtual, 0, CARD_LONG, NULL, 0);
	wait_for_card(lane, context, name);
	card = connect_named(lane, context, name);
	say_transmit(lane, card);
	CU_ASSERT(hear(lane, &answer));
	CODE(answer.header.result, SCARD_S_SUCCESS);
	(void)wire_get_u32(&answer.reader);
	wire_get_bytes(&answer.reader, &reply, &length);
	SUITE_EQUAL_INT(length, 65535);
	CODE(ask(lane, &answer, WIRE_TRANSMIT, card, 0u, 16u, command, (uint32_t)sizeof command),
	    SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(answer.header.needed, 65535);
	while (sem_trywait(&card_long.commanded) == 0)
		;
	card_long.manner = CARD_MUTE;
	say_transmit(lane, card);
	while (sem_wait(&card_long.commanded) != 0 && errno == EINTR)
		;
	SUITE_EQUAL_INT(scardd_stop(), 0);
	card_end(&card_long);
	(void)close(lane);
}

/* Says where a client did not get what it must. */
static bool
failed(const char *where)
{
	printf("# %s: %#x\n", where, (unsigned)answer.header.result);
	(void)fflush(stdout);
	return false;
}

/* One round of a client, which leaves in a way that depends on the number. */
static bool
live(unsigned number)
{
	uint8_t token[WIRE_TOKEN_SIZE];
	int lane = session_begin(token), other = lane_join(token);
	uint64_t context, card;
	char name[128];
	LONG result;

	if (ask(lane, &answer, WIRE_ESTABLISH, number % 2, 0u) != SCARD_S_SUCCESS)
		return failed("establish");
	context = wire_get_u64(&answer.reader);
	first_reader(lane, context, name);
	if (ask(lane, &answer, WIRE_CONNECT, context, name, SCARD_SHARE_SHARED, ANY) !=
	    SCARD_S_SUCCESS)
		return failed("connect");
	card = wire_get_u64(&answer.reader);
	say(other, WIRE_STATUS_CHANGE, context, number % 3 == 0 ? WIRE_ABSENT : number % 5, PNP,
	    0u);
	result = ask(lane, &answer, WIRE_BEGIN, card);
	if (result != SCARD_S_SUCCESS && result != SCARD_W_RESET_CARD)
		return failed("begin");
	say_transmit(lane, card);
	if (number % 7 == 3) { /* leaves with a request under way, in a transaction */
		(void)close(lane);
		(void)close(other);
		return true;
	}
	if (!hear(lane, &answer))
		return failed("transmit");
	if (ask(lane, &answer, WIRE_END, card,
		number % 4 == 0 ? SCARD_RESET_CARD : SCARD_LEAVE_CARD) == SCARD_F_COMM_ERROR)
		return failed("end");
	if (number % 3 == 0 && number % 2 == 0)
		CODE(ask(lane, &answer, WIRE_CANCEL, context), SCARD_S_SUCCESS);
	else if (number % 3 == 0)
		CODE(ask(lane, &answer, WIRE_RELEASE, context), SCARD_S_SUCCESS);
	if (!hear(other, &answer))
		return failed("status change");
	(void)close(other);
	(void)close(lane);
	return true;
}

static void
test_many_processes(void)
{
	pid_t pids[PROCESSES];
	unsigned before = CU_get_number_of_failure_records();
	int lane, status;

	scardd_start_softcard();
	for (unsigned i = 0; i < PROCESSES; i++)
		if ((pids[i] = fork()) == 0) {
			for (unsigned round = 0; round < ROUNDS; round++)
				if (!live(i * 5 + round))
					_exit(1);
			_exit(CU_get_number_of_failure_records() != before);
		}
	for (unsigned i = 0; i < PROCESSES; i++) {
		CU_ASSERT(waitpid(pids[i], &status, 0) == pids[i]);
		SUITE_EQUAL_INT(status, 0);
	}
	lane = session_begin(NULL);
	transmit(lane, connect_card(lane, establish(lane)));
	CODE(ask(lane, &answer, WIRE_HOLDERS), SCARD_S_SUCCESS);
	(void)close(lane);
	SUITE_EQUAL_INT(scardd_stop(), 0);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "a reader that blocks", test_blocked_reader },
		{ "stop inside a driver", test_stop_inside_driver },
		{ "many processes", test_many_processes },
	};

	return suite_run("scardd", tests, sizeof tests / sizeof tests[0]);
}
