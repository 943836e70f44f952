/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One folder as one lookup sees it. Three ways, of which each gives the same answers:
 *
 *	trusting	the folder is as its cache says; of a class only its own manifest is
 * examined mixed		something has changed: the folder is listed, and what differs is
 * parsed live		there is no cache
 *
 * A view begins trusting if it can, and goes on to be mixed or live when it finds a reason to.
 */
#ifndef TESSERA_RUNTIME_LAYER_VIEW_H
#define TESSERA_RUNTIME_LAYER_VIEW_H

#include "runtime/layers.h"
#include "runtime/manifest_file.h"

struct view_file {
	char *name; /* without the folder */
	enum registry_state state;
	char *reason; /* NULL when active */
	char *module; /* NULL unless active */
	bool resident;
	int priority;
};

struct view_class {
	CLSID clsid;
	char *name;            /* NULL when found by ProgID */
	char *threading_model; /* NULL: none */
	char *progid;          /* NULL: none */
	bool exact;            /* found by its ProgID, not the version-independent one */
	CLSID treat_as;        /* the manifest's own */
	struct view_file file; /* a copy */
};

void layer_view_class_free(struct view_class *class);

struct layer_view;

/* (transfer full): `folder` must live as long. */
struct layer_view *layer_view_open(const struct layer_folder *folder);
void layer_view_close(struct layer_view *view);

const struct layer_folder *layer_view_folder(const struct layer_view *view);

/* (transfer full): of struct view_class: what the folder's manifests have of this class, those that
 * are masked from above included, in no order. */
GPtrArray *layer_view_find(struct layer_view *view, const CLSID *clsid);

/* The same for a ProgID. */
GPtrArray *layer_view_find_progid(struct layer_view *view, const char *progid);

/* Whether the folder's overlay says what the class is treated as. */
bool layer_view_treat_as(struct layer_view *view, const CLSID *clsid, CLSID *ret_treat_as);

/* All files of the folder, by name, each examined: of struct view_file. */
const GPtrArray *layer_view_files(struct layer_view *view);

/* NULL: no such file. */
const struct view_file *layer_view_file(struct layer_view *view, const char *name);

/* (transfer full): why the folder cannot be read; NULL: it can, or is not there. */
char *layer_view_problem(struct layer_view *view);

#endif
