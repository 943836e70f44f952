/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The slots that a manager has open, by its numbers (Lun): reader in the upper half, slot in the
 * lower. All slots of a reader are one device, opened with the first of them.
 */
#ifndef CCID_BUNDLE_CHANNEL_H
#define CCID_BUNDLE_CHANNEL_H

#include "ccid/bundle/watch.h"
#include "ccid/device.h"

#define CHANNELS_MAX 1024u /* readers */

struct channel;

/*
 * Opens a slot.
 * @name: as bundle_address_parse has it; it counts for the first slot of a reader
 * CCID_OK; CCID_INVALID: no name; CCID_GONE: no such device, slot or interface; CCID_BUSY: open
 * already, or held by another program; CCID_REFUSED, ...
 */
enum ccid_result channel_open(unsigned long lun, const char *name);
/*
 * Closes it; the card in it loses its power. The exchange in progress ends; what waits for the
 * reader's last slot is waited for.
 * CCID_INVALID: it is not open.
 */
enum ccid_result channel_close(unsigned long lun);

/*
 * An open slot, held until channel_release; NULL: it is not open.
 * @ret_slot: number of the slot
 */
struct channel *channel_hold(unsigned long lun, unsigned *ret_slot);
void channel_release(struct channel *channel);
struct ccid_device *channel_device(struct channel *channel);
struct watch *channel_watch(struct channel *channel);
/* The administrator lets clients send any vendor command. */
bool channel_allows_escape(void);
/* The manager knows that it was unplugged: whoever waits for it returns. */
void channel_set_gone(struct channel *channel);

#endif
