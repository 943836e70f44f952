/* SPDX-License-Identifier: BSD-2-Clause */
/* A record of one owned text, and its description, for variants and arrays of records. */
#ifndef TESTS_UNIT_COM_RECORD_H
#define TESTS_UNIT_COM_RECORD_H

#include <oleauto.h>

struct record_info {
	IRecordInfo IRecordInfo_iface;
	ULONG references;
	int live;     /* records made by RecordCreate and RecordCreateCopy */
	HRESULT fail; /* what copying returns instead */
};

struct record_info *record_info_new(void);
void record_info_free(struct record_info *info);

void record_set(void *record, const char *text);
const char *record_get(const void *record);

#endif
