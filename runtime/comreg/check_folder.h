/* SPDX-License-Identifier: BSD-2-Clause */
/* A folder before and after: what was written into it. */
#ifndef TESSERA_RUNTIME_COMREG_CHECK_FOLDER_H
#define TESSERA_RUNTIME_COMREG_CHECK_FOLDER_H

/* (transfer full): names and contents of all files below, in a fixed order, as one text. Lock files
 * that are empty do not count. */
char *check_folder_read(const char *folder);

/* (transfer full): a file or folder in `folder` that is not called `name`; NULL: there is none. */
char *check_folder_outside(const char *folder, const char *name);

/* Removes the folder with all below; symbolic links are not followed. */
void check_folder_remove(const char *path);

#endif
