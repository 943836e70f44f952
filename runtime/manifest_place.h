/* SPDX-License-Identifier: BSD-2-Clause */
/* Where in a manifest something is wrong, in words. GKeyFile's messages have no line numbers. */
#ifndef TESSERA_RUNTIME_MANIFEST_PLACE_H
#define TESSERA_RUNTIME_MANIFEST_PLACE_H

#include <glib.h>

/* The line in which a group begins, or a key of it stands; 0 when it is not there. */
unsigned manifest_find_line(const char *data, size_t size, const char *group, const char *key);

/* (transfer full): what a stranger wrote, fit for a message: valid, one line, not long. */
char *manifest_quotable(const char *text);

/* (transfer full): why it is no text; NULL: it is. */
char *manifest_check_text(const char *data, size_t size);

/*
 * (transfer full): GKeyFile's message with the line. It repeats what stands there, which may be
 * long, and anything.
 */
char *manifest_describe_syntax_error(const char *data, size_t size, const GError *error);

#endif
