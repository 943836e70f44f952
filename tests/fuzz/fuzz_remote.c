/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The client and whoever listens at its daemon's socket. One call of the table is answered with
 * anything; it returns the code of a reply that is one, or loses the session and says so, and
 * writes no more than there is room for. A session after that is as good as the first.
 *
 * Input: a byte that chooses the call, a byte of flags, two bytes of room; then replies, each
 * behind two bytes of length. With the highest bit of the length the reply is the whole packet,
 * else it begins with the result, and what stands before that is put there.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <winerror.h>

#include "rm/api/remote.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The linker puts these in the place of the system's. */
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t length);
ssize_t __real_sendmsg(int fd, const struct msghdr *message, int flags);
ssize_t __wrap_sendmsg(int fd, const struct msghdr *message, int flags);

#define FLAG_HELLO 1u /* these are answered with the input as well */
#define FLAG_LANE 2u
#define FLAG_LONG_NAMES 4u
#define REPLY_RAW 0x8000u
#define DESCRIPTORS_MAX 1024
#define STATES_MAX 5u
#define RESULT_AT 12u
#define UNTOUCHED 0xA5

static struct {
	const uint8_t *data;
	size_t size, at;
	unsigned flags;
	bool calling; /* the call that is tried */
	bool broken;  /* one reply to it was none: it may have begun anew in another session */
	/* Of the last reply to it. */
	bool ended; /* there was none left */
	bool wrong;
	LONG result;
	uint32_t needed;
} input;

static int peers[DESCRIPTORS_MAX]; /* 0: none */
static uint8_t request[WIRE_MESSAGE_MAX];
static uint8_t reply[WIRE_MESSAGE_MAX];

static void
close_peer(int fd)
{
	assert(fd >= 0 && fd < DESCRIPTORS_MAX);
	if (peers[fd] != 0)
		(void)close(peers[fd]);
	peers[fd] = 0;
}

int
__wrap_connect(int fd, const struct sockaddr *address, socklen_t length)
{
	int pair[2];

	(void)address, (void)length;
	close_peer(fd);
	assert(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0);
	assert(dup2(pair[0], fd) == fd);
	(void)close(pair[0]);
	peers[fd] = pair[1];
	return 0;
}

/* A reply as the daemon would give it. */
static size_t
good_reply(const struct wire_header *header)
{
	static const uint8_t token[WIRE_TOKEN_SIZE];
	struct wire_writer writer;

	wire_begin_reply(&writer, reply, sizeof reply, header->number, header->serial, 0, 0);
	switch (header->number) {
	case WIRE_HELLO:
		wire_put_u32(&writer, WIRE_VERSION);
		wire_put_bytes(&writer, token, sizeof token);
		break;
	case WIRE_ESTABLISH:
		wire_put_u64(&writer, 0x5C1E00000000);
		break;
	case WIRE_CONNECT:
		wire_put_u64(&writer, 0x5C1E00000001);
		wire_put_u32(&writer, SCARD_PROTOCOL_T1);
		break;
	default:
		break;
	}
	return (size_t)wire_finish(&writer);
}

static void
put_u32(uint8_t *at, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

/* The next reply of the input; 0: there is none. */
static size_t
next_reply(const struct wire_header *header)
{
	struct wire_writer writer;
	size_t length, head = 0;
	unsigned how;

	if (input.size - input.at < 2)
		return 0;
	how = (unsigned)input.data[input.at] | (unsigned)input.data[input.at + 1] << 8;
	input.at += 2;
	length = MIN(how & ~REPLY_RAW, input.size - input.at);
	if (!(how & REPLY_RAW)) {
		wire_begin_reply(
		    &writer, reply, sizeof reply, header->number, header->serial, 0, 0);
		head = RESULT_AT;
	}
	memcpy(reply + head, input.data + input.at, length);
	input.at += length;
	if (head > 0)
		put_u32(reply, (uint32_t)(head + length));
	return head + length;
}

/* What the client must see in a reply. */
static void
judge(const struct wire_header *asked, size_t size)
{
	struct wire_reader reader;
	struct wire_header header;

	input.ended = size == 0;
	input.wrong = wire_check(reply, size) != 0;
	input.broken = input.broken || input.wrong;
	if (input.wrong)
		return;
	assert(wire_open(&reader, reply, size, &header) == 0);
	input.wrong =
	    !header.is_reply || header.serial != asked->serial || header.number != asked->number;
	input.broken = input.broken || input.wrong;
	input.result = header.result;
	input.needed = header.needed;
}

static bool
answered_with_input(uint16_t number)
{
	return input.calling || (number == WIRE_HELLO && (input.flags & FLAG_HELLO) != 0) ||
	    (number == WIRE_LANE && (input.flags & FLAG_LANE) != 0);
}

/* The daemon takes the request, and its reply is there before the client looks. */
ssize_t
__wrap_sendmsg(int fd, const struct msghdr *message, int flags)
{
	struct wire_reader reader;
	struct wire_header header;
	ssize_t sent = __real_sendmsg(fd, message, flags);
	size_t length = 0, size;

	for (size_t i = 0; i < message->msg_iovlen; i++)
		length += message->msg_iov[i].iov_len;
	if (sent != (ssize_t)length)
		return sent;
	assert(recv(peers[fd], request, sizeof request, MSG_TRUNC) == sent);
	assert(wire_check(request, length) == 0);
	assert(wire_open(&reader, request, length, &header) == 0 && !header.is_reply);
	if (!answered_with_input(header.number))
		size = good_reply(&header);
	else {
		size = next_reply(&header);
		judge(&header, size);
	}
	if (size > 0)
		assert(send(peers[fd], reply, size, MSG_NOSIGNAL) == (ssize_t)size);
	else
		(void)shutdown(peers[fd], SHUT_RDWR);
	return sent;
}

struct caller {
	SCARDCONTEXT context;
	SCARDHANDLE card;
	unsigned room;
	char *message;
};

/* A multi-string: its names and its end are where the length says. */
static void
check_list(char *list, size_t length)
{
	size_t at = 0;

	assert(length > 0 && list[length - 1] == '\0');
	while (list[at] != '\0')
		at += strlen(list + at) + 1;
	assert(at + 1 == length);
	free(list);
}

static LONG
try_list(const struct caller *caller, bool readers)
{
	static const char groups[] = "SCard$AllReaders\0";
	SCARDCONTEXT context = (caller->room & 1) != 0 ? caller->context : 0;
	char *list = NULL;
	size_t length = 0;
	LONG code;

	if (readers)
		code = remote_calls.list_readers(context, (caller->room & 2) != 0 ? groups : NULL,
		    &list, &length, caller->message);
	else
		code = remote_calls.list_groups(context, &list, &length, caller->message);
	assert((code == SCARD_S_SUCCESS) == (list != NULL));
	if (list != NULL)
		check_list(list, length);
	return code;
}

static LONG
try_status_change(const struct caller *caller)
{
	static char long_name[WIRE_TEXT_MAX + 100];
	size_t count = caller->room % STATES_MAX;
	struct rm_calls_state *states = g_new0(struct rm_calls_state, MAX(count, 1));
	LONG code;

	memset(long_name, 'n', sizeof long_name - 1);
	for (size_t i = 0; i < count; i++)
		states[i].name = (input.flags & FLAG_LONG_NAMES) != 0 ? long_name : "Soft Card";
	code = remote_calls.status_change(caller->context, 0, states, count, -1, caller->message);
	for (size_t i = 0; i < count; i++)
		assert(states[i].atr_length <= sizeof states[i].atr);
	g_free(states);
	return code;
}

static LONG
try_status(const struct caller *caller)
{
	struct rm_calls_status status;
	LONG code;

	memset(&status, UNTOUCHED, sizeof status);
	code = remote_calls.status(caller->card, &status, caller->message);
	if (code == SCARD_S_SUCCESS) {
		assert(strnlen(status.name, sizeof status.name) < sizeof status.name);
		assert(g_utf8_validate(status.name, -1, NULL));
		assert(status.atr_length <= sizeof status.atr);
	} else
		assert((uint8_t)status.name[0] == UNTOUCHED && status.atr[0] == UNTOUCHED);
	return code;
}

static const struct rm_calls_cache_key cache_key = { .name = "item" };

static LONG
exchange(const struct caller *caller, uint16_t number, uint8_t *out, size_t *length)
{
	static const uint8_t select[] = { 0x00, 0xA4, 0x00, 0x00 };
	uint32_t protocol = 0;

	switch (number) {
	case WIRE_TRANSMIT:
		return remote_calls.transmit(caller->card, 0, select, sizeof select, out, length,
		    &protocol, caller->message);
	case WIRE_CONTROL:
		return remote_calls.control(caller->card, CM_IOCTL_GET_FEATURE_REQUEST, select, 0,
		    out, length, caller->message);
	case WIRE_READ_CACHE:
		return remote_calls.cache_read(
		    caller->context, &cache_key, out, length, caller->message);
	default:
		return remote_calls.get_attribute(
		    caller->card, SCARD_ATTR_ATR_STRING, out, length, caller->message);
	}
}

/* Room of exactly that size, so that a sanitizer sees the first byte behind it. */
static LONG
try_exchange(const struct caller *caller, uint16_t number)
{
	uint8_t *out = malloc(caller->room > 0 ? caller->room : 1);
	size_t length = caller->room;
	LONG code;

	assert(out != NULL);
	memset(out, UNTOUCHED, caller->room);
	code = exchange(caller, number, out, &length);
	if (code == SCARD_S_SUCCESS)
		assert(length <= caller->room);
	else {
		assert(
		    length == (code == SCARD_E_INSUFFICIENT_BUFFER ? input.needed : caller->room));
		for (size_t i = 0; i < caller->room; i++)
			assert(out[i] == UNTOUCHED);
	}
	free(out);
	return code;
}

static LONG
try_connect(const struct caller *caller)
{
	SCARDHANDLE card = 0;
	uint32_t active;
	LONG code = remote_calls.connect(caller->context, "Soft Card", SCARD_SHARE_SHARED,
	    SCARD_PROTOCOL_Tx, &card, &active, caller->message);

	assert((code == SCARD_S_SUCCESS) == (card != 0 && card != caller->card));
	return code;
}

static LONG
try_holders(const struct caller *caller)
{
	struct rm_calls_holder *holders = NULL;
	size_t count = 0;
	LONG code = remote_calls.holders(&holders, &count, caller->message);

	assert(code == SCARD_S_SUCCESS ? (holders != NULL) == (count > 0) : holders == NULL);
	for (size_t i = 0; i < count; i++) {
		assert(strnlen(holders[i].reader, sizeof holders[i].reader) <
		    sizeof holders[i].reader);
		assert(strnlen(holders[i].program, sizeof holders[i].program) <
		    sizeof holders[i].program);
		assert(g_utf8_validate(holders[i].reader, -1, NULL));
		assert(g_utf8_validate(holders[i].program, -1, NULL));
		assert(holders[i].in_transaction <= 1);
	}
	free(holders);
	return code;
}

static LONG
try_device(const struct caller *caller)
{
	struct rm_calls_device device;
	LONG code;

	memset(&device, UNTOUCHED, sizeof device);
	code = remote_calls.device(caller->context, "Soft Card", &device, caller->message);
	if (code == SCARD_S_SUCCESS)
		assert(strnlen(device.id, sizeof device.id) < sizeof device.id);
	else
		assert((uint8_t)device.id[0] == UNTOUCHED);
	return code;
}

static LONG
try_trace(const struct caller *caller)
{
	int fd = -2;
	LONG code = remote_calls.trace(caller->context, "reader", &fd, caller->message);

	/* What fuzzes passes no descriptors, so that no answer is good enough. */
	assert(code != SCARD_S_SUCCESS && fd == -2);
	return code;
}

static LONG
try_list_device(const struct caller *caller)
{
	char *list = NULL;
	size_t length = 0;
	LONG code =
	    remote_calls.list_device(caller->context, "device", &list, &length, caller->message);

	if (code == SCARD_S_SUCCESS)
		check_list(list, length);
	else
		assert(list == NULL);
	return code;
}

static LONG
try_call(const struct caller *caller, uint16_t number)
{
	SCARDCONTEXT context = 0;
	uint32_t active;

	switch (number) {
	case WIRE_ESTABLISH:
		return remote_calls.establish(
		    RM_CALLS_WINDOWS, SCARD_SCOPE_USER, &context, caller->message);
	case WIRE_RELEASE:
		return remote_calls.release(caller->context, caller->message);
	case WIRE_IS_VALID:
		return remote_calls.is_valid(caller->context, caller->message);
	case WIRE_CANCEL:
		return remote_calls.cancel(caller->context, caller->message);
	case WIRE_LIST_READERS:
	case WIRE_LIST_GROUPS:
		return try_list(caller, number == WIRE_LIST_READERS);
	case WIRE_STATUS_CHANGE:
		return try_status_change(caller);
	case WIRE_CONNECT:
		return try_connect(caller);
	case WIRE_RECONNECT:
		return remote_calls.reconnect(caller->card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_Tx,
		    SCARD_LEAVE_CARD, &active, caller->message);
	case WIRE_DISCONNECT:
		return remote_calls.disconnect(caller->card, SCARD_LEAVE_CARD, caller->message);
	case WIRE_BEGIN:
		return remote_calls.begin(caller->card, caller->message);
	case WIRE_END:
		return remote_calls.end(caller->card, SCARD_LEAVE_CARD, caller->message);
	case WIRE_STATUS:
		return try_status(caller);
	case WIRE_SET_ATTRIBUTE:
		return remote_calls.set_attribute(
		    caller->card, SCARD_ATTR_VENDOR_NAME, NULL, 0, caller->message);
	case WIRE_HOLDERS:
		return try_holders(caller);
	case WIRE_WRITE_CACHE:
		return remote_calls.cache_write(
		    caller->context, &cache_key, NULL, 0, caller->message);
	case WIRE_AUDIT:
		return remote_calls.audit(
		    caller->context, SCARD_AUDIT_CHV_SUCCESS, caller->message);
	case WIRE_DEVICE:
		return try_device(caller);
	case WIRE_LIST_DEVICE:
		return try_list_device(caller);
	case WIRE_TRACE:
		return try_trace(caller);
	default:
		return try_exchange(caller, number);
	}
}

static bool
check_message(LONG code, char *message, bool must_say)
{
	assert(strnlen(message, RM_CALLS_MESSAGE_SIZE) < RM_CALLS_MESSAGE_SIZE);
	assert(g_utf8_validate(message, -1, NULL));
	assert(!must_say || message[0] != '\0');
	return code == SCARD_S_SUCCESS;
}

static LONG
establish(SCARDCONTEXT *ret_context, char *message)
{
	return remote_calls.establish(RM_CALLS_WINDOWS, SCARD_SCOPE_USER, ret_context, message);
}

/* The call, and what became of the session by it. */
static void
run_call(struct caller *caller, uint16_t number)
{
	bool lost;
	LONG code;

	input.calling = true;
	input.broken = false;
	caller->message[0] = '\0';
	code = try_call(caller, number);
	input.calling = false;
	(void)check_message(code, caller->message, false);
	/* A reply with all its fields may still be none to this call, or to a second HELLO. */
	if (input.ended || input.wrong || code != input.result) {
		assert(code == SCARD_E_SERVICE_STOPPED ||
		    (code == SCARD_E_NO_SERVICE && input.broken));
		assert(caller->message[0] != '\0');
	}
	lost = input.broken || code != input.result;

	if (number == WIRE_RELEASE)
		return;
	caller->message[0] = '\0';
	code = remote_calls.is_valid(caller->context, caller->message);
	assert(code == (lost ? SCARD_E_SERVICE_STOPPED : SCARD_S_SUCCESS));
	(void)check_message(code, caller->message, lost);
}

/* Whatever happened: with a daemon that behaves all is well again. */
static void
run_again(char *message)
{
	SCARDCONTEXT context = 0;

	input.flags = 0;
	assert(establish(&context, message) == SCARD_S_SUCCESS);
	assert(remote_calls.is_valid(context, message) == SCARD_S_SUCCESS);
	assert(remote_calls.release(context, message) == SCARD_S_SUCCESS);
}

static void
run(uint16_t number, unsigned room, char *message)
{
	struct caller caller = { .room = room, .message = message };
	uint32_t active;
	LONG code;

	if (!check_message(establish(&caller.context, message), message, false) ||
	    !check_message(remote_calls.connect(caller.context, "Soft Card", SCARD_SHARE_SHARED,
			       SCARD_PROTOCOL_Tx, &caller.card, &active, message),
		message, false)) {
		/* Only because no lane was opened for it. */
		assert((input.flags & (FLAG_HELLO | FLAG_LANE)) != 0);
		return;
	}
	code = remote_calls.is_valid(caller.context, message);
	assert(code == SCARD_S_SUCCESS);
	run_call(&caller, number);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *message;
	uint16_t number;
	unsigned room;
	LONG code;

	if (size < 4)
		return 0;
	memset(&input, 0, sizeof input);
	input.data = data;
	input.size = size;
	input.at = 4;
	input.flags = data[1];
	number = (uint16_t)(WIRE_ESTABLISH + data[0] % (WIRE_TRACE - WIRE_ESTABLISH + 1));
	room = (unsigned)data[2] | (unsigned)data[3] << 8;

	message = g_malloc0(RM_CALLS_MESSAGE_SIZE);
	if (api_remote_open("socket", &code, message) != NULL) {
		assert(code == SCARD_S_SUCCESS);
		run(number, room, message);
	} else {
		assert(code != SCARD_S_SUCCESS && (input.flags & FLAG_HELLO) != 0);
		(void)check_message(code, message, input.ended || input.wrong);
	}
	run_again(message);
	api_remote_close();
	for (int fd = 0; fd < DESCRIPTORS_MAX; fd++)
		close_peer(fd);
	g_free(message);
	return 0;
}
