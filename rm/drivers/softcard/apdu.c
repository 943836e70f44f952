/* SPDX-License-Identifier: BSD-2-Clause */
#include "rm/drivers/softcard/apdu.h"

#include <errno.h>

#define HEADER 4u /* CLA INS P1 P2 */

static size_t
le_short(uint8_t field)
{
	return field != 0 ? field : SOFTCARD_LE_SHORT_MAX;
}

static size_t
le_extended(const uint8_t *field)
{
	size_t le = (size_t)field[0] << 8 | field[1];

	return le != 0 ? le : SOFTCARD_LE_EXTENDED_MAX;
}

/* Behind the header stands a length byte that is not zero. */
static int
parse_short(const uint8_t *body, size_t length, struct softcard_apdu *apdu)
{
	apdu->lc = body[0];
	apdu->data = body + 1;
	if (length == 1 + apdu->lc)
		return 0;
	if (length != 1 + apdu->lc + 1)
		return -EBADMSG;
	apdu->le = le_short(body[length - 1]);
	return 0;
}

/* Behind the header stand a zero byte and more. */
static int
parse_extended(const uint8_t *body, size_t length, struct softcard_apdu *apdu)
{
	if (length < 3)
		return -EBADMSG;
	if (length == 3) {
		apdu->le = le_extended(body + 1);
		return 0;
	}
	apdu->lc = (size_t)body[1] << 8 | body[2];
	apdu->data = body + 3;
	if (apdu->lc == 0)
		return -EBADMSG;
	if (length == 3 + apdu->lc)
		return 0;
	if (length != 3 + apdu->lc + 2)
		return -EBADMSG;
	apdu->le = le_extended(body + length - 2);
	return 0;
}

int
softcard_apdu_parse(const uint8_t *command, size_t length, struct softcard_apdu *ret)
{
	struct softcard_apdu apdu = { .data = NULL };
	int r = 0;

	if (length < HEADER)
		return -EBADMSG;
	apdu.cla = command[0];
	apdu.ins = command[1];
	apdu.p1 = command[2];
	apdu.p2 = command[3];
	if (length == HEADER + 1)
		apdu.le = le_short(command[HEADER]);
	else if (length > HEADER + 1 && command[HEADER] != 0)
		r = parse_short(command + HEADER, length - HEADER, &apdu);
	else if (length > HEADER + 1)
		r = parse_extended(command + HEADER, length - HEADER, &apdu);
	if (r < 0)
		return r;
	*ret = apdu;
	return 0;
}
