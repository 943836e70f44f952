/* SPDX-License-Identifier: BSD-2-Clause */
/* Who may be connected to a reader at the same time. */
#include <unistd.h>

#include "rm/engine/private.h"

enum rm_claim
rm_sharing_claim(const struct rm_rules *rules, uint32_t share_mode)
{
	if (share_mode == SCARD_SHARE_EXCLUSIVE ||
	    (share_mode == SCARD_SHARE_DIRECT && rules->direct_is_exclusive))
		return RM_CLAIM_EXCLUSIVE;
	return RM_CLAIM_SHARED;
}

/* Somebody else who is connected and stays: one whose client has gone is on its way out. */
static const struct rm_card *
another(const struct rm_reader *reader, const struct rm_card *self)
{
	for (const GList *link = reader->connections.head; link != NULL; link = link->next) {
		const struct rm_card *card = link->data;

		if (card != self && card->stage == RM_CARD_OPEN)
			return card;
	}
	return NULL;
}

bool
rm_sharing_alone(const struct rm_reader *reader, const struct rm_card *self)
{
	return another(reader, self) == NULL;
}

static LONG
violation(
    const struct rm_reader *reader, const struct rm_card *other, const char *how, char *message)
{
	if (other->pid == getpid())
		rm_message(message, "reader '%s': %s by this process; disconnect there first",
		    reader->name, how);
	else
		rm_message(message, "reader '%s': %s by pid %d; wait or ask it to disconnect",
		    reader->name, how, (int)other->pid);
	return SCARD_E_SHARING_VIOLATION;
}

LONG
rm_sharing_check(
    struct rm_reader *reader, const struct rm_card *self, enum rm_claim claim, char *message)
{
	const struct rm_card *exclusive = reader->exclusive, *other;

	if (exclusive != NULL && exclusive != self && exclusive->stage == RM_CARD_OPEN)
		return violation(reader, exclusive,
		    exclusive->direct ? "held for direct access" : "held exclusively", message);
	if (claim == RM_CLAIM_EXCLUSIVE && (other = another(reader, self)) != NULL)
		return violation(reader, other, "in use", message);
	return RM_IN_LINE;
}

LONG
rm_sharing_admit(struct rm_request *request)
{
	const struct rm_card *card = request->own.card;
	const struct rm_reader *reader = card->reader;

	if (!request->impatient || reader->holder == NULL || reader->holder == card)
		return RM_IN_LINE;
	return rm_sharing_busy(reader, request->message);
}

LONG
rm_sharing_busy(const struct rm_reader *reader, char *message)
{
	return violation(reader, reader->holder, "in a transaction", message);
}
