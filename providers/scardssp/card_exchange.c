/* SPDX-License-Identifier: BSD-2-Clause */
/* The work of ISCard::Transaction: see card_exchange.h. */
#define COBJMACROS
#include "providers/scardssp/card_exchange.h"

#include <tessera_com.h>

#include "providers/scardssp/buffer_io.h"
#include "providers/scardssp/card_failure.h"
#include "providers/scardssp/t0.h"

static const struct error_origin origin = { &IID_ISCard, "SCardSSP.SCard.1" };

static LPCSCARD_IO_REQUEST
send_pci(DWORD protocol)
{
	switch (protocol) {
	case SCARD_PROTOCOL_T0:
		return SCARD_PCI_T0;
	case SCARD_PROTOCOL_T1:
		return SCARD_PCI_T1;
	case SCARD_PROTOCOL_RAW:
		return SCARD_PCI_RAW;
	default:
		return NULL; /* whatever is active */
	}
}

/* The `transmit` of a t0_link, and the whole exchange of the other protocols. */
static int32_t
transmit(void *context, const uint8_t *command, size_t size, uint8_t *reply, size_t capacity,
    size_t *ret_size)
{
	const struct card_link *link = context;
	DWORD length = (DWORD)capacity;
	LONG code = SCardTransmit(
	    link->handle, send_pci(link->protocol), command, (DWORD)size, NULL, reply, &length);

	if (code == SCARD_S_SUCCESS)
		*ret_size = length;
	return code;
}

static int
alternate_class_of(ISCardCmd *cmd)
{
	BYTE alternate = 0;

	if (ISCardCmd_get_AlternateClassId(cmd, &alternate) != S_OK)
		return T0_NO_ALTERNATE_CLASS;
	return alternate;
}

static HRESULT
read_command(ISCardCmd *cmd, struct secret_bytes *ret)
{
	IByteBuffer *buffer = NULL;
	HRESULT hr = ISCardCmd_get_Apdu(cmd, &buffer);

	if (FAILED(hr))
		return CARD_FAIL(hr, "ISCard::Transaction: the ISCardCmd gives no APDU (%s)",
		    tessera_hresult_name(hr));
	if (buffer == NULL)
		return S_OK;
	hr =
	    buffer_read_all(buffer, APDU_COMMAND_MAX, "ISCard::Transaction, command", &origin, ret);
	IByteBuffer_Release(buffer);
	return hr;
}

/* Bytes of the longest reply that can come. */
static size_t
reply_capacity(const struct apdu *apdu)
{
	size_t wanted = apdu->expected + APDU_STATUS_SIZE;

	if (apdu->kind == APDU_OPAQUE)
		return APDU_REPLY_MAX;
	return wanted > APDU_SHORT_REPLY_MAX ? wanted : APDU_SHORT_REPLY_MAX;
}

HRESULT
card_exchange_take(struct card_exchange *exchange, ISCardCmd *cmd)
{
	HRESULT hr = read_command(cmd, &exchange->command);

	if (FAILED(hr))
		return hr;
	if (!apdu_decode(exchange->command.data, exchange->command.size, &exchange->apdu))
		return CARD_FAIL(E_INVALIDARG,
		    "ISCard::Transaction: the ISCardCmd holds %zu bytes of a command; build one "
		    "with ISCardISO7816 or BuildCmd",
		    exchange->command.size);
	if (!secret_bytes_reserve(&exchange->reply, reply_capacity(&exchange->apdu)))
		return CARD_FAIL(E_OUTOFMEMORY, "ISCard::Transaction: no memory for the reply");
	exchange->alternate_class = alternate_class_of(cmd);
	ISCardCmd_put_ApduReplyLength(cmd, 0);
	return S_OK;
}

static int32_t
send_once(struct card_exchange *x, struct card_link *link)
{
	const struct t0_link t0 = { transmit, link, x->alternate_class };
	int32_t code;

	if (link->protocol == SCARD_PROTOCOL_T0)
		code = t0_transceive(&t0, x->command.data, x->command.size, &x->apdu, x->reply.data,
		    x->reply.capacity, &x->reply.size);
	else
		code = transmit(link, x->command.data, x->command.size, x->reply.data,
		    x->reply.capacity, &x->reply.size);
	if (code == 0 && (x->reply.size < APDU_STATUS_SIZE || x->reply.size > x->reply.capacity))
		code = T0_BAD_REPLY;
	if (code != 0)
		x->reply.size = 0;
	return code;
}

static HRESULT
explain(int32_t code, const struct card_exchange *x)
{
	switch (code) {
	case 0:
		return S_OK;
	case T0_BAD_REPLY:
		return CARD_FAIL(SCARD_F_COMM_ERROR,
		    "ISCard::Transaction: the reply has no status word; take the card out and try "
		    "again, then another reader");
	case T0_NO_ENVELOPE:
		return CARD_FAIL(SCARD_E_PROTO_MISMATCH,
		    "ISCard::Transaction: %zu bytes of data need ENVELOPE under T=0, which the "
		    "card does not know; send up to %u at a time, or connect with T1",
		    x->apdu.data_size, APDU_SHORT_DATA_MAX);
	default:
		return card_failure(code, "ISCard::Transaction");
	}
}

/* One try, with other users kept out while it takes several exchanges. */
static int32_t
send_alone(struct card_exchange *x, struct card_link *link, HRESULT *ret_hr)
{
	bool begin =
	    link->protocol == SCARD_PROTOCOL_T0 && !link->locked && t0_needs_several(&x->apdu);
	int32_t code = 0;

	if (begin)
		code = SCardBeginTransaction(link->handle);
	if (code != 0) {
		*ret_hr = explain(code, x);
		return code;
	}
	code = send_once(x, link);
	*ret_hr = explain(code, x);
	/* The reply is there or the failure known; what became of the card the next call tells. */
	if (begin)
		SCardEndTransaction(link->handle, SCARD_LEAVE_CARD);
	return code;
}

/* Somebody else may have reconnected this handle with another protocol. */
static bool
protocol_changed(struct card_link *link)
{
	DWORD protocol = SCARD_PROTOCOL_UNDEFINED;
	LONG code = SCardStatusA(link->handle, NULL, NULL, NULL, &protocol, NULL, NULL);

	if (code != SCARD_S_SUCCESS || protocol == SCARD_PROTOCOL_UNDEFINED ||
	    protocol == link->protocol)
		return false;
	link->protocol = protocol;
	return true;
}

HRESULT
card_exchange_send(struct card_exchange *exchange, struct card_link *link)
{
	HRESULT hr = S_OK;
	int32_t code = send_alone(exchange, link, &hr);

	/* With that code nothing has reached the card. */
	if (code == SCARD_E_PROTO_MISMATCH && protocol_changed(link))
		send_alone(exchange, link, &hr);
	return hr;
}

HRESULT
card_exchange_store(const struct card_exchange *exchange, ISCardCmd *cmd)
{
	IByteBuffer *buffer = NULL;
	HRESULT hr = buffer_create(exchange->reply.data, exchange->reply.size, &buffer);

	if (FAILED(hr))
		return hr;
	hr = ISCardCmd_put_ApduReply(cmd, buffer);
	IByteBuffer_Release(buffer);
	if (FAILED(hr))
		return CARD_FAIL(hr,
		    "ISCard::Transaction: the card answered, but the ISCardCmd does not take the "
		    "reply (%s)",
		    tessera_hresult_name(hr));
	return S_OK;
}

void
card_exchange_clear(struct card_exchange *exchange)
{
	secret_bytes_clear(&exchange->command);
	secret_bytes_clear(&exchange->reply);
}
