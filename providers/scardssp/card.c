/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CSCard: one connection to a card, on the resource manager API.
 *
 * Threads: `mutex` guards the fields and is never held across a winscard call, which may wait for
 * other users without limit. Calls work on a copy of the handle; if it is closed meanwhile they get
 * the resource manager's code for that. Transactions of one object take turns, because under T=0
 * one of them may be several exchanges that no other may come between.
 */
#define COBJMACROS
#include <glib.h>
#include <pthread.h>

#include <scardssp.h>
#include <winscard.h>

#include "providers/scardssp/buffer_io.h"
#include "providers/scardssp/card_exchange.h"
#include "providers/scardssp/card_failure.h"
#include "providers/scardssp/classes.h"

#define ATR_SIZE_MAX 36u /* room; an ATR has up to 33 bytes */

enum attachment {
	UNATTACHED,
	ATTACHING, /* a thread is at it */
	ATTACHED,
	DETACHING /* a thread is at it */
};

struct card {
	struct tessera_object object;
	TESSERA_INTERFACE(ISCard) card;
	TESSERA_INTERFACE(ISupportErrorInfo) errors;
	SCARDCONTEXT context; /* from the constructor on */

	pthread_mutex_t mutex;
	pthread_cond_t turn; /* `exchanging` became false */
	bool exchanging;
	enum attachment attachment;
	SCARDHANDLE handle;
	bool own;        /* connected here, so disconnected here */
	DWORD protocols; /* that ReAttach asks for */
	DWORD active;
	unsigned locks; /* LockSCard calls not yet undone */
};

static struct card *
self_of(ISCard *iface)
{
	return TESSERA_SELF(struct card, iface);
}

static HRESULT
missing(const char *method, const char *parameter)
{
	return CARD_FAIL(
	    E_POINTER, "ISCard::%s: %s is NULL; pass a variable's address", method, parameter);
}

static HRESULT
unattached(const char *method)
{
	return CARD_FAIL(SCARD_E_INVALID_HANDLE,
	    "ISCard::%s: not attached to a card; call AttachByReader or AttachByHandle first",
	    method);
}

static HRESULT
bad_disposition(const char *method, SCARD_DISPOSITIONS disposition)
{
	return CARD_FAIL(E_INVALIDARG,
	    "ISCard::%s: disposition %d; pass LEAVE, RESET, UNPOWER or EJECT", method,
	    (int)disposition);
}

static bool
is_disposition(SCARD_DISPOSITIONS disposition)
{
	return (int)disposition >= LEAVE && (int)disposition <= EJECT;
}

static bool
is_share_mode(SCARD_SHARE_MODES mode)
{
	return mode == EXCLUSIVE || mode == SHARED;
}

/* The resource manager's bits for what an ISCard client asks for; 0 when that is nothing legal. */
static DWORD
protocols_of(SCARD_PROTOCOLS protocols)
{
	switch ((int)protocols) {
	case T0:
		return SCARD_PROTOCOL_T0;
	case T1:
		return SCARD_PROTOCOL_T1;
	case T0 | T1:
		return SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1;
	case RAW:
		return SCARD_PROTOCOL_RAW;
	default:
		return 0;
	}
}

/* The handle; 0 unless attached. */
static SCARDHANDLE
handle_of(struct card *self)
{
	SCARDHANDLE handle;

	pthread_mutex_lock(&self->mutex);
	handle = self->attachment == ATTACHED ? self->handle : 0;
	pthread_mutex_unlock(&self->mutex);
	return handle;
}

static HRESULT
card_get_Atr(ISCard *iface, LPBYTEBUFFER *ppAtr)
{
	SCARDHANDLE handle = handle_of(self_of(iface));
	BYTE atr[ATR_SIZE_MAX];
	DWORD length = sizeof atr;
	LONG code;

	if (ppAtr == NULL)
		return missing("get_Atr", "ppAtr");
	*ppAtr = NULL;
	if (handle == 0)
		return unattached("get_Atr");
	code = SCardStatusA(handle, NULL, NULL, NULL, NULL, atr, &length);
	if (code != SCARD_S_SUCCESS)
		return card_failure(code, "ISCard::get_Atr");
	return buffer_create(atr, length, ppAtr);
}

static HRESULT
card_get_CardHandle(ISCard *iface, HSCARD *pHandle)
{
	if (pHandle == NULL)
		return missing("get_CardHandle", "pHandle");
	*pHandle = handle_of(self_of(iface));
	return S_OK;
}

static HRESULT
card_get_Context(ISCard *iface, HSCARDCONTEXT *pContext)
{
	struct card *self = self_of(iface);

	if (pContext == NULL)
		return missing("get_Context", "pContext");
	pthread_mutex_lock(&self->mutex);
	/* A handle that came from outside belongs to a context that is not known here. */
	*pContext = self->attachment == ATTACHED && !self->own ? 0 : self->context;
	pthread_mutex_unlock(&self->mutex);
	return S_OK;
}

static HRESULT
card_get_Protocol(ISCard *iface, SCARD_PROTOCOLS *pProtocol)
{
	SCARDHANDLE handle = handle_of(self_of(iface));
	DWORD protocol = 0;
	LONG code;

	if (pProtocol == NULL)
		return missing("get_Protocol", "pProtocol");
	*pProtocol = (SCARD_PROTOCOLS)0;
	if (handle == 0)
		return unattached("get_Protocol");
	code = SCardStatusA(handle, NULL, NULL, NULL, &protocol, NULL, NULL);
	if (code != SCARD_S_SUCCESS)
		return card_failure(code, "ISCard::get_Protocol");
	*pProtocol = protocol == SCARD_PROTOCOL_RAW ? RAW : (SCARD_PROTOCOLS)protocol;
	return S_OK;
}

static HRESULT
card_get_Status(ISCard *iface, SCARD_STATES *pStatus)
{
	SCARDHANDLE handle = handle_of(self_of(iface));
	DWORD state = 0;
	LONG code;

	if (pStatus == NULL)
		return missing("get_Status", "pStatus");
	*pStatus = (SCARD_STATES)0;
	if (handle == 0)
		return unattached("get_Status");
	code = SCardStatusA(handle, NULL, NULL, &state, NULL, NULL, NULL);
	if (code != SCARD_S_SUCCESS)
		return card_failure(code, "ISCard::get_Status");
	*pStatus = (SCARD_STATES)state;
	return S_OK;
}

/* Makes this thread the one that attaches. */
static HRESULT
begin_attach(struct card *self, const char *method)
{
	bool free_now;

	pthread_mutex_lock(&self->mutex);
	free_now = self->attachment == UNATTACHED;
	if (free_now)
		self->attachment = ATTACHING;
	pthread_mutex_unlock(&self->mutex);
	if (!free_now)
		return CARD_FAIL(
		    E_UNEXPECTED, "ISCard::%s: attached already; call Detach first", method);
	return S_OK;
}

/* What came of it; handle 0: nothing. */
static void
end_attach(struct card *self, SCARDHANDLE handle, bool own, DWORD protocols, DWORD active)
{
	pthread_mutex_lock(&self->mutex);
	self->attachment = handle != 0 ? ATTACHED : UNATTACHED;
	self->handle = handle;
	self->own = own;
	self->protocols = protocols;
	self->active = active;
	self->locks = 0;
	pthread_mutex_unlock(&self->mutex);
}

static HRESULT
card_AttachByHandle(ISCard *iface, HSCARD hCard)
{
	struct card *self = self_of(iface);
	DWORD active = 0;
	LONG code;
	HRESULT hr;

	if (FAILED(hr = begin_attach(self, "AttachByHandle")))
		return hr;
	code = hCard != 0 ? SCardStatusA(hCard, NULL, NULL, NULL, &active, NULL, NULL)
			  : SCARD_E_INVALID_HANDLE;
	if (code == SCARD_S_SUCCESS) {
		end_attach(self, hCard, false,
		    active != 0 ? active : SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, active);
		return S_OK;
	}
	end_attach(self, 0, false, 0, 0);
	if (code == ERROR_INVALID_HANDLE || code == SCARD_E_INVALID_HANDLE)
		return CARD_FAIL(E_INVALIDARG,
		    "ISCard::AttachByHandle: 0x%llX is no open connection; pass a handle that "
		    "SCardConnect returned",
		    (unsigned long long)hCard);
	return card_failure(code, "ISCard::AttachByHandle");
}

static HRESULT
connect_failure(LONG code, BSTR reader)
{
	g_autofree char *name = g_utf16_to_utf8((const gunichar2 *)reader, -1, NULL, NULL, NULL);
	g_autofree char *method =
	    g_strdup_printf("ISCard::AttachByReader('%s')", name != NULL ? name : "not UTF-16");

	return card_failure(code, method);
}

static HRESULT
card_AttachByReader(
    ISCard *iface, BSTR bstrReaderName, SCARD_SHARE_MODES ShareMode, SCARD_PROTOCOLS PrefProtocol)
{
	struct card *self = self_of(iface);
	DWORD protocols = protocols_of(PrefProtocol), active = 0;
	SCARDHANDLE handle = 0;
	LONG code;
	HRESULT hr;

	if (bstrReaderName == NULL || bstrReaderName[0] == 0)
		return CARD_FAIL(E_INVALIDARG,
		    "ISCard::AttachByReader: no reader name; SCardListReaders gives them");
	if (!is_share_mode(ShareMode))
		return CARD_FAIL(E_INVALIDARG,
		    "ISCard::AttachByReader: share mode %d; pass SHARED or EXCLUSIVE",
		    (int)ShareMode);
	if (protocols == 0)
		return CARD_FAIL(E_INVALIDARG,
		    "ISCard::AttachByReader: protocol 0x%X; pass T0, T1, both, or RAW",
		    (unsigned)PrefProtocol);
	if (FAILED(hr = begin_attach(self, "AttachByReader")))
		return hr;
	code = SCardConnectW(
	    self->context, bstrReaderName, (DWORD)ShareMode, protocols, &handle, &active);
	if (code == SCARD_S_SUCCESS) {
		end_attach(self, handle, true, protocols, active);
		return S_OK;
	}
	hr = connect_failure(code, bstrReaderName);
	end_attach(self, 0, false, 0, 0);
	return hr;
}

/* The connection is gone, whatever the disposition asked. */
static bool
is_dead(LONG code)
{
	return code == ERROR_INVALID_HANDLE || code == SCARD_E_INVALID_HANDLE ||
	    code == SCARD_E_SERVICE_STOPPED || code == SCARD_E_NO_SERVICE;
}

static HRESULT
card_Detach(ISCard *iface, SCARD_DISPOSITIONS Disposition)
{
	struct card *self = self_of(iface);
	SCARDHANDLE handle = 0;
	LONG code;

	if (!is_disposition(Disposition))
		return bad_disposition("Detach", Disposition);
	pthread_mutex_lock(&self->mutex);
	if (self->attachment == ATTACHED) {
		handle = self->handle;
		self->attachment = DETACHING;
	}
	pthread_mutex_unlock(&self->mutex);
	if (handle == 0)
		return unattached("Detach");

	code = SCardDisconnect(handle, (DWORD)Disposition);

	pthread_mutex_lock(&self->mutex);
	if (code == SCARD_S_SUCCESS || is_dead(code)) {
		self->attachment = UNATTACHED;
		self->handle = 0;
	} else {
		self->attachment = ATTACHED;
	}
	pthread_mutex_unlock(&self->mutex);
	return code == SCARD_S_SUCCESS ? S_OK : card_failure(code, "ISCard::Detach");
}

/* Counts a transaction of `handle` begun (1) or ended (-1), if it is still the one attached. */
static void
count_lock(struct card *self, SCARDHANDLE handle, int change)
{
	pthread_mutex_lock(&self->mutex);
	if (self->attachment == ATTACHED && self->handle == handle) {
		if (change > 0)
			self->locks++;
		else if (self->locks > 0)
			self->locks--;
	}
	pthread_mutex_unlock(&self->mutex);
}

static HRESULT
card_LockSCard(ISCard *iface)
{
	struct card *self = self_of(iface);
	SCARDHANDLE handle = handle_of(self);
	LONG code;

	if (handle == 0)
		return unattached("LockSCard");
	code = SCardBeginTransaction(handle);
	if (code != SCARD_S_SUCCESS)
		return card_failure(code, "ISCard::LockSCard");
	count_lock(self, handle, 1);
	return S_OK;
}

static HRESULT
card_UnlockSCard(ISCard *iface, SCARD_DISPOSITIONS Disposition)
{
	struct card *self = self_of(iface);
	SCARDHANDLE handle = handle_of(self);
	LONG code;

	if (!is_disposition(Disposition))
		return bad_disposition("UnlockSCard", Disposition);
	if (handle == 0)
		return unattached("UnlockSCard");
	code = SCardEndTransaction(handle, (DWORD)Disposition);
	/* With these two the transaction has ended all the same. */
	if (code == SCARD_S_SUCCESS || code == SCARD_W_RESET_CARD || code == SCARD_W_REMOVED_CARD)
		count_lock(self, handle, -1);
	return code == SCARD_S_SUCCESS ? S_OK : card_failure(code, "ISCard::UnlockSCard");
}

static HRESULT
card_ReAttach(ISCard *iface, SCARD_SHARE_MODES ShareMode, SCARD_DISPOSITIONS InitState)
{
	struct card *self = self_of(iface);
	DWORD protocols, active = 0;
	SCARDHANDLE handle;
	LONG code;

	if (!is_share_mode(ShareMode))
		return CARD_FAIL(E_INVALIDARG,
		    "ISCard::ReAttach: share mode %d; pass SHARED or EXCLUSIVE", (int)ShareMode);
	if (!is_disposition(InitState))
		return bad_disposition("ReAttach", InitState);
	if (InitState == EJECT)
		return CARD_FAIL(SCARD_E_INVALID_VALUE,
		    "ISCard::ReAttach: a card cannot be ejected and kept; pass LEAVE, RESET or "
		    "UNPOWER, or use Detach(EJECT)");
	pthread_mutex_lock(&self->mutex);
	handle = self->attachment == ATTACHED ? self->handle : 0;
	protocols = self->protocols;
	pthread_mutex_unlock(&self->mutex);
	if (handle == 0)
		return unattached("ReAttach");

	code = SCardReconnect(handle, (DWORD)ShareMode, protocols, (DWORD)InitState, &active);
	if (code != SCARD_S_SUCCESS)
		return card_failure(code, "ISCard::ReAttach");

	pthread_mutex_lock(&self->mutex);
	if (self->attachment == ATTACHED && self->handle == handle) {
		self->active = active;
		self->locks = 0; /* reconnecting ends a transaction */
	}
	pthread_mutex_unlock(&self->mutex);
	return S_OK;
}

/* Waits for this thread's turn; false, and no turn is taken, when there is no connection. */
static bool
begin_exchange(struct card *self, struct card_link *ret)
{
	bool attached;

	pthread_mutex_lock(&self->mutex);
	while (self->attachment == ATTACHED && self->exchanging)
		pthread_cond_wait(&self->turn, &self->mutex);
	attached = self->attachment == ATTACHED;
	if (attached) {
		self->exchanging = true;
		*ret = (struct card_link){
			.handle = self->handle,
			.protocol = self->active,
			.locked = self->locks != 0,
		};
	}
	pthread_mutex_unlock(&self->mutex);
	return attached;
}

static void
end_exchange(struct card *self, const struct card_link *link)
{
	pthread_mutex_lock(&self->mutex);
	self->exchanging = false;
	if (self->attachment == ATTACHED && self->handle == link->handle)
		self->active = link->protocol;
	pthread_cond_broadcast(&self->turn);
	pthread_mutex_unlock(&self->mutex);
}

/* To the card and back, when it is this thread's turn. */
static HRESULT
send_in_turn(struct card *self, struct card_exchange *exchange)
{
	struct card_link link;
	HRESULT hr;

	if (!begin_exchange(self, &link))
		return unattached("Transaction");
	hr = card_exchange_send(exchange, &link);
	end_exchange(self, &link);
	return hr;
}

static HRESULT
card_Transaction(ISCard *iface, LPSCARDCMD *ppCmd)
{
	struct card *self = self_of(iface);
	struct card_exchange exchange = { 0 };
	ISCardCmd *cmd;
	HRESULT hr;

	if (ppCmd == NULL)
		return missing("Transaction", "ppCmd");
	if ((cmd = *ppCmd) == NULL)
		return CARD_FAIL(E_INVALIDARG,
		    "ISCard::Transaction: *ppCmd is NULL; build a command with ISCardISO7816 "
		    "first");
	if (handle_of(self) == 0)
		return unattached("Transaction");
	ISCardCmd_AddRef(cmd);
	hr = card_exchange_take(&exchange, cmd);
	if (SUCCEEDED(hr))
		hr = send_in_turn(self, &exchange);
	if (SUCCEEDED(hr))
		hr = card_exchange_store(&exchange, cmd);
	card_exchange_clear(&exchange);
	ISCardCmd_Release(cmd);
	return hr;
}

static const ISCardVtbl card_vtbl = {
	TESSERA_DISPATCH_SLOTS(ISCard),
	.get_Atr = card_get_Atr,
	.get_CardHandle = card_get_CardHandle,
	.get_Context = card_get_Context,
	.get_Protocol = card_get_Protocol,
	.get_Status = card_get_Status,
	.AttachByHandle = card_AttachByHandle,
	.AttachByReader = card_AttachByReader,
	.Detach = card_Detach,
	.LockSCard = card_LockSCard,
	.ReAttach = card_ReAttach,
	.Transaction = card_Transaction,
	.UnlockSCard = card_UnlockSCard,
};

static const struct tessera_interface card_interfaces[] = {
	{ &IID_ISCard, offsetof(struct card, card), &card_vtbl },
	{ &IID_IDispatch, offsetof(struct card, card), &card_vtbl },
	{ &IID_ISupportErrorInfo, offsetof(struct card, errors), &tessera_support_error_info_vtbl },
};

static HRESULT
card_construct(struct tessera_object *object)
{
	struct card *self = (struct card *)(void *)object;
	LONG code;

	pthread_mutex_init(&self->mutex, NULL);
	pthread_cond_init(&self->turn, NULL);
	code = SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &self->context);
	return code == SCARD_S_SUCCESS ? S_OK : card_failure(code, "CSCard cannot be made");
}

static void
card_destruct(struct tessera_object *object)
{
	struct card *self = (struct card *)(void *)object;

	if (self->attachment == ATTACHED && self->own)
		SCardDisconnect(self->handle, SCARD_LEAVE_CARD);
	if (self->context != 0)
		SCardReleaseContext(self->context);
	pthread_cond_destroy(&self->turn);
	pthread_mutex_destroy(&self->mutex);
}

static struct tessera_census card_census;

const struct tessera_class card_class = {
	.clsid = &CLSID_CSCard,
	.name = "CSCard",
	.size = sizeof(struct card),
	.interfaces = card_interfaces,
	.interface_count = sizeof card_interfaces / sizeof card_interfaces[0],
	.construct = card_construct,
	.destruct = card_destruct,
	.census = &card_census,
};
