/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Profiles: the text files that describe a soft card and its reader. README.md is their reference.
 */
#ifndef SOFTCARD_PROFILE_H
#define SOFTCARD_PROFILE_H

#include <glib.h>

#include "rm/drivers/atr.h"
#include "rm/drivers/softcard/card.h"

#define SOFTCARD_PROFILE_SIZE_MAX (256u * 1024u)
#define SOFTCARD_READERS_MAX 16u
/* A name and " 16" behind it fit into a reader's name. */
#define SOFTCARD_READER_NAME_MAX 120u

struct softcard_profile {
	char *reader_name;
	unsigned readers;
	bool present; /* a card is in the reader at first */
	uint8_t atr_bytes[ATR_LENGTH_MAX];
	struct atr atr;             /* atr.length 0: no card is described */
	struct softcard_card *card; /* the pattern of each reader's card; NULL: none is described */
};

/*
 * Makes a profile from its text.
 * @origin: the file, for messages
 * @ret_message: on failure receives a text that names file, group, key, cause; freed with g_free.
 *  It has no value of a PIN in it
 *
 * Returns NULL on failure.
 */
struct softcard_profile *
softcard_profile_parse(const char *text, size_t length, const char *origin, char **ret_message);

/* The same for a file: an ordinary one, of at most SOFTCARD_PROFILE_SIZE_MAX bytes. */
struct softcard_profile *softcard_profile_read(const char *path, char **ret_message);

/* NULL is fine. */
void softcard_profile_free(struct softcard_profile *profile);

#endif
