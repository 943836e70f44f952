/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Error objects and the thread's place for one. They are made with the class helper but are not
 * counted as live objects: the runtime keeps them by itself until somebody asks.
 */
#include <pthread.h>

#include <oleauto.h>
#include <tessera_class.h>

#include "runtime/export.h"
#include "runtime/thread_state.h"

struct error_info {
	struct tessera_object object;
	TESSERA_INTERFACE(IErrorInfo) info;
	TESSERA_INTERFACE(ICreateErrorInfo) create;
	pthread_mutex_t lock; /* all that follows */
	GUID guid;
	BSTR source;
	BSTR description;
	BSTR help_file;
	DWORD help_context;
};

static HRESULT
get_string(struct error_info *self, const BSTR *field, BSTR *ret_string)
{
	HRESULT hr = S_OK;

	if (ret_string == NULL)
		return E_POINTER;
	*ret_string = NULL;
	pthread_mutex_lock(&self->lock);
	if (*field != NULL) {
		*ret_string = SysAllocStringLen(*field, SysStringLen(*field));
		if (*ret_string == NULL)
			hr = E_OUTOFMEMORY;
	}
	pthread_mutex_unlock(&self->lock);
	return hr;
}

static HRESULT
set_string(struct error_info *self, BSTR *field, LPCOLESTR text)
{
	BSTR copy = SysAllocString(text), old;

	if (copy == NULL && text != NULL)
		return E_OUTOFMEMORY;
	pthread_mutex_lock(&self->lock);
	old = *field;
	*field = copy;
	pthread_mutex_unlock(&self->lock);
	SysFreeString(old);
	return S_OK;
}

static HRESULT
info_GetGUID(IErrorInfo *iface, GUID *pGUID)
{
	struct error_info *self = TESSERA_SELF(struct error_info, iface);

	if (pGUID == NULL)
		return E_POINTER;
	pthread_mutex_lock(&self->lock);
	*pGUID = self->guid;
	pthread_mutex_unlock(&self->lock);
	return S_OK;
}

static HRESULT
info_GetSource(IErrorInfo *iface, BSTR *pBstrSource)
{
	struct error_info *self = TESSERA_SELF(struct error_info, iface);

	return get_string(self, &self->source, pBstrSource);
}

static HRESULT
info_GetDescription(IErrorInfo *iface, BSTR *pBstrDescription)
{
	struct error_info *self = TESSERA_SELF(struct error_info, iface);

	return get_string(self, &self->description, pBstrDescription);
}

static HRESULT
info_GetHelpFile(IErrorInfo *iface, BSTR *pBstrHelpFile)
{
	struct error_info *self = TESSERA_SELF(struct error_info, iface);

	return get_string(self, &self->help_file, pBstrHelpFile);
}

static HRESULT
info_GetHelpContext(IErrorInfo *iface, DWORD *pdwHelpContext)
{
	struct error_info *self = TESSERA_SELF(struct error_info, iface);

	if (pdwHelpContext == NULL)
		return E_POINTER;
	pthread_mutex_lock(&self->lock);
	*pdwHelpContext = self->help_context;
	pthread_mutex_unlock(&self->lock);
	return S_OK;
}

static HRESULT
create_SetGUID(ICreateErrorInfo *iface, REFGUID rguid)
{
	struct error_info *self = TESSERA_SELF(struct error_info, iface);

	if (rguid == NULL)
		return E_INVALIDARG;
	pthread_mutex_lock(&self->lock);
	self->guid = *rguid;
	pthread_mutex_unlock(&self->lock);
	return S_OK;
}

static HRESULT
create_SetSource(ICreateErrorInfo *iface, LPOLESTR szSource)
{
	struct error_info *self = TESSERA_SELF(struct error_info, iface);

	return set_string(self, &self->source, szSource);
}

static HRESULT
create_SetDescription(ICreateErrorInfo *iface, LPOLESTR szDescription)
{
	struct error_info *self = TESSERA_SELF(struct error_info, iface);

	return set_string(self, &self->description, szDescription);
}

static HRESULT
create_SetHelpFile(ICreateErrorInfo *iface, LPOLESTR szHelpFile)
{
	struct error_info *self = TESSERA_SELF(struct error_info, iface);

	return set_string(self, &self->help_file, szHelpFile);
}

static HRESULT
create_SetHelpContext(ICreateErrorInfo *iface, DWORD dwHelpContext)
{
	struct error_info *self = TESSERA_SELF(struct error_info, iface);

	pthread_mutex_lock(&self->lock);
	self->help_context = dwHelpContext;
	pthread_mutex_unlock(&self->lock);
	return S_OK;
}

static HRESULT
error_info_construct(struct tessera_object *object)
{
	pthread_mutex_init(&((struct error_info *)(void *)object)->lock, NULL);
	return S_OK;
}

static void
error_info_destruct(struct tessera_object *object)
{
	struct error_info *self = (struct error_info *)(void *)object;

	SysFreeString(self->source);
	SysFreeString(self->description);
	SysFreeString(self->help_file);
	pthread_mutex_destroy(&self->lock);
}

static const IErrorInfoVtbl info_vtbl = {
	TESSERA_UNKNOWN_SLOTS(IErrorInfo),
	.GetGUID = info_GetGUID,
	.GetSource = info_GetSource,
	.GetDescription = info_GetDescription,
	.GetHelpFile = info_GetHelpFile,
	.GetHelpContext = info_GetHelpContext,
};

static const ICreateErrorInfoVtbl create_vtbl = {
	TESSERA_UNKNOWN_SLOTS(ICreateErrorInfo),
	.SetGUID = create_SetGUID,
	.SetSource = create_SetSource,
	.SetDescription = create_SetDescription,
	.SetHelpFile = create_SetHelpFile,
	.SetHelpContext = create_SetHelpContext,
};

static const struct tessera_interface error_info_interfaces[] = {
	{ &IID_IErrorInfo, offsetof(struct error_info, info), &info_vtbl },
	{ &IID_ICreateErrorInfo, offsetof(struct error_info, create), &create_vtbl },
};

static const struct tessera_class error_info_class = {
	.name = "ErrorInfo",
	.size = sizeof(struct error_info),
	.interfaces = error_info_interfaces,
	.interface_count = sizeof error_info_interfaces / sizeof error_info_interfaces[0],
	.construct = error_info_construct,
	.destruct = error_info_destruct,
	.flags = TESSERA_CLASS_NOT_AGGREGATABLE,
};

TESSERA_EXPORT HRESULT
CreateErrorInfo(ICreateErrorInfo **pperrinfo)
{
	return tessera_object_create(
	    &error_info_class, NULL, &IID_ICreateErrorInfo, (void **)pperrinfo);
}

TESSERA_EXPORT HRESULT
SetErrorInfo(ULONG dwReserved, IErrorInfo *perrinfo)
{
	IErrorInfo *old = thread_state.error;

	if (dwReserved != 0)
		return E_INVALIDARG;
	if (perrinfo != NULL) {
		if (!thread_state_keep())
			return E_OUTOFMEMORY;
		perrinfo->lpVtbl->AddRef(perrinfo);
	}
	thread_state.error = perrinfo;
	if (old != NULL)
		old->lpVtbl->Release(old);
	return S_OK;
}

TESSERA_EXPORT HRESULT
GetErrorInfo(ULONG dwReserved, IErrorInfo **pperrinfo)
{
	if (pperrinfo == NULL)
		return E_POINTER;
	*pperrinfo = NULL;
	if (dwReserved != 0)
		return E_INVALIDARG;
	if (thread_state.error == NULL)
		return S_FALSE;
	*pperrinfo = thread_state.error;
	thread_state.error = NULL;
	return S_OK;
}
