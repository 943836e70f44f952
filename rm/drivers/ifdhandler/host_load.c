/* SPDX-License-Identifier: BSD-2-Clause */
/* A handler's library and its entry points; its device and what it says of it. */
#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "rm/drivers/ifdhandler/host.h"

#define SYMBOL(member, name, needed)                               \
	{                                                          \
		name, offsetof(struct ifd_entries, member), needed \
	}

int
ifd_host_load(struct ifd_host *host, const char *library, char *reason)
{
	static const struct {
		const char *name;
		size_t offset;
		bool needed;
	} symbols[] = {
		SYMBOL(create_by_name, "IFDHCreateChannelByName", false),
		SYMBOL(create, "IFDHCreateChannel", true),
		SYMBOL(close, "IFDHCloseChannel", true),
		SYMBOL(get, "IFDHGetCapabilities", true),
		SYMBOL(set, "IFDHSetCapabilities", true),
		SYMBOL(set_protocol, "IFDHSetProtocolParameters", true),
		SYMBOL(power, "IFDHPowerICC", true),
		SYMBOL(transmit, "IFDHTransmitToICC", true),
		SYMBOL(control, "IFDHControl", true),
		SYMBOL(presence, "IFDHICCPresence", true),
	};
	/* As pcsc-lite does: handlers refer to functions that they never call. */
	void *handle = dlopen(library, RTLD_LAZY | RTLD_LOCAL);

	if (handle == NULL) {
		(void)snprintf(reason, IFD_REASON_SIZE, "%.250s", dlerror());
		return -1;
	}
	for (size_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++) {
		void *address = dlsym(handle, symbols[i].name);

		if (address == NULL && symbols[i].needed) {
			(void)snprintf(reason, IFD_REASON_SIZE,
			    "%.200s is no IFD handler of version 2 or 3: it has no %s", library,
			    symbols[i].name);
			return -1;
		}
		memcpy((char *)&host->handler + symbols[i].offset, &address, sizeof address);
	}
	if (host->handler.create_by_name == NULL) {
		memcpy(&host->handler.control_2, &host->handler.control, sizeof(void *));
		host->handler.control = NULL;
	}
	return 0;
}

static ifd_result
create(struct ifd_host *host, unsigned slot, char *device, unsigned long channel)
{
	if (device[0] != '\0' && host->handler.create_by_name != NULL)
		return host->handler.create_by_name(slot, device);
	return host->handler.create(slot, channel);
}

/* A capability of one byte; 0 when the handler has none. */
static unsigned
capability(struct ifd_host *host, ifd_dword tag)
{
	unsigned char value[256] = { 0 };
	ifd_dword length = 1;

	return host->handler.get(0, tag, &length, value) == IFD_SUCCESS && length >= 1 ? value[0]
										       : 0;
}

static void *
capability_function(struct ifd_slot *slot, ifd_dword tag)
{
	union {
		void *address;
		unsigned char bytes[256];
	} value = { .address = NULL };
	ifd_dword length = sizeof value.address;

	if (slot->host->handler.get(slot->number, tag, &length, value.bytes) != IFD_SUCCESS ||
	    length != sizeof value.address)
		return NULL;
	return value.address;
}

static int
prepare(struct ifd_host *host, unsigned number, bool serial, char *reason)
{
	struct ifd_slot *slot = &host->slots[number];
	pthread_condattr_t attributes;
	ifd_result code;
	void *address;

	if (ifd_channel_make(&slot->channel, &slot->memory_fd) < 0) {
		(void)snprintf(reason, IFD_REASON_SIZE, "no descriptors or memory are left");
		return -1;
	}
	slot->host = host;
	slot->number = number;
	(void)pthread_mutex_init(&slot->own, NULL);
	(void)pthread_mutex_init(&slot->ask_lock, NULL);
	(void)pthread_condattr_init(&attributes);
	(void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&slot->ask, &attributes);
	(void)pthread_condattr_destroy(&attributes);
	slot->lock = serial ? &host->slots[0].own : &slot->own;
	/* Only with a way to end the wait: else the process could not end in order. */
	address = capability_function(slot, IFD_TAG_STOP_POLLING_THREAD);
	memcpy(&slot->stop, &address, sizeof address);
	address = capability_function(slot, IFD_TAG_POLLING_THREAD_WITH_TIMEOUT);
	if (slot->stop != NULL)
		memcpy(&slot->wait, &address, sizeof address);
	code = host->handler.presence(number);
	slot->present = code == IFD_ICC_PRESENT;
	slot->unsure = code != IFD_ICC_PRESENT && code != IFD_ICC_NOT_PRESENT;
	if (code == IFD_NO_SUCH_DEVICE)
		(void)snprintf(reason, IFD_REASON_SIZE, "the device is gone");
	return code == IFD_NO_SUCH_DEVICE ? -1 : 0;
}

int
ifd_host_open(struct ifd_host *host, char *device, unsigned long channel, char *reason)
{
	ifd_result code = create(host, 0, device, channel);
	unsigned slots;
	bool serial;

	if (code != IFD_SUCCESS && device[0] != '\0') {
		(void)snprintf(reason, IFD_REASON_SIZE,
		    "the handler does not open the device \"%.200s\" (result %ld)", device, code);
		return -1;
	}
	if (code != IFD_SUCCESS) {
		(void)snprintf(reason, IFD_REASON_SIZE,
		    "the handler does not open channel %lu (result %ld)", channel, code);
		return -1;
	}
	slots = capability(host, IFD_TAG_SLOTS_NUMBER);
	serial = slots > 1 && capability(host, IFD_TAG_SLOT_THREAD_SAFE) == 0;
	if (slots == 0)
		slots = 1;
	if (slots > IFD_SLOTS_MAX)
		slots = IFD_SLOTS_MAX;
	for (unsigned i = 0; i < slots; i++) {
		/* A slot that does not open, and those behind it, are not there. */
		if (i > 0 && create(host, i, device, channel) != IFD_SUCCESS)
			break;
		if (prepare(host, i, serial, reason) < 0)
			return -1;
		host->slot_count++;
	}
	return 0;
}
