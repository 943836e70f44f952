/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parts of the reader share. All of it under the device's lock but for the record. */
#ifndef TESTS_EMULATOR_READER_STATE_H
#define TESTS_EMULATOR_READER_STATE_H

#include <pthread.h>

#include "tests/emulator/reader.h"

#define EMU_HEADER 10u
#define EMU_MESSAGE_MAX (EMU_HEADER + EMU_COMMAND_MAX)

/* bError */
enum {
	EMU_ERROR_UNSUPPORTED = 0x00,
	EMU_ERROR_LENGTH = 0x01,
	EMU_ERROR_SLOT = 0x05,
	EMU_ERROR_BYTE_7 = 0x07,
	EMU_ERROR_BYTE_8 = 0x08,
	EMU_ERROR_RATE = 0x0A,
	EMU_ERROR_BUSY = 0xE0,
	EMU_ERROR_PIN_CANCELLED = 0xEF,
	EMU_ERROR_PIN_TIMEOUT = 0xF0,
	EMU_ERROR_PROCEDURE = 0xF4,
	EMU_ERROR_OVERRUN = 0xFC,
	EMU_ERROR_PARITY = 0xFD,
	EMU_ERROR_MUTE = 0xFE,
	EMU_ERROR_ABORTED = 0xFF
};

/* Places in a reply, and bits of bStatus. */
enum {
	EMU_AT_TYPE = 0,
	EMU_AT_LENGTH = 1,
	EMU_AT_SLOT = 5,
	EMU_AT_SEQ = 6,
	EMU_AT_STATUS = 7,
	EMU_AT_ERROR = 8,
	EMU_AT_BYTE_9 = 9,
	EMU_STATUS_ICC = 0x03,
	EMU_STATUS_FAILED = 0x40,
	EMU_STATUS_TIME_EXTENSION = 0x80
};

struct emu_bytes {
	uint8_t *bytes;
	size_t length;
};

struct emu_late {
	struct emu_late *next;
	uint8_t function, slot, seq, type;
	size_t length;
	uint8_t bytes[];
};

struct emu_slot {
	struct emu_card *card; /* NULL: empty */
	bool powered, changed;
	uint8_t clock; /* bClockStatus */
	uint8_t protocol;
	uint8_t parameters[7];
	bool busy;                        /* a reply is late */
	int abort_control, abort_message; /* bSeq of the half that came; -1: none */
	/* Extended level: what was collected, and what is left to be fetched. */
	bool in_command;
	uint8_t *command; /* of EMU_COMMAND_MAX */
	size_t command_length;
	uint8_t *reply; /* of EMU_REPLY_MAX */
	size_t reply_length, reply_sent;
};

struct emu_function {
	struct emu_reader *reader;
	uint8_t number;
	struct emu_function_params params;
	struct emu_slot slots[EMU_SLOTS_MAX];
	unsigned slot_count;
	struct emu_user user;
	int last_seq;
	uint8_t endless[EMU_HEADER]; /* a reply that is sent whenever somebody asks; type 0: none */
};

struct emu_record {
	pthread_mutex_t lock; /* a leaf */
	pthread_cond_t changed;
	struct {
		uint8_t head[64];
		size_t length;
	} * messages;
	size_t message_count, message_room;
	struct {
		uint8_t step, endpoint;
	} * steps;
	size_t step_count, step_room;
	size_t late_count;
	size_t control_count;
	uint8_t control[8];
};

struct emu_reader {
	struct vusb *usb;
	struct emu_reader_params params;
	unsigned function_count;
	struct emu_function functions[EMU_FUNCTIONS_MAX];
	const struct emu_fault *faults;
	size_t fault_count;
	unsigned fault_seen[64];       /* messages that matched, for each of them */
	const struct emu_fault *fault; /* of the message being handled; NULL: none */
	struct emu_late *late, **late_tail;
	size_t unplug_at; /* steps to go; 0: never */
	bool unplug_after;
	struct emu_record record;
};

/* A message being handled. */
struct emu_message {
	struct emu_function *function;
	struct emu_slot *slot;
	const uint8_t *header; /* of 10 bytes */
	const uint8_t *data;
	size_t length; /* of the data */
};

static inline uint8_t
emu_endpoint_out(const struct emu_function *function)
{
	return (uint8_t)(function->number * 3 + 1);
}

static inline uint8_t
emu_endpoint_in(const struct emu_function *function)
{
	return (uint8_t)(0x80 | (function->number * 3 + 2));
}

static inline uint8_t
emu_endpoint_interrupt(const struct emu_function *function)
{
	return (uint8_t)(0x80 | (function->number * 3 + 3));
}

static inline uint32_t
emu_level(const struct emu_function *function)
{
	return function->params.ccid.features & EMU_LEVEL_MASK;
}

/* What one message may carry. */
static inline size_t
emu_data_max(const struct emu_function *function)
{
	size_t message = function->params.real_message != 0 ? function->params.real_message
							    : function->params.ccid.max_message;

	if (message <= EMU_HEADER || message > EMU_MESSAGE_MAX)
		return EMU_COMMAND_MAX;
	return message - EMU_HEADER;
}

/* reader_fault.c */
/* Counts a message, and finds what the table has for it; NULL: nothing. */
const struct emu_fault *emu_find_fault(struct emu_reader *reader, uint8_t type);
void emu_reply(const struct emu_message *message, uint8_t type, uint8_t byte_9, const uint8_t *data,
    size_t length);
void emu_reply_failed(const struct emu_message *message, uint8_t type, uint8_t error);
/* A time extension, past the table of faults. */
void emu_reply_extension(const struct emu_message *message, uint8_t multiplier);
void emu_send(struct emu_function *function, const uint8_t *bytes, size_t length);
/* Time extensions, or what else is sent again and again, from now on. */
void emu_send_endless(const struct emu_message *message, const uint8_t reply[EMU_HEADER]);
/* bmICCStatus */
uint8_t emu_icc_status(const struct emu_slot *slot);

/* reader_late.c */
void emu_keep_late(const struct emu_message *message, const struct emu_bytes *reply);
/* What a slot has not answered yet is answered "aborted". */
void emu_abort_slot(struct emu_function *function, unsigned slot);
/* Forgets all late replies. */
void emu_drop_late(struct emu_reader *reader);

/* reader_message.c */
void emu_handle(struct emu_function *function, const uint8_t *bytes, size_t length);
int emu_control(struct emu_reader *reader, const uint8_t setup[8], uint8_t *data, size_t length);
void emu_notify(struct emu_function *function);

/* reader_power.c */
void emu_power_on(const struct emu_message *message);
void emu_power_off(struct emu_slot *slot);
void emu_activate(struct emu_function *function, struct emu_slot *slot);
void emu_set_parameters(const struct emu_message *message);
void emu_default_parameters(struct emu_slot *slot);
void emu_reply_parameters(const struct emu_message *message);

/* reader_exchange.c */
void emu_transfer(const struct emu_message *message);
/*
 * Sends to the card at the reader's level. EMU_DONE: the answer is in slot->reply; EMU_SILENT:
 * there will be no reply; else a bError.
 */
enum {
	EMU_DONE = -1,
	EMU_SILENT = -2
};
int emu_exchange(const struct emu_message *message, const uint8_t *data, size_t length);
/* Card and reader agree on protocol and rate. */
bool emu_in_step(const struct emu_slot *slot);

/* reader_t0.c: as emu_exchange. */
int emu_t0_exchange(const struct emu_message *message, const uint8_t *tpdu, size_t length);

/* reader_pinpad.c */
void emu_secure(const struct emu_message *message);

/* reader_record.c */
void emu_record_init(struct emu_record *record);
void emu_record_done(struct emu_record *record);
void emu_record_message(struct emu_record *record, const uint8_t *bytes, size_t length);
void emu_record_step(struct emu_record *record, enum vusb_step step, uint8_t endpoint);
void emu_record_control(struct emu_record *record, const uint8_t setup[8]);
void emu_record_late(struct emu_record *record, int change);

#endif
