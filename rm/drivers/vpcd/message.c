/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/drivers/vpcd/message.h"

void
vpcd_message_head(uint8_t head[VPCD_HEAD], size_t length)
{
	head[0] = (uint8_t)(length >> 8);
	head[1] = (uint8_t)length;
}

void
vpcd_receipt_begin(struct vpcd_receipt *receipt, uint8_t *out, size_t room)
{
	receipt->out = out;
	receipt->room = room;
	receipt->received = 0;
}

size_t
vpcd_receipt_length(const struct vpcd_receipt *receipt)
{
	return (size_t)receipt->head[0] << 8 | receipt->head[1];
}

int
vpcd_receipt_want(struct vpcd_receipt *receipt, struct iovec vectors[2])
{
	size_t body, expected;
	int count = 0;

	/* Head and body in one go: most messages come whole. */
	if (receipt->received < VPCD_HEAD) {
		vectors[count].iov_base = receipt->head + receipt->received;
		vectors[count].iov_len = VPCD_HEAD - receipt->received;
		count++;
		body = 0;
		expected = receipt->room;
	} else {
		body = receipt->received - VPCD_HEAD;
		expected = vpcd_receipt_length(receipt);
	}
	if (body < expected && body < receipt->room) {
		size_t most = expected < receipt->room ? expected : receipt->room;

		vectors[count].iov_base = receipt->out + body;
		vectors[count].iov_len = most - body;
		count++;
	} else if (body < expected) {
		size_t left = expected - body;

		vectors[count].iov_base = receipt->dropped;
		vectors[count].iov_len =
		    left < sizeof receipt->dropped ? left : sizeof receipt->dropped;
		count++;
	}
	return count;
}

enum vpcd_progress
vpcd_receipt_take(struct vpcd_receipt *receipt, size_t count)
{
	size_t whole;

	receipt->received += count;
	if (receipt->received < VPCD_HEAD)
		return VPCD_MORE;
	whole = VPCD_HEAD + vpcd_receipt_length(receipt);
	if (receipt->received < whole)
		return VPCD_MORE;
	return receipt->received == whole ? VPCD_WHOLE : VPCD_EXCESS;
}
