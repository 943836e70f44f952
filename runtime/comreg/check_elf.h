/* SPDX-License-Identifier: BSD-2-Clause */
/* What a shared object exports, read from the file: loading it would run it. */
#ifndef TESSERA_RUNTIME_COMREG_CHECK_ELF_H
#define TESSERA_RUNTIME_COMREG_CHECK_ELF_H

#include <glib.h>

#define CHECK_ELF_SIZE_MAX (256u * 1024u * 1024u)

/*
 * (transfer full): names of the strong global functions and objects; weak ones, of which C++ makes
 * many, are left out unless they are called Dll*. NULL: not a shared object of this machine's kind,
 * *ret_problem (transfer full) says what.
 */
GPtrArray *check_elf_exports(const char *path, char **ret_problem);

#endif
