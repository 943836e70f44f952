/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What both fronts answer beside exchanges with a card: control codes and attributes. For who is
 * inside (ccid_device_enter).
 */
#ifndef CCID_FUNCTIONS_H
#define CCID_FUNCTIONS_H

#include "ccid/device.h"
#include "ccid/features.h"

/*
 * A function of the reader: features (PC/SC part 10), PIN entry, escape.
 * @escape: every escape is allowed, not only those that the quirks list
 * @codes: the coding of codes inside the answer
 * CCID_OK, CCID_SMALL: out->length; CCID_UNSUPPORTED: no such function, or it is not allowed; and
 * whatever an exchange with the card can end with.
 */
enum ccid_result ccid_device_control(struct ccid_device *device, struct ccid_slot *slot,
    bool escape, uint32_t code, enum ccid_codes codes, const uint8_t *in, size_t length,
    uint64_t deadline, struct ccid_room *out);

/* An attribute. CCID_OK, CCID_SMALL: *ret_length; CCID_UNSUPPORTED. */
enum ccid_result ccid_device_attribute(struct ccid_device *device, struct ccid_slot *slot,
    uint32_t id, uint8_t *value, size_t room, size_t *ret_length);

#endif
