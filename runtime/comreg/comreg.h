/* SPDX-License-Identifier: BSD-2-Clause */
/* comreg: shows what is registered. It reads manifests, and never runs code of a component. */
#ifndef TESSERA_RUNTIME_COMREG_H
#define TESSERA_RUNTIME_COMREG_H

#include "runtime/registry.h"

/* Exit status. */
enum {
	COMREG_OK = 0,
	COMREG_PROBLEM = 1, /* not found, or found and broken */
	COMREG_USAGE = 2,
};

/* Prints all classes and what is wrong. @layer: only this one, NULL: all; @json: for programs. */
int comreg_list(const struct registry *registry, const char *layer, bool json);

/* Prints all that is known of the class with this CLSID, ProgID or name. */
int comreg_show(const struct registry *registry, const char *what, bool json);

#endif
