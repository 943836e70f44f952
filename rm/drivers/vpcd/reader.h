/* SPDX-License-Identifier: BSD-2-Clause */
/* One slot of the virtual reader, as the resource manager sees it. */
#ifndef VPCD_READER_H
#define VPCD_READER_H

#include <scardreader.h>
#include <tessera_class.h>

#include "rm/drivers/vpcd/connection.h"
#include "rm/drivers/vpcd/settings.h"

extern const struct tessera_class vpcd_reader_class;

/*
 * Makes the reader of a slot.
 * @wake_fd: for its connection; open until vpcd_connection_shut
 * @ret: receives a reference. E_OUTOFMEMORY, or SCARD_E_READER_UNAVAILABLE: no descriptor is left.
 */
HRESULT vpcd_reader_new(
    const struct vpcd_settings *settings, unsigned slot, int wake_fd, ISCardReader **ret);

/* The connection on which its card comes; lasts as long as the reader. */
struct vpcd_connection *vpcd_reader_connection(ISCardReader *reader);

#endif
