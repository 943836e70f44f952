/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CSCardISO7816: the commands of ISO/IEC 7816-4, each built into an ISCardCmd by its BuildCmd. The
 * ISCardCmd may be anybody's; parameter bytes pass unchecked.
 */
#define COBJMACROS
#include <scardssp.h>
#include <tessera_com.h>

#include "providers/scardssp/apdu.h"
#include "providers/scardssp/classes.h"

#define FAIL(code, ...) \
	tessera_error((code), &IID_ISCardISO7816, "SCardSSP.SCardISO7816.1", __VA_ARGS__)

enum instruction {
	INS_ERASE_BINARY = 0x0E,
	INS_VERIFY = 0x20,
	INS_MANAGE_CHANNEL = 0x70,
	INS_EXTERNAL_AUTHENTICATE = 0x82,
	INS_GET_CHALLENGE = 0x84,
	INS_INTERNAL_AUTHENTICATE = 0x88,
	INS_SELECT_FILE = 0xA4,
	INS_READ_BINARY = 0xB0,
	INS_READ_RECORD = 0xB2,
	INS_GET_RESPONSE = 0xC0,
	INS_GET_DATA = 0xCA,
	INS_WRITE_BINARY = 0xD0,
	INS_WRITE_RECORD = 0xD2,
	INS_UPDATE_BINARY = 0xD6,
	INS_PUT_DATA = 0xDA,
	INS_UPDATE_RECORD = 0xDC,
	INS_APPEND_RECORD = 0xE2
};

struct iso7816 {
	struct tessera_object object;
	TESSERA_INTERFACE(ISCardISO7816) iso;
	TESSERA_INTERFACE(ISupportErrorInfo) errors;
	BYTE default_class;
};

static struct iso7816 *
self_of(ISCardISO7816 *iface)
{
	return TESSERA_SELF(struct iso7816, iface);
}

/* What a method asks for. */
struct request {
	const char *method;
	BYTE instruction;
	BYTE p1;
	BYTE p2;
	IByteBuffer *data; /* NULL: no data field */
	LONG *expected;    /* NULL: no Le */
};

static HRESULT
build_into(const struct iso7816 *self, const struct request *request, ISCardCmd *cmd)
{
	HRESULT hr = ISCardCmd_BuildCmd(cmd, self->default_class, request->instruction, request->p1,
	    request->p2, request->data, request->expected);

	if (FAILED(hr))
		return FAIL(hr,
		    "ISCardISO7816::%s: ISCardCmd::BuildCmd refuses (%s); the data field may have "
		    "up to %u bytes",
		    request->method, tessera_hresult_name(hr), APDU_DATA_MAX);
	return S_OK;
}

static HRESULT
build(ISCardISO7816 *iface, const struct request *request, LPSCARDCMD *ppCmd)
{
	const struct iso7816 *self = self_of(iface);
	ISCardCmd *cmd = NULL;
	HRESULT hr;

	if (ppCmd == NULL)
		return FAIL(E_POINTER,
		    "ISCardISO7816::%s: ppCmd is NULL; pass a variable's address", request->method);
	if (request->expected != NULL &&
	    (*request->expected < 0 || *request->expected > (LONG)APDU_EXPECTED_MAX))
		return FAIL(E_INVALIDARG, "ISCardISO7816::%s: %d bytes wanted; pass 0 to %u",
		    request->method, *request->expected, APDU_EXPECTED_MAX);
	if (*ppCmd != NULL)
		return build_into(self, request, *ppCmd);

	hr = tessera_object_create(&card_cmd_class, NULL, &IID_ISCardCmd, (void **)&cmd);
	if (FAILED(hr))
		return FAIL(hr, "ISCardISO7816::%s: no memory for a command", request->method);
	if (FAILED(hr = build_into(self, request, cmd))) {
		ISCardCmd_Release(cmd);
		return hr;
	}
	*ppCmd = cmd;
	return S_OK;
}

/* The same for a command that makes no sense without data. */
static HRESULT
build_writing(ISCardISO7816 *iface, const struct request *request, LPSCARDCMD *ppCmd)
{
	if (ppCmd != NULL && request->data == NULL)
		return FAIL(E_INVALIDARG,
		    "ISCardISO7816::%s: the data are NULL; pass a byte buffer", request->method);
	return build(iface, request, ppCmd);
}

static HRESULT
iso_AppendRecord(ISCardISO7816 *iface, BYTE byRefCtrl, LPBYTEBUFFER pData, LPSCARDCMD *ppCmd)
{
	const struct request request = { "AppendRecord", INS_APPEND_RECORD, 0, byRefCtrl, pData,
		NULL };

	return build_writing(iface, &request, ppCmd);
}

static HRESULT
iso_EraseBinary(ISCardISO7816 *iface, BYTE byP1, BYTE byP2, LPBYTEBUFFER pData, LPSCARDCMD *ppCmd)
{
	const struct request request = { "EraseBinary", INS_ERASE_BINARY, byP1, byP2, pData, NULL };

	return build(iface, &request, ppCmd);
}

static HRESULT
iso_ExternalAuthenticate(ISCardISO7816 *iface, BYTE byAlgorithmRef, BYTE bySecretRef,
    LPBYTEBUFFER pChallenge, LPSCARDCMD *ppCmd)
{
	const struct request request = { "ExternalAuthenticate", INS_EXTERNAL_AUTHENTICATE,
		byAlgorithmRef, bySecretRef, pChallenge, NULL };

	return build(iface, &request, ppCmd);
}

static HRESULT
iso_GetChallenge(ISCardISO7816 *iface, LONG lBytesExpected, LPSCARDCMD *ppCmd)
{
	const struct request request = { "GetChallenge", INS_GET_CHALLENGE, 0, 0, NULL,
		&lBytesExpected };

	return build(iface, &request, ppCmd);
}

static HRESULT
iso_GetData(ISCardISO7816 *iface, BYTE byP1, BYTE byP2, LONG lBytesToGet, LPSCARDCMD *ppCmd)
{
	const struct request request = { "GetData", INS_GET_DATA, byP1, byP2, NULL, &lBytesToGet };

	return build(iface, &request, ppCmd);
}

static HRESULT
iso_GetResponse(ISCardISO7816 *iface, BYTE byP1, BYTE byP2, LONG lDataLength, LPSCARDCMD *ppCmd)
{
	const struct request request = { "GetResponse", INS_GET_RESPONSE, byP1, byP2, NULL,
		&lDataLength };

	return build(iface, &request, ppCmd);
}

static HRESULT
iso_InternalAuthenticate(ISCardISO7816 *iface, BYTE byAlgorithmRef, BYTE bySecretRef,
    LPBYTEBUFFER pChallenge, LONG lReplyBytes, LPSCARDCMD *ppCmd)
{
	const struct request request = { "InternalAuthenticate", INS_INTERNAL_AUTHENTICATE,
		byAlgorithmRef, bySecretRef, pChallenge, lReplyBytes != 0 ? &lReplyBytes : NULL };

	return build_writing(iface, &request, ppCmd);
}

static HRESULT
iso_ManageChannel(ISCardISO7816 *iface, BYTE byChannelState, BYTE byChannel, LPSCARDCMD *ppCmd)
{
	/* Opening without naming a channel: the card answers with the number it chose. */
	bool card_chooses = byChannelState == 0x00 && (byChannel & 0x03) == 0;
	LONG number_size = 1;
	const struct request request = { "ManageChannel", INS_MANAGE_CHANNEL, byChannelState,
		byChannel, NULL, card_chooses ? &number_size : NULL };

	return build(iface, &request, ppCmd);
}

static HRESULT
iso_PutData(ISCardISO7816 *iface, BYTE byP1, BYTE byP2, LPBYTEBUFFER pData, LPSCARDCMD *ppCmd)
{
	const struct request request = { "PutData", INS_PUT_DATA, byP1, byP2, pData, NULL };

	return build_writing(iface, &request, ppCmd);
}

static HRESULT
iso_ReadBinary(ISCardISO7816 *iface, BYTE byP1, BYTE byP2, LONG lBytesToRead, LPSCARDCMD *ppCmd)
{
	const struct request request = { "ReadBinary", INS_READ_BINARY, byP1, byP2, NULL,
		&lBytesToRead };

	return build(iface, &request, ppCmd);
}

static HRESULT
iso_ReadRecord(
    ISCardISO7816 *iface, BYTE byRecordId, BYTE byRefCtrl, LONG lBytesToRead, LPSCARDCMD *ppCmd)
{
	const struct request request = { "ReadRecord", INS_READ_RECORD, byRecordId, byRefCtrl, NULL,
		&lBytesToRead };

	return build(iface, &request, ppCmd);
}

static HRESULT
iso_SelectFile(ISCardISO7816 *iface, BYTE byP1, BYTE byP2, LPBYTEBUFFER pData, LONG lBytesToRead,
    LPSCARDCMD *ppCmd)
{
	const struct request request = { "SelectFile", INS_SELECT_FILE, byP1, byP2, pData,
		lBytesToRead != 0 ? &lBytesToRead : NULL };

	return build(iface, &request, ppCmd);
}

static HRESULT
iso_SetDefaultClassId(ISCardISO7816 *iface, BYTE byClass)
{
	self_of(iface)->default_class = byClass;
	return S_OK;
}

static HRESULT
iso_UpdateBinary(ISCardISO7816 *iface, BYTE byP1, BYTE byP2, LPBYTEBUFFER pData, LPSCARDCMD *ppCmd)
{
	const struct request request = { "UpdateBinary", INS_UPDATE_BINARY, byP1, byP2, pData,
		NULL };

	return build_writing(iface, &request, ppCmd);
}

static HRESULT
iso_UpdateRecord(
    ISCardISO7816 *iface, BYTE byRecordId, BYTE byRefCtrl, LPBYTEBUFFER pData, LPSCARDCMD *ppCmd)
{
	const struct request request = { "UpdateRecord", INS_UPDATE_RECORD, byRecordId, byRefCtrl,
		pData, NULL };

	return build_writing(iface, &request, ppCmd);
}

static HRESULT
iso_Verify(ISCardISO7816 *iface, BYTE byRefCtrl, LPBYTEBUFFER pData, LPSCARDCMD *ppCmd)
{
	const struct request request = { "Verify", INS_VERIFY, 0, byRefCtrl, pData, NULL };

	return build(iface, &request, ppCmd);
}

static HRESULT
iso_WriteBinary(ISCardISO7816 *iface, BYTE byP1, BYTE byP2, LPBYTEBUFFER pData, LPSCARDCMD *ppCmd)
{
	const struct request request = { "WriteBinary", INS_WRITE_BINARY, byP1, byP2, pData, NULL };

	return build_writing(iface, &request, ppCmd);
}

static HRESULT
iso_WriteRecord(
    ISCardISO7816 *iface, BYTE byRecordId, BYTE byRefCtrl, LPBYTEBUFFER pData, LPSCARDCMD *ppCmd)
{
	const struct request request = { "WriteRecord", INS_WRITE_RECORD, byRecordId, byRefCtrl,
		pData, NULL };

	return build_writing(iface, &request, ppCmd);
}

static const ISCardISO7816Vtbl iso_vtbl = {
	TESSERA_DISPATCH_SLOTS(ISCardISO7816),
	.AppendRecord = iso_AppendRecord,
	.EraseBinary = iso_EraseBinary,
	.ExternalAuthenticate = iso_ExternalAuthenticate,
	.GetChallenge = iso_GetChallenge,
	.GetData = iso_GetData,
	.GetResponse = iso_GetResponse,
	.InternalAuthenticate = iso_InternalAuthenticate,
	.ManageChannel = iso_ManageChannel,
	.PutData = iso_PutData,
	.ReadBinary = iso_ReadBinary,
	.ReadRecord = iso_ReadRecord,
	.SelectFile = iso_SelectFile,
	.SetDefaultClassId = iso_SetDefaultClassId,
	.UpdateBinary = iso_UpdateBinary,
	.UpdateRecord = iso_UpdateRecord,
	.Verify = iso_Verify,
	.WriteBinary = iso_WriteBinary,
	.WriteRecord = iso_WriteRecord,
};

static const struct tessera_interface iso_interfaces[] = {
	{ &IID_ISCardISO7816, offsetof(struct iso7816, iso), &iso_vtbl },
	{ &IID_IDispatch, offsetof(struct iso7816, iso), &iso_vtbl },
	{ &IID_ISupportErrorInfo, offsetof(struct iso7816, errors),
	    &tessera_support_error_info_vtbl },
};

static struct tessera_census iso_census;

const struct tessera_class iso7816_class = {
	.clsid = &CLSID_CSCardISO7816,
	.name = "CSCardISO7816",
	.size = sizeof(struct iso7816),
	.interfaces = iso_interfaces,
	.interface_count = sizeof iso_interfaces / sizeof iso_interfaces[0],
	.census = &iso_census,
};
