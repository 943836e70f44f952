/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finding one class over all layers, by the rules of registry_read.c and registry_overlay.c, from
 * no more of each folder than the answer needs. A layer is passed on the way down only when each of
 * its files has been examined: any of them may mask one below.
 */
#ifndef TESSERA_RUNTIME_LOOKUP_SEARCH_H
#define TESSERA_RUNTIME_LOOKUP_SEARCH_H

#include "runtime/layer_view.h"

struct lookup_search {
	GPtrArray *folders; /* of struct layer_folder, highest first */
	GPtrArray *views;   /* of struct layer_view, one a folder */
};

/* A class in effect. */
struct lookup_hit {
	unsigned view; /* where its manifest is */
	struct view_class *class;
	CLSID treat_as; /* overrides considered; GUID_NULL: itself */
	unsigned treat_as_view;
	bool by_override;
};

void lookup_search_begin(struct lookup_search *search);
void lookup_search_end(struct lookup_search *search);

/* The view of a folder, opened when the search comes to it. */
struct layer_view *lookup_search_view(struct lookup_search *search, unsigned number);

/* The number behind the last folder of the same layer. */
unsigned lookup_search_end_of_layer(const struct lookup_search *search, unsigned number);

/* The first in layers from that of `view` on; false: none. */
bool lookup_search_find(
    struct lookup_search *search, const CLSID *clsid, unsigned view, struct lookup_hit *ret_hit);
/* The class in effect that a ProgID means; false: none. */
bool lookup_search_find_progid(struct lookup_search *search, const char *progid, CLSID *ret_clsid);

void lookup_hit_clear(struct lookup_hit *hit);

/* The file above that masks one of this name in folder `view`; NULL: none. */
const struct view_file *lookup_search_masking(
    struct lookup_search *search, unsigned view, const char *name, unsigned *ret_above);

#endif
