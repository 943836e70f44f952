/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/comreg/check_elf.h"

#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <string.h>

struct image {
	const char *data;
	size_t size;
};

/* NULL: not all of it lies in the file. Copied out, because nothing says that it is aligned. */
static bool
take(const struct image *image, size_t offset, void *into, size_t size)
{
	if (offset > image->size || size > image->size - offset)
		return false;
	memcpy(into, image->data + offset, size);
	return true;
}

/* NULL: no text that ends within the section. */
static const char *
string_at(const struct image *image, const ElfW(Shdr) * strings, size_t index)
{
	size_t start;

	if (strings->sh_offset > image->size ||
	    strings->sh_size > image->size - strings->sh_offset || index >= strings->sh_size)
		return NULL;
	start = strings->sh_offset + index;
	return memchr(image->data + start, '\0', strings->sh_size - index) != NULL
	    ? image->data + start
	    : NULL;
}

static bool
is_export(const ElfW(Sym) * symbol, const char *name)
{
	const unsigned type = ELF64_ST_TYPE(symbol->st_info), bind = ELF64_ST_BIND(symbol->st_info);

	if (symbol->st_shndx == SHN_UNDEF || symbol->st_shndx >= SHN_LORESERVE)
		return false;
	if (type != STT_FUNC && type != STT_OBJECT && type != STT_GNU_IFUNC && type != STT_TLS)
		return false;
	return bind == STB_GLOBAL || (bind == STB_WEAK && g_str_has_prefix(name, "Dll"));
}

static void
add_exports(const struct image *image, const ElfW(Shdr) * table, const ElfW(Shdr) * strings,
    GPtrArray *names)
{
	ElfW(Sym) symbol;

	for (size_t at = 0; at + sizeof symbol <= table->sh_size; at += sizeof symbol) {
		const char *name;

		if (!take(image, table->sh_offset + at, &symbol, sizeof symbol))
			return;
		name = string_at(image, strings, symbol.st_name);
		if (name != NULL && is_export(&symbol, name))
			g_ptr_array_add(names, g_strdup(name));
	}
}

static bool
is_own_kind(const ElfW(Ehdr) * header)
{
	const unsigned char own_class = sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32;

	return memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 &&
	    header->e_ident[EI_CLASS] == own_class && header->e_type == ET_DYN &&
	    header->e_shentsize == sizeof(ElfW(Shdr));
}

GPtrArray *
check_elf_exports(const char *path, char **ret_problem)
{
	GMappedFile *file = g_mapped_file_new(path, FALSE, NULL);
	struct image image = { 0 };
	GPtrArray *names = NULL;
	ElfW(Ehdr) header;

	if (file != NULL)
		image = (struct image){ g_mapped_file_get_contents(file),
			g_mapped_file_get_length(file) };
	if (image.size > CHECK_ELF_SIZE_MAX || !take(&image, 0, &header, sizeof header) ||
	    !is_own_kind(&header)) {
		*ret_problem = g_strdup("the file is not a shared object for this machine");
	} else {
		names = g_ptr_array_new_with_free_func(g_free);
		for (unsigned i = 0; i < header.e_shnum; i++) {
			ElfW(Shdr) table, strings;

			if (take(&image, header.e_shoff + i * sizeof table, &table, sizeof table) &&
			    table.sh_type == SHT_DYNSYM &&
			    take(&image, header.e_shoff + table.sh_link * sizeof strings, &strings,
				sizeof strings))
				add_exports(&image, &table, &strings, names);
		}
	}
	if (file != NULL)
		g_mapped_file_unref(file);
	return names;
}
