/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing JSON (RFC 8259) to standard output, indented, one member a line. */
#ifndef TESSERA_RUNTIME_COMREG_JSON_H
#define TESSERA_RUNTIME_COMREG_JSON_H

#include <stdbool.h>

#define JSON_DEPTH_MAX 8

struct json {
	unsigned depth;
	bool has_members[JSON_DEPTH_MAX + 1]; /* of the object or array at each depth */
};

/* `name` is NULL for items of an array and for the outermost value. */
void json_open(struct json *json, const char *name, char bracket);
void json_close(struct json *json, char bracket);
/* value NULL: null. */
void json_string(struct json *json, const char *name, const char *value);
void json_number(struct json *json, const char *name, int value);
void json_boolean(struct json *json, const char *name, bool value);

#endif
