/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * READ BINARY and UPDATE BINARY (ISO 7816-4, 7.2), with offsets in bytes.
 */
#include <string.h>

#include "rm/drivers/softcard/state.h"

#define P1_SHORT_ID 0x80
#define P1_SHORT_ID_RFU 0x60

/*
 * The file and the offset that P1-P2 mean. A short identifier makes its file the current one, as
 * the standard asks; 0 means the current file.
 */
static uint16_t
locate(
    struct softcard_card *card, const struct softcard_apdu *apdu, int *ret_file, size_t *ret_offset)
{
	uint8_t short_id = apdu->p1 & 0x1F;

	if ((apdu->p1 & P1_SHORT_ID) == 0) {
		*ret_offset = (size_t)apdu->p1 << 8 | apdu->p2;
		short_id = 0;
	} else {
		if ((apdu->p1 & P1_SHORT_ID_RFU) != 0)
			return ISO7816_SW_WRONG_P1P2;
		*ret_offset = apdu->p2;
	}
	if (short_id != 0) {
		int found = SOFTCARD_NONE;

		for (size_t i = 0; i < card->file_count; i++)
			if (card->files[i].parent == card->current_directory &&
			    card->files[i].short_id == short_id)
				found = (int)i;
		if (found == SOFTCARD_NONE)
			return ISO7816_SW_FILE_NOT_FOUND;
		softcard_set_current(card, found);
	}
	if (card->current_file == SOFTCARD_NONE)
		return ISO7816_SW_NO_CURRENT_EF;
	*ret_file = card->current_file;
	return ISO7816_SW_OK;
}

uint16_t
softcard_read_binary(struct softcard_card *card, const struct softcard_apdu *apdu, uint8_t *reply,
    size_t *ret_length)
{
	const struct softcard_file *file;
	size_t offset = 0, left;
	uint16_t sw;
	int number = SOFTCARD_NONE;

	if (apdu->lc != 0 || apdu->le == 0)
		return ISO7816_SW_WRONG_LENGTH;
	sw = locate(card, apdu, &number, &offset);
	if (sw != ISO7816_SW_OK)
		return sw;
	file = &card->files[number];
	if (!softcard_is_allowed(card, number, &file->read))
		return ISO7816_SW_SECURITY_STATUS;
	if (offset >= file->size)
		return ISO7816_SW_OFFSET;

	left = file->size - offset;
	if (left >= apdu->le) {
		left = apdu->le;
	} else if (apdu->le != SOFTCARD_LE_SHORT_MAX && apdu->le != SOFTCARD_LE_EXTENDED_MAX) {
		/* The maximum means "up to the end"; a number is a promise that ends too early. */
		sw = ISO7816_SW_END_OF_FILE;
	}
	memcpy(reply, file->content + offset, left);
	*ret_length = left;
	return sw;
}

uint16_t
softcard_update_binary(struct softcard_card *card, const struct softcard_apdu *apdu, uint8_t *reply,
    size_t *ret_length)
{
	const struct softcard_file *file;
	size_t offset = 0;
	uint16_t sw;
	int number = SOFTCARD_NONE;

	(void)reply, (void)ret_length;
	if (apdu->lc == 0 || apdu->le != 0)
		return ISO7816_SW_WRONG_LENGTH;
	sw = locate(card, apdu, &number, &offset);
	if (sw != ISO7816_SW_OK)
		return sw;
	file = &card->files[number];
	if (!softcard_is_allowed(card, number, &file->update))
		return ISO7816_SW_SECURITY_STATUS;
	if (offset >= file->size)
		return ISO7816_SW_OFFSET;
	if (apdu->lc > file->size - offset)
		return ISO7816_SW_NO_SPACE;
	memcpy(file->content + offset, apdu->data, apdu->lc);
	return ISO7816_SW_OK;
}
