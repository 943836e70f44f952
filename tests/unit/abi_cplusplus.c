/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * C and C++ mean the same by an interface: objects built here with C tables are called from C++ and
 * through the C macros, and note which slot was reached and with which arguments.
 */
#define COBJMACROS
#include "tests/unit/abi_cplusplus.h"

#include <string.h>

#include "tests/suite.h"
#include "tests/unit/abi_table.h"

#define MAX_CALLS 64
#define MAX_ARGUMENTS 6

struct call {
	const char *method;
	const void *object;
	unsigned slot;
	unsigned count;
	uintptr_t arguments[MAX_ARGUMENTS];
};

static struct call calls[MAX_CALLS];
static unsigned called_count;

static void
note(const void *object, unsigned slot, const char *method, unsigned count,
    const uintptr_t arguments[])
{
	struct call *call = &calls[called_count < MAX_CALLS - 1 ? called_count++ : MAX_CALLS - 1];

	call->method = method;
	call->object = object;
	call->slot = slot;
	call->count = count;
	for (unsigned i = 0; i < count; i++)
		call->arguments[i] = arguments[i];
}

/* The result tells the slot as well, so that the way back is seen to work. */
#define NOTE(slot, method, ...)                                                      \
	const uintptr_t noted[] = { 0, __VA_ARGS__ };                                \
	note(object, slot, method, sizeof(noted) / sizeof(noted[0]) - 1, noted + 1); \
	return 0x100 + slot
#define METHOD0(iface, slot, name)                                        \
	static HRESULT STDMETHODCALLTYPE iface##_at_##name(iface *object) \
	{                                                                 \
		note(object, slot, #name, 0, NULL);                       \
		return 0x100 + slot;                                      \
	}
#define METHOD1(iface, slot, name, A)                                          \
	static HRESULT STDMETHODCALLTYPE iface##_at_##name(iface *object, A a) \
	{                                                                      \
		NOTE(slot, #name, (uintptr_t)a);                               \
	}
#define METHOD2(iface, slot, name, A, B)                                            \
	static HRESULT STDMETHODCALLTYPE iface##_at_##name(iface *object, A a, B b) \
	{                                                                           \
		NOTE(slot, #name, (uintptr_t)a, (uintptr_t)b);                      \
	}
#define METHOD3(iface, slot, name, A, B, C)                                              \
	static HRESULT STDMETHODCALLTYPE iface##_at_##name(iface *object, A a, B b, C c) \
	{                                                                                \
		NOTE(slot, #name, (uintptr_t)a, (uintptr_t)b, (uintptr_t)c);             \
	}
#define METHOD4(iface, slot, name, A, B, C, D)                                                \
	static HRESULT STDMETHODCALLTYPE iface##_at_##name(iface *object, A a, B b, C c, D d) \
	{                                                                                     \
		NOTE(slot, #name, (uintptr_t)a, (uintptr_t)b, (uintptr_t)c, (uintptr_t)d);    \
	}

/* IUnknown: AddRef and Release have results of another type. */
#define UNKNOWN_METHODS(iface)                                           \
	METHOD2(iface, 0, QueryInterface, REFIID, void **)               \
	static ULONG STDMETHODCALLTYPE iface##_at_AddRef(iface *object)  \
	{                                                                \
		note(object, 1, "AddRef", 0, NULL);                      \
		return 0x101;                                            \
	}                                                                \
	static ULONG STDMETHODCALLTYPE iface##_at_Release(iface *object) \
	{                                                                \
		note(object, 2, "Release", 0, NULL);                     \
		return 0x102;                                            \
	}

UNKNOWN_METHODS(IUnknown)

UNKNOWN_METHODS(IByteBuffer)
METHOD1(IByteBuffer, 7, get_Stream, IStream **)
METHOD1(IByteBuffer, 8, put_Stream, IStream *)
METHOD1(IByteBuffer, 9, Clone, IByteBuffer **)
METHOD1(IByteBuffer, 10, Commit, LONG)
METHOD4(IByteBuffer, 11, CopyTo, IByteBuffer **, LONG, LONG *, LONG *)
METHOD2(IByteBuffer, 12, Initialize, LONG, BYTE *)
METHOD3(IByteBuffer, 13, LockRegion, LONG, LONG, LONG)
METHOD3(IByteBuffer, 14, Read, BYTE *, LONG, LONG *)
METHOD0(IByteBuffer, 15, Revert)
METHOD3(IByteBuffer, 16, Seek, LONG, LONG, LONG *)
METHOD1(IByteBuffer, 17, SetSize, LONG)
METHOD2(IByteBuffer, 18, Stat, STATSTRUCT *, LONG)
METHOD3(IByteBuffer, 19, UnlockRegion, LONG, LONG, LONG)
METHOD3(IByteBuffer, 20, Write, BYTE *, LONG, LONG *)

UNKNOWN_METHODS(ISCardCmd)
METHOD1(ISCardCmd, 7, get_Apdu, IByteBuffer **)
METHOD1(ISCardCmd, 8, put_Apdu, IByteBuffer *)
METHOD1(ISCardCmd, 9, get_ApduLength, LONG *)
METHOD1(ISCardCmd, 10, get_ApduReply, IByteBuffer **)
METHOD1(ISCardCmd, 11, put_ApduReply, IByteBuffer *)
METHOD1(ISCardCmd, 12, get_ApduReplyLength, LONG *)
METHOD1(ISCardCmd, 13, put_ApduReplyLength, LONG)
METHOD1(ISCardCmd, 14, get_ClassId, BYTE *)
METHOD1(ISCardCmd, 15, put_ClassId, BYTE)
METHOD1(ISCardCmd, 16, get_Data, IByteBuffer **)
METHOD1(ISCardCmd, 17, put_Data, IByteBuffer *)
METHOD1(ISCardCmd, 18, get_InstructionId, BYTE *)
METHOD1(ISCardCmd, 19, put_InstructionId, BYTE)
METHOD1(ISCardCmd, 20, get_LeField, LONG *)
METHOD1(ISCardCmd, 21, get_P1, BYTE *)
METHOD1(ISCardCmd, 22, put_P1, BYTE)
METHOD1(ISCardCmd, 23, get_P2, BYTE *)
METHOD1(ISCardCmd, 24, put_P2, BYTE)
METHOD1(ISCardCmd, 25, get_P3, BYTE *)
METHOD1(ISCardCmd, 26, get_ReplyStatus, WORD *)
METHOD1(ISCardCmd, 27, put_ReplyStatus, WORD)
METHOD1(ISCardCmd, 28, get_ReplyStatusSW1, BYTE *)
METHOD1(ISCardCmd, 29, get_ReplyStatusSW2, BYTE *)
METHOD1(ISCardCmd, 30, get_Type, ISO_APDU_TYPE *)
METHOD1(ISCardCmd, 31, get_Nad, BYTE *)
METHOD1(ISCardCmd, 32, put_Nad, BYTE)
METHOD1(ISCardCmd, 33, get_ReplyNad, BYTE *)
METHOD1(ISCardCmd, 34, put_ReplyNad, BYTE)
METHOD0(ISCardCmd, 36, Clear)
METHOD1(ISCardCmd, 38, get_AlternateClassId, BYTE *)
METHOD1(ISCardCmd, 39, put_AlternateClassId, BYTE)

static HRESULT STDMETHODCALLTYPE
ISCardCmd_at_BuildCmd(ISCardCmd *object, BYTE a, BYTE b, BYTE c, BYTE d, IByteBuffer *e, LONG *f)
{
	NOTE(35, "BuildCmd", a, b, c, d, (uintptr_t)e, (uintptr_t)f);
}

static HRESULT STDMETHODCALLTYPE
ISCardCmd_at_Encapsulate(ISCardCmd *object, IByteBuffer *a, ISO_APDU_TYPE b)
{
	NOTE(37, "Encapsulate", (uintptr_t)a, (uintptr_t)b);
}

#define AT(iface, name) .name = iface##_at_##name
#define AT_UNKNOWN(iface) AT(iface, QueryInterface), AT(iface, AddRef), AT(iface, Release)

/* The four of IDispatch stay NULL: nobody calls them here. */
static const IUnknownVtbl unknown_table = { AT_UNKNOWN(IUnknown) };

static const IByteBufferVtbl byte_buffer_table = { AT_UNKNOWN(IByteBuffer),
	AT(IByteBuffer, get_Stream), AT(IByteBuffer, put_Stream), AT(IByteBuffer, Clone),
	AT(IByteBuffer, Commit), AT(IByteBuffer, CopyTo), AT(IByteBuffer, Initialize),
	AT(IByteBuffer, LockRegion), AT(IByteBuffer, Read), AT(IByteBuffer, Revert),
	AT(IByteBuffer, Seek), AT(IByteBuffer, SetSize), AT(IByteBuffer, Stat),
	AT(IByteBuffer, UnlockRegion), AT(IByteBuffer, Write) };

static const ISCardCmdVtbl command_table = { AT_UNKNOWN(ISCardCmd), AT(ISCardCmd, get_Apdu),
	AT(ISCardCmd, put_Apdu), AT(ISCardCmd, get_ApduLength), AT(ISCardCmd, get_ApduReply),
	AT(ISCardCmd, put_ApduReply), AT(ISCardCmd, get_ApduReplyLength),
	AT(ISCardCmd, put_ApduReplyLength), AT(ISCardCmd, get_ClassId), AT(ISCardCmd, put_ClassId),
	AT(ISCardCmd, get_Data), AT(ISCardCmd, put_Data), AT(ISCardCmd, get_InstructionId),
	AT(ISCardCmd, put_InstructionId), AT(ISCardCmd, get_LeField), AT(ISCardCmd, get_P1),
	AT(ISCardCmd, put_P1), AT(ISCardCmd, get_P2), AT(ISCardCmd, put_P2), AT(ISCardCmd, get_P3),
	AT(ISCardCmd, get_ReplyStatus), AT(ISCardCmd, put_ReplyStatus),
	AT(ISCardCmd, get_ReplyStatusSW1), AT(ISCardCmd, get_ReplyStatusSW2),
	AT(ISCardCmd, get_Type), AT(ISCardCmd, get_Nad), AT(ISCardCmd, put_Nad),
	AT(ISCardCmd, get_ReplyNad), AT(ISCardCmd, put_ReplyNad), AT(ISCardCmd, BuildCmd),
	AT(ISCardCmd, Clear), AT(ISCardCmd, Encapsulate), AT(ISCardCmd, get_AlternateClassId),
	AT(ISCardCmd, put_AlternateClassId) };

static IUnknown unknown = { &unknown_table };
static IByteBuffer byte_buffer = { &byte_buffer_table };
static ISCardCmd command = { &command_table };

static const void *expected_object;
static int in_order;

/* After each call: exactly one more was noted, of that method, with its own arguments. */
static void
check(const char *method, HRESULT result)
{
	static unsigned seen;
	const struct call *call;

	if (called_count == 1)
		seen = 0;
	if (!SUITE_EQUAL_INT(called_count, seen + 1))
		return;
	call = &calls[seen++];
	SUITE_EQUAL_STRING(call->method, method);
	CU_ASSERT_PTR_EQUAL(call->object, expected_object);
	SUITE_EQUAL_HEX(result, 0x100 + call->slot);
	if (in_order && call != calls)
		SUITE_EQUAL_INT(call->slot, call[-1].slot + 1);
	for (unsigned i = 0; in_order && i < call->count; i++)
		if (strcmp(method, "Encapsulate") != 0 || i != 1)
			SUITE_EQUAL_HEX(call->arguments[i], ABI_ARGUMENT(i + 1));
}

static void
start(const void *object, int every_method)
{
	called_count = 0;
	expected_object = object;
	in_order = every_method;
}

static void
unknown_from_cplusplus(void)
{
	start(&unknown, 1);
	abi_call_unknown(&unknown, check);
	SUITE_EQUAL_INT(called_count, 3);
	SUITE_EQUAL_INT(abi_cplusplus_size(), sizeof(ISCardCmd));
	SUITE_EQUAL_INT(abi_cplusplus_size(), 8);
}

static void
byte_buffer_from_cplusplus(void)
{
	start(&byte_buffer, 1);
	abi_call_byte_buffer(&byte_buffer, check);
	SUITE_EQUAL_INT(called_count, 14);
	SUITE_EQUAL_INT(calls[0].slot, 7);
}

static void
command_from_cplusplus(void)
{
	start(&command, 1);
	abi_call_command(&command, check);
	SUITE_EQUAL_INT(called_count, 33);
	SUITE_EQUAL_INT(calls[0].slot, 7);
	SUITE_EQUAL_INT(calls[30].slot, 37);
	SUITE_EQUAL_INT(calls[30].arguments[1], ISO_CASE_2);
}

/* The published C++ header gives defaults to some arguments, and source relies on them. */
static void
defaults_in_cplusplus(void)
{
	start(&byte_buffer, 0);
	abi_call_byte_buffer_defaults(&byte_buffer, check);
	SUITE_EQUAL_INT(called_count, 4);
	SUITE_EQUAL_INT(calls[0].slot, 11);
	SUITE_EQUAL_INT(calls[0].arguments[2], 0);
	SUITE_EQUAL_INT(calls[0].arguments[3], 0);
	SUITE_EQUAL_INT(calls[1].slot, 12);
	SUITE_EQUAL_INT(calls[1].arguments[0], 1);
	SUITE_EQUAL_INT(calls[1].arguments[1], 0);
	SUITE_EQUAL_INT(calls[2].slot, 14);
	SUITE_EQUAL_INT(calls[2].arguments[2], 0);
	SUITE_EQUAL_INT(calls[3].slot, 16);
	SUITE_EQUAL_INT(calls[3].arguments[2], 0);

	start(&command, 0);
	abi_call_command_defaults(&command, check);
	SUITE_EQUAL_INT(called_count, 2);
	SUITE_EQUAL_INT(calls[0].slot, 15);
	SUITE_EQUAL_INT(calls[0].arguments[0], 0);
	SUITE_EQUAL_INT(calls[1].slot, 35);
	for (int i = 2; i < 6; i++)
		SUITE_EQUAL_INT(calls[1].arguments[i], 0);
}

static void
macros_in_c(void)
{
	BYTE byte = 0;
	LONG number = 0;

	start(&command, 0);
	SUITE_EQUAL_HEX(ISCardCmd_Clear(&command), 0x124);
	SUITE_EQUAL_HEX(ISCardCmd_get_ClassId(&command, &byte), 0x10E);
	SUITE_EQUAL_HEX(ISCardCmd_put_AlternateClassId(&command, 0x80), 0x127);
	SUITE_EQUAL_HEX(ISCardCmd_BuildCmd(&command, 0, 0xA4, 4, 0, NULL, &number), 0x123);
	SUITE_EQUAL_HEX(ISCardCmd_AddRef(&command), 0x101);
	SUITE_EQUAL_HEX(ISCardCmd_Release(&command), 0x102);
	SUITE_EQUAL_HEX(IByteBuffer_Write(&byte_buffer, &byte, 1, &number), 0x114);
	SUITE_EQUAL_HEX(IUnknown_Release(&unknown), 0x102);
	SUITE_EQUAL_INT(called_count, 8);
	SUITE_EQUAL_INT(calls[3].arguments[1], 0xA4);
	CU_ASSERT_PTR_EQUAL(calls[6].object, &byte_buffer);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "IUnknown of C called from C++", unknown_from_cplusplus },
		{ "IByteBuffer of C called from C++", byte_buffer_from_cplusplus },
		{ "ISCardCmd of C called from C++", command_from_cplusplus },
		{ "default arguments in C++", defaults_in_cplusplus },
		{ "macros in C", macros_in_c },
	};

	return suite_run("C and C++ agree", tests, ABI_COUNT(tests));
}
