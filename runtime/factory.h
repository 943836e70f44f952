/* SPDX-License-Identifier: BSD-2-Clause */
/* Class objects of classes written with the class helper. */
#ifndef TESSERA_RUNTIME_FACTORY_H
#define TESSERA_RUNTIME_FACTORY_H

#include <tessera_class.h>

/* A new class object of `type`, a class of `module`; it answers IUnknown and IClassFactory. */
HRESULT factory_create(
    struct tessera_module *module, const struct tessera_class *type, REFIID riid, void **ppv);

#endif
