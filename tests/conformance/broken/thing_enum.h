/* SPDX-License-Identifier: BSD-2-Clause */
/* IEnumGUID over three identifiers, as the extra interface of a thing; right. */
#include "tests/conformance/broken/thing.h"

#define ITEMS 3
static const IID IID_IEnumGUID_own = { 0x0002E000, 0, 0, { 0xC0, 0, 0, 0, 0, 0, 0, 0x46 } };

static SPARE HRESULT
enum_next(void *This, ULONG count, GUID *items, ULONG *fetched)
{
	struct thing *self = self_of(This);
	ULONG given = 0;

	if (items == NULL || (fetched == NULL && count != 1))
		return E_POINTER;
	while (given < count && self->place < ITEMS) {
		items[given] = IID_IOne;
		items[given++].Data1 += (uint32_t)self->place++;
	}
	if (fetched != NULL)
		*fetched = given;
	return given == count ? S_OK : S_FALSE;
}

static SPARE HRESULT
enum_skip(void *This, ULONG count)
{
	struct thing *self = self_of(This);
	ULONG left = (ULONG)(ITEMS - self->place);

	self->place += (int)(count < left ? count : left);
	return count <= left ? S_OK : S_FALSE;
}

static SPARE HRESULT
enum_reset(void *This)
{
	self_of(This)->place = 0;
	return S_OK;
}

static SPARE HRESULT
enum_clone(void *This, void **ppenum)
{
	struct thing *clone;

	if (ppenum == NULL)
		return E_POINTER;
	*ppenum = NULL;
	clone = make_thing(NULL);
	if (clone == NULL)
		return E_OUTOFMEMORY;
	clone->place = self_of(This)->place;
	*ppenum = &clone->extra;
	return S_OK;
}
