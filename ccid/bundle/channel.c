/* SPDX-License-Identifier: BSD-2-Clause */
#include "ccid/bundle/channel.h"

#include <pthread.h>

#include <glib.h>

#include "ccid/bundle/find.h"
#include "ccid/bundle/log.h"
#include "ccid/bundle/options.h"
#include "ccid/places.h"
#include "ccid/thread.h"

#define LIBRARIES "../../../../.." /* from the bundle's Contents/Linux */
#define OPEN_TIME 10000000000ull
#define POWER_DOWN_TIME 1000000000ull

struct channel {
	unsigned references; /* the table's lock */
	unsigned reader;     /* upper half of the Lun */
	uint16_t slots;      /* bit n: slot n is open; the table's lock */
	struct ccid_device *device;
	struct ccid_line *line; /* NULL: the device's own */
	unsigned bus, address, interface;
	struct watch watch;
};

/* What all channels share; begins with the first, ends with the last. */
static struct {
	pthread_mutex_t lock;    /* of the table; never held while anything is waited for */
	GHashTable *channels;    /* reader -> channel; changes under both locks */
	pthread_mutex_t opening; /* opens and closes come one at a time */
	struct usb_loop *loop;
	struct ccid_quirk_table *quirks;
	struct bundle_options options;
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
	bundle_options_read(&all.options);
	pthread_mutex_lock(&all.lock);
	all.channels = g_hash_table_new(NULL, NULL);
	pthread_mutex_unlock(&all.lock);
	return CCID_OK;
}

static void
end_all(void)
{
	if (all.loop == NULL || g_hash_table_size(all.channels) != 0)
		return;
	pthread_mutex_lock(&all.lock);
	g_hash_table_destroy(all.channels);
	all.channels = NULL;
	pthread_mutex_unlock(&all.lock);
	usb_loop_free(all.loop);
	all.loop = NULL;
	ccid_quirks_free(all.quirks);
	all.quirks = NULL;
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
	watch_card(&channel->watch, slot, present);
}

static void
on_lost(void *data, struct ccid_device *device)
{
	struct channel *channel = data;

	(void)device;
	watch_end(&channel->watch);
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
	watch_done(&channel->watch);
	if (channel->line != NULL)
		ccid_line_unref(channel->line);
	g_free(channel);
}

/* The channel of an interface of this device; -1: of any. With the lock that is for opening. */
static struct channel *
find_open(libusb_device *usb, int interface)
{
	GHashTableIter iterator;
	gpointer value;

	g_hash_table_iter_init(&iterator, all.channels);
	while (g_hash_table_iter_next(&iterator, NULL, &value)) {
		struct channel *channel = value;

		/* Addresses are given again: one that has ended is another device. */
		if (channel->bus == libusb_get_bus_number(usb) &&
		    channel->address == libusb_get_device_address(usb) &&
		    (interface < 0 || channel->interface == (unsigned)interface) &&
		    !watch_is_over(&channel->watch))
			return channel;
	}
	return NULL;
}

/* One line for all interfaces of a device that gets confused. */
static struct ccid_line *
line_for(const struct bundle_candidate *candidate)
{
	struct channel *other;

	if (!candidate->one_line)
		return NULL;
	other = find_open(candidate->usb, -1);
	return other != NULL && other->line != NULL ? ccid_line_ref(other->line) : ccid_line_new();
}

static enum ccid_result
open_device(void *data, const struct bundle_candidate *candidate)
{
	struct channel *channel = data;
	const struct ccid_audience audience = { on_ready, on_card, on_lost, on_note, channel };
	const struct ccid_device_options options = {
		.slot = all.options.slot, .quirks = all.quirks, .first_try_only = true
	};
	enum ccid_result r;

	channel->bus = libusb_get_bus_number(candidate->usb);
	channel->address = libusb_get_device_address(candidate->usb);
	channel->interface = candidate->reader->endpoints.interface;
	if (find_open(candidate->usb, (int)channel->interface) != NULL)
		return CCID_BUSY;
	channel->line = line_for(candidate);
	channel->device = ccid_device_new(all.loop, candidate->usb, candidate->reader,
	    candidate->interfaces, channel->line, &options, &audience);
	r = ccid_device_settle(channel->device, ccid_now() + OPEN_TIME);
	if (r == CCID_OK)
		return r;
	ccid_device_close(channel->device);
	ccid_device_unref(channel->device);
	channel->device = NULL;
	if (channel->line != NULL)
		ccid_line_unref(channel->line);
	channel->line = NULL;
	return r;
}

static enum ccid_result
open_reader(unsigned reader, const char *name)
{
	struct bundle_address address;
	struct channel *channel;
	enum ccid_result r;

	if (!bundle_address_parse(name, &address))
		return CCID_INVALID;
	if (g_hash_table_size(all.channels) >= CHANNELS_MAX)
		return CCID_NO_MEMORY;
	channel = g_new0(struct channel, 1);
	channel->references = 1;
	channel->reader = reader;
	watch_init(&channel->watch);
	r = bundle_find(usb_loop_context(all.loop), all.quirks, &address, open_device, channel);
	if (r != CCID_OK) {
		channel_free(channel);
		return r;
	}
	pthread_mutex_lock(&all.lock);
	g_hash_table_insert(all.channels, GUINT_TO_POINTER(reader), channel);
	pthread_mutex_unlock(&all.lock);
	return CCID_OK;
}

/* Numbers are 32 bits; a manager's type for them may be wider. */
static bool
split(unsigned long lun, unsigned *ret_reader, unsigned *ret_slot)
{
	*ret_reader = (unsigned)(lun >> 16) & 0xFFFF;
	*ret_slot = (unsigned)lun & 0xFFFF;
	return lun <= 0xFFFFFFFF;
}

static struct channel *
lookup(unsigned reader)
{
	return all.channels != NULL ? g_hash_table_lookup(all.channels, GUINT_TO_POINTER(reader))
				    : NULL;
}

static bool
has_slot(const struct channel *channel, unsigned slot)
{
	return channel != NULL && slot < CCID_SLOTS_MAX && (channel->slots & 1u << slot) != 0;
}

/* With the table's lock. */
static enum ccid_result
open_slot(struct channel *channel, unsigned slot)
{
	if (slot >= ccid_device_slots(channel->device))
		return CCID_GONE;
	if (has_slot(channel, slot))
		return CCID_BUSY;
	channel->slots |= (uint16_t)(1u << slot);
	return CCID_OK;
}

static void
close_reader(struct channel *channel)
{
	watch_end(&channel->watch);
	ccid_device_close(channel->device);
	channel_release(channel);
}

/* Its card; other slots of the reader stay open. */
static void
close_slot(struct channel *channel, unsigned number)
{
	const uint64_t deadline = ccid_now() + POWER_DOWN_TIME;
	struct ccid_slot *slot;

	watch_wake(&channel->watch, number);
	if (ccid_device_enter(channel->device, number, deadline, &slot) != CCID_OK)
		return;
	ccid_slot_power_down(slot, deadline);
	ccid_device_leave(channel->device);
}

enum ccid_result
channel_open(unsigned long lun, const char *name)
{
	unsigned reader, slot;
	struct channel *channel, *unused = NULL;
	enum ccid_result r;

	if (!split(lun, &reader, &slot))
		return CCID_INVALID;
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
	unsigned reader, slot;
	struct channel *channel;
	bool last = false;

	if (!split(lun, &reader, &slot))
		return CCID_INVALID;
	pthread_mutex_lock(&all.opening);
	pthread_mutex_lock(&all.lock);
	channel = lookup(reader);
	if (has_slot(channel, slot)) {
		channel->slots &= (uint16_t) ~(1u << slot);
		last = channel->slots == 0;
		if (last)
			g_hash_table_remove(all.channels, GUINT_TO_POINTER(reader));
	} else {
		channel = NULL;
	}
	pthread_mutex_unlock(&all.lock);
	if (last)
		close_reader(channel);
	else if (channel != NULL)
		close_slot(channel, slot);
	end_all();
	pthread_mutex_unlock(&all.opening);
	return channel != NULL ? CCID_OK : CCID_INVALID;
}

struct channel *
channel_hold(unsigned long lun, unsigned *ret_slot)
{
	unsigned reader;
	struct channel *channel;

	if (!split(lun, &reader, ret_slot))
		return NULL;
	pthread_mutex_lock(&all.lock);
	channel = lookup(reader);
	if (has_slot(channel, *ret_slot))
		channel->references++;
	else
		channel = NULL;
	pthread_mutex_unlock(&all.lock);
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

struct watch *
channel_watch(struct channel *channel)
{
	return &channel->watch;
}

void
channel_set_gone(struct channel *channel)
{
	ccid_device_set_gone(channel->device);
	watch_end(&channel->watch);
}

bool
channel_allows_escape(void)
{
	return all.options.escape;
}
