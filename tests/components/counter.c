/* SPDX-License-Identifier: BSD-2-Clause */
/* The component of counter.idl. Appends a byte to the file $TEST_LOADS each time it is mapped. */
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include <tessera_class.h>

#include "counter.h"

struct counter {
	struct tessera_object object;
	TESSERA_INTERFACE(ICounter2) counter;
	TESSERA_INTERFACE(ILabelled) labelled;
	TESSERA_INTERFACE(ISupportErrorInfo) support;
	LONG value; /* changed atomically */
	pthread_mutex_t lock;
	BSTR label;
};

struct hermit {
	struct tessera_object object;
	TESSERA_INTERFACE(ICounter) counter;
	LONG value;
};

static HRESULT
count_up(LONG *counted, LONG step, LONG *value)
{
	if (value == NULL)
		return E_POINTER;
	*value = __atomic_fetch_add(counted, step, __ATOMIC_RELAXED);
	return S_OK;
}

static HRESULT
counter_Next(ICounter2 *iface, LONG *value)
{
	return count_up(&TESSERA_SELF(struct counter, iface)->value, 1, value);
}

static HRESULT
counter_Fail(ICounter2 *iface, HRESULT code)
{
	(void)iface;
	return tessera_error(code, &IID_ICounter2, "Tessera.TestCounter.1",
	    "counter: told to fail with %s", "a code");
}

static HRESULT
counter_Add(ICounter2 *iface, LONG step, LONG *value)
{
	return count_up(&TESSERA_SELF(struct counter, iface)->value, step, value);
}

static HRESULT
labelled_get_Label(ILabelled *iface, BSTR *label)
{
	struct counter *self = TESSERA_SELF(struct counter, iface);

	if (label == NULL)
		return E_POINTER;
	pthread_mutex_lock(&self->lock);
	*label = SysAllocStringLen(self->label, SysStringLen(self->label));
	pthread_mutex_unlock(&self->lock);
	return *label != NULL ? S_OK : E_OUTOFMEMORY;
}

static HRESULT
labelled_put_Label(ILabelled *iface, BSTR label)
{
	struct counter *self = TESSERA_SELF(struct counter, iface);
	BSTR copy = SysAllocStringLen(label, SysStringLen(label)), old;

	if (copy == NULL)
		return E_OUTOFMEMORY;
	pthread_mutex_lock(&self->lock);
	old = self->label;
	self->label = copy;
	pthread_mutex_unlock(&self->lock);
	SysFreeString(old);
	return S_OK;
}

static HRESULT
hermit_Next(ICounter *iface, LONG *value)
{
	return count_up(&TESSERA_SELF(struct hermit, iface)->value, 1, value);
}

static HRESULT
hermit_Fail(ICounter *iface, HRESULT code)
{
	(void)iface;
	return code;
}

static HRESULT
counter_construct(struct tessera_object *object)
{
	pthread_mutex_init(&((struct counter *)(void *)object)->lock, NULL);
	return S_OK;
}

static void
counter_destruct(struct tessera_object *object)
{
	struct counter *self = (struct counter *)(void *)object;

	SysFreeString(self->label);
	pthread_mutex_destroy(&self->lock);
}

static const ICounter2Vtbl counter_vtbl = {
	TESSERA_UNKNOWN_SLOTS(ICounter2),
	.Next = counter_Next,
	.Fail = counter_Fail,
	.Add = counter_Add,
};
static const ILabelledVtbl labelled_vtbl = {
	TESSERA_DISPATCH_SLOTS(ILabelled),
	.get_Label = labelled_get_Label,
	.put_Label = labelled_put_Label,
};
static const ICounterVtbl hermit_vtbl = {
	TESSERA_UNKNOWN_SLOTS(ICounter),
	.Next = hermit_Next,
	.Fail = hermit_Fail,
};

static const struct tessera_interface counter_interfaces[] = {
	{ &IID_ICounter2, offsetof(struct counter, counter), &counter_vtbl },
	{ &IID_ICounter, offsetof(struct counter, counter), &counter_vtbl },
	{ &IID_ILabelled, offsetof(struct counter, labelled), &labelled_vtbl },
	{ &IID_IDispatch, offsetof(struct counter, labelled), &labelled_vtbl },
	{ &IID_ISupportErrorInfo, offsetof(struct counter, support),
	    &tessera_support_error_info_vtbl },
};
static struct tessera_census counter_census;
static const struct tessera_class counter_class = {
	.clsid = &CLSID_Counter,
	.name = "Counter",
	.size = sizeof(struct counter),
	.interfaces = counter_interfaces,
	.interface_count = sizeof counter_interfaces / sizeof counter_interfaces[0],
	.construct = counter_construct,
	.destruct = counter_destruct,
	.census = &counter_census,
};

static const struct tessera_interface hermit_interfaces[] = {
	{ &IID_ICounter, offsetof(struct hermit, counter), &hermit_vtbl },
};
static struct tessera_census hermit_census;
static const struct tessera_class hermit_class = {
	.clsid = &CLSID_Hermit,
	.name = "Hermit",
	.size = sizeof(struct hermit),
	.interfaces = hermit_interfaces,
	.interface_count = 1,
	.flags = TESSERA_CLASS_NOT_AGGREGATABLE,
	.census = &hermit_census,
};

__attribute__((constructor)) static void
note_loading(void)
{
	const char *path = secure_getenv("TEST_LOADS");
	int fd = path != NULL ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;

	if (fd < 0)
		return;
	if (write(fd, "+", 1) != 1)
		abort();
	close(fd);
}

TESSERA_MODULE(&counter_class, &hermit_class);
