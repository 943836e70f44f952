/* SPDX-License-Identifier: BSD-2-Clause */
/* One slot of a hosted handler, as the resource manager sees it. */
#ifndef IFDHANDLER_READER_H
#define IFDHANDLER_READER_H

#include <scardreader.h>
#include <tessera_class.h>

#include "rm/drivers/ifdhandler/link.h"
#include "rm/drivers/ifdhandler/settings.h"

extern const struct tessera_class ifd_reader_class;

/*
 * Makes the reader of a slot.
 * @fds: the slot's channel; closed by ifd_link_shut, and on failure
 * @ret: receives a reference. E_OUTOFMEMORY, or SCARD_E_READER_UNAVAILABLE: not a channel.
 */
HRESULT ifd_reader_new(const struct ifd_settings *settings, const struct ifd_event *ready,
    unsigned slot, const int fds[IFD_SLOT_FDS], int wake_fd, ISCardReader **ret);

/* Lasts as long as the reader. */
struct ifd_link *ifd_reader_link(ISCardReader *reader);

#endif
