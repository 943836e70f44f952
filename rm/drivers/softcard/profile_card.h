/* SPDX-License-Identifier: BSD-2-Clause */
/* The part of a profile that describes the card: directories, PINs, files. */
#ifndef SOFTCARD_PROFILE_CARD_H
#define SOFTCARD_PROFILE_CARD_H

#include "rm/drivers/softcard/card.h"
#include "rm/drivers/softcard/profile_keys.h"

/* Kinds of groups; the last three have a name behind them. */
#define PROFILE_READER "Reader"
#define PROFILE_CARD "Card"
#define PROFILE_PIN "PIN"
#define PROFILE_DIRECTORY "Directory"
#define PROFILE_FILE "File"

/* What follows the kind in a group's name; NULL: the group is of another kind. */
const char *profile_card_suffix(const char *group, const char *kind);

/* Fills a new card from all groups; false: there is a message. */
bool profile_card_read(struct profile_keys *keys, char *const *groups, struct softcard_card *card);

#endif
