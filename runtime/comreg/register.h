/* SPDX-License-Identifier: BSD-2-Clause */
/* The two ways in which a module can be registered: by its manifest, or by its own function. */
#ifndef TESSERA_RUNTIME_COMREG_REGISTER_H
#define TESSERA_RUNTIME_COMREG_REGISTER_H

#include <stdbool.h>

#include "runtime/layers.h"

struct registration {
	char *module;   /* absolute */
	char *manifest; /* the file that describes it, there or not */
	enum layer_kind layer;
	int limit_ms; /* for the module's own function */
	bool force;   /* over a manifest of the same name that is another module's */
};

/* Each says what it did, or what failed, and returns the exit status. */
int register_manifest(const struct registration *registration);
/* Takes away all manifests of the layer that name the module. @name: only of this name, or NULL */
int unregister_manifest(const struct registration *registration, const char *name);
/* Calls DllRegisterServer or DllUnregisterServer in a child process. */
int register_self(const struct registration *registration, const char *function);

#endif
