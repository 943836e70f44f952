/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counted strings. A block of the task allocator, so that its spy sees strings too, begins with
 * four unused bytes and the length: the text stands at 16n+8, as on Windows.
 */
#include <stdint.h>
#include <string.h>

#include <oleauto.h>

#include "runtime/export.h"

struct bstr_header {
	uint32_t unused;
	uint32_t length; /* bytes */
};

/* Two zero bytes; a third, so that a text of odd length ends with a whole zero unit. */
#define BSTR_TAIL 3u
#define BSTR_BYTES_MAX (UINT32_MAX - (uint32_t)sizeof(struct bstr_header) - BSTR_TAIL)

static struct bstr_header *
header_of(BSTR bstr)
{
	return (struct bstr_header *)(void *)bstr - 1;
}

static BSTR
allocate(uint64_t bytes)
{
	struct bstr_header *header;

	if (bytes > BSTR_BYTES_MAX)
		return NULL;
	header = CoTaskMemAlloc(sizeof *header + (size_t)bytes + BSTR_TAIL);
	if (header == NULL)
		return NULL;
	header->unused = 0;
	header->length = (uint32_t)bytes;
	memset((char *)(header + 1) + bytes, 0, BSTR_TAIL);
	return (BSTR)(void *)(header + 1);
}

static size_t
units(const OLECHAR *text)
{
	size_t n = 0;

	while (text[n] != 0)
		n++;
	return n;
}

TESSERA_EXPORT BSTR
SysAllocString(const OLECHAR *psz)
{
	size_t n;

	if (psz == NULL)
		return NULL;
	n = units(psz);
	return n <= UINT32_MAX ? SysAllocStringLen(psz, (UINT)n) : NULL;
}

TESSERA_EXPORT BSTR
SysAllocStringLen(const OLECHAR *strIn, UINT ui)
{
	BSTR bstr = allocate((uint64_t)ui * sizeof(OLECHAR));

	if (bstr != NULL && strIn != NULL)
		memcpy(bstr, strIn, (size_t)ui * sizeof(OLECHAR));
	return bstr;
}

TESSERA_EXPORT BSTR
SysAllocStringByteLen(LPCSTR psz, UINT len)
{
	BSTR bstr = allocate(len);

	if (bstr != NULL && psz != NULL)
		memcpy(bstr, psz, len);
	return bstr;
}

TESSERA_EXPORT INT
SysReAllocString(BSTR *pbstr, const OLECHAR *psz)
{
	size_t n;

	if (pbstr == NULL)
		return FALSE;
	if (psz == NULL) {
		SysFreeString(*pbstr);
		*pbstr = NULL;
		return TRUE;
	}
	n = units(psz);
	return n <= UINT32_MAX ? SysReAllocStringLen(pbstr, psz, (UINT)n) : FALSE;
}

/* Without a source the string keeps what fits of its content; programs rely on that. */
TESSERA_EXPORT INT
SysReAllocStringLen(BSTR *pbstr, const OLECHAR *psz, UINT len)
{
	BSTR fresh, old;

	if (pbstr == NULL)
		return FALSE;
	old = *pbstr;
	fresh = SysAllocStringLen(psz, len);
	if (fresh == NULL)
		return FALSE;
	if (psz == NULL && old != NULL)
		memcpy(fresh, old,
		    SysStringByteLen(old) < SysStringByteLen(fresh) ? SysStringByteLen(old)
								    : SysStringByteLen(fresh));
	*pbstr = fresh;
	SysFreeString(old);
	return TRUE;
}

TESSERA_EXPORT void
SysFreeString(BSTR bstrString)
{
	if (bstrString != NULL)
		CoTaskMemFree(header_of(bstrString));
}

TESSERA_EXPORT UINT
SysStringLen(BSTR bstr)
{
	return SysStringByteLen(bstr) / (UINT)sizeof(OLECHAR);
}

TESSERA_EXPORT UINT
SysStringByteLen(BSTR bstr)
{
	return bstr != NULL ? header_of(bstr)->length : 0;
}
