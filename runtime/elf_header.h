/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether a file can be a module of this machine, by its first bytes; for library and comreg. */
#ifndef TESSERA_RUNTIME_ELF_HEADER_H
#define TESSERA_RUNTIME_ELF_HEADER_H

#include <stddef.h>

/*
 * (transfer full): what keeps the file from being one; NULL: nothing seen, and then the header is
 * one of this machine's own class and byte order. g_free
 * @start: the file's first bytes, as many as there are up to those of an ELF header
 */
char *elf_header_problem(const void *start, size_t length);

#endif
