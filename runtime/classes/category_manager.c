/* SPDX-License-Identifier: BSD-2-Clause */
/* StdComponentCategoriesMgr: the class. */
#include "runtime/classes/category_manager.h"

#include "runtime/classes/classes.h"

struct category_manager {
	struct tessera_object object;
	TESSERA_INTERFACE(ICatRegister) registration;
	TESSERA_INTERFACE(ICatInformation) information;
	TESSERA_INTERFACE(ISupportErrorInfo) errors;
};

static const struct tessera_interface category_manager_interfaces[] = {
	{ &IID_ICatRegister, offsetof(struct category_manager, registration),
	    &category_register_vtbl },
	{ &IID_ICatInformation, offsetof(struct category_manager, information),
	    &category_information_vtbl },
	{ &IID_ISupportErrorInfo, offsetof(struct category_manager, errors),
	    &tessera_support_error_info_vtbl },
};
static struct tessera_census category_manager_census;
const struct tessera_class category_manager_class = {
	.clsid = &CLSID_StdComponentCategoriesMgr,
	.name = CATEGORY_SOURCE,
	.size = sizeof(struct category_manager),
	.interfaces = category_manager_interfaces,
	.interface_count =
	    sizeof category_manager_interfaces / sizeof category_manager_interfaces[0],
	.census = &category_manager_census,
};
