/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One slot of a reader and the card in it: power, protocol, exchanges, by the rules of ISO 7816-3
 * and at whatever level the reader works. The slots of a link share it: their owner lets one thread
 * at a time in, for all of them.
 *
 * Deadlines are nanoseconds of CLOCK_MONOTONIC; 0: none.
 */
#ifndef CCID_SLOT_H
#define CCID_SLOT_H

#include <stdbool.h>

#include "ccid/chain.h"
#include "ccid/command.h"
#include "ccid/descriptor.h"
#include "ccid/parameters.h"
#include "ccid/t0.h"
#include "ccid/t1.h"
#include "ccid/timing.h"
#include "rm/drivers/atr.h"

/* In which order voltages are tried where the reader does not choose. */
enum ccid_voltages {
	CCID_5V_FIRST, /* 5 V, 1.8 V, 3 V: fewest failures in the field */
	CCID_RISING    /* 1.8 V, 3 V, 5 V: as CCID suggests */
};

struct ccid_options {
	enum ccid_voltages voltages;
	enum t0_mode t0_mode;
};

#define CCID_NO_PROTOCOL (-1)
#define CCID_PROTOCOL_RAW 16 /* bytes as they are */

struct ccid_slot {
	struct ccid_link *link;
	uint8_t number;
	const struct ccid_descriptor *descriptor;
	struct ccid_quirks quirks;
	struct ccid_options options;
	const uint32_t *rates; /* of GET_DATA_RATES; NULL: none */
	size_t rate_count;
	const struct ccid_quirk_table *cards; /* for what is known of cards; NULL: nothing */

	bool powered; /* the card has been reset and answered */
	bool dead;    /* its protocol is out of step: only a reset helps */
	uint8_t atr_bytes[ATR_LENGTH_MAX];
	size_t atr_length;
	struct atr atr;
	int protocol;        /* 0, 1, CCID_PROTOCOL_RAW or CCID_NO_PROTOCOL */
	unsigned downgrades; /* of the data rate, until the card leaves */
	bool proven;         /* an exchange succeeded at this rate */
	struct ccid_timing timing;
	struct ccid_parameters parameters; /* in force */
	struct t0 t0;
	struct t1 t1;
	struct chain chain;
};

/* @descriptor, @rates: kept, as is the link */
void ccid_slot_init(struct ccid_slot *slot, struct ccid_link *link, uint8_t number,
    const struct ccid_descriptor *descriptor, const struct ccid_quirks *quirks,
    const struct ccid_options *options);

/* What is seen of the card. */
enum ccid_sight {
	CCID_SEES_NONE,
	CCID_SEES_CARD,
	CCID_SEES_OTHER /* a card that was powered is there without power: it was taken out between
			 */
};
/* slot_power.c: asks for the state; touches no card. CCID_GONE and the like, or CCID_OK. */
enum ccid_result ccid_slot_look(struct ccid_slot *slot, uint64_t deadline, enum ccid_sight *ret);
/*
 * Powers the card up (again).
 * @warm: if the card is active, it is reset with its power on, as far as the reader does that
 * CCID_OK: slot->atr_bytes. CCID_ABSENT, CCID_MUTE, CCID_GONE, ...; the card is then off.
 */
enum ccid_result ccid_slot_power_up(struct ccid_slot *slot, bool warm, uint64_t deadline);
enum ccid_result ccid_slot_power_down(struct ccid_slot *slot, uint64_t deadline);

/*
 * slot_protocol.c: settles the protocol after a reset: PPS, parameters, IFSD, whatever this reader
 * leaves to the host.
 * @allowed: bit 0: T=0, bit 1: T=1; the card's first offer is preferred
 * CCID_OK: slot->protocol. CCID_MISMATCH; CCID_NO_PPS; CCID_UNPOWERED; ...
 */
enum ccid_result ccid_slot_select(struct ccid_slot *slot, unsigned allowed, uint64_t deadline);
/* No protocol: bytes as they are, one message there and back. */
enum ccid_result ccid_slot_select_raw(struct ccid_slot *slot);

/*
 * slot_exchange.c: an APDU and its answer.
 * @command: a TPDU or APDU under T=0, an APDU under T=1
 * CCID_OK: data and SW1 SW2; CCID_SMALL: out->length says how much it would have been;
 * CCID_UNPOWERED; CCID_MISMATCH: no protocol is settled; CCID_DEAD; CCID_TOO_LONG; CCID_INVALID;
 * CCID_SILENT; CCID_LOST; CCID_ABSENT; CCID_DEADLINE; CCID_CANCELLED; CCID_GONE.
 */
enum ccid_result ccid_slot_transmit(struct ccid_slot *slot, const uint8_t *command, size_t length,
    uint64_t deadline, struct ccid_room *out);
/*
 * A command with a PIN that is typed at the reader.
 * @payload: abData of PC_to_RDR_Secure, ready (pin.h); at T=1 and TPDU level its prologue from
 *  t1_prologue
 * @wait_us: for the answer: the person's time included
 * As ccid_slot_transmit; a person who gives up or is late is SW 6401 or 6400.
 */
enum ccid_result ccid_slot_secure(struct ccid_slot *slot, const uint8_t *payload, size_t length,
    uint64_t wait_us, uint64_t deadline, struct ccid_room *out);

/* slot_reader.c: what concerns the reader rather than the card. */
enum ccid_result ccid_slot_escape(struct ccid_slot *slot, const uint8_t *data, size_t length,
    uint64_t deadline, struct ccid_room *out);
/* @function: 1 accept, 2 eject, 3 capture, 4 lock, 5 unlock */
enum ccid_result ccid_slot_move(struct ccid_slot *slot, unsigned function, uint64_t deadline);
/* Stops the card's clock, or starts it again. CCID_UNSUPPORTED: reader or card cannot. */
enum ccid_result ccid_slot_clock(struct ccid_slot *slot, bool stop, uint64_t deadline);

/* For the parts of slot_*.c. */
/* Any command for this slot. On CCID_OK *ret is the reply, done or failed. */
enum ccid_result ccid_slot_command(struct ccid_slot *slot, enum ccid_command_type type,
    const uint8_t parameters[3], const uint8_t *data, size_t length,
    const struct ccid_patience *patience, uint64_t deadline, struct ccid_reply *ret);
/*
 * One XfrBlock; waits as the card's parameters have it.
 * CCID_OK: *ret says what came, for an engine; anything else ends the exchange.
 */
enum ccid_result ccid_slot_block(struct ccid_slot *slot, const struct ccid_block *block,
    uint64_t deadline, struct ccid_answer *ret);
/* A failure as an engine understands it. Returns false: nothing for an engine. */
bool ccid_slot_event(const struct ccid_reply *reply, enum ccid_event *ret);
/* The card has no power any more, or is another. */
void ccid_slot_forget(struct ccid_slot *slot);
/* Runs T=1 to its end, from a first step. */
enum ccid_result ccid_slot_run_t1(struct ccid_slot *slot, enum ccid_step step, uint64_t deadline);

#endif
