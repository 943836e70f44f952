/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/bundle/channel.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "ccid/bundle/log.h"
#include "ccid/places.h"

#define LIBRARIES "../../../.." /* from the bundle's Contents/Linux */
#define OPEN_TIME 10000000000ull
#define NAME_MAX_LENGTH 256u

struct channel {
	unsigned references; /* the table's lock */
	unsigned reader;     /* upper half of the Lun */
	uint16_t slots;      /* bit n: slot n is open; the table's lock */
	struct ccid_device *device;

	pthread_mutex_t lock;
	pthread_cond_t stir;
	bool moved, woken;
	bool removed[CCID_SLOTS_MAX];
};

/* What all channels share; begins with the first, ends with the last. */
static struct {
	pthread_mutex_t lock;    /* of the table; never held while anything is waited for */
	GHashTable *channels;    /* reader -> channel */
	pthread_mutex_t opening; /* opens and closes come one at a time */
	struct usb_loop *loop;
	struct ccid_quirk_table *quirks;
} all = { .lock = PTHREAD_MUTEX_INITIALIZER, .opening = PTHREAD_MUTEX_INITIALIZER };

static void
note_quirks(void *data, const char *line)
{
	(void)data;
	bundle_log(BUNDLE_LOG_ERROR, "quirks: %s", line);
}

static enum ccid_result
begin_all(void)
{
	char **paths;
	enum ccid_result r;

	if (all.loop != NULL)
		return CCID_OK;
	r = usb_loop_new(&all.loop);
	if (r != CCID_OK)
		return r;
	paths = ccid_quirk_places(LIBRARIES);
	all.quirks = ccid_quirks_read((const char *const *)paths, note_quirks, NULL);
	g_strfreev(paths);
	all.channels = g_hash_table_new(NULL, NULL);
	return CCID_OK;
}

static void
end_all(void)
{
	if (all.loop == NULL || g_hash_table_size(all.channels) != 0)
		return;
	usb_loop_free(all.loop);
	all.loop = NULL;
	ccid_quirks_free(all.quirks);
	all.quirks = NULL;
	g_hash_table_destroy(all.channels);
	all.channels = NULL;
}

/* What a name says; -1: it does not say. */
struct address {
	unsigned vendor, product;
	int bus, address, interface;
};

static bool
parse_name(const char *name, struct address *ret)
{
	int end = 0;

	*ret = (struct address){ .bus = -1, .address = -1, .interface = -1 };
	if (name == NULL || strnlen(name, NAME_MAX_LENGTH) == NAME_MAX_LENGTH ||
	    sscanf(name, "usb:%4x/%4x%n", &ret->vendor, &ret->product, &end) != 2 || end == 0)
		return false;
	name += end;
	if (sscanf(name, ":libudev:%d:/dev/bus/usb/%d/%d", &ret->interface, &ret->bus,
		&ret->address) == 3 ||
	    sscanf(name, ":libusb-1.0:%d:%d:%d", &ret->bus, &ret->address, &ret->interface) == 3)
		return true;
	*ret = (struct address){ ret->vendor, ret->product, -1, -1, -1 };
	return true;
}

static bool
is_open_already(const struct usb_reader *reader, libusb_device *usb)
{
	GHashTableIter iterator;
	gpointer value;
	bool open = false;

	pthread_mutex_lock(&all.lock);
	g_hash_table_iter_init(&iterator, all.channels);
	while (g_hash_table_iter_next(&iterator, NULL, &value)) {
		const struct ccid_about *about =
		    ccid_device_about(((struct channel *)value)->device);

		open |= about->place.bus == libusb_get_bus_number(usb) &&
		    about->address == libusb_get_device_address(usb) &&
		    about->place.interface == reader->endpoints.interface;
	}
	pthread_mutex_unlock(&all.lock);
	return open;
}

/* Which of a device's interfaces is meant; false: none. */
static bool
match(
    const struct address *address, libusb_device *usb, struct usb_reader *ret, unsigned *ret_count)
{
	struct usb_reader readers[USB_INTERFACES_MAX];
	struct libusb_device_descriptor descriptor;
	struct ccid_quirks quirks;
	struct ccid_model model;

	if (libusb_get_device_descriptor(usb, &descriptor) != LIBUSB_SUCCESS ||
	    descriptor.idVendor != address->vendor || descriptor.idProduct != address->product ||
	    (address->bus >= 0 && libusb_get_bus_number(usb) != address->bus) ||
	    (address->address >= 0 && libusb_get_device_address(usb) != address->address))
		return false;
	model = (struct ccid_model){ descriptor.idVendor, descriptor.idProduct,
		descriptor.bcdDevice, 0 };
	ccid_quirks_find(all.quirks, &model, &quirks);
	*ret_count = usb_find(usb, quirks.vendor_class, readers, NULL, NULL);
	for (unsigned i = 0; i < *ret_count; i++)
		if (address->interface >= 0 ? readers[i].endpoints.interface == address->interface : !is_open_already(&readers[i], usb)) {
			*ret = readers[i];
			return true;
		}
	return false;
}

static void
on_ready(void *data, struct ccid_device *device)
{
	(void)data, (void)device;
}

static void
on_card(void *data, struct ccid_device *device, unsigned slot, bool present)
{
	struct channel *channel = data;

	(void)device;
	pthread_mutex_lock(&channel->lock);
	channel->moved = true;
	if (!present)
		channel->removed[slot] = true;
	pthread_cond_broadcast(&channel->stir);
	pthread_mutex_unlock(&channel->lock);
}

static void
on_lost(void *data, struct ccid_device *device)
{
	on_card(data, device, 0, true);
}

static void
on_note(void *data, struct ccid_device *device, const char *line)
{
	const struct ccid_about *about = ccid_device_about(device);

	(void)data;
	bundle_log(BUNDLE_LOG_ERROR, "%04x:%04x at %u/%u, interface %u: %s", about->vendor,
	    about->product, about->place.bus, about->address, about->place.interface, line);
}

static void
channel_free(struct channel *channel)
{
	pthread_cond_destroy(&channel->stir);
	pthread_mutex_destroy(&channel->lock);
	g_free(channel);
}

static struct channel *
channel_new(unsigned reader)
{
	struct channel *channel = g_new0(struct channel, 1);
	pthread_condattr_t attributes;

	channel->references = 1;
	channel->reader = reader;
	pthread_mutex_init(&channel->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&channel->stir, &attributes);
	pthread_condattr_destroy(&attributes);
	return channel;
}

/* One device that matches is opened. */
static enum ccid_result
open_device(struct channel *channel, libusb_device *usb, const struct usb_reader *reader,
    unsigned interfaces)
{
	const struct ccid_audience audience = { on_ready, on_card, on_lost, on_note, channel };
	const struct ccid_device_options options = { .quirks = all.quirks, .first_try_only = true };
	enum ccid_result r;

	channel->device =
	    ccid_device_new(all.loop, usb, reader, interfaces, NULL, &options, &audience);
	r = ccid_device_settle(channel->device, usb_now() + OPEN_TIME);
	if (r == CCID_OK)
		return r;
	ccid_device_close(channel->device);
	ccid_device_unref(channel->device);
	channel->device = NULL;
	return r;
}

static enum ccid_result
open_first_match(struct channel *channel, const struct address *address)
{
	libusb_device **list;
	ssize_t count = libusb_get_device_list(usb_loop_context(all.loop), &list);
	enum ccid_result r = CCID_GONE;

	for (ssize_t i = 0; i < count && r != CCID_OK; i++) {
		struct usb_reader reader;
		unsigned interfaces = 0;

		if (match(address, list[i], &reader, &interfaces))
			r = open_device(channel, list[i], &reader, interfaces);
	}
	if (count >= 0)
		libusb_free_device_list(list, 1);
	return r;
}

static enum ccid_result
open_reader(unsigned reader, const char *name)
{
	struct address address;
	struct channel *channel;
	enum ccid_result r;

	if (!parse_name(name, &address))
		return CCID_INVALID;
	if (g_hash_table_size(all.channels) >= CHANNELS_MAX)
		return CCID_NO_MEMORY;
	channel = channel_new(reader);
	r = open_first_match(channel, &address);
	if (r != CCID_OK) {
		channel_free(channel);
		return r;
	}
	pthread_mutex_lock(&all.lock);
	g_hash_table_insert(all.channels, GUINT_TO_POINTER(reader), channel);
	pthread_mutex_unlock(&all.lock);
	return CCID_OK;
}

static struct channel *
lookup(unsigned reader)
{
	return all.channels != NULL ? g_hash_table_lookup(all.channels, GUINT_TO_POINTER(reader))
				    : NULL;
}

/* With the table's lock. */
static enum ccid_result
open_slot(struct channel *channel, unsigned slot)
{
	if (slot >= ccid_device_slots(channel->device))
		return CCID_GONE;
	if ((channel->slots & 1u << slot) != 0)
		return CCID_BUSY;
	channel->slots |= (uint16_t)(1u << slot);
	return CCID_OK;
}

static void
close_reader(struct channel *channel)
{
	ccid_device_close(channel->device);
	channel_release(channel);
}

enum ccid_result
channel_open(unsigned long lun, const char *name)
{
	unsigned reader = (unsigned)(lun >> 16) & 0xFFFF, slot = (unsigned)lun & 0xFFFF;
	struct channel *channel, *unused = NULL;
	enum ccid_result r;

	pthread_mutex_lock(&all.opening);
	r = begin_all();
	if (r == CCID_OK && lookup(reader) == NULL)
		r = open_reader(reader, name);
	if (r == CCID_OK) {
		pthread_mutex_lock(&all.lock);
		channel = lookup(reader);
		r = open_slot(channel, slot);
		if (channel->slots == 0) {
			g_hash_table_remove(all.channels, GUINT_TO_POINTER(reader));
			unused = channel;
		}
		pthread_mutex_unlock(&all.lock);
	}
	if (unused != NULL)
		close_reader(unused);
	end_all();
	pthread_mutex_unlock(&all.opening);
	return r;
}

enum ccid_result
channel_close(unsigned long lun)
{
	unsigned reader = (unsigned)(lun >> 16) & 0xFFFF, slot = (unsigned)lun & 0xFFFF;
	struct channel *channel;
	enum ccid_result r = CCID_INVALID;

	pthread_mutex_lock(&all.opening);
	pthread_mutex_lock(&all.lock);
	channel = lookup(reader);
	if (channel != NULL && slot < CCID_SLOTS_MAX && (channel->slots & 1u << slot) != 0) {
		channel->slots &= (uint16_t) ~(1u << slot);
		if (channel->slots == 0)
			g_hash_table_remove(all.channels, GUINT_TO_POINTER(reader));
		else
			channel = NULL;
		r = CCID_OK;
	} else {
		channel = NULL;
	}
	pthread_mutex_unlock(&all.lock);
	if (channel != NULL)
		close_reader(channel);
	end_all();
	pthread_mutex_unlock(&all.opening);
	return r;
}

struct channel *
channel_hold(unsigned long lun, unsigned *ret_slot)
{
	unsigned reader = (unsigned)(lun >> 16) & 0xFFFF, slot = (unsigned)lun & 0xFFFF;
	struct channel *channel;

	pthread_mutex_lock(&all.lock);
	channel = lookup(reader);
	if (channel != NULL && slot < CCID_SLOTS_MAX && (channel->slots & 1u << slot) != 0)
		channel->references++;
	else
		channel = NULL;
	pthread_mutex_unlock(&all.lock);
	*ret_slot = slot;
	return channel;
}

void
channel_release(struct channel *channel)
{
	bool last;

	pthread_mutex_lock(&all.lock);
	last = --channel->references == 0;
	pthread_mutex_unlock(&all.lock);
	if (!last)
		return;
	ccid_device_unref(channel->device);
	channel_free(channel);
}

struct ccid_device *
channel_device(struct channel *channel)
{
	return channel->device;
}

bool
channel_take_removal(struct channel *channel, unsigned slot)
{
	bool removed;

	pthread_mutex_lock(&channel->lock);
	removed = channel->removed[slot];
	channel->removed[slot] = false;
	pthread_mutex_unlock(&channel->lock);
	return removed;
}

enum ccid_result
channel_wait(struct channel *channel, unsigned milliseconds)
{
	uint64_t until = usb_now() + milliseconds * 1000000ull;
	const struct timespec end = { (time_t)(until / 1000000000u), (long)(until % 1000000000u) };
	enum ccid_result result;
	int r = 0;

	pthread_mutex_lock(&channel->lock);
	while (r == 0 && !channel->moved && !channel->woken)
		r = pthread_cond_timedwait(&channel->stir, &channel->lock, &end);
	result = channel->moved || channel->woken ? CCID_OK : CCID_DEADLINE;
	channel->moved = channel->woken = false;
	pthread_mutex_unlock(&channel->lock);
	return result;
}

void
channel_wake(struct channel *channel)
{
	pthread_mutex_lock(&channel->lock);
	channel->woken = true;
	pthread_cond_broadcast(&channel->stir);
	pthread_mutex_unlock(&channel->lock);
}
