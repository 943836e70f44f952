/* SPDX-License-Identifier: BSD-2-Clause */
/* A library of somebody else's that uses pcsc-lite's, in plain types. */
#ifndef TESTS_CONFORMANCE_THIRD_PARTY_H
#define TESTS_CONFORMANCE_THIRD_PARTY_H

#include <stddef.h>

struct third_party_report {
	unsigned long code;        /* of the last call, in pcsc-lite's numbers */
	unsigned long bad_handle;  /* what SCardDisconnect(0) gives */
	unsigned long pci_size;    /* what its SCARD_PCI_T1 says */
	unsigned long raw;         /* its SCARD_PROTOCOL_RAW as the library has it */
	unsigned long name_length; /* of SCardStatus */
	unsigned char reply[16];
	size_t reply_length;
};

/* Lists readers, connects to the first, sends GET CHALLENGE for 8 bytes. */
struct third_party_report third_party_visit(void);

#endif
