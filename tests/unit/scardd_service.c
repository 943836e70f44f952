/* SPDX-License-Identifier: BSD-2-Clause */
/* scardd serving: its messages, who waits for whom, and who is not disturbed by whom. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rm/wire/page.h"
#include "tests/unit/scardd_fixture.h"

#define MANY_CLIENTS 1000

static struct answer answer;

/* A client with a session, a context and a card. */
struct client {
	uint8_t token[WIRE_TOKEN_SIZE];
	int lane;
	uint64_t context, card;
};

static struct client
client_begin(void)
{
	struct client client;

	client.lane = session_begin(client.token);
	client.context = establish(client.lane);
	client.card = connect_card(client.lane, client.context);
	return client;
}

/* What happens to its card by this happens when the daemon finds out. */
static void
client_hang_up(struct client *client)
{
	(void)close(client->lane);
}

/* Whoever connects after this comes behind the reset of a card that was left connected. */
static void
client_end(struct client *client)
{
	(void)ask(client->lane, &answer, WIRE_RELEASE, client->context);
	client_hang_up(client);
}

static void
wait_until_unused(const struct client *client, const char *name)
{
	uint32_t state = SCARD_STATE_UNAWARE;

	do {
		CODE(ask(client->lane, &answer, WIRE_STATUS_CHANGE, client->context, WIRE_ABSENT,
			 name, state),
		    SCARD_S_SUCCESS);
		SUITE_EQUAL_INT(wire_get_count(&answer.reader), 1);
		state = wire_get_u32(&answer.reader) & ~SCARD_STATE_CHANGED;
	} while (!answer.reader.failed && (state & SCARD_STATE_INUSE));
}

/* The daemon serves a new client from hello to card, as soon as it has seen the end of others. */
static void
others_are_served(void)
{
	struct client client = { .lane = session_begin(NULL) };
	char name[128];
	LONG result;

	client.context = establish(client.lane);
	first_reader(client.lane, client.context, name);
	do { /* what one who is gone has asked for last may still be done */
		wait_until_unused(&client, name);
		result = ask(client.lane, &answer, WIRE_CONNECT, client.context, name,
		    SCARD_SHARE_EXCLUSIVE, ANY);
	} while (result == SCARD_E_SHARING_VIOLATION);
	CODE(result, SCARD_S_SUCCESS);
	client.card = wire_get_u64(&answer.reader);
	transmit(client.lane, client.card);
	client_end(&client);
}

static void
test_calls(void)
{
	struct client client = client_begin();
	const uint8_t *bytes = NULL;
	uint32_t length = 0;
	char name[128], text[128];

	transmit(client.lane, client.card);
	first_reader(client.lane, client.context, name);
	SUITE_EQUAL_STRING(name, "Tessera Soft Card");
	CODE(ask(client.lane, &answer, WIRE_LIST_GROUPS, client.context), SCARD_S_SUCCESS);
	wire_get_bytes(&answer.reader, &bytes, &length);
	SUITE_EQUAL_INT(length, sizeof "SCard$DefaultReaders" + 1);
	CODE(ask(client.lane, &answer, WIRE_STATUS, client.card), SCARD_S_SUCCESS);
	wire_get_text(&answer.reader, text, sizeof text);
	SUITE_EQUAL_STRING(text, name);
	SUITE_EQUAL_INT(wire_get_u32(&answer.reader), SCARD_SPECIFIC);
	(void)wire_get_u32(&answer.reader);
	wire_get_bytes(&answer.reader, &bytes, &length);
	SUITE_EQUAL_BYTES(
	    bytes, length, "3B 8F 80 01 80 31 E8 73 F4 21 40 57 54 65 73 73 65 72 61 A1");
	CODE(ask(client.lane, &answer, WIRE_BEGIN, client.card), SCARD_S_SUCCESS);
	CODE(ask(client.lane, &answer, WIRE_END, client.card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	CODE(ask(client.lane, &answer, WIRE_RECONNECT, client.card, SCARD_SHARE_SHARED, ANY,
		 SCARD_RESET_CARD),
	    SCARD_S_SUCCESS);
	CU_ASSERT(wire_get_u32(&answer.reader) & ANY);
	CODE(ask(client.lane, &answer, WIRE_GET_ATTRIBUTE, client.card, SCARD_ATTR_ATR_STRING, 64u),
	    SCARD_S_SUCCESS);
	wire_get_bytes(&answer.reader, &bytes, &length);
	SUITE_EQUAL_INT(length, 20);
	CODE(ask(client.lane, &answer, WIRE_GET_ATTRIBUTE, client.card, SCARD_ATTR_ATR_STRING, 8u),
	    SCARD_E_INSUFFICIENT_BUFFER);
	SUITE_EQUAL_INT(answer.header.needed, 20);
	CODE(ask(client.lane, &answer, WIRE_SET_ATTRIBUTE, client.card, SCARD_ATTR_ATR_STRING, "",
		 0u),
	    ERROR_NOT_SUPPORTED);
	CODE(ask(client.lane, &answer, WIRE_CONTROL, client.card, 0x12345678u, 16u, "", 0u),
	    ERROR_INVALID_FUNCTION);
	CODE(ask(client.lane, &answer, WIRE_DISCONNECT, client.card, SCARD_LEAVE_CARD),
	    SCARD_S_SUCCESS);
	CODE(ask(client.lane, &answer, WIRE_IS_VALID, client.context), SCARD_S_SUCCESS);
	CODE(ask(client.lane, &answer, WIRE_RELEASE, client.context), SCARD_S_SUCCESS);
	CODE(ask(client.lane, &answer, WIRE_IS_VALID, client.context), ERROR_INVALID_HANDLE);
	client_end(&client);
}

static void
test_failure_text(void)
{
	int lane = session_begin(NULL);
	uint64_t context = establish(lane);
	char text[WIRE_TEXT_MAX];

	CODE(ask(lane, &answer, WIRE_CONNECT, context, "Nobody", SCARD_SHARE_SHARED, ANY),
	    SCARD_E_UNKNOWN_READER);
	wire_get_text(&answer.reader, text, sizeof text);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "Nobody"));
	CODE(ask(lane, &answer, WIRE_ESTABLISH, 7u, 0u), SCARD_E_INVALID_VALUE);
	(void)close(lane);
}

static void
test_foreign_handles(void)
{
	struct client owner = client_begin();
	int lane = session_begin(NULL);

	CODE(ask(lane, &answer, WIRE_STATUS, owner.card), ERROR_INVALID_HANDLE);
	CODE(ask(lane, &answer, WIRE_RELEASE, owner.context), ERROR_INVALID_HANDLE);
	CODE(ask(owner.lane, &answer, WIRE_IS_VALID, owner.context), SCARD_S_SUCCESS);
	(void)close(lane);
	client_end(&owner);
}

static void
test_holders(void)
{
	struct client holder = client_begin();
	int lane = session_begin(NULL);
	char name[128], program[128];
	uint32_t count;

	CODE(ask(holder.lane, &answer, WIRE_BEGIN, holder.card), SCARD_S_SUCCESS);
	CODE(ask(lane, &answer, WIRE_HOLDERS), SCARD_S_SUCCESS);
	count = wire_get_count(&answer.reader);
	SUITE_EQUAL_INT(count, 1);
	wire_get_text(&answer.reader, name, sizeof name);
	SUITE_EQUAL_STRING(name, "Tessera Soft Card");
	SUITE_EQUAL_INT(wire_get_u32(&answer.reader), getpid());
	SUITE_EQUAL_INT(wire_get_u32(&answer.reader), getuid());
	SUITE_EQUAL_INT(wire_get_u32(&answer.reader), SCARD_SHARE_SHARED);
	SUITE_EQUAL_INT(wire_get_u32(&answer.reader), 1);
	wire_get_text(&answer.reader, program, sizeof program);
	SUITE_EQUAL_STRING(program, "scardd_service");
	CU_ASSERT(wire_get_u64(&answer.reader) > 0);
	client_end(&holder);
	(void)close(lane);
}

/* Each of them waits for the transaction of the one before, which ends by hanging up. */
static void
test_hang_up_in_transaction(void)
{
	struct client first = client_begin(), second = client_begin(), third = client_begin();

	CODE(ask(first.lane, &answer, WIRE_BEGIN, first.card), SCARD_S_SUCCESS);
	say(second.lane, WIRE_BEGIN, second.card);
	say(third.lane, WIRE_STATUS, third.card);
	SUITE_EQUAL_INT(is_silent(second.lane), 1);
	client_hang_up(&first);
	CU_ASSERT(hear(second.lane, &answer));
	/* The card was reset for the one who died. */
	CODE(answer.header.result, SCARD_W_RESET_CARD);
	CU_ASSERT(hear(third.lane, &answer));
	CODE(ask(second.lane, &answer, WIRE_RECONNECT, second.card, SCARD_SHARE_SHARED, ANY,
		 SCARD_LEAVE_CARD),
	    SCARD_S_SUCCESS);
	CODE(ask(second.lane, &answer, WIRE_BEGIN, second.card), SCARD_S_SUCCESS);
	client_end(&second);
	client_end(&third);
}

/* One who waits hangs up: its place is free, the one behind gets the card. */
static void
test_hang_up_while_waiting(void)
{
	struct client holder = client_begin(), waiter = client_begin(), next = client_begin();

	CODE(ask(holder.lane, &answer, WIRE_BEGIN, holder.card), SCARD_S_SUCCESS);
	say(waiter.lane, WIRE_BEGIN, waiter.card);
	say(next.lane, WIRE_BEGIN, next.card);
	client_hang_up(&waiter);
	SUITE_EQUAL_INT(is_silent(next.lane), 1);
	CODE(ask(holder.lane, &answer, WIRE_DISCONNECT, holder.card, SCARD_LEAVE_CARD),
	    SCARD_S_SUCCESS);
	CU_ASSERT(hear(next.lane, &answer));
	client_end(&holder);
	client_end(&next);
}

/* A lane that is not the control lane ends: only its request does. */
static void
test_other_lane_ends(void)
{
	struct client holder = client_begin(), waiter = client_begin();
	int lane = lane_join(waiter.token);

	CODE(ask(holder.lane, &answer, WIRE_BEGIN, holder.card), SCARD_S_SUCCESS);
	say(lane, WIRE_BEGIN, waiter.card);
	(void)close(lane);
	CODE(ask(waiter.lane, &answer, WIRE_IS_VALID, waiter.context), SCARD_S_SUCCESS);
	CODE(ask(holder.lane, &answer, WIRE_END, holder.card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	CODE(ask(waiter.lane, &answer, WIRE_STATUS, waiter.card), SCARD_S_SUCCESS);
	client_end(&holder);
	client_end(&waiter);
}

/* The state of the reader as it is, which is then waited to change. */
static uint32_t
current_state(struct client *client, const char *name)
{
	CODE(ask(client->lane, &answer, WIRE_STATUS_CHANGE, client->context, 0u, name, 0u),
	    SCARD_S_SUCCESS);
	SUITE_EQUAL_INT(wire_get_count(&answer.reader), 1);
	return wire_get_u32(&answer.reader) & ~SCARD_STATE_CHANGED;
}

static void
test_change_cancelled(void)
{
	struct client client = client_begin();
	int lane = lane_join(client.token);
	uint32_t state;
	char name[128];

	first_reader(client.lane, client.context, name);
	state = current_state(&client, name);
	CU_ASSERT(state & SCARD_STATE_PRESENT);
	say(lane, WIRE_STATUS_CHANGE, client.context, WIRE_ABSENT, name, state);
	do /* until it was there to be cancelled */
		CODE(ask(client.lane, &answer, WIRE_CANCEL, client.context), SCARD_S_SUCCESS);
	while (is_silent(lane));
	CU_ASSERT(hear(lane, &answer));
	CODE(answer.header.result, SCARD_E_CANCELLED);
	(void)close(lane);
	client_end(&client);
}

static void
test_change_time_limit(void)
{
	struct client client = client_begin();
	int lane = lane_join(client.token), later = lane_join(client.token);
	uint32_t state;
	char name[128];

	first_reader(client.lane, client.context, name);
	state = current_state(&client, name);
	CODE(ask(lane, &answer, WIRE_STATUS_CHANGE, client.context, 0u, name, state),
	    SCARD_E_TIMEOUT);
	SUITE_EQUAL_INT(wire_get_count(&answer.reader), 1);
	SUITE_EQUAL_HEX(wire_get_u32(&answer.reader), state);
	say(later, WIRE_STATUS_CHANGE, client.context, 3600000u, name, state);
	CODE(ask(lane, &answer, WIRE_STATUS_CHANGE, client.context, 20u, name, state),
	    SCARD_E_TIMEOUT);
	SUITE_EQUAL_INT(wire_get_count(&answer.reader), 1);
	CODE(ask(lane, &answer, WIRE_STATUS_CHANGE, client.context, 1u, name, state),
	    SCARD_E_TIMEOUT);
	SUITE_EQUAL_INT(is_silent(later), 1);
	(void)close(lane);
	(void)close(later);
	client_end(&client);
}

/* What others do to a card ends the wait. */
static void
test_change_seen(void)
{
	struct client client = client_begin(), other;
	uint32_t state;
	char name[128];

	first_reader(client.lane, client.context, name);
	CODE(ask(client.lane, &answer, WIRE_DISCONNECT, client.card, SCARD_LEAVE_CARD),
	    SCARD_S_SUCCESS);
	state = current_state(&client, name);
	SUITE_EQUAL_INT(state & SCARD_STATE_INUSE, 0);
	say(client.lane, WIRE_STATUS_CHANGE, client.context, WIRE_ABSENT, name, state);
	other = client_begin();
	CU_ASSERT(hear(client.lane, &answer));
	CODE(answer.header.result, SCARD_S_SUCCESS);
	(void)wire_get_count(&answer.reader);
	CU_ASSERT(wire_get_u32(&answer.reader) & SCARD_STATE_INUSE);
	client_end(&client);
	client_end(&other);
}

static void
test_second_request(void)
{
	struct client holder = client_begin(), waiter = client_begin();
	int lane = lane_join(waiter.token);

	CODE(ask(holder.lane, &answer, WIRE_BEGIN, holder.card), SCARD_S_SUCCESS);
	say(lane, WIRE_BEGIN, waiter.card);
	say(lane, WIRE_IS_VALID, waiter.context);
	SUITE_EQUAL_INT(hear(lane, &answer), 0);
	CODE(ask(waiter.lane, &answer, WIRE_IS_VALID, waiter.context), SCARD_S_SUCCESS);
	(void)close(lane);
	client_end(&holder);
	client_end(&waiter);
}

static void
test_version(void)
{
	int lane = lane_connect();
	char text[WIRE_TEXT_MAX];

	CODE(ask(lane, &answer, WIRE_HELLO, 5u, 9u), SCARD_E_SERVICE_STOPPED);
	wire_get_text(&answer.reader, text, sizeof text);
	CU_ASSERT(strstr(text, "5 to 9") != NULL && strstr(text, "versions 1 to 4") != NULL);
	SUITE_EQUAL_INT(hear(lane, &answer), 0);
	(void)close(lane);
	lane = lane_connect();
	CODE(ask(lane, &answer, WIRE_HELLO, 0u, 0xFFFFFFFFu), SCARD_S_SUCCESS);
	SUITE_EQUAL_INT(wire_get_u32(&answer.reader), 4);
	(void)close(lane);
	lane = lane_connect();
	CODE(ask(lane, &answer, WIRE_HELLO, 0u, 0u), SCARD_E_SERVICE_STOPPED);
	(void)close(lane);
}

/* The descriptor that comes with an answer to HELLO; -1: none. */
static int
hello_descriptor(uint32_t version, int *ret_lane)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	uint8_t reply[128];
	struct msghdr message = { .msg_iov = &(struct iovec){ reply, sizeof reply },
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof control.space };
	int descriptor = -1;

	*ret_lane = lane_connect();
	say(*ret_lane, WIRE_HELLO, version, version);
	CU_ASSERT(recvmsg(*ret_lane, &message, MSG_CMSG_CLOEXEC) > 0);
	if (message.msg_controllen > 0)
		memcpy(&descriptor, CMSG_DATA(&control.header), sizeof descriptor);
	return descriptor;
}

static void
test_page(void)
{
	int lane, fd = hello_descriptor(1, &lane);
	struct wire_page_copy *copy;
	const struct wire_page *page;
	char name[128];

	SUITE_EQUAL_INT(fd, -1);
	(void)close(lane);
	fd = hello_descriptor(2, &lane);
	CU_ASSERT_FATAL(fd >= 0);
	page = mmap(NULL, sizeof *page, PROT_READ, MAP_SHARED, fd, 0);
	CU_ASSERT_FATAL(page != MAP_FAILED);
	first_reader(lane, establish(lane), name);
	copy = wire_page_read(page);
	CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
	SUITE_EQUAL_INT(copy->set.readers, 1);
	SUITE_EQUAL_STRING(copy->readers[0].name, name);
	SUITE_EQUAL_HEX(copy->readers[0].state.flags,
	    WIRE_PAGE_COUNTED | WIRE_PAGE_PRESENT | WIRE_PAGE_POWERED);
	free(copy);

	/* Nobody can change it, or take it away. */
	CU_ASSERT(
	    mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED);
	CU_ASSERT_EQUAL(
	    mprotect((void *)(uintptr_t)page, sizeof *page, PROT_READ | PROT_WRITE), -1);
	CU_ASSERT_EQUAL(pwrite(fd, "x", 1, 0), -1);
	CU_ASSERT_EQUAL(ftruncate(fd, 0), -1);
	CU_ASSERT_EQUAL(ftruncate(fd, 1 << 20), -1);
	CU_ASSERT_EQUAL(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096), -1);
	(void)munmap((void *)(uintptr_t)page, sizeof *page);
	(void)close(fd);
	(void)close(lane);
}

static void
test_wrong_token(void)
{
	uint8_t token[WIRE_TOKEN_SIZE];
	int control = session_begin(token), lane = lane_connect();

	token[3] ^= 0x40;
	CODE(ask(lane, &answer, WIRE_LANE, token, WIRE_TOKEN_SIZE), SCARD_E_INVALID_HANDLE);
	SUITE_EQUAL_INT(hear(lane, &answer), 0);
	(void)close(lane);
	lane = lane_connect();
	CODE(ask(lane, &answer, WIRE_LANE, token, 3u), SCARD_E_INVALID_HANDLE);
	(void)close(lane);
	(void)establish(control);
	(void)close(control);
}

/* A child that knows the token; its exit status is 0 when it was refused. */
static int
join_elsewhere(const uint8_t *token)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(ask(lane_connect(), &answer, WIRE_LANE, token, WIRE_TOKEN_SIZE) !=
		    SCARD_E_INVALID_HANDLE);
	(void)waitpid(pid, &status, 0);
	return status;
}

static void
test_token_elsewhere(void)
{
	uint8_t token[WIRE_TOKEN_SIZE];
	int control = session_begin(token);

	SUITE_EQUAL_INT(join_elsewhere(token), 0);
	(void)establish(control);
	(void)close(control);
}

/* A connection of this process as another user. */
static int
connect_as(uid_t user)
{
	int lane;

	/* The socket's folder is the test's own. */
	(void)chmod(getenv("TMPDIR"), 0711);
	(void)snprintf(scardd_socket, sizeof scardd_socket, "scardd.sock");
	(void)seteuid(user);
	lane = lane_connect();
	(void)seteuid(0);
	return lane;
}

static void
test_other_user(void)
{
	uint8_t token[WIRE_TOKEN_SIZE];
	struct client holder;
	int control, lane;
	char text[128];

	if (geteuid() != 0) {
		suite_skip("only root can be another user");
		return;
	}
	control = session_begin(token);
	lane = connect_as(65534);
	CODE(ask(lane, &answer, WIRE_LANE, token, WIRE_TOKEN_SIZE), SCARD_E_INVALID_HANDLE);
	(void)close(lane);
	/* Who it is that holds a card is seen, but not what runs there. */
	lane = connect_as(65534);
	CODE(ask(lane, &answer, WIRE_HELLO, 1u, 1u), SCARD_S_SUCCESS);
	holder = client_begin();
	CODE(ask(lane, &answer, WIRE_HOLDERS), SCARD_S_SUCCESS);
	SUITE_EQUAL_INT(wire_get_count(&answer.reader), 1);
	wire_get_text(&answer.reader, text, sizeof text);
	SUITE_EQUAL_INT(wire_get_u32(&answer.reader), getpid());
	for (unsigned i = 0; i < 3; i++)
		(void)wire_get_u32(&answer.reader);
	wire_get_text(&answer.reader, text, sizeof text);
	SUITE_EQUAL_STRING(text, "");
	client_end(&holder);
	(void)close(lane);
	(void)close(control);
}

/* No descriptor is left: clients are refused at once, until there is one again. */
static void
test_no_descriptors(void)
{
	const struct rlimit low = { 48, 48 };
	int lanes[64];
	unsigned count = 0;
	bool served;

	SUITE_EQUAL_INT(prlimit(scardd_pid, RLIMIT_NOFILE, &low, NULL), 0);
	do {
		lanes[count] = lane_connect();
		say(lanes[count], WIRE_HELLO, 1u, 1u);
	} while (hear(lanes[count++], &answer) && count < 64);
	CU_ASSERT(count > 16 && count < 48);
	for (unsigned i = 0; i < count; i++)
		(void)close(lanes[i]);
	do { /* until the daemon has seen one of them go */
		lanes[0] = lane_connect();
		say(lanes[0], WIRE_HELLO, 1u, 1u);
		served = hear(lanes[0], &answer);
		(void)close(lanes[0]);
	} while (!served);
	others_are_served();
}

static void
test_lane_limit(void)
{
	uint8_t token[WIRE_TOKEN_SIZE];
	int lanes[256], one_more;

	lanes[0] = session_begin(token);
	for (unsigned i = 1; i < 256; i++)
		lanes[i] = lane_join(token);
	one_more = lane_connect();
	CODE(ask(one_more, &answer, WIRE_LANE, token, WIRE_TOKEN_SIZE), SCARD_E_INVALID_HANDLE);
	(void)close(one_more);
	/* All lanes end with the control lane. */
	(void)close(lanes[0]);
	for (unsigned i = 1; i < 256; i++) {
		SUITE_EQUAL_INT(hear(lanes[i], &answer), 0);
		(void)close(lanes[i]);
	}
}

/* Sends bytes as a packet. */
static void
throw_bytes(int lane, const void *data, size_t size)
{
	CU_ASSERT(send(lane, data, size, MSG_NOSIGNAL) == (ssize_t)size);
}

static void
test_garbage(void)
{
	static const uint8_t zeros[40], huge[150000];
	static const struct {
		const void *data;
		size_t size;
	} packets[] = {
		{ zeros, 1 },
		{ zeros, 12 },
		{ zeros, sizeof zeros },
		{ "\x0C\0\0\0\1\0\0\0\x63\0\0\0", 12 },               /* no such message */
		{ "\x0C\0\0\0\1\0\0\0\3\0\0\0", 12 },                 /* fields are cut off */
		{ "\x0C\0\0\0\1\0\0\0\5\0\1\0", 12 },                 /* a reply */
		{ "\xFF\0\0\0\1\0\0\0\5\0\0\0\0\0\0\0\0\0\0\0", 20 }, /* another length */
		{ "\x14\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0", 20 }, /* a second HELLO */
		{ "\x1C\0\0\0\1\0\0\0\x09\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xFF\xFF\0\0", 28 },
		{ huge, sizeof huge },
	};
	struct client innocent = client_begin();

	for (size_t i = 0; i < sizeof packets / sizeof packets[0]; i++) {
		uint8_t token[WIRE_TOKEN_SIZE];
		int control = session_begin(token), lane = lane_join(token), bare = lane_connect();

		throw_bytes(lane, packets[i].data, packets[i].size);
		SUITE_EQUAL_INT(hear(lane, &answer), 0);
		SUITE_EQUAL_INT(hear(control, &answer), 0);
		if (i != 7) {
			throw_bytes(bare, packets[i].data, packets[i].size);
			SUITE_EQUAL_INT(hear(bare, &answer), 0);
		}
		(void)close(lane);
		(void)close(control);
		(void)close(bare);
	}
	transmit(innocent.lane, innocent.card);
	client_end(&innocent);
}

/* A connection that says something else before HELLO. */
static void
test_no_hello(void)
{
	int lane = lane_connect();

	say(lane, WIRE_ESTABLISH, 0u, 0u);
	SUITE_EQUAL_INT(hear(lane, &answer), 0);
	(void)close(lane);
}

/* The life of a client, step by step; it dies after the first `steps` messages, unheard. */
static void
live(unsigned steps)
{
	static const uint8_t command[] = { 0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00 };
	int lane = lane_connect();
	uint64_t context = 0, card = 0;
	char name[128] = "Tessera Soft Card";

	for (unsigned step = 0; step < steps; step++) {
		bool last = step + 1 == steps;

		switch (step) {
		case 0:
			say(lane, WIRE_HELLO, 1u, 1u);
			break;
		case 1:
			say(lane, WIRE_ESTABLISH, 0u, 0u);
			break;
		case 2:
			say(lane, WIRE_STATUS_CHANGE, context, 0u, name, 0u);
			break;
		case 3:
			say(lane, WIRE_CONNECT, context, name, SCARD_SHARE_EXCLUSIVE, ANY);
			break;
		case 4:
			say(lane, WIRE_BEGIN, card);
			break;
		case 5:
			say(lane, WIRE_TRANSMIT, card, 0u, 258u, command, (uint32_t)sizeof command);
			break;
		case 6:
			say(lane, WIRE_END, card, SCARD_RESET_CARD);
			break;
		case 7:
			say(lane, WIRE_DISCONNECT, card, SCARD_UNPOWER_CARD);
			break;
		default:
			say(lane, WIRE_RELEASE, context);
			break;
		}
		if (last || !hear(lane, &answer))
			break;
		if (step == 1)
			context = wire_get_u64(&answer.reader);
		if (step == 3)
			card = wire_get_u64(&answer.reader);
	}
	(void)kill(getpid(), SIGKILL);
}

static void
test_killed_at_each_message(void)
{
	for (unsigned steps = 0; steps <= 9; steps++) {
		pid_t pid = fork();
		int status;

		if (pid == 0)
			live(steps);
		(void)waitpid(pid, &status, 0);
		CU_ASSERT(WIFSIGNALED(status));
		printf("# killed after message %u\n", steps);
		others_are_served();
	}
}

/* Answers that nobody reads cost the session, not the daemon. */
static void
test_not_reading(void)
{
	struct client client = client_begin();
	struct pollfd wait = { .fd = client.lane, .events = 0 };
	unsigned sent = 0;

	while (poll(&wait, 1, 0) == 0 && sent < 100000) {
		say(client.lane, WIRE_LIST_READERS, client.context, NULL, WIRE_ABSENT);
		sent++;
	}
	CU_ASSERT(wait.revents & POLLHUP);
	client_hang_up(&client);
	others_are_served();
}

static void
test_many_clients(void)
{
	static int lanes[MANY_CLIENTS];

	for (unsigned i = 0; i < MANY_CLIENTS; i++)
		lanes[i] = lane_connect();
	for (unsigned i = 0; i < MANY_CLIENTS; i++)
		say(lanes[i], WIRE_HELLO, 1u, 1u);
	for (unsigned i = 0; i < MANY_CLIENTS; i++) {
		if (!hear(lanes[i], &answer) || answer.header.result != SCARD_S_SUCCESS)
			CU_FAIL("a client was refused");
		(void)close(lanes[i]);
	}
	CU_ASSERT(scardd_threads() <= 8);
}

static void
test_stop_with_waiting_clients(void)
{
	struct client holder = client_begin(), waiter = client_begin();
	int lane = lane_join(waiter.token), silent = lane_connect();
	char name[128];
	uint32_t state;

	first_reader(waiter.lane, waiter.context, name);
	CODE(ask(holder.lane, &answer, WIRE_BEGIN, holder.card), SCARD_S_SUCCESS);
	state = current_state(&waiter, name);
	say(waiter.lane, WIRE_STATUS_CHANGE, waiter.context, WIRE_ABSENT, name, state);
	say(lane, WIRE_BEGIN, waiter.card);
	SUITE_EQUAL_INT(scardd_stop(), 0);
	CU_ASSERT(!hear(holder.lane, &answer));
	CU_ASSERT(!hear(silent, &answer));
	(void)close(silent);
	(void)close(lane);
	client_hang_up(&holder);
	client_hang_up(&waiter);
	SUITE_EQUAL_INT(access(scardd_socket, F_OK), -1);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "every call", test_calls },
		{ "a failure has its text", test_failure_text },
		{ "handles of others", test_foreign_handles },
		{ "holders", test_holders },
		{ "holder hangs up in a transaction", test_hang_up_in_transaction },
		{ "one hangs up while it waits", test_hang_up_while_waiting },
		{ "the end of another lane", test_other_lane_ends },
		{ "status change, cancelled", test_change_cancelled },
		{ "status change, time limits", test_change_time_limit },
		{ "status change, seen", test_change_seen },
		{ "a second request", test_second_request },
		{ "versions", test_version },
		{ "the status page", test_page },
		{ "a wrong token", test_wrong_token },
		{ "the right token elsewhere", test_token_elsewhere },
		{ "another user", test_other_user },
		{ "256 lanes", test_lane_limit },
		{ "garbage", test_garbage },
		{ "no hello", test_no_hello },
		{ "killed at each message", test_killed_at_each_message },
		{ "answers that nobody reads", test_not_reading },
		{ "1000 clients at once", test_many_clients },
		{ "no descriptor left", test_no_descriptors },
		{ "stop with waiting clients", test_stop_with_waiting_clients },
	};

	scardd_start_softcard();
	return suite_run("scardd", tests, sizeof tests / sizeof tests[0]);
}
