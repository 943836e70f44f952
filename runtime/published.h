/* SPDX-License-Identifier: BSD-2-Clause */
/* Class objects that this process has published with CoRegisterClassObject. */
#ifndef TESSERA_RUNTIME_PUBLISHED_H
#define TESSERA_RUNTIME_PUBLISHED_H

#include <stdbool.h>

#include <objbase.h>

/* Has anything been published? If not, nobody need ask further. */
bool published_any(void);

/* The class object that activation in this process sees, with a reference; NULL: none. */
IUnknown *published_find(const CLSID *clsid);

#endif
