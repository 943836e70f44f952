/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Marks what the library shows. The version script has the last word: it names each symbol.
 */
#ifndef RM_API_VISIBILITY_H
#define RM_API_VISIBILITY_H

#define API_EXPORT __attribute__((visibility("default")))

#endif
