/* SPDX-License-Identifier: BSD-2-Clause */
/* The classes of this module. */
#ifndef TESSERA_RUNTIME_CLASSES_CLASSES_H
#define TESSERA_RUNTIME_CLASSES_CLASSES_H

#include <tessera_class.h>

extern const struct tessera_class global_table_class;
extern const struct tessera_class category_manager_class;

#endif
