/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The file is anybody's: every place and length in it is checked against the file before use, and
 * it is read, not mapped, so that it may shrink meanwhile.
 */
#include "runtime/comreg/elf_module.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/elf_header.h"

/* (transfer full): that part of the file, and a NUL behind it; NULL when the file has no such part.
 */
static char *
read_part(int fd, guint64 offset, guint64 size, guint64 max)
{
	g_autofree char *part = NULL;
	size_t used = 0;

	if (size > max || offset > G_MAXINT64 - max)
		return NULL;
	part = g_try_malloc(size + 1);
	while (part != NULL && used < size) {
		ssize_t n = pread(fd, part + used, size - used, (off_t)(offset + used));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return NULL;
		used += (size_t)n;
	}
	if (part != NULL)
		part[size] = '\0';
	return g_steal_pointer(&part);
}

static void
take_symbols(struct elf_module *module, const char *symbols, guint64 size, const char *names,
    guint64 names_size)
{
	for (guint64 at = 0; at + sizeof(ElfW(Sym)) <= size; at += sizeof(ElfW(Sym))) {
		ElfW(Sym) symbol;
		unsigned binding, visibility;

		memcpy(&symbol, symbols + at, sizeof symbol);
		/* Both classes have one layout of these bytes. */
		binding = ELF64_ST_BIND(symbol.st_info);
		visibility = ELF64_ST_VISIBILITY(symbol.st_other);
		if (symbol.st_shndx == SHN_UNDEF || ELF64_ST_TYPE(symbol.st_info) != STT_FUNC ||
		    (binding != STB_GLOBAL && binding != STB_WEAK) ||
		    (visibility != STV_DEFAULT && visibility != STV_PROTECTED) ||
		    symbol.st_name >= names_size)
			continue;
		g_hash_table_add(module->exports, g_strdup(names + symbol.st_name));
	}
}

/* One table of symbols, with the names it is linked to. */
static void
read_table(
    struct elf_module *module, int fd, const ElfW(Shdr) * section, const ElfW(Shdr) * strings)
{
	char *symbols = read_part(fd, section->sh_offset, section->sh_size, ELF_MODULE_TABLE_MAX);
	char *names = read_part(fd, strings->sh_offset, strings->sh_size, ELF_MODULE_TABLE_MAX);

	if (symbols != NULL && names != NULL) {
		module->symbols_known = true;
		take_symbols(module, symbols, section->sh_size, names, strings->sh_size);
	}
	g_free(symbols);
	g_free(names);
}

static void
read_symbols(struct elf_module *module, int fd, const ElfW(Ehdr) * header)
{
	ElfW(Shdr) section, strings;
	char *table;

	if (header->e_shnum == 0 || header->e_shnum > ELF_MODULE_SECTIONS_MAX ||
	    header->e_shentsize != sizeof section)
		return;
	table = read_part(fd, header->e_shoff, (guint64)header->e_shnum * sizeof section,
	    ELF_MODULE_SECTIONS_MAX * sizeof section);
	for (unsigned i = 0; table != NULL && i < header->e_shnum; i++) {
		memcpy(&section, table + i * sizeof section, sizeof section);
		if (section.sh_type != SHT_DYNSYM || section.sh_link >= header->e_shnum)
			continue;
		memcpy(&strings, table + section.sh_link * sizeof strings, sizeof strings);
		read_table(module, fd, &section, &strings);
	}
	g_free(table);
}

bool
elf_module_read(struct elf_module *module, const char *path, char **ret_problem)
{
	/* O_NONBLOCK: a FIFO must not stop us. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	ElfW(Ehdr) header = { 0 };
	struct stat status;
	ssize_t length;

	*module = (struct elf_module){ 0 };
	*ret_problem = NULL;
	if (fd < 0) {
		*ret_problem = errno == ENOENT
		    ? g_strdup("the module file does not exist")
		    : g_strdup_printf("it cannot be opened: %s", g_strerror(errno));
		return false;
	}
	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
		*ret_problem = g_strdup("it is not a regular file");
	else if ((length = pread(fd, &header, sizeof header, 0)) < 0)
		*ret_problem = g_strdup_printf("it cannot be read: %s", g_strerror(errno));
	else
		*ret_problem = elf_header_problem(&header, (size_t)length);
	if (*ret_problem == NULL) {
		module->exports = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
		read_symbols(module, fd, &header);
	}
	(void)close(fd);
	return *ret_problem == NULL;
}

void
elf_module_done(struct elf_module *module)
{
	g_clear_pointer(&module->exports, g_hash_table_unref);
}

bool
elf_module_exports(const struct elf_module *module, const char *name)
{
	return module->exports != NULL && g_hash_table_contains(module->exports, name);
}
