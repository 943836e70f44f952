/* SPDX-License-Identifier: BSD-2-Clause */
/* What comreg show shows beside classes. */
#ifndef TESSERA_RUNTIME_COMREG_SHOW_H
#define TESSERA_RUNTIME_COMREG_SHOW_H

#include "runtime/registry.h"

/* The interface, category and modules that @what may mean, as text or JSON; false: none, and
 * nothing was printed. */
bool show_others(const struct registry *registry, const char *what, bool as_json);

#endif
