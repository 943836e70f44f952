/* SPDX-License-Identifier: BSD-2-Clause */
/* CSCardCmd: the command's encoding, each property, the reply, and ENVELOPE. */
#include <string.h>

#include "tests/unit/scardssp_fixture.h"

#define NO_LE (-1000)
#define NO_DATA (-1000)

/* What the getters say of a command. */
struct facts {
	LONG length;
	LONG le;
	BYTE p3;
	HRESULT type_result;
	ISO_APDU_TYPE type;
	LONG data_size;
};

static void
check_facts(ISCardCmd *cmd, const struct facts *expected)
{
	ISO_APDU_TYPE type = (ISO_APDU_TYPE)77;
	LONG length = -1, le = -1;
	IByteBuffer *data = NULL;
	BYTE p3 = 0xEE;

	OK(ISCardCmd_get_ApduLength(cmd, &length));
	OK(ISCardCmd_get_LeField(cmd, &le));
	OK(ISCardCmd_get_P3(cmd, &p3));
	EXPECT(ISCardCmd_get_Type(cmd, &type), expected->type_result);
	OK(ISCardCmd_get_Data(cmd, &data));
	SUITE_EQUAL_INT(length, expected->length);
	SUITE_EQUAL_INT(le, expected->le);
	SUITE_EQUAL_HEX(p3, expected->p3);
	SUITE_EQUAL_INT(type, expected->type);
	SUITE_EQUAL_INT(ssp_size(data), expected->data_size);
	IByteBuffer_Release(data);
}

/* The documented table, with the boundaries 0, 255, 256, 257, 65535, 65536. */
static void
build_cmd(void)
{
	static const struct {
		LONG data;
		LONG le;
		const char *start;
		struct facts facts;
	} rows[] = {
		{ NO_DATA, NO_LE, "0A0B0C0D", { 4, 0, 0x00, S_OK, ISO_CASE_1, 0 } },
		{ 0, NO_LE, "0A0B0C0D", { 4, 0, 0x00, S_OK, ISO_CASE_1, 0 } },
		{ NO_DATA, 0, "0A0B0C0D00", { 5, 256, 0x00, S_OK, ISO_CASE_2, 0 } },
		{ 0, 0, "0A0B0C0D00", { 5, 256, 0x00, S_OK, ISO_CASE_2, 0 } },
		{ NO_DATA, 1, "0A0B0C0D01", { 5, 1, 0x01, S_OK, ISO_CASE_2, 0 } },
		{ NO_DATA, 255, "0A0B0C0DFF", { 5, 255, 0xFF, S_OK, ISO_CASE_2, 0 } },
		{ NO_DATA, 256, "0A0B0C0D00", { 5, 256, 0x00, S_OK, ISO_CASE_2, 0 } },
		{ NO_DATA, 257, "0A0B0C0D000101", { 7, 257, 0x00, S_OK, ISO_CASE_2, 0 } },
		{ NO_DATA, 65535, "0A0B0C0D00FFFF", { 7, 65535, 0x00, S_OK, ISO_CASE_2, 0 } },
		{ NO_DATA, 65536, "0A0B0C0D000000", { 7, 65536, 0x00, S_OK, ISO_CASE_2, 0 } },
		{ 2, NO_LE, "0A0B0C0D020726", { 7, 0, 0x02, S_OK, ISO_CASE_3, 2 } },
		{ 2, 0, "0A0B0C0D020726", { 7, 0, 0x02, S_OK, ISO_CASE_3, 2 } },
		{ 255, 0, "0A0B0C0DFF0726", { 260, 0, 0xFF, S_OK, ISO_CASE_3, 255 } },
		{ 256, 0, "0A0B0C0D0001000726", { 263, 0, 0x00, S_OK, ISO_CASE_3, 256 } },
		{ 257, NO_LE, "0A0B0C0D0001010726", { 264, 0, 0x00, S_OK, ISO_CASE_3, 257 } },
		{ 65535, NO_LE, "0A0B0C0D00FFFF0726", { 65542, 0, 0x00, S_OK, ISO_CASE_3, 65535 } },
		{ 2, 1, "0A0B0C0D02072601", { 8, 1, 0x02, S_OK, ISO_CASE_4, 2 } },
		{ 2, 256, "0A0B0C0D02072600", { 8, 256, 0x02, S_OK, ISO_CASE_4, 2 } },
		{ 2, 257, "0A0B0C0D00000207260101", { 11, 257, 0x00, S_OK, ISO_CASE_4, 2 } },
		{ 255, 256, "0A0B0C0DFF0726", { 261, 256, 0xFF, S_OK, ISO_CASE_4, 255 } },
		{ 256, 1, "0A0B0C0D0001000726", { 265, 1, 0x00, S_OK, ISO_CASE_4, 256 } },
		{ 65535, 65536, "0A0B0C0D00FFFF0726",
		    { 65544, 65536, 0x00, S_OK, ISO_CASE_4, 65535 } },
	};

	for (size_t i = 0; i < SSP_COUNT(rows); i++) {
		IByteBuffer *data = NULL, *apdu = NULL, *start = ssp_buffer(rows[i].start);
		ISCardCmd *cmd = NEW_CMD();
		LONG le = rows[i].le, got = 0;
		BYTE expected[16], bytes[16];

		if (rows[i].data != NO_DATA)
			data = ssp_buffer_of((size_t)rows[i].data);
		if (data != NULL)
			OK(IByteBuffer_Seek(data, 1, STREAM_SEEK_SET, NULL));
		OK(ISCardCmd_BuildCmd(
		    cmd, 0x0A, 0x0B, 0x0C, 0x0D, data, rows[i].le != NO_LE ? &le : NULL));
		SUITE_EQUAL_INT(le, rows[i].le);
		check_facts(cmd, &rows[i].facts);
		OK(ISCardCmd_get_Apdu(cmd, &apdu));
		OK(IByteBuffer_Read(start, expected, sizeof expected, &got));
		OK(IByteBuffer_Read(apdu, bytes, got, NULL));
		CU_ASSERT(memcmp(bytes, expected, (size_t)got) == 0);
		if (data != NULL) {
			SUITE_EQUAL_INT(ssp_position(data), 1);
			IByteBuffer_Release(data);
		}
		IByteBuffer_Release(start);
		IByteBuffer_Release(apdu);
		ISCardCmd_Release(cmd);
	}
}

/* Refusals leave the command and the reply as they were. */
static void
build_cmd_refuses(void)
{
	IByteBuffer *huge = ssp_buffer_of(65536), *small = ssp_buffer("01");
	ISCardCmd *cmd = NEW_CMD();
	static const LONG bad[] = { -1, 65537, 0x7FFFFFFF, -0x7FFFFFFF - 1 };
	WORD status = 0;
	LONG le = 1;

	OK(ISCardCmd_BuildCmd(cmd, 1, 2, 3, 4, NULL, NULL));
	OK(ISCardCmd_put_ReplyStatus(cmd, 0x9000));
	for (size_t i = 0; i < SSP_COUNT(bad); i++) {
		le = bad[i];
		FAILS(ISCardCmd_BuildCmd(cmd, 9, 9, 9, 9, NULL, &le), E_INVALIDARG, "BuildCmd");
		FAILS(ISCardCmd_BuildCmd(cmd, 9, 9, 9, 9, small, &le), E_INVALIDARG, "BuildCmd");
		SUITE_EQUAL_INT(le, bad[i]);
	}
	FAILS(
	    ISCardCmd_BuildCmd(cmd, 9, 9, 9, 9, huge, NULL), E_INVALIDARG, "more than 65535 bytes");
	EXPECT_APDU(cmd, "01020304");
	OK(ISCardCmd_get_ReplyStatus(cmd, &status));
	SUITE_EQUAL_HEX(status, 0x9000);
	IByteBuffer_Release(small);
	IByteBuffer_Release(huge);
	ISCardCmd_Release(cmd);
}

/* A new command has no reply yet; addresses and the alternate class outlast it. */
static void
build_cmd_keeps_and_empties(void)
{
	ISCardCmd *cmd = NEW_CMD();
	LONG length = -1;
	BYTE byte = 0;

	OK(ISCardCmd_put_ReplyStatus(cmd, 0x6A82));
	OK(ISCardCmd_put_Nad(cmd, 0x21));
	OK(ISCardCmd_put_AlternateClassId(cmd, 0xA0));
	OK(ISCardCmd_BuildCmd(cmd, 0, 0x84, 0, 0, NULL, NULL));
	OK(ISCardCmd_get_ApduReplyLength(cmd, &length));
	SUITE_EQUAL_INT(length, 0);
	OK(ISCardCmd_get_Nad(cmd, &byte));
	SUITE_EQUAL_HEX(byte, 0x21);
	OK(ISCardCmd_get_AlternateClassId(cmd, &byte));
	SUITE_EQUAL_HEX(byte, 0xA0);
	ISCardCmd_Release(cmd);
}

static void
put_apdu(void)
{
	static const struct {
		const char *bytes;
		struct facts facts;
	} rows[] = {
		{ "00A40000", { 4, 0, 0x00, S_OK, ISO_CASE_1, 0 } },
		{ "00B0000010", { 5, 16, 0x10, S_OK, ISO_CASE_2, 0 } },
		{ "00B0000000", { 5, 256, 0x00, S_OK, ISO_CASE_2, 0 } },
		{ "00D6000002AABB", { 7, 0, 0x02, S_OK, ISO_CASE_3, 2 } },
		{ "0088000002AABB08", { 8, 8, 0x02, S_OK, ISO_CASE_4, 2 } },
		{ "00B00000000000", { 7, 65536, 0x00, S_OK, ISO_CASE_2, 0 } },
		{ "00D60000000001AA", { 8, 0, 0x00, S_OK, ISO_CASE_3, 1 } },
		{ "00880000000001AA0102", { 10, 258, 0x00, S_OK, ISO_CASE_4, 1 } },
		/* Kept as it is: data are what follows the fifth byte. */
		{ "00D6000009AABB", { 7, 0, 0x09, E_UNEXPECTED, 0, 2 } },
		{ "00D600000007", { 6, 0, 0x00, E_UNEXPECTED, 0, 1 } },
	};

	for (size_t i = 0; i < SSP_COUNT(rows); i++) {
		IByteBuffer *apdu = ssp_buffer(rows[i].bytes);
		ISCardCmd *cmd = NEW_CMD();

		OK(IByteBuffer_Seek(apdu, 2, STREAM_SEEK_SET, NULL));
		OK(ISCardCmd_put_Apdu(cmd, apdu));
		check_facts(cmd, &rows[i].facts);
		EXPECT_APDU(cmd, rows[i].bytes);
		IByteBuffer_Release(apdu);
		ISCardCmd_Release(cmd);
	}
}

static void
put_apdu_refuses(void)
{
	static const char *const shorts[] = { "", "00", "00A4", "00A400" };
	IByteBuffer *most = ssp_buffer_of(65544), *more = ssp_buffer_of(65545), *apdu;
	ISCardCmd *cmd = NEW_CMD();
	LONG length = 0;

	for (size_t i = 0; i < SSP_COUNT(shorts); i++) {
		apdu = ssp_buffer(shorts[i]);
		FAILS(ISCardCmd_put_Apdu(cmd, apdu), E_INVALIDARG, "CLA INS P1 P2");
		IByteBuffer_Release(apdu);
	}
	OK(ISCardCmd_put_Apdu(cmd, most));
	FAILS(ISCardCmd_put_Apdu(cmd, more), E_INVALIDARG, "more than 65544 bytes");
	OK(ISCardCmd_get_ApduLength(cmd, &length));
	SUITE_EQUAL_INT(length, 65544);
	IByteBuffer_Release(most);
	IByteBuffer_Release(more);
	ISCardCmd_Release(cmd);
}

/* Copies: neither the buffer that came nor the one that went is the command. */
static void
apdu_is_a_copy(void)
{
	IByteBuffer *apdu = ssp_buffer("00A40000"), *first = NULL;
	ISCardCmd *cmd = NEW_CMD();

	OK(ISCardCmd_put_Apdu(cmd, apdu));
	OK(IByteBuffer_Write(apdu, (BYTE *)"\xFF", 1, NULL));
	OK(ISCardCmd_get_Apdu(cmd, &first));
	OK(IByteBuffer_Write(first, (BYTE *)"\xEE", 1, NULL));
	EXPECT_APDU(cmd, "00A40000");
	IByteBuffer_Release(first);
	IByteBuffer_Release(apdu);
	ISCardCmd_Release(cmd);
}

static void
header_bytes(void)
{
	ISCardCmd *cmd = NEW_CMD();
	BYTE byte = 0xEE;

	OK(ISCardCmd_get_ClassId(cmd, &byte));
	SUITE_EQUAL_HEX(byte, 0);
	OK(ISCardCmd_get_P2(cmd, &byte));
	SUITE_EQUAL_HEX(byte, 0);
	EXPECT_APDU(cmd, "");

	OK(ISCardCmd_put_InstructionId(cmd, 0xB2));
	EXPECT_APDU(cmd, "00B20000");
	OK(ISCardCmd_put_P1(cmd, 6));
	OK(ISCardCmd_put_P2(cmd, 7));
	OK(ISCardCmd_put_ClassId(cmd, 0xC0));
	EXPECT_APDU(cmd, "C0B20607");
	OK(ISCardCmd_get_ClassId(cmd, &byte));
	SUITE_EQUAL_HEX(byte, 0xC0);
	OK(ISCardCmd_get_InstructionId(cmd, &byte));
	SUITE_EQUAL_HEX(byte, 0xB2);
	OK(ISCardCmd_get_P1(cmd, &byte));
	SUITE_EQUAL_HEX(byte, 6);
	OK(ISCardCmd_get_P2(cmd, &byte));
	SUITE_EQUAL_HEX(byte, 7);
	ISCardCmd_Release(cmd);

	/* Each putter makes a command when there is none. */
	cmd = NEW_CMD();
	OK(ISCardCmd_put_ClassId(cmd, 0x80));
	EXPECT_APDU(cmd, "80000000");
	OK(ISCardCmd_Clear(cmd));
	OK(ISCardCmd_put_P1(cmd, 0x11));
	EXPECT_APDU(cmd, "00001100");
	OK(ISCardCmd_Clear(cmd));
	OK(ISCardCmd_put_P2(cmd, 0x22));
	EXPECT_APDU(cmd, "00000022");
	ISCardCmd_Release(cmd);
}

/* The header stays, Le stays, the rest follows from the new data. */
static void
put_data(void)
{
	static const struct {
		const char *before;
		const char *data;
		const char *after;
	} rows[] = {
		{ "0A0B0C0D", "D1D2", "0A0B0C0D 02 D1D2" },
		{ "0A0B0C0D 10", "D1D2", "0A0B0C0D 02 D1D2 10" },
		{ "0A0B0C0D 00", "D1", "0A0B0C0D 01 D1 00" },
		{ "0A0B0C0D 02 D1D2", "EE", "0A0B0C0D 01 EE" },
		{ "0A0B0C0D 02 D1D2 08", "EE", "0A0B0C0D 01 EE 08" },
		{ "0A0B0C0D 02 D1D2", "", "0A0B0C0D" },
		{ "0A0B0C0D 02 D1D2 08", "", "0A0B0C0D 08" },
		{ "0A0B0C0D 00 0101", "D1", "0A0B0C0D 00 0001 D1 0101" },
		{ "0A0B0C0D 00 0001 D1 0101", "", "0A0B0C0D 00 0101" },
		{ "0A0B0C0D 09 D1", "EE", "0A0B0C0D 01 EE" },
		{ "", "EE", "00000000 01 EE" },
		{ "", "", "00000000" },
	};

	for (size_t i = 0; i < SSP_COUNT(rows); i++) {
		IByteBuffer *before = ssp_buffer(rows[i].before), *data = ssp_buffer(rows[i].data);
		IByteBuffer *back = NULL;
		ISCardCmd *cmd = NEW_CMD();

		if (rows[i].before[0] != '\0')
			OK(ISCardCmd_put_Apdu(cmd, before));
		OK(ISCardCmd_put_Data(cmd, data));
		EXPECT_APDU(cmd, rows[i].after);
		OK(ISCardCmd_get_Data(cmd, &back));
		EXPECT_BYTES(back, rows[i].data);
		IByteBuffer_Release(back);
		IByteBuffer_Release(before);
		IByteBuffer_Release(data);
		ISCardCmd_Release(cmd);
	}
}

static void
put_data_extends(void)
{
	IByteBuffer *data = ssp_buffer_of(256), *most = ssp_buffer_of(65535);
	IByteBuffer *more = ssp_buffer_of(65536);
	struct facts facts = { 263, 0, 0x00, S_OK, ISO_CASE_3, 256 };
	ISCardCmd *cmd = NEW_CMD();
	LONG le = 4;

	OK(ISCardCmd_BuildCmd(cmd, 0, 0xD6, 0, 0, NULL, NULL));
	OK(ISCardCmd_put_Data(cmd, data));
	check_facts(cmd, &facts);
	OK(ISCardCmd_BuildCmd(cmd, 0, 0x88, 0, 0, NULL, &le));
	OK(ISCardCmd_put_Data(cmd, most));
	facts = (struct facts){ 65544, 4, 0x00, S_OK, ISO_CASE_4, 65535 };
	check_facts(cmd, &facts);
	FAILS(ISCardCmd_put_Data(cmd, more), E_INVALIDARG, "more than 65535 bytes");
	check_facts(cmd, &facts);
	IByteBuffer_Release(data);
	IByteBuffer_Release(most);
	IByteBuffer_Release(more);
	ISCardCmd_Release(cmd);
}

static void
empty_command(void)
{
	static const struct facts empty = { 0, 0, 0x00, E_UNEXPECTED, 0, 0 };
	ISCardCmd *cmd = NEW_CMD();
	ISO_APDU_TYPE type;

	check_facts(cmd, &empty);
	FAILS(ISCardCmd_get_Type(cmd, &type), E_UNEXPECTED, "none of the four cases");
	OK(ISCardCmd_put_ClassId(cmd, 1));
	OK(ISCardCmd_put_ReplyStatus(cmd, 0x9000));
	OK(ISCardCmd_put_Nad(cmd, 3));
	OK(ISCardCmd_Clear(cmd));
	OK(ISCardCmd_Clear(cmd));
	check_facts(cmd, &empty);
	ISCardCmd_Release(cmd);
}

static void
reply(void)
{
	IByteBuffer *bytes = ssp_buffer("0102036A82"), *back = (IByteBuffer *)0x1;
	IByteBuffer *one = ssp_buffer("61"), *none = NEW_BUFFER();
	ISCardCmd *cmd = NEW_CMD();
	BYTE sw1 = 1, sw2 = 1;
	WORD status = 1;
	LONG length = -1;

	/* Before any transaction. */
	OK(ISCardCmd_get_ApduReply(cmd, &back));
	CU_ASSERT(back == NULL);
	OK(ISCardCmd_get_ApduReplyLength(cmd, &length));
	OK(ISCardCmd_get_ReplyStatus(cmd, &status));
	OK(ISCardCmd_get_ReplyStatusSW1(cmd, &sw1));
	OK(ISCardCmd_get_ReplyStatusSW2(cmd, &sw2));
	SUITE_EQUAL_INT(length, 0);
	SUITE_EQUAL_HEX(status, 0);
	SUITE_EQUAL_HEX(sw1, 0);
	SUITE_EQUAL_HEX(sw2, 0);

	OK(IByteBuffer_Seek(bytes, 4, STREAM_SEEK_SET, NULL));
	OK(ISCardCmd_put_ApduReply(cmd, bytes));
	OK(ISCardCmd_get_ApduReply(cmd, &back));
	EXPECT_BYTES(back, "0102036A82");
	IByteBuffer_Release(back);
	OK(ISCardCmd_get_ApduReplyLength(cmd, &length));
	SUITE_EQUAL_INT(length, 5);
	OK(ISCardCmd_get_ReplyStatus(cmd, &status));
	SUITE_EQUAL_HEX(status, 0x6A82);
	OK(ISCardCmd_get_ReplyStatusSW1(cmd, &sw1));
	SUITE_EQUAL_HEX(sw1, 0x6A);
	OK(ISCardCmd_get_ReplyStatusSW2(cmd, &sw2));
	SUITE_EQUAL_HEX(sw2, 0x82);

	/* The status is the last two bytes, wherever they are. */
	OK(ISCardCmd_put_ReplyStatus(cmd, 0x9000));
	OK(ISCardCmd_get_ApduReply(cmd, &back));
	EXPECT_BYTES(back, "0102039000");
	IByteBuffer_Release(back);
	OK(ISCardCmd_put_ApduReplyLength(cmd, 3));
	OK(ISCardCmd_get_ReplyStatus(cmd, &status));
	SUITE_EQUAL_HEX(status, 0x0203);
	OK(ISCardCmd_put_ApduReplyLength(cmd, 6));
	OK(ISCardCmd_get_ApduReply(cmd, &back));
	EXPECT_BYTES(back, "010203000000");
	IByteBuffer_Release(back);

	OK(ISCardCmd_put_ApduReply(cmd, one));
	OK(ISCardCmd_get_ReplyStatus(cmd, &status));
	SUITE_EQUAL_HEX(status, 0);
	OK(ISCardCmd_put_ApduReply(cmd, none));
	OK(ISCardCmd_get_ApduReply(cmd, &back));
	CU_ASSERT(back == NULL);
	OK(ISCardCmd_put_ReplyStatus(cmd, 0x6300));
	OK(ISCardCmd_get_ApduReply(cmd, &back));
	EXPECT_BYTES(back, "6300");
	IByteBuffer_Release(back);
	IByteBuffer_Release(none);
	IByteBuffer_Release(one);
	IByteBuffer_Release(bytes);
	ISCardCmd_Release(cmd);
}

static void
reply_has_limits(void)
{
	IByteBuffer *most = ssp_buffer_of(65538), *more = ssp_buffer_of(65539);
	ISCardCmd *cmd = NEW_CMD();
	LONG length = 0;

	OK(ISCardCmd_put_ApduReply(cmd, most));
	FAILS(ISCardCmd_put_ApduReply(cmd, more), E_INVALIDARG, "more than 65538 bytes");
	OK(ISCardCmd_get_ApduReplyLength(cmd, &length));
	SUITE_EQUAL_INT(length, 65538);
	FAILS(ISCardCmd_put_ApduReplyLength(cmd, -1), E_INVALIDARG, "-1 bytes");
	FAILS(ISCardCmd_put_ApduReplyLength(cmd, 65539), E_INVALIDARG, "65539 bytes");
	OK(ISCardCmd_put_ApduReplyLength(cmd, 0));
	OK(ISCardCmd_put_ApduReplyLength(cmd, 65538));
	IByteBuffer_Release(most);
	IByteBuffer_Release(more);
	ISCardCmd_Release(cmd);
}

static void
addresses_and_alternate_class(void)
{
	ISCardCmd *cmd = NEW_CMD();
	BYTE byte = 0xEE;

	OK(ISCardCmd_get_Nad(cmd, &byte));
	SUITE_EQUAL_HEX(byte, 0);
	OK(ISCardCmd_put_Nad(cmd, 0x12));
	OK(ISCardCmd_get_Nad(cmd, &byte));
	SUITE_EQUAL_HEX(byte, 0x12);

	FAILS(ISCardCmd_get_ReplyNad(cmd, &byte), E_ACCESSDENIED, "only T=1");
	OK(ISCardCmd_put_ReplyNad(cmd, 0x00));
	OK(ISCardCmd_get_ReplyNad(cmd, &byte));
	SUITE_EQUAL_HEX(byte, 0x00);
	OK(ISCardCmd_put_ReplyNad(cmd, 0x21));
	OK(ISCardCmd_get_ReplyNad(cmd, &byte));
	SUITE_EQUAL_HEX(byte, 0x21);

	FAILS(ISCardCmd_get_AlternateClassId(cmd, &byte), E_ACCESSDENIED, "put_AlternateClassId");
	OK(ISCardCmd_put_AlternateClassId(cmd, 0xC0));
	OK(ISCardCmd_Clear(cmd));
	OK(ISCardCmd_get_AlternateClassId(cmd, &byte));
	SUITE_EQUAL_HEX(byte, 0xC0);
	OK(ISCardCmd_get_Nad(cmd, &byte));
	SUITE_EQUAL_HEX(byte, 0x12);
	OK(ISCardCmd_get_ReplyNad(cmd, &byte));
	SUITE_EQUAL_HEX(byte, 0x21);
	ISCardCmd_Release(cmd);
}

static void
encapsulate(void)
{
	static const struct {
		const char *inner;
		ISO_APDU_TYPE type;
		const char *outer;
	} rows[] = {
		{ "00A40000", ISO_CASE_1, "80C20000 04 00A40000" },
		{ "00A40000", ISO_CASE_2, "80C20000 04 00A40000 00" },
		{ "00B0000010", ISO_CASE_2, "80C20000 05 00B0000010 10" },
		{ "00B0000000", ISO_CASE_2, "80C20000 05 00B0000000 00" },
		{ "00D6000001AA", ISO_CASE_3, "80C20000 06 00D6000001AA" },
		{ "0088000001AA08", ISO_CASE_4, "80C20000 07 0088000001AA08 08" },
		{ "0088000001AA08", ISO_CASE_3, "80C20000 07 0088000001AA08" },
		{ "0088000001AA", ISO_CASE_4, "80C20000 06 0088000001AA 00" },
		{ "00B00000000101", ISO_CASE_2, "80C20000 00 0007 00B00000000101 0101" },
		{ "00B00000000000", ISO_CASE_2, "80C20000 00 0007 00B00000000000 0000" },
		{ "00D6000009AA", ISO_CASE_4, "80C20000 06 00D6000009AA 00" },
	};

	for (size_t i = 0; i < SSP_COUNT(rows); i++) {
		IByteBuffer *inner = ssp_buffer(rows[i].inner);
		ISCardCmd *cmd = NEW_CMD();

		OK(ISCardCmd_put_ClassId(cmd, 0x80));
		OK(IByteBuffer_Seek(inner, 1, STREAM_SEEK_SET, NULL));
		OK(ISCardCmd_Encapsulate(cmd, inner, rows[i].type));
		EXPECT_APDU(cmd, rows[i].outer);
		IByteBuffer_Release(inner);
		ISCardCmd_Release(cmd);
	}
}

static void
encapsulate_chooses_a_class(void)
{
	IByteBuffer *inner = ssp_buffer("00A40000");
	ISCardCmd *cmd = NEW_CMD();

	OK(ISCardCmd_Encapsulate(cmd, inner, ISO_CASE_1));
	EXPECT_APDU(cmd, "00C20000 04 00A40000");
	OK(ISCardCmd_put_ClassId(cmd, 0x0C));
	OK(ISCardCmd_Encapsulate(cmd, inner, ISO_CASE_1));
	EXPECT_APDU(cmd, "0CC20000 04 00A40000");
	OK(ISCardCmd_put_AlternateClassId(cmd, 0xA0));
	OK(ISCardCmd_Encapsulate(cmd, inner, ISO_CASE_1));
	EXPECT_APDU(cmd, "A0C20000 04 00A40000");
	IByteBuffer_Release(inner);
	ISCardCmd_Release(cmd);
}

static void
encapsulate_has_limits(void)
{
	IByteBuffer *inner = ssp_buffer("00A400"), *long_one = ssp_buffer_of(256);
	IByteBuffer *most = ssp_buffer_of(65535), *more = ssp_buffer_of(65536);
	struct facts facts = { 263, 0, 0x00, S_OK, ISO_CASE_3, 256 };
	ISCardCmd *cmd = NEW_CMD();

	FAILS(ISCardCmd_Encapsulate(cmd, inner, ISO_CASE_1), E_INVALIDARG, "CLA INS P1 P2");
	EXPECT_APDU(cmd, "");
	FAILS(ISCardCmd_Encapsulate(cmd, long_one, (ISO_APDU_TYPE)0), E_INVALIDARG, "type 0");
	FAILS(ISCardCmd_Encapsulate(cmd, long_one, (ISO_APDU_TYPE)5), E_INVALIDARG, "type 5");
	FAILS(ISCardCmd_Encapsulate(cmd, more, ISO_CASE_1), E_INVALIDARG, "more than 65535 bytes");
	OK(ISCardCmd_Encapsulate(cmd, long_one, ISO_CASE_1));
	check_facts(cmd, &facts);
	OK(ISCardCmd_Encapsulate(cmd, long_one, ISO_CASE_2));
	facts = (struct facts){ 265, 65536, 0x00, S_OK, ISO_CASE_4, 256 };
	check_facts(cmd, &facts);
	OK(ISCardCmd_Encapsulate(cmd, most, ISO_CASE_3));
	facts = (struct facts){ 65542, 0, 0x00, S_OK, ISO_CASE_3, 65535 };
	check_facts(cmd, &facts);
	IByteBuffer_Release(inner);
	IByteBuffer_Release(long_one);
	IByteBuffer_Release(most);
	IByteBuffer_Release(more);
	ISCardCmd_Release(cmd);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "BuildCmd, each row of the table", build_cmd },
		{ "BuildCmd refuses", build_cmd_refuses },
		{ "BuildCmd empties the reply and keeps the rest", build_cmd_keeps_and_empties },
		{ "put_Apdu", put_apdu },
		{ "put_Apdu refuses", put_apdu_refuses },
		{ "the command is a copy", apdu_is_a_copy },
		{ "CLA INS P1 P2", header_bytes },
		{ "put_Data", put_data },
		{ "put_Data, extended", put_data_extends },
		{ "no command", empty_command },
		{ "the reply", reply },
		{ "the reply has limits", reply_has_limits },
		{ "Nad, ReplyNad, AlternateClassId", addresses_and_alternate_class },
		{ "Encapsulate", encapsulate },
		{ "Encapsulate chooses a class byte", encapsulate_chooses_a_class },
		{ "Encapsulate has limits", encapsulate_has_limits },
	};

	return ssp_run("scardssp command", tests, SSP_COUNT(tests));
}
