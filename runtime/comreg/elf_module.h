/* SPDX-License-Identifier: BSD-2-Clause */
/* What a module's file says of itself, read without loading it. */
#ifndef TESSERA_RUNTIME_COMREG_ELF_MODULE_H
#define TESSERA_RUNTIME_COMREG_ELF_MODULE_H

#include <stdbool.h>

#include <glib.h>

#define ELF_MODULE_SECTIONS_MAX 4096u
#define ELF_MODULE_TABLE_MAX (64u * 1024u * 1024u) /* bytes of the symbols or of their names */

struct elf_module {
	bool symbols_known;  /* false: the file has no table of sections to find them by */
	GHashTable *exports; /* set of names; functions alone */
};

/*
 * elf_module_read: false when the file cannot be read or is no shared object of this machine.
 * @ret_problem: (transfer full): then why. g_free
 */
bool elf_module_read(struct elf_module *module, const char *path, char **ret_problem);
void elf_module_done(struct elf_module *module);

bool elf_module_exports(const struct elf_module *module, const char *name);

#endif
