/* SPDX-License-Identifier: BSD-2-Clause */
/* Classes that belong to the runtime; found and loaded like those of any other component. */
#include "runtime/classes/classes.h"

TESSERA_MODULE(&global_table_class, &category_manager_class);
