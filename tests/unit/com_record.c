/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/com_record.h"

#include <stdlib.h>
#include <string.h>

struct record {
	char *text;
};

static struct record_info *
info_of(IRecordInfo *iface)
{
	return (struct record_info *)(void *)iface;
}

static HRESULT
query(IRecordInfo *This, REFIID riid, void **ppv)
{
	(void)This, (void)riid;
	*ppv = NULL;
	return E_NOINTERFACE;
}

static ULONG
add_ref(IRecordInfo *This)
{
	return ++info_of(This)->references;
}

static ULONG
release(IRecordInfo *This)
{
	return --info_of(This)->references;
}

static HRESULT
record_init(IRecordInfo *This, PVOID at)
{
	(void)This;
	memset(at, 0, sizeof(struct record));
	return S_OK;
}

static HRESULT
record_clear(IRecordInfo *This, PVOID at)
{
	struct record *record = at;

	(void)This;
	free(record->text);
	record->text = NULL;
	return S_OK;
}

static HRESULT
record_copy(IRecordInfo *This, PVOID from, PVOID to)
{
	if (FAILED(info_of(This)->fail))
		return info_of(This)->fail;
	record_clear(This, to);
	if (record_get(from) != NULL)
		record_set(to, record_get(from));
	return S_OK;
}

static HRESULT
get_size(IRecordInfo *This, ULONG *size)
{
	(void)This;
	*size = sizeof(struct record);
	return S_OK;
}

static PVOID
record_create(IRecordInfo *This)
{
	info_of(This)->live++;
	return calloc(1, sizeof(struct record));
}

static HRESULT
record_create_copy(IRecordInfo *This, PVOID from, PVOID *to)
{
	*to = NULL;
	if (FAILED(info_of(This)->fail))
		return info_of(This)->fail;
	*to = record_create(This);
	return record_copy(This, from, *to);
}

static HRESULT
record_destroy(IRecordInfo *This, PVOID record)
{
	record_clear(This, record);
	free(record);
	info_of(This)->live--;
	return S_OK;
}

static const IRecordInfoVtbl vtbl = {
	.QueryInterface = query,
	.AddRef = add_ref,
	.Release = release,
	.RecordInit = record_init,
	.RecordClear = record_clear,
	.RecordCopy = record_copy,
	.GetSize = get_size,
	.RecordCreate = record_create,
	.RecordCreateCopy = record_create_copy,
	.RecordDestroy = record_destroy,
};

struct record_info *
record_info_new(void)
{
	struct record_info *info = calloc(1, sizeof *info);

	info->IRecordInfo_iface.lpVtbl = &vtbl;
	info->references = 1;
	return info;
}

void
record_info_free(struct record_info *info)
{
	free(info);
}

void
record_set(void *at, const char *text)
{
	struct record *record = at;

	free(record->text);
	record->text = strdup(text);
}

const char *
record_get(const void *at)
{
	const struct record *record = at;

	return record->text;
}
