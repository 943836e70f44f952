/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a reader driver for pcsc-lite (an IFD handler) exports, version 3.0 of the interface, or 2.0
 * with IFDHANDLERv2 defined.
 *
 * Lun: the reader in the high 16 bits, its slot in the low 16.
 */
#ifndef TESSERA_PCSC_IFDHANDLER_H
#define TESSERA_PCSC_IFDHANDLER_H

#include "pcsclite.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct _DEVICE_CAPABILITIES {
	LPSTR Vendor_Name;
	LPSTR IFD_Type;
	DWORD IFD_Version;
	LPSTR IFD_Serial;
	DWORD IFD_Channel_ID;
	DWORD Asynch_Supported;
	DWORD Default_Clock;
	DWORD Max_Clock;
	DWORD Default_Data_Rate;
	DWORD Max_Data_Rate;
	DWORD Max_IFSD;
	DWORD Synch_Supported;
	DWORD Power_Mgmt;
	DWORD Card_Auth_Devices;
	DWORD User_Auth_Device;
	DWORD Mechanics_Supported;
	DWORD Vendor_Features;
} DEVICE_CAPABILITIES, *PDEVICE_CAPABILITIES;

typedef struct _ICC_STATE {
	UCHAR ICC_Presence;
	UCHAR ICC_Interface_Status;
	UCHAR ATR[MAX_ATR_SIZE];
	UCHAR ICC_Type;
} ICC_STATE, *PICC_STATE;

typedef struct _PROTOCOL_OPTIONS {
	DWORD Protocol_Type;
	DWORD Current_Clock;
	DWORD Current_F;
	DWORD Current_D;
	DWORD Current_N;
	DWORD Current_W;
	DWORD Current_IFSC;
	DWORD Current_IFSD;
	DWORD Current_BWT;
	DWORD Current_CWT;
	DWORD Current_EBC;
} PROTOCOL_OPTIONS, *PPROTOCOL_OPTIONS;

/* Protocol: 0 for T=0, 1 for T=1; not a mask. */
typedef struct _SCARD_IO_HEADER {
	DWORD Protocol;
	DWORD Length;
} SCARD_IO_HEADER, *PSCARD_IO_HEADER;

/* Tags of IFDHGetCapabilities, besides the SCARD_ATTR_* of <reader.h>. */
#define TAG_IFD_ATR 0x0303
#define TAG_IFD_SLOTNUM 0x0180
#define TAG_IFD_SLOT_THREAD_SAFE 0x0FAC
#define TAG_IFD_THREAD_SAFE 0x0FAD
#define TAG_IFD_SLOTS_NUMBER 0x0FAE
#define TAG_IFD_SIMULTANEOUS_ACCESS 0x0FAF
#define TAG_IFD_POLLING_THREAD 0x0FB0
#define TAG_IFD_POLLING_THREAD_KILLABLE 0x0FB1
#define TAG_IFD_STOP_POLLING_THREAD 0x0FB2
#define TAG_IFD_POLLING_THREAD_WITH_TIMEOUT 0x0FB3
#define TAG_IFD_DEVICE_REMOVED 0x0FB4

#define IFD_HVERSION_1_0 0x00010000
#define IFD_HVERSION_2_0 0x00020000
#define IFD_HVERSION_3_0 0x00030000

/* Action of IFDHPowerICC. */
#define IFD_POWER_UP 500
#define IFD_POWER_DOWN 501
#define IFD_RESET 502

/* Flags of IFDHSetProtocolParameters. */
#define IFD_NEGOTIATE_PTS1 1
#define IFD_NEGOTIATE_PTS2 2
#define IFD_NEGOTIATE_PTS3 4

/* Results. */
#define IFD_SUCCESS 0
#define IFD_ERROR_TAG 600
#define IFD_ERROR_SET_FAILURE 601
#define IFD_ERROR_VALUE_READ_ONLY 602
#define IFD_ERROR_PTS_FAILURE 605
#define IFD_ERROR_NOT_SUPPORTED 606
#define IFD_PROTOCOL_NOT_SUPPORTED 607
#define IFD_ERROR_POWER_ACTION 608
#define IFD_ERROR_SWALLOW 609
#define IFD_ERROR_EJECT 610
#define IFD_ERROR_CONFISCATE 611
#define IFD_COMMUNICATION_ERROR 612
#define IFD_RESPONSE_TIMEOUT 613
#define IFD_NOT_SUPPORTED 614
#define IFD_ICC_PRESENT 615
#define IFD_ICC_NOT_PRESENT 616
#define IFD_NO_SUCH_DEVICE 617
#define IFD_ERROR_INSUFFICIENT_BUFFER 618

#ifndef RESPONSECODE_DEFINED_IN_WINTYPES_H
typedef long RESPONSECODE;
#endif

#ifndef IFDHANDLERv2
RESPONSECODE IFDHCreateChannelByName(DWORD Lun, LPSTR DeviceName);
RESPONSECODE IFDHControl(DWORD Lun, DWORD dwControlCode, PUCHAR TxBuffer, DWORD TxLength,
    PUCHAR RxBuffer, DWORD RxLength, LPDWORD pdwBytesReturned);
#else
RESPONSECODE
IFDHControl(DWORD Lun, PUCHAR TxBuffer, DWORD TxLength, PUCHAR RxBuffer, PDWORD RxLength);
#endif

RESPONSECODE IFDHCreateChannel(DWORD Lun, DWORD Channel);
RESPONSECODE IFDHCloseChannel(DWORD Lun);
RESPONSECODE IFDHGetCapabilities(DWORD Lun, DWORD Tag, PDWORD Length, PUCHAR Value);
RESPONSECODE IFDHSetCapabilities(DWORD Lun, DWORD Tag, DWORD Length, PUCHAR Value);
RESPONSECODE IFDHSetProtocolParameters(
    DWORD Lun, DWORD Protocol, UCHAR Flags, UCHAR PTS1, UCHAR PTS2, UCHAR PTS3);
RESPONSECODE IFDHPowerICC(DWORD Lun, DWORD Action, PUCHAR Atr, PDWORD AtrLength);
RESPONSECODE IFDHTransmitToICC(DWORD Lun, SCARD_IO_HEADER SendPci, PUCHAR TxBuffer, DWORD TxLength,
    PUCHAR RxBuffer, PDWORD RxLength, PSCARD_IO_HEADER RecvPci);
RESPONSECODE IFDHICCPresence(DWORD Lun);

#ifdef __cplusplus
}
#endif

#endif
