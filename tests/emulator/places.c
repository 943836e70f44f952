/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is plugged in, and where.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/emulator/usbfs.h"

/* A leaf: nothing is called with it held that takes another lock than a monitor's. */
static pthread_mutex_t places_lock = PTHREAD_MUTEX_INITIALIZER;
static struct usbfs_entry *places;

void
usbfs_plug(struct vusb *device, const struct usbfs_place *place, unsigned announcements)
{
	struct usbfs_entry *entry = calloc(1, sizeof *entry), **link = &places;

	if (entry == NULL)
		abort();
	entry->device = vusb_ref(device);
	entry->bus = place->bus;
	entry->address = place->address;
	entry->speed = place->speed != 0 ? place->speed : 12;
	if (place->name != NULL)
		snprintf(entry->name, sizeof entry->name, "%s", place->name);
	else
		snprintf(entry->name, sizeof entry->name, "%u-%u", place->bus, place->address);
	pthread_mutex_lock(&places_lock);
	while (*link != NULL)
		link = &(*link)->next;
	*link = entry;
	for (unsigned i = 0; i < announcements; i++)
		usbfs_tell(entry, "add");
	pthread_mutex_unlock(&places_lock);
}

void
usbfs_announce(struct vusb *device)
{
	pthread_mutex_lock(&places_lock);
	for (struct usbfs_entry *entry = places; entry != NULL; entry = entry->next)
		if (entry->device == device)
			usbfs_tell(entry, "add");
	pthread_mutex_unlock(&places_lock);
}

void
usbfs_unplug(struct vusb *device, bool announce)
{
	struct usbfs_entry *entry, **link = &places;

	pthread_mutex_lock(&places_lock);
	while (*link != NULL && (*link)->device != device)
		link = &(*link)->next;
	entry = *link;
	if (entry != NULL)
		*link = entry->next;
	pthread_mutex_unlock(&places_lock);
	if (entry == NULL)
		return;
	vusb_disconnect(device);
	if (announce)
		usbfs_tell(entry, "remove");
	free(entry);
	vusb_unref(device);
}

typedef bool (*places_match)(const struct usbfs_entry *entry, const void *key);

static bool
find(places_match match, const void *key, struct usbfs_entry *ret_entry)
{
	const struct usbfs_entry *entry;

	pthread_mutex_lock(&places_lock);
	entry = places;
	while (entry != NULL && !match(entry, key))
		entry = entry->next;
	if (entry != NULL) {
		*ret_entry = *entry;
		vusb_ref(entry->device);
	}
	pthread_mutex_unlock(&places_lock);
	return entry != NULL;
}

static bool
match_name(const struct usbfs_entry *entry, const void *key)
{
	return strcmp(entry->name, key) == 0;
}

bool
usbfs_find_name(const char *name, struct usbfs_entry *ret_entry)
{
	return find(match_name, name, ret_entry);
}

static bool
match_address(const struct usbfs_entry *entry, const void *key)
{
	const struct usbfs_place *place = key;

	return entry->bus == place->bus && entry->address == place->address;
}

bool
usbfs_find_address(unsigned bus, unsigned address, struct usbfs_entry *ret_entry)
{
	const struct usbfs_place place = { .bus = bus, .address = address };

	return find(match_address, &place, ret_entry);
}

void
usbfs_each(void (*call)(const struct usbfs_entry *entry, void *data), void *data)
{
	pthread_mutex_lock(&places_lock);
	for (const struct usbfs_entry *entry = places; entry != NULL; entry = entry->next)
		call(entry, data);
	pthread_mutex_unlock(&places_lock);
}
