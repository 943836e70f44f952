/* SPDX-License-Identifier: BSD-2-Clause */
/* The folders, and when to look at them again. */
#include <errno.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "rm/database/inside.h"
#include "rm/database/picture.h"

#define THOROUGH_USEC G_USEC_PER_SEC /* between looks for files that changed in place */

struct database *
database_new(GPtrArray *folders)
{
	struct database *database = g_new0(struct database, 1);

	database->folders = folders;
	database->states = g_ptr_array_new_with_free_func(folder_state_free);
	for (guint i = 0; i < folders->len; i++) {
		const struct database_folder *folder = g_ptr_array_index(folders, i);

		g_ptr_array_add(database->states,
		    folder_state_new(DATABASE_CARDS, folder->layer, folder->rank, folder->cards));
		g_ptr_array_add(database->states,
		    folder_state_new(
			DATABASE_READERS, folder->layer, folder->rank, folder->readers));
	}
	return database;
}

void
database_free(struct database *database)
{
	if (database == NULL)
		return;
	database_picture_unref(database->current);
	g_ptr_array_unref(database->states);
	g_ptr_array_unref(database->folders);
	g_free(database);
}

struct database_picture *
database_look_thoroughly(struct database *database, bool thorough)
{
	bool changed = database->current == NULL;

	if (thorough)
		database->checked = g_get_monotonic_time();
	for (guint i = 0; i < database->states->len; i++)
		if (folder_state_refresh(g_ptr_array_index(database->states, i), thorough))
			changed = true;
	if (changed) {
		database_picture_unref(database->current);
		database->current = picture_new(database->states);
	}
	return database_picture_ref(database->current);
}

struct database_picture *
database_look(struct database *database)
{
	return database_look_thoroughly(database,
	    database->current == NULL ||
		g_get_monotonic_time() - database->checked >= THOROUGH_USEC);
}

/* Where a folder is missing: the nearest one above it that is there, and what is made in that. */
static void
watch_for_folder(int watch, const char *path)
{
	g_autofree char *above = g_path_get_dirname(path);

	while (inotify_add_watch(watch, above, IN_CREATE | IN_MOVED_TO | IN_ONLYDIR | IN_MASK_ADD) <
		0 &&
	    errno == ENOENT && strcmp(above, "/") != 0) {
		char *next = g_path_get_dirname(above);

		g_free(above);
		above = next;
	}
}

static void
watch_folder(int watch, const char *path)
{
	const uint32_t changes =
	    IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ONLYDIR | IN_MASK_ADD;

	if (inotify_add_watch(watch, path, changes) >= 0 || errno != ENOENT)
		return;
	watch_for_folder(watch, path);
	/* It may have been made meanwhile. */
	(void)inotify_add_watch(watch, path, changes);
}

int
database_watch(const struct database *database)
{
	int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

	for (guint i = 0; watch >= 0 && i < database->states->len; i++) {
		const struct folder_state *state = g_ptr_array_index(database->states, i);

		watch_folder(watch, state->path);
	}
	return watch;
}
