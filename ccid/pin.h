/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PIN entry at the reader: PIN_VERIFY_STRUCTURE and PIN_MODIFY_STRUCTURE (PC/SC part 10, 2.5)
 * become the data of PC_to_RDR_Secure (USB CCID 1.1, 6.1.11). Pure.
 */
#ifndef CCID_PIN_H
#define CCID_PIN_H

#include "ccid/descriptor.h"
#include "ccid/result.h"

#define CCID_PIN_VERIFY_HEAD 19u /* what stands before the command in the structure */
#define CCID_PIN_MODIFY_HEAD 24u
#define CCID_PIN_TEMPLATE_MAX 261u /* the command: a short APDU */
#define CCID_PIN_PAYLOAD_MAX (20u + CCID_PIN_TEMPLATE_MAX)

enum ccid_pin_operation {
	CCID_PIN_VERIFY,
	CCID_PIN_MODIFY
};

struct ccid_pin {
	uint8_t payload[CCID_PIN_PAYLOAD_MAX];
	size_t length;
	size_t template_length; /* of the command, which ends the payload */
	uint64_t wait_us;       /* for the reader's answer, before any extension */
	uint64_t rest_us;       /* before the command is sent: a key is still held */
	bool template_escape;   /* escape 80 02 00 goes before it */
};

/*
 * Checks a structure and makes the payload of it, as this model needs it. The structure is copied
 * before it is looked at: another thread of the client's may be writing it.
 * @reader: for what it can carry
 * Returns CCID_OK; ccid_pin_wipe must follow. CCID_UNSUPPORTED: the reader has no such function;
 * CCID_INVALID: lengths that disagree, or a value that means nothing; CCID_TOO_LONG. *ret is all
 * zero then.
 */
enum ccid_result
ccid_pin_prepare(struct ccid_pin *ret, enum ccid_pin_operation operation, const uint8_t *structure,
    size_t length, const struct ccid_descriptor *reader, const struct ccid_quirks *quirks);

/*
 * T=1 at TPDU level: the reader sends a block, and is told its NAD, PCB and LEN (t1_prologue with
 * template_length). At other levels and with T=0 they stay 0.
 */
void ccid_pin_set_prologue(struct ccid_pin *pin, const uint8_t prologue[3]);

void ccid_pin_wipe(struct ccid_pin *pin);

/*
 * SW1 SW2 for an entry that the user did not end: cancelled or too slow.
 * @error: bError of the reader's answer
 * Returns false: another error.
 */
bool ccid_pin_status(uint8_t error, uint8_t out[2]);

#endif
