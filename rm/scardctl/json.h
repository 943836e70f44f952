/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON on one line: a value is built, then printed with its newline. */
#ifndef RM_SCARDCTL_JSON_H
#define RM_SCARDCTL_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

struct json {
	GString *text;
};

void json_init(struct json *json);
/* Prints what was built and frees it. */
void json_print(struct json *json);
/* Frees it without printing. */
void json_drop(struct json *json);

/* @name NULL: an entry of an array, or the value itself. */
void json_open(struct json *json, const char *name, char bracket);
void json_close(struct json *json, char bracket);
/* @value NULL: null */
void json_string(struct json *json, const char *name, const char *value);
/* Upper case hexadecimal; nothing of it: null */
void json_bytes(struct json *json, const char *name, const uint8_t *data, size_t length);
void json_number(struct json *json, const char *name, int64_t value);
void json_boolean(struct json *json, const char *name, bool value);

#endif
