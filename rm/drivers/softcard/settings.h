/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The driver's settings: which profile. Nothing: the built-in one; with a slash: a file; else the
 * name of a profile that is installed as softcard.d/NAME.profile.
 */
#ifndef SOFTCARD_SETTINGS_H
#define SOFTCARD_SETTINGS_H

#include "rm/drivers/softcard/profile.h"

#define SOFTCARD_PROFILE_FOLDER "softcard.d"
#define SOFTCARD_PROFILE_SUFFIX ".profile"
#define SOFTCARD_PROFILE_NAME_MAX 64u
#define SOFTCARD_PROFILE_NAMES_MAX 64u /* shown in a message */

/* The built-in profile's text, profiles/default.profile; made by the build. */
extern const unsigned char softcard_default_profile[];
extern const size_t softcard_default_profile_size;

/*
 * Finds and reads the profile that the settings name.
 * @settings: NULL: none
 * @folders: NULL-terminated; where softcard.d is looked for, first one first
 * @ret_message: on failure receives a text that says what is accepted; freed with g_free
 * Returns NULL on failure.
 */
struct softcard_profile *
softcard_settings_profile(const char *settings, const char *const *folders, char **ret_message);

/*
 * (transfer full): the administrator's and the vendor's folder that belong to this module, found
 * from its own place; freed with g_strfreev.
 */
char **softcard_settings_folders(void);

#endif
