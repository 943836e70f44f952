/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside of a view: shared by its examining files and its finding classes. */
#ifndef TESSERA_RUNTIME_LAYER_VIEW_INSIDE_H
#define TESSERA_RUNTIME_LAYER_VIEW_INSIDE_H

#include "runtime/cache.h"
#include "runtime/folder_picture.h"
#include "runtime/layer_view.h"

struct layer_view {
	const struct layer_folder *folder;
	struct cache *cache;            /* NULL: live */
	struct folder_picture *picture; /* NULL: trusting */
	/* When all files have been examined: */
	GPtrArray *files; /* of struct view_file */
	GHashTable *by_name;
	struct view_file **of_record;      /* by number in the cache; NULL: it has changed */
	const struct manifest **manifests; /* by number in `files`; NULL: see the cache */
};

/* Gives the cache up. */
void view_go_live(struct layer_view *view);

/* Fills in `files` and what belongs to it. */
void view_examine(struct layer_view *view);

/* The file of an entry as it is now. False: not as recorded; the view knows more then. */
bool view_file_of_entry(struct layer_view *view, unsigned number, struct view_file *ret_file);

void view_file_clear(struct view_file *file);
void view_file_copy(const struct view_file *from, struct view_file *to);

#endif
