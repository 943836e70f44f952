/* SPDX-License-Identifier: BSD-2-Clause */
/* One slot of a device, as the resource manager sees it. */
#ifndef CCID_READER_H
#define CCID_READER_H

#include <scardreader.h>
#include <tessera_class.h>

#include "ccid/device.h"

extern const struct tessera_class ccid_reader_class;

/*
 * Makes the reader of a slot.
 * @number: of the device among those of this driver, for its name
 * @group: SCARDREADER_INFO.SerialGroup
 * @escape: all escape commands are allowed
 * @ret: receives a reference, which holds one of the device
 */
HRESULT ccid_reader_new(struct ccid_device *device, unsigned slot, unsigned number, ULONG group,
    bool escape, ISCardReader **ret);

#endif
