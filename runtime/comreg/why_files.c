/* SPDX-License-Identifier: BSD-2-Clause */
/* comreg why, first half: which layers, which files, what hides what. Nothing is run. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/comreg/class_search.h"
#include "runtime/comreg/list.h"
#include "runtime/comreg/why.h"
#include "runtime/guid_text.h"

static void
tell_layers(struct why *why)
{
	const GPtrArray *folders = registry_folders(why->registry);
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < folders->len; i++) {
		const struct layer_folder *folder = g_ptr_array_index(folders, i);

		g_string_append_printf(text, "%s%s (%s%s)", i > 0 ? ", " : "", folder->path,
		    layers_kind_name(folder->kind),
		    g_file_test(folder->path, G_FILE_TEST_IS_DIR) ? "" : ", not there");
	}
	why_step(why, WHY_NOTHING, "layers", NULL, "highest first: %s", text->str);
}

/*
 * Whether the text of a manifest that is not in effect has what was asked for; it may be no
 * manifest. @wanted: in upper case
 */
static bool
mentions(const char *path, const char *wanted)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	g_autofree char *data = NULL, *upper = NULL;
	struct stat status;
	ssize_t size = 0;

	if (fd < 0)
		return false;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode)) {
		data = g_malloc0(MANIFEST_SIZE_MAX + 1);
		size = read(fd, data, MANIFEST_SIZE_MAX);
	}
	(void)close(fd);
	if (size <= 0)
		return false;
	upper = g_ascii_strup(data, size);
	return strstr(upper, wanted) != NULL;
}

/* The next from *index on, moving it behind; NULL: no more. */
static const struct registry_file *
next_left_out(const struct why *why, guint *index)
{
	const GPtrArray *files = registry_files(why->registry);
	g_autofree char *wanted = NULL;
	char clsid[GUID_TEXT_LENGTH + 1];

	wanted = g_ascii_strup(why->known ? guid_to_text(&why->clsid, clsid) : why->asked, -1);
	while (*index < files->len) {
		const struct registry_file *file = g_ptr_array_index(files, (*index)++);

		if ((file->state == REGISTRY_MASKED || file->state == REGISTRY_BROKEN) &&
		    mentions(file->path, wanted))
			return file;
	}
	return NULL;
}

const struct registry_file *
why_left_out(const struct why *why)
{
	guint index = 0;

	return next_left_out(why, &index);
}

static void
tell_left_out(struct why *why)
{
	const struct registry_file *file;
	guint index = 0;

	while ((file = next_left_out(why, &index)) != NULL)
		why_step(why, WHY_NOTHING, "manifest left out", NULL,
		    "%s (%s layer) has it: %s: %s", file->path,
		    layers_kind_name(file->folder->kind), list_state_name(file->state),
		    file->reason);
}

static void
tell_manifests(struct why *why)
{
	const GPtrArray *classes = registry_classes(why->registry);

	for (guint i = 0; i < classes->len; i++) {
		const struct registry_class *class = g_ptr_array_index(classes, i);
		const struct registry_file *file = class->file;

		if (!IsEqualGUID(&class->info->clsid, &why->clsid))
			continue;
		if (class->hidden_by == NULL)
			why_step(why, WHY_OK, "manifest", NULL, "%s (%s layer) counts", file->path,
			    layers_kind_name(file->folder->kind));
		else
			why_step(why, WHY_NOTHING, "manifest hidden", NULL,
			    "%s (%s layer) has it too, and is hidden by %s", file->path,
			    layers_kind_name(file->folder->kind), class->hidden_by->file->path);
	}
}

static const char *
field_of(const struct registry_class *class, const char *asked)
{
	if (class->info->progid != NULL && g_ascii_strcasecmp(class->info->progid, asked) == 0)
		return "ProgID";
	if (class->info->vi_progid != NULL &&
	    g_ascii_strcasecmp(class->info->vi_progid, asked) == 0)
		return "VersionIndependentProgID";
	return "Name";
}

static void
find_clsid(struct why *why)
{
	g_autoptr(GPtrArray) found = NULL;
	const struct registry_class *class;
	char clsid[GUID_TEXT_LENGTH + 1];

	if (class_search_guid(why->asked, &why->clsid)) {
		why->known = true;
		return;
	}
	found = class_search_all(why->registry, why->asked);
	if (found->len == 0) {
		g_autofree char *search = registry_describe_search(why->registry);

		why_step(why, WHY_FAILED, "progid", "CO_E_CLASSSTRING",
		    "no manifest in effect has it; %s", search);
		return;
	}
	class = g_ptr_array_index(found, 0);
	if (found->len > 1) {
		why_step(why, WHY_FAILED, "progid", "CO_E_CLASSSTRING",
		    "%u classes have this name, one of them in %s: give a CLSID or a ProgID",
		    found->len, class->file->path);
		return;
	}
	why->known = true;
	why->clsid = class->info->clsid;
	why_step(why, WHY_OK, "progid", "S_OK", "%s of %s, by %s", field_of(class, why->asked),
	    guid_to_text(&why->clsid, clsid), class->file->path);
}

void
why_read_files(struct why *why)
{
	tell_layers(why);
	find_clsid(why);
	if (why->known)
		tell_manifests(why);
	tell_left_out(why);
}
