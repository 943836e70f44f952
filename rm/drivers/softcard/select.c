/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SELECT (ISO 7816-4, 7.1.1) and the file control information it answers (5.3.3).
 *
 * The answer is made before the selection: a wrong Le is refused with nothing done.
 */
#include <string.h>

#include "rm/drivers/softcard/state.h"

enum {
	SELECT_BY_ID = 0x00,
	SELECT_CHILD_DIRECTORY = 0x01,
	SELECT_FILE = 0x02,
	SELECT_PARENT = 0x03,
	SELECT_BY_NAME = 0x04,
	SELECT_PATH_FROM_MF = 0x08,
	SELECT_PATH_FROM_DIRECTORY = 0x09
};

/* P2, bits 2 and 1: which one of several. */
enum {
	OCCURRENCE_FIRST = 0,
	OCCURRENCE_LAST = 1,
	OCCURRENCE_NEXT = 2,
	OCCURRENCE_PREVIOUS = 3
};

/* P2, bits 4 and 3: what is answered. */
enum {
	ANSWER_FCI = 0x00,
	ANSWER_FCP = 0x04,
	ANSWER_FMD = 0x08,
	ANSWER_NONE = 0x0C
};

/* Tags. */
enum {
	TAG_FCP = 0x62,
	TAG_FCI = 0x6F,
	TAG_DATA_SIZE = 0x80,
	TAG_DESCRIPTOR = 0x82,
	TAG_FILE_ID = 0x83,
	TAG_DF_NAME = 0x84,
	TAG_SHORT_ID = 0x88,
	TAG_LIFE_CYCLE = 0x8A
};
#define DESCRIPTOR_TRANSPARENT 0x01
#define DESCRIPTOR_DIRECTORY 0x38
#define LIFE_CYCLE_ACTIVATED 0x05

/* Template, descriptor, id, name, life cycle: what a directory can need at most, and a file less.
 */
#define ANSWER_MAX (2 + 3 + 4 + 2 + SOFTCARD_NAME_MAX + 3)

static uint16_t
get_id(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

/*
 * An identifier alone may mean more than one place. In this order: the MF, what is in the current
 * directory, that directory, its parent, the directories beside it.
 */
static int
find_by_id(const struct softcard_card *card, uint16_t id)
{
	int here = card->current_directory, parent = card->files[here].parent, found;

	if (id == SOFTCARD_MF_ID)
		return SOFTCARD_MF;
	found = softcard_find_child(card, here, id);
	if (found != SOFTCARD_NONE)
		return found;
	if (card->files[here].id == id)
		return here;
	if (parent == SOFTCARD_NONE)
		return SOFTCARD_NONE;
	if (card->files[parent].id == id)
		return parent;
	found = softcard_find_child(card, parent, id);
	return found != SOFTCARD_NONE && card->files[found].directory ? found : SOFTCARD_NONE;
}

static int
find_by_path(const struct softcard_card *card, int from, const uint8_t *path, size_t length)
{
	for (size_t i = 0; i < length; i += 2) {
		if (!card->files[from].directory)
			return SOFTCARD_NONE;
		from = softcard_find_child(card, from, get_id(path + i));
		if (from == SOFTCARD_NONE)
			return SOFTCARD_NONE;
	}
	return from;
}

static bool
name_begins_with(const struct softcard_file *file, const uint8_t *name, size_t length)
{
	return file->directory && length <= file->name_length &&
	    memcmp(file->name, name, length) == 0;
}

/* Directories whose names begin so, in the order of the card; next and previous from the current
 * one. */
static int
find_by_name(
    const struct softcard_card *card, const uint8_t *name, size_t length, unsigned occurrence)
{
	bool backwards = occurrence == OCCURRENCE_LAST || occurrence == OCCURRENCE_PREVIOUS;
	int count = (int)card->file_count, step = backwards ? -1 : 1, i;

	switch (occurrence) {
	case OCCURRENCE_FIRST:
		i = 0;
		break;
	case OCCURRENCE_LAST:
		i = count - 1;
		break;
	default:
		i = card->current_directory + step;
		break;
	}
	for (; i >= 0 && i < count; i += step)
		if (name_begins_with(&card->files[i], name, length))
			return i;
	return SOFTCARD_NONE;
}

/* Finds what is asked for. Returns SW1 SW2. */
static uint16_t
find_file(const struct softcard_card *card, const struct softcard_apdu *apdu, int *ret)
{
	int here = card->current_directory, found = SOFTCARD_NONE;
	unsigned occurrence = apdu->p2 & 0x03;

	if (occurrence != OCCURRENCE_FIRST && apdu->p1 != SELECT_BY_NAME)
		return ISO7816_SW_WRONG_P1P2;

	switch (apdu->p1) {
	case SELECT_BY_ID:
		if (apdu->lc != 0 && apdu->lc != 2)
			return ISO7816_SW_LC_AGAINST_P1P2;
		found = apdu->lc == 0 ? SOFTCARD_MF : find_by_id(card, get_id(apdu->data));
		break;
	case SELECT_CHILD_DIRECTORY:
	case SELECT_FILE:
		if (apdu->lc != 2)
			return ISO7816_SW_LC_AGAINST_P1P2;
		found = softcard_find_child(card, here, get_id(apdu->data));
		if (found != SOFTCARD_NONE &&
		    card->files[found].directory != (apdu->p1 == SELECT_CHILD_DIRECTORY))
			found = SOFTCARD_NONE;
		break;
	case SELECT_PARENT:
		if (apdu->lc != 0)
			return ISO7816_SW_LC_AGAINST_P1P2;
		found = card->files[here].parent;
		break;
	case SELECT_BY_NAME:
		if (apdu->lc == 0)
			return ISO7816_SW_LC_AGAINST_P1P2;
		found = find_by_name(card, apdu->data, apdu->lc, occurrence);
		break;
	case SELECT_PATH_FROM_MF:
	case SELECT_PATH_FROM_DIRECTORY:
		if (apdu->lc == 0 || apdu->lc % 2 != 0)
			return ISO7816_SW_LC_AGAINST_P1P2;
		found = find_by_path(card, apdu->p1 == SELECT_PATH_FROM_MF ? SOFTCARD_MF : here,
		    apdu->data, apdu->lc);
		break;
	default:
		return ISO7816_SW_WRONG_P1P2;
	}
	if (found == SOFTCARD_NONE)
		return ISO7816_SW_FILE_NOT_FOUND;
	*ret = found;
	return ISO7816_SW_OK;
}

static size_t
put_tlv(uint8_t *out, uint8_t tag, const uint8_t *value, size_t length)
{
	out[0] = tag;
	out[1] = (uint8_t)length;
	if (length > 0)
		memcpy(out + 2, value, length);
	return 2 + length;
}

static size_t
put_template(uint8_t *out, uint8_t tag, const struct softcard_file *file)
{
	const uint8_t descriptor = file->directory ? DESCRIPTOR_DIRECTORY : DESCRIPTOR_TRANSPARENT;
	const uint8_t id[2] = { (uint8_t)(file->id >> 8), (uint8_t)file->id };
	const uint8_t size[2] = { (uint8_t)(file->size >> 8), (uint8_t)file->size };
	const uint8_t short_id = (uint8_t)(file->short_id << 3), life_cycle = LIFE_CYCLE_ACTIVATED;
	size_t n = 2;

	n += put_tlv(out + n, TAG_DESCRIPTOR, &descriptor, 1);
	n += put_tlv(out + n, TAG_FILE_ID, id, sizeof id);
	if (file->directory && file->name_length > 0)
		n += put_tlv(out + n, TAG_DF_NAME, file->name, file->name_length);
	if (!file->directory) {
		n += put_tlv(out + n, TAG_DATA_SIZE, size, sizeof size);
		/* Without this tag five bits of the identifier would serve; empty says: none. */
		n += put_tlv(out + n, TAG_SHORT_ID, &short_id, file->short_id != 0 ? 1 : 0);
	}
	n += put_tlv(out + n, TAG_LIFE_CYCLE, &life_cycle, 1);
	out[0] = tag;
	out[1] = (uint8_t)(n - 2);
	return n;
}

uint16_t
softcard_select(struct softcard_card *card, const struct softcard_apdu *apdu, uint8_t *reply,
    size_t *ret_length)
{
	uint8_t answer[ANSWER_MAX];
	size_t length = 0;
	uint16_t sw;
	int file = SOFTCARD_NONE;

	if ((apdu->p2 & 0xF0) != 0 || (apdu->p2 & 0x0C) == ANSWER_FMD)
		return ISO7816_SW_WRONG_P1P2;
	sw = find_file(card, apdu, &file);
	if (sw != ISO7816_SW_OK)
		return sw;

	if (apdu->le != 0 && (apdu->p2 & 0x0C) != ANSWER_NONE) {
		length = put_template(answer, (apdu->p2 & 0x0C) == ANSWER_FCP ? TAG_FCP : TAG_FCI,
		    &card->files[file]);
		if (length > apdu->le)
			return (uint16_t)(ISO7816_SW_WRONG_LE | length);
		memcpy(reply, answer, length);
	}
	softcard_set_current(card, file);
	*ret_length = length;
	return ISO7816_SW_OK;
}
