/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Modules by path. Two threads that need the same module first both ask the dynamic linker, which
 * maps it once and lets the second wait for the first's constructors; the one that comes second
 * gives its extra handle back. So no lock of ours is held while foreign code runs.
 */
#include "runtime/loader.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>
#include <gmodule.h>

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

struct module {
	GModule *handle;
	loader_get_class_object entry;
};

static pthread_mutex_t modules_lock = PTHREAD_MUTEX_INITIALIZER;
static GHashTable *modules; /* path to struct module */

/*
 * GModule makes its lock with the first call, in a way that ThreadSanitizer cannot follow and takes
 * for a race. One thread makes that call, on the program itself, before any other can.
 */
static pthread_once_t first_use = PTHREAD_ONCE_INIT;

static void
use_gmodule(void)
{
	GModule *program = g_module_open(NULL, G_MODULE_BIND_LAZY);

	if (program != NULL)
		g_module_close(program);
}

static loader_get_class_object
find_loaded(const char *path)
{
	const struct module *module = NULL;

	pthread_mutex_lock(&modules_lock);
	if (modules != NULL)
		module = g_hash_table_lookup(modules, path);
	pthread_mutex_unlock(&modules_lock);
	return module != NULL ? module->entry : NULL;
}

static void
remember(const char *path, GModule *handle, loader_get_class_object entry)
{
	struct module *module = NULL;

	pthread_mutex_lock(&modules_lock);
	if (modules == NULL)
		modules = g_hash_table_new(g_str_hash, g_str_equal);
	if (!g_hash_table_contains(modules, path)) {
		module = g_new(struct module, 1);
		*module = (struct module){ handle, entry };
		g_hash_table_insert(modules, g_strdup(path), module);
	}
	pthread_mutex_unlock(&modules_lock);
	if (module == NULL)
		g_module_close(handle);
}

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

/* (transfer full): what keeps the file from being a module of this machine; NULL: nothing seen. */
static char *
examine_header(const unsigned char *header, size_t length)
{
	const unsigned own_class = sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32;
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
	if (type != ET_DYN)
		return g_strdup("it is an ELF file, but not a shared object");
	return NULL;
}

/* The linker's message about a file that is no module is often only "cannot open". */
static char *
examine_file(const char *path)
{
	unsigned char header[sizeof(Elf64_Ehdr)];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	ssize_t length;

	if (fd < 0)
		return g_strdup_printf("it cannot be opened: %s", g_strerror(errno));
	length = read(fd, header, sizeof header);
	close(fd);
	return length < 0 ? NULL : examine_header(header, (size_t)length);
}

static HRESULT
check_exists(const char *path, char **ret_cause)
{
	struct stat status;
	int error;

	if (stat(path, &status) == 0) {
		if (S_ISREG(status.st_mode))
			return S_OK;
		*ret_cause = g_strdup("it is not a regular file");
		return CO_E_ERRORINDLL;
	}
	error = errno;
	*ret_cause = g_strdup_printf("the file cannot be found: %s", g_strerror(error));
	return error == ENOENT || error == ENOTDIR ? CO_E_DLLNOTFOUND : CO_E_ERRORINDLL;
}

static char *
describe_failure(const char *path)
{
	g_autofree char *loader = g_strdup(g_module_error());
	g_autofree char *seen = examine_file(path);

	if (seen == NULL)
		return g_strdup_printf("the loader refused it: %s", loader);
	return g_strdup_printf("%s; the loader says: %s", seen, loader);
}

HRESULT
loader_open(const char *path, loader_get_class_object *ret_entry, char **ret_cause)
{
	GModule *handle;
	void *symbol;
	HRESULT hr;

	*ret_cause = NULL;
	*ret_entry = find_loaded(path);
	if (*ret_entry != NULL)
		return S_OK;
	hr = check_exists(path, ret_cause);
	if (FAILED(hr))
		return hr;
	pthread_once(&first_use, use_gmodule);
	handle = g_module_open(path, G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);
	if (handle == NULL) {
		*ret_cause = describe_failure(path);
		return CO_E_ERRORINDLL;
	}
	if (!g_module_symbol(handle, "DllGetClassObject", &symbol) || symbol == NULL) {
		*ret_cause =
		    g_strdup_printf("it does not export DllGetClassObject: %s", g_module_error());
		g_module_close(handle);
		return CO_E_ERRORINDLL;
	}
	memcpy(ret_entry, &symbol, sizeof *ret_entry);
	remember(path, handle, *ret_entry);
	return S_OK;
}
