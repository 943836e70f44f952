/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parts of the card share: its model and its state. Not for its users.
 *
 * Files stand in one array, parents before children; a file is named by its place there, so that a
 * card is copied by copying, and nothing recurs.
 */
#ifndef SOFTCARD_STATE_H
#define SOFTCARD_STATE_H

#include "rm/drivers/softcard/card.h"

#define SOFTCARD_NONE (-1)

struct softcard_file {
	uint16_t id;
	bool directory;
	int parent; /* SOFTCARD_NONE: the MF */
	unsigned depth;
	/* directory */
	uint8_t name[SOFTCARD_NAME_MAX];
	size_t name_length;
	/* transparent file */
	uint8_t short_id; /* 0: none */
	uint8_t *content;
	size_t size;
	struct softcard_access read, update;
};

struct softcard_pin {
	uint8_t reference;
	int directory;
	uint8_t value[SOFTCARD_PIN_LENGTH_MAX];
	size_t length;
	unsigned tries_max, tries_left;
	bool verified;
};

struct softcard_card {
	struct softcard_file files[SOFTCARD_FILES_MAX];
	size_t file_count;
	struct softcard_pin pins[SOFTCARD_PINS_MAX];
	size_t pin_count;
	softcard_random random;
	void *random_data;

	int current_directory;
	int current_file; /* SOFTCARD_NONE: no EF is selected */
};

/* Commands. Each writes data to @reply and its length to @ret_length (0 at first). */
typedef uint16_t (*softcard_command)(struct softcard_card *card, const struct softcard_apdu *apdu,
    uint8_t *reply, size_t *ret_length);
uint16_t softcard_select(struct softcard_card *card, const struct softcard_apdu *apdu,
    uint8_t *reply, size_t *ret_length);
uint16_t softcard_read_binary(struct softcard_card *card, const struct softcard_apdu *apdu,
    uint8_t *reply, size_t *ret_length);
uint16_t softcard_update_binary(struct softcard_card *card, const struct softcard_apdu *apdu,
    uint8_t *reply, size_t *ret_length);
uint16_t softcard_verify(struct softcard_card *card, const struct softcard_apdu *apdu,
    uint8_t *reply, size_t *ret_length);

/* Makes a file the current one: a directory without an EF, or an EF and its directory. */
void softcard_set_current(struct softcard_card *card, int file);

/* A child of a directory by identifier, or SOFTCARD_NONE. */
int softcard_find_child(const struct softcard_card *card, int directory, uint16_t id);

/* The file is the directory or lies below it. */
bool softcard_is_within(const struct softcard_card *card, int file, int directory);

/*
 * The PIN that a reference means in a directory: of the card, or of the nearest directory above.
 * Its place among the PINs, or SOFTCARD_NONE.
 */
int softcard_find_pin(const struct softcard_card *card, uint8_t reference, int directory);

/* May the card do this with the file now? */
bool softcard_is_allowed(
    const struct softcard_card *card, int file, const struct softcard_access *access);

#endif
