/* SPDX-License-Identifier: BSD-2-Clause */
/* Global memory blocks, as streams use them. */
#ifndef TESSERA_RUNTIME_GLOBAL_H
#define TESSERA_RUNTIME_GLOBAL_H

#include <stdbool.h>

#include <objbase.h>

/* Locks the block and tells its size; false: no such block. GlobalUnlock ends it. */
bool global_lock_sized(HGLOBAL handle, void **ret_data, SIZE_T *ret_size);

/* A new size; what is added is zero. False: no such block, it is locked, or no memory. */
bool global_resize(HGLOBAL handle, SIZE_T size);

/* False: no such block. */
bool global_size(HGLOBAL handle, SIZE_T *ret_size);

#endif
