/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values out of a profile's text, each checked, and the one message that is left when something is
 * wrong. What the groups and keys mean is not known here.
 */
#ifndef SOFTCARD_PROFILE_KEYS_H
#define SOFTCARD_PROFILE_KEYS_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

struct profile_keys {
	GKeyFile *file;
	const char *origin; /* the profile's name, for the message */
	char *message;      /* NULL: nothing is wrong yet */
};

/*
 * Leaves a message, if it is the first: "soft card profile ORIGIN: [GROUP] KEY: text".
 * @group, @key: may be NULL
 * Always false.
 */
bool profile_keys_fail(struct profile_keys *keys, const char *group, const char *key,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* (transfer full): foreign text made fit to be shown in a message: short, one line, printable. */
char *profile_keys_quote(const char *text);

/* Reads the text; messages about its form name the line, never its content, which may be a PIN. */
bool profile_keys_load(struct profile_keys *keys, const char *text, size_t length);

/* All keys of the group are among `known`. */
bool profile_keys_check(struct profile_keys *keys, const char *group, const char *const *known);

/* (transfer full) (nullable): NULL without a message: the key is absent. */
char *profile_keys_string(struct profile_keys *keys, const char *group, const char *key);
GByteArray *profile_keys_hex(
    struct profile_keys *keys, const char *group, const char *key, size_t minimum, size_t maximum);

/* False: there is a message. An absent key leaves *ret as it is. */
bool profile_keys_number(struct profile_keys *keys, const char *group, const char *key,
    unsigned minimum, unsigned maximum, unsigned *ret);
bool profile_keys_boolean(struct profile_keys *keys, const char *group, const char *key, bool *ret);

#endif
