/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The driver's bundle as a manager of IFD handlers has it: loaded by name, its functions found by
 * name, on an emulated reader.
 */
#ifndef TESTS_EMULATOR_BUNDLE_H
#define TESTS_EMULATOR_BUNDLE_H

#include "interfaces/pcsclite/ifdhandler.h"
#include "interfaces/pcsclite/reader.h"
#include "tests/emulator/reader.h"

#define BUNDLE_ATR_T0 "3B 02 14 50"
#define BUNDLE_ATR_T1 "3B 90 95 81 31 FE 45 8E"
/* The usual emulated reader, as managers name it. */
#define BUNDLE_MODEL "usb:1209/cc1d"
#define BUNDLE_DEVICE BUNDLE_MODEL ":libudev:0:/dev/bus/usb/001/002"

struct bundle {
	void *module;
	RESPONSECODE (*CreateChannelByName)(DWORD, LPSTR);
	RESPONSECODE (*CreateChannel)(DWORD, DWORD);
	RESPONSECODE (*CloseChannel)(DWORD);
	RESPONSECODE (*GetCapabilities)(DWORD, DWORD, PDWORD, PUCHAR);
	RESPONSECODE (*SetCapabilities)(DWORD, DWORD, DWORD, PUCHAR);
	RESPONSECODE (*SetProtocolParameters)(DWORD, DWORD, UCHAR, UCHAR, UCHAR, UCHAR);
	RESPONSECODE (*PowerICC)(DWORD, DWORD, PUCHAR, PDWORD);
	RESPONSECODE(*TransmitToICC)
	(DWORD, SCARD_IO_HEADER, PUCHAR, DWORD, PUCHAR, PDWORD, PSCARD_IO_HEADER);
	RESPONSECODE (*Control)(DWORD, DWORD, PUCHAR, DWORD, PUCHAR, DWORD, LPDWORD);
	RESPONSECODE (*ICCPresence)(DWORD);
	/* Of its tags, once a channel is open. */
	RESPONSECODE (*poll)(DWORD, int);
	RESPONSECODE (*stop)(DWORD);
};

extern struct bundle ifd;

/* Loads it; exits when it cannot. */
void bundle_load(void);
/* It goes, and may be loaded again: no channel is open. */
void bundle_unload(void);

/* Opens a slot of a device, and asks for its functions to wait. The result of opening. */
RESPONSECODE bundle_open(DWORD lun, const char *device);
/* Power, protocol: as a connection begins. The result of the last that was done. */
RESPONSECODE bundle_power(DWORD lun, DWORD action, DWORD protocol);
/* Sends a command of the echo and looks whether it came back. */
RESPONSECODE bundle_echo(DWORD lun, DWORD protocol);
/* One byte, as most tags have. */
int bundle_byte(DWORD lun, DWORD tag);

/* What the handler said to its manager since the last call: the last line. */
const char *bundle_line(void);

#endif
