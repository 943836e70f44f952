/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/bundle/options.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "ccid/bundle/log.h"
#include "rm/drivers/ifdhandler/plist.h"

#define FROM_MODULE "../Info.plist" /* from Contents/Linux */
#define ESCAPE 0x01u
#define VOLTAGES 0x30u
#define LOWEST_FIRST 0x20u

/* (transfer full): where the list is; NULL: not known. */
static char *
find_list(void)
{
	g_autofree char *folder = NULL;
	Dl_info info;

	if (dladdr((void *)(uintptr_t)bundle_options_read, &info) == 0 || info.dli_fname == NULL)
		return NULL;
	folder = g_path_get_dirname(info.dli_fname);
	return g_build_filename(folder, FROM_MODULE, NULL);
}

/* (transfer full): at most as much as a list may have; NULL: cannot be read. */
static char *
read_list(const char *path, gsize *ret_length)
{
	char *text = g_malloc(IFD_PLIST_SIZE_MAX + 1);
	FILE *file = fopen(path, "re");

	if (file == NULL) {
		g_free(text);
		return NULL;
	}
	*ret_length = fread(text, 1, IFD_PLIST_SIZE_MAX + 1, file);
	(void)fclose(file);
	return text;
}

void
bundle_options_read(struct bundle_options *ret)
{
	char message[IFD_PLIST_MESSAGE_SIZE] = "it cannot be read";
	g_autofree char *path = find_list(), *text = NULL;
	struct ifd_plist list;
	gsize length = 0;

	memset(ret, 0, sizeof *ret);
	if (path != NULL)
		text = read_list(path, &length);
	if (text == NULL || ifd_plist_parse(text, length, &list, message) < 0) {
		bundle_log(BUNDLE_LOG_ERROR, "%s: %s", path != NULL ? path : FROM_MODULE, message);
		return;
	}
	ret->escape = (list.options & ESCAPE) != 0;
	if ((list.options & VOLTAGES) == LOWEST_FIRST)
		ret->slot.voltages = CCID_RISING;
	ifd_plist_clear(&list);
}
