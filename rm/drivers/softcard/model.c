/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The making of a card: files and PINs, checked as they are added. Commands are elsewhere.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rm/drivers/softcard/state.h"

struct softcard_card *
softcard_card_new(void)
{
	struct softcard_card *card = calloc(1, sizeof *card);

	if (card == NULL)
		return NULL;
	card->files[SOFTCARD_MF].id = SOFTCARD_MF_ID;
	card->files[SOFTCARD_MF].directory = true;
	card->files[SOFTCARD_MF].parent = SOFTCARD_NONE;
	card->file_count = 1;
	softcard_card_reset(card);
	return card;
}

void
softcard_card_set_random(struct softcard_card *card, softcard_random random, void *data)
{
	card->random = random;
	card->random_data = data;
}

struct softcard_card *
softcard_card_copy(const struct softcard_card *card)
{
	struct softcard_card *copy = malloc(sizeof *copy);

	if (copy == NULL)
		return NULL;
	*copy = *card;
	for (size_t i = 0; i < copy->file_count; i++)
		copy->files[i].content = NULL;
	for (size_t i = 0; i < copy->file_count; i++) {
		if (copy->files[i].directory)
			continue;
		copy->files[i].content = malloc(copy->files[i].size);
		if (copy->files[i].content == NULL) {
			softcard_card_free(copy);
			return NULL;
		}
		memcpy(copy->files[i].content, card->files[i].content, copy->files[i].size);
	}
	softcard_card_reset(copy);
	return copy;
}

void
softcard_card_free(struct softcard_card *card)
{
	if (card == NULL)
		return;
	for (size_t i = 0; i < card->file_count; i++) {
		if (card->files[i].content != NULL)
			explicit_bzero(card->files[i].content, card->files[i].size);
		free(card->files[i].content);
	}
	explicit_bzero(card, sizeof *card);
	free(card);
}

int
softcard_find_child(const struct softcard_card *card, int directory, uint16_t id)
{
	for (size_t i = 0; i < card->file_count; i++)
		if (card->files[i].parent == directory && card->files[i].id == id)
			return (int)i;
	return SOFTCARD_NONE;
}

bool
softcard_is_within(const struct softcard_card *card, int file, int directory)
{
	while (file != directory && file != SOFTCARD_NONE)
		file = card->files[file].parent;
	return file == directory;
}

static bool
is_directory(const struct softcard_card *card, int file)
{
	return file >= 0 && (size_t)file < card->file_count && card->files[file].directory;
}

/* ISO 7816-4, 7.1.2.2: 3FFF names the current directory in a path, FFFF is reserved, 0000 too. */
static bool
is_reserved(uint16_t id)
{
	return id == SOFTCARD_MF_ID || id == 0x3FFF || id == 0xFFFF || id == 0x0000;
}

/* The next free place, with what all files have. Counts only when the caller says so. */
static int
new_file(struct softcard_card *card, int parent, uint16_t id)
{
	struct softcard_file *file;

	if (!is_directory(card, parent) || is_reserved(id))
		return -EINVAL;
	if (softcard_find_child(card, parent, id) != SOFTCARD_NONE)
		return -EEXIST;
	if (card->files[parent].depth >= SOFTCARD_DEPTH_MAX)
		return -ELOOP;
	if (card->file_count >= SOFTCARD_FILES_MAX)
		return -ENOSPC;
	file = &card->files[card->file_count];
	memset(file, 0, sizeof *file);
	file->id = id;
	file->parent = parent;
	file->depth = card->files[parent].depth + 1;
	return (int)card->file_count;
}

int
softcard_card_add_directory(
    struct softcard_card *card, int parent, uint16_t id, const uint8_t *name, size_t name_length)
{
	int number;

	if (name_length > SOFTCARD_NAME_MAX)
		return -EINVAL;
	number = new_file(card, parent, id);
	if (number < 0)
		return number;
	card->files[number].directory = true;
	if (name_length > 0)
		memcpy(card->files[number].name, name, name_length);
	card->files[number].name_length = name_length;
	card->file_count++;
	return number;
}

static bool
short_id_taken(const struct softcard_card *card, int parent, uint8_t short_id)
{
	for (size_t i = 0; i < card->file_count; i++)
		if (card->files[i].parent == parent && card->files[i].short_id == short_id)
			return short_id != 0;
	return false;
}

int
softcard_card_add_file(struct softcard_card *card, int parent, uint16_t id, uint8_t short_id,
    size_t size, struct softcard_access read, struct softcard_access update)
{
	struct softcard_file *file;
	int number;

	if (size == 0 || size > SOFTCARD_FILE_SIZE_MAX || short_id > SOFTCARD_SHORT_ID_MAX)
		return -EINVAL;
	if (short_id_taken(card, parent, short_id))
		return -EEXIST;
	number = new_file(card, parent, id);
	if (number < 0)
		return number;
	file = &card->files[number];
	file->short_id = short_id;
	file->size = size;
	file->read = read;
	file->update = update;
	file->content = calloc(1, size);
	if (file->content == NULL)
		return -ENOMEM;
	card->file_count++;
	return number;
}

int
softcard_card_fill(struct softcard_card *card, int file, const uint8_t *content, size_t length)
{
	if (file < 0 || (size_t)file >= card->file_count || card->files[file].directory)
		return -EINVAL;
	if (length > card->files[file].size)
		return -ENOSPC;
	if (length > 0)
		memcpy(card->files[file].content, content, length);
	return 0;
}

int
softcard_card_add_pin(struct softcard_card *card, uint8_t reference, int directory,
    const uint8_t *value, size_t length, unsigned tries)
{
	bool local = (reference & SOFTCARD_PIN_LOCAL) != 0;
	unsigned number = reference & ~SOFTCARD_PIN_LOCAL;
	struct softcard_pin *pin;

	if (number == 0 || number > SOFTCARD_PIN_NUMBER_MAX || !is_directory(card, directory) ||
	    (!local && directory != SOFTCARD_MF))
		return -EINVAL;
	if (length < SOFTCARD_PIN_LENGTH_MIN || length > SOFTCARD_PIN_LENGTH_MAX || tries == 0 ||
	    tries > SOFTCARD_TRIES_MAX)
		return -EINVAL;
	for (size_t i = 0; i < card->pin_count; i++)
		if (card->pins[i].reference == reference && card->pins[i].directory == directory)
			return -EEXIST;
	if (card->pin_count >= SOFTCARD_PINS_MAX)
		return -ENOSPC;
	pin = &card->pins[card->pin_count++];
	pin->reference = reference;
	pin->directory = directory;
	memcpy(pin->value, value, length);
	pin->length = length;
	pin->tries_max = pin->tries_left = tries;
	pin->verified = false;
	return 0;
}

int
softcard_find_pin(const struct softcard_card *card, uint8_t reference, int directory)
{
	if ((reference & SOFTCARD_PIN_LOCAL) == 0)
		directory = SOFTCARD_MF;
	for (; directory != SOFTCARD_NONE; directory = card->files[directory].parent) {
		for (size_t i = 0; i < card->pin_count; i++)
			if (card->pins[i].reference == reference &&
			    card->pins[i].directory == directory)
				return (int)i;
	}
	return SOFTCARD_NONE;
}

bool
softcard_card_has_pin(const struct softcard_card *card, uint8_t reference, int directory)
{
	return softcard_find_pin(card, reference, directory) != SOFTCARD_NONE;
}
