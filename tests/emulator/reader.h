/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A USB CCID reader in software: any descriptor, every exchange level, several slots and several
 * interfaces, a PIN pad with somebody at it, and faults by a table.
 *
 *	descriptor.c        the descriptors from their description
 *	reader.c            life, cards in and out, what arrives from USB
 *	reader_message.c    the messages but for power and exchanges
 *	reader_power.c      power, parameters, PPS by the reader
 *	reader_exchange.c   XfrBlock at the level of the reader
 *	reader_t0.c         the reader's end of T=0
 *	reader_pinpad.c     Secure, and who presses the keys
 *	reader_fault.c      replies as the table of faults has them
 *	reader_late.c       replies held back
 *	reader_record.c     what came, how many steps, waiting for it
 *
 * Any thread may call. What a test waits for is an event; a wait that is in vain ends after ten
 * seconds with false.
 */
#ifndef TESTS_EMULATOR_READER_H
#define TESTS_EMULATOR_READER_H

#include "tests/emulator/card.h"
#include "tests/emulator/usbfs.h"
#include "tests/emulator/vusb.h"

#define EMU_FUNCTIONS_MAX 5u
#define EMU_SLOTS_MAX 16u
#define EMU_TABLE_MAX 255u /* of data rates, of clocks */

/* Bits of dwFeatures. */
enum {
	EMU_AUTO_CONF_ATR = 0x00000002,
	EMU_AUTO_ACTIVATE = 0x00000004,
	EMU_AUTO_VOLTAGE = 0x00000008,
	EMU_AUTO_CLOCK = 0x00000010,
	EMU_AUTO_BAUD = 0x00000020,
	EMU_AUTO_PARAM_NEG = 0x00000040,
	EMU_AUTO_PPS = 0x00000080,
	EMU_CLOCK_STOP = 0x00000100,
	EMU_NAD_NONZERO = 0x00000200,
	EMU_AUTO_IFSD = 0x00000400,
	EMU_LEVEL_CHARACTER = 0,
	EMU_LEVEL_TPDU = 0x00010000,
	EMU_LEVEL_SHORT = 0x00020000,
	EMU_LEVEL_EXTENDED = 0x00040000,
	EMU_LEVEL_MASK = 0x00070000
};

/* Types of messages. */
enum {
	EMU_SET_PARAMETERS = 0x61,
	EMU_POWER_ON = 0x62,
	EMU_POWER_OFF = 0x63,
	EMU_GET_SLOT_STATUS = 0x65,
	EMU_SECURE = 0x69,
	EMU_T0_APDU = 0x6A,
	EMU_ESCAPE = 0x6B,
	EMU_GET_PARAMETERS = 0x6C,
	EMU_RESET_PARAMETERS = 0x6D,
	EMU_ICC_CLOCK = 0x6E,
	EMU_XFR_BLOCK = 0x6F,
	EMU_MECHANICAL = 0x71,
	EMU_ABORT = 0x72,
	EMU_SET_RATE = 0x73,
	EMU_DATA_BLOCK = 0x80,
	EMU_SLOT_STATUS = 0x81,
	EMU_PARAMETERS = 0x82,
	EMU_ESCAPE_REPLY = 0x83,
	EMU_RATE_REPLY = 0x84
};

/* The class descriptor of CCID, field by field. */
struct emu_ccid {
	uint8_t length, type;
	uint16_t version;
	uint8_t max_slot_index, voltages;
	uint32_t protocols, default_clock, maximum_clock;
	uint8_t clocks;
	uint32_t data_rate, maximum_data_rate;
	uint8_t data_rates;
	uint32_t max_ifsd, synchronous, mechanical, features, max_message;
	uint8_t class_get_response, class_envelope;
	uint16_t lcd;
	uint8_t pin_support, busy_slots;
};

/* Where the class descriptor stands. */
enum emu_placement {
	EMU_IN_INTERFACE,
	EMU_IN_FIRST_ENDPOINT,
	EMU_IN_LAST_ENDPOINT,
	EMU_IN_CONFIGURATION,
	EMU_NOWHERE
};

/* Answers an Escape; returns the length, or a negative number: that error code, negated. */
typedef int (*emu_escape)(
    void *data, const uint8_t *request, size_t length, uint8_t *reply, size_t room);

/* One CCID interface. */
struct emu_function_params {
	uint8_t class_code, subclass, protocol; /* 0B 00 00 */
	struct emu_ccid ccid;
	enum emu_placement placement;
	/* Instead of the class descriptor, where it would stand: any bytes. */
	const uint8_t *extra;
	size_t extra_length;
	bool no_interrupt, no_bulk_in, no_bulk_out, two_bulk_in;
	uint16_t packet;           /* 64 */
	uint16_t interrupt_packet; /* 8 */
	uint32_t real_message;     /* what it takes and sends, if that is not what it announces */
	bool zero_packets;         /* ends full transfers with an empty packet */
	size_t padding;            /* so many zeros behind each reply */
	bool chains_short;         /* chains long answers though its level is short */
	bool no_abort;             /* stalls the control request */
	bool drops_repeated;       /* ignores a message with the bSeq of the one before */
	bool strict_rates;         /* refuses a rate above its maximum */
	bool tables_stall;         /* GET_CLOCK_FREQUENCIES and GET_DATA_RATES */
	uint32_t rates[EMU_TABLE_MAX], clocks[EMU_TABLE_MAX]; /* as many as announced */
	const uint8_t *rates_bytes; /* instead, the answer to GET_DATA_RATES */
	size_t rates_bytes_length;
	const uint8_t *parameters; /* instead, the data of each Parameters message */
	size_t parameters_length;
	emu_escape escape; /* NULL: not supported */
	void *escape_data;
};

struct emu_reader_params {
	uint16_t vendor_id, product_id, device_version;
	const char *vendor, *product, *serial; /* NULL: none */
	unsigned functions;
	struct emu_function_params function[EMU_FUNCTIONS_MAX];
	/* Instead of what would be made of the above. */
	const uint8_t *descriptors;
	size_t descriptors_length;
	bool comes_back_as_another; /* after USBDEVFS_RESET */
};

/*
 * The usual reader: VID:PID 1209:CC1D, one interface, one slot, 3 voltages, T=0 and T=1, 4 MHz,
 * 10752 to 344086 bps, IFSD 254; message of 271 bytes, 65554 at the extended level. Features:
 * character and TPDU: none, short and extended: the reader does everything.
 */
struct emu_reader_params emu_reader_defaults(uint32_t level);

/* Writes the descriptors as emu_reader_new would; returns the length. */
size_t
emu_reader_describe(const struct emu_reader_params *params, uint8_t bytes[VUSB_DESCRIPTORS_MAX]);

struct emu_reader;

/* Exits when it cannot be made. Texts of the parameters are copied, tables stay the caller's. */
struct emu_reader *emu_reader_new(const struct emu_reader_params *params);
/* Unplugged, if it was not; cards are freed. Clients may still have it open. */
void emu_reader_free(struct emu_reader *reader);
struct vusb *emu_reader_usb(struct emu_reader *reader);

/* As usbfs_plug and usbfs_unplug. */
void emu_reader_plug(struct emu_reader *reader, unsigned bus, unsigned address);
void emu_reader_unplug(struct emu_reader *reader);

/* The card goes to the slot, and with the slot; what was there is taken out silently. */
void emu_reader_insert(
    struct emu_reader *reader, unsigned function, unsigned slot, struct emu_card *card);
void emu_reader_remove(struct emu_reader *reader, unsigned function, unsigned slot);
/* The same without an interrupt. NULL: the slot is empty. */
void
emu_reader_swap(struct emu_reader *reader, unsigned function, unsigned slot, struct emu_card *card);
/* An interrupt with these bytes; *: storm of so many. */
void emu_reader_interrupt(
    struct emu_reader *reader, unsigned function, const uint8_t *bytes, size_t length);
/* bProtocolNum and parameters as the slot has them; returns their length. */
size_t emu_reader_parameters(struct emu_reader *reader, unsigned function, unsigned slot,
    uint8_t *ret_protocol, uint8_t bytes[7]);
bool emu_reader_is_powered(struct emu_reader *reader, unsigned function, unsigned slot);

/* Faults: what happens to a message or to its reply. */
enum emu_action {
	EMU_NOTHING,
	/* To the message. */
	EMU_STALL_OUT,   /* it is stalled, until the halt is cleared */
	EMU_PARTIAL_OUT, /* so many bytes are taken */
	EMU_HOLD_OUT,    /* its transfer never ends */
	EMU_FAIL_OUT,    /* its transfer ends with this errno (EPROTO) */
	/* To the reply. */
	EMU_SHORT,       /* cut to so many bytes */
	EMU_LONG,        /* so many bytes behind it, not counted in dwLength */
	EMU_EMPTY_FIRST, /* so many zero-length transfers in front */
	EMU_EMPTY_AFTER, /* and behind */
	EMU_STALL_IN,    /* stall instead; with argument 1 the reply comes when it is cleared */
	EMU_LATE,        /* held until emu_reader_release */
	EMU_LOST,        /* never sent; the slot is free again */
	EMU_TWICE,
	EMU_WRONG_SLOT, /* bSlot is the argument */
	EMU_WRONG_SEQ,  /* the argument is added to bSeq */
	EMU_STALE,      /* so many replies with an old bSeq in front; EMU_ENDLESS */
	EMU_WRONG_TYPE, /* bMessageType is the argument */
	EMU_STATUS,     /* bStatus is the argument */
	EMU_ERROR,      /* failed with this bError, no data */
	EMU_ERROR_AS,   /* the same with bMessageType in bits 8-15 */
	EMU_PIECE,      /* part of an answer: bChainParameter in bits 0-7, so many zeros above */
	EMU_BYTE_9,     /* bChainParameter and the like */
	EMU_LENGTH,     /* dwLength is the argument, the data are as they are */
	EMU_EXTEND,     /* so many time extensions in front (bits 0-15), multiplier in bits 16-23 */
	EMU_EXTEND_ENDLESS, /* time extensions with this multiplier for ever */
	EMU_FAIL_IN,        /* the IN transfer ends with this errno (EOVERFLOW, EPROTO) */
	EMU_BABBLE,         /* these bytes behind it, as another transfer */
	EMU_REPLACE,        /* these bytes instead */
	EMU_PAYLOAD,        /* these data instead, header right */
	EMU_PAYLOAD_ZEROS,  /* so many zeros as data, header right */
	EMU_SPLIT,          /* in two transfers, the first with so many bytes */
	EMU_STORM,          /* so many notifications of the slot first */
	EMU_REMOVE,         /* the card is taken out before the message is looked at */
	EMU_UNPLUG          /* the device is */
};

struct emu_fault {
	unsigned at;  /* the how-manieth message, of those that match, from 1; 0: each */
	uint8_t type; /* only messages of this type match; 0: all */
	enum emu_action action;
	uint32_t argument;
	const char *bytes; /* hex */
};

/* From now on, instead of what was; counts begin anew. The table stays the caller's. */
void emu_reader_faults(struct emu_reader *reader, const struct emu_fault *faults, size_t count);
/* Sends what is late. Returns how many replies. */
unsigned emu_reader_release(struct emu_reader *reader);

/* Who is at the PIN pad. */
enum emu_user_act {
	EMU_USER_ENTERS,
	EMU_USER_CANCELS,
	EMU_USER_WAITS_TOO_LONG, /* the reader's time limit ends it */
	EMU_USER_THINKS          /* nothing comes until emu_reader_release; then the digits */
};
struct emu_user {
	enum emu_user_act act;
	const char *pin, *new_pin, *again; /* again: NULL: the new one */
};
void emu_reader_user(struct emu_reader *reader, unsigned function, const struct emu_user *user);

/* What the client did. Steps and messages count from the plugging in. */
size_t emu_reader_steps(struct emu_reader *reader);
enum vusb_step emu_reader_step(struct emu_reader *reader, size_t number, uint8_t *ret_endpoint);
/* Before (after) step @number from now on, from 1, the device is unplugged. 0: never. */
void emu_reader_unplug_at(struct emu_reader *reader, size_t number, bool after);
size_t emu_reader_messages(struct emu_reader *reader);
/* The number of those of one type. */
size_t emu_reader_count(struct emu_reader *reader, uint8_t type);
/* Message number i, from 0: its first bytes, at most @room; returns how many it had in all. */
size_t emu_reader_message(struct emu_reader *reader, size_t i, uint8_t *bytes, size_t room);
/* Control requests of the class so far, and the last one. */
size_t emu_reader_controls(struct emu_reader *reader, uint8_t last[8]);
bool emu_reader_wait_messages(struct emu_reader *reader, size_t count);
bool emu_reader_wait_late(struct emu_reader *reader, size_t count);
bool emu_reader_wait_steps(struct emu_reader *reader, size_t count);

#endif
