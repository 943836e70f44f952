/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/ccid_double.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/suite.h"

static struct ccid_double *
self_of(struct ccid_transport *transport)
{
	return (struct ccid_double *)(void *)((char *)transport -
	    offsetof(struct ccid_double, transport));
}

static void
fail(struct ccid_double *twin, const char *what)
{
	char text[256];

	if (twin->failed)
		return;
	twin->failed = true;
	snprintf(text, sizeof text, "%s, where the script has `%.80s'", what, twin->at);
	SUITE_EQUAL_STRING(text, "as the script has it");
}

/* The next step, without its `;`. Empty: the script is at its end. */
static const char *
step(struct ccid_double *twin, char *out, size_t size)
{
	size_t length;

	twin->at += strspn(twin->at, " ;");
	length = strcspn(twin->at, ";");
	snprintf(out, size, "%.*s", (int)length, twin->at);
	while (length > 0 && out[length - 1] == ' ')
		out[--length] = '\0';
	return out;
}

static void
advance(struct ccid_double *twin)
{
	twin->at += strcspn(twin->at, ";");
}

/* One byte of a script, and how it is meant: 'x' as it is, 'q', 'p', '.'; 0: the end. */
static char
next_byte(const char **text, unsigned *ret)
{
	const char *at = *text + strspn(*text, " ");

	*text = at + (at[0] != '\0' && at[1] != '\0' ? 2 : 0);
	if (at[0] == '\0' || at[1] == '\0')
		return 0;
	if (at[0] == 'q' || at[0] == 'p' || at[0] == '.')
		return at[0];
	*ret = (unsigned)strtoul((char[]){ at[0], at[1], '\0' }, NULL, 16);
	return 'x';
}

static void
compare(struct ccid_double *twin, const uint8_t *sent, size_t length)
{
	char text[4096], got[256];
	const char *at;
	unsigned byte = 0;
	size_t i = 0;
	char kind;

	step(twin, text, sizeof text);
	snprintf(got, sizeof got, "sent");
	for (size_t j = 0; j < length && j < 40; j++)
		snprintf(got + strlen(got), sizeof got - strlen(got), " %02X", sent[j]);
	if (text[0] != '>') {
		fail(twin, got);
		return;
	}
	for (at = text + 1; (kind = next_byte(&at, &byte)) != 0; i++)
		if (i >= length || (kind == 'x' && sent[i] != byte) ||
		    (kind == 'q' && sent[i] != sent[6])) {
			fail(twin, got);
			return;
		}
	if (i != length)
		fail(twin, got);
	if (twin->abort_sequence >= 0 && sent[6] != twin->abort_sequence)
		fail(twin, "an Abort message with another number than the request's");
	twin->abort_sequence = -1;
	advance(twin);
}

static enum ccid_result
answer(struct ccid_double *twin, uint8_t *in, size_t room, size_t *ret_received, uint64_t deadline)
{
	char text[4096];
	const char *at;
	unsigned byte = 0;
	size_t i = 0;
	char kind;

	*ret_received = 0;
	step(twin, text, sizeof text);
	if (text[0] != '<') {
		fail(twin, "an answer is read");
		return CCID_GONE;
	}
	advance(twin);
	at = text + 1 + strspn(text + 1, " ");
	if (strcmp(at, "nothing") == 0) {
		if (deadline > twin->clock)
			twin->clock = deadline;
		return CCID_SILENT;
	}
	if (strcmp(at, "lost") == 0)
		return CCID_LOST;
	if (strcmp(at, "gone") == 0)
		return CCID_GONE;
	if (strcmp(at, "cancel") == 0)
		return CCID_CANCELLED;
	for (; (kind = next_byte(&at, &byte)) != 0 && i < room; i++)
		in[i] = kind == 'q' ? twin->sequence : kind == 'p' ? twin->before : (uint8_t)byte;
	*ret_received = i;
	return CCID_OK;
}

static uint64_t
double_now(struct ccid_transport *transport)
{
	return self_of(transport)->clock;
}

static enum ccid_result
double_exchange(struct ccid_transport *transport, const uint8_t *out, size_t length, uint8_t *in,
    size_t room, size_t *ret_received, uint64_t deadline)
{
	struct ccid_double *twin = self_of(transport);

	compare(twin, out, length);
	twin->before = twin->sequence;
	twin->sequence = out[6];
	return answer(twin, in, room, ret_received, deadline);
}

static enum ccid_result
double_receive(struct ccid_transport *transport, uint8_t *in, size_t room, size_t *ret_received,
    uint64_t deadline)
{
	return answer(self_of(transport), in, room, ret_received, deadline);
}

static enum ccid_result
double_control(struct ccid_transport *transport, uint8_t type, uint8_t request, uint16_t value,
    uint8_t *data, size_t length, size_t *ret_done, uint64_t deadline)
{
	struct ccid_double *twin = self_of(transport);
	char text[64];

	(void)data, (void)deadline;
	*ret_done = 0;
	step(twin, text, sizeof text);
	if (strncmp(text, "abort", 5) != 0 || type != 0x21 || request != 0x01 || length != 0)
		fail(twin, "a control request");
	else
		advance(twin);
	if (strcmp(text, "abort stall") == 0)
		return CCID_UNSUPPORTED;
	twin->abort_sequence = value >> 8;
	return CCID_OK;
}

static enum ccid_result
double_clear_halt(struct ccid_transport *transport)
{
	struct ccid_double *twin = self_of(transport);
	char text[64];

	if (strcmp(step(twin, text, sizeof text), "halt") != 0)
		fail(twin, "the endpoints' halt is cleared");
	else
		advance(twin);
	return CCID_OK;
}

static enum ccid_result
double_reset(struct ccid_transport *transport)
{
	struct ccid_double *twin = self_of(transport);
	char text[64];

	step(twin, text, sizeof text);
	if (strncmp(text, "reset", 5) != 0)
		fail(twin, "the port is reset");
	else
		advance(twin);
	return strcmp(text, "reset refused") == 0 ? CCID_UNSUPPORTED : CCID_OK;
}

static enum ccid_result
double_rest(struct ccid_transport *transport, uint64_t microseconds)
{
	struct ccid_double *twin = self_of(transport);
	char text[64];

	step(twin, text, sizeof text);
	if (strncmp(text, "rest ", 5) != 0 || strtoull(text + 5, NULL, 10) != microseconds)
		fail(twin, "a rest");
	else
		advance(twin);
	twin->clock += microseconds * 1000;
	return CCID_OK;
}

static void
double_note(void *data, const char *line)
{
	struct ccid_double *twin = data;
	size_t used = strlen(twin->notes);

	snprintf(twin->notes + used, sizeof twin->notes - used, "%s\n", line);
}

void
ccid_double_begin(struct ccid_double *twin, const char *script, unsigned slots, size_t message_max)
{
	static const struct ccid_transport_ops ops = {
		.now = double_now,
		.exchange = double_exchange,
		.receive = double_receive,
		.control = double_control,
		.clear_halt = double_clear_halt,
		.reset = double_reset,
		.rest = double_rest,
	};

	memset(twin, 0, sizeof *twin);
	twin->transport.ops = &ops;
	twin->script = twin->at = script;
	twin->clock = 1000000000u;
	twin->abort_sequence = -1;
	SUITE_EQUAL_INT(ccid_link_init(&twin->link, &twin->transport, slots, message_max), CCID_OK);
	twin->link.note = double_note;
	twin->link.data = twin;
}

void
ccid_double_end(struct ccid_double *twin)
{
	char text[4096];

	if (!twin->failed)
		SUITE_EQUAL_STRING(step(twin, text, sizeof text), "");
	ccid_link_done(&twin->link);
}
