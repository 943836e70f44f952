/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls through the abstract classes that C++ makes of the interfaces. Nothing is implemented here:
 * the objects come from C, so a slot that moved shows at once.
 */
#include "tests/unit/abi_cplusplus.h"

#include <type_traits>

static_assert(std::is_abstract<IUnknown>::value, "an interface has no implementation");
static_assert(std::is_abstract<IByteBuffer>::value, "an interface has no implementation");
static_assert(std::is_base_of<IUnknown, IDispatch>::value, "IDispatch derives from IUnknown");
static_assert(std::is_base_of<IDispatch, IByteBuffer>::value, "IByteBuffer derives from IDispatch");
static_assert(std::is_base_of<IDispatch, ISCardCmd>::value, "ISCardCmd derives from IDispatch");
static_assert(!std::has_virtual_destructor<IUnknown>::value, "a destructor would take slots");
static_assert(!std::has_virtual_destructor<ISCardCmd>::value, "a destructor would take slots");
static_assert(sizeof(IStream) == sizeof(void *), "an interface has no data");
static_assert(std::is_same<WCHAR, char16_t>::value, "text is UTF-16");
static_assert(std::is_same<decltype(HRESULT()), int32_t>::value, "HRESULT has 32 bits");

namespace
{

template <typename T>
T *
pointer(uintptr_t n)
{
	return reinterpret_cast<T *>(ABI_ARGUMENT(n));
}

} // namespace

#define CALL(method, ...) called(#method, object->method(__VA_ARGS__))
#define CALL_PLAIN(method) called(#method, object->method())

void
abi_call_unknown(IUnknown *object, abi_called called)
{
	called(
	    "QueryInterface", object->QueryInterface(*pointer<const IID>(1), pointer<void *>(2)));
	called("AddRef", static_cast<HRESULT>(object->AddRef()));
	called("Release", static_cast<HRESULT>(object->Release()));
}

void
abi_call_byte_buffer(IByteBuffer *object, abi_called called)
{
	CALL(get_Stream, pointer<IStream *>(1));
	CALL(put_Stream, pointer<IStream>(1));
	CALL(Clone, pointer<IByteBuffer *>(1));
	CALL(Commit, ABI_ARGUMENT(1));
	CALL(
	    CopyTo, pointer<IByteBuffer *>(1), ABI_ARGUMENT(2), pointer<LONG>(3), pointer<LONG>(4));
	CALL(Initialize, ABI_ARGUMENT(1), pointer<BYTE>(2));
	CALL(LockRegion, ABI_ARGUMENT(1), ABI_ARGUMENT(2), ABI_ARGUMENT(3));
	CALL(Read, pointer<BYTE>(1), ABI_ARGUMENT(2), pointer<LONG>(3));
	CALL_PLAIN(Revert);
	CALL(Seek, ABI_ARGUMENT(1), ABI_ARGUMENT(2), pointer<LONG>(3));
	CALL(SetSize, ABI_ARGUMENT(1));
	CALL(Stat, pointer<STATSTRUCT>(1), ABI_ARGUMENT(2));
	CALL(UnlockRegion, ABI_ARGUMENT(1), ABI_ARGUMENT(2), ABI_ARGUMENT(3));
	CALL(Write, pointer<BYTE>(1), ABI_ARGUMENT(2), pointer<LONG>(3));
}

void
abi_call_command(ISCardCmd *object, abi_called called)
{
	CALL(get_Apdu, pointer<IByteBuffer *>(1));
	CALL(put_Apdu, pointer<IByteBuffer>(1));
	CALL(get_ApduLength, pointer<LONG>(1));
	CALL(get_ApduReply, pointer<IByteBuffer *>(1));
	CALL(put_ApduReply, pointer<IByteBuffer>(1));
	CALL(get_ApduReplyLength, pointer<LONG>(1));
	CALL(put_ApduReplyLength, ABI_ARGUMENT(1));
	CALL(get_ClassId, pointer<BYTE>(1));
	CALL(put_ClassId, ABI_ARGUMENT(1));
	CALL(get_Data, pointer<IByteBuffer *>(1));
	CALL(put_Data, pointer<IByteBuffer>(1));
	CALL(get_InstructionId, pointer<BYTE>(1));
	CALL(put_InstructionId, ABI_ARGUMENT(1));
	CALL(get_LeField, pointer<LONG>(1));
	CALL(get_P1, pointer<BYTE>(1));
	CALL(put_P1, ABI_ARGUMENT(1));
	CALL(get_P2, pointer<BYTE>(1));
	CALL(put_P2, ABI_ARGUMENT(1));
	CALL(get_P3, pointer<BYTE>(1));
	CALL(get_ReplyStatus, pointer<WORD>(1));
	CALL(put_ReplyStatus, ABI_ARGUMENT(1));
	CALL(get_ReplyStatusSW1, pointer<BYTE>(1));
	CALL(get_ReplyStatusSW2, pointer<BYTE>(1));
	CALL(get_Type, pointer<ISO_APDU_TYPE>(1));
	CALL(get_Nad, pointer<BYTE>(1));
	CALL(put_Nad, ABI_ARGUMENT(1));
	CALL(get_ReplyNad, pointer<BYTE>(1));
	CALL(put_ReplyNad, ABI_ARGUMENT(1));
	CALL(BuildCmd, ABI_ARGUMENT(1), ABI_ARGUMENT(2), ABI_ARGUMENT(3), ABI_ARGUMENT(4),
	    pointer<IByteBuffer>(5), pointer<LONG>(6));
	CALL_PLAIN(Clear);
	CALL(Encapsulate, pointer<IByteBuffer>(1), static_cast<ISO_APDU_TYPE>(2));
	CALL(get_AlternateClassId, pointer<BYTE>(1));
	CALL(put_AlternateClassId, ABI_ARGUMENT(1));
}

void
abi_call_byte_buffer_defaults(IByteBuffer *object, abi_called called)
{
	CALL(CopyTo, pointer<IByteBuffer *>(1), ABI_ARGUMENT(2));
	CALL_PLAIN(Initialize);
	CALL(Read, pointer<BYTE>(1), ABI_ARGUMENT(2));
	CALL(Seek, ABI_ARGUMENT(1), ABI_ARGUMENT(2));
}

void
abi_call_command_defaults(ISCardCmd *object, abi_called called)
{
	CALL_PLAIN(put_ClassId);
	CALL(BuildCmd, ABI_ARGUMENT(1), ABI_ARGUMENT(2));
}

size_t
abi_cplusplus_size(void)
{
	return sizeof(ISCardCmd);
}
