/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the files of quirks lie that belong to this module, found from its own place. */
#ifndef CCID_PLACES_H
#define CCID_PLACES_H

/*
 * (transfer full): NULL-terminated, the shipped file first, then the administrator's; g_strfreev.
 * @libraries: the way from the module's folder to the libraries' folder, "../.."
 */
char **ccid_quirk_places(const char *libraries);

#endif
