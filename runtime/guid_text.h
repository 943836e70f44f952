/* SPDX-License-Identifier: BSD-2-Clause */
/* GUIDs as UTF-8 text, for the registry, messages and the tools. Pure. */
#ifndef TESSERA_RUNTIME_GUID_TEXT_H
#define TESSERA_RUNTIME_GUID_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include <guiddef.h>

#define GUID_TEXT_LENGTH 38 /* {XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX} */

/* Writes the braces form in upper case and a NUL; returns buffer. */
char *guid_to_text(REFGUID guid, char buffer[static GUID_TEXT_LENGTH + 1]);

/* Reads exactly the braces form, digits in any case; leaves *ret_guid alone when it is not that. */
bool guid_from_text(const char *text, size_t length, GUID *ret_guid);

#endif
