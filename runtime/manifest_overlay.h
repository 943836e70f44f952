/* SPDX-License-Identifier: BSD-2-Clause */
/* The groups of a manifest that say something about what other manifests may have: [Override] and
 * [Category]. */
#ifndef TESSERA_RUNTIME_MANIFEST_OVERLAY_H
#define TESSERA_RUNTIME_MANIFEST_OVERLAY_H

#include "runtime/manifest.h"
#include "runtime/manifest_value.h"

#define MANIFEST_GROUP_OVERRIDE "Override "
#define MANIFEST_GROUP_CATEGORY "Category "

void manifest_parse_override(
    struct manifest_parser *parser, struct manifest *manifest, const char *group);
void manifest_parse_category(
    struct manifest_parser *parser, struct manifest *manifest, const char *group);

/* Of elements of manifest->overrides and ->categories. */
void manifest_override_free(void *override);
void manifest_category_free(void *category);

#endif
