/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * USB readers as a driver: finds them, and announces them and their cards.
 *
 * A unit is an interface that is a reader. It comes with its device and goes with it, on the loop's
 * thread; it is opened on a thread of its own (device.h), and closed on another, because both may
 * take time. What is told to the sink about a unit is told under the lock, so that nothing is
 * said of a reader that has gone.
 */
#define COBJMACROS
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>

#include <scarderr.h>
#include <scardreader.h>
#include <tessera_class.h>

#include "ccid.h"
#include "ccid/places.h"
#include "ccid/reader.h"
#include "ccid/settings.h"
#include "ccid/thread.h"
#include "ccid/usb_loop.h"

#define SOURCE "SCardReaderDriver.ccid"
#define LIBRARIES "../.."    /* from the components' folder */
#define NODES "/dev/bus/usb" /* of USB devices */
#define NUMBERS_MAX 256u     /* in names: two hexadecimal digits */

struct ccid_driver {
	struct tessera_object object;
	TESSERA_INTERFACE(ISCardReaderDriver) driver;
	TESSERA_INTERFACE(ISupportErrorInfo) support;
	pthread_mutex_t life; /* between Start and Stop */
	bool started, running;
	struct ccid_settings settings;
	struct ccid_quirk_table *quirks;
	struct usb_loop *loop;
	ISCardReaderSink *sink;

	pthread_mutex_t lock; /* a leaf, but for the sink */
	GPtrArray *units;
	unsigned closing;      /* threads that close a unit */
	pthread_cond_t closed; /* one of them is done */
	ULONG last_group;
	bool numbers[NUMBERS_MAX]; /* taken */
};

struct unit {
	struct ccid_driver *driver;
	libusb_device *usb; /* with a reference */
	struct ccid_device *device;
	ULONG group;
	/* The driver's lock. */
	unsigned number;
	bool announced, left;
	ISCardReader *readers[CCID_SLOTS_MAX];
	unsigned reader_count;
};

static void
log_line(const char *subject, const char *line)
{
	(void)fprintf(stderr, "tessera: ccid: %s: %s\n", subject, line);
}

static void
on_note(void *data, struct ccid_device *device, const char *line)
{
	const struct ccid_about *about = ccid_device_about(device);
	char place[64], subject[96];

	(void)data;
	usb_place_text(&about->place, place, sizeof place);
	snprintf(subject, sizeof subject, "%04x:%04x at %s, interface %u", about->vendor,
	    about->product, place, about->place.interface);
	log_line(subject, line);
}

static void
note_quirks(void *data, const char *line)
{
	(void)data;
	log_line("quirks", line);
}

/* With the lock. */
static unsigned
take_number(struct ccid_driver *self)
{
	unsigned number = 0;

	while (number < NUMBERS_MAX - 1 && self->numbers[number])
		number++;
	self->numbers[number] = true;
	return number;
}

static HRESULT
announce(struct unit *unit)
{
	struct ccid_driver *self = unit->driver;
	unsigned slots = ccid_device_slots(unit->device), announced = 0;
	HRESULT hr = S_OK;

	unit->number = take_number(self);
	for (unsigned i = 0; i < slots && SUCCEEDED(hr); i++) {
		hr = ccid_reader_new(unit->device, i, unit->number, unit->group,
		    self->settings.escape, &unit->readers[i]);
		if (SUCCEEDED(hr))
			unit->reader_count++;
	}
	while (SUCCEEDED(hr) && announced < slots) {
		hr = ISCardReaderSink_ReaderArrived(self->sink, unit->readers[announced]);
		if (SUCCEEDED(hr))
			announced++;
	}
	if (SUCCEEDED(hr)) {
		unit->announced = true;
		return hr;
	}
	while (announced-- > 0)
		ISCardReaderSink_ReaderGone(self->sink, unit->readers[announced]);
	self->numbers[unit->number] = false;
	return hr;
}

/* With the lock. */
static void
take_back(struct unit *unit)
{
	if (!unit->announced)
		return;
	for (unsigned i = 0; i < unit->reader_count; i++)
		ISCardReaderSink_ReaderGone(unit->driver->sink, unit->readers[i]);
	unit->driver->numbers[unit->number] = false;
	unit->announced = false;
}

static void
on_ready(void *data, struct ccid_device *device)
{
	struct unit *unit = data;

	pthread_mutex_lock(&unit->driver->lock);
	/* ccid_device_new may still be on its way back. */
	if (unit->device == NULL)
		unit->device = device;
	if (!unit->left && FAILED(announce(unit)))
		on_note(NULL, device, "out of memory: the reader is not shown");
	pthread_mutex_unlock(&unit->driver->lock);
}

static void
on_card(void *data, struct ccid_device *device, unsigned slot, bool present)
{
	struct unit *unit = data;

	(void)device;
	pthread_mutex_lock(&unit->driver->lock);
	if (unit->announced && present)
		ISCardReaderSink_CardInserted(unit->driver->sink, unit->readers[slot]);
	else if (unit->announced)
		ISCardReaderSink_CardRemoved(unit->driver->sink, unit->readers[slot]);
	pthread_mutex_unlock(&unit->driver->lock);
}

static void
on_lost(void *data, struct ccid_device *device)
{
	struct unit *unit = data;

	(void)device;
	pthread_mutex_lock(&unit->driver->lock);
	take_back(unit);
	pthread_mutex_unlock(&unit->driver->lock);
}

static void
free_unit(struct unit *unit)
{
	ccid_device_close(unit->device);
	for (unsigned i = 0; i < unit->reader_count; i++)
		ISCardReader_Release(unit->readers[i]);
	ccid_device_unref(unit->device);
	libusb_unref_device(unit->usb);
	g_free(unit);
}

static void *
close_unit(void *data)
{
	struct unit *unit = data;
	struct ccid_driver *self = unit->driver;

	free_unit(unit);
	pthread_mutex_lock(&self->lock);
	self->closing--;
	pthread_cond_signal(&self->closed);
	pthread_mutex_unlock(&self->lock);
	return NULL;
}

/* With the lock. Without a thread for it the unit is kept until the driver stops. */
static bool
begin_close(struct ccid_driver *self, struct unit *unit)
{
	pthread_t thread;

	if (!ccid_thread_begin(&thread, close_unit, unit))
		return false;
	pthread_detach(thread);
	self->closing++;
	return true;
}

static void
add_unit(struct ccid_driver *self, libusb_device *usb, const struct usb_reader *reader,
    unsigned interfaces, struct ccid_line *line, ULONG group)
{
	const struct ccid_device_options options = { .slot = self->settings.slot,
		.quirks = self->quirks };
	struct unit *unit = g_new0(struct unit, 1);
	const struct ccid_audience audience = { on_ready, on_card, on_lost, on_note, unit };
	struct ccid_device *device;

	unit->driver = self;
	unit->usb = libusb_ref_device(usb);
	unit->group = group;
	device = ccid_device_new(self->loop, usb, reader, interfaces, line, &options, &audience);
	pthread_mutex_lock(&self->lock);
	unit->device = device;
	g_ptr_array_add(self->units, unit);
	pthread_mutex_unlock(&self->lock);
}

static void
note_refused(void *data, const char *line)
{
	log_line(data, line);
}

static void
on_arrived(void *data, libusb_device *usb)
{
	struct ccid_driver *self = data;
	struct usb_reader readers[USB_INTERFACES_MAX];
	struct libusb_device_descriptor descriptor;
	struct ccid_line *line = NULL;
	struct ccid_quirks quirks;
	struct ccid_model model;
	struct ccid_place place;
	char subject[32], path[64];
	ULONG group = 0;
	unsigned count;

	if (libusb_get_device_descriptor(usb, &descriptor) != LIBUSB_SUCCESS)
		return;
	model = (struct ccid_model){ descriptor.idVendor, descriptor.idProduct,
		descriptor.bcdDevice, 0 };
	usb_place(usb, &place);
	usb_place_text(&place, path, sizeof path);
	if (!ccid_settings_select(&self->settings, model.vendor, model.product, path))
		return;
	ccid_quirks_find(self->quirks, &model, &quirks);
	snprintf(subject, sizeof subject, "%04x:%04x", model.vendor, model.product);
	count = usb_find(usb, quirks.vendor_class, readers, note_refused, subject);
	if (count > 1 && quirks.device_lock) {
		line = ccid_line_new();
		group = ++self->last_group;
	}
	for (unsigned i = 0; i < count; i++)
		add_unit(
		    self, usb, &readers[i], count, line, line != NULL ? group : ++self->last_group);
	if (line != NULL)
		ccid_line_unref(line);
}

static void
on_left(void *data, libusb_device *usb)
{
	struct ccid_driver *self = data;

	pthread_mutex_lock(&self->lock);
	for (guint i = self->units->len; i-- > 0;) {
		struct unit *unit = g_ptr_array_index(self->units, i);

		if (unit->usb != usb || unit->left)
			continue;
		unit->left = true;
		ccid_device_set_gone(unit->device);
		take_back(unit);
		if (begin_close(self, unit))
			g_ptr_array_remove_index(self->units, i);
	}
	pthread_mutex_unlock(&self->lock);
}

static HRESULT
fail(HRESULT hr, const char *message)
{
	return tessera_error(hr, &IID_ISCardReaderDriver, SOURCE, "%s", message);
}

/* Those that are there are to be announced before Start returns: waits for their opening. */
static void
settle(struct ccid_driver *self, uint64_t deadline)
{
	GPtrArray *devices = g_ptr_array_new();

	pthread_mutex_lock(&self->lock);
	for (guint i = 0; i < self->units->len; i++) {
		struct unit *unit = g_ptr_array_index(self->units, i);

		g_ptr_array_add(devices, ccid_device_ref(unit->device));
	}
	pthread_mutex_unlock(&self->lock);
	for (guint i = 0; i < devices->len; i++) {
		ccid_device_settle(g_ptr_array_index(devices, i), deadline);
		ccid_device_unref(g_ptr_array_index(devices, i));
	}
	g_ptr_array_free(devices, TRUE);
}

static void
clear(struct ccid_driver *self)
{
	if (self->loop != NULL)
		usb_loop_free(self->loop);
	self->loop = NULL;
	ccid_quirks_free(self->quirks);
	self->quirks = NULL;
	if (self->units != NULL)
		g_ptr_array_free(self->units, TRUE);
	self->units = NULL;
}

static HRESULT
start(struct ccid_driver *self, const char *settings, ISCardReaderSink *sink, uint64_t deadline)
{
	const struct usb_watcher watcher = { on_arrived, on_left, self };
	char message[CCID_MESSAGE_SIZE];
	char **paths;

	if (ccid_settings_parse(settings, &self->settings, message) < 0)
		return fail(SCARD_E_INVALID_PARAMETER, message);
	paths = ccid_quirk_places(LIBRARIES);
	self->quirks = ccid_quirks_read((const char *const *)paths, note_quirks, NULL);
	g_strfreev(paths);
	self->units = g_ptr_array_new();
	self->sink = sink;
	if (usb_loop_new(&self->loop) != CCID_OK ||
	    usb_loop_watch(self->loop, &watcher) != CCID_OK) {
		clear(self);
		self->sink = NULL;
		return fail(SCARD_E_READER_UNAVAILABLE,
		    "ccid: libusb cannot be used here: /dev/bus/usb or the kernel's notices of "
		    "devices are not accessible");
	}
	if (self->units->len == 0 && access(NODES, F_OK) < 0)
		log_line(
		    "USB", "there is no " NODES ": this machine or container shows no devices");
	settle(self, deadline);
	ISCardReaderSink_AddRef(sink);
	self->running = true;
	return S_OK;
}

/* All at once: each may have to wait for its device. Nobody comes or goes any more. */
static void
close_all(struct ccid_driver *self)
{
	pthread_mutex_lock(&self->lock);
	for (guint i = self->units->len; i-- > 0;) {
		struct unit *unit = g_ptr_array_index(self->units, i);

		unit->left = true;
		unit->announced = false;
		if (begin_close(self, unit))
			g_ptr_array_remove_index(self->units, i);
	}
	while (self->closing > 0)
		pthread_cond_wait(&self->closed, &self->lock);
	pthread_mutex_unlock(&self->lock);
	for (guint i = 0; i < self->units->len; i++)
		free_unit(g_ptr_array_index(self->units, i));
}

static void
stop(struct ccid_driver *self)
{
	if (!self->running)
		return;
	usb_loop_deafen(self->loop);
	close_all(self);
	clear(self);
	ISCardReaderSink_Release(self->sink);
	self->sink = NULL;
	self->running = false;
}

static HRESULT
driver_Start(ISCardReaderDriver *iface, LPCSTR Settings, ISCardReaderSink *Sink, ULONGLONG Deadline)
{
	struct ccid_driver *self = TESSERA_SELF(struct ccid_driver, iface);
	HRESULT hr = E_UNEXPECTED;

	if (Sink == NULL)
		return E_POINTER;
	pthread_mutex_lock(&self->life);
	if (!self->started) {
		self->started = true;
		hr = start(self, Settings, Sink, Deadline);
	}
	pthread_mutex_unlock(&self->life);
	return hr;
}

static HRESULT
driver_Stop(ISCardReaderDriver *iface)
{
	struct ccid_driver *self = TESSERA_SELF(struct ccid_driver, iface);

	pthread_mutex_lock(&self->life);
	stop(self);
	pthread_mutex_unlock(&self->life);
	return S_OK;
}

static HRESULT
construct(struct tessera_object *object)
{
	struct ccid_driver *self = (struct ccid_driver *)(void *)object;

	pthread_mutex_init(&self->life, NULL);
	pthread_mutex_init(&self->lock, NULL);
	pthread_cond_init(&self->closed, NULL);
	return S_OK;
}

static void
destruct(struct tessera_object *object)
{
	struct ccid_driver *self = (struct ccid_driver *)(void *)object;

	stop(self);
	pthread_cond_destroy(&self->closed);
	pthread_mutex_destroy(&self->lock);
	pthread_mutex_destroy(&self->life);
}

static const ISCardReaderDriverVtbl driver_vtbl = {
	TESSERA_UNKNOWN_SLOTS(ISCardReaderDriver),
	.Start = driver_Start,
	.Stop = driver_Stop,
};
static const struct tessera_interface driver_interfaces[] = {
	{ &IID_ISCardReaderDriver, offsetof(struct ccid_driver, driver), &driver_vtbl },
	{ &IID_ISupportErrorInfo, offsetof(struct ccid_driver, support),
	    &tessera_support_error_info_vtbl },
};
static struct tessera_census driver_census;
static const struct tessera_class driver_class = {
	.clsid = &CLSID_CcidDriver,
	.name = "CcidDriver",
	.size = sizeof(struct ccid_driver),
	.interfaces = driver_interfaces,
	.interface_count = sizeof driver_interfaces / sizeof driver_interfaces[0],
	.construct = construct,
	.destruct = destruct,
	.flags = TESSERA_CLASS_SERVICE,
	.census = &driver_census,
};
TESSERA_MODULE(&driver_class, &ccid_reader_class);
