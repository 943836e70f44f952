/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/elf_header.h"

#include <link.h>
#include <string.h>

#include <glib.h>

#if defined(__x86_64__)
#define OWN_MACHINE EM_X86_64
#elif defined(__aarch64__)
#define OWN_MACHINE EM_AARCH64
#elif defined(__i386__)
#define OWN_MACHINE EM_386
#elif defined(__arm__)
#define OWN_MACHINE EM_ARM
#elif defined(__riscv)
#define OWN_MACHINE EM_RISCV
#elif defined(__powerpc64__)
#define OWN_MACHINE EM_PPC64
#elif defined(__s390x__)
#define OWN_MACHINE EM_S390
#else
#define OWN_MACHINE EM_NONE
#endif

static const char *
machine_name(unsigned machine, char number[static 32])
{
	switch (machine) {
	case EM_386:
		return "x86";
	case EM_X86_64:
		return "x86-64";
	case EM_ARM:
		return "ARM";
	case EM_AARCH64:
		return "AArch64";
	case EM_RISCV:
		return "RISC-V";
	case EM_PPC64:
		return "PowerPC64";
	case EM_S390:
		return "S/390";
	default:
		g_snprintf(number, 32, "number %u", machine);
		return number;
	}
}

char *
elf_header_problem(const void *start, size_t length)
{
	const unsigned own_class = sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32;
	const unsigned char *header = start;
	char theirs[32], ours[32];
	Elf32_Half type, machine;

	if (length < sizeof(Elf32_Ehdr) || memcmp(header, ELFMAG, SELFMAG) != 0)
		return g_strdup("it is not an ELF file");
	/* Type and machine stand in the same place in both classes. */
	memcpy(&type, header + offsetof(Elf32_Ehdr, e_type), sizeof type);
	memcpy(&machine, header + offsetof(Elf32_Ehdr, e_machine), sizeof machine);
	if (header[EI_DATA] != (G_BYTE_ORDER == G_LITTLE_ENDIAN ? ELFDATA2LSB : ELFDATA2MSB))
		return g_strdup("it was built for another architecture (other byte order)");
	if ((OWN_MACHINE != EM_NONE && machine != OWN_MACHINE) || header[EI_CLASS] != own_class)
		return g_strdup_printf(
		    "it was built for another architecture (%d bits, machine %s; this process has "
		    "%d bits, machine %s)",
		    header[EI_CLASS] == ELFCLASS64 ? 64 : 32, machine_name(machine, theirs),
		    own_class == ELFCLASS64 ? 64 : 32, machine_name(OWN_MACHINE, ours));
	if (length < sizeof(ElfW(Ehdr)))
		return g_strdup("it ends within its ELF header");
	if (type != ET_DYN)
		return g_strdup("it is an ELF file, but not a shared object");
	return NULL;
}
