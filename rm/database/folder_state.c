/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A folder's own times tell of files that come, go and are replaced, so that one stat is enough
 * when nothing happens. Times have the grain of the kernel's clock tick: what was read within the
 * tick of its last change is read again.
 */
#include "rm/database/folder_state.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "rm/database/entry.h"
#include "runtime/folder.h"

#define TICK_NS 20000000       /* two ticks of the slowest kernel */
#define COARSE_NS 2000000000LL /* file systems that count whole seconds, or pairs of them */

static bool
is_young(const struct timespec *stamp)
{
	struct timespec now;
	gint64 age;

	(void)clock_gettime(CLOCK_REALTIME_COARSE, &now);
	age = (gint64)(now.tv_sec - stamp->tv_sec) * 1000000000 + (now.tv_nsec - stamp->tv_nsec);
	return age < (stamp->tv_nsec == 0 ? COARSE_NS : TICK_NS);
}

static bool
same_status(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
	    a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
	    a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

static void
item_clear(void *data)
{
	struct folder_item *item = data;

	g_free(item->name);
	g_free(item->path);
	if (item->young != NULL)
		g_bytes_unref(item->young);
	database_card_free(item->card);
	database_reader_free(item->reader);
	g_free(item->problem);
}

void
folder_item_unref(void *item)
{
	g_atomic_rc_box_release_full(item, item_clear);
}

/* NULL: *ret_problem (transfer full). */
static GBytes *
read_descriptor(int fd, char **ret_problem)
{
	g_autofree char *data = g_malloc(DATABASE_FILE_SIZE_MAX + 1);
	size_t used = 0;
	ssize_t n;

	/* One byte more than allowed tells that there are more. */
	while (used <= DATABASE_FILE_SIZE_MAX) {
		n = read(fd, data + used, DATABASE_FILE_SIZE_MAX + 1 - used);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			*ret_problem = g_strdup_printf("cannot be read: %s", g_strerror(errno));
			return NULL;
		}
		if (n == 0)
			break;
		used += (size_t)n;
	}
	return g_bytes_new(data, used);
}

static GBytes *
read_file(const char *path, bool *ret_young, char **ret_problem)
{
	/* O_NONBLOCK: a FIFO must not stop us. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	GBytes *bytes = NULL;
	struct stat status;

	*ret_young = false;
	if (fd < 0) {
		*ret_problem = g_strdup_printf("cannot be opened: %s", g_strerror(errno));
		return NULL;
	}
	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
		*ret_problem = g_strdup("is not a regular file");
	} else {
		*ret_young = is_young(&status.st_mtim) || is_young(&status.st_ctim);
		bytes = read_descriptor(fd, ret_problem);
	}
	close(fd);
	return bytes;
}

static void
parse(struct folder_item *item, const struct folder_state *state, GBytes *bytes)
{
	size_t size;
	const char *data = g_bytes_get_data(bytes, &size);

	if (size == 0)
		return;
	if (state->kind == DATABASE_CARDS) {
		item->card = database_card_parse(data, size, &item->problem);
		if (item->card != NULL) {
			item->card->path = g_strdup(item->path);
			item->card->layer = state->layer;
		}
	} else {
		item->reader = database_reader_parse(data, size, &item->problem);
		if (item->reader != NULL) {
			item->reader->path = g_strdup(item->path);
			item->reader->layer = state->layer;
		}
	}
}

static struct folder_item *
item_read(const struct folder_state *state, const struct folder_entry *entry)
{
	struct folder_item *item = g_atomic_rc_box_new0(struct folder_item);
	GBytes *bytes;
	bool young;

	item->name = g_strdup(entry->name);
	item->path = g_build_filename(state->path, entry->name, NULL);
	item->status = entry->status;
	bytes = read_file(item->path, &young, &item->problem);
	if (bytes == NULL)
		return item;
	parse(item, state, bytes);
	if (young)
		item->young = g_steal_pointer(&bytes);
	else
		g_bytes_unref(bytes);
	return item;
}

/* Whether the file still says what the item does. Only the one who refreshes looks at `young`. */
static bool
is_current(struct folder_item *item, const struct folder_entry *entry)
{
	g_autofree char *problem = NULL;
	GBytes *bytes;
	bool young, same;

	if (!same_status(&item->status, &entry->status))
		return false;
	if (item->young == NULL)
		return true;
	if ((bytes = read_file(item->path, &young, &problem)) == NULL)
		return false;
	same = g_bytes_equal(bytes, item->young);
	if (same && !young)
		g_clear_pointer(&item->young, g_bytes_unref);
	g_bytes_unref(bytes);
	return same;
}

/* The item of that name; both lists are in order. NULL: none. */
static struct folder_item *
find_item(const GPtrArray *items, guint *at, const char *name)
{
	while (*at < items->len &&
	    strcmp(((const struct folder_item *)items->pdata[*at])->name, name) < 0)
		(*at)++;
	if (*at < items->len && strcmp(((struct folder_item *)items->pdata[*at])->name, name) == 0)
		return items->pdata[*at];
	return NULL;
}

static char *
folder_problem(const struct folder_listing *listing)
{
	if (listing->overfull)
		return g_strdup_printf(
		    "has more than %u files; all of it is ignored", DATABASE_FILES_MAX);
	if (listing->error != 0 && listing->error != ENOENT && listing->error != ENOTDIR)
		return g_strdup_printf("cannot be read: %s", g_strerror(listing->error));
	return NULL;
}

static bool
scan(struct folder_state *state)
{
	struct folder_listing *listing = folder_list(
	    state->path, state->kind == DATABASE_CARDS ? ".card" : ".reader", DATABASE_FILES_MAX);
	GPtrArray *items = g_ptr_array_new_with_free_func(folder_item_unref);
	char *problem = folder_problem(listing);
	guint at = 0, kept = 0;
	bool changed;

	for (guint i = 0; i < listing->entries->len; i++) {
		const struct folder_entry *entry = g_ptr_array_index(listing->entries, i);
		struct folder_item *item = find_item(state->items, &at, entry->name);

		if (item != NULL && is_current(item, entry)) {
			g_ptr_array_add(items, g_atomic_rc_box_acquire(item));
			kept++;
		} else {
			item = item_read(state, entry);
			g_ptr_array_add(items, item);
		}
		state->young = state->young || item->young != NULL;
	}
	changed = kept != items->len || kept != state->items->len ||
	    g_strcmp0(problem, state->problem) != 0;
	folder_listing_free(listing);
	g_ptr_array_unref(state->items);
	g_free(state->problem);
	state->items = items;
	state->problem = problem;
	return changed;
}

bool
folder_state_refresh(struct folder_state *state, bool thorough)
{
	struct stat status;

	if (stat(state->path, &status) != 0)
		memset(&status, 0, sizeof status);
	if (!thorough && !state->young && same_status(&status, &state->status))
		return false;
	state->status = status;
	if (status.st_ino == 0 && state->items->len == 0 && errno == ENOENT)
		return false;
	state->young = is_young(&status.st_mtim) && status.st_ino != 0;
	return scan(state);
}

struct folder_state *
folder_state_new(
    enum database_kind kind, enum database_layer layer, unsigned rank, const char *path)
{
	struct folder_state *state = g_new0(struct folder_state, 1);

	state->kind = kind;
	state->layer = layer;
	state->rank = rank;
	state->path = g_strdup(path);
	state->items = g_ptr_array_new_with_free_func(folder_item_unref);
	return state;
}

void
folder_state_free(void *data)
{
	struct folder_state *state = data;

	g_free(state->path);
	g_free(state->problem);
	g_ptr_array_unref(state->items);
	g_free(state);
}
