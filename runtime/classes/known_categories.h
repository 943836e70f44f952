/* SPDX-License-Identifier: BSD-2-Clause */
/* The categories that everybody knows, though no manifest describes them. */
#ifndef TESSERA_RUNTIME_CLASSES_KNOWN_CATEGORIES_H
#define TESSERA_RUNTIME_CLASSES_KNOWN_CATEGORIES_H

#include <stddef.h>

#include <guiddef.h>

struct known_category {
	const CATID *catid;
	const char *description; /* in English */
};

extern const struct known_category known_categories[];
extern const size_t known_categories_count;

#endif
