/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Secure: the reader asks for a PIN, puts it into the command, and sends that to the card.
 */
#include <string.h>

#include "tests/emulator/reader_state.h"

enum {
	VERIFY = 0,
	MODIFY = 1,
	CONFIRM_NEW = 1, /* bConfirmPIN */
	CONFIRM_OLD = 2,
	FORMAT_BCD = 1,
	FORMAT_ASCII = 2,
	FORMAT_BYTES = 0x80, /* of bmFormatString: positions count bytes, else bits */
	LC = 4,
	DATA = 5,
	APDU_MAX = 261,
	PARSE_MIN = 19, /* a verification with a bare header */
	SW_DIFFERENT = 0x6402,
	SW_SIZE = 0x6403
};

/* What the structures of verification and modification say. */
struct request {
	uint8_t operation, format, block, length_format;
	uint8_t old_offset, new_offset, confirm;
	uint8_t most, least;
	const uint8_t *prologue;
	uint8_t apdu[APDU_MAX];
	size_t apdu_length;
};

/* 0, or a bError. */
static uint8_t
parse(const uint8_t *data, size_t length, struct request *ret)
{
	size_t at = 5, messages = 1;

	*ret = (struct request){ .operation = length > 0 ? data[0] : 0xFF };
	if (ret->operation > MODIFY)
		return EMU_HEADER;
	if (length < PARSE_MIN)
		return EMU_ERROR_LENGTH;
	ret->format = data[2];
	ret->block = data[3];
	ret->length_format = data[4];
	if (ret->operation == MODIFY) {
		ret->old_offset = data[at];
		ret->new_offset = data[at + 1];
		at += 2;
	}
	ret->most = data[at];
	ret->least = data[at + 1];
	at += 2;
	if (ret->operation == MODIFY)
		ret->confirm = data[at++];
	at++; /* bEntryValidationCondition */
	if (ret->operation == MODIFY && data[at] != 0)
		messages = data[at] >= 3 ? 3 : 2;
	at += 3 + messages; /* bNumberMessage, wLangId */
	ret->prologue = data + at;
	at += 3;
	if (at + 4 > length || length - at > DATA + 255)
		return EMU_ERROR_LENGTH;
	ret->apdu_length = length - at;
	memcpy(ret->apdu, data + at, ret->apdu_length);
	return 0;
}

/* Digits in the format's coding; returns how many bytes. */
static size_t
encode(const char *digits, uint8_t format, uint8_t *bytes)
{
	size_t count = strlen(digits);

	for (size_t i = 0; i < count; i++) {
		uint8_t value = (uint8_t)(digits[i] - '0');

		if ((format & 3) == FORMAT_ASCII)
			bytes[i] = (uint8_t)digits[i];
		else if ((format & 3) != FORMAT_BCD)
			bytes[i] = value;
		else if (i % 2 == 0)
			bytes[i / 2] = (uint8_t)(value << 4 | 0x0F);
		else
			bytes[i / 2] = (uint8_t)((bytes[i / 2] & 0xF0) | value);
	}
	return (format & 3) == FORMAT_BCD ? (count + 1) / 2 : count;
}

static bool
insert(struct request *request, const char *digits, size_t offset)
{
	size_t place = (request->format >> 3) & 15, block = request->block & 15u, count, end;
	uint8_t encoded[64];

	if (strlen(digits) > sizeof encoded)
		return false;
	count = encode(digits, request->format, encoded);
	if ((request->format & FORMAT_BYTES) == 0)
		place /= 8;
	if (block == 0)
		block = count;
	if (count > block)
		return false;
	end = DATA + offset + place + block;
	if (end > APDU_MAX)
		return false;
	/* A template without data grows. */
	if (end > request->apdu_length) {
		size_t from = request->apdu_length < DATA ? DATA : request->apdu_length;

		memset(request->apdu + from, 0xFF, end - from);
		request->apdu_length = end;
		request->apdu[LC] = (uint8_t)(end - DATA);
	}
	memcpy(request->apdu + DATA + offset + place, encoded, count);
	if (request->block >> 4 == 8)
		request->apdu[DATA + offset + (request->length_format & 15)] =
		    (uint8_t)strlen(digits);
	return true;
}

static void
reply_sw(const struct emu_message *message, unsigned sw)
{
	const uint8_t bytes[] = { (uint8_t)(sw >> 8), (uint8_t)sw };

	emu_reply(message, EMU_DATA_BLOCK, 0, bytes, sizeof bytes);
}

static bool
is_size_right(const struct request *request, const char *digits)
{
	size_t count = strlen(digits);

	return count >= request->least && count <= request->most;
}

/* Sends the finished command as the level has it. */
static int
send_command(const struct emu_message *message, const struct request *request)
{
	uint8_t block[3 + APDU_MAX + 1] = { request->prologue[0], request->prologue[1],
		(uint8_t)request->apdu_length },
				     check = 0;
	size_t length = 3 + request->apdu_length;
	int result;

	if (emu_level(message->function) >= EMU_LEVEL_SHORT || message->slot->protocol == 0)
		return emu_exchange(message, request->apdu, request->apdu_length);
	memcpy(block + 3, request->apdu, request->apdu_length);
	for (size_t i = 0; i < length; i++)
		check ^= block[i];
	block[length++] = check;
	result = emu_exchange(message, block, length);
	explicit_bzero(block, sizeof block);
	return result;
}

static void
enter(const struct emu_message *message, struct request *request)
{
	const struct emu_user *user = &message->function->user;
	const char *again = user->again != NULL ? user->again : user->new_pin;
	bool fits = true;
	int result;

	if (request->operation == VERIFY || (request->confirm & CONFIRM_OLD) != 0)
		fits = is_size_right(request, user->pin) &&
		    insert(request, user->pin, request->old_offset);
	if (request->operation == MODIFY && fits) {
		fits = is_size_right(request, user->new_pin) &&
		    insert(request, user->new_pin, request->new_offset);
		if (fits && (request->confirm & CONFIRM_NEW) != 0 &&
		    strcmp(user->new_pin, again) != 0) {
			reply_sw(message, SW_DIFFERENT);
			return;
		}
	}
	if (!fits) {
		reply_sw(message, SW_SIZE);
		return;
	}
	result = send_command(message, request);
	if (result == EMU_DONE)
		emu_reply(
		    message, EMU_DATA_BLOCK, 0, message->slot->reply, message->slot->reply_length);
	else if (result != EMU_SILENT)
		emu_reply_failed(message, EMU_DATA_BLOCK, (uint8_t)result);
	message->slot->reply_length = 0;
}

void
emu_secure(const struct emu_message *message)
{
	static const struct emu_fault thinks = { .action = EMU_LATE };
	struct emu_function *function = message->function;
	struct emu_reader *reader = function->reader;
	struct request request;
	uint8_t error = parse(message->data, message->length, &request);

	if (error != 0 || (function->params.ccid.pin_support & 1u << request.operation) == 0) {
		emu_reply_failed(message, EMU_DATA_BLOCK, error);
		return;
	}
	switch (function->user.act) {
	case EMU_USER_CANCELS:
		emu_reply_failed(message, EMU_DATA_BLOCK, EMU_ERROR_PIN_CANCELLED);
		break;
	case EMU_USER_WAITS_TOO_LONG:
		emu_reply_failed(message, EMU_DATA_BLOCK, EMU_ERROR_PIN_TIMEOUT);
		break;
	case EMU_USER_THINKS:
		if (reader->fault == NULL)
			reader->fault = &thinks;
		enter(message, &request);
		break;
	case EMU_USER_ENTERS:
		enter(message, &request);
		break;
	}
	explicit_bzero(&request, sizeof request);
}
