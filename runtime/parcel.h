/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interfaces on their way from one thread to another through a stream.
 *
 * The stream has a number and the mark of this process; the pointer itself stays in a table. So
 * bytes that were made up, kept too long or brought from another process are recognised, and none
 * of them is ever followed.
 */
#ifndef TESSERA_RUNTIME_PARCEL_H
#define TESSERA_RUNTIME_PARCEL_H

#include <objbase.h>

#define PARCEL_SIZE 32u /* bytes in a stream */
#define PARCELS_MAX 1000000u

/*
 * parcel_send: writes what stands for interface riid of `object`, which is kept.
 * @flags: MSHLFLAGS_NORMAL: to be received once; MSHLFLAGS_TABLESTRONG: until it is ended
 *
 * E_NOINTERFACE; E_NOTIMPL: MSHLFLAGS_TABLEWEAK; E_INVALIDARG: other flags; E_OUTOFMEMORY; or what
 * the stream returned.
 */
HRESULT parcel_send(IStream *stream, IUnknown *object, REFIID riid, DWORD flags);

/* Interface riid of what was sent. RPC_E_INVALID_OBJREF: no parcel; CO_E_OBJNOTREG: not any more.
 */
HRESULT parcel_receive(IStream *stream, REFIID riid, void **ppv);

/* Ends a parcel that is not to be received (again). Results as above. */
HRESULT parcel_end(IStream *stream);

#endif
