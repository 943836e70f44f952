/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Enumerators, ready-made: an IEnumXxx object of any item type over an array.
 *
 *	static HRESULT
 *	shop_EnumNames(IShop *iface, IEnumString **ret)
 *	{
 *		LPOLESTR names[] = { ... };
 *
 *		return tessera_enum_create(&tessera_enum_string, names, 3, NULL, (void **)ret);
 *	}
 *
 * For items of your own, describe them:
 *
 *	static const struct tessera_enum prices = {
 *		.iid = &IID_IEnumPrice,
 *		.item_size = sizeof(struct price),
 *		.copy = price_copy,             // HRESULT price_copy(void *to, const void *from)
 *		.clear = price_clear,           // void price_clear(void *item)
 *	};
 *
 * An enumerator may be used by several threads at once; each item goes to one of them. It cannot be
 * aggregated.
 */
#ifndef TESSERA_ENUM_H
#define TESSERA_ENUM_H

#include <objbase.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TESSERA_ENUM_ITEMS_MAX 0x1000000u

struct tessera_enum {
	const IID *iid; /* Next, Skip, Reset, Clone follow IUnknown in it */
	size_t item_size;
	/* Makes a copy that its owner frees, in memory that is not initialised. Any thread, no lock
	 * held. On failure there is nothing to free. NULL: the bytes are the item. */
	HRESULT (*copy)(void *to, const void *from);
	/* Frees what a copy owns. NULL: nothing. */
	void (*clear)(void *item);
};

/*
 * tessera_enum_create: an enumerator over copies of items[0..count).
 * @owner: kept as long as the enumerator and its clones are; give the object that it comes from
 *  when `copy` or `clear` lie in a component, which then stays loaded; else it may be NULL
 * @ppv: receives the interface kind->iid
 *
 * Returns S_OK; E_POINTER; E_INVALIDARG: too many items; E_OUTOFMEMORY; or what `copy` returned.
 */
HRESULT tessera_enum_create(
    const struct tessera_enum *kind, const void *items, size_t count, IUnknown *owner, void **ppv);

extern const struct tessera_enum tessera_enum_unknown; /* IEnumUnknown: IUnknown * */
extern const struct tessera_enum tessera_enum_string;  /* IEnumString: LPOLESTR */
extern const struct tessera_enum tessera_enum_guid;    /* IEnumGUID of <comcat.h>: GUID */
extern const struct tessera_enum tessera_enum_variant; /* IEnumVARIANT of <oaidl.h>: VARIANT */

/* For kinds of your own: items that are a pointer to an interface, NULL being fine. */
HRESULT tessera_item_copy_interface(void *to, const void *from);
void tessera_item_clear_interface(void *item);
/* Items that are an LPOLESTR; copies are allocated by the task allocator. */
HRESULT tessera_item_copy_string(void *to, const void *from);
void tessera_item_clear_string(void *item);

#ifdef __cplusplus
}
#endif

#endif
