/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime/folder_picture.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "runtime/fork.h"

/* A file as long as it stays the same: shared by the pictures before and after a change elsewhere.
 */
struct item {
	unsigned references; /* under the lock */
	char *path;
	struct manifest_file *file; /* NULL: not asked for yet; written once, under the lock */
};

struct folder_picture {
	unsigned references; /* changed atomically */
	struct folder_listing *listing;
	struct item **items; /* as many as the listing's entries */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static GHashTable *current; /* path to picture */

__attribute__((constructor)) static void
prepare_for_fork(void)
{
	fork_guard(&lock, FORK_LEAF, NULL);
}

static void
item_unref(struct item *item)
{
	if (--item->references > 0)
		return;
	manifest_file_free(item->file);
	g_free(item->path);
	g_free(item);
}

void
folder_picture_unref(struct folder_picture *picture)
{
	if (picture == NULL || __atomic_sub_fetch(&picture->references, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	pthread_mutex_lock(&lock);
	for (guint i = 0; i < picture->listing->entries->len; i++)
		item_unref(picture->items[i]);
	pthread_mutex_unlock(&lock);
	g_free(picture->items);
	folder_listing_free(picture->listing);
	g_free(picture);
}

static bool
has_young_changes(const struct folder_picture *picture)
{
	for (guint i = 0; i < picture->listing->entries->len; i++) {
		const struct item *item = picture->items[i];

		if (item->file != NULL && manifest_file_has_changed(item->file, item->path))
			return true;
	}
	return false;
}

/* The item of the old picture, if it is still good for the entry. */
static struct item *
find_unchanged(const struct folder_picture *old, guint *at, const struct folder_entry *entry)
{
	const GPtrArray *entries = old->listing->entries;

	/* Both listings are in order. */
	while (*at < entries->len &&
	    strcmp(((const struct folder_entry *)entries->pdata[*at])->name, entry->name) < 0)
		(*at)++;
	if (*at >= entries->len || !folder_entry_equal(entries->pdata[*at], entry) ||
	    (old->items[*at]->file != NULL &&
		manifest_file_has_changed(old->items[*at]->file, old->items[*at]->path)))
		return NULL;
	return old->items[*at];
}

static struct folder_picture *
make(const char *path, struct folder_listing *listing, const struct folder_picture *old)
{
	struct folder_picture *picture = g_new0(struct folder_picture, 1);
	guint at = 0;

	picture->references = 1;
	picture->listing = listing;
	picture->items = g_new0(struct item *, listing->entries->len + 1);
	for (guint i = 0; i < listing->entries->len; i++) {
		const struct folder_entry *entry = g_ptr_array_index(listing->entries, i);
		struct item *item = old != NULL ? find_unchanged(old, &at, entry) : NULL;

		if (item == NULL) {
			item = g_new0(struct item, 1);
			item->path = g_build_filename(path, entry->name, NULL);
		}
		item->references++;
		picture->items[i] = item;
	}
	return picture;
}

static void
unref_picture(void *picture)
{
	folder_picture_unref(picture);
}

struct folder_picture *
folder_picture_get(const char *path)
{
	struct folder_listing *listing;
	struct folder_picture *picture, *old;

	/* The lock is held while files are read, so that threads that start together read once. */
	pthread_mutex_lock(&lock);
	if (current == NULL)
		current = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	listing = folder_list(path, FOLDER_SUFFIX, FOLDER_FILES_MAX);
	old = g_hash_table_lookup(current, path);
	if (old != NULL && folder_listing_equal(old->listing, listing) && !has_young_changes(old)) {
		folder_listing_free(listing);
		picture = old;
		old = NULL;
	} else {
		picture = make(path, listing, old);
		g_hash_table_replace(current, g_strdup(path), picture);
	}
	__atomic_fetch_add(&picture->references, 1, __ATOMIC_RELAXED);
	pthread_mutex_unlock(&lock);
	folder_picture_unref(old);
	return picture;
}

const struct folder_listing *
folder_picture_listing(const struct folder_picture *picture)
{
	return picture->listing;
}

const struct manifest_file *
folder_picture_file(struct folder_picture *picture, guint index)
{
	struct item *item = picture->items[index];
	struct manifest_file *file = __atomic_load_n(&item->file, __ATOMIC_ACQUIRE);

	if (file != NULL)
		return file;
	pthread_mutex_lock(&lock);
	if (item->file == NULL)
		__atomic_store_n(&item->file, manifest_file_read(item->path), __ATOMIC_RELEASE);
	pthread_mutex_unlock(&lock);
	return item->file;
}

char *
folder_picture_problem(const struct folder_picture *picture)
{
	const struct folder_listing *listing = picture->listing;

	if (listing->overfull)
		return g_strdup_printf(
		    "the folder has more than %u manifests; all of it is ignored",
		    FOLDER_FILES_MAX);
	if (listing->error != 0 && listing->error != ENOENT)
		return g_strdup_printf("the folder cannot be read: %s", g_strerror(listing->error));
	return NULL;
}

void
folder_pictures_keep(const char *const *paths)
{
	GPtrArray *dropped = g_ptr_array_new_with_free_func(unref_picture);
	GHashTableIter iter;
	gpointer path, picture;

	pthread_mutex_lock(&lock);
	if (current != NULL) {
		g_hash_table_iter_init(&iter, current);
		while (g_hash_table_iter_next(&iter, &path, &picture))
			if (!g_strv_contains(paths, path)) {
				g_ptr_array_add(dropped, picture);
				g_hash_table_iter_remove(&iter);
			}
	}
	pthread_mutex_unlock(&lock);
	g_ptr_array_unref(dropped);
}
