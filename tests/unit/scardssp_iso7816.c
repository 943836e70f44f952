/* SPDX-License-Identifier: BSD-2-Clause */
/* CSCardISO7816: the bytes of all its commands, and what it does with the ISCardCmd it is given. */
#include "tests/unit/scardssp_fixture.h"

/* Builds into a new command, which must come to be, and compares. */
#define BUILDS(hex, method, ...)                                          \
	do {                                                              \
		ISCardCmd *built = NULL;                                  \
		OK(ISCardISO7816_##method(iso, __VA_ARGS__, &built));     \
		CU_ASSERT_FATAL(built != NULL);                           \
		ssp_expect_apdu(built, hex, #method, __FILE__, __LINE__); \
		SUITE_EQUAL_INT(ISCardCmd_Release(built), 0);             \
	} while (0)

static ISCardISO7816 *iso;
static IByteBuffer *data, *empty;

static void
reading(void)
{
	BUILDS("0084000008", GetChallenge, 8);
	BUILDS("0084000000", GetChallenge, 0);
	BUILDS("0084000000", GetChallenge, 256);
	BUILDS("00840000000101", GetChallenge, 257);
	BUILDS("00840000000000", GetChallenge, 65536);
	BUILDS("00CA010F04", GetData, 0x01, 0x0F, 4);
	BUILDS("00CA005A00", GetData, 0x00, 0x5A, 0);
	BUILDS("00CA7F6500012C", GetData, 0x7F, 0x65, 300);
	BUILDS("00C0000010", GetResponse, 0, 0, 16);
	BUILDS("00C0000000", GetResponse, 0, 0, 256);
	BUILDS("00C0010200", GetResponse, 1, 2, 0);
	BUILDS("00B0001010", ReadBinary, 0x00, 0x10, 16);
	BUILDS("00B0810000", ReadBinary, 0x81, 0x00, 0);
	BUILDS("00B00000000400", ReadBinary, 0, 0, 1024);
	BUILDS("00B2010400", ReadRecord, 1, 4, 0);
	BUILDS("00B2020C20", ReadRecord, 2, 0x0C, 32);
}

static void
writing(void)
{
	BUILDS("00E20000020102", AppendRecord, 0, data);
	BUILDS("00E20008020102", AppendRecord, 8, data);
	BUILDS("000E0010020102", EraseBinary, 0x00, 0x10, data);
	BUILDS("000E8100", EraseBinary, 0x81, 0x00, NULL);
	BUILDS("00DA010F020102", PutData, 0x01, 0x0F, data);
	BUILDS("00D60010020102", UpdateBinary, 0x00, 0x10, data);
	BUILDS("00DC0104020102", UpdateRecord, 1, 4, data);
	BUILDS("00D0820A020102", WriteBinary, 0x82, 0x0A, data);
	BUILDS("00D20304020102", WriteRecord, 3, 4, data);
}

static void
security(void)
{
	IByteBuffer *challenge = ssp_buffer("1122334455667788");

	BUILDS("00820081 08 1122334455667788", ExternalAuthenticate, 0, 0x81, challenge);
	BUILDS("00820103", ExternalAuthenticate, 1, 3, NULL);
	BUILDS("00880000 08 1122334455667788 08", InternalAuthenticate, 0, 0, challenge, 8);
	BUILDS("00880102 08 1122334455667788", InternalAuthenticate, 1, 2, challenge, 0);
	BUILDS(
	    "00880000 00 0008 1122334455667788 0200", InternalAuthenticate, 0, 0, challenge, 512);
	BUILDS("00200081", Verify, 0x81, NULL);
	BUILDS("00200001 02 0102", Verify, 0x01, data);
	IByteBuffer_Release(challenge);
}

static void
selecting(void)
{
	IByteBuffer *id = ssp_buffer("3F00"), *aid = ssp_buffer("A000000116DB00");

	BUILDS("00A40000", SelectFile, 0, 0, NULL, 0);
	BUILDS("00A40000", SelectFile, 0, 0, empty, 0);
	BUILDS("00A40000023F00", SelectFile, 0, 0, id, 0);
	BUILDS("00A4040007A000000116DB00", SelectFile, 4, 0, aid, 0);
	BUILDS("00A4040007A000000116DB00 00", SelectFile, 4, 0, aid, 256);
	BUILDS("00A4000008", SelectFile, 0, 0, NULL, 8);
	BUILDS("00A4000C00 0002 3F00 0101", SelectFile, 0, 0x0C, id, 257);
	IByteBuffer_Release(id);
	IByteBuffer_Release(aid);
}

/* Opening without a number asks for one byte, and nothing else does. */
static void
channels(void)
{
	static const struct {
		BYTE state;
		BYTE channel;
		const char *hex;
	} rows[] = {
		{ 0x00, 0x00, "0070000001" },
		{ 0x00, 0x01, "00700001" },
		{ 0x00, 0x03, "00700003" },
		{ 0x00, 0x04, "0070000401" },
		{ 0x80, 0x01, "00708001" },
		{ 0x80, 0x00, "00708000" },
	};

	for (size_t i = 0; i < SSP_COUNT(rows); i++)
		BUILDS(rows[i].hex, ManageChannel, rows[i].state, rows[i].channel);
}

static void
long_data(void)
{
	IByteBuffer *most_short = ssp_buffer_of(255), *long_one = ssp_buffer_of(300);
	IByteBuffer *most = ssp_buffer_of(65535), *more = ssp_buffer_of(65536), *apdu = NULL;
	ISCardCmd *cmd = NULL, *none = NULL;
	LONG length = 0;
	BYTE start[7];

	OK(ISCardISO7816_UpdateBinary(iso, 0, 0, most_short, &cmd));
	OK(ISCardCmd_get_ApduLength(cmd, &length));
	SUITE_EQUAL_INT(length, 260);
	OK(ISCardISO7816_UpdateBinary(iso, 1, 2, long_one, &cmd));
	OK(ISCardCmd_get_ApduLength(cmd, &length));
	SUITE_EQUAL_INT(length, 307);
	OK(ISCardCmd_get_Apdu(cmd, &apdu));
	OK(IByteBuffer_Read(apdu, start, sizeof start, NULL));
	SUITE_EQUAL_BYTES(start, sizeof start, "00D60102 00 012C");
	IByteBuffer_Release(apdu);
	OK(ISCardISO7816_UpdateBinary(iso, 0, 0, most, &cmd));
	OK(ISCardCmd_get_ApduLength(cmd, &length));
	SUITE_EQUAL_INT(length, 65542);
	FAILS(ISCardISO7816_UpdateBinary(iso, 0, 0, more, &cmd), E_INVALIDARG, "UpdateBinary");
	OK(ISCardCmd_get_ApduLength(cmd, &length));
	SUITE_EQUAL_INT(length, 65542);
	FAILS(ISCardISO7816_UpdateBinary(iso, 0, 0, more, &none), E_INVALIDARG, "65535 bytes");
	CU_ASSERT(none == NULL);
	ISCardCmd_Release(cmd);
	IByteBuffer_Release(most_short);
	IByteBuffer_Release(long_one);
	IByteBuffer_Release(most);
	IByteBuffer_Release(more);
}

static void
counts_have_limits(void)
{
	static const LONG bad[] = { -1, 65537, -0x7FFFFFFF - 1, 0x7FFFFFFF };

	for (size_t i = 0; i < SSP_COUNT(bad); i++) {
		ISCardCmd *cmd = NULL;

		FAILS(ISCardISO7816_GetChallenge(iso, bad[i], &cmd), E_INVALIDARG, "GetChallenge");
		FAILS(ISCardISO7816_GetData(iso, 0, 0, bad[i], &cmd), E_INVALIDARG, "GetData");
		FAILS(ISCardISO7816_GetResponse(iso, 0, 0, bad[i], &cmd), E_INVALIDARG,
		    "GetResponse");
		FAILS(
		    ISCardISO7816_ReadBinary(iso, 0, 0, bad[i], &cmd), E_INVALIDARG, "ReadBinary");
		FAILS(
		    ISCardISO7816_ReadRecord(iso, 0, 0, bad[i], &cmd), E_INVALIDARG, "ReadRecord");
		FAILS(ISCardISO7816_SelectFile(iso, 0, 0, data, bad[i], &cmd), E_INVALIDARG,
		    "SelectFile");
		FAILS(ISCardISO7816_InternalAuthenticate(iso, 0, 0, data, bad[i], &cmd),
		    E_INVALIDARG, "InternalAuthenticate");
		CU_ASSERT(cmd == NULL);
	}
}

static void
data_are_required(void)
{
	ISCardCmd *cmd = NULL;

	FAILS(ISCardISO7816_AppendRecord(iso, 0, NULL, &cmd), E_INVALIDARG, "AppendRecord");
	FAILS(
	    ISCardISO7816_InternalAuthenticate(iso, 0, 0, NULL, 8, &cmd), E_INVALIDARG, "Internal");
	FAILS(ISCardISO7816_PutData(iso, 0, 0, NULL, &cmd), E_INVALIDARG, "PutData");
	FAILS(ISCardISO7816_UpdateBinary(iso, 0, 0, NULL, &cmd), E_INVALIDARG, "UpdateBinary");
	FAILS(ISCardISO7816_UpdateRecord(iso, 0, 0, NULL, &cmd), E_INVALIDARG, "UpdateRecord");
	FAILS(ISCardISO7816_WriteBinary(iso, 0, 0, NULL, &cmd), E_INVALIDARG, "WriteBinary");
	FAILS(ISCardISO7816_WriteRecord(iso, 0, 0, NULL, &cmd), E_INVALIDARG, "WriteRecord");
	CU_ASSERT(cmd == NULL);
}

static void
default_class(void)
{
	ISCardISO7816 *other = NEW_ISO();
	ISCardCmd *cmd = NULL;

	OK(ISCardISO7816_SetDefaultClassId(iso, 0x80));
	BUILDS("8084000008", GetChallenge, 8);
	BUILDS("80D60000020102", UpdateBinary, 0, 0, data);
	BUILDS("8070000001", ManageChannel, 0, 0);
	BUILDS("80200001", Verify, 1, NULL);
	/* Each object has its own. */
	OK(ISCardISO7816_GetChallenge(other, 8, &cmd));
	EXPECT_APDU(cmd, "0084000008");
	ISCardCmd_Release(cmd);
	ISCardISO7816_Release(other);
	OK(ISCardISO7816_SetDefaultClassId(iso, 0x00));
	BUILDS("0084000008", GetChallenge, 8);
}

/* An ISCardCmd that is given is filled, not replaced, whoever made it. */
static void
given_command(void)
{
	ISCardCmd *cmd = NEW_CMD(), *foreign, *same = cmd;
	BYTE byte = 0;

	OK(ISCardCmd_put_AlternateClassId(cmd, 0xC0));
	OK(ISCardISO7816_GetChallenge(iso, 4, &cmd));
	CU_ASSERT(cmd == same);
	EXPECT_APDU(cmd, "0084000004");
	OK(ISCardCmd_get_AlternateClassId(cmd, &byte));
	SUITE_EQUAL_HEX(byte, 0xC0);

	foreign = same = ssp_foreign_cmd(cmd);
	OK(ISCardISO7816_ReadBinary(iso, 0, 7, 5, &foreign));
	CU_ASSERT(foreign == same);
	EXPECT_APDU(cmd, "00B0000705");
	FAILS(ISCardISO7816_ReadBinary(iso, 0, 7, 65537, &foreign), E_INVALIDARG, "ReadBinary");
	CU_ASSERT(foreign == same);
	ISCardCmd_Release(foreign);
	SUITE_EQUAL_INT(ISCardCmd_Release(cmd), 0);
}

static void
begin(void)
{
	iso = NEW_ISO();
	data = ssp_buffer("0102");
	empty = NEW_BUFFER();
	BUILDS("00200000", Verify, 0, NULL);
}

static void
end(void)
{
	SUITE_EQUAL_INT(IByteBuffer_Release(empty), 0);
	SUITE_EQUAL_INT(IByteBuffer_Release(data), 0);
	SUITE_EQUAL_INT(ISCardISO7816_Release(iso), 0);
}

int
main(void)
{
	static const struct suite_test tests[] = {
		{ "the class byte is 00 at first", begin },
		{ "reading commands", reading },
		{ "writing commands", writing },
		{ "security commands", security },
		{ "SelectFile", selecting },
		{ "ManageChannel", channels },
		{ "long data", long_data },
		{ "counts have limits", counts_have_limits },
		{ "data where they are required", data_are_required },
		{ "SetDefaultClassId", default_class },
		{ "an ISCardCmd that is given", given_command },
		{ "nothing keeps a reference", end },
	};

	return ssp_run("scardssp ISO 7816", tests, SSP_COUNT(tests));
}
