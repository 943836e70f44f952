/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A smart card in software: a small file system, PINs and the commands of ISO 7816-4 for them.
 *
 * Pure: no threads, no input or output, no clock, no components; random numbers come from outside.
 * One card is used by one thread at a time. Functions that return int give 0 or a negative errno.
 *
 * The life of a card: softcard_card_new, then the model (softcard_card_add_...), then
 * softcard_card_reset and any number of commands. What UPDATE BINARY writes and the tries of the
 * PINs last as long as the object; what was verified and selected ends with a reset.
 */
#ifndef SOFTCARD_CARD_H
#define SOFTCARD_CARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rm/drivers/softcard/apdu.h"

#define SOFTCARD_FILES_MAX 256u       /* the MF counted */
#define SOFTCARD_FILE_SIZE_MAX 32767u /* what a 15-bit offset reaches */
#define SOFTCARD_DEPTH_MAX 8u         /* directories and files under one another, without the MF */
#define SOFTCARD_NAME_MAX 16u         /* of a DF name (AID) */
#define SOFTCARD_SHORT_ID_MAX 30u
#define SOFTCARD_PINS_MAX 16u
#define SOFTCARD_PIN_LENGTH_MIN 4u
#define SOFTCARD_PIN_LENGTH_MAX 16u
#define SOFTCARD_TRIES_MAX 15u        /* what 63CX can tell */
#define SOFTCARD_PIN_NUMBER_MAX 0x1Fu /* five bits of a PIN's reference */
#define SOFTCARD_PIN_LOCAL 0x80u      /* this bit of the reference: belongs to one directory */

#define SOFTCARD_MF_ID 0x3F00u
#define SOFTCARD_MF 0 /* its number as a file of a card */

/* The longest answer: a whole file and SW1 SW2. */
#define SOFTCARD_REPLY_MAX (SOFTCARD_FILE_SIZE_MAX + 2u)

struct softcard_card;

/* Fills out[0..length) with random bytes. Returns 0, or a negative errno: the card says 6F00. */
typedef int (*softcard_random)(void *data, uint8_t *out, size_t length);

enum softcard_rule {
	SOFTCARD_ALWAYS,
	SOFTCARD_NEVER,
	SOFTCARD_AFTER_PIN
};

struct softcard_access {
	enum softcard_rule rule;
	uint8_t pin; /* SOFTCARD_AFTER_PIN: the reference */
};

/* A card with nothing but an MF, and without random numbers. NULL: no memory. */
struct softcard_card *softcard_card_new(void);

/* Where GET CHALLENGE gets its numbers. Without: 6F00. */
void softcard_card_set_random(struct softcard_card *card, softcard_random random, void *data);

/* A card of its own with the same files, PINs and tries, as after a reset. NULL: no memory. */
struct softcard_card *softcard_card_copy(const struct softcard_card *card);

/* PINs and file contents are wiped. NULL is fine. */
void softcard_card_free(struct softcard_card *card);

/*
 * Adds a directory (DF) under @parent, a number that this function returned or SOFTCARD_MF.
 * @name: DF name; length 0: none
 * Returns its number; -EINVAL: name too long, reserved identifier, or @parent is none; -EEXIST:
 * the parent has a file with that identifier; -ELOOP: too deep; -ENOSPC: too many; -ENOMEM.
 */
int softcard_card_add_directory(
    struct softcard_card *card, int parent, uint16_t id, const uint8_t *name, size_t name_length);

/*
 * Adds a transparent file (EF); its content is zero.
 * @short_id: 0: none
 * Returns its number; as above, and -EEXIST also when the parent has that short identifier.
 */
int softcard_card_add_file(struct softcard_card *card, int parent, uint16_t id, uint8_t short_id,
    size_t size, struct softcard_access read, struct softcard_access update);

/* Writes into a file from its beginning. -ENOSPC: it is smaller. */
int softcard_card_fill(struct softcard_card *card, int file, const uint8_t *content, size_t length);

/*
 * Adds a PIN.
 * @reference: as P2 of VERIFY: 01 to 1F for the whole card, 81 to 9F for one directory
 * @directory: of a local PIN; SOFTCARD_MF for others
 * -EINVAL: an argument is outside the limits; -EEXIST: reference in use there; -ENOSPC: too many.
 */
int softcard_card_add_pin(struct softcard_card *card, uint8_t reference, int directory,
    const uint8_t *value, size_t length, unsigned tries);

/* The PIN that a reference means in a directory: there is one. */
bool softcard_card_has_pin(const struct softcard_card *card, uint8_t reference, int directory);

/* Cold or warm reset: MF selected, nothing verified. */
void softcard_card_reset(struct softcard_card *card);

/*
 * Does a command. Writes at most SOFTCARD_REPLY_MAX bytes, SW1 SW2 last; returns how many, at
 * least 2. Any bytes are a command, if only a wrong one.
 */
size_t softcard_card_transmit(
    struct softcard_card *card, const uint8_t *command, size_t length, uint8_t *reply);

/* The same for a command taken apart; returns SW1 SW2, the data's length through @ret_length. */
uint16_t softcard_card_execute(struct softcard_card *card, const struct softcard_apdu *apdu,
    uint8_t *reply, size_t *ret_length);

#endif
