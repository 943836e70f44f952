/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values of a manifest's keys, each with its limits. The first thing that is wrong is kept, with
 * its line, and refuses the whole file; after that whatever else is taken does not matter.
 */
#ifndef TESSERA_RUNTIME_MANIFEST_VALUE_H
#define TESSERA_RUNTIME_MANIFEST_VALUE_H

#include <stdbool.h>

#include <glib.h>
#include <guiddef.h>

struct manifest_parser {
	const char *data;
	size_t size;
	GKeyFile *file;
	char *problem; /* the first one; NULL: none */
};

/* @key may be NULL: the group as a whole is wrong. */
void manifest_refuse(struct manifest_parser *parser, const char *group, const char *key,
    const char *format, ...) G_GNUC_PRINTF(4, 5);

/* (transfer full): at most `max` bytes on one line; NULL: absent, empty or refused. */
char *
manifest_get_text(struct manifest_parser *parser, const char *group, const char *key, size_t max);
char *manifest_get_required_text(
    struct manifest_parser *parser, const char *group, const char *key, size_t max);
char *manifest_get_progid(struct manifest_parser *parser, const char *group, const char *key);

/* 0 when absent or refused. */
int manifest_get_number(
    struct manifest_parser *parser, const char *group, const char *key, int min, int max);
bool manifest_get_boolean(struct manifest_parser *parser, const char *group, const char *key);

/* false: absent or refused. */
bool manifest_get_guid(
    struct manifest_parser *parser, const char *group, const char *key, GUID *ret_guid);

/* Appends to an array of GUID. */
void manifest_get_guids(
    struct manifest_parser *parser, const char *group, const char *key, GArray *guids);

/* The identifier in a group's name, which begins with `prefix`. */
bool manifest_get_group_guid(
    struct manifest_parser *parser, const char *group, const char *prefix, GUID *ret_guid);

#endif
