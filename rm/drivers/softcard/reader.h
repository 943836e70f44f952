/* SPDX-License-Identifier: BSD-2-Clause */
/* A reader with a soft card in it. */
#ifndef SOFTCARD_READER_H
#define SOFTCARD_READER_H

#include <scardreader.h>
#include <tessera_class.h>

#include "rm/drivers/softcard/profile.h"

extern const struct tessera_class softcard_reader_class;

/*
 * Makes reader `number`, from 0, of a profile, with a card of its own.
 * @ret: receives a reference. E_OUTOFMEMORY.
 */
HRESULT
softcard_reader_new(const struct softcard_profile *profile, unsigned number, ISCardReader **ret);

/* The reader is gone from now on. Waits for a call in progress, which takes no time. */
void softcard_reader_end(ISCardReader *reader);

/* There is a card in it. */
bool softcard_reader_has_card(ISCardReader *reader);

#endif
