/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The slots that a manager has open, by its numbers (Lun): reader in the upper half, slot in the
 * lower. All slots of a reader are one device, opened with the first of them.
 */
#ifndef CCID_BUNDLE_CHANNEL_H
#define CCID_BUNDLE_CHANNEL_H

#include "ccid/device.h"

#define CHANNELS_MAX 1024u /* readers */

struct channel;

/*
 * Opens a slot.
 * @name: `usb:VVVV/PPPP`, with `:libudev:INTERFACE:/dev/bus/usb/BBB/DDD` or
 *  `:libusb-1.0:BUS:ADDRESS:INTERFACE` behind it for one device of several
 * CCID_OK; CCID_GONE: no such device, slot or interface; CCID_BUSY, CCID_REFUSED, ...
 */
enum ccid_result channel_open(unsigned long lun, const char *name);
/* CCID_INVALID: it is not open. Waits for those inside. */
enum ccid_result channel_close(unsigned long lun);

/*
 * An open slot, held until channel_release; NULL: it is not open.
 * @ret_slot: number of the slot
 */
struct channel *channel_hold(unsigned long lun, unsigned *ret_slot);
void channel_release(struct channel *channel);
struct ccid_device *channel_device(struct channel *channel);

/* A card left a slot since it was last asked for: a manager that looks too late must know. */
bool channel_take_removal(struct channel *channel, unsigned slot);

/*
 * Waits for a movement, the reader's end, channel_wake or the time.
 * CCID_OK: something happened; CCID_DEADLINE; CCID_GONE.
 */
enum ccid_result channel_wait(struct channel *channel, unsigned milliseconds);
/* Ends the wait in progress, or else the next one. */
void channel_wake(struct channel *channel);

#endif
