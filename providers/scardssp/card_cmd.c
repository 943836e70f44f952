/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CSCardCmd: a command APDU and the reply to it. It stores and encodes; it knows no card.
 *
 * Both may hold PINs and keys, so neither leaves a copy in freed memory.
 */
#define COBJMACROS
#include <string.h>

#include <scardssp.h>

#include "providers/scardssp/apdu.h"
#include "providers/scardssp/buffer_io.h"
#include "providers/scardssp/classes.h"

static const struct error_origin origin = { &IID_ISCardCmd, "SCardSSP.SCardCmd.1" };

#define FAIL(code, ...) tessera_error((code), origin.iid, origin.progid, __VA_ARGS__)

struct card_cmd {
	struct tessera_object object;
	TESSERA_INTERFACE(ISCardCmd) cmd;
	TESSERA_INTERFACE(ISupportErrorInfo) errors;
	struct secret_bytes command; /* empty, or at least a header */
	struct secret_bytes reply;   /* data SW1 SW2; empty: none */
	BYTE nad;
	BYTE reply_nad;
	BYTE alternate_class;
	bool has_reply_nad;
	bool has_alternate_class;
};

static struct card_cmd *
self_of(ISCardCmd *iface)
{
	return TESSERA_SELF(struct card_cmd, iface);
}

static HRESULT
missing(HRESULT code, const char *method, const char *parameter)
{
	return FAIL(code, "ISCardCmd::%s: %s is NULL; pass its address", method, parameter);
}

static HRESULT
no_memory(const char *method)
{
	return FAIL(E_OUTOFMEMORY, "ISCardCmd::%s: no memory for the APDU", method);
}

/* The present command, taken apart; all zero when there is none. */
static struct apdu
present_command(const struct card_cmd *self)
{
	struct apdu apdu = { .kind = APDU_OPAQUE };

	apdu_decode(self->command.data, self->command.size, &apdu);
	return apdu;
}

/* Replaces the command. `data` may lie in the old one. */
static HRESULT
encode_command(struct card_cmd *self, const char *method, const uint8_t header[APDU_HEADER_SIZE],
    const uint8_t *data, size_t data_size, uint32_t expected)
{
	struct secret_bytes bytes = { 0 };
	size_t size = apdu_encoded_size(data_size, expected);

	if (size == 0)
		return FAIL(E_INVALIDARG,
		    "ISCardCmd::%s: %zu bytes of data, %u expected; an APDU has room for %u and %u",
		    method, data_size, expected, APDU_DATA_MAX, APDU_EXPECTED_MAX);
	if (!secret_bytes_reserve(&bytes, size))
		return no_memory(method);
	bytes.size = apdu_encode(header, data, data_size, expected, bytes.data);
	secret_bytes_move(&self->command, &bytes);
	return S_OK;
}

/* Byte `at` of the header; 0 while there is no command. */
static HRESULT
get_header_byte(ISCardCmd *iface, size_t at, const char *method, BYTE *ret)
{
	const struct card_cmd *self = self_of(iface);

	if (ret == NULL)
		return missing(E_POINTER, method, "the result");
	*ret = self->command.size != 0 ? self->command.data[at] : 0;
	return S_OK;
}

/* Sets it, in a command of four zero bytes when there is none. */
static HRESULT
put_header_byte(ISCardCmd *iface, size_t at, const char *method, BYTE value)
{
	static const uint8_t zeros[APDU_HEADER_SIZE];
	struct card_cmd *self = self_of(iface);
	HRESULT hr;

	if (self->command.size == 0 && FAILED(hr = encode_command(self, method, zeros, NULL, 0, 0)))
		return hr;
	self->command.data[at] = value;
	return S_OK;
}

static HRESULT
cmd_get_Apdu(ISCardCmd *iface, LPBYTEBUFFER *ppApdu)
{
	const struct card_cmd *self = self_of(iface);

	if (ppApdu == NULL)
		return missing(E_POINTER, "get_Apdu", "ppApdu");
	return buffer_create(self->command.data, self->command.size, ppApdu);
}

static HRESULT
cmd_put_Apdu(ISCardCmd *iface, LPBYTEBUFFER pApdu)
{
	struct secret_bytes bytes = { 0 };
	HRESULT hr;

	if (pApdu == NULL)
		return missing(E_INVALIDARG, "put_Apdu", "pApdu");
	hr = buffer_read_all(pApdu, APDU_COMMAND_MAX, "ISCardCmd::put_Apdu", &origin, &bytes);
	if (FAILED(hr))
		return hr;
	if (bytes.size < APDU_HEADER_SIZE) {
		hr = FAIL(E_INVALIDARG,
		    "ISCardCmd::put_Apdu: %zu bytes; a command has at least CLA INS P1 P2",
		    bytes.size);
		secret_bytes_clear(&bytes);
		return hr;
	}
	secret_bytes_move(&self_of(iface)->command, &bytes);
	return S_OK;
}

static HRESULT
cmd_get_ApduLength(ISCardCmd *iface, LONG *plSize)
{
	if (plSize == NULL)
		return missing(E_POINTER, "get_ApduLength", "plSize");
	*plSize = (LONG)self_of(iface)->command.size;
	return S_OK;
}

static HRESULT
cmd_get_ApduReply(ISCardCmd *iface, LPBYTEBUFFER *ppReplyApdu)
{
	const struct card_cmd *self = self_of(iface);

	if (ppReplyApdu == NULL)
		return missing(E_POINTER, "get_ApduReply", "ppReplyApdu");
	*ppReplyApdu = NULL;
	if (self->reply.size == 0)
		return S_OK;
	return buffer_create(self->reply.data, self->reply.size, ppReplyApdu);
}

static HRESULT
cmd_put_ApduReply(ISCardCmd *iface, LPBYTEBUFFER pReplyApdu)
{
	struct secret_bytes bytes = { 0 };
	HRESULT hr;

	if (pReplyApdu == NULL)
		return missing(E_INVALIDARG, "put_ApduReply", "pReplyApdu");
	hr = buffer_read_all(
	    pReplyApdu, APDU_REPLY_MAX, "ISCardCmd::put_ApduReply", &origin, &bytes);
	if (FAILED(hr))
		return hr;
	secret_bytes_move(&self_of(iface)->reply, &bytes);
	return S_OK;
}

static HRESULT
cmd_get_ApduReplyLength(ISCardCmd *iface, LONG *plSize)
{
	if (plSize == NULL)
		return missing(E_POINTER, "get_ApduReplyLength", "plSize");
	*plSize = (LONG)self_of(iface)->reply.size;
	return S_OK;
}

static HRESULT
cmd_put_ApduReplyLength(ISCardCmd *iface, LONG lSize)
{
	struct secret_bytes *reply = &self_of(iface)->reply;
	size_t size = (size_t)lSize;

	if (lSize < 0 || size > APDU_REPLY_MAX)
		return FAIL(E_INVALIDARG,
		    "ISCardCmd::put_ApduReplyLength: %d bytes; a reply has 0 to %u", lSize,
		    APDU_REPLY_MAX);
	if (!secret_bytes_reserve(reply, size))
		return no_memory("put_ApduReplyLength");
	if (size > reply->size)
		memset(reply->data + reply->size, 0, size - reply->size);
	else if (size < reply->size)
		explicit_bzero(reply->data + size, reply->size - size);
	reply->size = size;
	return S_OK;
}

static HRESULT
cmd_get_ClassId(ISCardCmd *iface, BYTE *pbyClass)
{
	return get_header_byte(iface, 0, "get_ClassId", pbyClass);
}

static HRESULT
cmd_put_ClassId(ISCardCmd *iface, BYTE byClass)
{
	return put_header_byte(iface, 0, "put_ClassId", byClass);
}

static HRESULT
cmd_get_Data(ISCardCmd *iface, LPBYTEBUFFER *ppData)
{
	struct apdu apdu = present_command(self_of(iface));

	if (ppData == NULL)
		return missing(E_POINTER, "get_Data", "ppData");
	return buffer_create(apdu.data, apdu.data_size, ppData);
}

static HRESULT
cmd_put_Data(ISCardCmd *iface, LPBYTEBUFFER pData)
{
	struct card_cmd *self = self_of(iface);
	struct apdu apdu = present_command(self);
	struct secret_bytes data = { 0 };
	HRESULT hr;

	if (pData == NULL)
		return missing(E_INVALIDARG, "put_Data", "pData");
	hr = buffer_read_all(pData, APDU_DATA_MAX, "ISCardCmd::put_Data", &origin, &data);
	if (SUCCEEDED(hr))
		hr = encode_command(
		    self, "put_Data", apdu.header, data.data, data.size, apdu.expected);
	secret_bytes_clear(&data);
	return hr;
}

static HRESULT
cmd_get_InstructionId(ISCardCmd *iface, BYTE *pbyIns)
{
	return get_header_byte(iface, 1, "get_InstructionId", pbyIns);
}

static HRESULT
cmd_put_InstructionId(ISCardCmd *iface, BYTE byIns)
{
	return put_header_byte(iface, 1, "put_InstructionId", byIns);
}

static HRESULT
cmd_get_LeField(ISCardCmd *iface, LONG *plSize)
{
	if (plSize == NULL)
		return missing(E_INVALIDARG, "get_LeField", "plSize");
	*plSize = (LONG)present_command(self_of(iface)).expected;
	return S_OK;
}

static HRESULT
cmd_get_P1(ISCardCmd *iface, BYTE *pbyP1)
{
	return get_header_byte(iface, 2, "get_P1", pbyP1);
}

static HRESULT
cmd_put_P1(ISCardCmd *iface, BYTE byP1)
{
	return put_header_byte(iface, 2, "put_P1", byP1);
}

static HRESULT
cmd_get_P2(ISCardCmd *iface, BYTE *pbyP2)
{
	return get_header_byte(iface, 3, "get_P2", pbyP2);
}

static HRESULT
cmd_put_P2(ISCardCmd *iface, BYTE byP2)
{
	return put_header_byte(iface, 3, "put_P2", byP2);
}

static HRESULT
cmd_get_P3(ISCardCmd *iface, BYTE *pbyP3)
{
	const struct card_cmd *self = self_of(iface);

	if (pbyP3 == NULL)
		return missing(E_POINTER, "get_P3", "pbyP3");
	*pbyP3 = self->command.size > APDU_HEADER_SIZE ? self->command.data[APDU_HEADER_SIZE] : 0;
	return S_OK;
}

/* SW1 << 8 | SW2; 0 while there is no whole reply. */
static WORD
status_of(const struct card_cmd *self)
{
	const uint8_t *end;

	if (self->reply.size < APDU_STATUS_SIZE)
		return 0;
	end = self->reply.data + self->reply.size;
	return (WORD)(end[-2] << 8 | end[-1]);
}

static HRESULT
cmd_get_ReplyStatus(ISCardCmd *iface, LPWORD pwStatus)
{
	if (pwStatus == NULL)
		return missing(E_POINTER, "get_ReplyStatus", "pwStatus");
	*pwStatus = status_of(self_of(iface));
	return S_OK;
}

static HRESULT
cmd_put_ReplyStatus(ISCardCmd *iface, WORD wStatus)
{
	struct secret_bytes *reply = &self_of(iface)->reply;

	if (!secret_bytes_reserve(reply, APDU_STATUS_SIZE))
		return no_memory("put_ReplyStatus");
	if (reply->size < APDU_STATUS_SIZE)
		reply->size = APDU_STATUS_SIZE;
	reply->data[reply->size - 2] = (uint8_t)(wStatus >> 8);
	reply->data[reply->size - 1] = (uint8_t)wStatus;
	return S_OK;
}

static HRESULT
cmd_get_ReplyStatusSW1(ISCardCmd *iface, BYTE *pbySW1)
{
	if (pbySW1 == NULL)
		return missing(E_POINTER, "get_ReplyStatusSW1", "pbySW1");
	*pbySW1 = (BYTE)(status_of(self_of(iface)) >> 8);
	return S_OK;
}

static HRESULT
cmd_get_ReplyStatusSW2(ISCardCmd *iface, BYTE *pbySW2)
{
	if (pbySW2 == NULL)
		return missing(E_POINTER, "get_ReplyStatusSW2", "pbySW2");
	*pbySW2 = (BYTE)status_of(self_of(iface));
	return S_OK;
}

static HRESULT
cmd_get_Type(ISCardCmd *iface, ISO_APDU_TYPE *pType)
{
	struct apdu apdu = present_command(self_of(iface));

	if (pType == NULL)
		return missing(E_POINTER, "get_Type", "pType");
	*pType = (ISO_APDU_TYPE)apdu.kind;
	if (apdu.kind == APDU_OPAQUE)
		return FAIL(E_UNEXPECTED,
		    "ISCardCmd::get_Type: the %zu bytes of the command follow none of the four "
		    "cases; check its lengths",
		    self_of(iface)->command.size);
	return S_OK;
}

static HRESULT
cmd_get_Nad(ISCardCmd *iface, BYTE *pbNad)
{
	if (pbNad == NULL)
		return missing(E_INVALIDARG, "get_Nad", "pbNad");
	*pbNad = self_of(iface)->nad;
	return S_OK;
}

static HRESULT
cmd_put_Nad(ISCardCmd *iface, BYTE bNad)
{
	self_of(iface)->nad = bNad;
	return S_OK;
}

static HRESULT
cmd_get_ReplyNad(ISCardCmd *iface, BYTE *pbNad)
{
	const struct card_cmd *self = self_of(iface);

	if (pbNad == NULL)
		return missing(E_INVALIDARG, "get_ReplyNad", "pbNad");
	*pbNad = self->reply_nad;
	if (!self->has_reply_nad)
		return FAIL(E_ACCESSDENIED,
		    "ISCardCmd::get_ReplyNad: no node address came with a reply; only T=1 has "
		    "them");
	return S_OK;
}

static HRESULT
cmd_put_ReplyNad(ISCardCmd *iface, BYTE bNad)
{
	struct card_cmd *self = self_of(iface);

	self->reply_nad = bNad;
	self->has_reply_nad = true;
	return S_OK;
}

static HRESULT
cmd_get_AlternateClassId(ISCardCmd *iface, BYTE *pbyClass)
{
	const struct card_cmd *self = self_of(iface);

	if (pbyClass == NULL)
		return missing(E_INVALIDARG, "get_AlternateClassId", "pbyClass");
	*pbyClass = self->alternate_class;
	if (!self->has_alternate_class)
		return FAIL(E_ACCESSDENIED,
		    "ISCardCmd::get_AlternateClassId: none is set; put_AlternateClassId sets it");
	return S_OK;
}

static HRESULT
cmd_put_AlternateClassId(ISCardCmd *iface, BYTE byClass)
{
	struct card_cmd *self = self_of(iface);

	self->alternate_class = byClass;
	self->has_alternate_class = true;
	return S_OK;
}

static HRESULT
cmd_BuildCmd(ISCardCmd *iface, BYTE byClassId, BYTE byInsId, BYTE byP1, BYTE byP2,
    LPBYTEBUFFER pbyData, LONG *plLe)
{
	const uint8_t header[APDU_HEADER_SIZE] = { byClassId, byInsId, byP1, byP2 };
	struct card_cmd *self = self_of(iface);
	struct secret_bytes data = { 0 };
	uint32_t expected = 0;
	HRESULT hr = S_OK;

	if (plLe != NULL) {
		if (*plLe < 0 || *plLe > (LONG)APDU_EXPECTED_MAX)
			return FAIL(E_INVALIDARG,
			    "ISCardCmd::BuildCmd: %d bytes expected; pass 0 to %u", *plLe,
			    APDU_EXPECTED_MAX);
		expected = (uint32_t)*plLe;
	}
	if (pbyData != NULL)
		hr = buffer_read_all(
		    pbyData, APDU_DATA_MAX, "ISCardCmd::BuildCmd, data field", &origin, &data);
	/* "All there is" has a place only where nothing else follows the header. */
	if (plLe != NULL && expected == 0 && data.size == 0)
		expected = APDU_SHORT_EXPECTED_MAX;
	if (SUCCEEDED(hr))
		hr = encode_command(self, "BuildCmd", header, data.data, data.size, expected);
	if (SUCCEEDED(hr))
		secret_bytes_clear(&self->reply);
	secret_bytes_clear(&data);
	return hr;
}

static HRESULT
cmd_Clear(ISCardCmd *iface)
{
	struct card_cmd *self = self_of(iface);

	secret_bytes_clear(&self->command);
	secret_bytes_clear(&self->reply);
	return S_OK;
}

/* ISO 7816-4: a command that cannot be sent as it is goes as data of ENVELOPE. */
static HRESULT
envelop(struct card_cmd *self, const struct secret_bytes *inner, ISO_APDU_TYPE type)
{
	uint8_t header[APDU_HEADER_SIZE] = { 0, APDU_INS_ENVELOPE, 0, 0 };
	uint32_t expected = 0;
	struct apdu apdu;

	if (!apdu_decode(inner->data, inner->size, &apdu))
		return FAIL(E_INVALIDARG,
		    "ISCardCmd::Encapsulate: %zu bytes; a command has at least CLA INS P1 P2",
		    inner->size);
	if (self->has_alternate_class)
		header[0] = self->alternate_class;
	else if (self->command.size != 0)
		header[0] = self->command.data[0];
	if (type == ISO_CASE_2 || type == ISO_CASE_4)
		expected = apdu_envelope_expected(&apdu, inner->size);
	return encode_command(self, "Encapsulate", header, inner->data, inner->size, expected);
}

static HRESULT
cmd_Encapsulate(ISCardCmd *iface, LPBYTEBUFFER pApdu, ISO_APDU_TYPE ApduType)
{
	struct secret_bytes inner = { 0 };
	HRESULT hr;

	if (pApdu == NULL)
		return missing(E_POINTER, "Encapsulate", "pApdu");
	if ((int)ApduType < ISO_CASE_1 || (int)ApduType > ISO_CASE_4)
		return FAIL(E_INVALIDARG,
		    "ISCardCmd::Encapsulate: type %d; pass ISO_CASE_1 to ISO_CASE_4",
		    (int)ApduType);
	hr = buffer_read_all(pApdu, APDU_DATA_MAX, "ISCardCmd::Encapsulate", &origin, &inner);
	if (SUCCEEDED(hr))
		hr = envelop(self_of(iface), &inner, ApduType);
	secret_bytes_clear(&inner);
	return hr;
}

static const ISCardCmdVtbl cmd_vtbl = {
	TESSERA_DISPATCH_SLOTS(ISCardCmd),
	.get_Apdu = cmd_get_Apdu,
	.put_Apdu = cmd_put_Apdu,
	.get_ApduLength = cmd_get_ApduLength,
	.get_ApduReply = cmd_get_ApduReply,
	.put_ApduReply = cmd_put_ApduReply,
	.get_ApduReplyLength = cmd_get_ApduReplyLength,
	.put_ApduReplyLength = cmd_put_ApduReplyLength,
	.get_ClassId = cmd_get_ClassId,
	.put_ClassId = cmd_put_ClassId,
	.get_Data = cmd_get_Data,
	.put_Data = cmd_put_Data,
	.get_InstructionId = cmd_get_InstructionId,
	.put_InstructionId = cmd_put_InstructionId,
	.get_LeField = cmd_get_LeField,
	.get_P1 = cmd_get_P1,
	.put_P1 = cmd_put_P1,
	.get_P2 = cmd_get_P2,
	.put_P2 = cmd_put_P2,
	.get_P3 = cmd_get_P3,
	.get_ReplyStatus = cmd_get_ReplyStatus,
	.put_ReplyStatus = cmd_put_ReplyStatus,
	.get_ReplyStatusSW1 = cmd_get_ReplyStatusSW1,
	.get_ReplyStatusSW2 = cmd_get_ReplyStatusSW2,
	.get_Type = cmd_get_Type,
	.get_Nad = cmd_get_Nad,
	.put_Nad = cmd_put_Nad,
	.get_ReplyNad = cmd_get_ReplyNad,
	.put_ReplyNad = cmd_put_ReplyNad,
	.BuildCmd = cmd_BuildCmd,
	.Clear = cmd_Clear,
	.Encapsulate = cmd_Encapsulate,
	.get_AlternateClassId = cmd_get_AlternateClassId,
	.put_AlternateClassId = cmd_put_AlternateClassId,
};

static const struct tessera_interface cmd_interfaces[] = {
	{ &IID_ISCardCmd, offsetof(struct card_cmd, cmd), &cmd_vtbl },
	{ &IID_IDispatch, offsetof(struct card_cmd, cmd), &cmd_vtbl },
	{ &IID_ISupportErrorInfo, offsetof(struct card_cmd, errors),
	    &tessera_support_error_info_vtbl },
};

static void
cmd_destruct(struct tessera_object *object)
{
	struct card_cmd *self = (struct card_cmd *)(void *)object;

	secret_bytes_clear(&self->command);
	secret_bytes_clear(&self->reply);
}

static struct tessera_census cmd_census;

const struct tessera_class card_cmd_class = {
	.clsid = &CLSID_CSCardCmd,
	.name = "CSCardCmd",
	.size = sizeof(struct card_cmd),
	.interfaces = cmd_interfaces,
	.interface_count = sizeof cmd_interfaces / sizeof cmd_interfaces[0],
	.destruct = cmd_destruct,
	.census = &cmd_census,
};
