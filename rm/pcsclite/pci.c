/* SPDX-License-Identifier: BSD-2-Clause */
/* The protocol control information that callers pass by address: SCARD_PCI_T0, _T1, _RAW. */
#include "rm/pcsclite/lp64.h"

extern const struct lp64_pci pcsclite_pci_t0 LP64_EXPORT("g_rgSCardT0Pci");
extern const struct lp64_pci pcsclite_pci_t1 LP64_EXPORT("g_rgSCardT1Pci");
extern const struct lp64_pci pcsclite_pci_raw LP64_EXPORT("g_rgSCardRawPci");

const struct lp64_pci pcsclite_pci_t0 = { SCARD_PROTOCOL_T0, sizeof(struct lp64_pci) };
const struct lp64_pci pcsclite_pci_t1 = { SCARD_PROTOCOL_T1, sizeof(struct lp64_pci) };
const struct lp64_pci pcsclite_pci_raw = { LP64_PROTOCOL_RAW, sizeof(struct lp64_pci) };
