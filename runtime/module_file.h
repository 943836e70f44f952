/* SPDX-License-Identifier: BSD-2-Clause */
/* What can be told of a module file by looking at it, without running its code. */
#ifndef TESSERA_RUNTIME_MODULE_FILE_H
#define TESSERA_RUNTIME_MODULE_FILE_H

#include <wtypes.h>

/*
 * S_OK: there is a regular file. CO_E_DLLNOTFOUND: there is none; CO_E_ERRORINDLL: it is something
 * else, or cannot be reached.
 * @ret_cause: (transfer full): on failure, why; g_free
 */
HRESULT module_file_check(const char *path, char **ret_cause);

/* (transfer full): why the loader, which said `error`, refused the file. */
char *module_file_describe_failure(const char *path, const char *error);

#endif
