/* SPDX-License-Identifier: BSD-2-Clause */
/* Marks the definition of a symbol that libtessera-com.map lists; all others stay hidden. */
#ifndef TESSERA_RUNTIME_EXPORT_H
#define TESSERA_RUNTIME_EXPORT_H

#define TESSERA_EXPORT __attribute__((visibility("default")))

#endif
