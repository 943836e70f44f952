/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The calls that abi_cplusplus_calls.cc makes through C++ classes on objects that C code built.
 * Each calls every own method of its interface once, in the order of the slots, and reports each
 * result.
 */
#ifndef TESTS_UNIT_ABI_CPLUSPLUS_H
#define TESTS_UNIT_ABI_CPLUSPLUS_H

#include <scardssp.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Called after each method; `method` is what the caller named in its source. */
typedef void (*abi_called)(const char *method, HRESULT result);

void abi_call_unknown(IUnknown *object, abi_called called);
void abi_call_byte_buffer(IByteBuffer *object, abi_called called);
void abi_call_command(ISCardCmd *object, abi_called called);
void abi_call_byte_buffer_defaults(IByteBuffer *object, abi_called called);
void abi_call_command_defaults(ISCardCmd *object, abi_called called);

/* sizeof as C++ sees it: an interface is one pointer, nothing else. */
size_t abi_cplusplus_size(void);

/* An argument that can be told from the others, whatever its type: 0x10, 0x20 … for 1, 2 … */
#define ABI_ARGUMENT(n) ((n)*0x10)

#ifdef __cplusplus
}
#endif

#endif
