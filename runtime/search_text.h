/* SPDX-License-Identifier: BSD-2-Clause */
/* Where was looked in vain, and what was left out there, in one sentence. */
#ifndef TESSERA_RUNTIME_SEARCH_TEXT_H
#define TESSERA_RUNTIME_SEARCH_TEXT_H

#include "runtime/layers.h"
#include "runtime/manifest_file.h"

struct search_text;

/* Folders first, then files; then the text. */
struct search_text *search_text_new(void);
void search_text_folder(struct search_text *text, const struct layer_folder *folder);
void search_text_left_out(struct search_text *text, const char *path, const char *reason);

/* (transfer full): frees the rest. */
char *search_text_finish(struct search_text *text);

/* (transfer full): why a file does not count that another, higher up, has the name of. */
char *
search_text_masked(const char *above, enum registry_state state, const struct layer_folder *folder);

#endif
