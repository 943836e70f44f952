/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/comreg/check_watch.h"

#include <dlfcn.h>
#include <link.h>
#include <string.h>

struct watched {
	ElfW(Addr) module;
	alloc_watch watch;
	alloc_exempt exempt;
};

static void
find(const char *name, void *ret_function)
{
	void *symbol = dlsym(RTLD_DEFAULT, name);

	memcpy(ret_function, &symbol, sizeof symbol);
}

/*
 * The dynamic linker and GLib end the process when they get no memory. That is their choice, which
 * a component that uses them can do nothing about.
 */
static bool
ends_without_memory(const char *path)
{
	g_autofree char *name = g_path_get_basename(path);

	return g_str_has_prefix(name, "ld-linux") || g_str_has_prefix(name, "ld64") ||
	    g_str_has_prefix(name, "libglib-2.0.so");
}

static int
visit(struct dl_phdr_info *info, size_t size, void *data)
{
	const struct watched *watched = data;
	uintptr_t to = info->dlpi_addr;

	(void)size;
	for (unsigned i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_LOAD)
			to = MAX(to,
			    info->dlpi_addr + info->dlpi_phdr[i].p_vaddr +
				info->dlpi_phdr[i].p_memsz);
	if (info->dlpi_addr == watched->module)
		watched->watch(info->dlpi_addr, to);
	else if (ends_without_memory(info->dlpi_name))
		watched->exempt(info->dlpi_addr, to);
	return 0;
}

void
check_watch_begin(const struct trial *trial)
{
	struct link_map *map = NULL;
	struct watched watched;

	if (dlinfo(trial->handle, RTLD_DI_LINKMAP, &map) != 0)
		return;
	watched.module = map->l_addr;
	find("tessera_alloc_watch", &watched.watch);
	find("tessera_alloc_exempt", &watched.exempt);
	(void)dl_iterate_phdr(visit, &watched);
}

unsigned
check_watch_fail(unsigned number)
{
	alloc_fail fail;

	find("tessera_alloc_fail", &fail);
	return fail(number);
}

const char *
check_watch_finding(void)
{
	alloc_finding finding;

	find("tessera_alloc_finding", &finding);
	return finding();
}

enum alloc_origin
check_watch_origin(const void *block)
{
	alloc_origin_of origin;

	find("tessera_alloc_origin", &origin);
	return origin(block);
}
