/* SPDX-License-Identifier: BSD-2-Clause */
/* The dynamic linker's message about a file that is no module is often only "cannot open". */
#include "runtime/module_file.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>
#include <winerror.h>

#include "runtime/elf_header.h"

/* (transfer full): what keeps it from being a module; NULL: nothing seen. */
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
	return length < 0 ? NULL : elf_header_problem(header, (size_t)length);
}

HRESULT
module_file_check(const char *path, char **ret_cause)
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

char *
module_file_describe_failure(const char *path, const char *error)
{
	g_autofree char *loader = g_strdup(error);
	g_autofree char *seen = examine_file(path);

	if (seen == NULL)
		return g_strdup_printf("the loader refused it: %s", loader);
	return g_strdup_printf("%s; the loader says: %s", seen, loader);
}
