/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CSCardTypeConv: bytes as C array, SAFEARRAY of VT_UI1 and byte buffer, each into the others.
 * Results are copies, except the memory that GetAtIStreamMemory lends.
 */
#define COBJMACROS
#include <string.h>

#include <scardssp.h>
#include <tessera_com.h>

#include "providers/scardssp/buffer_io.h"
#include "providers/scardssp/classes.h"
#include "providers/scardssp/memory_stream.h"

static const struct error_origin origin = { &IID_ISCardTypeConv, "SCardSSP.SCardTypeConv.1" };

#define FAIL(code, ...) tessera_error((code), origin.iid, origin.progid, __VA_ARGS__)

struct type_conv {
	struct tessera_object object;
	TESSERA_INTERFACE(ISCardTypeConv) conv;
	TESSERA_INTERFACE(ISupportErrorInfo) errors;
};

/* An argument that is missing; `code` is what the published table has for it. */
static HRESULT
missing(HRESULT code, const char *method, const char *parameter)
{
	return FAIL(code, "ISCardTypeConv::%s: %s is NULL; pass its address", method, parameter);
}

static HRESULT
check_size(const char *method, uint64_t size)
{
	if (size > BUFFER_SIZE_MAX)
		return FAIL(E_INVALIDARG, "ISCardTypeConv::%s: %llu bytes; at most %u are possible",
		    method, (unsigned long long)size, BUFFER_SIZE_MAX);
	return S_OK;
}

static HRESULT
no_memory(const char *method, uint64_t size)
{
	return FAIL(E_OUTOFMEMORY, "ISCardTypeConv::%s: no memory for %llu bytes", method,
	    (unsigned long long)size);
}

/* A vector of VT_UI1 from bytes, or of zeros. */
static SAFEARRAY *
new_array(const uint8_t *bytes, size_t size)
{
	SAFEARRAY *array = SafeArrayCreateVector(VT_UI1, 0, (ULONG)size);
	void *data = NULL;

	if (array == NULL)
		return NULL;
	if (FAILED(SafeArrayAccessData(array, &data))) {
		SafeArrayDestroy(array);
		return NULL;
	}
	if (size != 0 && bytes != NULL)
		memcpy(data, bytes, size);
	else if (size != 0)
		memset(data, 0, size);
	SafeArrayUnaccessData(array);
	return array;
}

static HRESULT
conv_ConvertByteArrayToByteBuffer(
    ISCardTypeConv *iface, LPBYTE pbyArray, DWORD dwArraySize, LPBYTEBUFFER *ppbyBuffer)
{
	static const char method[] = "ConvertByteArrayToByteBuffer";
	HRESULT hr;

	(void)iface;
	if (ppbyBuffer == NULL)
		return missing(E_POINTER, method, "ppbyBuffer");
	*ppbyBuffer = NULL;
	if (pbyArray == NULL && dwArraySize != 0)
		return missing(E_INVALIDARG, method, "pbyArray");
	if (FAILED(hr = check_size(method, dwArraySize)))
		return hr;
	return buffer_create(pbyArray, dwArraySize, ppbyBuffer);
}

/* The copy lies in a movable block of its own, locked, so that it has an address. */
static BYTEARRAY *
new_byte_array(const struct secret_bytes *bytes)
{
	BYTEARRAY *array = CoTaskMemAlloc(sizeof *array);

	if (array == NULL)
		return NULL;
	array->dwSize = (DWORD)bytes->size;
	array->pbyData = NULL;
	array->hMem = GlobalAlloc(GMEM_MOVEABLE, bytes->size != 0 ? bytes->size : 1);
	if (array->hMem != NULL)
		array->pbyData = GlobalLock(array->hMem);
	if (array->pbyData == NULL) {
		if (array->hMem != NULL)
			GlobalFree(array->hMem);
		CoTaskMemFree(array);
		return NULL;
	}
	if (bytes->size != 0)
		memcpy(array->pbyData, bytes->data, bytes->size);
	return array;
}

static HRESULT
conv_ConvertByteBufferToByteArray(
    ISCardTypeConv *iface, LPBYTEBUFFER pbyBuffer, LPBYTEARRAY *ppArray)
{
	static const char method[] = "ConvertByteBufferToByteArray";
	struct secret_bytes bytes = { 0 };
	HRESULT hr;

	(void)iface;
	if (ppArray == NULL)
		return missing(E_POINTER, method, "ppArray");
	*ppArray = NULL;
	if (pbyBuffer == NULL)
		return missing(E_INVALIDARG, method, "pbyBuffer");
	hr = buffer_read_all(pbyBuffer, BUFFER_SIZE_MAX, method, &origin, &bytes);
	if (FAILED(hr))
		return hr;
	*ppArray = new_byte_array(&bytes);
	hr = *ppArray != NULL ? S_OK : no_memory(method, bytes.size);
	secret_bytes_clear(&bytes);
	return hr;
}

static HRESULT
conv_ConvertByteBufferToSafeArray(
    ISCardTypeConv *iface, LPBYTEBUFFER pbyBuffer, LPSAFEARRAY *ppbyArray)
{
	static const char method[] = "ConvertByteBufferToSafeArray";
	struct secret_bytes bytes = { 0 };
	HRESULT hr;

	(void)iface;
	if (ppbyArray == NULL)
		return missing(E_POINTER, method, "ppbyArray");
	*ppbyArray = NULL;
	if (pbyBuffer == NULL)
		return missing(E_INVALIDARG, method, "pbyBuffer");
	hr = buffer_read_all(pbyBuffer, BUFFER_SIZE_MAX, method, &origin, &bytes);
	if (FAILED(hr))
		return hr;
	*ppbyArray = new_array(bytes.data, bytes.size);
	hr = *ppbyArray != NULL ? S_OK : no_memory(method, bytes.size);
	secret_bytes_clear(&bytes);
	return hr;
}

/* Bytes, in one dimension? Arrays without a recorded type are judged by their element size. */
static bool
is_byte_vector(SAFEARRAY *array)
{
	VARTYPE type = VT_EMPTY;

	if (SafeArrayGetDim(array) != 1 || SafeArrayGetElemsize(array) != 1)
		return false;
	return FAILED(SafeArrayGetVartype(array, &type)) || type == VT_UI1;
}

static HRESULT
conv_ConvertSafeArrayToByteBuffer(
    ISCardTypeConv *iface, LPSAFEARRAY pbyArray, LPBYTEBUFFER *ppbyBuff)
{
	static const char method[] = "ConvertSafeArrayToByteBuffer";
	void *data = NULL;
	size_t size;
	HRESULT hr;

	(void)iface;
	if (ppbyBuff == NULL)
		return missing(E_POINTER, method, "ppbyBuff");
	*ppbyBuff = NULL;
	if (pbyArray == NULL)
		return missing(E_INVALIDARG, method, "pbyArray");
	if (!is_byte_vector(pbyArray))
		return FAIL(E_INVALIDARG,
		    "ISCardTypeConv::%s: the array is not one of bytes in one dimension; pass "
		    "VT_UI1",
		    method);
	size = pbyArray->rgsabound[0].cElements;
	if (FAILED(hr = check_size(method, size)))
		return hr;
	if (FAILED(hr = SafeArrayAccessData(pbyArray, &data)))
		return FAIL(hr, "ISCardTypeConv::%s: the array cannot be locked (%s)", method,
		    tessera_hresult_name(hr));
	hr = buffer_create(data, size, ppbyBuff);
	SafeArrayUnaccessData(pbyArray);
	return hr;
}

static HRESULT
conv_CreateByteArray(ISCardTypeConv *iface, DWORD dwAllocSize, LPBYTE *ppbyArray)
{
	static const char method[] = "CreateByteArray";
	HRESULT hr;

	(void)iface;
	if (ppbyArray == NULL)
		return missing(E_INVALIDARG, method, "ppbyArray");
	*ppbyArray = NULL;
	if (FAILED(hr = check_size(method, dwAllocSize)))
		return hr;
	*ppbyArray = CoTaskMemAlloc(dwAllocSize);
	if (*ppbyArray == NULL)
		return no_memory(method, dwAllocSize);
	if (dwAllocSize != 0)
		memset(*ppbyArray, 0, dwAllocSize);
	return S_OK;
}

static HRESULT
conv_CreateByteBuffer(ISCardTypeConv *iface, DWORD dwAllocSize, LPBYTEBUFFER *ppbyBuff)
{
	static const char method[] = "CreateByteBuffer";
	HRESULT hr;

	(void)iface;
	if (ppbyBuff == NULL)
		return missing(E_INVALIDARG, method, "ppbyBuff");
	*ppbyBuff = NULL;
	if (FAILED(hr = check_size(method, dwAllocSize)))
		return hr;
	return buffer_create(NULL, dwAllocSize, ppbyBuff);
}

static HRESULT
conv_CreateSafeArray(ISCardTypeConv *iface, UINT nAllocSize, LPSAFEARRAY *ppArray)
{
	static const char method[] = "CreateSafeArray";
	HRESULT hr;

	(void)iface;
	if (ppArray == NULL)
		return missing(E_INVALIDARG, method, "ppArray");
	*ppArray = NULL;
	if (FAILED(hr = check_size(method, nAllocSize)))
		return hr;
	*ppArray = new_array(NULL, nAllocSize);
	return *ppArray != NULL ? S_OK : no_memory(method, nAllocSize);
}

/* The block under a stream. */
static HRESULT
block_of(IStream *stream, const char *method, HGLOBAL *ret)
{
	HRESULT hr = GetHGlobalFromStream(stream, ret);

	if (FAILED(hr))
		return FAIL(E_INVALIDARG,
		    "ISCardTypeConv::%s: the stream does not lie on a global block; use one of "
		    "CreateStreamOnHGlobal or of a byte buffer",
		    method);
	return S_OK;
}

static HRESULT
conv_FreeIStreamMemoryPtr(ISCardTypeConv *iface, LPSTREAM pStrm, LPBYTE pMem)
{
	static const char method[] = "FreeIStreamMemoryPtr";
	HGLOBAL block = NULL;
	void *address;
	HRESULT hr;

	(void)iface;
	if (pStrm == NULL)
		return missing(E_INVALIDARG, method, "pStrm");
	if (pMem == NULL)
		return missing(E_INVALIDARG, method, "pMem");
	if (FAILED(hr = block_of(pStrm, method, &block)))
		return hr;
	/* A block that somebody else keeps locked is still locked after this pair. */
	address = GlobalLock(block);
	if (!GlobalUnlock(block) || address != pMem)
		return FAIL(E_INVALIDARG,
		    "ISCardTypeConv::%s: the memory was not lent by this stream, or was given back "
		    "already; pass pbyData as GetAtIStreamMemory gave it, once",
		    method);
	GlobalUnlock(block);
	IStream_Release(pStrm);
	return S_OK;
}

static HRESULT
conv_GetAtIStreamMemory(ISCardTypeConv *iface, LPSTREAM pStrm, LPBYTEARRAY *ppMem)
{
	static const char method[] = "GetAtIStreamMemory";
	BYTEARRAY *array;
	HGLOBAL block = NULL;
	uint64_t size = 0;
	HRESULT hr;

	(void)iface;
	if (ppMem == NULL)
		return missing(E_POINTER, method, "ppMem");
	*ppMem = NULL;
	if (pStrm == NULL)
		return missing(E_INVALIDARG, method, "pStrm");
	if (FAILED(hr = block_of(pStrm, method, &block)))
		return hr;
	if (FAILED(hr = memory_stream_size(pStrm, &size)))
		return FAIL(hr, "ISCardTypeConv::%s: the stream does not tell its size", method);
	if (FAILED(hr = check_size(method, size)))
		return hr;
	if ((array = CoTaskMemAlloc(sizeof *array)) == NULL)
		return no_memory(method, sizeof *array);
	array->hMem = block;
	array->dwSize = (DWORD)size;
	if ((array->pbyData = GlobalLock(block)) == NULL) {
		CoTaskMemFree(array);
		return FAIL(E_UNEXPECTED,
		    "ISCardTypeConv::%s: the stream's block cannot be locked; was it freed?",
		    method);
	}
	IStream_AddRef(pStrm);
	*ppMem = array;
	return S_OK;
}

/* The two codes stand the other way round than everywhere else; the published table has them so. */
static HRESULT
conv_SizeOfIStream(ISCardTypeConv *iface, LPSTREAM pStrm, ULARGE_INTEGER *puliSize)
{
	static const char method[] = "SizeOfIStream";
	uint64_t size = 0;
	HRESULT hr;

	(void)iface;
	if (puliSize == NULL)
		return missing(E_INVALIDARG, method, "puliSize");
	puliSize->QuadPart = 0;
	if (pStrm == NULL)
		return missing(E_POINTER, method, "pStrm");
	if (FAILED(hr = memory_stream_size(pStrm, &size)))
		return FAIL(E_FAIL, "ISCardTypeConv::%s: the stream does not tell its size (%s)",
		    method, tessera_hresult_name(hr));
	puliSize->QuadPart = size;
	return S_OK;
}

static const ISCardTypeConvVtbl conv_vtbl = {
	TESSERA_DISPATCH_SLOTS(ISCardTypeConv),
	.ConvertByteArrayToByteBuffer = conv_ConvertByteArrayToByteBuffer,
	.ConvertByteBufferToByteArray = conv_ConvertByteBufferToByteArray,
	.ConvertByteBufferToSafeArray = conv_ConvertByteBufferToSafeArray,
	.ConvertSafeArrayToByteBuffer = conv_ConvertSafeArrayToByteBuffer,
	.CreateByteArray = conv_CreateByteArray,
	.CreateByteBuffer = conv_CreateByteBuffer,
	.CreateSafeArray = conv_CreateSafeArray,
	.FreeIStreamMemoryPtr = conv_FreeIStreamMemoryPtr,
	.GetAtIStreamMemory = conv_GetAtIStreamMemory,
	.SizeOfIStream = conv_SizeOfIStream,
};

static const struct tessera_interface conv_interfaces[] = {
	{ &IID_ISCardTypeConv, offsetof(struct type_conv, conv), &conv_vtbl },
	{ &IID_IDispatch, offsetof(struct type_conv, conv), &conv_vtbl },
	{ &IID_ISupportErrorInfo, offsetof(struct type_conv, errors),
	    &tessera_support_error_info_vtbl },
};

static struct tessera_census conv_census;

const struct tessera_class type_conv_class = {
	.clsid = &CLSID_CSCardTypeConv,
	.name = "CSCardTypeConv",
	.size = sizeof(struct type_conv),
	.interfaces = conv_interfaces,
	.interface_count = sizeof conv_interfaces / sizeof conv_interfaces[0],
	.census = &conv_census,
};
