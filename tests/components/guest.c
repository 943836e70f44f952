/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A module to map and unmap: two classes that keep account of every entry into the module. Tests
 * use copies of it under several names. A Host makes a Counter of another module in its
 * constructor. Appends a byte to the file $TEST_GUEST_LOADS each time it is mapped.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <tessera_class.h>

#include "counter.h"

/*
 * For a test that unmaps in name only: it sets `gone`, and whoever comes in then is counted. Not
 * atomic on purpose: the runtime itself has to order unmapping after all use, and ThreadSanitizer
 * sees whether it does.
 */
__attribute__((visibility("default"))) extern int guest_gone;
__attribute__((visibility("default"))) extern int guest_late;
int guest_gone;
int guest_late;

struct guest {
	struct tessera_object object;
	TESSERA_INTERFACE(ICounter) counter;
	ICounter *other;
	LONG value;
};

static const CLSID clsid_guest = { 0x6E570001, 0x4A10, 0x4C22,
	{ 0x8D, 0x01, 0x5B, 0x1F, 0x20, 0x77, 0x31, 0x01 } };
static const CLSID clsid_host = { 0x6E570002, 0x4A10, 0x4C22,
	{ 0x8D, 0x01, 0x5B, 0x1F, 0x20, 0x77, 0x31, 0x01 } };

static void
come_in(void)
{
	if (guest_gone != 0)
		__atomic_fetch_add(&guest_late, 1, __ATOMIC_RELAXED);
}

static HRESULT
guest_Next(ICounter *iface, LONG *value)
{
	come_in();
	*value = __atomic_fetch_add(&TESSERA_SELF(struct guest, iface)->value, 1, __ATOMIC_RELAXED);
	return S_OK;
}

static HRESULT
guest_Fail(ICounter *iface, HRESULT code)
{
	(void)iface;
	come_in();
	return code;
}

static HRESULT
guest_construct(struct tessera_object *object)
{
	(void)object;
	come_in();
	return S_OK;
}

static HRESULT
host_construct(struct tessera_object *object)
{
	struct guest *self = (struct guest *)(void *)object;

	come_in();
	return CoCreateInstance(
	    &CLSID_Counter, NULL, CLSCTX_INPROC_SERVER, &IID_ICounter, (void **)&self->other);
}

static void
guest_destruct(struct tessera_object *object)
{
	struct guest *self = (struct guest *)(void *)object;

	come_in();
	if (self->other != NULL)
		self->other->lpVtbl->Release(self->other);
}

static const ICounterVtbl guest_vtbl = {
	TESSERA_UNKNOWN_SLOTS(ICounter),
	.Next = guest_Next,
	.Fail = guest_Fail,
};
static const struct tessera_interface guest_interfaces[] = {
	{ &IID_ICounter, offsetof(struct guest, counter), &guest_vtbl },
};
static struct tessera_census guest_census, host_census;
static const struct tessera_class guest_class = {
	.clsid = &clsid_guest,
	.name = "Guest",
	.size = sizeof(struct guest),
	.interfaces = guest_interfaces,
	.interface_count = 1,
	.construct = guest_construct,
	.destruct = guest_destruct,
	.census = &guest_census,
};
static const struct tessera_class host_class = {
	.clsid = &clsid_host,
	.name = "Host",
	.size = sizeof(struct guest),
	.interfaces = guest_interfaces,
	.interface_count = 1,
	.construct = host_construct,
	.destruct = guest_destruct,
	.census = &host_census,
};

/* As in counter.c. */
__attribute__((constructor)) static void
note_loading(void)
{
	const char *path = secure_getenv("TEST_GUEST_LOADS");
	int fd = path != NULL ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;

	if (fd < 0)
		return;
	if (write(fd, "+", 1) != 1)
		abort();
	close(fd);
}

TESSERA_CLASSES(&guest_class, &host_class);

/*
 * The copies serve different classes to the world, {6E57xxNN-...}: NN says which of the two it is,
 * xx tells the copies apart.
 */
__attribute__((visibility("default"))) HRESULT
DllGetClassObject(REFCLSID rclsid, REFIID riid, LPVOID *ppv)
{
	CLSID own = *rclsid;

	come_in();
	own.Data1 &= 0xFFFF00FFu;
	return tessera_module_get_class_object(&tessera_own_module, &own, riid, ppv);
}

__attribute__((visibility("default"))) HRESULT
DllCanUnloadNow(void)
{
	come_in();
	return tessera_module_can_unload_now(&tessera_own_module);
}
