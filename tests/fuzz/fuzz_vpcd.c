/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a card sends to the virtual reader: messages in pieces of any size, and answers to reset.
 *
 * Input: two bytes, the room for the message and the size of the pieces; then the stream.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "rm/drivers/atr.h"
#include "rm/drivers/vpcd/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_atr(const uint8_t *bytes, size_t length)
{
	struct atr atr;
	int t;

	if (atr_parse(bytes, length, &atr) < 0)
		return;
	assert(atr.length >= 2 && atr.length <= length && atr.length <= ATR_LENGTH_MAX);
	assert(atr.historical + atr.historical_length <= atr.length);
	assert(atr.offered != 0);
	for (unsigned allowed = 0; allowed < 4; allowed++) {
		t = atr_choose_protocol(&atr, allowed);
		assert(t < 0 || (allowed >> t & 1) != 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vpcd_receipt receipt;
	enum vpcd_progress progress = VPCD_MORE;
	size_t at = 2, room, piece;
	uint8_t *out;

	if (size < 2)
		return 0;
	room = data[0];
	piece = (size_t)data[1] + 1;
	out = malloc(room > 0 ? room : 1);
	vpcd_receipt_begin(&receipt, out, room);
	while (progress == VPCD_MORE && at < size) {
		struct iovec vectors[2];
		int count = vpcd_receipt_want(&receipt, vectors);
		size_t left = piece < size - at ? piece : size - at, taken = 0;

		assert(count >= 1 && count <= 2);
		for (int i = 0; i < count && left > 0; i++) {
			size_t n = left < vectors[i].iov_len ? left : vectors[i].iov_len;

			memcpy(vectors[i].iov_base, data + at, n);
			at += n;
			taken += n;
			left -= n;
		}
		assert(taken > 0);
		progress = vpcd_receipt_take(&receipt, taken);
	}
	if (progress == VPCD_WHOLE) {
		size_t length = vpcd_receipt_length(&receipt);

		assert(length <= size - 4);
		if (length < room)
			room = length;
		assert(memcmp(out, data + 4, room) == 0);
		check_atr(out, room);
	}
	free(out);
	return 0;
}
