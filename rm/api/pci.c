/* SPDX-License-Identifier: BSD-2-Clause */
/* The protocol control information that callers pass by address: SCARD_PCI_T0, _T1, _RAW. */
#include <winscard.h>

#include "rm/api/visibility.h"

API_EXPORT const SCARD_IO_REQUEST g_rgSCardT0Pci = { SCARD_PROTOCOL_T0, sizeof(SCARD_IO_REQUEST) };
API_EXPORT const SCARD_IO_REQUEST g_rgSCardT1Pci = { SCARD_PROTOCOL_T1, sizeof(SCARD_IO_REQUEST) };
API_EXPORT const SCARD_IO_REQUEST g_rgSCardRawPci = { SCARD_PROTOCOL_RAW,
	sizeof(SCARD_IO_REQUEST) };
