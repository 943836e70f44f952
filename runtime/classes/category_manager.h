/* SPDX-License-Identifier: BSD-2-Clause */
/* The category manager's two sides. Its objects have no state: all of it is in the registry. */
#ifndef TESSERA_RUNTIME_CLASSES_CATEGORY_MANAGER_H
#define TESSERA_RUNTIME_CLASSES_CATEGORY_MANAGER_H

#include <comcat.h>
#include <tessera_class.h>

#define CATEGORY_SOURCE "StdComponentCategoriesMgr" /* of error texts */

extern const ICatRegisterVtbl category_register_vtbl;
extern const ICatInformationVtbl category_information_vtbl;

#endif
