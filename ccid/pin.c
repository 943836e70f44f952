/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/pin.h"

#include <string.h>

#include "ccid/bytes.h"
#include "ccid/limits.h"
#include "ccid/message.h"

/* Behind bTimeOut and bTimeOut2. */
#define FORMAT_PLACE 2u
#define FORMAT_SIZE 3u

#define KEY_PRESSED 0x02u /* bEntryValidationCondition */
#define CONDITIONS 0x07u
#define MESSAGES_DEFAULT 0xFFu /* bNumberMessage: the reader's own */
#define PROLOGUE_SIZE 3u
#define ANSWER_MARGIN_US (10ull * CCID_SECOND)

/* The members that both structures have, at their places in each. */
struct places {
	size_t digits, condition, messages, language, index, data_length, head;
};
static const struct places verify_places = { 5, 7, 8, 9, 11, 15, CCID_PIN_VERIFY_HEAD };
static const struct places modify_places = { 7, 10, 11, 12, 14, 20, CCID_PIN_MODIFY_HEAD };

static void
swap(uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size / 2; i++) {
		uint8_t byte = bytes[i];

		bytes[i] = bytes[size - 1 - i];
		bytes[size - 1 - i] = byte;
	}
}

/*
 * ulDataLength must be what is there. Where it is that with the higher byte first, the client
 * filled in the structure so, and all its numbers are turned.
 */
static enum ccid_result
check_lengths(uint8_t *copy, size_t length, const struct places *places)
{
	size_t data = length - places->head;

	if (ccid_get32(copy + places->data_length) == data)
		return CCID_OK;
	swap(copy + places->data_length, 4);
	if (ccid_get32(copy + places->data_length) != data)
		return CCID_INVALID;
	swap(copy + places->digits, 2);
	swap(copy + places->language, 2);
	return CCID_OK;
}

/* The lower byte of wPINMaxExtraDigit is the largest size, the higher one the smallest. */
static void
limit_digits(uint8_t *digits, const struct ccid_quirks *quirks)
{
	if (quirks->pin_minimum != 0 && digits[1] < quirks->pin_minimum)
		digits[1] = (uint8_t)quirks->pin_minimum;
	if (quirks->pin_maximum != 0 && (digits[0] == 0 || digits[0] > quirks->pin_maximum))
		digits[0] = (uint8_t)quirks->pin_maximum;
	if (quirks->pin_swap_digits)
		swap(digits, 2);
}

static enum ccid_result
rewrite(uint8_t *copy, enum ccid_pin_operation operation, const struct places *places,
    const struct ccid_quirks *quirks)
{
	const bool modify = operation == CCID_PIN_MODIFY;
	uint8_t *condition = copy + places->condition, *messages = copy + places->messages;

	if (modify && *messages > 3 && *messages != MESSAGES_DEFAULT)
		return CCID_INVALID;
	if (*condition == 0 || *condition > CONDITIONS || quirks->pin_key_only)
		*condition = KEY_PRESSED;
	if (!modify && quirks->pin_key_only)
		*messages = 1;
	if (quirks->pin_no_message || (modify && quirks->pin_modify_no_message))
		*messages = 0;
	else if (modify && quirks->pin_message_default && *messages == 0)
		*messages = MESSAGES_DEFAULT;
	limit_digits(copy + places->digits, quirks);
	return CCID_OK;
}

static void
append(struct ccid_pin *pin, const uint8_t *bytes, size_t length)
{
	memcpy(pin->payload + pin->length, bytes, length);
	pin->length += length;
}

/* How many of the three indexes of a modification follow. */
static size_t
index_count(uint8_t messages, const struct ccid_quirks *quirks)
{
	if (messages >= 3 || quirks->pin_three_indexes)
		return 3;
	return messages == 0 ? 1 : 2;
}

static void
write_payload(struct ccid_pin *pin, const uint8_t *copy, size_t length,
    enum ccid_pin_operation operation, const struct places *places,
    const struct ccid_quirks *quirks)
{
	static const uint8_t prologue[PROLOGUE_SIZE];
	const uint8_t code = operation == CCID_PIN_MODIFY;
	size_t indexes = 1;

	append(pin, &code, 1);
	append(pin, copy, 1); /* bTimeOut; bTimeOut2 has no place */
	append(pin, copy + FORMAT_PLACE, FORMAT_SIZE);
	if (operation == CCID_PIN_MODIFY) {
		/* Both insertion offsets, digits, bConfirmPIN. */
		append(pin, copy + 5, 5);
		indexes = index_count(copy[places->messages], quirks);
	} else {
		append(pin, copy + places->digits, 2);
	}
	/* bEntryValidationCondition, bNumberMessage, wLangId, bMsgIndex. */
	append(pin, copy + places->condition, 4 + indexes);
	append(pin, prologue, sizeof prologue);
	pin->template_length = length - places->head;
	append(pin, copy + places->head, pin->template_length);
}

enum ccid_result
ccid_pin_prepare(struct ccid_pin *ret, enum ccid_pin_operation operation, const uint8_t *structure,
    size_t length, const struct ccid_descriptor *reader, const struct ccid_quirks *quirks)
{
	const struct places *places =
	    operation == CCID_PIN_MODIFY ? &modify_places : &verify_places;
	uint8_t copy[CCID_PIN_MODIFY_HEAD + CCID_PIN_TEMPLATE_MAX];
	enum ccid_result result;

	*ret = (struct ccid_pin){ 0 };
	if ((reader->pin_support >> operation & 1) == 0)
		return CCID_UNSUPPORTED;
	if (length < places->head + 4)
		return CCID_INVALID;
	if (length > places->head + CCID_PIN_TEMPLATE_MAX)
		return CCID_TOO_LONG;
	memcpy(copy, structure, length);
	result = check_lengths(copy, length, places);
	if (result == CCID_OK)
		result = rewrite(copy, operation, places, quirks);
	if (result == CCID_OK) {
		uint64_t timeout_us = (uint64_t)copy[0] * CCID_SECOND + ANSWER_MARGIN_US;

		write_payload(ret, copy, length, operation, places, quirks);
		ret->wait_us = timeout_us > CCID_SECURE_US ? timeout_us : CCID_SECURE_US;
		ret->rest_us = quirks->pin_wait_us;
		ret->template_escape = quirks->pin_template_escape && ret->template_length == 4;
		if (CCID_HEADER + ret->length > reader->message_max)
			result = CCID_TOO_LONG;
	}
	if (result != CCID_OK)
		ccid_pin_wipe(ret);
	explicit_bzero(copy, sizeof copy);
	return result;
}

void
ccid_pin_set_prologue(struct ccid_pin *pin, const uint8_t prologue[3])
{
	memcpy(pin->payload + pin->length - pin->template_length - PROLOGUE_SIZE, prologue,
	    PROLOGUE_SIZE);
}

void
ccid_pin_wipe(struct ccid_pin *pin)
{
	explicit_bzero(pin, sizeof *pin);
}

bool
ccid_pin_status(uint8_t error, uint8_t out[2])
{
	if (error != CCID_ERROR_PIN_CANCELLED && error != CCID_ERROR_PIN_TIMEOUT)
		return false;
	out[0] = 0x64;
	out[1] = error == CCID_ERROR_PIN_CANCELLED ? 0x01 : 0x00;
	return true;
}
