/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inside of arrays. Sixteen hidden bytes stand before the descriptor: the IID of the elements'
 * interface (FADF_HAVEIID), in the last eight the IRecordInfo (FADF_RECORD), or in the last four
 * the VARTYPE (FADF_HAVEVARTYPE).
 */
#ifndef TESSERA_RUNTIME_SAFEARRAY_H
#define TESSERA_RUNTIME_SAFEARRAY_H

#include <stdbool.h>

#include <oleauto.h>

#define SAFEARRAY_BYTES_MAX 0x7FFFFFFFu

struct safearray {
	union {
		IID iid;
		struct {
			uint64_t unused;
			IRecordInfo *info;
		} record;
		uint32_t words[4];
	} hidden;
	SAFEARRAY public;
};
_Static_assert(
    offsetof(struct safearray, public) == 16, "the hidden part ends where it is looked for");

static inline struct safearray *
safearray_of(SAFEARRAY *psa)
{
	return (struct safearray *)(void *)((char *)psa - offsetof(struct safearray, public));
}

/* An array of ours, of one dimension. */
static inline bool
safearray_is_usable(const SAFEARRAY *psa)
{
	return psa != NULL && psa->cDims == 1;
}

static inline char *
safearray_element(SAFEARRAY *psa, ULONG i)
{
	return (char *)psa->pvData + (size_t)i * psa->cbElements;
}

static inline bool
safearray_holds_interfaces(const SAFEARRAY *psa)
{
	return (psa->fFeatures & (FADF_UNKNOWN | FADF_DISPATCH)) != 0;
}

/* NULL: not an array of records, or nobody has said which. */
static inline IRecordInfo *
safearray_record_info(SAFEARRAY *psa)
{
	return (psa->fFeatures & FADF_RECORD) != 0 ? safearray_of(psa)->hidden.record.info : NULL;
}

/* Ends one element; its bytes become zero. */
void safearray_clear_element(SAFEARRAY *psa, char *element);

/* Ends the elements from @from to before @to. */
void safearray_clear_elements(SAFEARRAY *psa, ULONG from, ULONG to);

/*
 * Makes *to, which holds nothing (zeros), a copy of the element *from. On failure it still holds
 * nothing.
 */
HRESULT safearray_copy_element(SAFEARRAY *psa, void *to, const void *from);

#endif
